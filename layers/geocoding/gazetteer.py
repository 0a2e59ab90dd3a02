"""All that the layers know of places, made once for a whole column of addresses."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from layers.geocoding.compounds import compounds_of
from layers.geocoding.evidence import evidence, plane_of
from layers.geocoding.houses import Houses
from layers.geocoding.names import Spot, estates_of, spots_by_name, villages_of
from layers.geocoding.plane import Plane
from layers.geocoding.regions import Regions, regions_of
from layers.geocoding.streets import Street, streets_of
from layers.layer import Layer


@dataclass(frozen=True)
class Gazetteer:
    """Streets, named places, place names, estates and their houses by key, and the regions."""

    plane: Plane
    regions: Regions
    streets: dict[str, tuple[Street, ...]]
    names: dict[str, tuple[Spot, ...]]
    villages: dict[str, tuple[Spot, ...]]
    estates: dict[str, tuple[Spot, ...]]
    compounds: dict[str, Houses]


def gazetteer(
    layers: Mapping[str, Layer],
    *,
    counties: Iterable[str] = (),
    leave_out: Iterable[object] = (),
) -> Gazetteer:
    """Read the layers once; rows whose id is in `leave_out` do not testify."""
    plane = plane_of(layers)
    known = evidence(layers, plane, frozenset(map(str, leave_out)))
    regions = regions_of(layers, plane, known, counties)
    return Gazetteer(
        plane, regions, streets_of(layers, plane, known),
        spots_by_name(known, regions.counties), villages_of(known), estates_of(known),
        compounds_of(known),
    )  # fmt: skip
