"""A job of administration on its view: asked for by a click, followed, its outcome shown."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from ui import cache, state
from ui.admin import desk
from ui.admin.desk import Ground
from ui.jobs.job import Job
from ui.jobs.panel import job_panel
from ui.models.tasks import actor_told


def asked(task: str, found: Ground, **more: str) -> None:
    """Have a wished-for job begun, once, as who acts."""
    wish = state.wished(task)
    if wish is None:
        return
    state.granted()
    order = {"task": task, "address": cache.store_address(), **actor_told(found.who), **more}
    if wish:
        order["name"] = wish[0]
    state.keep(_key(task), cache.jobs().ask(order))
    st.rerun()


def followed(
    task: str, found: Ground, title: str, result: Callable[[Job], None] | None = None
) -> None:
    """The job of this tab, or the last one of this kind the person asked for."""
    last = cache.jobs().recent(1, kind=task, actor=found.who.name)
    job_panel(state.recall(_key(task)) or (last[0].id if last and last[0].active else None), title, found.words,
              key=f"ad_{task}", close=lambda: state.keep(_key(task), None), result=result)  # fmt: skip


def button(task: str, label: str, *values: str, key: str, primary: bool = False) -> None:
    """A button that wishes for a job."""
    st.button(
        label,
        key=key,
        type="primary" if primary else "secondary",
        on_click=_wish,
        args=(task, *values),
    )


def _wish(task: str, *values: str) -> None:
    desk.quiet()
    state.wish(task, *values)


def _key(task: str) -> str:
    return f"{desk.JOB}:{task}"
