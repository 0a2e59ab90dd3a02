"""What is kept of one version of a layer file: who brought it when, from what, how good it is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any

IMPORTED, FOUND = "imported", "found"
"""How a version came: by an import, or it lay there already when the first import came."""
UNDONE, BROUGHT_BACK = "undone", "brought_back"


@dataclass(frozen=True, slots=True)
class Version:
    """One version of a layer file.

    `number` counts from 1; `before` is the version that stood when it was put up (0: none); `at` is
    ISO with offset; `sources` are the hashes of the originals; `counts` holds rows in, out,
    rejected, set aside and unplaced; `doubt` says which datum the known places speak for, where
    it is another one; `deeds` tell what was done with it later, by whom and why.
    """

    number: int
    before: int
    kind: str
    at: str
    by: str
    theme: str
    rows: int
    layer_sha256: str
    file: str = ""
    sources: tuple[str, ...] = ()
    datum: str = ""
    manifest: Mapping[str, Any] | None = None
    counts: Mapping[str, int] | None = None
    quality: Mapping[str, Any] | None = None
    doubt: Mapping[str, Any] | None = None
    deeds: tuple[Mapping[str, Any], ...] = ()

    @property
    def undone(self) -> bool:
        """Whether it was taken back and not brought back since."""
        return bool(self.deeds) and self.deeds[-1]["what"] == UNDONE

    def after(self, what: str, *, by: str, at: str, why: str, **more: int) -> Version:
        """The same with one more deed; `to` is what stands after it, where that is not `before`."""
        deed = {"what": what, "by": by, "at": at, "why": why, **more}
        return replace(self, deeds=(*self.deeds, deed))

    def as_dict(self) -> dict[str, Any]:
        """Plain JSON types."""
        return asdict(self)


def version_from_dict(told: Mapping[str, Any]) -> Version:
    """What `as_dict` wrote; raises `TypeError` or `KeyError` for anything else."""
    return Version(**{**told, "sources": tuple(told["sources"]), "deeds": tuple(told["deeds"])})
