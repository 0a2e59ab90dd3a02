"""GDAL's own client opens the interface live and reads the rows of the store."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import Any

import pytest
from shapely import from_wkb
from sqlalchemy import select

from office import Database
from office.schema import LEAD
from tests.ui.api.conftest import LEADS, Site
from ui.settings import ROOT

_CLIENT = """
import json, sys, pyogrio
source, header_file, layer, options = sys.argv[1:]
asked = json.loads(options)
asked |= {"bbox": tuple(asked["bbox"])} if "bbox" in asked else {}
pyogrio.set_gdal_config_options({"GDAL_HTTP_HEADER_FILE": header_file})
if layer == "?":
    print(json.dumps(pyogrio.list_layers(source)[:, 0].tolist()))
else:
    found = pyogrio.read_dataframe(source, layer=layer, **asked)
    print(json.dumps({"rows": found["id"].astype(str).tolist(), "crs": str(found.crs), "columns": list(found.columns),
                      "x": [None if one is None else one.x for one in found.geometry] if layer == "leads" else [],
                      "measured": found["measured"].tolist() if "measured" in found else []}))
"""


def gdal(site: Site, layer: str, who: str = "everything", **options: object) -> Any:
    """What GDAL reads, in a process of its own as in QGIS on the next desk."""
    command = [
        sys.executable,
        "-c",
        _CLIENT,
        f"OAPIF:{site.address}",
        str(site.header_file(who)),
        layer,
        json.dumps(options),
    ]
    done = subprocess.run(
        command, cwd=ROOT, capture_output=True, text=True, encoding="utf-8", check=False
    )
    assert done.returncode == 0, done.stderr[-1500:]
    return json.loads(done.stdout)


def rows(site: Site, *where: Any) -> dict[str, Any]:
    """The rows of the store by id."""
    store = Database.open(site.store)
    with store.read() as connection:
        found = {one.id: one for one in connection.execute(select(LEAD).where(*where))}
    store.close()
    return found


def test_gdal_lists_what_the_token_may_read(site: Site) -> None:
    assert {"leads", "findings", "layer_school"} <= set(gdal(site, "?"))
    only = set(gdal(site, "?", "layers only"))
    assert "layer_school" in only
    assert not only & {"leads", "findings"}


def test_gdal_reads_the_leads_of_the_store_page_by_page(site: Site) -> None:
    found, stored = gdal(site, "leads"), rows(site)
    assert len(found["rows"]) == len(set(found["rows"])) == LEADS
    assert set(found["rows"]) == set(stored)
    assert found["x"] == pytest.approx([from_wkb(stored[one].geometry).x for one in found["rows"]])
    assert found["measured"] == [stored[one].measured for one in found["rows"]]
    assert {"check_id", "state", "unit", "method", "error_band", "coordinate_datum"} <= set(
        found["columns"]
    )
    assert "CRS84" in found["crs"]


def test_gdal_filters_by_value_and_by_window(site: Site) -> None:
    stored = rows(site, LEAD.c.check_id == "bar-near-school", LEAD.c.west <= 110.5)
    found = gdal(site, "leads", where="check_id = 'bar-near-school'", bbox=[110, 29, 110.5, 31])
    assert set(found["rows"]) == set(stored)
    ranged = gdal(site, "leads", where="measured > 1000")
    assert ranged["rows"] == []
    some = gdal(site, "leads", max_features=120, skip_features=110)
    assert some["rows"] == sorted(rows(site))[110:230]


def test_gdal_reads_layers_and_findings(site: Site) -> None:
    assert gdal(site, "layer_school", where="kind = 'primary'")["rows"] == ["school-0"]
    assert len(gdal(site, "layer_road")["rows"]) == 3
    listed = site.ask("/collections/findings/items?limit=1000").body["features"]
    assert set(gdal(site, "findings")["rows"]) == {one["id"] for one in listed}


def test_gdal_gets_no_row_beyond_the_scope(site: Site) -> None:
    found = gdal(site, "leads", "first county")["rows"]
    assert set(found) == set(rows(site, LEAD.c.admin_code == "990101"))
