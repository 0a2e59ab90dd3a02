"""What one tab does with the leads: the view, the filters (in the address), the lead looked at."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from leads.shell_steps import CHINA
from leads.states import STATE_WORDS
from leads.store import SORTS, Filter
from office.shell_words import utc_text
from ui import state

VIEWS = ("list", "due", "inbox", "yield", "runs")
LISTS = ("list", "due", "inbox")
"""Views with a lead beside them."""
VIEW, CHECK, STATES, VERDICTS, CHANGE, SCORE, WHO, AGENCY, TOWN, TEXT, SORT = (
    "l_view", "l_check", "l_states", "l_verdicts", "l_change", "l_score", "l_who", "l_agency", "l_town",
    "l_text", "l_sort",
)  # fmt: skip
LIST, MAP, DUE = "l_list", "l_map", "l_due"
_LEAD, _PAGE, _TOLD, _SEEN, _VERSION, _NOTE, _RUN, _PLACED, _TURN = (
    "l_lead", "l_page", "l_told", "l_seen", "l_version", "l_note", "l_run", "l_placed", "l_turn",
)  # fmt: skip
NOBODY = "-"
"""The filter for leads that nobody has."""
VERDICT_CODES = ("inside", "borderline", "undecided")
SCORES = (0, 40, 50, 60, 70)
CHANGES = ("new", "changed", "vanished", "back", "asked_again")
PAGE_SIZE = 100
_ADDRESS = {"view": VIEW, "check": CHECK, "state": STATES, "verdict": VERDICTS, "change": CHANGE,
            "score": SCORE, "who": WHO, "agency": AGENCY, "town": TOWN, "q": TEXT, "sort": SORT,
            "lead": _LEAD, "page": _PAGE, "run": _RUN}  # fmt: skip
_MANY = (STATES, VERDICTS)
_USUAL = {VIEW: "list", CHECK: state.ALL, CHANGE: state.ALL, SCORE: 0, WHO: state.ALL, AGENCY: state.ALL,
          TOWN: state.ALL, TEXT: "", SORT: "score", _PAGE: 0}  # fmt: skip


def arrive() -> None:
    """Take over what the address says where it is another than this tab told last."""
    said = state.address(tuple(_ADDRESS))
    told: Mapping[str, str] = state.recall(_TOLD) or {}
    if not said or said == told:
        return
    for name, key in _ADDRESS.items():
        state.keep(key, _read(key, said.get(name)))
    look_at(said.get("lead"))


def tell() -> None:
    """Let the address say what is shown, so that it can be sent to a colleague."""
    said = {name: _text(key, state.recall(key)) for name, key in _ADDRESS.items()}
    state.to_address(said)
    state.keep(_TOLD, {name: value for name, value in said.items() if value})


def keep_filters() -> None:
    """Keep the filters' values while another view is shown: what is not drawn would lose them."""
    for key in _ADDRESS.values():
        if key not in (VIEW, _LEAD) and state.recall(key) is not None:
            state.keep(key, state.recall(key))


def view() -> str:
    """Which view is shown."""
    found = state.recall(VIEW)
    return str(found) if found in VIEWS else VIEWS[0]


def chosen() -> str | None:
    """Id of the lead looked at."""
    found: str | None = state.recall(_LEAD)
    return found or None


def look_at(lead_id: str | None, *, on_map: bool = False) -> None:
    """Look at a lead, or at none; what was said about the last one is forgotten."""
    if lead_id != chosen():
        say("")
        state.keep(_TURN, int(state.recall(_TURN, 0)) + 1)
    state.keep(_LEAD, lead_id)
    state.keep(_PLACED, on_map)


def turn() -> int:
    """A number that grows with every lead looked at."""
    return int(state.recall(_TURN, 0))


def placed() -> bool:
    """Whether it was chosen on the map, which then keeps its view."""
    return bool(state.recall(_PLACED))


def take_row() -> None:
    """A row of the list was chosen."""
    key = getattr(state.recall(LIST), "select", None)
    if key:
        look_at(str(key))


def take_due() -> None:
    """A row of what is due was chosen."""
    key = getattr(state.recall(DUE), "select", None)
    if key:
        look_at(str(key).partition(":")[0])


def take_map_click() -> None:
    """A symbol was clicked on the small map."""
    answer: Mapping[str, Any] = state.recall(MAP) or {}
    count = answer.get("last_object_clicked_count")
    key = ((answer.get("last_active_drawing") or {}).get("properties") or {}).get("finding")
    if key and count != state.recall(_SEEN):
        look_at(str(key), on_map=True)
    state.keep(_SEEN, count)


def saw(version: int) -> None:
    """The version of the lead that this tab shows."""
    state.keep(_VERSION, version)


def version() -> int | None:
    """The version the person saw."""
    found: int | None = state.recall(_VERSION)
    return found


def say(words: str, *, good: bool = False) -> None:
    """What is told above the next steps, until something else is done."""
    state.keep(_NOTE, (words, good))


def said() -> tuple[str, bool]:
    """What was told last, and whether it is good news."""
    found: tuple[str, bool] = state.recall(_NOTE) or ("", False)
    return found


def first_page() -> None:
    """The filters changed: begin at the first page."""
    state.keep(_PAGE, 0)


def page_number() -> int:
    """The page of the list, from 0."""
    return int(state.recall(_PAGE) or 0)


def turn_page(step: int) -> None:
    """On by so many pages."""
    state.keep(_PAGE, max(page_number() + step, 0))


def reset() -> None:
    """Back to the filters of a fresh page."""
    for key, value in _USUAL.items():
        if key != VIEW:
            state.keep(key, value)
    for key in _MANY:
        state.keep(key, [])
    state.keep(_RUN, None)


def show_run(run_id: str) -> None:
    """The leads that one run changed."""
    reset()
    state.keep(_RUN, run_id)
    state.keep(VIEW, "list")


def run_shown() -> str | None:
    """The run whose leads are listed, or `None`."""
    found: str | None = state.recall(_RUN)
    return found


def start() -> None:
    """Give every filter its usual value where it has none."""
    for key, value in _USUAL.items():
        state.start(key, value)
    for key in _MANY:
        state.start(key, [])


def filters() -> Filter:
    """The filters as `leads.store` takes them."""
    change = _one(CHANGE)
    who = _one(WHO)
    return Filter(
        checks=[one for one in (_one(CHECK),) if one], states=list(state.recall(STATES) or ()),
        verdicts=list(state.recall(VERDICTS) or ()),
        changes=[change] if change and change != "asked_again" else [],
        asked_again=True if change == "asked_again" else None,
        score_from=float(state.recall(SCORE) or 0) or None,
        assignee=None if who is None else "" if who == NOBODY else who,
        agency=_one(AGENCY), township=_one(TOWN), words=str(state.recall(TEXT) or ""),
        run_id=run_shown(),
    )  # fmt: skip


def sort() -> tuple[str, bool]:
    """What the list is sorted by, and whether the smallest comes first."""
    by = str(state.recall(SORT) or "score")
    return (by, by in ("due", "number", "name", "check")) if by in SORTS else ("score", False)


def now() -> tuple[str, str]:
    """The moment in UTC as events name it, and China's day of it."""
    moment = datetime.now(UTC)
    return utc_text(moment), moment.astimezone(CHINA).date().isoformat()


def _one(key: str) -> str | None:
    value = state.recall(key)
    return None if value in (None, "", state.ALL) else str(value)


def _read(key: str, text: str | None) -> object:
    """A value of the address as its widget takes it; one that is no choice is left out."""
    if key in _MANY:
        known = STATE_WORDS if key == STATES else VERDICT_CODES
        return [one for one in (text or "").split(",") if one in known]
    if key in (SCORE, _PAGE):
        number = int(text) if text and text.isdecimal() and len(text) < 6 else 0
        return number if key == _PAGE or number in SCORES else 0
    if key == SORT:
        return text if text in SORTS else "score"
    if key == VIEW:
        return text if text in VIEWS else "list"
    if key == CHANGE:
        return text if text in CHANGES else state.ALL
    return text or _USUAL.get(key)


def _text(key: str, value: object) -> str | None:
    if value == _USUAL.get(key):
        return None
    return (
        ",".join(map(str, value)) if isinstance(value, list | tuple) else str(value or "") or None
    )
