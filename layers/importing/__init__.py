"""Import: a raw table becomes a layer and a report in which every row is accounted for."""

from layers.importing.importer import Imported, import_file, import_table
from layers.importing.manifest import Manifest, read_manifest, write_manifest
from layers.importing.report import ImportReport, Note, RejectedRow

__all__ = [
    "ImportReport",
    "Imported",
    "Manifest",
    "Note",
    "RejectedRow",
    "import_file",
    "import_table",
    "read_manifest",
    "write_manifest",
]
