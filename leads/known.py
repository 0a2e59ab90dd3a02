"""The leads of some checks as the store knows them, ready to be recognised."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

import shapely
from sqlalchemy import ColumnElement, Connection, select

from checks import Identity, plain_address
from office.schema import LEAD, LEAD_KEY, LINK, RUN

CHUNK = 500
"""Ids named in one statement."""
MERGED = "merged_into"
FOLLOWS = "copy_of"
"""A copy of a lead for another agency (`leads.cases`): it follows what runs say of the first."""
_KINDS = ("code", "licence", "id", "name")
_Value = TypeVar("_Value")


@dataclass(frozen=True, slots=True)
class Known:
    """One lead before the ingest; `rules` is the place whose rules its last run followed."""

    id: str
    check: str
    state: str
    presence: str
    verdict: str
    change: str
    facts_hash: str
    score: float
    asked_again: bool
    version: int
    rules: str | None
    subject: Identity
    keys: frozenset[str]
    redirected: str | None = None
    follows: str | None = None

    @property
    def is_seen(self) -> bool:
        """Whether its last run found it."""
        return self.presence == "seen"


def load_known(
    connection: Connection, checks: Sequence[str], *among: ColumnElement[bool]
) -> list[Known]:
    """The leads of the checks (of which `among` holds), by number; those merged away name the lead
    they went into.
    """
    clauses = (LEAD.c.check_id.in_(checks), *among)
    keys = _keys(connection, clauses)
    into, follows = _links(connection, MERGED), _links(connection, FOLLOWS)
    columns = (
        LEAD.c.id, LEAD.c.check_id, LEAD.c.state, LEAD.c.presence, LEAD.c.verdict, LEAD.c.change,
        LEAD.c.facts_hash, LEAD.c.score, LEAD.c.asked_again, LEAD.c.version, LEAD.c.address,
        LEAD.c.west, LEAD.c.south, LEAD.c.east, LEAD.c.north, RUN.c.rules,
    )  # fmt: skip
    query = select(*columns).join(RUN, RUN.c.id == LEAD.c.last_run)
    query = query.where(*clauses).order_by(LEAD.c.number)
    rows = connection.execute(query).all()
    shapes = _outlines(connection, clauses)
    return [_known(row, keys.get(row.id, frozenset()), shapes.get(row.id),
                   into.get(row.id), follows.get(row.id)) for row in rows]  # fmt: skip


def chunks(values: Sequence[_Value], size: int = CHUNK) -> Iterator[Sequence[_Value]]:
    """The values in runs of at most `size`."""
    for start in range(0, len(values), size):
        yield values[start : start + size]


def column_of(connection: Connection, name: str, ids: Iterable[str]) -> dict[str, Any]:
    """One column of the leads, by id."""
    found: dict[str, Any] = {}
    for some in chunks(list(ids)):
        rows = connection.execute(select(LEAD.c.id, LEAD.c[name]).where(LEAD.c.id.in_(some)))
        found.update((row[0], row[1]) for row in rows)
    return found


def remembered(
    keys: Iterable[str], address: str | None, corner: tuple[float | None, float | None], outline: Any,  # noqa: ANN401
    seen: bool,
) -> Identity:  # fmt: skip
    """The subject that a lead's keys, address and place speak of; `corner` is the south-western one
    of its bounds, `outline` its geometry where that is no point.
    """
    by_kind: dict[str, list[str]] = {kind: [] for kind in _KINDS}
    for key in keys:
        kind, value = key.split(":", 1)
        by_kind.setdefault(kind, []).append(value)
    codes, licences, ids, names = (frozenset(by_kind[kind]) for kind in _KINDS)
    (lon, lat), area = corner, None
    if outline is not None:
        point = outline.representative_point()
        lon, lat = point.x, point.y
        area = shapely.make_valid(outline) if outline.geom_type.endswith("Polygon") else None
    return Identity(ids, codes, licences, names, plain_address(address), lon, lat, 0.0, area, seen)


def _keys(
    connection: Connection, clauses: Iterable[ColumnElement[bool]]
) -> dict[str, frozenset[str]]:
    query = select(LEAD_KEY.c.lead_id, LEAD_KEY.c.key)
    query = query.join(LEAD, LEAD.c.id == LEAD_KEY.c.lead_id).where(*clauses)
    found: defaultdict[str, list[str]] = defaultdict(list)
    for lead_id, key in connection.execute(query):
        found[lead_id].append(key)
    return {lead_id: frozenset(keys) for lead_id, keys in found.items()}


def _links(connection: Connection, kind: str) -> dict[str, str]:
    """Lead → the lead at the end of its links of one kind."""
    query = select(LINK.c.lead_id, LINK.c.other_id).where(LINK.c.kind == kind)
    links = {row.lead_id: row.other_id for row in connection.execute(query)}
    return {one: _end(links, one) for one in links}


def _end(links: dict[str, str], one: str) -> str:
    seen: set[str] = set()
    while one in links and one not in seen:
        seen.add(one)
        one = links[one]
    return one


def _outlines(connection: Connection, clauses: Iterable[ColumnElement[bool]]) -> dict[str, Any]:
    """The geometry of every lead that is no point."""
    query = select(LEAD.c.id, LEAD.c.geometry).where(
        *clauses, LEAD.c.geometry.is_not(None),
        (LEAD.c.west != LEAD.c.east) | (LEAD.c.south != LEAD.c.north),
    )  # fmt: skip
    return {row.id: shapely.from_wkb(bytes(row.geometry)) for row in connection.execute(query)}


def _known(
    row: Any, keys: frozenset[str], outline: Any, into: str | None, follows: str | None,  # noqa: ANN401
) -> Known:  # fmt: skip
    subject = remembered(keys, row.address, (row.west, row.south), outline, row.presence == "seen")
    return Known(row.id, row.check_id, row.state, row.presence, row.verdict, row.change,
                 row.facts_hash, row.score, row.asked_again, row.version, row.rules, subject, keys,
                 into, follows)  # fmt: skip
