"""A visit as a phone tells it."""

from __future__ import annotations

from typing import Any

VISIT, PHOTO, OTHER = "ab" * 16, "cd" * 32, "ef" * 32


def photo(sha256: str = PHOTO, **more: Any) -> dict[str, Any]:
    return {"sha256": sha256, "name": "20260701_093000.jpg", "size": 1200, "type": "image/jpeg", "source": "camera",
            "captured": "2026-07-01T09:30:00.000+08:00", "modified": "2026-07-01T09:30:00.000+08:00",
            "caption": "门头", "position": position(), **more}  # fmt: skip


def position(**more: Any) -> dict[str, Any]:
    return {"lon": 109.3, "lat": 27.6, "accuracy_m": 6.5, "at": "2026-07-01T09:29:58+08:00", "fixes": 12, "same_fixes": 0, **more}  # fmt: skip


def visit(**more: Any) -> dict[str, Any]:
    return {
        "id": VISIT, "seen_version": 1, "result": "still_there", "look": False, "tests": [],
        "begun": "2026-07-01T09:20:00+08:00", "ended": "2026-07-01T09:40:00+08:00",
        "fields": {"note": " 仍在营业 ", "weather": "clear", "second": "张二", "witness": "店员拒绝签字"},
        "steps": [{"step": "实测", "done": "yes", "note": "两人"}],
        "measured": [{"what": "门到门", "value": 61.5, "unit": "m", "instrument": "激光测距仪 07"}],
        "position": position(altitude_m=301.2), "device": {"agent": "Mozilla/5.0", "model": "Pixel 9", "secret": "x"},
        "clock": {"offset_s": -1.5, "checked": "2026-07-01T08:00:00+08:00", "u_s": 0.5},
        "photos": [photo(), photo(OTHER, source="file", position=None)], **more,
    }  # fmt: skip
