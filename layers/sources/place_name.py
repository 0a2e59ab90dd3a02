"""What OpenStreetMap has inside a named place, fetched only when the user asked to be online.

The one file of the project that may open a connection. Everything else reads files.
"""

from __future__ import annotations

from collections.abc import Mapping

import geopandas as gpd

from layers.errors import SourceError

SCHOOL_PERIMETER_TAGS: Mapping[str, bool | str | list[str]] = {
    "amenity": ["school", "kindergarten", "college", "university", "bar", "pub", "nightclub",
                "karaoke_box", "internet_cafe"],
    "shop": ["tobacco", "e-cigarette", "alcohol", "convenience", "supermarket", "kiosk",
             "lottery"],
    "leisure": ["amusement_arcade", "adult_gaming_centre"],
    "tourism": ["hotel", "guest_house", "hostel", "apartment"],
    "barrier": ["gate", "entrance"],
    "entrance": True,
}  # fmt: skip
"""Tags of the school-perimeter checks, as Overpass understands them."""

_LONGEST_NAME = 200


def features_of_place(
    name: str,
    tags: Mapping[str, bool | str | list[str]] = SCHOOL_PERIMETER_TAGS,
    *,
    online: bool = False,
    timeout_s: int = 120,
) -> gpd.GeoDataFrame:
    """OpenStreetMap features inside the place called `name`, in WGS 84 (EPSG:4326).

    Parameters
    ----------
    name : a place as Nominatim knows it, such as "海淀区, 北京市".
    tags : which features; see `osmnx.features_from_place`.
    online : must be true: without it no connection is opened and `SourceError` is raised.
    timeout_s : seconds until a server is given up.

    Raises `SourceError` offline, for an unknown place and for a failed request.
    """
    if not online:
        raise SourceError(
            "a place name needs the network and the program works offline",
            remedy="pass online=True (--online), or give an .osm.pbf extract of the place",
            field="place",
        )
    if not name.strip() or len(name) > _LONGEST_NAME:
        raise SourceError("the place has no name", remedy="write for example 海淀区, 北京市")
    return _fetch(name.strip(), dict(tags), timeout_s)


def _fetch(name: str, tags: dict[str, bool | str | list[str]], timeout_s: int) -> gpd.GeoDataFrame:
    """Ask Nominatim and Overpass through osmnx; nothing is cached on disk."""
    import osmnx
    import requests
    from osmnx._errors import InsufficientResponseError, ResponseStatusCodeError

    osmnx.settings.use_cache = False
    osmnx.settings.requests_timeout = timeout_s
    try:
        frame = osmnx.features_from_place(name, tags)
    except (InsufficientResponseError, TypeError, ValueError) as error:
        raise SourceError(
            f"OpenStreetMap knows no area called {name!r}, or nothing of that kind inside it",
            remedy="write the place with its district and city", field="place",
        ) from error  # fmt: skip
    except (requests.RequestException, ResponseStatusCodeError, OSError) as error:
        raise SourceError(
            f"the OpenStreetMap servers cannot be reached ({type(error).__name__})",
            remedy="check the connection, or give an .osm.pbf extract of the place",
        ) from error
    return frame.reset_index()
