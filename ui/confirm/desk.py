"""What one tab does with the queue: who answers, what is shown, what the panel's keys ask for."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from imagery.queue import Candidate, ChangedMeanwhile, Queue
from layers.errors import YichaError
from layers.problems import sentence
from ui import cache, state
from ui.refused import must, refusal_told
from ui.texts import texts

PANEL, LIST, MAP = "c_panel", "c_list", "c_map"
THEME, STATE, ORDER = "c_theme", "c_state", "c_order"
SCENE, BEFORE, AREA, DETECTOR, SENSITIVITY = (
    "c_scene", "c_before", "c_area", "c_detector", "c_sensitivity",
)  # fmt: skip
STATES = ("open", "unsure", "decided", "all")
ORDERS = ("score", "place")
_SHOWN, _EDITING, _DONE, _NOTE, _JOB, _SEEN, _PLACED = (
    "c_shown", "c_editing", "c_done", "c_note", "c_job", "c_seen", "c_placed",
)  # fmt: skip
_MOST_UNDONE = 200


def filters() -> dict[str, Any]:
    """What the queue is narrowed by, as `Queue.candidates` takes it."""
    theme = state.recall(THEME)
    return {"theme": None if theme in (None, state.ALL) else theme,
            "state": state.recall(STATE) or "open", "order": state.recall(ORDER) or "score"}  # fmt: skip


def shown() -> str | None:
    """Id of the candidate that is looked at."""
    found: str | None = state.recall(_SHOWN)
    return found


def show(candidate_id: str | None, *, on_map: bool = False) -> None:
    """Look at a candidate, or at the first of the queue."""
    state.keep(_SHOWN, candidate_id)
    state.keep(_EDITING, False)
    state.keep(_PLACED, on_map)


def placed() -> bool:
    """Whether the candidate was chosen on the map, which then keeps its view."""
    return bool(state.recall(_PLACED))


def editing() -> bool:
    """Whether the outline is being drawn."""
    return bool(state.recall(_EDITING))


def note() -> str:
    """What went wrong with the last answer, told until the next one."""
    return str(state.recall(_NOTE) or "")


def job() -> str | None:
    """Id of the search this tab waits for."""
    found: str | None = state.recall(_JOB)
    return found


def follow(job_id: str | None) -> None:
    """Look at a search, or at none."""
    state.keep(_JOB, job_id)


def look_at(run_id: str) -> None:
    """Look at what one search found, the best candidate that is still open first."""
    queue = cache.queue()
    if queue is None:
        return
    found = queue.candidates(run=run_id, state="open") or queue.candidates(run=run_id, state="all")
    state.keep(THEME, found[0].theme if found else state.ALL)
    state.keep(STATE, "open" if found and found[0].state == "open" else "all")
    show(found[0].id if found else None)
    follow(None)


def forget_shown() -> None:
    """The filters changed: begin with the first candidate that passes them."""
    show(None)


def take_row() -> None:
    """A row of the list was chosen."""
    key = getattr(state.recall(LIST), "select", None)
    if key:
        show(str(key))


def take_map_click() -> None:
    """An outline was clicked on the map."""
    answer: Mapping[str, Any] = state.recall(MAP) or {}
    count = answer.get("last_object_clicked_count")
    key = ((answer.get("last_active_drawing") or {}).get("properties") or {}).get("candidate")
    if key and count != state.recall(_SEEN) and not editing():
        show(str(key), on_map=True)
    state.keep(_SEEN, count)


def take_act() -> None:
    """The panel asked for something, by key or by button. A callback: nothing can cut it short."""
    told = getattr(state.recall(PANEL), "act", None)
    queue = cache.queue()
    if not told or queue is None:
        return
    state.keep(_NOTE, "")
    try:
        _act(queue, told, must("scene.judge").name)
    except ChangedMeanwhile as error:
        now = error.now
        said = texts(state.language())
        answer = said.word("confirm.answers", now.answer or "open")
        state.keep(_NOTE, said("confirm.meanwhile", who=now.actor or "—", answer=answer))
        show(now.id)
    except YichaError as error:
        refusal_told(error)
        said = texts(state.language())
        bad = error.field == "outline"
        state.keep(_NOTE, said("confirm.bad_outline") if bad else sentence(error, said.lang))


def _act(queue: Queue, told: Mapping[str, Any], who: str) -> None:
    what, key = str(told.get("do")), str(told.get("id") or "")
    if what == "edit":
        state.keep(_EDITING, not editing())
    elif what == "step":
        _step(queue, key, back=bool(told.get("back")))
    elif what == "undo":
        _undo(queue, who)
    elif what == "answer":
        queue.decide(key, told["answer"], reason=told.get("reason") or None,
                     note=str(told.get("note") or ""), actor=who, at=_now(), seen=told["seen"])  # fmt: skip
        _remember(key)
        _step(queue, key)
    elif what == "outline":
        _outline(queue, key, told, who)


def _outline(queue: Queue, key: str, told: Mapping[str, Any], who: str) -> None:
    """Keep an outline drawn by hand: whoever draws it has seen the thing, so an open one is a yes."""
    before = queue.candidate(key)
    queue.decide(key, before.answer or "yes", reason=before.reason, note=before.note,
                 outline=told["geometry"], actor=who, at=_now(), seen=told["seen"])  # fmt: skip
    _remember(key)
    state.keep(_EDITING, False)


def _undo(queue: Queue, who: str) -> None:
    """Take this tab's last answer back, and look at that candidate again."""
    done: list[str] = list(state.recall(_DONE) or ())
    if not done:
        state.keep(_NOTE, texts(state.language())("confirm.nothing_to_undo"))
        return
    last = done.pop()
    mine = queue.candidate(last)
    if mine.actor == who:
        queue.undo(last, actor=who, at=_now(), seen=mine.seen)
    state.keep(_DONE, done)
    show(last)


def _remember(key: str) -> None:
    state.keep(_DONE, [*(state.recall(_DONE) or ()), key][-_MOST_UNDONE:])


def _step(queue: Queue, key: str, *, back: bool = False) -> None:
    """On to the next candidate of the filters; back to the one before it in the list."""
    if not back:
        following = queue.next_after(key, **filters())
        show(following.id if following else None)
        return
    found = [one.id for one in queue.candidates(**{**filters(), "state": "all"})]
    at = found.index(key) if key in found else 0
    show(found[at - 1] if found else None)


def listed(queue: Queue) -> tuple[list[Candidate], Candidate | None]:
    """What passes the filters, and the candidate to show: the chosen one even where it does not."""
    found = queue.candidates(**filters())
    key = shown()
    mine = next((one for one in found if one.id == key), None)
    if mine is None and key:
        try:
            mine = queue.candidate(key)
        except YichaError:
            mine = None
    return found, mine or (found[0] if found else None)


def _now() -> str:
    return datetime.now().astimezone().isoformat(timespec="seconds")
