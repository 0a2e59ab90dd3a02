"""The one place where exceptions of file libraries become `SourceError`.

openpyxl, xlrd, GDAL, pyarrow and shapely raise whatever a damaged byte leads them to (KeyError,
struct.error, AssertionError, IndexError, …). No list of classes would be complete, so the one
broad `except` of the readers stands here, around the library's call and nothing else.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from layers.errors import SourceError, YichaError


@contextmanager
def foreign(path: Path, what: str, remedy: str = "open and save it again") -> Iterator[None]:
    """Run a file library: its warnings are silenced, its exceptions become `SourceError`.

    Parameters
    ----------
    path : the file, named in the message.
    what : the format in words, such as "Excel workbook".
    remedy : what the user can do when the library gives up.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    except YichaError:
        raise
    except MemoryError as error:
        raise SourceError(
            f"the {what} asks for more memory than there is",
            remedy="it is damaged or hostile; ask for a new export, or split it", file=path,
        ) from error  # fmt: skip
    except Exception as error:
        reason = " ".join(str(error).split())[:160]
        raise SourceError(
            f"the {what} is damaged ({type(error).__name__}{': ' if reason else ''}{reason})",
            remedy=remedy,
            file=path,
        ) from error
