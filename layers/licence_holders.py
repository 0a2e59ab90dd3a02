"""Rows of a licence register drawn together by holder: the old and the new licence of one shop."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

_LINKS = (
    ("credit_code", "address"), ("credit_code", "name"), ("name", "address"),
    ("licence_no", "name"),
)  # fmt: skip
"""Two rows agreeing on both are one holder's. One key alone is not enough: branches share a
credit code, masked licence numbers repeat, and many shops have the same name."""
_ENDED = ("closed", "cancelled", "revoked")
HELD = ("licence_no", "licence_status", "first_issued", "last_renewed", "valid_to")


def holder_of(keyed: pd.DataFrame) -> np.ndarray:
    """(n,) number of the holder of every register row; `keyed` has the columns of `_LINKS`."""
    size = len(keyed)
    parts = [np.arange(size)]
    edges = [np.column_stack([parts[0], parts[0]])]
    for link in _LINKS:
        whole = keyed[keyed[list(link)].notna().all(axis=1)]
        first = whole.groupby(list(link)).ngroup().to_numpy()
        _, start = np.unique(first, return_index=True)
        rows = whole.index.to_numpy()
        edges.append(np.column_stack([rows, rows[start][first]]))
    ends = np.vstack(edges)
    graph = coo_array((np.ones(len(ends)), (ends[:, 0], ends[:, 1])), shape=(size, size))
    return connected_components(graph, directed=False)[1]


def licence_of_holders(register: gpd.GeoDataFrame, holder: np.ndarray) -> pd.DataFrame:
    """What each holder's rows say together, indexed by holder.

    The newest valid row tells number, state and term (the newest of all where none is valid);
    `first_issued` is the earliest of all rows, `last_renewed` the newest issue after it.
    `licence_interrupted`: a row had ended, or been cancelled, before the next was issued.
    `licence_rows` names all rows, oldest first.
    """
    rows = pd.DataFrame(register[["id", "name", *HELD]]).reset_index(drop=True)
    rows = rows.astype(object).where(rows.notna(), None).assign(holder=holder)
    rows["begun"] = rows["first_issued"].fillna(rows["last_renewed"]).fillna("")
    rows["issued"] = rows["last_renewed"].fillna(rows["begun"])
    rows["ends"] = rows["valid_to"].fillna("9999-12-31")
    rows["valid"] = rows["licence_status"] == "valid"
    rows = rows.sort_values(["holder", "issued", "ends"], kind="stable")
    rows["broken"] = _broken(rows)
    told = _last(rows, ["valid", "issued", "ends"])
    dated = _last(rows.dropna(subset="first_issued"), ["first_issued"], ascending=False)
    first = dated["first_issued"].reindex(told.index)
    issue = _last(rows[rows["issued"] != ""], ["issued"])["issued"].reindex(told.index)
    renewed = issue.notna() & (first.isna() | (issue.fillna("") > first.fillna("")))
    return pd.DataFrame(
        {
            "licence_no": told["licence_no"],
            "licence_status": told["licence_status"],
            "first_issued": first,
            "last_renewed": issue.where(renewed, None),
            "valid_to": told["valid_to"],
            "licence_name": told["name"],
            "licence_rows": _all_ids(rows),
            "licence_interrupted": told.index.isin(rows["holder"][rows["broken"]]),
        }
    )


def _last(rows: pd.DataFrame, by: list[str], *, ascending: bool = True) -> pd.DataFrame:
    """Each holder's last row in the order of `by`, indexed by holder."""
    ordered = rows.sort_values(by, ascending=ascending, kind="stable")
    return ordered.drop_duplicates("holder", keep="last").set_index("holder").sort_index()


def _all_ids(rows: pd.DataFrame) -> pd.Series:
    """`;`-joined ids by holder; most holders have one row, which costs nothing."""
    several = rows["holder"].duplicated(keep=False)
    joined = rows[several].groupby("holder")["id"].agg(";".join)
    alone = rows[~several].set_index("holder")["id"]
    return pd.concat([joined, alone]).sort_index()


def _broken(rows: pd.DataFrame) -> pd.Series:
    """Rows issued after the holder's row before them had ended (rows sorted by holder, issue)."""
    before = rows.groupby("holder")[["ends", "licence_status"]].shift()
    ended = (before["ends"].fillna("9999") < rows["begun"]) | before["licence_status"].isin(_ENDED)
    return ended & before["ends"].notna() & (rows["begun"] != "")
