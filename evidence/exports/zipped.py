"""Zip files that are the same for the same content: order as given, one time for all."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterable

_TIME = (1980, 1, 1, 0, 0, 0)
_MODIFIED = re.compile(rb"(<dcterms:modified[^>]*>)[^<]*(</dcterms:modified>)")
_CORE = "docProps/core.xml"


def zipped(files: Iterable[tuple[str, bytes]]) -> bytes:
    """The files in a zip, compressed."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files:
            info = zipfile.ZipInfo(name, _TIME)
            info.compress_type, info.external_attr = zipfile.ZIP_DEFLATED, 0o600 << 16
            archive.writestr(info, data)
    return stream.getvalue()


def settled(office_file: bytes, made_at: str) -> bytes:
    """A .xlsx or .docx whose times are those of `made_at` (ISO), not of the clock that wrote it."""
    stamp = rb"\g<1>" + made_at[:19].encode("ascii") + rb"Z\g<2>"
    with zipfile.ZipFile(io.BytesIO(office_file)) as archive:
        parts = [(name, archive.read(name)) for name in archive.namelist()]
    return zipped((name, _MODIFIED.sub(stamp, data) if name == _CORE else data) for name, data in parts)  # fmt: skip
