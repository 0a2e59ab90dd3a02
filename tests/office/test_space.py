"""Leads by window: one answer on both databases, kept in step with every change."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, insert, select, text, update

from layers.errors import StoreError
from office import Database
from office.schema import EVENT, LEAD, RUN
from office.space import window
from tests.office.rows import a_run, lead_row

SMALL = settings(max_examples=25, deadline=None,
                 suppress_health_check=[HealthCheck.function_scoped_fixture])  # fmt: skip


def _put(database: Database, *boxes: tuple[float, float, float, float] | None) -> None:
    with database.write() as connection:
        connection.execute(delete(LEAD))
        connection.execute(delete(RUN))
        connection.execute(insert(RUN), [a_run()])
        rows = [lead_row(n, box) for n, box in enumerate(boxes)]
        connection.execute(insert(LEAD), rows)


def _inside(database: Database, *bounds: float) -> list[str]:
    with database.read() as connection:
        west, south, east, north = bounds
        query = select(LEAD.c.id).where(window(connection, LEAD, west, south, east, north))
        return sorted(connection.scalars(query))


def test_bounds_that_meet_the_window_are_in_it_edges_too(database: Database) -> None:
    _put(database, (112, 28, 112, 28), (112.5, 28, 113, 29), (114, 30, 115, 31), None)
    assert _inside(database, 111, 27, 112, 28) == ["L0"]
    assert _inside(database, 112, 28, 112.5, 28) == ["L0", "L1"]
    assert _inside(database, 90, 0, 130, 50) == ["L0", "L1", "L2"]
    assert _inside(database, 112.000001, 27, 112.4, 29) == []


def test_a_window_may_cross_the_date_line(database: Database) -> None:
    _put(database, (179.9, 0, 179.9, 0), (-179.9, 0, -179.9, 0), (0, 0, 0, 0))
    assert _inside(database, 179, -1, -179, 1) == ["L0", "L1"]


def test_it_follows_what_moves_what_goes_and_what_gets_a_place(database: Database) -> None:
    _put(database, (112, 28, 112, 28), (112, 28, 112, 28), None)
    place = {"west": 120.0, "south": 30.0, "east": 120.0, "north": 30.0}
    with database.write() as connection:
        connection.execute(update(LEAD).where(LEAD.c.id == "L0").values(**place))
        connection.execute(delete(LEAD).where(LEAD.c.id == "L1"))
        connection.execute(update(LEAD).where(LEAD.c.id == "L2").values(**place))
    assert _inside(database, 111, 27, 113, 29) == []
    assert _inside(database, 119, 29, 121, 31) == ["L0", "L2"]
    with database.write() as connection:
        connection.execute(update(LEAD).values(dict.fromkeys(place)))
    assert _inside(database, -180, -90, 180, 90) == []


def test_it_survives_sqlite_numbering_its_rows_anew(tmp_path: Any) -> None:
    database = Database.open(tmp_path / "leads.sqlite")
    _put(database, *((112 + n, 28, 112 + n, 28) for n in range(5)))
    with database.write() as connection:
        connection.execute(delete(LEAD).where(LEAD.c.id.in_(["L0", "L2"])))
    with database.engine.connect() as connection:
        connection.execute(text("VACUUM"))
    assert _inside(database, 114.5, 27, 115.5, 29) == ["L3"]
    database.close()


@SMALL
@given(st.lists(st.tuples(st.floats(73, 135), st.floats(18, 53), st.floats(0, 0.01),
                          st.floats(0, 0.01)), min_size=1, max_size=8),
       st.integers(0, 7), st.floats(-1e-5, 1e-5))  # fmt: skip
def test_both_databases_answer_exactly(
    database: Database, places: list[tuple[float, float, float, float]], which: int, shift: float
) -> None:
    boxes = [(x, y, x + width, y + height) for x, y, width, height in places]
    _put(database, *boxes)
    _west, south, east, north = boxes[which % len(boxes)]
    asked = (east + shift, south, east + abs(shift) + 0.001, north)
    expected = sorted(f"L{n}" for n, (w, s, e, t) in enumerate(boxes)
                      if w <= asked[2] and e >= asked[0] and s <= asked[3] and t >= asked[1])  # fmt: skip
    assert _inside(database, *asked) == expected


def test_the_index_answers_and_not_a_look_at_every_row(database: Database) -> None:
    _put(database, *((112 + n / 1000, 28, 112 + n / 1000, 28) for n in range(3000)))
    with database.write() as connection:
        connection.execute(text("ANALYZE lead"))
    with database.read() as connection:
        query = select(LEAD.c.id).where(window(connection, LEAD, 112.1, 27.9, 112.101, 28.1))
        sql = query.compile(connection, compile_kwargs={"literal_binds": True})
        word = "EXPLAIN" if database.is_postgres else "EXPLAIN QUERY PLAN"
        plan = "\n".join(str(tuple(row)) for row in connection.execute(text(f"{word} {sql}")))
    assert "lead_window" in plan
    assert "Seq Scan" not in plan
    assert "SCAN lead'" not in plan


@pytest.mark.parametrize("bounds", [(112, 29, 113, 28), (float("nan"), 0, 1, 1),
                                    (0, 0, float("inf"), 1)])  # fmt: skip
def test_what_is_no_window_is_refused(database: Database, bounds: tuple[float, ...]) -> None:
    with pytest.raises(StoreError, match="no window"):
        _inside(database, *bounds)


def test_a_table_without_places_is_refused(database: Database) -> None:
    with database.read() as connection, pytest.raises(StoreError, match="event"):
        window(connection, EVENT, 0, 0, 1, 1)


def test_postgis_shows_the_outline_to_a_gis(postgis: str) -> None:
    database = Database.open(postgis)
    _put(database, (112, 28, 112, 28))
    with database.read() as connection:
        told = connection.execute(text("SELECT ST_AsText(shape), ST_SRID(shape) FROM lead")).one()
    assert tuple(told) == ("POINT(112 28)", 4326)
    database.close()
