"""XML of somebody else: no DOCTYPE, no entity, bounded size, depth and number of elements."""

from __future__ import annotations

import io
from pathlib import Path
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import iterparse

from imagery.guard.limits import DEFAULT_LIMITS, Limits
from layers.errors import ImageryError

_DEPTH = 100


def parse_xml(path: Path, limits: Limits = DEFAULT_LIMITS) -> Element:
    """The root of an XML file; raises `ImageryError` where it is damaged, huge or hostile."""
    try:
        with path.open("rb") as stream:
            data = stream.read(limits.max_xml_bytes + 1)
    except OSError as error:
        raise ImageryError(f"the file cannot be opened ({type(error).__name__})", file=path,
                           remedy="copy it again") from error  # fmt: skip
    return parse_xml_text(data, path, limits)


def parse_xml_text(data: bytes, path: Path, limits: Limits = DEFAULT_LIMITS) -> Element:
    """The root of XML in memory; `path` names it in errors."""
    if len(data) > limits.max_xml_bytes:
        raise _hostile(path, f"is larger than {limits.max_xml_bytes:,} bytes")
    count = depth = 0
    root: Element | None = None
    try:
        for event, element in iterparse(io.BytesIO(data), ("start", "end"), forbid_dtd=True):
            depth += 1 if event == "start" else -1
            count += event == "start"
            root = element if root is None else root
            if count > limits.max_xml_elements or depth > _DEPTH:
                raise _hostile(path, "has too many or too deeply nested elements")
    except DefusedXmlException as error:
        raise _hostile(path, "declares entities, which can read other files") from error
    except (ParseError, ValueError, LookupError) as error:
        raise ImageryError("the XML is damaged or cut off", file=path,
                           remedy="download or export the product again") from error  # fmt: skip
    if root is None:
        raise ImageryError("the XML is empty", remedy="export it again", file=path)
    return root


def _hostile(path: Path, why: str) -> ImageryError:
    return ImageryError(f"the XML {why}", file=path,
                        remedy="do not use this file; download the product from its source again")  # fmt: skip
