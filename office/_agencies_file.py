"""Reading `data/agencies/`: kinds, duties and offices are checked, errors name file and key."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any

from checks import Text
from layers.errors import RuleError
from office.agencies import ALSO, FIRST, LEVELS, Agency, AgencyTable, Duty

Table = Mapping[str, Any]
_PLACE = {"place", "title", "generated", "near_border_m", "areas", "agencies", "procuratorates",
          "duties"}  # fmt: skip
_OFFICE = {"id", "kind", "zh", "en", "area", "level", "effective_from", "effective_to"}
_DUTY = {
    "checks",
    "kind",
    "part",
    "when",
    "law",
    "article",
    "verified",
    "effective_from",
    "effective_to",
}
_CODE = re.compile(r"\d{6}")
_BORDER_M = 50.0
_LONGEST_M = 5000.0


def read_agencies(place: str | Path, folder: Path) -> AgencyTable:
    """The table of a place with the duties of `duties.toml`, whole or not at all."""
    path = Path(place)
    path = path if path.suffix == ".toml" else folder / f"{place}.toml"
    common = folder / "duties.toml"
    table, shared = _toml(path, folder), _toml(common, folder)
    _known(table, _PLACE, path, "")
    kinds = {name: _text(row, common, f"kinds.{name}") for name, row in shared["kinds"].items()}
    areas = dict(_areas(table.get("areas", {}), path))
    own = tuple(_duties(table.get("duties", ()), kinds, path))
    return AgencyTable(
        place=str(table.get("place", path.stem)), title=_text(table.get("title"), path, "title"),
        generated=bool(table.get("generated", False)), near_border_m=_border(table, path),
        areas=areas, agencies=_unique(_offices(table.get("agencies", ()), kinds, areas, path), path),
        procuratorates=_unique(_offices(table.get("procuratorates", ()), None, areas, path), path),
        duties=(*own, *_not_replaced(_duties(shared["duties"], kinds, common), own)),
        kinds=kinds, path=path,
    )  # fmt: skip


def _not_replaced(shared: Iterable[Duty], own: tuple[Duty, ...]) -> Iterator[Duty]:
    """The common duties about checks of which the place says nothing itself."""
    told = {check for duty in own for check in duty.checks}
    yield from (duty for duty in shared if not told & set(duty.checks))


def _areas(rows: Table, path: Path) -> Iterator[tuple[str, Text]]:
    for code, row in rows.items():
        if not _CODE.fullmatch(code):
            raise _wrong(path, f"areas.{code}", "write the code with six digits (GB/T 2260)")
        yield code, _text(row, path, f"areas.{code}")


def _offices(
    rows: Iterable[Table], kinds: Mapping[str, Text] | None, areas: Table, path: Path
) -> Iterator[Agency]:
    for number, row in enumerate(rows, 1):
        where = f"{'agencies' if kinds else 'procuratorates'}[{number}]"
        _known(row, _OFFICE, path, where)
        kind = str(row.get("kind", "")) if kinds else "procuratorate"
        if kinds and kind not in kinds:
            raise _wrong(path, f"{where}.kind", f"use one of {', '.join(kinds)}")
        if row.get("area") not in areas:
            raise _wrong(path, f"{where}.area", f"use one of {', '.join(areas)}")
        if row.get("level") not in LEVELS:
            raise _wrong(path, f"{where}.level", f"use one of {', '.join(LEVELS)}")
        if not row.get("id"):
            raise _wrong(path, f"{where}.id", "give the office an id of its own")
        yield Agency(str(row["id"]), _text(row, path, where), kind, row["area"], row["level"],
                     *_days(row, path, where))  # fmt: skip


def _duties(rows: Iterable[Table], kinds: Mapping[str, Text], path: Path) -> Iterator[Duty]:
    for number, row in enumerate(rows, 1):
        where = f"duties[{number}]"
        _known(row, _DUTY, path, where)
        if (
            row.get("kind") not in kinds
            or row.get("part") not in (FIRST, ALSO)
            or not row.get("checks")
        ):
            raise _wrong(
                path, where, f"give checks, part (first, also) and kind ({', '.join(kinds)})"
            )
        when = row.get("when", {})
        if not all(isinstance(words, list) and words for words in when.values()):
            raise _wrong(path, f"{where}.when", 'write it as { material = ["word", …] }')
        yield Duty(tuple(row["checks"]), row["kind"], row["part"], _text(row.get("law"), path, where),
                   str(row.get("article", "")), bool(row.get("verified", False)),
                   *_days(row, path, where),
                   {name: tuple(words) for name, words in when.items()})  # fmt: skip


def _days(row: Table, path: Path, where: str) -> tuple[str, str]:
    days = [row.get("effective_from", date(1, 1, 1)), row.get("effective_to", date(9999, 12, 31))]
    if any(type(day) is not date for day in days) or days[0] > days[1]:
        raise _wrong(path, f"{where}.effective_from", "give days as 2026-01-01, the first first")
    return days[0].isoformat(), days[1].isoformat()


def _border(table: Table, path: Path) -> float:
    value = table.get("near_border_m", _BORDER_M)
    if (
        isinstance(value, bool)
        or not isinstance(value, int | float)
        or not 0 <= value <= _LONGEST_M
    ):
        raise _wrong(path, "near_border_m", f"give metres from 0 to {_LONGEST_M:.0f}")
    return float(value)


def _unique(offices: Iterable[Agency], path: Path) -> tuple[Agency, ...]:
    found: dict[str, Agency] = {}
    for one in offices:
        if one.id in found:
            raise _wrong(path, one.id, "give every office an id of its own")
        found[one.id] = one
    return tuple(found.values())


def _known(row: Table, keys: set[str], path: Path, where: str) -> None:
    unknown = set(row) - keys
    if unknown:
        raise _wrong(
            path, f"{where}.{min(unknown)}".strip("."), f"use only {', '.join(sorted(keys))}"
        )


def _text(row: object, path: Path, where: str) -> Text:
    if not isinstance(row, dict) or not row.get("zh") or not row.get("en"):
        raise _wrong(path, where, "give the words in zh and in en")
    return Text(str(row["zh"]), str(row["en"]))


def _wrong(path: Path, where: str, remedy: str) -> RuleError:
    return RuleError("the table of agencies is wrong here", file=path, field=where, remedy=remedy)


def _toml(path: Path, folder: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        known = ", ".join(sorted(f.stem for f in folder.glob("*.toml") if f.stem != "duties"))
        raise RuleError(f"the table of agencies cannot be read ({error})", file=path,
                        remedy=f"use one of {known}, or the path of a .toml file") from error  # fmt: skip
