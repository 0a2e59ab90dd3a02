"""Names of archive members: which of them may become a file in the working folder."""

from __future__ import annotations

import contextlib
import re
import unicodedata

from imagery.guard.limits import Limits

_RESERVED = re.compile(
    r"^(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³]|conin\$|conout\$)(\..*)?$", re.IGNORECASE
)
_FORBIDDEN = set('<>:"|?*')
_DROPPED = (".ds_store", "thumbs.db", "desktop.ini")
_NESTED = (".zip", ".rar", ".7z", ".tar", ".gz", ".tgz", ".bz2", ".xz", ".zst", ".kmz", ".iso",
           ".cab", ".jar")  # fmt: skip
_MOST_PARTS = 16


def repaired_name(name: str, *, utf8: bool) -> str:
    """The name as its writer meant it: Windows in China packs names in GBK without saying so."""
    if not utf8 and not name.isascii():
        with contextlib.suppress(UnicodeError):
            name = name.encode("cp437").decode("gbk")
    return name.replace("\\", "/")


def is_clutter(name: str) -> bool:
    """True for what systems put into archives on their own."""
    parts = [part.lower() for part in name.split("/")]
    return "__macosx" in parts or parts[-1] in _DROPPED or parts[-1].startswith("._")


def is_nested_archive(name: str) -> bool:
    """True where the name says archive."""
    return name.lower().endswith(_NESTED)


def name_problem(name: str, limits: Limits) -> str | None:
    """Why a member's name (`/` parts folders) may not be written, or None."""
    parts = name.removesuffix("/").split("/")
    problems = (
        (len(name) > limits.max_name or len(parts) > _MOST_PARTS, "is too long or too deep"),
        (":" in name or any(part in ("", ".", "..") for part in parts), "leads out of the archive"),
        (any(_unprintable(char) for char in name), "holds signs that are not shown"),
        (any(char in _FORBIDDEN for char in name), "holds signs that Windows does not allow"),
        (
            any(_RESERVED.match(part) or part[-1:] in (" ", ".") for part in parts),
            "is reserved by Windows or ends in a dot or space",
        ),
    )
    return next((why for bad, why in problems if bad), None)


def _unprintable(char: str) -> bool:
    """Control, format (zero width, direction), surrogate and unassigned signs."""
    return unicodedata.category(char) in ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp")


def folded(name: str) -> str:
    """The name as a system that ignores case and composition sees it."""
    return unicodedata.normalize("NFKC", name).casefold()
