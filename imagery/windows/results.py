"""Results of windows as one line of text and back: plain values, arrays, bytes, geometries.

No pickle: a journal is read back after a kill, and reading must never run what it contains.
"""

from __future__ import annotations

import base64
import io
import json
from typing import Any

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from layers.errors import ImageryError

_TAG = "__kind__"


def to_text(result: object) -> str:
    """One line of JSON. Raises `ImageryError` for a kind of result that cannot be written."""
    return json.dumps(_plain(result), ensure_ascii=True, separators=(",", ":"))


def from_text(text: str) -> Any:  # noqa: ANN401 - whatever a function returned
    """What `to_text` wrote."""
    return _back(json.loads(text))


def _plain(value: object) -> object:  # noqa: PLR0911 - one kind of result a line
    if value is None or isinstance(value, bool | int | float | str):
        return value
    if isinstance(value, np.generic):
        return _array(np.asarray(value), "scalar")
    if isinstance(value, np.ndarray):
        return _array(value, "array")
    if isinstance(value, bytes):
        return {_TAG: "bytes", "v": base64.b64encode(value).decode("ascii")}
    if isinstance(value, BaseGeometry):
        return {_TAG: "geometry", "v": shapely.to_wkb(value, hex=True)}
    if isinstance(value, tuple):
        return {_TAG: "tuple", "v": [_plain(one) for one in value]}
    if isinstance(value, list):
        return [_plain(one) for one in value]
    if isinstance(value, dict):
        return {_TAG: "dict", "v": [[_plain(k), _plain(v)] for k, v in value.items()]}
    raise _unknown(value)


def _array(value: np.ndarray, kind: str) -> dict[str, str]:
    if value.dtype.hasobject:
        raise _unknown(value)
    buffer = io.BytesIO()
    np.save(buffer, value, allow_pickle=False)
    return {_TAG: kind, "v": base64.b64encode(buffer.getvalue()).decode("ascii")}


def _back(value: Any) -> Any:  # noqa: ANN401, PLR0911 - one kind of JSON value a line
    if isinstance(value, list):
        return [_back(one) for one in value]
    if not isinstance(value, dict):
        return value
    kind, held = value[_TAG], value["v"]
    if kind == "tuple":
        return tuple(_back(one) for one in held)
    if kind == "dict":
        return {_back(k): _back(v) for k, v in held}
    if kind == "geometry":
        return shapely.from_wkb(held)
    raw = base64.b64decode(held)
    if kind == "bytes":
        return raw
    array = np.load(io.BytesIO(raw), allow_pickle=False)
    return array[()] if kind == "scalar" else array


def _unknown(value: object) -> ImageryError:
    return ImageryError(
        f"a result of kind {type(value).__name__} cannot be kept for a later resume",
        remedy="return plain values, arrays, bytes, shapely geometries, or lists and dicts of them",
        field="result",
    )
