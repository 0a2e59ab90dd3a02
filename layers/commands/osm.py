"""Read an OpenStreetMap extract: a layer per theme found, and the walking network.

Writes DIR/<theme>.parquet and DIR/walking/, prints what was found, what was incomplete and what
the extract has nothing of. Layers that an earlier run wrote are replaced and kept as versions
(`python -m layers history`, `undo`); a file of another source under the same name is never touched.
"""

from __future__ import annotations

import argparse
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path

from layers.commands.import_ import language
from layers.errors import LayerError, NetworkError
from layers.folder import WALKING
from layers.layer import Layer, read_layer
from layers.shelf import Shelf
from layers.sources.osm_extract import SOURCE, OsmExtract, read_extract
from layers.sources.osm_notes import Lang, Note
from layers.themes import THEMES
from layers.walking import WalkNetwork, build_network

_WORDS = {
    "rows": ("行", "rows"),
    "walking": ("步行网络", "walking network"),
    "no_walking": ("没有步行网络", "no walking network"),
    "removed": ("已删除上次运行留下的", "removed, left by an earlier run"),
    "notes": ("说明", "Notes"),
    "absent": ("本提取中没有（不等于实地没有）", "Not in this extract (not the same as none on the ground)"),
}  # fmt: skip


def add(parser: argparse.ArgumentParser) -> None:
    """Arguments of the command."""
    parser.add_argument("file", type=Path, metavar="FILE", help=".osm.pbf, .osm, .osm.gz, .osm.bz2")
    parser.add_argument(
        "--out", type=Path, required=True, metavar="DIR", help="layer folder to write into"
    )
    parser.add_argument(
        "--proxy-tobacco", action="store_true",
        help="take convenience shops, kiosks and supermarkets as candidates for tobacco sellers",
    )  # fmt: skip
    parser.add_argument("--by", default="", metavar="NAME", help="who does it, for the record")
    parser.add_argument("--lang", choices=["zh", "en"], help="language of the report")


def run(arguments: argparse.Namespace) -> int:
    """Read everything first, then write: a file that fails leaves the folder as it was."""
    lang: Lang = "zh" if (arguments.lang or language()) == "zh" else "en"
    extract = read_extract(arguments.file, proxy_tobacco=arguments.proxy_tobacco)
    network, problem = _network(arguments.file)
    folder: Path = arguments.out
    ours = _files_of_earlier_run(folder, extract)
    stale = [file for file in ours if file.stem not in extract.layers]
    _put(Shelf(folder), extract, stale, arguments.by)
    if network is not None:
        network.save(folder / WALKING)
    elif (folder / WALKING).is_dir():
        shutil.rmtree(folder / WALKING)
        stale.append(folder / WALKING)
    print("\n".join(_report(extract, network, problem, stale, lang)))
    return 0


def _put(shelf: Shelf, extract: OsmExtract, stale: Sequence[Path], by: str) -> None:
    """Let every layer stand as its newest version, and of those the extract has not, none."""
    at = datetime.now().astimezone().isoformat(timespec="seconds")
    with tempfile.TemporaryDirectory() as made:
        for name, layer in extract.layers.items():
            file = layer.write(Path(made) / f"{name}.parquet")
            shelf.put(name, file, _told(layer), by=by, at=at)
    for file in stale:
        shelf.take_down(file.stem, by=by, at=at, why=extract.path.name)


def _told(layer: Layer) -> dict[str, object]:
    """What is recorded of a version."""
    source = layer.provenance[0]
    return {"theme": layer.theme.name, "rows": len(layer), "file": source.file,
            "sources": (source.sha256,), "datum": source.datum}  # fmt: skip


def _network(file: Path) -> tuple[WalkNetwork | None, str]:
    """The network, or why there is none: an extract without ways still has its themes."""
    try:
        return build_network(file), ""
    except NetworkError as error:
        return None, str(error)


def _files_of_earlier_run(folder: Path, extract: OsmExtract) -> list[Path]:
    """Layer files in `folder` that this command wrote; refuses where another source's is meant."""
    ours: list[Path] = []
    for file in sorted(folder.glob("*.parquet")):
        if file.stem not in THEMES:
            continue
        sources = {entry.source for entry in read_layer(file).provenance}
        if sources == {SOURCE}:
            ours.append(file)
        elif file.stem in extract.layers:
            raise LayerError(
                f"the folder has a layer {file.stem} of another source ({', '.join(sources)})",
                remedy="choose another --out, or give that file another name: several files of a "
                "theme are read together",
                file=file,
            )
    return ours


def _report(
    extract: OsmExtract,
    network: WalkNetwork | None,
    problem: str,
    stale: Sequence[Path],
    lang: Lang,
) -> Iterator[str]:
    say = {key: words[lang == "en"] for key, words in _WORDS.items()}
    for name, layer in extract.layers.items():
        title = THEMES[name].zh if lang == "zh" else THEMES[name].en
        yield f"{name:<20} {len(layer):>8,} {say['rows']}   {title}"
    if network is None:
        yield f"{'-':<20} {0:>8} {say['rows']}   {say['no_walking']}: {problem}"
    else:
        kilometres = network.edge_m.sum() / 1000
        yield f"{WALKING:<20} {len(network.edge_m):>8,} {say['rows']}   {say['walking']}, {kilometres:,.1f} km"
    for file in stale:
        yield f"{say['removed']}: {file.name}"
    yield from _remarks(extract.notes, say["notes"], lang)
    yield f"{say['absent']}: {', '.join(extract.absent) or '-'}"


def _remarks(notes: Sequence[Note], title: str, lang: Lang) -> Iterator[str]:
    told = [remark for remark in notes if remark.code != "absent"]
    if told:
        yield f"{title}:"
    for remark in told:
        yield f"  {remark.theme or '-'}: {remark.text(lang)}"
