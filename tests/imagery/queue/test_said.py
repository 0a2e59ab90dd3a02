"""Any order of answers and of taking them back is a stack for each candidate."""

from __future__ import annotations

import json

from hypothesis import given
from hypothesis import strategies as st
from shapely import box

from imagery.queue.entries import ANSWERS, Answer, Decision
from imagery.queue.files import Event
from imagery.queue.outlines import Size
from imagery.queue.said import UNDONE, event_of, said

_STEP = st.one_of(
    st.tuples(st.sampled_from("abc"), st.sampled_from(ANSWERS), st.booleans()),
    st.tuples(st.sampled_from("abc"), st.none(), st.just(False)),
)


@given(st.lists(_STEP, max_size=30))
def test_the_last_answer_that_was_not_taken_back_counts(
    steps: list[tuple[str, Answer | None, bool]],
) -> None:
    events: list[Event] = []
    stacks: dict[str, list[tuple[Answer, bool]]] = {}
    for n, (name, answer, drawn) in enumerate(steps):
        if answer is None:
            told: dict[str, object] = {
                "event": UNDONE,
                "candidate": name,
                "actor": "x",
                "at": "2026-06-01",
            }
            stacks[name] = stacks.get(name, [])[:-1]
        else:
            outline = box(n, 0, n + 1, 1) if drawn else None
            decision = Decision(name, "run", answer, None, str(n), outline, "x", "2026-06-01")
            told = event_of(decision, Size(float(n), 1.0, 0.3) if drawn else None)
            stacks[name] = [*stacks.get(name, []), (answer, drawn)]
        events.append(Event(json.loads(json.dumps(told)), f"hash {n}"))
    found = said("run", events)
    for name, stack in stacks.items():
        one = found[name]
        assert [decision.answer for decision in one.decisions] == [answer for answer, _ in stack]
        assert (one.drawn is not None) == any(drawn for _, drawn in stack)
        assert one.seen == next(e.sha256 for e in reversed(events) if e.told["candidate"] == name)
        if one.drawn is not None:
            newest = max(n for n, (_, drawn) in enumerate(stack) if drawn)
            assert one.drawn[0] == one.decisions[newest]
            assert one.drawn[0].outline is not None
            assert one.drawn[0].outline.bounds[0] == one.drawn[1].area_m2
