"""Schools of OpenStreetMap: their kind from tags and name, and those mapped twice merged."""

from __future__ import annotations

from collections.abc import Mapping

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from layers.measures import pairs_within
from layers.school_names import canonical, kind_of_name, same_school
from layers.schools import school_class

SAME_SCHOOL_REACH_M = 200.0
"""How far from its campus the point of a school may lie that was mapped twice."""
_INSIDE_SHARE = 0.8
_OTHER_NAMES = ("alt_name", "short_name", "official_name", "name:zh", "name:zh-Hans", "old_name")
_AMENITIES = {
    "school": "school", "prep_school": "training", "kindergarten": "kindergarten",
    "college": "university", "university": "university", "childcare": "training",
    "training": "training", "music_school": "training", "language_school": "training",
    "driving_school": "training",
}  # fmt: skip
_ISCED = {"0": "kindergarten", "1": "primary", "2": "middle", "3": "middle"}
_SCHOOL_TAG = {"primary": "primary", "elementary": "primary", "secondary": "middle"}


def kind_of_tags(tags: Mapping[str, str]) -> str:
    """Kind of school: what the tags say outright, then the name, then `amenity`.

    `school:CN` and `isced:level` are asked first. A name may narrow `amenity=school` or correct
    it (kindergartens are often mapped as schools), but never opens a kindergarten to be a school.
    """
    amenity = _AMENITIES.get(tags.get("amenity", ""), "unknown")
    for told in (kind_of_name(tags.get("school:CN")), _kind_of_level(tags)):
        if told not in {"unknown", "school"}:
            return told
    by_name = kind_of_name(tags.get("name") or tags.get("name:zh"))
    if amenity == "kindergarten":
        return "training" if by_name == "training" else "kindergarten"
    if amenity == "training":
        return "training"
    if by_name in {"unknown", "school"}:
        undecided = by_name == "unknown" and amenity == "school" and _may_be_training(tags)
        return "unknown" if undecided else amenity
    return by_name


def _may_be_training(tags: Mapping[str, str]) -> bool:
    """A name such as 某某艺术学校, which `kind_of_name` knows and still cannot decide."""
    name = tags.get("name") or tags.get("name:zh") or ""
    return "学校" in name or "体校" in name or "书院" in name


def _kind_of_level(tags: Mapping[str, str]) -> str:
    levels = {part.strip() for part in tags.get("isced:level", "").replace("-", ";").split(";")}
    kinds = {_ISCED[level] for level in levels if level in _ISCED}
    if kinds == {"primary", "middle"}:
        return "primary_middle"
    if len(kinds) == 1:
        return kinds.pop()
    return _SCHOOL_TAG.get(tags.get("school", ""), "unknown")


def names_of(tags: Mapping[str, str]) -> tuple[str, ...]:
    """Other names a school is known by, without its `name`."""
    found = (part for key in _OTHER_NAMES for part in tags.get(key, "").split(";"))
    return tuple(dict.fromkeys(name.strip() for name in found if name.strip()))


def merge_twice_mapped(schools: gpd.GeoDataFrame) -> tuple[gpd.GeoDataFrame, list[str]]:
    """Schools mapped as a point and as a campus become one row, the campus.

    A point goes into the campus of the same class whose name fits (see `same_school`) and which
    it lies in or within `SAME_SCHOOL_REACH_M` metres of; a campus without a name takes that of
    the only named school point inside it. A campus inside one of the same name goes into it.
    Points without a name are kept.

    Parameters
    ----------
    schools : rows with `id`, `name`, `kind`, `other_names` (tuple of text), geometry WGS 84.

    Returns
    -------
    The rows left, with `merged_ids` (`;`-joined) on those that took another in; and one text
    `point → campus` per merger.
    """
    frame = schools.reset_index(drop=True)
    larger = _campuses_into_campuses(frame)
    into = larger | {p: larger.get(c, c) for p, c in _points_into_campuses(frame).items()}
    gone_ids: dict[int, list[str]] = {}
    for gone, kept in into.items():
        gone_ids.setdefault(kept, []).append(str(frame.loc[gone, "id"]))
    said = [f"{_label(frame, gone)} → {_label(frame, kept)}" for gone, kept in into.items()]
    frame["merged_ids"] = [";".join(gone_ids.get(row, ())) or None for row in range(len(frame))]
    for gone, kept in into.items():
        frame.loc[kept, ["name", "kind"]] = _better(frame, kept, gone)
    return frame.drop(index=list(into)).reset_index(drop=True), said


def _better(frame: gpd.GeoDataFrame, kept: int, gone: int) -> list[object]:
    """Name and kind of a merged school: the campus's own, the point's where it has none."""
    name = frame.loc[kept, "name"]
    kind, other = frame.loc[kept, "kind"], frame.loc[gone, "kind"]
    return [
        frame.loc[gone, "name"] if pd.isna(name) else name,
        other if kind in {"school", "unknown"} else kind,
    ]


def _label(frame: gpd.GeoDataFrame, row: int) -> str:
    name = frame.loc[row, "name"]
    return f"{frame.loc[row, 'id']} {'' if pd.isna(name) else name}".strip()


def _points_into_campuses(frame: gpd.GeoDataFrame) -> dict[int, int]:
    point = (frame.geom_type == "Point").to_numpy()
    points, campuses = np.flatnonzero(point), np.flatnonzero(~point)
    near = pairs_within(
        frame.geometry.iloc[points], frame.geometry.iloc[campuses], SAME_SCHOOL_REACH_M
    )
    pairs = pd.DataFrame(
        {"gone": points[near.subject], "kept": campuses[near.object], "metres": near.metres}
    )
    names = frame["name"].to_numpy()
    classes = school_class(frame["kind"])
    pairs = pairs[classes[pairs["gone"]] == classes[pairs["kept"]]]
    pairs = pairs[~pd.isna(names[pairs["gone"]])]
    nameless = pd.isna(names[pairs["kept"]]) & (pairs["metres"] == 0)
    only = ~pairs["kept"].where(nameless).duplicated(keep=False)
    fits = [
        _same(frame, gone, kept) for gone, kept in zip(pairs["gone"], pairs["kept"], strict=True)
    ]
    chosen = pairs[(nameless & only) | np.array(fits, dtype=bool)].sort_values("metres")
    chosen = chosen.drop_duplicates("gone")
    return dict(zip(chosen["gone"].tolist(), chosen["kept"].tolist(), strict=True))


def _same(frame: gpd.GeoDataFrame, one: int, other: int) -> bool:
    mine = (frame.loc[one, "name"], *frame.loc[one, "other_names"])
    theirs = (frame.loc[other, "name"], *frame.loc[other, "other_names"])
    return any(
        same_school(a, b) for a in mine for b in theirs if isinstance(a, str) and isinstance(b, str)
    )


def _campuses_into_campuses(frame: gpd.GeoDataFrame) -> dict[int, int]:
    shapes, key = frame.geometry.to_numpy(), frame["name"].map(canonical, na_action="ignore")
    campus = (shapely.get_dimensions(shapes) == 2) & frame["name"].notna().to_numpy()
    into: dict[int, int] = {}
    for rows in key[campus].groupby(key).indices.values():
        same = np.flatnonzero(campus)[rows]
        order = same[np.argsort(-shapely.area(shapes[same]), kind="stable")]
        for place, row in enumerate(order[1:], 1):
            shared = shapely.area(shapely.intersection(shapes[row], shapes[order[:place]]))
            inside = np.flatnonzero(shared > _INSIDE_SHARE * shapely.area(shapes[row]))
            if len(inside):  # the larger one may itself lie in a still larger one
                into[int(row)] = into.get(int(order[inside[0]]), int(order[inside[0]]))
    return into
