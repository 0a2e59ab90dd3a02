"""What the field's addresses work on, handed in, so that a test gives its own."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from layers import Layer
from layers.errors import ImageryError, LeadError
from layers.provenance import sha256_of
from leads.field.package import package
from leads.field.visits import photo_arrived, record_visit, visit
from leads.shell_steps import CHINA
from office import Actor, Database
from office.shell_words import utc_text
from ui.field.take_in import TASK, task_of
from ui.jobs.table import Jobs
from ui.scenes.incoming import Incoming, UploadError
from ui.scenes.names import clean_name


@dataclass(frozen=True)
class Desk:
    """Store, uploads, layers and jobs as they are now; `root` is where photos wait for the store.

    `address` is the store's, for the process that takes photos in (`None` = the usual one); `now`
    tells the time.
    """

    store: Callable[[], Database]
    address: Callable[[], str | None]
    incoming: Callable[[], Incoming]
    layers: Callable[[], Mapping[str, Layer] | None]
    jobs: Callable[[], Jobs]
    root: Callable[[], Path]
    now: Callable[[], datetime]

    def package(self, actor: Actor) -> dict[str, Any]:
        """What the person takes along."""
        return package(self.store(), self.layers(), actor=actor, at=utc_text(self.now()))

    def record(self, lead: str, told: Mapping[str, Any], actor: Actor) -> dict[str, Any]:
        """Record a visit, or answer for one that is known; photos that lie here are taken in."""
        now = self.now()
        day = now.astimezone(CHINA).date().isoformat()
        done = record_visit(self.store(), lead, told, actor=actor, at=utc_text(now), on_date=day)
        if not done.wanted:
            self._take_in(done.lead, done.visit, actor)
        return done.as_dict()

    def photo(self, lead: str, visit_id: str, digest: str, upload: str, actor: Actor) -> dict[str, Any]:  # fmt: skip
        """Take an upload as the photo of a visit; once, however often it is told.

        Raises `LeadError` where the visit names no such photo or the bytes are others,
        `UploadError` where the upload is not there or not complete.
        """
        known = visit(self.store(), lead, visit_id, actor=actor)
        if digest in known["wanted"]:
            name = next(one["name"] for one in known["photos"] if one["sha256"] == digest)
            self._put(visit_id, digest, name, upload, actor)
            at = utc_text(self.now())
            photo_arrived(self.store(), lead, visit_id, digest, actor=actor, at=at)
        else:
            self._drop(upload, actor)
        wanted = [one for one in known["wanted"] if one != digest]
        if not wanted:
            self._take_in(str(known["lead"]["id"]), visit_id, actor)
        return {"visit": visit_id, "wanted": wanted}

    def _put(self, visit_id: str, digest: str, name: str, upload: str, actor: Actor) -> None:
        """The photo's bytes, hashed again, below the visit's folder; there already is fine too."""
        folder = self.root() / visit_id / digest
        if folder.is_dir() and any(sha256_of(one) == digest for one in folder.iterdir()):
            return  # a stop of the app between moving and recording
        incoming = self.incoming()
        here = incoming.get(upload)
        if here.owner != actor.name:
            raise UploadError("unknown", 404)
        if not here.complete:
            raise UploadError("offset", 409, offset=here.offset)
        if sha256_of(incoming.content(upload)) != digest:
            raise LeadError("the bytes are not those of the photo", field="sha256",
                            remedy="send the photo again")  # fmt: skip
        incoming.move(here, folder / _file_name(name))

    def _drop(self, upload: str, actor: Actor) -> None:
        """Forget an upload of a photo that is here already: an answer was lost on the way."""
        with contextlib.suppress(UploadError):
            if self.incoming().get(upload).owner == actor.name:
                self.incoming().discard(upload)

    def _take_in(self, lead: str, visit_id: str, actor: Actor) -> None:
        """Have the photos that wait put into the imagery store, unless that is under way."""
        folder = self.root() / visit_id
        if not folder.is_dir() or not any(folder.iterdir()):
            return
        under_way = (job for job in self.jobs().recent(50, TASK) if job.active)
        if not any((job.task or {}).get("visit") == visit_id for job in under_way):
            self.jobs().ask(task_of(lead, visit_id, folder, self.address(), actor))


def _file_name(name: str) -> str:
    """The photo's own name where it is one that every system can write."""
    try:
        return clean_name(name)
    except ImageryError:
        return "photo"
