"""Files that travel with a lead (a bundle of evidence): kept by their hash, checked by it on arrival."""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO, Any

from layers.atomic import written_whole
from layers.errors import LeadError

_BLOCK = 1 << 20
_SHA256 = re.compile(r"[0-9a-f]{64}")
_NAME = re.compile(r"[^/\\\x00-\x1f:]{1,200}")


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file beside a package: its name, its hash and its size in bytes."""

    name: str
    sha256: str
    bytes: int

    def as_dict(self) -> dict[str, Any]:
        """As a package tells it."""
        return asdict(self)

    def at(self, folder: Path) -> Path:
        """Where its bytes lie in a folder of attachments."""
        return folder / self.sha256


def read_attachments(told: object) -> tuple[Attachment, ...]:
    """Attachments as a package tells them; `ValueError` where one is none."""
    if not isinstance(told, list):
        raise ValueError("attachments are no list")
    found = [Attachment(**one) for one in told if isinstance(one, dict)]
    for one in found:
        if not (isinstance(one.name, str) and _NAME.fullmatch(one.name) and one.name not in {".", ".."}
                and isinstance(one.sha256, str) and _SHA256.fullmatch(one.sha256)
                and type(one.bytes) is int and one.bytes >= 0):  # fmt: skip
            raise ValueError("an attachment has no good name, hash or size")
    if len(found) < len(told):
        raise ValueError("an attachment is none")
    return tuple(found)


def keep(path: Path, folder: Path, name: str = "") -> Attachment:
    """Copy a file into the folder of attachments, under its hash; `name` is what it is called there."""
    try:
        size = path.stat().st_size
        with path.open("rb") as stream:
            digest = hashlib.file_digest(stream, "sha256").hexdigest()
            stream.seek(0)
            made = Attachment(name or path.name, digest, size)
            take(stream, made, folder)
    except OSError as error:
        raise LeadError(f"the attachment cannot be read: {error.strerror}", file=path,
                        remedy="name a file that is there") from error  # fmt: skip
    return made


def take(stream: IO[bytes], one: Attachment, folder: Path) -> None:
    """Keep the bytes of a stream as this attachment; `LeadError` where they are other ones."""
    if lies_there(one, folder):
        return
    digest, left = hashlib.sha256(), one.bytes
    with written_whole(one.at(folder)) as beside:
        with beside.open("wb") as file:
            while block := stream.read(min(_BLOCK, left + 1)):
                left -= len(block)
                if left < 0:
                    raise _another(one)
                digest.update(block)
                file.write(block)
            file.flush()
            os.fsync(file.fileno())
        if left or digest.hexdigest() != one.sha256:
            raise _another(one)


def lies_there(one: Attachment, folder: Path) -> bool:
    """Whether its bytes are in the folder (they were checked when they were put there)."""
    path = one.at(folder)
    return path.is_file() and path.stat().st_size == one.bytes


def need_all(attachments: Iterable[Attachment], folder: Path) -> None:
    """`LeadError` naming the first that is not in the folder."""
    for one in attachments:
        if not lies_there(one, folder):
            raise LeadError(f"the attachment {one.name} did not come with the package", field="attachments",
                            remedy="nothing was changed; ask the office to hand it over anew")  # fmt: skip


def _another(one: Attachment) -> LeadError:
    return LeadError(f"the attachment {one.name} is not the file its hash names", field="attachments",
                     remedy="nothing was changed; ask the office to hand it over anew")  # fmt: skip
