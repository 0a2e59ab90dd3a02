"""What the page of evidence asks the worker for: look at leads, make files, verify a bundle."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from evidence.bundle.report import report_of
from evidence.dossier import Dossier, Picture
from evidence.lacking import lacks
from evidence.ledger import Purpose
from evidence.means import key_of, means_of, signer_of, stamp_of, trusted_of
from evidence.outgoing import Ground, Order, Watch, gathered, make_files
from evidence.photos import photos_of
from evidence.redaction.areas import areas_of
from evidence.redaction.compare import compared
from evidence.redaction.release import OPERATION, standing_on
from evidence.redaction.sharing import covered, shared, shown
from evidence.sheet.render import sheet_pictures
from evidence.words import moment
from imagery.store import Store
from layers.errors import Cancelled, YichaError
from leads.scope import weigh_all
from leads.shell_steps import CHINA
from leads.store import card
from office import Database
from office.policy import require_somewhere
from office.shell_words import utc_text
from ui.jobs.tasks import Tell
from ui.models.tasks import actor_from
from ui.proof.outbox import About, outbox_of
from ui.scenes.incoming import Incoming
from ui.workplace import open_workplace

LOOK, MAKE, VERIFY, COMPARE = (
    "evidence-look",
    "evidence-make",
    "evidence-verify",
    "evidence-compare",
)
Told = Mapping[str, Any]
Stopped = Callable[[], bool]


def look(order: Told, tell: Tell, stopped: Stopped) -> dict[str, Any]:
    """What is missing about all leads chosen; pages and pictures of the one looked at."""
    with _ground(order) as ground:
        asked = _order(order, Purpose("preview", ground.actor.name))
        right = right_of(asked.shared)
        with ground.db.read() as connection:
            weigh_all(connection, ground.actor, right, asked.leads)
        total = len(asked.leads) + 2
        watch = Watch(lambda done: tell({"done": done, "total": total, "name": ""}), stopped)
        folder = outbox_of(Path(order["data"])).put(
            order["box"], About(ground.actor.name, right, (order["lead"],), order["at"])
        )
        try:
            missing = lacks(
                ground.db,
                asked.leads,
                ground.imagery,
                actor=ground.actor,
                watch=watch,
                shared=asked.shared,
            )
            (dossier,) = gathered(replace(asked, leads=(order["lead"],)), ground)
        except Cancelled:
            return {"cancelled": True}
        tell({"done": total - 1, "total": total, "name": dossier.number})
        pages = _pages(dossier, asked, ground, folder)
        return {
            "cancelled": False, "pages": pages, "number": dossier.number, "lead": order["lead"],
            "photos": _photos(order["lead"], ground),
            "pictures": [_picture(n, one, ground, folder) for n, one in enumerate(dossier.pictures)],
            "lacks": [{"sort": one.sort, "zh": one.says.zh, "en": one.says.en, "leads": list(one.leads),
                       "scene": one.scene} for one in missing],
            "means": asdict(means_of(os.environ)),
        }  # fmt: skip


def make(order: Told, tell: Tell, stopped: Stopped) -> dict[str, Any]:
    """Make the files ordered, each with its line in the ledger; their names and sizes."""
    with _ground(order) as ground:
        purpose = Purpose(order["reason"], order["recipient"], order["until"] or None)
        asked = _order(order, purpose)
        folder = outbox_of(Path(order["data"])).put(
            order["box"], About(ground.actor.name, right_of(asked.shared), asked.leads, order["at"])
        )
        total = len(asked.leads)
        watch = Watch(lambda done: tell({"done": done, "total": total, "name": ""}), stopped)
        tell({"done": 0, "total": total, "name": ""})
        try:
            files = make_files(asked, _armed(order, ground), folder, watch)
        except Cancelled:
            return {"cancelled": True}
        return {
            "cancelled": False,
            "files": [{"name": one.name, "bytes": one.stat().st_size} for one in files],
        }


def verify(order: Told, tell: Tell, stopped: Stopped) -> dict[str, Any]:
    """Verify a bundle that was dropped; it goes afterwards, whatever it was."""
    incoming = Incoming(outbox_of(Path(order["data"])).root / "in")
    upload = incoming.get(order["box"])
    if not upload.complete or upload.owner != order["actor"]:
        raise YichaError(
            "the bundle is not here any more · 证据包已不在", remedy="drop it again · 请重新拖入"
        )
    path = incoming.content(upload.id)
    try:
        found = report_of(path, expected_key=order["key"] or None, stopped=stopped, trusted=trusted_of(os.environ),
                          told=lambda done, of: tell({"done": done >> 20, "total": max(of >> 20, 1), "name": ""}))  # fmt: skip
        return {"cancelled": False, "name": order["name"], **found}
    except Cancelled:
        return {"cancelled": True}
    finally:
        incoming.discard(upload.id)


def compare(order: Told, tell: Tell, stopped: Stopped) -> dict[str, Any]:
    """Pictures of everything that waits on a scene, before and after covering."""
    with _ground(order) as ground:
        require_somewhere(ground.actor, OPERATION)
        folder = outbox_of(Path(order["data"])).put(
            order["box"], About(ground.actor.name, OPERATION, (), order["at"])
        )
        if ground.imagery is None:
            raise YichaError("there is no imagery store", remedy="upload imagery first")
        pairs = []
        for number, one in enumerate(compared(ground.db, ground.imagery, order["scene"]), 1):
            if stopped():
                return {"cancelled": True}
            names = [f"{side}-{number}{one.suffix}" for side in ("before", "after")]
            for name, data in zip(names, (one.before, one.after), strict=True):
                (folder / name).write_bytes(data)
            tell({"done": number, "total": number + 1, "name": ""})
            pairs.append({"before": names[0], "after": names[1], "actor": one.actor, "at": one.at, "anew": one.anew,
                          "areas": [{"why": area.why, "how": area.treatment} for area in one.areas]})  # fmt: skip
        return {"cancelled": False, "pairs": pairs}


def right_of(redacted: bool) -> str:
    """The right that an export asks for."""
    return "evidence.share" if redacted else "evidence.export"


@contextmanager
def _ground(order: Told) -> Iterator[Ground]:
    place, root = open_workplace(Path(order["data"])), Path(order["store"])
    at = datetime.fromisoformat(order["at"])
    db = Database.open(order["address"])
    try:
        imagery = Store.open(root, create=False) if (root / "catalog.json").is_file() else None
        yield Ground(db, place.layers, actor_from(order), at.astimezone(CHINA).isoformat(), utc_text(at.astimezone(UTC)), imagery)  # fmt: skip
    finally:
        db.close()


def _order(order: Told, purpose: Purpose) -> Order:
    return Order(order["kind"], tuple(order["leads"]), purpose, shared=bool(order["shared"]), lang=order["lang"],
                 paper=order["paper"], form=order["form"], second=order["second"], reviewer=order["reviewer"],
                 incomplete=bool(order["incomplete"]))  # fmt: skip


def _pages(dossier: Dossier, asked: Order, ground: Ground, folder: Path) -> list[str]:
    """The pages as they would leave, with a mark that they have not."""
    mark = f"预览 PREVIEW · {ground.actor.name} · {moment(ground.made)}"
    told = replace(dossier, watermark=mark)
    leaving = shared(ground.db, told, text=mark) if asked.shared else told
    names = []
    for number, page in enumerate(sheet_pictures(leaving, lang=asked.lang, paper=asked.paper), 1):
        names.append(f"page-{number:02d}.png")
        (folder / names[-1]).write_bytes(page)
    return names


def _picture(number: int, picture: Picture, ground: Ground, folder: Path) -> dict[str, Any]:
    """A picture as a copy to draw on, and covered by what is drawn on it already."""
    suffix, plain, done = picture.suffix, f"picture-{number}.{picture.suffix}", ""
    (folder / plain).write_bytes(picture.data)
    areas = areas_of(ground.db, picture.scene_id)
    if areas is not None:
        done = f"covered-{number}.{suffix}"
        mark = f"{ground.actor.name} · {moment(ground.made)}"
        (folder / done).write_bytes(covered(picture, areas, mark).data)
    return {"file": plain, "covered": done, "scene": picture.scene_id, "role": picture.role,
            "taken": moment(picture.taken), "sensor": picture.sensor, "sha256": picture.sha256,
            "frame": list(picture.frame or ()), "plane": "ground" if picture.visit is None else "picture",
            "state": standing_on(ground.db, shown(picture)).state}  # fmt: skip


def _photos(lead: str, ground: Ground) -> list[dict[str, Any]]:
    """The photos of the lead's visits, those that stand on its sheet marked."""
    history = card(ground.db, lead, actor=ground.actor).history
    return [{"sha256": one.sha256, "taken": moment(one.at), "by": one.by, "caption": str(one.told.get("caption") or ""),
             "here": bool(one.scene), "chosen": one.chosen} for one in photos_of(history, ground.imagery)]  # fmt: skip


def _armed(order: Told, ground: Ground) -> Ground:
    """With what goes under the files: the office's key where it has one, time stamp and signature where asked for."""
    return replace(
        ground, key=key_of(os.environ),
        stamp=stamp_of(os.environ) if order.get("stamp") else None,
        signer=signer_of(os.environ) if order.get("sign") else None,
    )  # fmt: skip
