"""Numbered houses of villages, estates and small towns, where numbers follow no street."""

from __future__ import annotations

import pandas as pd

from layers.addresses import Address
from layers.geocoding.houses import Houses
from layers.geocoding.streets import street_key
from layers.licence_keys import name_keys


def compounds_of(known: pd.DataFrame) -> dict[str, Houses]:
    """Houses by village, estate or township and villagers' group; `known` is from `evidence`."""
    rows = known["road"].isna() & known["number"].notna() & known["relation"].isna()
    table = known[rows & known["offset_m"].isna()]
    place = table["village"].fillna(table["estate"]).fillna(table["township"])
    table = table.assign(place=name_keys(place) + "/" + table["group"].fillna("").astype(object))
    groups = table.dropna(subset="place").groupby("place", sort=True)
    return {str(key): Houses.of(group) for key, group in groups}


def compound_key(said: Address) -> str | None:
    """The key of an address in `compounds_of`; missing where it names no such place."""
    key = street_key(said.village or said.estate or said.township)
    return None if key is None or said.number is None else f"{key}/{said.group or ''}"
