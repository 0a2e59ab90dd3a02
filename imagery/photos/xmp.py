"""XMP as plain values: only the words of drones, from a packet of 64 KiB at most."""

from __future__ import annotations

from collections.abc import Mapping
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

_KNOWN = {
    "http://www.dji.com/drone-dji/1.0/": "drone-dji",
    "http://pix4d.com/camera/1.0": "Camera",
    "http://pix4d.com/camera/1.0/": "Camera",
    "http://ns.adobe.com/xap/1.0/": "xmp",
}
_KEPT = {"xmp": ("CreatorTool",)}
_MAX_VALUES, _LONGEST = 256, 200


def read_xmp(packet: bytes) -> Mapping[str, str] | None:
    """Values by `prefix:Name` (`drone-dji:GimbalYawDegree`), as attributes or elements.

    Empty without a packet, None where the packet is no harmless XML.
    """
    body = packet.strip(b"\x00 \r\n\t")
    if not body:
        return {}
    try:
        root = fromstring(body, forbid_dtd=True)
    except (ParseError, DefusedXmlException, ValueError, LookupError):
        return None
    values: dict[str, str] = {}
    for element in root.iter():
        for name, value in _words(element):
            if len(values) < _MAX_VALUES:
                values.setdefault(name, value.strip()[:_LONGEST])
    return values


def _words(element: Element) -> list[tuple[str, str]]:
    found = [*element.attrib.items(), (element.tag, element.text or "")]
    return [(name, value) for tag, value in found
            if isinstance(tag, str) and value.strip() and (name := _name(tag))]  # fmt: skip


def _name(tag: str) -> str | None:
    space, _, name = tag.removeprefix("{").partition("}")
    prefix = _KNOWN.get(space)
    if prefix is None or name not in _KEPT.get(prefix, (name,)):
        return None
    return f"{prefix}:{name}"
