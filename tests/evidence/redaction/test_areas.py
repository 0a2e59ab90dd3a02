"""Areas: what is no area is refused, what was drawn is kept, and it lies where it was drawn."""

from __future__ import annotations

import json
from pathlib import Path

import cv2
import numpy as np
import pytest
import shapely
from shapely.geometry import Polygon, box

from evidence.redaction import Area, areas_of, record_areas
from evidence.redaction.areas import box as rectangle
from evidence.redaction.areas import read_areas
from evidence.redaction.scenes import grounded, on_picture, picture_file
from imagery.store import Store
from layers.errors import PolicyError, YichaError
from office import Actor, Database
from office.verify import verify

WHO = Actor("李明", ("reviewer",))
AT = "2026-07-01T01:30:00Z"
SHORE, PHOTO, ESTATE = "03f277c31f906d89", "c2146938ff650576-c625d389", "3732e87b29c5f911"


@pytest.fixture
def db(tmp_path: Path) -> Database:
    return Database.open(tmp_path / "leads.sqlite")


def test_nobody_looked_is_not_the_same_as_nothing_to_cover(db: Database) -> None:
    assert areas_of(db, SHORE) is None
    record_areas(db, SHORE, [], actor=WHO, at=AT)
    assert areas_of(db, SHORE) == ()
    assert verify(db).ok


def test_areas_add_up_until_somebody_begins_anew(db: Database) -> None:
    face, plate = (
        Area(box(0, 0, 9, 9), "picture", "face", "blur"),
        Area(box(5, 5, 8, 8), "picture", "plate", "fill"),
    )
    record_areas(db, PHOTO, [face], actor=WHO, at=AT)
    record_areas(db, PHOTO, [plate], actor=WHO, at=AT)
    assert areas_of(db, PHOTO) == (face, plate)
    record_areas(db, PHOTO, [plate], actor=WHO, at=AT, anew=True)
    assert areas_of(db, PHOTO) == (plate,)


def test_a_yard_holds_on_every_scene_but_looks_at_none(db: Database) -> None:
    yard = Area(box(109.25, 27.63, 109.26, 27.64), "ground", "yard")
    record_areas(db, SHORE, [yard], actor=WHO, at=AT)
    assert areas_of(db, SHORE) == (yard,)
    assert areas_of(db, ESTATE) is None, "a scene with people on it still has to be looked at"
    record_areas(db, ESTATE, [], actor=WHO, at=AT)
    assert areas_of(db, ESTATE) == (yard,)


def test_who_may_not_cover_may_not_uncover(db: Database) -> None:
    with pytest.raises(PolicyError):
        record_areas(db, SHORE, [], actor=Actor("外勤", ("field",)), at=AT, anew=True)


@pytest.mark.parametrize("outline", [
    Polygon(), Polygon([(0, 0), (1, 1), (1, 0), (0, 1)]), Polygon([(0, 0), (1, 0), (2, 0)]),
])  # fmt: skip
def test_an_outline_that_encloses_nothing_is_refused(outline: Polygon) -> None:
    with pytest.raises(YichaError, match=r"no area|Polygon"):
        Area(outline, "ground")


def test_areas_from_a_map_program() -> None:
    square = {"type": "Polygon", "coordinates": [[[0, 0], [1, 0], [1, 1], [0, 0]]]}
    two = {
        "type": "MultiPolygon",
        "coordinates": [square["coordinates"], [[[5, 5], [6, 5], [6, 6], [5, 5]]]],
    }
    text = json.dumps({"features": [{"geometry": square, "properties": {"why": "face", "how": "fill"}},
                                    {"geometry": two, "properties": None}]})  # fmt: skip
    found = read_areas(text, "yard", "blur")
    assert [(one.why, one.treatment) for one in found] == [
        ("face", "fill"),
        ("yard", "blur"),
        ("yard", "blur"),
    ]


@pytest.mark.parametrize("text", ["", "{}", '{"features": [1]}', '{"features": [{"geometry": {"type": "Point", "coordinates": [1, 1]}}]}',
                                  '{"features": [{"geometry": null}]}',
                                  '{"features": [{"geometry": {"type": "Polygon", "coordinates": [[[NaN, 0], [1, 0], [1, 1], [NaN, 0]]]}}]}'])  # fmt: skip
def test_what_holds_no_polygons_is_refused(text: str) -> None:
    with pytest.raises(YichaError):
        read_areas(text, "other", "fill")


@pytest.mark.parametrize("text", ["", "1,2,3", "a,b,c,d", "1,2,3,4,5", "nan,1,2,3", "0,0,inf,1"])
def test_four_numbers_make_a_rectangle(text: str) -> None:
    with pytest.raises(YichaError, match="four numbers"):
        rectangle(text)
    assert rectangle("1,2,3,4").bounds == (1, 2, 3, 4)


@pytest.mark.parametrize("scene", [SHORE, ESTATE])
def test_from_pixels_to_the_ground_and_back(demo_imagery: Store, scene: str) -> None:
    drawn = Area(box(100.5, 200.25, 180, 260), "picture", "plate", "fill")
    area = grounded(demo_imagery, scene, drawn)
    assert area.plane == "ground"
    found, outlines = on_picture(demo_imagery, scene, [area])
    assert found == [area]
    back, was = (shapely.get_coordinates(one.exterior) for one in (outlines[0], drawn.shape))
    assert np.abs(back - was).max() < 0.01


def test_a_photo_takes_what_is_drawn_on_it_and_nothing_of_the_ground(demo_imagery: Store) -> None:
    drawn, yard = Area(box(0, 0, 9, 9), "picture"), Area(box(109, 27, 110, 28), "ground", "yard")
    assert grounded(demo_imagery, PHOTO, drawn) == drawn
    assert on_picture(demo_imagery, PHOTO, [drawn, yard]) == ([drawn], [drawn.shape])
    with picture_file(demo_imagery, PHOTO) as file:
        assert file.read_bytes().startswith(b"\xff\xd8\xff")
    assert not file.exists()


def test_the_library_kept_ships_no_detector_that_could_propose_areas() -> None:
    """When this fails, a proposal of faces and plates can be built in `imagery/`."""
    assert not hasattr(cv2, "CascadeClassifier")
    trained = [
        one
        for kind in ("*.xml", "*.onnx", "*.yaml")
        for one in Path(cv2.__file__).parent.rglob(kind)
    ]
    assert trained == []
