"""What one tab does on the map: what is listed, the filters (in the address), what is looked at."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ui import state
from ui.map import address
from ui.map.address import AREA, FINDINGS, LEADS, SOURCES, Corners
from ui.map.address import PAGE as _PAGE
from ui.map.table import Filters

PAGE_SIZE = 200
REACHES = (50, 200, 500, 1000)
"""How far to look around a place, in metres."""
_KEY, _IS_LEAD, _NEAR, _DRAWN, _GOAL, _SEEN, _TOLD = (
    "m_key", "m_is_lead", "m_near", "m_sketch", "m_goal", "m_seen", "m_told",
)  # fmt: skip


def arrive(*, usual: str = FINDINGS) -> None:
    """Take over what the address says where it is another than this tab told last.

    `usual` is what is listed where nobody said it.
    """
    said = state.address((*address.NAMES, "finding", "lead"))
    told: Mapping[str, str] | None = state.recall(_TOLD)
    if told is not None and (not said or said == told):
        return
    state.keep(_TOLD, said)
    if told is not None:
        close()
    for name, key in address.NAMES.items():
        if told is not None or name in said or state.recall(key) is None:
            state.keep(key, address.read(key, said.get(name)))
    if "lead" in said or "finding" in said:
        state.keep(state.SOURCE, LEADS if "lead" in said else FINDINGS)
    elif "from" not in said:
        state.keep(state.SOURCE, usual)
    state.keep(_KEY, said.get("lead") or said.get("finding"))
    state.keep(_IS_LEAD, "lead" in said)


def tell() -> None:
    """Let the address say what is shown, so that it can be sent to a colleague."""
    said = {name: address.text(key, state.recall(key)) for name, key in address.NAMES.items()}
    said["finding"], said["lead"] = (None, chosen()) if is_lead() else (chosen(), None)
    if chosen():
        said["from"] = None
    state.to_address(said)
    state.keep(_TOLD, {name: value for name, value in said.items() if value})


def source() -> str:
    """What is listed: the findings of a day, or the leads of the store."""
    found = state.recall(state.SOURCE)
    return str(found) if found in SOURCES else FINDINGS


def filters(today: str) -> Filters:
    """The filters as set by the widgets."""
    check = _one(state.CHECK)
    return Filters(
        checks=(check,) if check else (), verdicts=tuple(state.recall(state.VERDICTS) or ()), school=_one(state.SCHOOL),
        licences=tuple(state.recall(state.LICENCES) or ()), text=str(state.recall(state.TEXT) or ""),
        states=tuple(state.recall(state.STATES) or ()), town=_one(state.TOWN), score_from=float(state.recall(state.SCORE) or 0),
        age=_one(state.AGE), hide_aside=bool(state.recall(state.HIDE)), unplaced=bool(state.recall(state.UNPLACED)), area=area(), today=today,
    )  # fmt: skip


def set_more() -> int:
    """How many of the filters behind "more" are set."""
    return sum(state.recall(key) not in (None, state.ALL, 0, [], False)
               for key in (state.STATES, state.TOWN, state.SCORE, state.AGE, state.SCHOOL, state.LICENCES, state.HIDE, state.UNPLACED))  # fmt: skip


def reset() -> None:
    """Back to the filters of a fresh page."""
    for key in address.USUAL:
        if key != state.SOURCE:
            state.keep(key, address.usual(key))


def other_source() -> None:
    """Findings instead of leads, or the other way round: what was chosen is no more."""
    state.keep(_PAGE, 0)
    select(None)


def first_page() -> None:
    """The filters changed: begin at the first page."""
    state.keep(_PAGE, 0)


def page_number() -> int:
    """The page of the list, from 0."""
    return int(state.recall(_PAGE) or 0)


def turn_page(step: int) -> None:
    """On by so many pages."""
    state.keep(_PAGE, max(page_number() + step, 0))


def show_page(number: int) -> None:
    """Show that page, where what was chosen stands."""
    state.keep(_PAGE, max(number, 0))


def chosen() -> str | None:
    """Key of the finding or id of the lead looked at."""
    found = state.recall(_KEY)
    return str(found) if found else None


def is_lead() -> bool:
    """Whether what is looked at is a lead; of a link also where its reader sees findings only."""
    return bool(state.recall(_IS_LEAD))


def near() -> tuple[float, float] | None:
    """(lon, lat) of the place asked about, or `None`."""
    found: tuple[float, float] | None = state.recall(_NEAR)
    return found


def reach() -> float:
    """How far to look around it, in metres."""
    found = state.recall(state.REACH)
    return float(found if found in REACHES else REACHES[1])


def drawn() -> tuple[str, Corners] | None:
    """What was drawn last: the tool (`line`, `ring` or `inside`) and the corners as (lon, lat)."""
    found: tuple[str, Corners] | None = state.recall(_DRAWN)
    return found


def area() -> Corners:
    """Corners (lon, lat) of the area that alone is listed; empty where all of it is."""
    found: Corners = state.recall(AREA) or ()
    return found


def whole_area() -> None:
    """List what lies outside the drawn area too, and forget the drawing."""
    close()
    state.keep(AREA, ())
    state.keep(_PAGE, 0)


def only_unplaced() -> None:
    """List what has no place, and so no symbol on the map."""
    state.keep(state.UNPLACED, True)
    state.keep(_PAGE, 0)


def goal() -> Mapping[str, Any] | None:
    """Where a search went: `lon`, `lat`, `text`, and the turn it was asked in."""
    found: Mapping[str, Any] | None = state.recall(_GOAL)
    return found


def select(key: str | None, *, on_map: bool = False) -> None:
    """Look at a finding or lead, or at none."""
    close()
    state.keep(_KEY, key)
    state.keep(_IS_LEAD, source() == LEADS)
    state.turned(on_map=on_map)


def unselect() -> None:
    """Look at nothing."""
    select(None)


def close() -> None:
    """Forget the place asked about, what was drawn, and where a search went."""
    for key in (_NEAR, _DRAWN, _GOAL):
        state.keep(key, None)


def go(lon: float, lat: float, text: str) -> None:
    """Move the map to a place and ask what is near it."""
    close()
    state.turned()
    state.keep(_NEAR, (lon, lat))
    state.keep(_GOAL, {"lon": lon, "lat": lat, "text": text, "turn": state.turn()})


def take_row() -> None:
    """A row of the list was chosen."""
    key = getattr(state.recall(state.LIST), "select", None)
    if key:
        select(str(key))


def take_map_click() -> None:
    """Something was clicked or drawn on the map: a symbol, a shape, or a place."""
    answer: Mapping[str, Any] = state.recall(state.MAP) or {}
    count, place = answer.get("last_object_clicked_count"), answer.get("last_clicked")
    before = state.recall(_SEEN) or (None, None)
    state.keep(_SEEN, (count, place))
    drawing = answer.get("last_active_drawing") or {}
    told = drawing.get("properties") or {}
    if count and count != before[0] and told.get("finding"):
        select(str(told["finding"]), on_map=True)
    elif count and count != before[0] and told.get("tool"):
        _take_drawing(str(told["tool"]), _corners(drawing.get("geometry") or {}))
    elif place and place != before[1]:
        close()
        state.keep(_NEAR, (float(place["lng"]), float(place["lat"])))


def _take_drawing(tool: str, corners: Corners) -> None:
    close()
    state.keep(_DRAWN, (tool, corners))
    if tool == "inside":
        state.keep(AREA, corners if address.is_area(corners) else ())
        state.keep(_PAGE, 0)


def _corners(geometry: Mapping[str, Any]) -> Corners:
    points = geometry.get("coordinates") or ()
    if geometry.get("type") == "Polygon":
        points = points[0][:-1] if points else ()
    return tuple((float(one[0]), float(one[1])) for one in points)


def _one(key: str) -> str | None:
    value = state.recall(key)
    return None if value in (None, "", state.ALL) else str(value)
