"""What must be true after the app was killed: everything said is there, once; nothing half-made stays."""

from __future__ import annotations

import hashlib
import json
import re
import time
from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from benchmarks._killed_load import Load, active
from imagery.store import Store
from layers.atomic import sweep_partials
from office import Database, events
from office.verify import verify
from ui.jobs.table import Job, Jobs, open_jobs
from ui.scenes.incoming import Incoming

PATIENCE_S = 600.0
_ENDED = re.compile(r"^= \S+ (done|stopped|failed)\b", re.MULTILINE)
_HALF = re.compile(r"\.partial|\.part$|\.tmp$|\.lock$")


@dataclass
class After:
    """Counts of what was found, and what is wrong (nothing, it is hoped)."""

    counts: dict[str, int] = field(default_factory=dict)
    wrong: list[str] = field(default_factory=list)


def look(folder: Path, load: Load) -> After:
    """Open everything as the next start of the app would, go on with what was cut off, and compare."""
    after = After()
    _jobs(folder, after)
    _imagery(folder, load, after)
    _store(folder, load, after)
    _leftovers(folder, after)
    return after


def _jobs(folder: Path, after: After) -> None:
    jobs = open_jobs(folder / "uploads" / "jobs", folder / "imagery", lambda: datetime.now().astimezone())  # fmt: skip
    _wait(folder)
    begun = sum(job.begun > 1 for job in jobs.all())
    cut = [job for job in jobs.all() if job.cause == "cut"]
    after.wrong += [f"job {job.id}: {job.state} {job.cause} {job.problem}" for job in jobs.all()
                    if job.state != "done" and job not in cut]  # fmt: skip
    after.wrong += [f"job {job.id} was cut off without a remedy" for job in cut if not job.remedy]
    after.wrong += [f"job {job.id} ended {ends} times" for job in jobs.all() if (ends := _ends(jobs, job)) != 1]  # fmt: skip
    after.counts |= {"jobs": len(jobs.all()), "begun more than once": begun, "told as cut off": len(cut)}  # fmt: skip
    for job in cut:
        jobs.again(job.id)
    _wait(folder)
    after.wrong += [f"job {job.id} asked for again: {job.state} {job.problem}" for job in jobs.all() if job.state != "done"]  # fmt: skip


def _wait(folder: Path) -> None:
    """Until no job is under way, or long enough."""
    until = time.monotonic() + PATIENCE_S
    while active(folder) and time.monotonic() < until:
        time.sleep(0.2)


def _ends(jobs: Jobs, job: Job) -> int:
    return len(_ENDED.findall(jobs.log(job.id).read(content=True)))


def _imagery(folder: Path, load: Load, after: After) -> None:
    """Every file that arrived is in the store once, byte for byte; every record's chain holds."""
    store = Store.open(folder / "imagery", create=False)
    found = store.verify()
    scenes = Counter(hashlib.sha256(store.original(one).read_bytes()).hexdigest() for one in store.scenes())  # fmt: skip
    after.wrong += [f"imagery: {one.code} {one.file}" for one in found.problems]
    after.wrong += [f"{name} is in the store {scenes[sha]} times" for sha, name in load.files.items() if scenes[sha] != 1]  # fmt: skip
    after.counts |= {"files that arrived": len(load.files), "scenes": sum(scenes.values())}


def _store(folder: Path, load: Load, after: After) -> None:
    db = Database.open(str(folder / "store" / "leads.sqlite"), create=False)
    read = verify(db)
    with db.read() as connection:
        texts = {str(json.loads(one.body).get("text")) for one in events(connection, kind="lead.noted")}  # fmt: skip
    db.close()
    after.wrong += [f"history: {one.en}" for one in read.problems]
    after.wrong += [f"the note {one} is missing" for one in sorted(load.notes - texts)]
    after.counts["events of the history"] = read.events


def _leftovers(folder: Path, after: After) -> None:
    """What lies about now, and what a start of the app eight days later would leave of it."""
    after.counts["half-written files"] = len(_half(folder))
    later = datetime.now().astimezone() + timedelta(days=8)
    Incoming(folder / "uploads").sweep(later.timestamp())
    sweep_partials(folder, later.timestamp(), skip=folder / "imagery")
    Store.open(folder / "imagery")
    after.wrong += [f"{one} stays" for one in _half(folder)]
    uploads = [one.name for one in (folder / "uploads").iterdir() if len(one.name) == 32]
    after.wrong += [f"upload {one} stays" for one in uploads]
    after.wrong += [f"{one.name} stays" for one in (folder / "uploads" / "jobs").iterdir() if one.is_dir()]  # fmt: skip


def _half(folder: Path) -> list[str]:
    """Files and folders that are on their way to something, other than the locks that stores keep."""
    found = (
        one.relative_to(folder).as_posix() for one in folder.rglob("*") if _HALF.search(one.name)
    )
    return sorted(one for one in found if not re.match(r"imagery/locks/|store/", one))
