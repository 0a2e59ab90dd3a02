"""Bytes to text: the encoding is found by strict trial, never by a guess alone.

Order: byte order mark, UTF-16 without one, UTF-8, GB18030 (which contains GBK). A file that
is neither is refused with the wish to name its encoding, rather than read wrongly; a few
damaged bytes in an otherwise sound file become U+FFFD, which the table reader reports by row.
"""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass
from pathlib import Path

from layers.errors import SourceError
from layers.sources.header_words import header_hits

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_SAMPLE = 1 << 16
_DAMAGED_SHARE = 0.02
_SIGN = re.compile(rb"[\x81-\xfe](?:[0-9][\x81-\xfe][0-9]|[\x30-\xfe])")
_EVERYDAY = re.compile(rb"[\xa1-\xa3\xb0-\xd7][\xa1-\xfe]")
_COMMON_SHARE = 0.7
REPLACEMENT = "\ufffd"
_NAME_IT = "name the encoding, for example encoding='gb18030', 'utf-8', 'big5' or 'cp1252'"


@dataclass(frozen=True, slots=True)
class Decoded:
    """Text with the encoding it was read in and what a person should know about it."""

    text: str
    encoding: str
    notes: tuple[str, ...] = ()


def decode(data: bytes, file: Path, encoding: str | None = None) -> Decoded:
    """Decode a text file; raises `SourceError` when no encoding fits.

    Parameters
    ----------
    data : the whole file, unpacked.
    file : named in error messages.
    encoding : the encoding the user declares; it is obeyed strictly.
    """
    found = _declared(data, file, encoding) if encoding else _detect(data, file)
    return _without_nul(found)


def _declared(data: bytes, file: Path, encoding: str) -> Decoded:
    try:
        return Decoded(data.decode(encoding).removeprefix("\ufeff"), encoding)
    except LookupError:
        raise SourceError(
            f"there is no text encoding {encoding!r}", remedy=_NAME_IT, file=file
        ) from None
    except UnicodeError as error:
        row = data.count(b"\n", 0, getattr(error, "start", 0)) + 1
        raise SourceError(
            f"the file is not {encoding}", remedy=f"leave the encoding out or {_NAME_IT}",
            file=file, row=row,
        ) from None  # fmt: skip


def _detect(data: bytes, file: Path) -> Decoded:
    for mark, name in _MARKS:
        if data.startswith(mark):
            return _marked(data, name, file)
    wide = _wide_without_mark(data)
    if wide:
        return _marked(data, wide, file)
    found = _sound(data) or _damaged(data)
    if found is None:
        raise SourceError(
            "the text is neither UTF-8 nor GBK nor UTF-16", remedy=_NAME_IT, file=file
        )
    return found


def _sound(data: bytes) -> Decoded | None:
    """The text when every byte fits UTF-8, or fits GB18030 and looks Chinese."""
    utf8 = _strict(data, "utf-8")
    if utf8 is not None and data.isascii():
        return Decoded(utf8, "utf-8")
    gb = _strict(data, "gb18030")
    if utf8 is not None:
        better = gb is not None and _head_hits(gb) > 0 == _head_hits(utf8)
        return Decoded(gb, "gb18030") if gb is not None and better else Decoded(utf8, "utf-8")
    if gb is None or not _looks_chinese(data) or _slightly_damaged(data, "utf-8"):
        return None
    return Decoded(gb, "gb18030")


def _damaged(data: bytes) -> Decoded | None:
    """The text when all but a few bytes fit."""
    lossy = _slightly_damaged(data, "utf-8")
    if lossy is None and _looks_chinese(data):
        lossy = _slightly_damaged(data, "gb18030")
    return lossy


def _marked(data: bytes, name: str, file: Path) -> Decoded:
    text = _strict(data, name)
    if text is not None:
        return Decoded(text.removeprefix("\ufeff"), name)
    lossy = _slightly_damaged(data, name)
    if lossy is not None:
        return lossy
    raise SourceError(
        f"the file begins as {name} but is damaged further on",
        remedy="export it again, or open and save it as UTF-8",
        file=file,
    )


def _strict(data: bytes, name: str) -> str | None:
    try:
        return data.decode(name)
    except UnicodeError:
        return None


def _slightly_damaged(data: bytes, name: str) -> Decoded | None:
    """The text with U+FFFD for damaged bytes, if they are few among the non-ASCII ones."""
    text = data.decode(name, errors="replace").removeprefix("\ufeff")
    bad = text.count(REPLACEMENT)
    foreign = len(text) - len(text.encode("ascii", errors="ignore"))
    if bad == 0 or bad > max(3, foreign * _DAMAGED_SHARE) or foreign <= 4 * bad:
        return None
    note = f"{bad} damaged characters could not be read as {name} and stand as {REPLACEMENT}"
    return Decoded(text, name, (note,))


def _wide_without_mark(data: bytes) -> str | None:
    """UTF-16 without a byte order mark shows as zero bytes in every second place."""
    sample = data[:_SAMPLE]
    if len(sample) < 4 or sample.count(0) < len(sample) // 8:
        return None
    even, odd = sample[0::2].count(0), sample[1::2].count(0)
    if odd > 4 * even:
        return "utf-16-le"
    return "utf-16-be" if even > 4 * odd else None


def _looks_chinese(data: bytes) -> bool:
    """Whether the byte pairs are mostly everyday characters and full-width signs.

    GB18030 accepts nearly any bytes: text in cp1252 or Big5 decodes into rare characters.
    """
    signs = _SIGN.findall(data[: 16 * _SAMPLE])
    common = sum(1 for sign in signs if _EVERYDAY.fullmatch(sign))
    return bool(signs) and common >= _COMMON_SHARE * len(signs)


def _head_hits(text: str) -> int:
    return header_hits(re.split(r"[,;\t|\n\r]", text[:4096]))


def _without_nul(found: Decoded) -> Decoded:
    count = found.text.count("\0")
    if not count:
        return found
    note = f"{count} zero bytes removed"
    return Decoded(found.text.replace("\0", ""), found.encoding, (*found.notes, note))
