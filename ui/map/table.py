"""What the list and the map show, as one table of columns: findings of a day, or leads of the store.

A row is one item; every filter is one comparison of columns, so that 100,000 rows cost milliseconds.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from secrets import token_bytes

import numpy as np
import pandas as pd

from checks import VERDICTS
from layers import Layer
from layers.inside import area_of, points_in
from layers.towns import town_names
from leads.states import DISMISSED, RESTING
from ui.items import Board, LonLat

AGES = ("7", "30", "90", "older")
"""How long ago a lead was first seen: days at most, or longer than the last of them."""
NO_LEAD = "none"
"""The state of a finding that is no lead."""


@dataclass(frozen=True)
class Filters:
    """What the user wants to see; empty means everything. `today` is what ages are counted to."""

    checks: tuple[str, ...] = ()
    verdicts: tuple[str, ...] = ()
    school: str | None = None
    licences: tuple[str, ...] = ()
    text: str = ""
    states: tuple[str, ...] = ()
    town: str | None = None
    score_from: float = 0.0
    age: str | None = None
    hide_aside: bool = False
    unplaced: bool = False
    area: tuple[LonLat, ...] = ()
    today: str = ""


@dataclass(frozen=True)
class Marks:
    """The table: `key, check, verdict, name, subject, lon, lat, state, score, town, since, licence, hay, aside,
    lead`; `hay` holds what words are looked for in, lower case. The order is that of the list.
    """

    frame: pd.DataFrame
    schools: Sequence[tuple[str, ...]] = field(default=())

    def __len__(self) -> int:
        return len(self.frame)

    @cached_property
    def secret(self) -> bytes:
        """A name of this table that nobody can guess."""
        return token_bytes(16)

    @cached_property
    def rank(self) -> np.ndarray:
        """The place of every row's verdict in `VERDICTS`, as drawn: 0 is the worst."""
        return self.frame["verdict"].map(VERDICTS.index).to_numpy(dtype=np.int8)

    @cached_property
    def placed(self) -> np.ndarray:
        """Which rows have a place."""
        return np.isfinite(self.frame["lon"].to_numpy(dtype=float))

    @cached_property
    def _rows(self) -> dict[str, int]:
        return {key: row for row, key in enumerate(self.frame["key"])}

    @cached_property
    def _claims(self) -> dict[str, int]:
        told = self.frame["check"].astype(str) + ":" + self.frame["subject"].astype(str)
        return {claim: row for row, claim in reversed(list(enumerate(told)))}

    def find(self, key: str | None) -> int | None:
        """The row called `key`: of a table of leads also by the finding's key."""
        row = self._rows.get(key or "")
        return row if row is not None or not key else self._claims.get(key)

    def key(self, key: str | None) -> str | None:
        """What the row found under `key` is called in this table."""
        row = self.find(key)
        return None if row is None else str(self.frame["key"].iloc[row])

    def keep(self, wanted: Filters) -> np.ndarray:
        """Which rows pass the filters."""
        frame = self.frame
        kept = np.ones(len(frame), dtype=bool)
        for name, values in (("check", wanted.checks), ("verdict", wanted.verdicts), ("licence", wanted.licences),
                             ("state", wanted.states), ("town", (wanted.town,) if wanted.town else ())):  # fmt: skip
            if values:
                kept &= frame[name].isin(list(values)).to_numpy()
        if wanted.school:
            kept &= np.fromiter((wanted.school in one for one in self.schools), bool, len(frame))
        if wanted.score_from:
            kept &= frame["score"].to_numpy() >= wanted.score_from
        if wanted.age:
            kept &= self._of_age(wanted.age, wanted.today)
        if wanted.unplaced:
            kept &= ~self.placed
        if wanted.area:
            kept &= points_in(area_of(wanted.area), *frame[["lon", "lat"]].to_numpy(dtype=float).T)
        if wanted.hide_aside:
            kept &= ~frame["aside"].to_numpy()
        for word in wanted.text.casefold().split():
            kept &= frame["hay"].str.contains(word, regex=False).to_numpy(dtype=bool)
        return kept

    def rows(self, wanted: Filters) -> np.ndarray:
        """The rows that pass, in the list's order."""
        return np.flatnonzero(self.keep(wanted))

    def about(self, rows: np.ndarray, subjects: Iterable[str]) -> np.ndarray:
        """Those of the rows that are about these subjects, in the order of the subjects."""
        rank = {subject: n for n, subject in reversed(list(enumerate(subjects)))}
        told = self.frame["subject"].iloc[rows].map(rank).to_numpy(dtype=float)
        found = np.flatnonzero(np.isfinite(told))
        return rows[found[np.argsort(told[found], kind="stable")]]

    def days(self, today: str) -> np.ndarray:
        """Days since every row's lead was first seen; NaN where there is none."""
        if not len(self.frame):
            return np.empty(0)
        seen = pd.to_datetime(self.frame["since"], errors="coerce").to_numpy(dtype="datetime64[D]")
        days = pd.Series(np.datetime64(today, "D") - seen)
        return days.dt.total_seconds().to_numpy(dtype=float) / 86_400

    def _of_age(self, age: str, today: str) -> np.ndarray:
        days = self.days(today or date.min.isoformat())
        if age == AGES[-1]:
            return np.asarray(days > float(AGES[-2]))
        return np.asarray(days <= float(age))

    def counts(self, column: str, rows: np.ndarray | None = None) -> dict[str, int]:
        """How many rows per value of a column, the most frequent first; empty values are left out."""
        values = self.frame[column] if rows is None else self.frame[column].iloc[rows]
        found = values[values.astype(bool)].value_counts()
        return {str(value): int(count) for value, count in found.items() if count}


def of_board(board: Board, leads: pd.DataFrame | None, areas: Layer | None) -> Marks:
    """The table of a day's findings, with what the store says of each one's lead (`leads.views.on_map`)
    and the township (`areas`) each lies in.
    """
    items = board.items
    places = np.array([item.place or (np.nan, np.nan) for item in items], dtype=float).reshape(
        -1, 2
    )
    frame = pd.DataFrame({
        "key": [item.key for item in items],
        "check": pd.Categorical([item.check for item in items]),
        "verdict": pd.Categorical([item.verdict for item in items], categories=VERDICTS),
        "name": [item.name for item in items],
        "subject": [str(item.record.subject_id or "") for item in items], "lon": places[:, 0], "lat": places[:, 1],
        "town": "" if areas is None else town_names(areas, *places.T), "licence": [item.licence_class for item in items],
        "hay": _lower(" ".join((item.name, *item.schools, *_codes(item.record.facts))) for item in items),
    })  # fmt: skip
    return Marks(_with_leads(frame, leads), [item.schools for item in items])


def of_leads(leads: pd.DataFrame) -> Marks:
    """The table of the store's leads, as `leads.views.on_map` gives them."""
    told = [leads[name].fillna("").astype(str) for name in
            ("subject_name", "address", "number", "credit_code", "licence_no")]  # fmt: skip
    hay = told[0].str.cat(pd.concat(told[1:], axis=1), sep=" ")
    name = told[0].where(told[0] != "", told[1]).where(lambda one: one != "", told[2])
    frame = pd.DataFrame({
        "key": leads["id"], "check": pd.Categorical(leads["check_id"]),
        "verdict": pd.Categorical(leads["verdict"], categories=VERDICTS), "name": name,
        "subject": leads["subject_id"].fillna("").astype(str), "lon": (leads["west"] + leads["east"]).astype(float) / 2,
        "lat": (leads["south"] + leads["north"]).astype(float) / 2,
        "town": leads["township"].fillna("").astype(str), "licence": "",
        "hay": hay.str.casefold(), "state": pd.Categorical(leads["state"]),
        "score": leads["score"].astype(float), "since": leads["since"].fillna(""), "lead": leads["id"],
        "aside": leads["state"].isin(list(RESTING)) | (leads["presence"] == "vanished"),
    })  # fmt: skip
    return Marks(frame)


def _with_leads(frame: pd.DataFrame, leads: pd.DataFrame | None) -> pd.DataFrame:
    """What the store says of each finding, by check and subject."""
    if leads is None or not len(leads):
        return frame.assign(state=NO_LEAD, score=0.0, since="", lead="", aside=False)
    known = pd.DataFrame({
        "key": leads["check_id"] + ":" + leads["subject_id"].fillna("").astype(str),
        "state": leads["state"], "score": leads["score"].astype(float), "since": leads["since"], "lead": leads["id"],
    }).drop_duplicates("key")  # fmt: skip
    found = frame.merge(known, on="key", how="left")
    found["aside"] = (found["state"] == DISMISSED).to_numpy(dtype=bool)
    found["state"] = found["state"].fillna(NO_LEAD)
    found["score"] = found["score"].fillna(0.0)
    for name in ("since", "lead"):
        found[name] = found[name].fillna("")
    return found


def _codes(facts: object) -> Iterable[str]:
    get = getattr(facts, "get", lambda _: None)
    for name in ("address", "credit_code", "licence_no"):
        if value := get(name):
            yield str(value)


def _lower(texts: Iterable[str]) -> pd.Series:
    return pd.Series([one.casefold() for one in texts], dtype="str")
