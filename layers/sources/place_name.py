"""An OpenStreetMap extract of a named place, fetched only when the user asks to be online.

The one file of the project that may open a connection. Everything else reads files; what is
fetched here is written as an `.osm` file and read like any other extract.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import BinaryIO

from layers.atomic import written_whole
from layers.errors import SourceError

LONGEST_NAME = 200
WIDEST_DEGREES = 0.5
"""A county town; beyond that the public server refuses and a regional extract is the way."""
LARGEST_BYTES = 2 << 30
_BLOCK = 1 << 16
_TAIL = 64
_INSIDE = "[out:xml][timeout:{timeout}];(node({box});<;);(._;>;);out body qt;"
"""Overpass: all nodes of the box, what uses them, and the other nodes of those."""


def extract_of_place(
    name: str, out: str | Path, *, online: bool = False, timeout_s: int = 180,
    nominatim: str | None = None, overpass: str | None = None,
) -> Path:  # fmt: skip
    """Write the OpenStreetMap data of the bounding box of the place called `name` to `out`.

    Parameters
    ----------
    name : a place as Nominatim knows it, such as "海淀区, 北京市".
    out : the `.osm` file to write (OSM XML, WGS 84 degrees), atomically.
    online : must be true: without it no connection is opened.
    timeout_s : seconds until a server is given up.
    nominatim, overpass : addresses of an office's own servers; the public ones by default.

    Raises `SourceError` offline, for an unknown or too large place and for a failed request.
    """
    if not online:
        raise SourceError(
            "a place name needs the network and the program works offline",
            remedy="add --online, or give an .osm.pbf extract of the place", field="place",
        )  # fmt: skip
    if not name.strip() or len(name) > LONGEST_NAME:
        raise SourceError("the place has no name", remedy="write for example 海淀区, 北京市")
    import osmnx

    osmnx.settings.use_cache = False  # nothing of a request stays on this machine unasked
    osmnx.settings.requests_timeout = timeout_s
    if nominatim:
        osmnx.settings.nominatim_url = nominatim
    address = (overpass or osmnx.settings.overpass_url).rstrip("/") + "/interpreter"
    south, west, north, east = _box_of(name.strip())
    query = _INSIDE.format(timeout=timeout_s, box=f"{south:.6f},{west:.6f},{north:.6f},{east:.6f}")
    return _download(address, query, Path(out), timeout_s)


def _box_of(name: str) -> tuple[float, float, float, float]:
    """South, west, north, east (degrees) of the place, asked of Nominatim through osmnx."""
    import osmnx
    import requests
    from osmnx._errors import InsufficientResponseError, ResponseStatusCodeError

    try:
        west, south, east, north = osmnx.geocode_to_gdf(name).total_bounds
    except (InsufficientResponseError, TypeError, ValueError) as error:
        raise SourceError(
            f"OpenStreetMap knows no area called {name!r}",
            remedy="write the place with its district and city", field="place",
        ) from error  # fmt: skip
    except (requests.RequestException, ResponseStatusCodeError, OSError) as error:
        raise _unreachable(error) from error
    if max(east - west, north - south) > WIDEST_DEGREES:
        raise SourceError(
            f"{name!r} is wider than {WIDEST_DEGREES}°",
            remedy="name a township or street office, or take a regional .osm.pbf extract",
            field="place",
        )
    return float(south), float(west), float(north), float(east)


def _download(address: str, query: str, out: Path, timeout_s: int) -> Path:
    """Stream the answer to disk beside the target; a broken answer leaves nothing behind."""
    import requests

    try:
        with written_whole(out) as partial:
            with (
                requests.post(
                    address, data={"data": query}, timeout=timeout_s, stream=True
                ) as answer,
                partial.open("wb") as file,
            ):
                answer.raise_for_status()
                _stream(answer.iter_content(_BLOCK), file)
            _check_whole(partial)
    except requests.RequestException as error:
        raise _unreachable(error) from error
    return out


def _stream(blocks: Iterable[bytes], file: BinaryIO) -> None:
    size = 0
    for block in blocks:
        size += file.write(block)
        if size > LARGEST_BYTES:
            raise SourceError("the answer is larger than 2 GiB", remedy="name a smaller place")


def _check_whole(file: Path) -> None:
    """Raise `SourceError` unless the file ends as an OSM document does."""
    with file.open("rb") as stream:
        stream.seek(max(0, file.stat().st_size - _TAIL))
        if b"</osm>" not in stream.read():
            raise SourceError(
                "the answer of the OpenStreetMap server is cut or no map",
                remedy="try again later, or name a smaller place",
            )


def _unreachable(error: Exception) -> SourceError:
    return SourceError(
        f"the OpenStreetMap servers cannot be reached ({type(error).__name__})",
        remedy="check the connection, or give an .osm.pbf extract of the place",
    )
