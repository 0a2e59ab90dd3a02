"""List what lies inside an area: a GeoJSON polygon, or corners `lon,lat lon,lat …` (WGS 84).

Writes CSV to standard output, the count per theme and the area to standard error.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

from shapely.geometry import shape
from shapely.geometry.base import BaseGeometry

from layers.errors import LayerError
from layers.folder import LayerFolder
from layers.inside import COLUMNS, area_of, what_is_in
from layers.measures import geodesic_area
from layers.safe_csv import csv_text


def add(parser: argparse.ArgumentParser) -> None:
    """Arguments of the command."""
    parser.add_argument(
        "area", nargs="+", metavar="AREA", help="FILE.geojson, or three or more LON,LAT"
    )
    parser.add_argument("--layers", required=True, metavar="DIR", help="layer folder")


def run(arguments: argparse.Namespace) -> int:
    """Print the table."""
    area = _area(arguments.area)
    found = what_is_in(LayerFolder(arguments.layers), area)
    print(csv_text(COLUMNS, found.itertuples(index=False)), end="")
    for theme, count in found.groupby("theme").size().items():
        print(f"{theme}\t{count}", file=sys.stderr)
    print(f"{geodesic_area(area):.1f} m²", file=sys.stderr)
    return 0


def _area(given: list[str]) -> BaseGeometry:
    if len(given) == 1:
        path = Path(given[0])
        try:
            content = json.loads(path.read_text(encoding="utf-8"))
            return shape(content.get("geometry", content))
        except (OSError, ValueError, AttributeError, KeyError) as error:
            raise LayerError(f"this is not one GeoJSON polygon ({type(error).__name__})", file=path,
                             remedy="give a Feature or a Polygon, or corners as LON,LAT") from error  # fmt: skip
    try:
        corners = [(float(lon), float(lat)) for lon, lat in (one.split(",") for one in given)]
    except ValueError as error:
        raise LayerError(
            "a corner is not LON,LAT", field="area", remedy="write 112.93,28.23"
        ) from error
    return area_of(corners)
