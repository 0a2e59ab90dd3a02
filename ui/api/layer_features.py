"""Layers as collections: `layer_school`, `layer_record_NAME`; ids that QGIS and a shell take as they are."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from email.utils import formatdate
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import streamlit as st

from layers import Layer
from layers.paging import DATUM, Box, bounds_of, text_columns
from layers.theme import Column
from office import Actor
from ui import cache
from ui.api.answers import Ask
from ui.api.collections import LAYER, Asked, Collection, Property, Slice, readable
from ui.paged import STATE, described_day, time_of
from ui.workplace import Workplace, layer_folder

_READ = "layer.read"
_KINDS = {"text": "string", "code": "string", "date": "string", "number": "number", "flag": "boolean"}  # fmt: skip


def id_of(theme: str) -> str:
    """The collection of a theme."""
    return LAYER + theme.replace("/", "_")


def layer_collections(actor: Actor, _: Mapping[str, Any] | None = None) -> Iterator[Collection]:
    """Every layer of the data folder, where the person may read layers."""
    if readable(actor, _READ):
        place = cache.workplace()
        yield from (_of(place, theme) for theme in sorted(place.layers))


def layer_collection(actor: Actor, collection: str) -> Collection | None:
    """The collection of that id, or `None`; no other layer is read for it."""
    if not readable(actor, _READ):
        return None
    place = cache.workplace()
    theme = next((one for one in place.layers if id_of(one) == collection), None)
    return None if theme is None else _of(place, theme)


def layer_bounds(place: Workplace) -> list[Box]:
    """The bounds of every layer that has any."""
    boxes = (_of(place, theme).extent()[0] for theme in place.layers)
    return [box for box in boxes if box is not None]


def _of(place: Workplace, theme: str) -> Collection:
    return _collection(place.folder, place.stamp, theme, place)


@st.cache_resource(show_spinner=False, max_entries=256)
def _collection(folder: Path, stamp: str, theme: str, _place: Workplace) -> Collection:  # noqa: ARG001 - the keys
    layer = _place.layers[theme]
    extent = _extent(layer)
    return Collection(
        id=id_of(theme), operation=_READ, title={"zh": layer.theme.zh, "en": layer.theme.en},
        about=_about(layer), properties=_properties(layer), time=time_of(layer),
        stamp=f"{stamp}:{layer.sha256}", extent=lambda: extent,
        page=partial(_page, theme), feature=partial(_feature, theme),
        provenance=tuple(one.as_dict() for one in layer.provenance),
        modified=_modified(_place),
    )  # fmt: skip


def _modified(place: Workplace) -> str:
    files = layer_folder(place.folder).glob("*.parquet")
    return formatdate(max(file.stat().st_mtime for file in files), usegmt=True)


def _about(layer: Layer) -> dict[str, str]:
    sources = "; ".join(dict.fromkeys(one.source for one in layer.provenance))
    errors = [one.u_source_m for one in layer.provenance if one.u_source_m is not None]
    band = f"{min(errors):g}–{max(errors):g} m" if errors else "?"
    return {"zh": f"来源：{sources}。坐标 {DATUM} 经纬度；来源位置误差 {band}，逐行见 u_source_m（米）。",
            "en": f"Source: {sources}. Longitude and latitude of {DATUM}; position error of the source "
                  f"{band}, row by row in u_source_m (metres)."}  # fmt: skip


def _properties(layer: Layer) -> dict[str, Property]:
    known = {column.name: column for column in layer.theme.all_columns}
    texts = text_columns(layer.frame)
    found = {name: _property(known.get(name), texts, name)
             for name in layer.frame.columns if name != "geometry"}  # fmt: skip
    if time_of(layer) == STATE and STATE not in found:
        found[STATE] = Property({"type": "string"}, "数据现势日期", "the day the data describe")
    found["coordinate_datum"] = Property({"type": "string"}, "坐标基准", "datum of the coordinates")
    found["coordinate_source"] = Property(
        {"type": "string"}, "坐标来源", "source of the coordinates"
    )
    return found


def _property(column: Column | None, texts: frozenset[str], name: str) -> Property:
    if column is None:
        return Property({}, name, name)
    schema: dict[str, Any] = {"type": _KINDS[column.kind]}
    unit = f"（{column.unit}）" if column.unit else "", f" ({column.unit})" if column.unit else ""
    asked = column.kind in ("text", "code", "date") and name in texts and name != "address"
    return Property(schema, column.zh + unit[0], column.en + unit[1], asked)


def _extent(layer: Layer) -> tuple[Box | None, tuple[str, str] | None]:
    box, time = bounds_of(layer.frame), time_of(layer)
    if time is None or time == STATE:
        day = described_day(layer)
        return box, (day, day) if day else None
    days = layer.frame[time].dropna().astype(str)
    return box, (days.min(), days.max()) if len(days) else None


def _page(theme: str, _: Ask, asked: Asked) -> Slice:
    rows, layer = cache.paged_layer(theme), cache.workplace().layers[theme]
    time = time_of(layer)
    days = (time, *asked.days) if asked.days and time else None
    found = rows.page(
        asked.limit, after=asked.after, boxes=asked.boxes, equal=asked.equal, days=days
    )
    last = str(rows.ids[found.rows[-1]]) if found.more else None
    features = rows.features(found.rows, _more(layer))
    return Slice(features, len(found.rows), last, found.matched)


def _feature(theme: str, _: Ask, feature: str) -> str | None:
    rows = cache.paged_layer(theme)
    number = rows.number(feature)
    if number is None:
        return None
    return next(rows.features(np.asarray([number]), _more(cache.workplace().layers[theme])))


def _more(layer: Layer) -> dict[str, str]:
    sources = "; ".join(dict.fromkeys(one.source for one in layer.provenance))
    return {"coordinate_datum": DATUM, "coordinate_source": sources}
