"""`Queue`: what detectors saw waits for a person; what people say is kept and feeds what follows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

import geopandas as gpd
from shapely.geometry.base import BaseGeometry

from imagery.queue import files
from imagery.queue.areas import answered, area_of
from imagery.queue.drawn import drawn_layer
from imagery.queue.entries import (
    ANSWERS,
    ORDERS,
    STATES,
    Answer,
    Candidate,
    ChangedMeanwhile,
    Decision,
    Order,
    Run,
    State,
)
from imagery.queue.footprints import scene_footprints
from imagery.queue.labels import labels_of
from imagery.queue.layers import layer_of
from imagery.queue.listing import Listed, listed, one_listed, ordered
from imagery.queue.outlines import Size, check_outline, same_outline, size_of
from imagery.queue.publishing import publish_layers
from imagery.queue.reasons import checked_reason
from imagery.queue.said import UNDONE, event_of
from imagery.queue.taking import asked, taken_in
from imagery.queue.yields import Yield, yields
from imagery.store import Store
from layers import Layer
from layers.errors import ImageryError

_LOCK = "queue"


@dataclass(frozen=True, slots=True)
class Queue:
    """The candidates of an imagery store; open it with `Queue.open`.

    Any number of people and processes may use one at once. Nothing is ever taken out: a
    decision is an event, taking it back is another.
    """

    store: Store

    @classmethod
    def open(cls, store: Store) -> Queue:
        """The queue of a store; an empty one where no detector's result was put in yet."""
        return cls(store)

    def add(
        self, layer: Layer, *, detector: str, scene_id: str, before_id: str | None = None,
        area: BaseGeometry | None = None, settings: Mapping[str, Any] | None = None, actor: str, at: str,
    ) -> Run:  # fmt: skip
        """Put in what a detector (`"name version"`) returned; `settings` as plain JSON.

        The same detector, scenes, settings and area are the same run: it is left as it is, with
        what people said of it. What an earlier run over the same scenes saw already is asked once.
        Raises `ImageryError` for an unknown scene.
        """
        run = asked(self.store, layer, detector=detector, scene_id=scene_id, before_id=before_id, area=area,
                    settings=settings or {}, actor=_who(actor), at=_when(at))  # fmt: skip
        with self.store.run() as staging, self.store.locked(_LOCK):
            if run.id not in files.run_ids(self.store):
                files.write_run(self.store, staging, run, taken_in(run, layer, self._all()))
        return files.read_run(self.store, run.id)

    def draw(
        self, outline: Mapping[str, Any] | str | BaseGeometry, *, theme: str, scene_id: str,
        before_id: str | None = None, note: str = "", actor: str, at: str,
    ) -> Candidate:  # fmt: skip
        """Put in what a person saw and no detector did, confirmed by being drawn."""
        polygon = check_outline(outline)
        layer = drawn_layer(self.store, theme, scene_id, before_id, polygon)
        run = self.add(layer, detector=str(layer.frame["detector"].iloc[0]), scene_id=scene_id,
                       before_id=before_id, area=polygon, settings={"by": actor}, actor=actor, at=at)  # fmt: skip
        mine = self._all(run=run.id)[0]
        # where a candidate lies there already, the person has corrected it
        return self.decide(mine.same_as or mine.candidate.id, "yes", note=note, outline=polygon,
                           actor=actor, at=at)  # fmt: skip

    def runs(self, theme: str | None = None) -> list[Run]:
        """All runs (of one theme), oldest first."""
        found = [files.read_run(self.store, one) for one in files.run_ids(self.store)]
        return sorted((run for run in found if theme in (None, run.theme)),
                      key=lambda run: (datetime.fromisoformat(run.added_at).timestamp(), run.id))  # fmt: skip

    def candidates(
        self, *, run: str | None = None, theme: str | None = None, state: State = "open",
        order: Order = "score",
    ) -> list[Candidate]:  # fmt: skip
        """Candidates in one state; `score`: the best of every run first, `place`: neighbours together."""
        if state not in STATES or order not in ORDERS:
            raise ImageryError(f"there is no state {state!r} or order {order!r}", field="state",
                               remedy=f"use {', '.join(STATES)}; {', '.join(ORDERS)}")  # fmt: skip
        found = self._all(run=run, theme=theme)
        return [one.candidate for one in ordered(found, order)
                if one.same_as is None and state in ("all", one.candidate.state)]  # fmt: skip

    def candidate(self, id: str) -> Candidate:  # noqa: A002 - what it is called everywhere
        """One candidate as it stands now; raises `ImageryError` for an unknown id."""
        return one_listed(self.store, id).candidate

    def decide(
        self, id: str, answer: Answer, *, reason: str | None = None, note: str = "",  # noqa: A002
        outline: Mapping[str, Any] | str | BaseGeometry | None = None, actor: str, at: str, seen: str | None = None,
    ) -> Candidate:  # fmt: skip
        """Say yes, no or unsure; without `outline` the one that stands is kept.

        With `seen` (of the candidate as it was shown) raises `ChangedMeanwhile` where somebody
        answered since. Saying the same again changes nothing.
        """
        if answer not in ANSWERS:
            raise ImageryError(f"{answer!r} is no answer", field="answer",
                               remedy=f"say one of {', '.join(ANSWERS)}")  # fmt: skip
        polygon = None if outline is None else check_outline(outline)
        with self.store.run() as staging, self.store.locked(id):
            now = self.candidate(id)
            checked_reason(reason, now.theme, answer)
            drawn, size = self._drawn(now, polygon)
            said = Decision(id, now.run_id, answer, reason, _written(note), drawn, _who(actor), _when(at))  # fmt: skip
            if now.history and drawn is None and replace(now.history[-1], at=said.at, outline=None) == said:  # fmt: skip
                return now
            _still(now, seen)
            files.write_event(self.store, staging, now.run_id, event_of(said, size))
        return self.candidate(id)

    def undo(self, id: str, *, actor: str, at: str, seen: str | None = None) -> Candidate:  # noqa: A002
        """Take the last decision back: what was said before it stands again."""
        with self.store.run() as staging, self.store.locked(id):
            now = self.candidate(id)
            _still(now, seen)
            if not now.history:
                raise ImageryError(
                    "nothing was said of it", field=id, remedy="nothing to take back"
                )
            event = {"event": UNDONE, "candidate": id, "actor": _who(actor), "at": _when(at)}
            files.write_event(self.store, staging, now.run_id, event)
        return self.candidate(id)

    def next_after(
        self, id: str, *, run: str | None = None, theme: str | None = None, state: State = "open",  # noqa: A002
        order: Order = "score",
    ) -> Candidate | None:  # fmt: skip
        """The next candidate of that state in that order, from the start again at the end; or none."""
        found = self.candidates(run=run, theme=theme, state="all", order=order)
        at = next((n for n, one in enumerate(found) if one.id == id), -1)
        rest = [*found[at + 1 :], *found[: max(at, 0)]]
        return next((one for one in rest if state in ("all", one.state)), None)

    def layer(self, theme: str) -> Layer:
        """All candidates of the theme: `confirmed` true, false or missing, outlines as edited.

        An edited outline is measured anew; `outline_by` says who drew it (machine, person).
        Raises `ImageryError` where no detector of this theme ran.
        """
        return layer_of(self._all(theme=theme), theme, self.store)

    def publish(self, folder: Path, themes: Sequence[str] | None = None) -> dict[str, Path]:
        """Write the layers the checks read into `folder`, each whole or not at all; by theme.

        Without `themes`, all that detectors ran for. Beside them goes what the scenes show and what
        was searched (`footprints`), which look-back needs. Layers of other files stay as they are; a
        candidate still open that one of them answers is left out.
        """
        known = tuple(dict.fromkeys(run.theme for run in self.runs()))
        wanted = known if themes is None else themes
        written = publish_layers(folder, [self.layer(theme) for theme in wanted])
        with suppress(ImageryError):  # no scene has a day: look-back cannot speak, the rest can
            publish_layers(folder, [self.footprints()])
        return written

    def footprints(self) -> Layer:
        """What the scenes show and on which day, as theme `scene_footprint`.

        Searched is ground all of whose candidates a person answered. Raises `ImageryError` where
        no scene has both a day and an outline.
        """
        return scene_footprints(self.store, self.answered())

    def yield_(self) -> list[Yield]:
        """What became of each detector's candidates, by name and version."""
        return yields(self.runs(), self._all())

    def training(self, theme: str, *, background: bool = False) -> gpd.GeoDataFrame:
        """What people said as labels (`imagery.training.table_of` makes cells of them).

        Columns scene, label (waste, not, unsure), who, when, geometry; later ones count. With
        `background` the rest of an area all of whose candidates were answered is not waste.
        """
        found = self._all(theme=theme)
        done = answered(self.runs(theme), found) if background else []
        return labels_of(found, [(run, area_of(self.store, run)) for run in done])

    def answered(self) -> list[tuple[Run, BaseGeometry]]:
        """Runs of detectors all of whose candidates were answered, with the ground they looked at."""
        done = answered(self.runs(), self._all())
        return [(run, area_of(self.store, run)) for run in done]

    def _all(self, *, run: str | None = None, theme: str | None = None) -> list[Listed]:
        runs = self.runs(theme) if run is None else [files.read_run(self.store, run)]
        return listed(self.store, [one for one in runs if theme in (None, one.theme)])

    def _drawn(
        self, now: Candidate, polygon: BaseGeometry | None
    ) -> tuple[BaseGeometry | None, Size | None]:
        """The outline to keep with its size; nothing where it is the one that stands."""
        if polygon is None or same_outline(polygon, now.outline):
            return None, None
        if not polygon.intersects(now.detected):
            raise ImageryError("the outline lies elsewhere than the candidate", field="outline",
                               remedy="correct the outline in its place, or draw another candidate")  # fmt: skip
        gsd = self.store.document(now.scene_id)["properties"].get("gsd")
        return polygon, size_of(polygon, gsd)


def _still(now: Candidate, seen: str | None) -> None:
    if seen is not None and seen != now.seen:
        raise ChangedMeanwhile(now)


def _who(actor: str) -> str:
    if not actor.strip():
        raise ImageryError("nobody is named", field="actor", remedy="say who decides")
    return _written(actor)


def _written(text: str) -> str:
    """A text as it can be written: a half character of a broken paste becomes a question mark."""
    return text.encode("utf-8", "replace").decode("utf-8").strip()


def _when(at: str) -> str:
    try:
        datetime.fromisoformat(at)
    except ValueError:
        raise ImageryError("this is no moment", field="at", remedy="write it as ISO 8601") from None
    return at
