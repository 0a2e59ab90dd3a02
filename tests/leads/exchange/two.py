"""Two invented offices with their keys, each knowing the other; leads with a real history."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from sqlalchemy import select

from leads.exchange.offices import Offices, load_offices
from leads.runs.ingest import ingest
from leads.states import AWAY
from office import Actor, Database
from office.schema import LEAD
from office.signing_keys import new_key
from tests.leads.findings import shop, write_run

HERE, THERE = "990123-procuratorate", "990100-procuratorate"
AT, LATER = "2026-07-01T01:00:00Z", "2026-07-02T01:00:00Z"
PROSECUTOR = Actor("王检", ("prosecutor",))
OTHER = Actor("李检", ("prosecutor",))
_FILE = """
[own]
id = "{own}"
zh = "{zh}"
en = "{en}"
key = "key.pem"
attachments = "attachments"
areas = ["{area}"]
agencies = "{agencies}"

[[partners]]
id = "{other}"
zh = "{other_zh}"
en = "{other_en}"
key = "{key}"
areas = ["{area}"]
url = "{url}"
token = "token"
"""
_WORDS = {HERE: ("云溪县人民检察院", "Yunxi County People's Procuratorate"),
          THERE: ("青澜市人民检察院", "Qinglan City People's Procuratorate")}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Side:
    """One office: its file of offices, what that says, its store."""

    file: Path
    offices: Offices
    db: Database

    def states(self) -> dict[str, str]:
        """State by lead id."""
        with self.db.read() as connection:
            return {
                row.id: row.state for row in connection.execute(select(LEAD.c.id, LEAD.c.state))
            }

    def active(self) -> set[str]:
        """The leads that this office has."""
        return {lead for lead, state in self.states().items() if state not in AWAY}

    def trusting(self, **changed: object) -> Side:
        """The same with other settings."""
        return replace(self, offices=replace(self.offices, **changed))  # type: ignore[arg-type]


def write_offices(
    folder: Path, *, urls: Sequence[str] = ("", ""), agencies: str = ""
) -> tuple[Path, Path]:
    """The files of two offices that know each other; returns their paths (here, there)."""
    names, folders = (HERE, THERE), (folder / "here", folder / "there")
    for one in folders:
        one.mkdir(parents=True)
        (one / "token").write_text("none", encoding="utf-8")
        (one / "token").chmod(0o600)
    keys = [new_key(one / "key.pem").public.hex() for one in folders]
    for n, one in enumerate(folders):
        own, other = names[n], names[1 - n]
        text = _FILE.format(own=own, zh=_WORDS[own][0], en=_WORDS[own][1], area="990100", agencies=agencies,
                            other=other, other_zh=_WORDS[other][0], other_en=_WORDS[other][1],
                            key=keys[1 - n], url=urls[n])  # fmt: skip
        (one / "offices.toml").write_text(text, encoding="utf-8")
    return folders[0] / "offices.toml", folders[1] / "offices.toml"


def two_sides(folder: Path, here: Database, there: Database) -> tuple[Side, Side]:
    """Two offices over two stores."""
    files = write_offices(folder)
    first, second = (
        Side(file, load_offices(file), db) for file, db in zip(files, (here, there), strict=True)
    )
    return first, second


def fill(db: Database, folder: Path, count: int = 1, first: int = 1) -> list[str]:
    """So many leads of one run, twice seen; their ids."""
    folder.mkdir(exist_ok=True)
    for day, measured in (("2026-06-30", 60.0), ("2026-07-01", 40.0)):
        rows = [
            shop(n, measured=measured, admin_code="990123") for n in range(first, first + count)
        ]
        path = write_run(folder / f"{day}.geojson", rows, on_date=day)
        ingest(db, path, actor=PROSECUTOR, at=f"{day}T00:00:00Z")
    with db.read() as connection:
        return list(connection.scalars(select(LEAD.c.id).order_by(LEAD.c.number)))
