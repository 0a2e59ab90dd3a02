"""Import a layer again from its kept original with another datum, without asking for the file again.

`mend FOLDER/school.parquet --datum gcj02` takes the original and the settings of the version that
stands; the version before stays and `undo` brings it back.
"""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path

from layers.commands.import_ import language, put
from layers.errors import LayerError
from layers.shelf import Shelf, ground_of, prepare, raw_table
from layers.shelf.mending import settings_to_mend


def add(parser: argparse.ArgumentParser) -> None:
    """The layer file, the datum, who."""
    parser.add_argument("layer", type=Path, help="layer file (.parquet)")
    parser.add_argument(
        "--datum", required=True, help="what the coordinates of the file really are in"
    )
    parser.add_argument("--by", default="", metavar="NAME", help="who does it, for the record")
    parser.add_argument("--lang", choices=["zh", "en"])


def run(arguments: argparse.Namespace) -> int:
    """Import again and print the report."""
    shelf, name = Shelf(arguments.layer.parent), arguments.layer.stem
    original, manifest, shown = settings_to_mend(shelf, name)
    told = manifest.with_(datum=arguments.datum)
    table = raw_table(original, told, shown)
    ground = ground_of(shelf.folder, str(told.theme), table.sha256)
    with tempfile.TemporaryDirectory() as made:
        layer = Path(made) / "layer.parquet"
        taken = prepare(table, told, shelf, layer, ground)
        print(taken.imported.report.text(arguments.lang or language()))
        if taken.imported.layer is None:
            raise LayerError("no row is left with this datum", field="datum",
                             remedy="try `python -m layers look` to see the readings")  # fmt: skip
        put(taken, layer, arguments.layer, by=arguments.by, file=shown)
    return 0
