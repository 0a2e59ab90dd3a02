"""XML is looked at before any library parses it: no DOCTYPE, hence no entity, gets through."""

from __future__ import annotations

from pathlib import Path
from typing import IO
from xml.parsers import expat

from layers.errors import SourceError

_BLOCK = 1 << 14


class _BodyReached(Exception):  # noqa: N818 - a signal, not an error
    """The root element begins: nothing can be declared any more."""


class _DoctypeFound(Exception):  # noqa: N818 - a signal, not an error
    """The document declares a type: entities may follow."""


def refuse_doctype(stream: IO[bytes], path: Path) -> None:
    """Raise `SourceError` when an XML document declares a DOCTYPE or is no XML at all.

    Every attack by entities (expansion, files, network) needs a DOCTYPE; none of the formats
    read here has one. Only the part before the root element is read.
    """
    parser = expat.ParserCreate()
    parser.StartElementHandler = _stop
    parser.StartDoctypeDeclHandler = _refuse
    try:
        while block := stream.read(_BLOCK):
            parser.Parse(block, False)
        parser.Parse(b"", True)
    except _BodyReached:
        return
    except _DoctypeFound:
        raise SourceError(
            "the file declares XML entities, which can read other files or exhaust the machine",
            remedy="do not use this file; ask its sender for a plain export",
            file=path,
        ) from None
    except (expat.ExpatError, ValueError, LookupError) as error:
        raise damaged_xml(path, getattr(error, "lineno", None)) from error
    raise damaged_xml(path, None)


def damaged_xml(path: Path, line: int | None) -> SourceError:
    """What to say about XML that does not parse."""
    return SourceError(
        "the XML is damaged or cut off", remedy="export or copy the file again",
        file=path, row=line,
    )  # fmt: skip


def _stop(_name: str, _attributes: dict[str, str]) -> None:
    raise _BodyReached


def _refuse(*_declaration: object) -> None:
    raise _DoctypeFound
