"""Damaged OpenStreetMap files: layers or a clear error, nothing else.

`FUZZ_COUNT` sets how many of each format are tried; a crash of the library ends the test run.
"""

from __future__ import annotations

import gzip
import os
from pathlib import Path
from random import Random

import osmium
import pytest

from layers.sources.osm_extract import read_extract
from tests.fuzz.mutate import mutate
from tests.fuzz.run import run_case
from tests.layers.towns import small_town

COUNT = int(os.environ.get("FUZZ_COUNT", "150"))


def layers_of(path: Path) -> str:
    """Read the file; every layer must be whole."""
    extract = read_extract(path)
    for layer in extract.layers.values():
        assert layer.frame["id"].is_unique
        assert len(layer.unplaced) == 0
    return "layers" if extract.layers else "nothing"


def _packed(folder: Path, options: str) -> bytes:
    source, target = small_town().save(folder / "seed.osm"), folder / "seed.osm.pbf"
    target.unlink(missing_ok=True)
    with osmium.SimpleWriter(osmium.io.File(str(target), options)) as writer:
        for thing in osmium.FileProcessor(str(source)):
            writer.add(thing)
    return target.read_bytes()


@pytest.mark.parametrize("kind", ["osm", "osm.gz", "osm.pbf", "pbf,pbf_compression=none"])
def test_damage_gives_layers_or_a_clear_error(kind: str, tmp_path: Path) -> None:
    text = small_town().text().encode()
    seeds = {"osm": text, "osm.gz": gzip.compress(text)}
    seed = seeds[kind] if kind in seeds else _packed(tmp_path, kind.replace("osm.", ""))
    path = tmp_path / "damaged.osm"
    path.write_bytes(seed)
    assert layers_of(path) == "layers"
    outcomes: set[str] = set()
    for number in range(COUNT):
        path.write_bytes(mutate(seed, Random(f"{kind}/{number}"), [seed]))
        outcome, failure = run_case(path, f"{__name__}:layers_of")
        assert failure is None, f"{kind} case {number}: {failure}"
        outcomes.add(outcome)
    assert "error" in outcomes
