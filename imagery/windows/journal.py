"""Which windows are finished, with their results: one line each, so that a kill costs one window."""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Self

from imagery.windows.reading import Source
from imagery.windows.results import from_text, to_text

_HEAD = "yicha-windows 1 "
_EDGE = 2**20


class Journal:
    """Finished windows in the file `path`, made anew where it belongs to other work.

    A line torn by a kill, and all after it, is cut off. Use it as a context manager.
    """

    def __init__(self, path: Path, key: str) -> None:
        self._path, self._key = path, key
        self._file: IO[bytes] | None = None
        self.finished: dict[int, Any] = {}

    def __enter__(self) -> Self:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        length = self._read() if self._path.is_file() else 0
        self._file = self._path.open("r+b" if length else "wb")
        self._file.truncate(length)
        self._file.seek(length)
        if not length:
            self._append(f"{_HEAD}{self._key}\n")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:  # fmt: skip
        if self._file is not None:
            self._file.close()

    def add(self, index: int, result: object) -> None:
        """A window is finished; the line is with the operating system when this returns."""
        body = f"{index}\t{to_text(result)}"
        self._append(f"{zlib.crc32(body.encode('utf-8')):08x}\t{body}\n")

    def _append(self, line: str) -> None:
        assert self._file is not None
        self._file.write(line.encode("utf-8"))
        self._file.flush()

    def _read(self) -> int:
        """Fill `finished`; returns how many bytes of the file hold."""
        length = 0
        with self._path.open("rb") as file:
            for number, line in enumerate(file):
                if not line.endswith(b"\n") or not self._take(number, line[:-1]):
                    break
                length += len(line)
        return length

    def _take(self, number: int, line: bytes) -> bool:
        if number == 0:
            return line == f"{_HEAD}{self._key}".encode()
        check, _, body = line.partition(b"\t")
        if check != f"{zlib.crc32(body):08x}".encode():
            return False
        index, _, text = body.decode("utf-8").partition("\t")
        self.finished[int(index)] = from_text(text)
        return True


def key_of(source: Source, function: object, settings: Mapping[str, Any]) -> str:
    """What a journal belongs to: the pixels, how they are cut, the function and its settings.

    Of the file its size, time of change and first and last mebibyte count.
    """
    told = source.path.stat()
    digest = hashlib.sha256(f"{told.st_size} {told.st_mtime_ns}".encode())
    with source.path.open("rb") as file:
        digest.update(file.read(_EDGE))
        file.seek(max(0, told.st_size - _EDGE))
        digest.update(file.read(_EDGE))
    cut = (source.driver, source.width, source.height, source.indexes, source.block, source.size,
           source.halo, source.placement, source.nodata)  # fmt: skip
    digest.update(repr((cut, _name(function), sorted(settings.items()))).encode("utf-8"))
    return digest.hexdigest()


def _name(function: object) -> str:
    """The function's name and, of a `functools.partial`, what it was given."""
    inner = getattr(function, "func", None)
    if inner is not None:
        return f"{_name(inner)} {getattr(function, 'args', ())!r} {getattr(function, 'keywords', {})!r}"
    module = getattr(function, "__module__", type(function).__module__)
    return f"{module}.{getattr(function, '__qualname__', type(function).__qualname__)}"
