"""What the list and the map show: findings and undecided objects side by side, and the counts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import shapely

from checks import VERDICTS, Failure, Finding, Text, Undecided
from layers import Layer, LayerSet

LonLat = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Item:
    """One line of the list and one symbol of the map.

    `key` stays the same from run to run (check and subject), so that a link can name it;
    `place` is where the symbol stands, WGS 84 degrees, missing for an unplaced subject.
    """

    key: str
    check: str
    verdict: str
    name: str
    place: LonLat | None
    record: Finding | Undecided

    @property
    def finding(self) -> Finding | None:
        """The finding, or `None` where nothing could be said."""
        return self.record if isinstance(self.record, Finding) else None

    @property
    def licence_class(self) -> str:
        """The class of the subject's licence."""
        return self.finding.licence_class if self.finding else "not_checked"

    @property
    def schools(self) -> tuple[str, ...]:
        """Names of the schools the finding is about, the deciding one first."""
        if not self.finding:
            return ()
        names = [self.finding.object_name, *(other.name for other in self.finding.also)]
        return tuple(dict.fromkeys(name for name in names if name))


@dataclass(frozen=True)
class Board:
    """All items of a run, worst first, and what concerns whole checks."""

    items: tuple[Item, ...] = ()
    missing: tuple[Undecided, ...] = ()
    failures: tuple[Failure, ...] = ()
    titles: Mapping[str, Text] = field(default_factory=dict)

    def by_key(self, key: str | None) -> Item | None:
        """The item called `key`, or `None`."""
        return next((item for item in self.items if item.key == key), None)

    def of_subject(self, item: Item) -> list[Item]:
        """The other items about the same subject."""
        return [one for one in self.items if one.key != item.key and one.name == item.name
                and one.record.subject_id == item.record.subject_id]  # fmt: skip


def board(
    findings: Sequence[Finding], undecided: Sequence[Undecided], failures: Sequence[Failure],
    layers: LayerSet, titles: Mapping[str, Text],
) -> Board:  # fmt: skip
    """Put the results of a run in the order a person reads them."""
    places = _Places(layers)
    items = [_item(finding, finding.verdict, places) for finding in findings]
    items += [_item(one, "undecided", places) for one in undecided if one.subject_id]
    items.sort(key=_order)
    return Board(tuple(items), tuple(one for one in undecided if not one.subject_id),
                 tuple(failures), titles)  # fmt: skip


def _item(record: Finding | Undecided, verdict: str, places: _Places) -> Item:
    theme, subject = record.subject_theme or "", record.subject_id or ""
    name = record.subject_name or subject
    return Item(f"{record.check}:{subject}", record.check, verdict, name,
                places.of(theme, subject), record)  # fmt: skip


def _order(item: Item) -> tuple[int, int, float, str]:
    finding = item.finding
    measured = finding.measured if finding and finding.measured is not None else float("inf")
    strength = finding.strength if finding else 0
    rank = VERDICTS.index(item.verdict)
    return rank, -strength, measured, item.key


class _Places:
    """Where subjects stand, looked up in their layers."""

    def __init__(self, layers: LayerSet) -> None:
        self._layers = layers
        self._known: dict[str, dict[str, LonLat]] = {}

    def of(self, theme: str, subject: str) -> LonLat | None:
        if theme not in self._layers:
            return None
        if theme not in self._known:
            self._known[theme] = places(self._layers[theme])
        return self._known[theme].get(subject)


def places(layer: Layer) -> dict[str, LonLat]:
    """Where to put each row's symbol: the point itself, the middle of the box of anything larger."""
    frame = layer.placed
    boxes = shapely.bounds(frame.geometry.to_numpy()).reshape(-1, 4)
    middle = np.column_stack([boxes[:, [0, 2]].mean(axis=1), boxes[:, [1, 3]].mean(axis=1)])
    return {str(row): (float(lon), float(lat))
            for row, (lon, lat) in zip(frame["id"], middle, strict=True)}  # fmt: skip
