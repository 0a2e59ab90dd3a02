"""One thing handed in becomes originals, view copies and items, in that order, or a refusal."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

import geopandas as gpd

from imagery.catalogue.items import Intake, item_document
from imagery.formats import read_scenes
from imagery.guard import Limits
from imagery.guard.magic import identify
from imagery.ingest.datum_checks import datum_remarks
from imagery.ingest.gather import Handed
from imagery.ingest.place_checks import Neighbourhood
from imagery.ingest.record import SOFTWARE, received_event
from imagery.ingest.report import FileRow, merged
from imagery.ingest.same_scene import SameScene
from imagery.ingest.stage import Received, receive, release, stage, with_sidecars
from imagery.ingest.time_checks import time_remarks
from imagery.scene import Remark, Scene, Stated
from imagery.store import Store, scene_ids
from imagery.store.files import place
from imagery.store.originals import Keeper, cannot_keep
from imagery.store.staging import Run
from imagery.view import ViewFacts, make_view
from layers.errors import ImageryError, YichaError

Members = tuple[tuple[str, str], ...]
"""Names of members that were refused, each with the whole text of its error."""


@dataclass(frozen=True, slots=True)
class Hand:
    """Who hands in, and what they say about all of it; see `imagery.ingest.ingest`."""

    received: str
    stated: Stated
    collector: str | None = None
    second: str | None = None
    generated: bool = False
    purpose: str | None = None

    @property
    def told(self) -> dict[str, Any]:
        """The statements that were really made, by name."""
        return {name: value for name, value in asdict(self.stated).items() if value is not None}


@dataclass
class Taker:
    """Takes things into `store` during one run.

    `scenes` are the rows of `footprints` when the run began, `known` scene ids by their
    original's hash.
    """

    store: Store
    run: Run
    keeper: Keeper
    hand: Hand
    limits: Limits
    around: Neighbourhood
    same: SameScene
    scenes: gpd.GeoDataFrame
    known: dict[str, list[str]]
    cancelled: Callable[[], bool]
    viewing: Callable[[int, int], None]

    def take(self, handed: Handed) -> FileRow:
        """Take one thing in; what cannot be used is told in the row, with reason and remedy."""
        row = FileRow(handed.shown, "refused", handed.size)
        try:
            if handed.path.is_dir() and not handed.is_folder:
                next(handed.path.iterdir(), None)  # raises why it could not be looked into
            if not handed.is_folder:
                identify(handed.path, self.limits)
            received = receive(self.keeper, handed)
            row = replace(row, sha256=received.kept.sha256, originals=received.hashes)
            return self._received(handed, received, row)
        except YichaError as error:
            return replace(row, reason=error.problem, remedy=error.remedy)
        except OSError as error:
            told = cannot_keep(handed.path, error)
            return replace(row, reason=told.problem, remedy=told.remedy)

    def _received(self, handed: Handed, received: Received, row: FileRow) -> FileRow:
        """Read what is kept, unless all of it is known and nothing new is said about it."""
        sha256 = received.kept.sha256
        with self.store.locked(sha256, self.cancelled):
            old = self._complete(sha256)
            if old and not self._says_more(old[0], received):
                row = replace(row, status="duplicate", duplicate_of=tuple(old))
                return row if not (lost := self._refused_before(old)) else _partly(row, lost)
            told = self.hand.told
            if old:
                document = self.store.document(old[0])
                told = {**document["properties"].get("yicha:stated", {}), **told}
                received = with_sidecars(received, document, self.store.sidecars(old[0]))
            try:
                return self._read(handed, received, row, told, renewed=bool(old))
            finally:
                release(received)

    def _complete(self, sha256: str) -> list[str]:
        """The scenes of an original, if every one of them is in the store."""
        found = sorted(self.known.get(sha256, []))
        single = scene_ids(sha256, [None])[0]
        if not found and self.store.item_path(single).is_file():
            found = [single]  # another run was faster
        if not found:
            return []
        first = self.store.document(found[0])["properties"]
        whole = first["yicha:sha256"] == sha256 and len(found) >= first["yicha:siblings"]
        return found if whole else []

    def _refused_before(self, scenes: Sequence[str]) -> Members:
        """The members of an archive or folder that were refused when its scenes came in."""
        told = (self.store.document(scene)["properties"] for scene in scenes)
        return tuple((str(name), str(why)) for properties in told
                     for name, why in properties.get("yicha:facts", {}).get("refused", ()))  # fmt: skip

    def _says_more(self, scene_id: str, received: Received) -> bool:
        """Whether this time something is stated, or lies beside the file, that was not before."""
        before = self.store.document(scene_id)["properties"].get("yicha:stated", {})
        if any(before.get(name) != value for name, value in self.hand.told.items()):
            return True
        beside = {path.name.partition(".")[0] for path in self.store.sidecars(scene_id).values()}
        return not {kept.sha256 for _name, kept in received.beside} <= beside

    def _read(
        self, handed: Handed, received: Received, row: FileRow, told: dict[str, Any], *,
        renewed: bool,
    ) -> FileRow:  # fmt: skip
        """Read the original from the store, make the view copies, write the items."""
        with self.run.room() as room:
            work = room / "work"
            work.mkdir()
            source = stage(received, room / "received", handed.path.absolute().name)
            scenes = read_scenes(source, work, Stated(**told), self.limits)
            ids = scene_ids(received.kept.sha256, [scene.member for scene in scenes])
            beside = tuple(kept for _name, kept in received.beside)
            intake = Intake(received.kept, beside, len(scenes), self.hand.received,
                            self.hand.collector, self.hand.second, told, SOFTWARE,
                            self.hand.generated, self.hand.purpose)  # fmt: skip
            taken, remarks, lost = self._scenes(ids, scenes, intake, handed.shown, renewed=renewed)
        self.known[received.kept.sha256] = list(taken)
        row = replace(row, scenes=taken, remarks=merged(remarks),
                      status="restated" if renewed else "accepted")  # fmt: skip
        return row if not lost else _partly(row, lost)

    def _scenes(
        self, ids: Sequence[str], scenes: Sequence[Scene], intake: Intake, shown: str, *,
        renewed: bool,
    ) -> tuple[tuple[str, ...], list[Remark], Members]:  # fmt: skip
        """Every scene of an original; those that fail are told and do not stop the others.

        Raises the `YichaError` of the first where not one of them can be taken in.
        """
        taken: list[str] = []
        remarks: list[Remark] = []
        lost: list[tuple[str, str]] = [*scenes[0].facts.get("refused", ())]
        first: YichaError | None = None
        for scene_id, scene in zip(ids, scenes, strict=True):
            try:
                remarks += self._scene(scene_id, scene, intake, shown, renewed=renewed)
                taken.append(scene_id)
            except YichaError as error:
                first = first or error
                lost.append((scene.member or shown, str(error)))
        if first is not None and not taken:
            raise first
        return tuple(taken), remarks, tuple(lost)

    def _scene(
        self, scene_id: str, scene: Scene, intake: Intake, shown: str, *, renewed: bool
    ) -> list[Remark]:
        """One scene: checks, view copy, record, item. The item is what makes it exist."""
        if not renewed and self._is_in(scene_id, intake):
            return []
        remarks = [*scene.remarks, *time_remarks(scene, self.hand.received)]
        remarks += self.around.check(scene)
        remarks += datum_remarks(scene, self.store, self.scenes)
        partial = self.run.partial().with_suffix(".tif")
        facts = make_view(scene, partial, progress=self.viewing, cancelled=self.cancelled)
        lineage = _lineage(intake, facts, scene.facts.get("decoded"))
        document = item_document(scene_id, scene, intake, remarks, lineage, view=facts)
        for remark in self.same.check(document):
            remarks.append(remark)
            document["properties"].setdefault("yicha:remarks", []).append(asdict(remark))
        place(partial, self.store.view_path(scene_id))
        event = received_event(scene, intake, shown, [step["step"] for step in lineage],
                               {"stated": intake.stated, "limits": asdict(self.limits)})  # fmt: skip
        self.store.write_item(self.run, document, event)
        self.around.add(scene)
        return remarks

    def _is_in(self, scene_id: str, intake: Intake) -> bool:
        """Whether the scene is there already, left by a run that was stopped.

        Raises `ImageryError` where another original has the same id.
        """
        if not self.store.item_path(scene_id).is_file():
            return False
        told = self.store.document(scene_id)["properties"]
        if told["yicha:sha256"] != intake.kept.sha256:
            raise ImageryError("another original has the same id", field=scene_id,
                               remedy="keep this file in a store of its own and report it")  # fmt: skip
        return bool(told.get("yicha:stated", {}) == dict(intake.stated))


def _lineage(
    intake: Intake, view: ViewFacts, decoded: Mapping[str, str] | None
) -> list[Mapping[str, Any]]:
    """What was done, in order, with what."""
    when = {"when": intake.received, "software": intake.software}
    unpacked = (
        [] if decoded is None else [{"step": "decoded", **when, "from": "original", **decoded}]
    )
    return [
        {"step": "received", **when, "sha256": intake.kept.sha256},
        *unpacked,
        {"step": "view", **when, "from": "decoded" if decoded else "original", **dict(view.lineage)},
    ]  # fmt: skip


def _partly(row: FileRow, members: Members) -> FileRow:
    return replace(
        row, status="refused", members_refused=members,
        reason="some of its files could not be taken in",
        remedy="mend these and hand the archive or folder in again",
    )  # fmt: skip
