"""A dossier becomes a PDF: the drawings beside the rows, set by Typst, tagged and self-contained."""

from __future__ import annotations

import io
import json
import tempfile
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Literal

import segno

from checks import Text
from evidence.dossier import Dossier, Picture
from evidence.glyphs import printable_all
from evidence.sheet.blocks import (
    finding_hash,
    integrity,
    measurement,
    reasons,
    rules,
    sources,
    verdict,
)
from evidence.sheet.captions import caption
from evidence.sheet.frame import RATIOS, MapFrame, frame_for
from evidence.sheet.map_drawing import DrawnMap, draw_locator, draw_map
from evidence.sheet.styles import Style
from evidence.sheet.typeset import page_pictures, typeset
from evidence.words import METRE, Lang, Words, moment

Paper = Literal["A4", "A3"]
_TEMPLATE = Path(__file__).with_name("template.typ")
_BOOK = Path(__file__).with_name("book.typ")
_KEPT = ("check", "subject", "number", "verdict", "value", "title", "label", "made", "made_at",
         "paper", "marking", "reference", "notices", "page", "lang", "watermark")  # fmt: skip
"""What the index needs to know of a sheet."""
_PAINT = {
    "inside": "#b3261e",
    "borderline": "#9a6700",
    "undecided": "#5d5851",
    "outside": "#2e6b3f",
}


@dataclass(frozen=True, slots=True)
class Layout:
    """Millimetres of the paper, of the main map and of the locator."""

    width: int
    height: int
    margin: int
    map_width: float
    map_height: float
    locator: float
    wide: bool
    legend_columns: int


LAYOUTS: Mapping[Paper, Layout] = {
    "A4": Layout(210, 297, 15, 180.0, 105.0, 42.0, wide=False, legend_columns=3),
    "A3": Layout(420, 297, 15, 225.0, 112.0, 42.0, wide=True, legend_columns=2),
}


def make_sheet(dossier: Dossier, *, lang: Lang = "zh", paper: Paper = "A4") -> bytes:
    """The sheet as PDF (PDF/A-3a declared, tagged); the same dossier gives the same bytes.

    Raises `AssetError` where the font is missing and `YichaError` where the text cannot be set.
    """
    with tempfile.TemporaryDirectory(prefix="yicha-sheet-") as folder:
        setting = Setting(Path(folder), lang, paper)
        setting.add(dossier)
        return typeset(setting.book())


def sheet_pictures(
    dossier: Dossier, *, lang: Lang = "zh", paper: Paper = "A4", ppi: float = 110.0
) -> list[bytes]:
    """The pages of the same sheet as PNG, to be looked at before it is made."""
    with tempfile.TemporaryDirectory(prefix="yicha-sheet-") as folder:
        setting = Setting(Path(folder), lang, paper)
        setting.add(dossier)
        return page_pictures(setting.book(), ppi)


class Setting:
    """Sheets being set into one PDF: drawings and rows lie in `work`, Typst reads them at the end."""

    def __init__(self, work: Path, lang: Lang, paper: Paper) -> None:
        self.work, self.words, self.paper = work, Words(lang), paper
        self.tables: list[dict[str, Any]] = []

    def add(self, dossier: Dossier) -> None:
        """Draw and write out one sheet."""
        folder = str(len(self.tables))
        (self.work / folder).mkdir()
        table = _table(dossier, self.words, LAYOUTS[self.paper], Files(self.work, folder))
        shown: dict[str, Any] = printable_all(table)
        text = json.dumps(shown, ensure_ascii=False)
        (self.work / folder / "sheet.json").write_text(text, encoding="utf-8")
        self.tables.append({name: shown[name] for name in _KEPT})

    def book(self, index: Mapping[str, Any] | None = None) -> Path:
        """The file to be set: the index page where there is one, then the sheets in their order."""
        first = self.tables[0]
        book = {"title": (index or first)["title"], "author": "Yicha", "made": first["made"],
                "sheets": [f"{n}/sheet.json" for n in range(len(self.tables))],
                "index": printable_all(index)}  # fmt: skip
        (self.work / "book.json").write_text(json.dumps(book, ensure_ascii=False), encoding="utf-8")
        (self.work / "template.typ").write_bytes(_TEMPLATE.read_bytes())
        file = self.work / "book.typ"
        file.write_bytes(_BOOK.read_bytes())
        return file


@dataclass(frozen=True, slots=True)
class Files:
    """Where one sheet's drawings go: `folder` inside `work`."""

    work: Path
    folder: str

    def write(self, name: str, data: bytes) -> str:
        """Write a file; returns its path as the template reads it."""
        (self.work / self.folder / name).write_bytes(data)
        return f"{self.folder}/{name}"


def _table(dossier: Dossier, words: Words, layout: Layout, files: Files) -> dict[str, Any]:
    """Everything the template reads; the pictures are written beside it."""
    drawn = _maps(dossier, words, layout, files)
    frame = drawn.frame if drawn else None
    made = datetime.fromisoformat(dossier.made_at)
    head = words("sheet.sheet") if words.lang != "both" else "证据图 Evidence sheet"
    return {
        "lang": "en" if words.lang == "en" else "zh", "label": f"sheet-{files.folder}",
        "title": f"{head} · {words.of(dossier.title)}", "check": words.of(dossier.title),
        "subject": str(dossier.finding.get("subject_name") or dossier.finding.get("subject_id") or ""),
        "facts": _facts(dossier, words), "number": dossier.number,
        "made": {"year": made.year, "month": made.month, "day": made.day},
        "made_at": f"{words('sheet.made')} {moment(dossier.made_at)}",
        "page": words("sheet.page", page="{page}", pages="{pages}"),
        "paper": {"width": layout.width, "height": layout.height, "margin": layout.margin, "wide": layout.wide},
        "marking": words("sheet.marking"), "reference": words("sheet.reference"),
        "notices": _notices(dossier, words), "watermark": dossier.watermark, "nowhere": words("map.nowhere"),
        "verdict": {"words": verdict(dossier, words), "paint": _PAINT[dossier.finding["verdict"]]},
        "map_width": layout.map_width, "locator_width": layout.locator,
        "map": _map_facts(drawn, words, layout, dossier, files.folder) if drawn else None,
        "locator": f"{files.folder}/locator.svg" if drawn else None,
        "legend": [_legend(one, words) for one in drawn.legend] if drawn else [],
        "legend_columns": layout.legend_columns,
        "value": _value(dossier, words), "measurement": measurement(dossier, frame, words), "reasons": reasons(dossier, words),
        "rules": rules(dossier, words),
        "sources": {"head": [words(f"source.{n}") for n in ("theme", "provider", "date", "datum", "licence", "hash")],
                    "rows": sources(dossier, words)},
        "pictures": [_shown(n, one, words, files) for n, one in enumerate(dossier.pictures) if one.visit is None],
        "photos": [_shown(n, one, words, files) for n, one in enumerate(dossier.pictures) if one.visit is not None],
        "people": _people(dossier, words), "integrity": integrity(dossier, words),
        "qr": _qr(dossier, words, files),
        "words": {n: words(f"block.{n}") for n in ("locator", "legend", "measurement", "reasons", "rule",
                                                    "sources", "pictures", "photos", "people", "integrity")},
    }  # fmt: skip


def _maps(dossier: Dossier, words: Words, layout: Layout, files: Files) -> DrawnMap | None:
    shapes = [
        shape
        for shape in (dossier.line, dossier.subject)
        if shape is not None and not shape.is_empty
    ]
    if not shapes:
        return None
    frame = frame_for(shapes, layout.map_width, layout.map_height)
    drawn = draw_map(dossier, frame, words.main)
    far = next((ratio for ratio in RATIOS if ratio >= frame.ratio * 20), RATIOS[-1])
    around = MapFrame(frame.plane, frame.centre, far, layout.locator, layout.locator * 0.7)
    files.write("map.svg", drawn.svg)
    files.write("locator.svg", draw_locator(dossier, around, frame))
    return drawn


def _map_facts(
    drawn: DrawnMap, words: Words, layout: Layout, dossier: Dossier, folder: str
) -> dict[str, Any]:
    frame = drawn.frame
    turn, _ = frame.plane.factors(*frame.middle)
    plane = frame.plane
    notes = [
        words("map.scale", ratio=f"{frame.ratio:,}", paper=f"{layout.width} × {layout.height} mm"),
        words("map.north_grid", degrees=f"{abs(turn):.2f}",
              side=_side(turn)),
        words("map.crs", plane=Text(plane.zh, plane.en), epsg=plane.epsg, meridian=f"{plane.meridian:g}"),
        words("map.no_height"), words("map.no_base"), words("sheet.public"),
    ]  # fmt: skip
    alt = f"{words('block.map')}: {words.of(dossier.title)}, 1 : {frame.ratio:,}"
    return {
        "file": f"{folder}/map.svg",
        "width": layout.map_width,
        "height": layout.map_height,
        "notes": notes,
        "alt": alt,
    }


def _value(dossier: Dossier, words: Words) -> str:
    """The measured value in brief, for the index."""
    f = dossier.finding
    if f.get("measured") is None:
        return ""
    unit = METRE[words.main] if f.get("unit") in ("m", "metres") else str(f.get("unit") or "")
    return f"{f['measured']:.1f} {unit}".strip()


def _side(turn: float) -> Text:
    name = "map.east" if turn >= 0 else "map.west"
    return Text(Words("zh")(name), Words("en")(name))


def _facts(dossier: Dossier, words: Words) -> str:
    told = [f"{words('sheet.number')} {dossier.number}"]
    if dossier.case_number:
        told.append(f"{words('sheet.case')} {dossier.case_number}")
    told.append(f"{words('sheet.judged')} {dossier.finding['on_date']}")
    return "　".join(told)


def _notices(dossier: Dossier, words: Words) -> list[str]:
    said = [("sheet.redacted", dossier.redacted), ("sheet.generated", dossier.generated)]
    return [*(words(name) for name, holds in said if holds), *map(words.of, dossier.notices)]


def _legend(style: Style, words: Words) -> dict[str, Any]:
    return {**asdict(style), "name": words.of(Text(style.zh, style.en))}


def _shown(number: int, picture: Picture, words: Words, files: Files) -> dict[str, str]:
    file = files.write(f"picture{number}.{picture.suffix}", picture.data)
    return {"file": file, **asdict(caption(picture, words))}


def _people(dossier: Dossier, words: Words) -> dict[str, Any]:
    named = {one.duty: one for one in dossier.people}
    rows = []
    for duty in ("operator", "second_person", "reviewer", "witness"):
        one = named.get(duty)
        rows.append(
            [
                words(f"people.{duty}"),
                " ".join(filter(None, (one.name, one.identity))) if one else "",
            ]
        )
    head = ["", words("people.name"), words("people.signature"), words("people.day")]
    return {"head": head, "rows": rows}


def _qr(dossier: Dossier, words: Words, files: Files) -> dict[str, str]:
    stream = io.BytesIO()
    text = f"yicha:{dossier.number}:{finding_hash(dossier.finding)}"
    segno.make(text, error="m", micro=False).save(stream, kind="svg", border=1, xmldecl=False)
    return {"file": files.write("qr.svg", stream.getvalue()), "alt": words("integrity.qr")}
