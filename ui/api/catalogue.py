"""What the work rests on, for other systems: checks, rule packs, layers, runs, scenes."""

from __future__ import annotations

from typing import Any

from checks import Check, CheckEntry, LegalBasis, RulePack, catalogue
from layers.errors import ImageryError
from leads.views.marks import RunLine, recent_runs
from ui import cache
from ui.api.answers import GEOJSON, Answer, Ask, RefusedError
from ui.api.layer_features import id_of
from ui.api.paging import after, limit_of, page_links


def checks(ask: Ask) -> Answer:
    """The checks."""
    return Answer({"checks": [_check(ask, one) for one in catalogue().values()]})


def one_check(ask: Ask) -> Answer:
    """One check with its law, its limits, how a person confirms it and known false alarms."""
    entry = catalogue().get(ask.path["check"])
    if entry is None:
        raise _none(ask.path["check"], "check", "/api/v1/checks")
    check, lang = entry.check, ask.lang
    return Answer(_check(ask, entry) | {
        "legal_basis": [_basis(ask, one) for one in check.legal_basis],
        "limits": [{"school_class": one.school_class, "words": one.words.of(lang), "unit": one.unit,
                    "covered": one.covered, "national": [rule.as_dict() for rule in one.national]}
                   for one in check.limits],
        "verify": [one.of(lang) for one in check.verify],
        "pitfalls": [one.of(lang) for one in check.pitfalls],
    })  # fmt: skip


def rules(ask: Ask) -> Answer:
    """The rule packs."""
    return Answer({"rules": [_pack(ask, one) for one in cache.packs().values()]})


def one_pack(ask: Ask) -> Answer:
    """One rule pack with its rules and documents."""
    pack = cache.packs().get(ask.path["place"])
    if pack is None:
        raise _none(ask.path["place"], "place", "/api/v1/rules")
    return Answer(_pack(ask, pack) | {"rules": [{"check": one.check, **one.as_dict()} for one in pack.rules]})  # fmt: skip


def layers(ask: Ask) -> Answer:
    """The layers at hand with where each comes from."""
    place = cache.workplace()
    rows = []
    for theme in sorted(place.layers):
        layer = place.layers[theme]
        title = layer.theme.zh if ask.lang == "zh" else layer.theme.en
        rows.append({"theme": theme, "title": title, "collection": id_of(theme), "rows": len(layer),
                     "placed": len(layer.placed), "sha256": layer.sha256,
                     "provenance": [one.as_dict() for one in layer.provenance]})  # fmt: skip
    return Answer({"layers": rows})


def runs(ask: Ask) -> Answer:
    """The last runs, the newest first."""
    found = recent_runs(cache.lead_store(), actor=ask.actor, most=min(limit_of(ask), 1000))
    return Answer({"runs": [_run(one) for one in found]})


def scenes(ask: Ask) -> Answer:
    """The scenes as STAC items, by id."""
    held, last = cache.holdings(), after(ask) or ""
    names = [] if held is None else [name for name in sorted(held.store.scenes()) if name > last]
    some = names[: limit_of(ask)]
    documents = [_item(name) for name in some]
    more = some[-1] if len(names) > len(some) else None
    return Answer({"type": "FeatureCollection", "features": documents, "numberReturned": len(documents),
                   "links": page_links(ask, GEOJSON, more)}, kind=GEOJSON)  # fmt: skip


def one_scene(ask: Ask) -> Answer:
    """One scene as its STAC item."""
    return Answer(_item(ask.path["scene"]), kind=GEOJSON)


def _item(name: str) -> dict[str, Any]:
    held = cache.holdings()
    if held is None or name not in held.store.scenes():
        raise _none(name, "scene", "/api/v1/scenes")
    try:
        return held.store.document(name)
    except ImageryError as error:
        raise _none(name, "scene", "/api/v1/scenes") from error


def _check(ask: Ask, entry: CheckEntry) -> dict[str, Any]:
    check: Check = entry.check
    return {"id": check.id, "title": check.title.of(ask.lang), "why": check.why.of(ask.lang),
            "level": check.level, "needs": list(check.needs), "uses": list(check.uses),
            "since": check.since, "file": entry.file}  # fmt: skip


def _basis(ask: Ask, one: LegalBasis) -> dict[str, Any]:
    return {"title": one.title.of(ask.lang), "article": one.article, "number": one.number,
            "effective_from": one.effective_from, "effective_to": one.effective_to,
            "verified": one.verified, "says": one.says.of(ask.lang), "source": one.source}  # fmt: skip


def _pack(ask: Ask, pack: RulePack) -> dict[str, Any]:
    verified, known = pack.verified
    return {"place": pack.place, "title": pack.title.of(ask.lang), "generated": pack.generated,
            "rules_known": known, "rules_verified": verified, "sha256": pack.sha256,
            "documents": {name: one.as_dict() for name, one in pack.documents.items()}}  # fmt: skip


def _run(one: RunLine) -> dict[str, Any]:
    return {"id": one.id, "at": one.at, "actor": one.actor, "on_date": one.on_date, "rules": one.rules,
            "counts": {check: dict(counts) for check, counts in one.counts.items()}}  # fmt: skip


def _none(name: str, field: str, where: str) -> RefusedError:
    return RefusedError(404, "none", field=field, what=name[:80], where=where)
