"""What leaves the office, made from one order: the same for the shell and for the screens.

Every file goes through the ledger (`evidence.ledger.export_file`): a line first, then its name.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Literal, cast, get_args

from evidence.bundle import BundleReport, SigningKey, build_bundle
from evidence.bundle.build import Stamp
from evidence.bundle.chain import chain_of
from evidence.bundle.payload import record_files, release_files, scenes_of
from evidence.collect import collect
from evidence.collection import Field, demand_complete, gaps, incomplete
from evidence.documents import KINDS as DOCUMENTS
from evidence.documents import Kind as Document
from evidence.documents import make_document
from evidence.dossier import Dossier, Person
from evidence.exports import SUFFIXES, html_map, write_table
from evidence.exports.marks import watermark
from evidence.ledger import Purpose, export_file
from evidence.masking import GRID_M, share
from evidence.redaction.areas import subject_of
from evidence.redaction.release import Shown, releases
from evidence.redaction.sharing import shared, shown
from evidence.redaction.watermark import watermark_text
from evidence.sheet.atlas import PART, atlas_parts, part_name
from evidence.sheet.render import Paper, make_sheet
from evidence.words import Lang, Words
from imagery.store import Store
from layers import LayerSet
from layers.errors import Cancelled, YichaError
from leads.store import card
from office import Actor, Database

if TYPE_CHECKING:
    from pyhanko.sign.signers import Signer

Kind = Literal["sheet", "atlas", "bundle", "table", "map", "document"]
KINDS: tuple[Kind, ...] = get_args(Kind)
FORMS: Mapping[str, tuple[str, ...]] = {"table": tuple(SUFFIXES), "document": DOCUMENTS}
"""Kinds that come in several forms: the ending of a table, the document."""
SIGNED: tuple[Kind, ...] = ("sheet", "atlas")
"""Kinds that a person's certificate signs."""


@dataclass(frozen=True, slots=True)
class Order:
    """What is to be made of which leads, for whom. `shared`: a redacted copy; `form`: one of `FORMS`.

    `incomplete`: originals leave although collection records have blank fields, which are printed.
    """

    kind: Kind
    leads: tuple[str, ...]
    purpose: Purpose
    shared: bool = False
    lang: Lang = "zh"
    paper: Paper = "A4"
    form: str = ""
    second: str = ""
    reviewer: str = ""
    incomplete: bool = False

    def __post_init__(self) -> None:
        forms = FORMS.get(self.kind, ("",))
        if self.kind not in KINDS or self.form not in forms:
            raise YichaError(f"{self.kind} {self.form} cannot be made", field="kind",
                             remedy=f"kinds: {', '.join(KINDS)}; forms: {', '.join(forms)}")  # fmt: skip
        if not self.leads:
            raise YichaError("no lead is chosen", field="lead", remedy="choose at least one")


@dataclass(frozen=True, slots=True)
class Ground:
    """What exports are made from, by whom and when: `made` ISO with zone, `at` the same as events name it.

    `key` and `stamp` go under a bundle, `signer` signs every PDF of its own (sheets, atlas).
    """

    db: Database
    layers: LayerSet
    actor: Actor
    made: str
    at: str
    imagery: Store | None = None
    key: SigningKey | None = None
    stamp: Stamp | None = None
    signer: Signer | None = None


@dataclass(frozen=True, slots=True)
class Watch:
    """Told how many of the leads are done; asked whether to stop."""

    told: Callable[[int], None] = lambda _: None
    stopped: Callable[[], bool] = lambda: False

    def over(self, dossiers: Iterable[Dossier]) -> Iterator[Dossier]:
        """The dossiers, counted; raises `Cancelled` between two."""
        for number, one in enumerate(dossiers, 1):
            if self.stopped():
                raise Cancelled
            yield one
            self.told(number)


def make_files(
    order: Order,
    ground: Ground,
    folder: Path,
    watch: Watch = Watch(),
) -> list[Path]:
    """Make the files of an order in `folder`; a line in the ledger for each.

    Raises `PolicyError` where a lead may not leave, `YichaError` where collection records of originals
    are blank, `Cancelled` when asked to stop (files that are there by then stay, and stand in the ledger).
    Asked again with the same folder it goes on after the sheets, parts and documents that are there.
    """
    if order.kind == "bundle":
        day = "".join(sign for sign in ground.made[:19] if sign.isdigit())
        return [write_bundle(order, ground, folder / f"evidence-{day}.zip", watch).path]
    if order.kind in ("sheet", "atlas"):
        return list(_sheets(order, ground, folder, watch))
    if order.kind == "document":
        return [_document(order, ground, lead, folder, watch) for lead in order.leads]
    name = f"leads{order.form}" if order.kind == "table" else "map.html"
    return [write_copy_of(order, ground, folder / name, order.kind.replace("map", "html"), _maker(order, name),
                          watch=watch)]  # fmt: skip


def write_bundle(
    order: Order,
    ground: Ground,
    out: Path,
    watch: Watch = Watch(),
) -> BundleReport:
    """Pack the leads into one sealed bundle; where records are blank only if the order says `incomplete`."""
    full = list(watch.over(gathered(order, ground, pictures=True)))
    imagery = None if order.shared else ground.imagery
    blank = blank_records(ground.db, imagery, full)
    if not order.incomplete:
        demand_complete(blank)
    dossiers, ids = list(going_out(full, order, ground)), [one.lead_id for one in full]
    scenes = [] if imagery is None else scenes_of(full)
    chain = chain_of(ground.db, [*ids, *(subject_of(one) for one in scenes)])
    if order.shared:  # the hashes of the history only, no words
        chain = {**chain, "events": []}
    leaving = [shown(picture) for one in dossiers for picture in one.pictures]
    with export_file(ground.db, out, what="bundle", leads=ids, actor=ground.actor, purpose=order.purpose,
                     at=ground.at, shared=order.shared, pictures=lambda: leaving) as file:  # fmt: skip
        report = build_bundle(
            dossiers, file, root=out.stem, chain=chain, imagery=imagery, lang=order.lang,
            info=_info(order, ground, blank, leaving), key=ground.key, stamp=ground.stamp, cancelled=watch.stopped,
            more=record_files(ground.db, imagery, scenes) if imagery is not None
            else release_files(releases(ground.db, leaving)),
        )  # fmt: skip
    return replace(report, path=out)


def write_copy_of(
    order: Order, ground: Ground, out: Path, what: str, make: Callable[[Sequence[Dossier], str], bytes],
    *, pictures: bool = False, grid_m: float = GRID_M, watch: Watch = Watch(),
) -> Path:  # fmt: skip
    """A copy that `make(dossiers, watermark)` gives the bytes of, masked where the order says so."""
    mark = watermark(
        Words(order.lang), user=ground.actor.name, at=ground.made, purpose=order.purpose
    )
    dossiers = list(watch.over(gathered(order, ground, pictures=pictures)))
    with export_file(ground.db, out, what=what, leads=[one.lead_id for one in dossiers], purpose=order.purpose,
                     actor=ground.actor, at=ground.at, shared=order.shared) as file:  # fmt: skip
        if order.shared:
            dossiers = [share(one, grid_m=grid_m) for one in dossiers]
        file.write_bytes(make(dossiers, mark))
    return out


def going_out(dossiers: Iterable[Dossier], order: Order, ground: Ground) -> Iterator[Dossier]:
    """The dossiers as they go out: watermarked, blank records told; redacted where the order says so."""
    mark = watermark_text(ground.actor.name, order.purpose.recipient, ground.made)
    for dossier in dossiers:
        blank = None if order.shared else gaps(blank_records(ground.db, ground.imagery, [dossier]))
        told = replace(
            dossier, watermark=mark, notices=[*dossier.notices, *([blank] if blank else [])]
        )
        yield shared(ground.db, told, text=mark) if order.shared else told


def blank_records(
    db: Database, store: Store | None, dossiers: Iterable[Dossier]
) -> Mapping[str, tuple[Field, ...]]:
    """The scenes the dossiers carry whose collection records are not complete."""
    return {} if store is None else incomplete(db, store, scenes_of(dossiers))


def gathered(order: Order, ground: Ground, *, pictures: bool = True) -> Iterator[Dossier]:
    """The dossiers of the order's leads, as they are in the office."""
    told = (Person("operator", ground.actor.name), Person("second_person", order.second),
            Person("reviewer", order.reviewer))  # fmt: skip
    return collect(ground.db, order.leads, ground.layers, actor=ground.actor, at=ground.made,
                   imagery=ground.imagery if pictures else None, people=[one for one in told if one.name])  # fmt: skip


def _sheets(order: Order, ground: Ground, folder: Path, watch: Watch) -> Iterator[Path]:
    """Sheets or parts of an atlas, each with its line; what lies in the folder already is left as it is."""
    part = 1 if order.kind == "sheet" else PART
    pictures: dict[str, list[Shown]] = {}
    there = _there(order, ground, folder, part)
    yield from there
    done = len(there) * part
    watch.told(min(done, len(order.leads)))
    if done >= len(order.leads):
        return
    left = replace(order, leads=order.leads[done:])
    counted = Watch(lambda more: watch.told(done + more), watch.stopped)
    leaving = noted(going_out(counted.over(gathered(left, ground)), order, ground), pictures)
    for pdf, ids, out in _made(order, leaving, folder, counted, first=len(there) + 1):
        with export_file(ground.db, out, what=order.kind, leads=ids, purpose=order.purpose, actor=ground.actor, at=ground.at,
                         shared=order.shared, pictures=lambda: [one for lead in ids for one in pictures[lead]]) as file:  # noqa: B023 # fmt: skip
            file.write_bytes(signed(pdf, ground, order.purpose))
        yield out


def _made(
    order: Order, dossiers: Iterable[Dossier], folder: Path, watch: Watch, *, first: int
) -> Iterator[tuple[bytes, Sequence[str], Path]]:
    """PDF after PDF, with its leads and its name."""
    if order.kind == "sheet":
        for one in dossiers:
            yield (
                make_sheet(one, lang=order.lang, paper=order.paper),
                [one.lead_id],
                folder / f"sheet-{one.number}.pdf",
            )
        return
    parts = atlas_parts(
        dossiers,
        lang=order.lang,
        paper=order.paper,
        part=PART,
        first=first,
        cancelled=watch.stopped,
    )
    for number, (pdf, ids) in enumerate(parts, first):
        yield pdf, ids, part_name(folder / "atlas.pdf", number, several=len(order.leads) > PART)


def _there(order: Order, ground: Ground, folder: Path, part: int) -> list[Path]:
    """The files of an order that was cut off which are there: they come in order, each whole with its line."""
    several = len(order.leads) > PART
    if order.kind == "atlas":
        names = [part_name(folder / "atlas.pdf", number, several=several)
                 for number in range(1, -(-len(order.leads) // part) + 1)]  # fmt: skip
    else:
        numbers = (
            str(card(ground.db, lead, actor=ground.actor).lead["number"]) for lead in order.leads
        )
        names = [folder / f"sheet-{number}.pdf" for number in numbers]
    return list(itertools.takewhile(Path.is_file, names))


def signed(pdf: bytes, ground: Ground, purpose: Purpose) -> bytes:
    """The PDF with the signature of the person whose certificate is at hand; without one as it is."""
    if ground.signer is None:
        return pdf
    from evidence.signing import sign_pdf  # loads the library for PDF signatures

    return sign_pdf(pdf, ground.signer, reason=purpose.reason, name=ground.actor.name)


def noted(dossiers: Iterable[Dossier], pictures: dict[str, list[Shown]]) -> Iterator[Dossier]:
    """The dossiers; what the pictures of each show is noted by its id."""
    for one in dossiers:
        pictures[one.lead_id] = [shown(picture) for picture in one.pictures]
        yield one


def _document(order: Order, ground: Ground, lead: str, folder: Path, watch: Watch) -> Path:
    """One document is about one lead."""

    def make(dossiers: Sequence[Dossier], mark: str) -> bytes:
        return make_document(cast("Document", order.form), dossiers[0], watermark=mark)

    if watch.stopped():
        raise Cancelled
    number = order.leads.index(lead) + 1
    out = folder / f"{order.form}-{number:03d}.docx"
    if not out.is_file():  # else it was made before the order was cut off
        write_copy_of(
            replace(order, leads=(lead,)),
            ground,
            out,
            f"document:{order.form}",
            make,
            pictures=True,
        )
    watch.told(number)
    return out


def _maker(order: Order, name: str) -> Callable[[Sequence[Dossier], str], bytes]:
    def make(dossiers: Sequence[Dossier], mark: str) -> bytes:
        if order.kind == "map":
            return html_map(dossiers, lang=order.lang, watermark=mark)
        return write_table(dossiers, Path(name), lang=order.lang, watermark=mark).data

    return make


def _info(
    order: Order, ground: Ground, blank: Mapping[str, Sequence[Field]], leaving: Sequence[Shown]
) -> list[tuple[str, str]]:
    purpose = order.purpose
    return [("Bagging-Date", ground.at[:10]), ("Contact-Name", ground.actor.name),
            ("External-Description", purpose.reason), ("Yicha-Recipient", purpose.recipient),
            ("Yicha-Keep-Until", purpose.until or "-"),
            ("Yicha-Watermark", watermark_text(ground.actor.name, purpose.recipient, ground.made)),
            ("Yicha-Redacted-Copy", "yes" if order.shared else "no"),
            *(("Yicha-Cover-Approved", one.line())
              for one in (releases(ground.db, leaving) if order.shared else ())),
            *(("Yicha-Incomplete-Record", f"{scene}: {', '.join(one.name for one in fields)}")
              for scene, fields in blank.items())]  # fmt: skip
