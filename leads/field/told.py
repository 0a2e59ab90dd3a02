"""What a phone tells of a visit: read, checked, and refused by the name of the field where it is wrong."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from layers.errors import LeadError
from leads.field.form import STEPS, entries
from leads.steps.look_back import RESULT_WORDS, STILL_THERE, article_82

MOST_PHOTOS, MOST_ROWS, LONG, SHORT = 200, 60, 4000, 300
_ID, _SHA256 = re.compile(r"[0-9a-f]{32}"), re.compile(r"[0-9a-f]{64}")
_POSITION = {"lon": (-180.0, 180.0), "lat": (-90.0, 90.0), "accuracy_m": (0.0, 1e7),
             "altitude_m": (-1e5, 1e6), "altitude_accuracy_m": (0.0, 1e7), "heading": (0.0, 360.0),
             "speed_m_s": (0.0, 1e5), "fixes": (0, 1e9), "same_fixes": (0, 1e9)}  # fmt: skip
_DEVICE = ("agent", "model", "platform", "version", "languages", "screen", "browser")


def read_visit(told: Mapping[str, Any]) -> dict[str, Any]:
    """A visit as it is kept; `LeadError` names the field that is missing or not understood.

    `id` and the photos' `sha256` are made on the phone; times are ISO with zone; positions are
    degrees of WGS 84 and metres as the browser tells them. What is not known here is left out.
    """
    look = bool(told.get("look"))
    result = _one(told, "result", RESULT_WORDS)
    tests = sorted({_code(one, "tests", article_82()) for one in _list(told, "tests", MOST_ROWS)})
    if look and bool(tests) != (result == STILL_THERE):
        raise LeadError("a look-back that finds it still there names a test of article 82, another none",
                        field="tests", remedy="choose the tests that apply")  # fmt: skip
    begun, ended = _time(told, "begun"), _time(told, "ended")
    if datetime.fromisoformat(ended) < datetime.fromisoformat(begun):
        raise LeadError("it ended before it began", field="ended", remedy="check the phone's clock")
    photos = [_photo(one) for one in _list(told, "photos", MOST_PHOTOS)]
    if len({one["sha256"] for one in photos}) != len(photos):
        raise LeadError("a photo is named twice", field="photos", remedy="name each once")
    return {
        "id": _matched(told, "id", _ID), "seen_version": _count(told, "seen_version"),
        "result": result, "look": look, "tests": tests, "begun": begun, "ended": ended,
        "fields": _fields(told.get("fields") or {}), "steps": [_step(one) for one in _list(told, "steps", MOST_ROWS)],
        "measured": [_measured(one) for one in _list(told, "measured", MOST_ROWS)],
        "position": _position(told.get("position")), "device": _device(told.get("device") or {}),
        "clock": _clock(told.get("clock") or {}), "photos": photos,
    }  # fmt: skip


def _fields(told: object) -> dict[str, str]:
    found = {}
    for name, value in _mapping(told, "fields").items():
        entry = entries().get(name)
        if entry is None:
            raise LeadError(f"the form has no field {str(name)[:40]!r}", field="fields",
                            remedy=f"fields: {', '.join(entries())}")  # fmt: skip
        text = _text(value, name, LONG)
        if text and entry.kind == "choice":
            _code(text, name, entry.choices)
        if text:
            found[name] = text
    return found


def _step(told: object) -> dict[str, str]:
    row = _mapping(told, "steps")
    return {"step": _text(row.get("step"), "steps", LONG), "done": _code(row.get("done"), "steps", STEPS),
            "note": _text(row.get("note"), "steps", LONG)}  # fmt: skip


def _measured(told: object) -> dict[str, Any]:
    row = _mapping(told, "measured")
    texts = {
        name: _text(row.get(name), "measured", SHORT) for name in ("what", "unit", "instrument")
    }
    return {**texts, "value": _number(row.get("value"), "measured", -1e12, 1e12)}


def _photo(told: object) -> dict[str, Any]:
    row = _mapping(told, "photos")
    return {
        "sha256": _matched(row, "sha256", _SHA256), "name": _text(row.get("name"), "photos", SHORT),
        "size": _count(row, "size"), "type": _text(row.get("type"), "photos", SHORT),
        "source": _one(row, "source", ("camera", "file")), "captured": _time(row, "captured"),
        "modified": _time(row, "modified"), "caption": _text(row.get("caption"), "photos", LONG),
        "position": _position(row.get("position")),
    }  # fmt: skip


def _position(told: object) -> dict[str, Any] | None:
    """Where the phone said it was; `fixes` readings so far, `same_fixes` of them without any change."""
    if told is None:
        return None
    row = _mapping(told, "position")
    found: dict[str, Any] = {name: _number(row[name], name, *bounds)
                             for name, bounds in _POSITION.items() if row.get(name) is not None}  # fmt: skip
    if not {"lon", "lat", "accuracy_m"} <= found.keys():
        raise LeadError("a position has lon, lat and accuracy_m", field="position", remedy="leave it out else")  # fmt: skip
    return {**found, "datum": "WGS 84", "at": _time(row, "at")}


def _device(told: object) -> dict[str, str]:
    row = _mapping(told, "device")
    return {name: _text(row[name], "device", SHORT) for name in _DEVICE if row.get(name)}


def _clock(told: object) -> dict[str, Any]:
    """How many seconds the phone's clock was ahead of the server's, and when that was measured."""
    row = _mapping(told, "clock")
    if row.get("offset_s") is None:
        return {}
    return {"offset_s": _number(row["offset_s"], "clock", -1e10, 1e10), "checked": _time(row, "checked"),
            "u_s": _number(row.get("u_s", 0), "clock", 0, 1e6)}  # fmt: skip


def _mapping(told: object, name: str) -> Mapping[str, Any]:
    if not isinstance(told, Mapping):
        raise LeadError(f"{name} is not understood", field=name, remedy="send an object")
    return told


def _list(told: Mapping[str, Any], name: str, most: int) -> list[Any]:
    value = told.get(name) or []
    if not isinstance(value, list) or len(value) > most:
        raise LeadError(f"{name} is no list of up to {most}", field=name, remedy="make two visits of it")  # fmt: skip
    return value


def _one(told: Mapping[str, Any], name: str, known: Any) -> str:  # noqa: ANN401 - codes
    return _code(told.get(name), name, known)


def _code(value: object, name: str, known: Any) -> str:  # noqa: ANN401 - codes
    if not isinstance(value, str) or value not in known:
        raise LeadError(f"{str(value)[:40]!r} is no choice", field=name, remedy=f"one of {', '.join(known)}")  # fmt: skip
    return value


def _text(value: object, name: str, most: int) -> str:
    if not (value is None or isinstance(value, str)) or len(value or "") > most:
        raise LeadError(f"{name} is no text of up to {most} characters", field=name, remedy="write it shorter")  # fmt: skip
    return (value or "").strip()


def _number(value: object, name: str, low: float, high: float) -> float:
    fits = isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)
    if not fits or not low <= value <= high:  # type: ignore[operator]
        raise LeadError(f"{str(value)[:20]!r} is no number that fits", field=name, remedy="write digits")  # fmt: skip
    return value  # type: ignore[return-value]


def _count(told: Mapping[str, Any], name: str) -> int:
    return int(_number(told.get(name), name, 0, 2**53))


def _matched(told: Mapping[str, Any], name: str, pattern: re.Pattern[str]) -> str:
    value = told.get(name)
    if not isinstance(value, str) or not pattern.fullmatch(value):
        raise LeadError(f"{name} is not understood", field=name, remedy="send lower-case hexadecimal digits")  # fmt: skip
    return value


def _time(told: Mapping[str, Any], name: str) -> str:
    value = told.get(name)
    try:
        known = isinstance(value, str) and datetime.fromisoformat(value).tzinfo is not None
    except ValueError:
        known = False
    if not known:
        raise LeadError(f"{str(value)[:40]!r} is no time with a zone", field=name,
                        remedy="write 2026-05-21T10:30:00+08:00")  # fmt: skip
    return str(value)
