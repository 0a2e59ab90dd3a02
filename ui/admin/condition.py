"""What the app itself adds to the readings of the store: its jobs, its workers, its files for browsers.

python -m ui.admin.condition [FOLDER]
"""

from __future__ import annotations

import json
import os
import sys
from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from layers.errors import YichaError
from office.backups import backup_folder
from office.health import Reading, State
from ui.assets import font_file, installed
from ui.jobs.job import Job, read_job
from ui.jobs.limits import Limits, limits_of
from ui.settings import CACHE, data_folder
from ui.workplace import imagery_folder

_RECENT = 20
_LONG_S = 6 * 3600


def app_readings(every: Sequence[Job], limits: Limits, now: datetime) -> tuple[Reading, ...]:
    """Jobs under way and how the last ones ended; scripts and fonts that are installed."""
    return _jobs(every, limits, now), _assets(), _fonts()


def folders(data: Path) -> dict[str, Path]:
    """The folders whose disk is looked at."""
    return {
        "data": data,
        "cache": CACHE,
        "imagery": imagery_folder(data),
        "backups": backup_folder(data),
    }


def _jobs(every: Sequence[Job], limits: Limits, now: datetime) -> Reading:
    """`look` where one of the last jobs died or failed, or one is under way for hours."""
    counts = Counter(job.state for job in every)
    ended = sorted((job for job in every if not job.active), key=lambda job: job.id, reverse=True)
    died = sum(job.state == "failed" and job.cause != "said" for job in ended[:_RECENT])
    long = [
        job
        for job in every
        if job.active and (now - datetime.fromisoformat(job.asked)).total_seconds() > _LONG_S
    ]
    state: State = "look" if died or long else "good"
    facts = {"running": counts["running"] + counts["stopping"], "queued": counts["queued"], "died": died,
             "long": len(long), "heavy": limits.heavy, "light": limits.light}  # fmt: skip
    return Reading("jobs", state, facts)


def _assets() -> Reading:
    there = installed()
    return Reading("assets", "good" if there else "bad", {"installed": there})


def _fonts() -> Reading:
    try:
        names = [font_file(weight).name for weight in ("Regular", "Medium")]
    except YichaError as error:
        return Reading("fonts", "bad", {"problem": error.problem})
    return Reading("fonts", "good", {"files": ", ".join(names)})


def main() -> int:
    """Print the readings of the app over a data folder."""
    data = Path(sys.argv[1]) if len(sys.argv) > 1 else data_folder()
    now = datetime.now().astimezone()
    root = data / "uploads" / "jobs"
    kept = [job for job in map(read_job, root.glob("*.json")) if job is not None]
    for one in app_readings(kept, limits_of(os.environ), now):
        print(f"{one.state}\t{one.name}\t{json.dumps(dict(one.facts), ensure_ascii=False)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
