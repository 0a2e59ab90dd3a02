"""Agencies and their duties: who is competent for a check at a place, and which procuratorate.

What is everybody's law stands in `data/agencies/duties.toml` by kind of agency, the offices of a
place in a file of its own. The procuratorate is that of the agency's level, not of the place
(art. 13 of the rules on handling public-interest cases).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from checks import Text
from office.scope import stem

FOLDER = Path(__file__).resolve().parent.parent / "data" / "agencies"
LEVELS = ("county", "city", "province", "national")
LEVEL_WORDS: Mapping[str, Text] = {
    "county": Text("县级", "county"), "city": Text("市级", "city"),
    "province": Text("省级", "province"), "national": Text("国家", "national"),
}  # fmt: skip
FIRST, ALSO = "first", "also"
BY_LEVEL = Text("人民检察院公益诉讼办案规则第13条：由行政机关对应的同级人民检察院管辖",
                "Rules on handling public-interest cases, art. 13: the procuratorate of the agency's level")  # fmt: skip
GOVERNMENT = Text("被监督机关为人民政府，可以由上一级人民检察院管辖（第13条）",
                  "the agency is a government: the procuratorate one level up may take it (art. 13)")  # fmt: skip


@dataclass(frozen=True, slots=True)
class Agency:
    """An office: `kind` of duties.toml (`procuratorate` for those), `area` the code it serves."""

    id: str
    words: Text
    kind: str
    area: str
    level: str
    effective_from: str = "0001-01-01"
    effective_to: str = "9999-12-31"

    def on(self, day: str) -> bool:
        """Whether it exists on the ISO day."""
        return self.effective_from <= day <= self.effective_to

    def serves(self, code: str) -> bool:
        """Whether a place with this administrative code (6 digits or more) lies in its area."""
        return code.startswith(stem(self.area))


@dataclass(frozen=True, slots=True)
class Duty:
    """A row of the table: for these checks agencies of this kind are competent."""

    checks: tuple[str, ...]
    kind: str
    part: str
    law: Text
    article: str
    verified: bool
    effective_from: str
    effective_to: str
    when: Mapping[str, tuple[str, ...]]

    @property
    def basis(self) -> Text:
        """Document and article, marked where the text was not read."""
        zh = f"{self.law.zh}第{self.article}条" if self.article else self.law.zh
        en = f"{self.law.en}, art. {self.article}" if self.article else self.law.en
        return Text(zh, en) if self.verified else Text(f"{zh}【未核实】", f"{en} [unverified]")

    def fits(self, check: str, finding: Mapping[str, Any], day: str) -> bool:
        """Whether the row speaks of this finding on that day."""
        if check not in self.checks or not self.effective_from <= day <= self.effective_to:
            return False
        facts = {**(finding.get("facts") or {}), **finding}
        return all(any(word in str(facts.get(name) or "") for word in words)
                   for name, words in self.when.items())  # fmt: skip


@dataclass(frozen=True, slots=True)
class Competent:
    """An answer: the agency and its procuratorate (`None` where the place's file names none)."""

    agency: Agency | None
    kind: Text
    part: str
    duty: Duty
    procuratorate: Agency | None
    note: Text | None = None


@dataclass(frozen=True)
class AgencyTable:
    """The offices of a place with the duties that hold there."""

    place: str
    title: Text
    generated: bool
    near_border_m: float
    areas: Mapping[str, Text]
    agencies: tuple[Agency, ...]
    procuratorates: tuple[Agency, ...]
    duties: tuple[Duty, ...]
    kinds: Mapping[str, Text]
    path: Path

    def covers(self, code: str) -> bool:
        """Whether a code lies in one of its areas."""
        return any(code.startswith(stem(area)) for area in self.areas)

    def find(self, agency_id: str) -> Agency | None:
        """The agency or procuratorate with this id."""
        return next((a for a in (*self.agencies, *self.procuratorates) if a.id == agency_id), None)

    def competent(
        self, check: str, code: str, finding: Mapping[str, Any], day: str
    ) -> tuple[Competent, ...]:
        """Who is competent for a finding at a place with an administrative code, first ones first.

        A duty whose kind has no office here is answered too, without an agency: better an open
        place in the answer than a wrong office.
        """
        duties = [d for d in self.duties if d.fits(check, finding, day)]
        duties.sort(key=lambda d: d.part != FIRST)
        found: dict[str, Competent] = {}
        for duty in duties:
            office = self._nearest(self.agencies, code, day, kind=duty.kind)
            key = office.id if office else duty.kind
            found.setdefault(key, Competent(
                office, self.kinds[duty.kind], duty.part, duty,
                self.procuratorate_of(office, code, day) if office else None,
                GOVERNMENT if duty.kind == "government" else None))  # fmt: skip
        return tuple(found.values())

    def procuratorate_of(self, agency: Agency, code: str, day: str) -> Agency | None:
        """The procuratorate of the agency's level for a place."""
        return self._nearest(self.procuratorates, code, day, level=agency.level)

    def _nearest(
        self, offices: tuple[Agency, ...], code: str, day: str, **wanted: str
    ) -> Agency | None:
        """The office whose area is the smallest around the code."""
        fitting = [one for one in offices if one.on(day) and one.serves(code)
                   and all(getattr(one, name) == value for name, value in wanted.items())]  # fmt: skip
        return max(fitting, key=lambda one: len(stem(one.area)), default=None)


@cache
def load_agencies(place: str | Path, folder: Path = FOLDER) -> AgencyTable:
    """The table of a place (a file name in `data/agencies/` without `.toml`) or of a file.

    Raises `RuleError` naming the file, the key and the remedy.
    """
    from office._agencies_file import read_agencies

    return read_agencies(place, folder)


def agency_tables(folder: Path = FOLDER) -> Iterator[AgencyTable]:
    """Every place of the folder, by name."""
    for file in sorted(folder.glob("*.toml")):
        if file.stem not in ("duties", "handover"):
            yield load_agencies(file.stem, folder)
