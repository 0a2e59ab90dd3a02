"""The sheet as a file: to scale, tagged, searchable, the same twice, and whatever the names are."""

from __future__ import annotations

import io
import re
import subprocess
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import numpy as np
import pikepdf
import pypdf
import pytest
import shapely
from PIL import Image

from evidence import Dossier
from evidence.glyphs import printable
from evidence.sheet.frame import RATIOS, frame_for
from evidence.sheet.furniture import bar_length, dms
from evidence.sheet.render import LAYOUTS, Paper, make_sheet
from evidence.words import LANGS, Lang, Words
from layers.measures import geodesic_distance
from tests.lacking import lacking
from tests.system import pdftoppm

HOSTILE = (
    '#import "x.typ": *', "$ x^2 $ *bold* _it_ `code` <label> @ref", '=HYPERLINK("http://x")', "../../etc/passwd",
    "\u202eevil\u202c name", "名" * 10_000, "笑脸\U0001f600店", "\\u{41} \\ // /* */", "a\x00b\x07c", "𠮷野家",
)  # fmt: skip


def text_of(pdf: bytes) -> str:
    return "\n".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(pdf)).pages)


@pytest.mark.parametrize(
    "check", ["tobacco-near-school", "waste-near-reservoir", "fire-lane-blocked", "wage-deposit"]
)
@pytest.mark.parametrize(("paper", "lang"), [("A4", "zh"), ("A4", "en"), ("A3", "both")])
def test_every_block_is_on_the_sheet(
    dossiers: Mapping[str, Dossier], check: str, paper: Paper, lang: Lang
) -> None:
    dossier, words = dossiers[check], Words(lang)
    read = text_of(make_sheet(dossier, lang=lang, paper=paper))
    flat = re.sub(r"\s+", "", read)
    wanted = ["block.measurement", "block.reasons", "block.rule", "block.sources", "block.people", "block.integrity",
              "sheet.reference", "sheet.marking", "sheet.generated"]  # fmt: skip
    if dossier.line is not None or dossier.subject is not None:
        wanted += ["block.legend", "block.locator"]
    for name in wanted:
        assert re.sub(r"\s+", "", words(name)) in flat, name
    assert dossier.number in read
    assert re.sub(r"\s+", "", str(dossier.finding["subject_name"])) in flat
    assert "李明" in read


def test_it_is_declared_tagged_and_self_contained(dossiers: Mapping[str, Dossier]) -> None:
    pdf = pikepdf.open(io.BytesIO(make_sheet(dossiers["waste-near-reservoir"])))
    meta = pdf.open_metadata()
    assert (meta["pdfaid:part"], meta["pdfaid:conformance"]) == ("3", "A")
    assert pdf.Root.MarkInfo.Marked
    assert "/StructTreeRoot" in pdf.Root
    assert pdf.Root.OutputIntents[0].S == "/GTS_PDFA1"
    fonts = {
        str(font.BaseFont): font for page in pdf.pages for font in page.Resources.Font.values()
    }
    assert fonts
    for name, font in fonts.items():
        assert "NotoSansSC" in name
        descriptor = font.DescendantFonts[0].FontDescriptor
        assert "/FontFile2" in descriptor or "/FontFile3" in descriptor, name
    figures = [
        one
        for one in pdf.objects
        if isinstance(one, pikepdf.Dictionary) and one.get("/S") == "/Figure"
    ]
    assert figures
    assert all(str(one.get("/Alt", "")) for one in figures)


def test_no_page_asks_for_anything_outside(dossiers: Mapping[str, Dossier]) -> None:
    data = make_sheet(dossiers["fire-lane-blocked"])
    assert b"/URI" not in data
    assert b"/JavaScript" not in data


def test_the_same_dossier_gives_the_same_bytes(dossiers: Mapping[str, Dossier]) -> None:
    one = dossiers["waste-near-reservoir"]
    assert make_sheet(one, lang="both") == make_sheet(one, lang="both")


@pytest.mark.parametrize("paper", list(LAYOUTS))
def test_the_bar_on_paper_is_as_long_as_it_says(
    dossiers: Mapping[str, Dossier], tmp_path: Path, paper: Paper
) -> None:
    """Printed at 600 dpi and measured in dots, against the geodesic between the same two points."""
    program = pdftoppm()
    if program is None:
        lacking("pdftoppm is missing: the bar was not measured (`python -m tests.system`)")
    dossier, layout = dossiers["tobacco-near-school"], LAYOUTS[paper]
    file = tmp_path / "sheet.pdf"
    file.write_bytes(make_sheet(dossier, paper=paper))
    corner = ["-x", "300", "-y", "1500", "-W", "1200", "-H", "2500"]
    subprocess.run([program, "-r", "600", "-f", "1", "-l", "1", *corner, "-png", str(file), str(tmp_path / "p")],
                   check=True)  # fmt: skip
    page = np.asarray(Image.open(next(tmp_path.glob("p*.png"))).convert("L"))
    shapes = [one for one in (dossier.line, dossier.subject) if one is not None]
    frame = frame_for(shapes, layout.map_width, layout.map_height)
    dots = _bar_dots(page)
    metres_on_paper = dots / 600 * 25.4 * frame.ratio / 1000
    west, south, _, _ = frame.bounds
    ends = shapely.MultiPoint([(west, south), (west + metres_on_paper, south)])
    (lon1, lat1), (lon2, lat2) = shapely.get_coordinates(frame.plane.to_degrees(ends))
    ground = float(geodesic_distance([lon1], [lat1], [lon2], [lat2])[0])
    assert ground == pytest.approx(bar_length(frame), rel=0.005)


def _bar_dots(page: np.ndarray) -> int:
    """Dots from the middle of the bar's first line to that of its last: dark, light, dark, light, line."""
    dark = page < 90
    for row in range(page.shape[0]):
        edges = np.flatnonzero(np.diff(dark[row].astype(np.int8)))
        runs = np.diff(edges)
        for at in range(len(runs) - 4):
            fields, line = runs[at : at + 4], runs[at + 4]
            if (
                dark[row, edges[at] + 1]
                and fields.min() > 60
                and np.ptp(fields) < 16
                and 2 < line < 9
            ):
                return int(fields.sum())
    return 0


@pytest.mark.parametrize(
    "name", HOSTILE, ids=lambda name: name[:12].encode("unicode_escape").decode()
)
def test_a_hostile_name_is_printed_as_text(dossiers: Mapping[str, Dossier], name: str) -> None:
    one = dossiers["tobacco-near-school"]
    finding = {**one.finding, "subject_name": name, "object_name": name,
               "subject": {**one.finding["subject"], "address": name}}  # fmt: skip
    read = re.sub(r"\s+", "", text_of(make_sheet(replace(one, finding=finding))))
    letters = re.sub(r"[^A-Za-z0-9一-鿿]", "", printable(name))[:20]
    assert letters in re.sub(r"[^A-Za-z0-9一-鿿]", "", read)


def test_what_cannot_be_printed_is_made_visible() -> None:
    assert printable("信昌烟酒 No. 5") == "信昌烟酒 No. 5"
    assert printable("a\x00b") == "a〓U+0000b"
    assert printable("\u202egpj") == "〓U+202Egpj"
    assert printable("𠮷野家\U0001f600") == "〓U+20BB7野家〓U+1F600"


def test_the_frame_fits_and_its_ratio_is_one_a_ruler_reads() -> None:
    small, large = shapely.Point(109.3, 27.6), shapely.box(109.3, 27.6, 109.35, 27.63)
    for shape in (small, large):
        frame = frame_for([shape], 180, 105)
        assert frame.ratio in RATIOS
        assert frame.box.covers(shape)
    with pytest.raises(ValueError, match="place"):
        frame_for([], 180, 105)


@pytest.mark.parametrize(
    ("lon", "lat", "epsg"), [(109.3, 27.6, 4545), (8.69, 49.41, 32632), (-75.16, 39.95, 32618)]
)
def test_the_plane_is_the_one_of_the_place(lon: float, lat: float, epsg: int) -> None:
    assert frame_for([shapely.Point(lon, lat)], 180, 105).plane.epsg == epsg


def test_degrees_are_written_as_a_reader_writes_them() -> None:
    assert dms(109.5, "EW") == "109°30′00″E"
    assert dms(-75.16, "EW") == "75°09′36″W"
    assert dms(27.609268, "NS") == "27°36′33.36″N"
    assert dms(59.999999, "NS") == "60°00′00″N"


def test_every_word_stands_in_both_languages() -> None:
    for lang in LANGS:
        assert Words(lang)("block.map")
    with pytest.raises(KeyError):
        Words("zh")("no.such")
