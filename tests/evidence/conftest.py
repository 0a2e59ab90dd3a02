"""Dossiers of the demo county's three named checks, made once."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest
from shapely.geometry import shape

from checks import as_geojson, load_rules, run
from evidence import Dossier, Person
from evidence.gather import dossier_of
from imagery.store import Store
from layers import LayerFolder
from tests.lacking import lacking
from tests.system import openssl_program

NAMED = ("tobacco-near-school", "waste-near-reservoir", "fire-lane-blocked")
MADE_AT = "2026-07-01T09:30:00+08:00"


@pytest.fixture(scope="session")
def openssl() -> str:
    """The program; skips loudly without it, fails in CI."""
    found = openssl_program()
    if found is None:
        lacking("OPENSSL MISSING: run `python -m tests.system`; this test did not run")
    return found


@pytest.fixture(scope="session")
def demo_layers(demo_layers: Path) -> LayerFolder:
    """The layers of the demo county, opened."""
    return LayerFolder(demo_layers)


@pytest.fixture(scope="session")
def demo_imagery(root: Path) -> Store:
    """The imagery of the demo county."""
    return Store.open(root / "data" / "demo" / "imagery")


@pytest.fixture(scope="session")
def dossiers(demo_layers: LayerFolder, demo_imagery: Store) -> Mapping[str, Dossier]:
    """One dossier per named check, of its first clear finding."""
    result = run([*NAMED, "wage-deposit"], demo_layers, load_rules("demo"), "2026-06-30")
    made: dict[str, Dossier] = {}
    for feature in as_geojson(result)["features"]:
        finding, drawn = feature["properties"], feature["geometry"]
        if finding["verdict"] == "inside" and finding["check"] not in made:
            made[finding["check"]] = dossier_of(
                finding, None if drawn is None else shape(drawn), demo_layers, imagery=demo_imagery,
                number=f"YC-2026-{len(made) + 1:06d}", lead_id=f"L{len(made):016x}", made_at=MADE_AT,
                people=(Person("operator", "李明", "第一检察部"), Person("second_person", "王芳")),
            )  # fmt: skip
    return made
