"""Shops joined to a licence register on exact keys; what several licences fit stays ambiguous.

Rows of the register that belong to one holder (the old and the new licence of a shop) are
linked, not merged: `licence_rows` names them all. Keys are asked in the order of the steps; a
key that fits several holders may still be narrowed to one by the next, and is never guessed.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from layers.layer import WGS84, Layer, make_layer
from layers.licence_holders import HELD, holder_of, licence_of_holders
from layers.licence_keys import address_keys, code_keys, credit_keys, name_keys, township_keys
from layers.measures import geodesic_distance, pairs_within

SAME_PLACE_M = 200.0
"""A shop and a licence of the same name within this distance are one: a geocoded address and a
POI pin may differ by so much (domain notes 3.3: 20-200 m)."""
FAR_APART_M = 1000.0
"""A shop and a licence of the same name are two beyond this, whatever else agrees."""
COMMON_NAME = 200
"""A name that more register rows bear than this tells nothing by itself."""
MATCHES = ("licence_no", "credit_code", "name_address", "name", "none", "ambiguous")
"""Values of `licence_match`."""


def attach_licences(shops: Layer, register: Layer) -> Layer:
    """The shops with what the register says of their licence.

    Keys, in this order: licence number; unified social credit code (with a right check
    character); name and address; name within the same township or `SAME_PLACE_M`; a name that
    one shop and one holder have and that nothing contradicts (another township, or more than
    `FAR_APART_M` between them). A holder of the shop's name with another valid credit code is
    somebody else: the shop is `ambiguous`, not matched and not without a licence.

    Parameters
    ----------
    shops : layer of a shop theme.
    register : layer with the licence columns, such as one of theme `tobacco_licence`; rows
        without a position take part by key.

    Returns
    -------
    The shops in their order. Matched ones get the holder's `licence_no`, `licence_status`,
    `first_issued`, `last_renewed` and `valid_to`; the others keep their own. New columns:
    `licence_match` (one of `MATCHES`), `licence_candidates` (holders that fit), `licence_name`,
    `licence_rows` (ids of the register rows, `;`-joined), `licence_shared` (shops that got this
    licence) and `licence_interrupted` (a licence had ended before the next was issued).
    """
    ours, theirs = _keyed(shops.frame), _keyed(register.frame)
    theirs["holder"] = holder_of(theirs)
    match = _Match(len(ours))
    for how, pairs in _steps(ours, theirs):
        strangers = _strangers(pairs, ours, theirs) if how.startswith("name") else None
        match.take(how, pairs, strangers)
    match.leave(_common(ours, theirs))
    held = licence_of_holders(register.frame, theirs["holder"].to_numpy())
    return _joined(shops, register, match.table, held)


class _Match:
    """The state of the search: `table` has `how`, `holder` (-1: none) and `candidates` by shop."""

    def __init__(self, shops: int) -> None:
        self.table = pd.DataFrame(
            {"how": "none", "holder": -1, "candidates": 0}, index=range(shops)
        )
        self._open = pd.DataFrame({"shop": [], "holder": []}, dtype=np.int64)

    def take(self, how: str, pairs: pd.DataFrame, strangers: pd.Series | None) -> None:
        """Decide the shops that one holder fits; remember those that several fit."""
        undecided = (self.table["holder"].to_numpy() < 0)[pairs["shop"]]
        found = pairs[undecided & ~strangers] if strangers is not None else pairs[undecided]
        found = found[["shop", "holder"]].drop_duplicates()
        asked_before = found["shop"].isin(self._open["shop"])
        narrowed = found[asked_before].merge(self._open, on=["shop", "holder"])
        found = pd.concat([found[~asked_before], narrowed], ignore_index=True)
        sure = ~found["shop"].duplicated(keep=False)
        if how == "name":  # two shops of a name cannot both be the holder
            sure &= ~found["holder"].duplicated(keep=False)
            sure &= ~found["holder"].isin(self.table["holder"])
        shop = found["shop"][sure].to_numpy()
        self.table.loc[shop, "how"] = how
        self.table.loc[shop, "holder"] = found["holder"][sure].to_numpy()
        self.table.loc[shop, "candidates"] = 1
        kept = self._open[~self._open["shop"].isin(found["shop"])]
        parts = [kept, found[~sure]]
        if strangers is not None:
            others = pairs[undecided & strangers][["shop", "holder"]]
            parts.append(others[~others["shop"].isin(found["shop"])])
        left = pd.concat(parts, ignore_index=True).drop_duplicates()
        self._open = left[~left["shop"].isin(shop)]

    def leave(self, common: pd.Series) -> None:
        """What is still open is ambiguous, as is a shop whose name too many rows bear."""
        count = self._open.groupby("shop").size()
        none = self.table["how"] == "none"
        more = common[none.to_numpy()[common.index] & ~common.index.isin(count.index)]
        for counts in (count, more):
            self.table.loc[counts.index, "how"] = "ambiguous"
            self.table.loc[counts.index, "candidates"] = counts.to_numpy()


def _keyed(frame: gpd.GeoDataFrame) -> pd.DataFrame:
    """The keys of every row by position; `lon`, `lat` are missing where the place is."""
    shapes = frame.geometry.to_numpy()
    centre = shapely.centroid(np.where(shapely.is_empty(shapes), None, shapes))
    registered = frame["registered_name"] if "registered_name" in frame else frame["name"]
    return pd.DataFrame(
        {
            "licence_no": code_keys(frame["licence_no"]).to_numpy(),
            "credit_code": credit_keys(frame["credit_code"]).to_numpy(),
            "name": name_keys(frame["name"]).to_numpy(),
            "registered": name_keys(registered).to_numpy(),
            "address": address_keys(frame["address"]).to_numpy(),
            "township": township_keys(frame["admin_code"]).to_numpy(),
            "lon": shapely.get_x(centre),
            "lat": shapely.get_y(centre),
        }
    )


def _steps(ours: pd.DataFrame, theirs: pd.DataFrame) -> Iterator[tuple[str, pd.DataFrame]]:
    """Pairs `shop`, `row`, `holder` that agree on a key, key by key."""
    holder = theirs["holder"].to_numpy()
    for key in ("licence_no", "credit_code"):
        left = ours[key].dropna().rename_axis("shop").reset_index()
        pairs = left.merge(theirs[key].dropna().rename_axis("row").reset_index(), on=key)
        yield key, pairs.assign(holder=holder[pairs["row"]])
    for how, pairs in (
        ("name_address", _named(ours, theirs, "address")),
        ("name", pd.concat([_named(ours, theirs, "township"), _named_here(ours, theirs)])),
        ("name", _named_anywhere(ours, theirs)),
    ):
        once = pairs[["shop", "row"]].drop_duplicates(ignore_index=True)
        yield how, once.assign(holder=holder[once["row"]])


def _named(ours: pd.DataFrame, theirs: pd.DataFrame, key: str) -> pd.DataFrame:
    """Shops and rows of one name that agree on `key` too."""
    left, right = _names(ours, "shop"), _names(theirs, "row")
    left = left.assign(key=ours[key].to_numpy()[left["shop"]]).dropna()
    right = right.assign(key=theirs[key].to_numpy()[right["row"]]).dropna()
    return left.merge(right, on=["name", "key"])


def _named_here(ours: pd.DataFrame, theirs: pd.DataFrame) -> pd.DataFrame:
    """Shops and rows of one name within `SAME_PLACE_M`."""
    places = [gpd.GeoSeries(gpd.points_from_xy(t["lon"], t["lat"]), crs=WGS84)
              for t in (ours, theirs)]  # fmt: skip
    near = pairs_within(places[0], places[1], SAME_PLACE_M)
    pairs = pd.DataFrame({"shop": near.subject, "row": near.object})
    return pairs.merge(_names(ours, "shop"), on="shop").merge(
        _names(theirs, "row"), on=["row", "name"]
    )


def _named_anywhere(ours: pd.DataFrame, theirs: pd.DataFrame) -> pd.DataFrame:
    """Shops and rows of one name, not a common one, that nothing tells to be two."""
    right = _names(theirs, "row")
    rare = right.groupby("name")["row"].transform("size") <= COMMON_NAME
    named = _names(ours, "shop").merge(right[rare], on="name")
    shop, row = ours.iloc[named["shop"]], theirs.iloc[named["row"]]
    metres = geodesic_distance(*(t[c].to_numpy() for t in (shop, row) for c in ("lon", "lat")))
    one, other = shop["township"].to_numpy(), row["township"].to_numpy()
    elsewhere = pd.notna(one) & pd.notna(other) & (one != other)
    return named[~(metres > FAR_APART_M) & ~elsewhere]


def _names(keyed: pd.DataFrame, what: str) -> pd.DataFrame:
    """Every name a row is known by: `what` (its position) and `name`."""
    both = pd.concat([keyed["name"], keyed["registered"]]).dropna()
    return both.rename("name").rename_axis(what).reset_index().drop_duplicates()


def _common(ours: pd.DataFrame, theirs: pd.DataFrame) -> pd.Series:
    """Register rows that bear a shop's name, for names too common to tell (index: the shop)."""
    count = _names(theirs, "row").groupby("name").size()
    mine = _names(ours, "shop")
    mine = mine.assign(count=mine["name"].map(count[count > COMMON_NAME])).dropna()
    return mine.groupby("shop")["count"].max().astype(int)


def _strangers(pairs: pd.DataFrame, ours: pd.DataFrame, theirs: pd.DataFrame) -> pd.Series:
    """Pairs of one name whose valid credit codes differ."""
    one = ours["credit_code"].to_numpy()[pairs["shop"]]
    other = theirs["credit_code"].to_numpy()[pairs["row"]]
    return pd.Series(pd.notna(one) & pd.notna(other) & (one != other), index=pairs.index)


def _joined(shops: Layer, register: Layer, match: pd.DataFrame, held: pd.DataFrame) -> Layer:
    got = held.reindex(match["holder"]).set_axis(shops.frame.index)
    sure = (match["holder"] >= 0).to_numpy()
    columns = {name: got[name].where(sure, shops.frame[name]).astype(object) for name in HELD}
    columns = {name: column.where(column.notna(), None) for name, column in columns.items()}
    shared = match["holder"].where(sure).groupby(match["holder"]).transform("size")
    frame = shops.frame.assign(
        **columns,
        licence_match=match["how"].to_numpy(),
        licence_candidates=match["candidates"].to_numpy(),
        licence_name=got["licence_name"],
        licence_rows=got["licence_rows"],
        licence_shared=shared.where(sure, 0).astype(int).to_numpy(),
        licence_interrupted=got["licence_interrupted"].eq(True),
    )
    counts = match["how"].value_counts().reindex(MATCHES, fill_value=0)
    said = "licences joined to shops: " + ", ".join(f"{n} {how}" for how, n in counts.items())
    sources = tuple(
        replace(entry, transform=f"{entry.transform}; {said}") for entry in register.provenance
    )
    return make_layer(shops.theme.name, frame, *shops.provenance, *sources)
