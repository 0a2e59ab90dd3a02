"""Who sees which jobs: one's own whole; whoever keeps the program running sees all without content."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from office import Actor
from office.policy import may
from ui.jobs.job import Job, Order

HEALTH = "health.read"


def in_sight(job: Job | None, who: Actor | None) -> Job | None:
    """The job as this person may see it, or `None`."""
    if job is None or who is None:
        return None
    if job.actor == who.name:
        return job
    return without_content(job) if may(who, HEALTH) else None


def all_in_sight(jobs: Iterable[Job], who: Actor | None) -> list[Job]:
    """The jobs this person may see, in the order they come in."""
    seen = (in_sight(job, who) for job in jobs)
    return [job for job in seen if job is not None]


def without_content(job: Job) -> Job:
    """Kind, person, state, times and how far: neither files nor places nor what was found."""
    task = None if job.task is None else {"task": job.kind}
    return replace(job, order=Order({}), files=(), report=None, problem="", remedy="", name="",
                   earlier=(), task=task)  # fmt: skip
