"""`catalog.json`: the STAC catalogue through which other tools find every item of a store."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import pystac

from imagery.store.files import write_durably
from imagery.store.layout import CATALOG, ITEMS
from imagery.store.staging import Run

_DESCRIPTION = (
    "Imagery of this store. Assets `original` are files as received, byte for byte; `view` and "
    "`derived-*` are made from them. 原件按收到时逐字节保存；view 与 derived-* 为派生文件。"
)


def write_catalogue(run: Run, root: Path, scenes: Sequence[str]) -> Path:
    """Write the catalogue with a link to each item, relative, whole or not at all."""
    catalogue = pystac.Catalog("yicha-imagery", _DESCRIPTION, title="Yicha imagery 益察影像库")
    document = catalogue.to_dict(include_self_link=False)
    document["links"] = [
        {"rel": "root", "href": f"./{CATALOG}", "type": "application/json"},
        *({"rel": "item", "href": f"./{ITEMS}/{scene}.json", "type": "application/geo+json"}
          for scene in scenes),
    ]  # fmt: skip
    text = json.dumps(document, ensure_ascii=False, indent=1) + "\n"
    return write_durably(run.partial(), root / CATALOG, text)
