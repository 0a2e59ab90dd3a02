"""Answers: kept, the last one counts, taken back by another event, nobody answers over another."""

from __future__ import annotations

import pickle

import pytest
import shapely
from shapely.geometry import mapping

from imagery.queue import ChangedMeanwhile, Queue
from layers.errors import ImageryError
from layers.measures import geodesic_area
from tests.imagery.queue.conftest import Place
from tests.imagery.queue.made import AT

LATER = "2026-06-02T09:00:00+08:00"


def test_candidates_wait_with_the_best_first(place: Place) -> None:
    waiting = place.queue.candidates()
    assert [one.score for one in waiting] == [0.9, 0.7, 0.5]
    assert {one.state for one in waiting} == {"open"}
    first = waiting[0]
    assert (first.theme, first.day, first.before_id) == (
        "waste_candidate",
        "2026-05-21",
        place.before,
    )
    assert first.area_m2 == pytest.approx(500, rel=0.01)
    assert first.area_mu == pytest.approx(0.75, rel=0.01)
    assert first.outline_by == "machine"


def test_an_answer_stays_with_who_and_when(place: Place) -> None:
    id_ = place.ids["one"]
    place.queue.decide(id_, "no", reason="greenhouse", note=" 大棚 ", actor="李某", at=AT)
    now = Queue.open(place.queue.store).candidate(id_)
    assert (now.answer, now.reason, now.note, now.actor, now.at) == ("no", "greenhouse", "大棚", "李某", AT)  # fmt: skip
    assert now.state == "decided"
    assert [one.id for one in place.queue.candidates(state="decided")] == [id_]
    assert len(place.queue.candidates()) == 2


def test_the_last_answer_counts_and_is_taken_back_by_an_event(place: Place) -> None:
    id_ = place.ids["one"]
    place.queue.decide(id_, "unsure", actor="李某", at=AT)
    assert place.queue.candidate(id_).state == "unsure"
    place.queue.decide(id_, "yes", actor="王某", at=LATER)
    assert [one.answer for one in place.queue.candidate(id_).history] == ["unsure", "yes"]
    assert place.queue.undo(id_, actor="王某", at=LATER).answer == "unsure"
    assert place.queue.undo(id_, actor="王某", at=LATER).state == "open"
    with pytest.raises(ImageryError, match="nothing was said"):
        place.queue.undo(id_, actor="王某", at=LATER)
    record = place.queue.store.root / "candidates" / place.run.id / "decisions.jsonl"
    assert len(record.read_text(encoding="utf-8").splitlines()) == 5


def test_a_second_person_is_told_what_changed(place: Place) -> None:
    shown = place.queue.candidates()[0]
    place.queue.decide(shown.id, "yes", actor="李某", at=AT, seen=shown.seen)
    with pytest.raises(ChangedMeanwhile, match="李某 answered meanwhile") as told:
        place.queue.decide(shown.id, "no", reason="shadow", actor="王某", at=AT, seen=shown.seen)
    assert told.value.now.answer == "yes"
    assert pickle.loads(pickle.dumps(told.value)).now == told.value.now
    with pytest.raises(ChangedMeanwhile):
        place.queue.undo(shown.id, actor="王某", at=AT, seen=shown.seen)
    again = place.queue.decide(shown.id, "no", actor="王某", at=AT, seen=told.value.now.seen)
    assert (again.answer, again.actor) == ("no", "王某")


def test_a_key_pressed_twice_is_one_answer(place: Place) -> None:
    shown = place.queue.candidates()[0]
    first = place.queue.decide(shown.id, "yes", actor="李某", at=AT, seen=shown.seen)
    second = place.queue.decide(shown.id, "yes", actor="李某", at=LATER, seen=shown.seen)
    assert first == second
    assert len(second.history) == 1


@pytest.mark.parametrize(
    "note", ["一\u2028二\x85三\u2029四", "a\nb\r\nc\x1cd\x00", "半\ud800字", '"}\n{"', "\ufeff😀"]
)
def test_whatever_is_pasted_the_record_stays_readable(place: Place, note: str) -> None:
    place.queue.decide(place.ids["one"], "no", note=note, actor="李某\u2028", at=AT)
    place.queue.decide(place.ids["two"], "yes", actor="李某", at=AT)
    kept = place.queue.candidate(place.ids["one"])
    assert kept.note == note.replace("\ud800", "?").strip()
    assert kept.actor == "李某"
    assert place.queue.store.verify().good


def test_an_edited_outline_is_measured_anew_and_can_go_back(place: Place) -> None:
    id_ = place.ids["three"]
    was = place.queue.candidate(id_)
    half = shapely.box(*was.detected.bounds[:3], was.detected.centroid.y)
    smaller = shapely.intersection(was.detected, half)
    now = place.queue.decide(id_, "yes", outline={"type": "Feature", "properties": {}, "geometry": mapping(smaller)},
                             actor="李某", at=AT)  # fmt: skip
    assert now.outline_by == "person"
    assert now.area_m2 == pytest.approx(geodesic_area(smaller))
    assert now.detected.equals(was.detected)
    perimeter_error = 0.5 * (30 + 30 + 15 + 15)
    assert now.u_area_m2 == pytest.approx(perimeter_error, rel=0.1)
    kept = place.queue.decide(id_, "no", reason="other", note="料堆", actor="王某", at=LATER)
    assert kept.outline.equals(now.outline)
    back = place.queue.decide(
        id_, "no", reason="other", outline=was.detected, actor="王某", at=LATER
    )
    assert (back.outline_by, back.area_m2) == ("machine", was.area_m2)
    assert place.queue.undo(id_, actor="王某", at=LATER).outline_by == "person"


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"answer": "maybe"}, "is no answer"),
        ({"actor": "  "}, "nobody is named"),
        ({"at": "yesterday"}, "no moment"),
        ({"reason": "marking"}, "is no reason"),
        ({"reason": "blurred"}, "is no reason"),
        ({"outline": shapely.box(0, 0, 0.001, 0.001)}, "lies elsewhere"),
        ({"outline": {"type": "Point", "coordinates": [109, 27]}}, "a polygon"),
    ],
)
def test_what_cannot_be_said_is_refused_and_nothing_is_kept(
    place: Place, change: dict[str, object], problem: str
) -> None:
    said: dict[str, object] = {"answer": "no", "actor": "李某", "at": AT} | change
    answer = said.pop("answer")
    with pytest.raises(ImageryError, match=problem):
        place.queue.decide(place.ids["one"], answer, **said)  # type: ignore[arg-type]
    assert place.queue.candidate(place.ids["one"]).history == ()


@pytest.mark.parametrize(
    "id_", ["", "x", "../../etc-1", "0123456789ab-1", "{run}-0", "{run}-4", "{run}-01", "{run}-²"]
)
def test_an_unknown_id_is_no_path(place: Place, id_: str) -> None:
    with pytest.raises(ImageryError, match="no such candidate"):
        place.queue.candidate(id_.format(run=place.run.id))


def test_next_goes_round_and_passes_what_was_answered(place: Place) -> None:
    best, middle, last = (one.id for one in place.queue.candidates())
    place.queue.decide(middle, "yes", actor="李某", at=AT)
    assert (found := place.queue.next_after(best)) is not None
    assert found.id == last
    assert (found := place.queue.next_after(last)) is not None
    assert found.id == best
    place.queue.decide(best, "yes", actor="李某", at=AT)
    place.queue.decide(last, "unsure", actor="李某", at=AT)
    assert place.queue.next_after(last) is None
    assert (found := place.queue.next_after(best, state="unsure")) is not None
    assert found.id == last
    assert {one.id for one in place.queue.candidates(state="all", order="place")} == {
        best,
        middle,
        last,
    }
    with pytest.raises(ImageryError, match="no state"):
        place.queue.candidates(state="done")  # type: ignore[arg-type]


def test_what_a_person_draws_is_confirmed(place: Place) -> None:
    free = shapely.affinity.translate(place.shapes["one"], 0, -0.0004)
    drawn = place.queue.draw(
        free, theme="waste_candidate", scene_id=place.after, actor="李某", at=AT, note="漏检"
    )
    assert (drawn.answer, drawn.detector, drawn.note) == ("yes", "by_hand 1", "漏检")
    assert len(place.queue.candidates(state="all")) == 4
    assert drawn.outline_by == "person"
    assert place.queue.undo(drawn.id, actor="李某", at=AT).state == "open"
    assert place.queue.layer("waste_candidate").frame["outline_by"].eq("person").sum() == 1
    with pytest.raises(ImageryError, match="outside the scene"):
        place.queue.draw(shapely.affinity.translate(free, 1, 0), theme="waste_candidate", scene_id=place.after,
                         actor="李某", at=AT)  # fmt: skip
    with pytest.raises(ImageryError, match="nobody draws"):
        place.queue.draw(free, theme="school", scene_id=place.after, actor="李某", at=AT)


def test_drawing_over_a_candidate_corrects_it(place: Place) -> None:
    bigger = place.shapes["two"].buffer(2e-6)
    drawn = place.queue.draw(bigger, theme="waste_candidate", scene_id=place.after, before_id=place.before,
                             actor="李某", at=AT)  # fmt: skip
    assert (drawn.id, drawn.answer, drawn.outline_by) == (place.ids["two"], "yes", "person")
    assert len(place.queue.candidates(state="all")) == 3
