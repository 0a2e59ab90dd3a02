"""A cache of imports: the same bytes with the same settings are never worked through twice.

`<folder>/<first two>/<key>.parquet` holds the layer, `<key>.json` beside it the report and the
layer's hash. The key is the SHA-256 of the source's bytes, the settings and the code of this
package, so a new version never answers with an old result. The folder may be deleted at any
time; an entry that is damaged is made anew.
"""

from __future__ import annotations

import hashlib
import json
from functools import cache
from pathlib import Path
from typing import Any

from layers.atomic import write_text
from layers.errors import YichaError
from layers.importing.importer import Imported, import_file
from layers.importing.manifest import Manifest, manifest_from_dict
from layers.importing.originals import parts_of
from layers.importing.report import report_from_dict
from layers.layer import Layer, read_layer
from layers.provenance import sha256_of

_PACKAGE = Path(__file__).resolve().parent


def cached_import(
    path: str | Path,
    folder: str | Path,
    *,
    manifest: Manifest,
    trusted: Layer | None = None,
) -> Imported:
    """`layers.importing.import_file`, answered from `folder` where it was done before.

    Refusals are not kept: what raises, raises again. Raises what `import_file` raises.
    """
    entry = _entry(Path(folder), _key(path, manifest, trusted))
    found = _read(entry)
    if found is not None:
        return found
    imported = import_file(path, manifest=manifest, trusted=trusted)
    if imported.layer is None:
        return imported
    _write(entry, imported)
    return _read(entry) or imported  # read back: the first answer is the same as the second


@cache
def code_version() -> str:
    """A hash over the source files of `layers/`: what a cached result was made with."""
    digest = hashlib.sha256()
    for file in sorted(p for p in _PACKAGE.rglob("*") if p.suffix in (".py", ".toml")):
        digest.update(file.relative_to(_PACKAGE).as_posix().encode() + b"\0" + file.read_bytes())
    return digest.hexdigest()


def _key(path: str | Path, manifest: Manifest, trusted: Layer | None) -> str:
    parts = (
        [part.name + ":" + sha256_of(part) for part in parts_of(path)]
        if Path(path).exists()
        else []
    )
    told = {
        "source": parts,
        "settings": manifest.as_dict(),
        "trusted": None if trusted is None else [p.sha256 for p in trusted.provenance],
        "code": code_version(),
    }
    plain = json.dumps(told, sort_keys=True, ensure_ascii=False, default=list)
    return hashlib.sha256(plain.encode("utf-8")).hexdigest()


def _entry(folder: Path, key: str) -> Path:
    return folder / key[:2] / f"{key}.parquet"


def _read(entry: Path) -> Imported | None:
    """The cached import, or `None` where there is none or it is damaged."""
    try:
        table: dict[str, Any] = json.loads(entry.with_suffix(".json").read_text(encoding="utf-8"))
        if sha256_of(entry) != table["layer_sha256"]:
            return None
        report = report_from_dict(table["report"])
        return Imported(read_layer(entry), report, manifest_from_dict(table["manifest"]))
    except (OSError, ValueError, KeyError, TypeError, AttributeError, YichaError):
        return None


def _write(entry: Path, imported: Imported) -> None:
    assert imported.layer is not None
    imported.layer.write(entry)
    table = {
        "report": imported.report.as_dict(),
        "manifest": imported.manifest.as_dict(),
        "layer_sha256": sha256_of(entry),
    }
    write_text(entry.with_suffix(".json"), json.dumps(table, ensure_ascii=False))
