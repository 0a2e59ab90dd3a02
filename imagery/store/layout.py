"""Where everything lies in a store, and the names that may lie there.

    catalog.json                     STAC catalogue of all items (derived, written after a run)
    originals/<aa>/<sha256><ext>     files as received, byte for byte, read-only
    items/<scene_id>.json            STAC item: a scene exists once this file does
    records/<scene_id>.jsonl         collection record, hash-chained
    views/<scene_id>.tif             view copy for the map, derived
    derived/<scene_id>/<role>.*      anything else made from a scene, with its lineage
    refused/<run>.jsonl              what was not taken, and why
    seen/<run>.jsonl                 files already read, so that they are not read again
    candidates/<run>/                what a detector saw, and what people said of it
    index.parquet                    one row per scene, rebuilt from the items when they change
    work/                            staging of runs that are under way

Names come from hashes and fixed words only, so a store moves between systems and no name of
a received file ever becomes a path.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from pathlib import Path

from layers.errors import ImageryError

CATALOG = "catalog.json"
INDEX = "index.parquet"
ORIGINALS, ITEMS, RECORDS, VIEWS = "originals", "items", "records", "views"
DERIVED, REFUSED, SEEN, WORK, LOCKS = "derived", "refused", "seen", "work", "locks"
CANDIDATES = "candidates"
FOLDERS = (ORIGINALS, ITEMS, RECORDS, VIEWS, DERIVED, REFUSED, SEEN, CANDIDATES, WORK, LOCKS)
FOLDER_SUFFIX = ".folder.json"
"""Suffix of the list that stands for a folder received as one scene."""
_SCENE_ID = re.compile(r"[0-9a-f]{16}(?:-[0-9a-f]{8})?")
_ROLE = re.compile(r"[a-z][a-z0-9_]{0,39}")
_SUFFIX = re.compile(r"\.[a-z0-9]{1,8}")


def scene_id(sha256: str, member: str | None = None, again: int = 0) -> str:
    """Id of a scene: 16 hex digits of its original's hash, 8 more for a member of it.

    `again` counts members of the same original whose shorter hash was already taken.
    """
    if member is None:
        return sha256[:16]
    text = member + "\0" * again
    return f"{sha256[:16]}-{hashlib.sha256(text.encode('utf-8', 'surrogatepass')).hexdigest()[:8]}"


def scene_ids(sha256: str, members: Sequence[str | None]) -> tuple[str, ...]:
    """Ids of all scenes of one original, in order, each of them once."""
    found: list[str] = []
    for member in members:
        again, name = 0, member
        while (one := scene_id(sha256, name, again)) in found:
            again, name = again + 1, name or ""
        found.append(one)
    return tuple(found)


def checked_id(text: str) -> str:
    """`text` if it is a scene id; raises `ImageryError` for anything else (never a path)."""
    if not _SCENE_ID.fullmatch(text):
        raise ImageryError("this is no scene id", remedy="take an id from `python -m imagery list`",
                           field=text[:60])  # fmt: skip
    return text


def checked_role(text: str) -> str:
    """`text` if it can name a derived file; raises `ImageryError` for anything else."""
    if not _ROLE.fullmatch(text):
        raise ImageryError("this is no role of a derived file",
                           remedy="use a short word of a-z, 0-9 and _", field=text[:60])  # fmt: skip
    return text


def safe_suffix(name: str) -> str:
    """The suffix of a received name, lower case, or nothing where it is unusual."""
    suffix = Path(name).suffix.lower()
    return suffix if _SUFFIX.fullmatch(suffix) else ""


def shown_name(name: str) -> str:
    """A received name as text that prints and fits into JSON, whatever bytes it had."""
    text = name.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")
    return "".join(c if c.isprintable() else f"\\x{ord(c):02x}" for c in text)
