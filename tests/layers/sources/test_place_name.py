"""A place by name: nothing without being asked, and the whole way against a real server."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import ClassVar
from urllib.parse import parse_qs

import pytest

from layers.__main__ import main
from layers.errors import SourceError
from layers.sources.place_name import extract_of_place

OSM = b"""<?xml version='1.0' encoding='UTF-8'?><osm version="0.6">
<node id="1" lat="27.6000" lon="109.3000"/><node id="2" lat="27.6010" lon="109.3010"/>
<way id="3"><nd ref="1"/><nd ref="2"/><tag k="highway" v="residential"/></way></osm>
"""


class _Server(BaseHTTPRequestHandler):
    """Answers as Nominatim and Overpass do, for one invented place."""

    queries: ClassVar[list[str]] = []

    def do_GET(self) -> None:
        known = "Yunxi" in self.path or "%E4%BA%91%E6%BA%AA" in self.path
        wide = 0.01 if "Wide" not in self.path else 2.0
        ring = [[109.3, 27.6], [109.3 + wide, 27.6], [109.3 + wide, 27.61], [109.3, 27.6]]
        place = {"place_id": 1, "osm_type": "relation", "osm_id": 1, "lat": "27.6", "lon": "109.3",
                 "class": "boundary", "type": "administrative", "place_rank": 16, "name": "x",
                 "importance": 0.1, "addresstype": "county", "display_name": "Yunxi",
                 "boundingbox": ["27.6", "27.61", "109.3", str(109.3 + wide)],
                 "geojson": {"type": "Polygon", "coordinates": [ring]}}  # fmt: skip
        self._answer(json.dumps([place] if known else []).encode(), "application/json")

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        self.queries.append(parse_qs(body)["data"][0])
        self._answer(OSM if "/cut/" not in self.path else OSM[:100], "application/xml")

    def _answer(self, body: bytes, kind: str) -> None:
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Quiet."""


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), _Server) as running:
        thread = threading.Thread(target=running.serve_forever, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{running.server_port}/"
        running.shutdown()
        thread.join()


def test_nothing_is_asked_without_online(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="--online"):
        extract_of_place("海淀区, 北京市", tmp_path / "x.osm")


@pytest.mark.parametrize("name", ["", "   ", "区" * 201])
def test_a_place_needs_a_name(tmp_path: Path, name: str) -> None:
    with pytest.raises(SourceError, match="no name"):
        extract_of_place(name, tmp_path / "x.osm", online=True)


def test_a_place_becomes_an_extract_that_the_osm_command_reads(
    tmp_path: Path, server: str, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "deep" / "county.osm"
    place = ["place", "云溪县", "--online", "--out", str(out)]
    assert main([*place, "--nominatim", server, "--overpass", server + "api"]) == 0
    assert out.read_bytes() == OSM
    assert "27.600000,109.300000,27.610000,109.310000" in _Server.queries[-1]
    assert "ODbL" in capsys.readouterr().out
    assert main(["osm", str(out), "--out", str(tmp_path / "layers")]) == 0
    assert (tmp_path / "layers" / "road.parquet").is_file()


def test_an_unknown_place_is_said(tmp_path: Path, server: str) -> None:
    with pytest.raises(SourceError, match="knows no area"):
        extract_of_place("Nowhere", tmp_path / "x.osm", online=True, nominatim=server)


def test_a_province_is_too_wide(tmp_path: Path, server: str) -> None:
    with pytest.raises(SourceError, match="wider"):
        extract_of_place("Wide Yunxi", tmp_path / "x.osm", online=True, nominatim=server)


def test_a_cut_answer_leaves_no_file(tmp_path: Path, server: str) -> None:
    with pytest.raises(SourceError, match="cut"):
        extract_of_place("Yunxi", tmp_path / "x.osm", online=True,
                         nominatim=server, overpass=server + "cut/")  # fmt: skip
    assert not list(tmp_path.iterdir())


def test_a_server_that_is_not_there_is_said(tmp_path: Path, server: str) -> None:
    with pytest.raises(SourceError, match="cannot be reached"):
        extract_of_place("Yunxi", tmp_path / "x.osm", online=True,
                         nominatim=server, overpass="http://127.0.0.1:9/")  # fmt: skip
    assert not list(tmp_path.iterdir())
