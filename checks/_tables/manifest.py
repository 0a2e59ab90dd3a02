"""Reading the manifest of a table model: title, reason, law by date, how to verify, pitfalls."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, cast

from checks._records import Check, LegalBasis, Limit
from checks._tables.keys import Spot, both, choice, day, flag, need, table, tables, texts, words
from checks._tables.terms import Table

LAW = ("title", "article", "from", "to", "number", "source", "verified", "says")


def read_manifest(
    entry: Mapping[str, Any],
    sides: tuple[Table, Table | None],
    limits: tuple[Limit, ...],
    spot: Spot,
) -> Check:
    """The manifest of a model whose sides and limits are read."""
    subject, register = sides
    needs = (subject.theme, *((register.theme,) if register else ()))
    uses = tuple(name for name in subject.also if name not in needs)
    level = choice(entry.get("level", "lead"), spot.at("level"), ("lead", "watch"))
    told = {key: texts(need(entry, key, spot, '[{ zh = "…", en = "…" }]'), spot.at(key))
            for key in ("verify", "pitfalls")}  # fmt: skip
    for key, found in told.items():
        if not found:
            raise spot.at(key).wrong("the list is empty", f"say at least one thing under {key}")
    return Check(
        id=entry["id"], title=both(need(entry, "title", spot, '{ zh = "…", en = "…" }'), spot.at("title")),
        why=both(need(entry, "why", spot, '{ zh = "…", en = "…" }'), spot.at("why")),
        legal_basis=tuple(_law(need(entry, "law", spot, "[{ … }]"), spot.at("law"))),
        needs=tuple(dict.fromkeys(needs)), limits=limits, level=cast("Any", level),
        verify=told["verify"], pitfalls=told["pitfalls"],
        since=words(entry.get("since", "0.1.0"), spot.at("since")), uses=uses,
    )  # fmt: skip


def _law(value: object, spot: Spot) -> Iterator[LegalBasis]:
    entries = tables(value, spot)
    if not entries:
        raise spot.wrong("a model without law", "name at least one article")
    for number, one in enumerate(entries, 1):
        where = spot.item(number)
        law = table(one, where, LAW)
        begins = day(need(law, "from", where, "2021-06-01"), where.at("from"))
        ends = day(law.get("to", "9999-12-31"), where.at("to"))
        if begins > ends:
            raise where.at("to").wrong("the article ends before it begins", "correct from or to")
        yield LegalBasis(
            both(need(law, "title", where, '{ zh = "…", en = "…" }'), where.at("title")),
            words(need(law, "article", where, '"14"'), where.at("article")), begins, ends,
            number=words(law["number"], where.at("number")) if "number" in law else "",
            source=words(need(law, "source", where, '"mem"'), where.at("source")),
            verified=flag(need(law, "verified", where, "false"), where.at("verified")),
            says=both(need(law, "says", where, '{ zh = "…", en = "…" }'), where.at("says")),
        )  # fmt: skip
