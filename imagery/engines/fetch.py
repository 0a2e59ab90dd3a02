"""The result of a task: its archive fetched within limits, the orthophoto taken out and tried."""

from __future__ import annotations

import shutil
import tempfile
import zipfile
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from imagery.engines.client import Engine, said_plainly
from imagery.guard import DEFAULT_LIMITS, Limits, open_raster
from layers.atomic import written_whole
from layers.errors import Cancelled, ImageryError

ORTHOPHOTO = "odm_orthophoto/odm_orthophoto.tif"
_PIECE = 1 << 20


def fetch_orthophoto(  # noqa: PLR0917
    engine: Engine,
    task: str,
    out: Path,
    progress: Callable[[int, int, str], None] | None = None,
    cancelled: Callable[[], bool] | None = None,
    limits: Limits = DEFAULT_LIMITS,
) -> Path:
    """Write the task's orthophoto to `out`, whole or not at all.

    Raises `ImageryError` where it is missing, cut off, larger than `limits.max_bytes` or no raster
    with a coordinate system.
    """
    out.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=out.parent, prefix=".fetch-") as work:
        archive = Path(work) / "all.zip"
        with said_plainly(engine):
            _download(engine, task, archive, limits.max_bytes, progress, cancelled)
        with written_whole(out) as partial:
            _take_out(archive, partial, limits.max_bytes)
            _try(partial, out)
    return out


def _download(  # noqa: PLR0917
    engine: Engine,
    task: str,
    archive: Path,
    most: int,
    progress: Callable[[int, int, str], None] | None,
    cancelled: Callable[[], bool] | None,
) -> None:
    answer = engine.get(f"/task/{task}/download/all.zip", {}, stream=True)
    if isinstance(answer, dict | list):
        raise _unfit("sent no file")
    with closing(answer), archive.open("wb") as file:
        told = int(answer.headers.get("Content-Length") or 0)
        for piece in answer.iter_content(_PIECE):
            if cancelled is not None and cancelled():
                raise Cancelled("fetching the orthophoto was cancelled")
            file.write(piece)
            if file.tell() > most:
                raise _unfit("is larger than this program takes")
            if progress is not None:
                progress(file.tell(), max(told, file.tell()), "download")
        if told and file.tell() != told:
            raise _unfit("was cut off on the way")


def _take_out(archive: Path, target: Path, most: int) -> None:
    """One member by its exact name; nothing else of the archive is unpacked."""
    try:
        with zipfile.ZipFile(archive) as members:
            member = members.getinfo(ORTHOPHOTO)
            if member.file_size > most:
                raise _unfit("is larger than this program takes")
            with members.open(member) as source, target.open("wb") as copy:
                shutil.copyfileobj(source, copy, _PIECE)
    except KeyError:
        raise _unfit("holds no orthophoto") from None
    except (zipfile.BadZipFile, EOFError, NotImplementedError, RuntimeError, OSError,
            ValueError) as error:  # fmt: skip
        raise _unfit(f"is damaged ({str(error)[:80]})") from None


def _try(partial: Path, out: Path) -> None:
    try:
        with open_raster(partial, "GTiff") as dataset:
            placed = dataset.crs is not None
    except ImageryError:
        raise _unfit("is no readable GeoTIFF") from None
    if not placed:
        raise ImageryError(
            "the orthophoto carries no coordinate reference system",
            remedy="the photos carried no positions: run the engine with control points",
            file=out,
        )


def _unfit(what: str) -> ImageryError:
    return ImageryError(
        f"the engine's result {what}",
        remedy="run again with --task and the task's id; if it stays so, look at the task's "
        "output on the engine's page",
    )
