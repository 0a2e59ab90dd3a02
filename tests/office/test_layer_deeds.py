"""What was done with layers in a shell becomes events of the history, once each."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

from layers.__main__ import main
from layers.shelf import Shelf
from office import Database, events
from office.layer_deeds import tell
from tests.layers.towns import OsmTown

AT = datetime(2026, 7, 1, tzinfo=UTC)


def test_a_layer_that_a_later_extract_has_no_more_is_told_to_stand_no_more(tmp_path: Path) -> None:
    address, folder = str(tmp_path / "store.sqlite"), tmp_path / "layers"
    Database.open(address).close()
    for shop in (True, True, False):
        town = OsmTown()
        town.campus(1, 0, 0, 100, amenity="school", name="云溪小学")
        if shop:
            town.node(30, 350, 10, shop="tobacco")
        file = town.save(tmp_path / "town.osm")
        assert main(["osm", str(file), "--out", str(folder), "--by", "李检"]) == 0
    for new in (3, 0):
        assert tell(Shelf(folder), ["tobacco_retailer"], at=AT, address=address) == new
    db = Database.open(address, create=False)
    with db.read() as connection:
        told = [(one.kind, json.loads(one.body)) for one in events(connection)]
    db.close()
    assert [kind for kind, _ in told] == ["layer.imported", "layer.imported", "layer.undone"]
    gone = told[-1][1]
    assert (gone["from"], gone["to"], gone["by"], gone["why"]) == (2, 0, "李检", "town.osm")
