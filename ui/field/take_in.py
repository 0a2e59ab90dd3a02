"""Photos of a visit into the imagery store, with their collection record: a task of the worker."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from evidence.collection import collection_of, form, record_fields
from imagery.ingest import ingest
from imagery.scene import Stated
from imagery.store import Store
from leads.field.visits import visit
from office import Actor, Database
from ui.jobs.tasks import Tell

TASK = "field-photos"
_HERE = ("accepted", "restated", "duplicate")
_METHOD = ("手机浏览器网页拍摄或选取；取得时即在手机上计算 SHA-256，原字节保存、分段上传，服务器收齐后重新计算并核对 · "
           "taken or chosen in the phone's browser; SHA-256 computed on the phone at once, original bytes kept, "
           "sent in pieces, hashed again and compared by the server")  # fmt: skip
_MEDIUM = "{device}（浏览器存储；发送后由采集人保管原机 · kept in the browser's storage, the phone stays with the collector）"


def task_of(lead: str, visit_id: str, folder: Path, address: str | None, actor: Actor) -> dict[str, Any]:  # fmt: skip
    """What the worker is asked: plain JSON."""
    return {"task": TASK, "lead": lead, "visit": visit_id, "folder": str(folder), "leads": address,
            "actor": actor.name, "roles": list(actor.roles)}  # fmt: skip


def take_in(
    order: Mapping[str, Any], tell: Tell, stopped: Callable[[], bool] = lambda: False
) -> dict[str, Any]:
    """Ingest the photos that wait and fill in what the phone knows of their collection records.

    What is refused stays in its folder and is named in the report; done again it costs nothing.
    """
    actor = Actor(order["actor"], tuple(order["roles"]))
    db = Database.open(order["leads"], create=False)
    try:
        told = visit(db, order["lead"], order["visit"], actor=actor)
        store, folder = Store.open(order["store"]), Path(order["folder"])
        photos = {one["sha256"]: one for one in told["photos"]}
        report = ingest(
            sorted(one for one in folder.iterdir() if one.name in photos), store, received=order["at"],
            stated=Stated(zone=told["begun"][-6:] if told["begun"][-6] in "+-" else "+00:00", platform="phone"),
            collector=told["actor"], second=told["fields"].get("second"),
            purpose=f"{told['lead']['number']} 现场查看 · visit",
            progress=lambda done, total, name: tell({"done": done, "total": total, "name": name}),
            cancelled=stopped,
        ).as_dict()  # fmt: skip
        for row in report["rows"]:
            scenes = [*row["scenes"], *row["duplicate_of"]]
            if row["status"] in _HERE and row["sha256"] in photos and scenes:
                _record(db, store, scenes, told, photos[row["sha256"]], actor=actor, at=order["at"])
                shutil.rmtree(folder / row["sha256"], ignore_errors=True)
        if folder.is_dir() and not any(folder.iterdir()):
            folder.rmdir()
    finally:
        db.close()
    return report


def _record(
    db: Database, store: Store, scenes: list[str], told: Mapping[str, Any], photo: Mapping[str, Any], *,
    actor: Actor, at: str,
) -> None:  # fmt: skip
    """Enter what the phone said where the record is blank."""
    for scene in scenes:
        known = collection_of(db, store, scene).values
        values = {name: text for name, text in _values(told, photo).items()
                  if text and not known.get(name) and name in form()}  # fmt: skip
        if values.get("second") == (known.get("collector") or values.get("collector")):
            values.pop("second", None)
        if values:
            record_fields(db, store, [scene], values, actor=actor, at=at)


def _values(told: Mapping[str, Any], photo: Mapping[str, Any]) -> dict[str, str]:
    """What the phone knows of the fields of a collection record."""
    place, clock, device = photo["position"], told["clock"], told["device"]
    name = " ".join(device[one] for one in ("model", "platform") if device.get(one)) or device.get(
        "agent", ""
    )
    found = {
        "case_no": told["lead"]["number"], "purpose": f"{told['lead']['subject_name'] or ''} 现场情况".strip(),
        "original_medium": _MEDIUM.format(device=name), "device": name, "method": _METHOD,
        "begun": told["begun"], "ended": told["ended"], "collector": told["actor"],
        "place": told["lead"]["address"] or "", "second": told["fields"].get("second", ""),
        "witness": told["fields"].get("witness", ""), "holder": told["actor"],
    }  # fmt: skip
    if clock:
        found |= {"clock_offset_s": f"{clock['offset_s']:.1f}",
                  "clock_checked": f"{clock['checked']} 与服务器时钟对照，±{clock['u_s']:.1f} 秒 · against the server's clock"}  # fmt: skip
    if place is not None and photo["source"] == "camera":
        found |= {"lon": f"{place['lon']:.7f}", "lat": f"{place['lat']:.7f}", "datum": place["datum"],
                  "accuracy_m": f"{place['accuracy_m']:.1f}"}  # fmt: skip
    return found
