"""Look at a file before it is imported: columns, proposal, and where it would lie in each datum.

Nothing is written. `--folder` names the layer folder whose schools, streets and buildings are asked.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from layers.commands.import_ import language
from layers.importing.look import look_at
from layers.importing.manifest import Manifest
from layers.shelf import ground_of, raw_table

_WORDS = {
    "rows": ("行数", "rows"), "header": ("表头行", "header row"), "columns": ("列", "columns"),
    "proposed": ("对应建议", "proposal"), "open": ("需选择", "to be chosen"),
    "declared": ("文件声明的坐标系", "datum declared"), "inside": ("落在辖区内", "inside the county"),
    "built": ("落在建筑物上", "on a building"), "off": ("与同名地点偏差（米）", "metres off places of the same name"),
}  # fmt: skip


def add(parser: argparse.ArgumentParser) -> None:
    """The file, its theme, how it is read, the folder to compare with."""
    parser.add_argument("file", type=Path)
    parser.add_argument("--theme", required=True)
    parser.add_argument("--folder", type=Path, help="layer folder to compare with")
    parser.add_argument("--encoding")
    parser.add_argument("--sheet")
    parser.add_argument("--table")
    parser.add_argument("--header-row", type=int)
    parser.add_argument("--json", action="store_true", help="all of it, as JSON")
    parser.add_argument("--lang", choices=["zh", "en"])


def run(arguments: argparse.Namespace) -> int:
    """Print what the file looks like."""
    names = ("theme", "encoding", "sheet", "table", "header_row")
    manifest = Manifest().with_(**{name: getattr(arguments, name) for name in names})
    table = raw_table(arguments.file, manifest)
    ground = ground_of(arguments.folder or Path(), str(manifest.theme), table.sha256)
    found = look_at(table, manifest, ground)
    if arguments.json:
        sys.stdout.write(json.dumps(found, ensure_ascii=False, indent=1) + "\n")
        return 0
    lang = 0 if (arguments.lang or language()) == "zh" else 1
    sys.stdout.writelines(line + "\n" for line in _lines(found, lang))
    return 0


def _lines(found: Mapping[str, Any], lang: int) -> Iterator[str]:
    def say(key: str) -> str:
        return _WORDS[key][lang]

    read = ", ".join(str(found[key]) for key in ("format", "encoding", "sheet") if found[key])
    yield f"{found['file']} ({read}) {say('rows')} {found['rows']}, {say('header')} {found['header_row']}"
    yield from (f"  {note}" for note in found["notes"])
    for column in found["columns"]:
        field = next(
            (name for name, header in found["mapping"].items() if header == column["header"]), ""
        )
        yield f"  {column['header']}\t{column['filled']:.0%}\t{field}\t{column['personal'] or ''}".rstrip()
    yield from (
        f"  {say('open')}: {name} ← {', '.join(headers)}" for name, headers in found["open"].items()
    )
    if found["declared"]:
        yield f"  {say('declared')}: {found['declared']}"
    told = found["datum"]
    if told:
        yield f"  {told['en' if lang else 'zh']}"
        for one in told["readings"]:
            yield (f"  {one['datum']}\t{say('inside')} {one['inside']}/{one['read']}\t{say('built')} {one['built']}"
                   f"\t{say('off')} {one['offset_m']}")  # fmt: skip
