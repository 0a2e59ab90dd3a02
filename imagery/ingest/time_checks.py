"""Is the time of a scene believable? Doubts become remarks; nothing is filled in silently."""

from __future__ import annotations

from datetime import timedelta

from imagery.catalogue.times import parse, time_span
from imagery.scene import Remark, Scene

_CLOCKS_DIFFER = timedelta(minutes=10)
_FIRST_YEAR = 1990
_FIRST_SATELLITE_YEAR = 1972
"""No civil satellite pictures are older; a drone photo older than 1990 has a clock that was reset."""


def time_remarks(scene: Scene, received: str) -> tuple[Remark, ...]:
    """What a person should know about the scene's time, beyond what its file's reader said."""
    said = {remark.code for remark in scene.remarks}
    if scene.taken.how == "missing":
        return () if said & {"time_missing", "time_nonsense"} else (_missing(),)
    span = time_span(scene.taken, received)
    first = span.get("start_datetime") or span["datetime"]
    last = span.get("end_datetime") or span["datetime"]
    found: list[Remark] = []
    if received and parse(str(first))[0] > parse(received)[0] + _CLOCKS_DIFFER:
        found.append(_later(str(first), received))
    satellite = scene.sensor is not None and scene.sensor.platform == "satellite"
    oldest = _FIRST_SATELLITE_YEAR if satellite or scene.kind == "satellite" else _FIRST_YEAR
    if int(str(last)[:4]) < oldest and "clock_reset" not in said:
        found.append(_ancient(str(last)[:10], oldest))
    clock_time = scene.taken.utc is None and len(scene.taken.local or "") > 10
    if clock_time and scene.taken.zone is None and not said & {"zone_unknown", "zone_missing"}:
        found.append(_no_zone())
    return tuple(found)


def _missing() -> Remark:
    return Remark("time_missing", "没有拍摄时间：按时间查找时找不到；可用 --taken 注明后再次入库",
                  "nothing tells when it was taken: a search by time does not find it; state it "
                  "with --taken and ingest it again")  # fmt: skip


def _later(first: str, received: str) -> Remark:
    return Remark("taken_after_received", f"拍摄时间 {first} 晚于收到时间 {received}：设备时钟有误？",
                  f"taken {first}, after it was received ({received}): was the clock wrong?")  # fmt: skip


def _ancient(last: str, oldest: int) -> Remark:
    return Remark("taken_too_early", f"拍摄时间 {last} 早于 {oldest} 年：设备时钟可能被重置",
                  f"taken {last}, before {oldest}: was the camera's clock reset?")  # fmt: skip


def _no_zone() -> Remark:
    return Remark("zone_missing", "拍摄时间没有时区：前后相差可达一天；可用 --zone 注明后再次入库",
                  "the time carries no zone and may be off by up to a day; state it with --zone "
                  "and ingest it again", "note")  # fmt: skip
