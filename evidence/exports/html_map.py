"""One HTML file with a map of the leads: opens from a disk, asks nobody for anything, runs nothing of the data.

Its content-security policy names the hashes of the two scripts and of the style; nothing else may
run and nothing may be fetched. The data lie in it as JSON and reach the page as text.
"""

from __future__ import annotations

import base64
import hashlib
import html
import json
import re
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from evidence.dossier import Dossier
from evidence.exports.html_data import page_data
from evidence.exports.surroundings import RADII_M, surroundings
from evidence.exports.texts import visible, visible_all
from evidence.words import Lang, Words
from layers.errors import AssetError

MOST_BYTES = 3_000_000
"""The surroundings are drawn as far out as this leaves room for."""
LEAFLET = Path(__file__).resolve().parents[2] / "ui" / "assets" / "dist" / "leaflet"
_HERE = Path(__file__).parent
_MARK = re.compile(r"@@(\w+)@@")
_PICTURE = re.compile(r"url\(([\w./-]+\.png)\)")


def html_map(dossiers: Sequence[Dossier], *, lang: Lang = "zh", watermark: str = "") -> bytes:
    """The page in UTF-8, smaller than `MOST_BYTES` where the leads themselves are.

    It begins in `lang` and switches between Chinese and English. Raises `AssetError` where the
    map library has not been installed.
    """
    told = visible_all(page_data(dossiers, watermark=visible(watermark)))
    room = MOST_BYTES - len(_page(told, lang))
    for radius in RADII_M:
        told["around"] = visible_all(surroundings(dossiers, radius))
        told["radius"] = radius
        if len(_json(told["around"])) <= room:
            break
    return _page(told, lang)


def _page(told: Mapping[str, Any], lang: Lang) -> bytes:
    words, first = Words("en" if lang == "en" else "zh"), "en" if lang == "en" else "zh"
    scripts = {"LEAFLET": _leaflet(), "PROGRAM": (_HERE / "page.js").read_text(encoding="utf-8")}
    style = _leaflet_style() + (_HERE / "page.css").read_text(encoding="utf-8")
    parts = {
        **scripts, "STYLE": style, "DATA": _json(told), "LANG": "zh-CN" if first == "zh" else "en",
        "TITLE": html.escape(words("page.title")), "POLICY": _policy(scripts.values(), style),
    }  # fmt: skip
    page = (_HERE / "page.html").read_text(encoding="utf-8")
    return _MARK.sub(lambda m: parts[m[1]], page).encode("utf-8")


def _policy(scripts: Any, style: str) -> str:  # noqa: ANN401 - the values of a table
    allowed = " ".join(_hash(one) for one in scripts)
    return (f"default-src 'none'; script-src {allowed}; style-src {_hash(style)}; img-src data:; "
            "base-uri 'none'; form-action 'none'")  # fmt: skip


def _hash(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode('utf-8')).digest()).decode()}'"


def _json(value: Any) -> str:  # noqa: ANN401 - JSON is anything
    """JSON that ends no script element and begins no comment."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
    return text.replace("&", "\\u0026").replace("<", "\\u003c").replace(">", "\\u003e")


@cache
def _leaflet() -> str:
    text = _asset("leaflet.js").decode("utf-8").replace("\r\n", "\n")
    return re.sub(r"\n?//# sourceMappingURL=.*", "", text)


@cache
def _leaflet_style() -> str:
    """The library's style with its pictures inside."""

    def inside(found: re.Match[str]) -> str:
        raw = base64.b64encode(_asset(found[1])).decode()
        return f"url(data:image/png;base64,{raw})"

    return _PICTURE.sub(inside, _asset("leaflet.css").decode("utf-8").replace("\r\n", "\n"))


def _asset(name: str) -> bytes:
    file = LEAFLET / name
    if not file.is_file():
        raise AssetError("the map library is not installed", file=file,
                         remedy="run `python -m ui assets` once, or unpack the offline bundle")  # fmt: skip
    return file.read_bytes()
