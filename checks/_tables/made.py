"""The values a model computes for every subject: over its joined rows, or of two operands.

A row whose membership is not known, or a member without the number asked for, makes the
value missing: half a sum is no sum.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from checks._tables.columns import TRUE, UNKNOWN, empty_cells, missing
from checks._tables.terms import Model, Value
from checks._tables.truth import Scene, cells, members, numbers


def with_values(model: Model, scene: Scene) -> Scene:
    """The scene with every value of the model computed, in the order written."""
    for value in model.values:
        made = _made(value, scene)
        subject = scene.subject.with_values({value.name: made}, {value.name: value.kind})
        scene = replace(scene, subject=subject)
    return scene


def _made(value: Value, scene: Scene) -> np.ndarray:
    size = len(scene.subject)
    if value.how == "days_since" and value.ref is not None:
        dates = cells(value.ref, scene, joined=False)
        days = (scene.day - dates).astype(float)
        days[missing(dates)] = np.nan
        return days
    if value.operands:
        left, right = (numbers(one, scene, size) for one in value.operands)
        how = {"times": np.multiply, "minus": np.subtract, "plus": np.add}[value.how]
        found: np.ndarray = how(left, right)
        return found
    return _over_rows(value, scene)


def _over_rows(value: Value, scene: Scene) -> np.ndarray:
    size = len(scene.subject)
    if scene.joined is None:
        return empty_cells(value.kind, size)
    truth, owner = members(value.where, scene), scene.joined.subject
    doubtful = np.zeros(size, dtype=bool)
    doubtful[owner[truth == UNKNOWN]] = True
    rows = np.flatnonzero(truth == TRUE)
    if value.how == "count":
        made = np.bincount(owner[rows], minlength=size).astype(float)
        made[doubtful] = np.nan
        return made
    assert value.ref is not None
    taken = cells(value.ref, scene, joined=True)[rows]
    asked = taken if value.by is None else cells(value.by, scene, joined=True)[rows]
    doubtful[owner[rows][missing(asked)]] = True
    made = _reduced(value, owner[rows], taken, asked, size)
    made[doubtful] = empty_cells(value.kind, 1)[0]
    return made


def _reduced(
    value: Value, owner: np.ndarray, taken: np.ndarray, asked: np.ndarray, size: int
) -> np.ndarray:
    if value.how == "sum":
        return np.bincount(owner, weights=np.nan_to_num(taken), minlength=size).astype(float)
    made = empty_cells(value.kind, size)
    there = np.flatnonzero(~missing(asked))
    order = there[np.lexsort((asked[there], owner[there]))]
    if value.how == "min":
        order = order[::-1]
    made[owner[order]] = taken[order]  # of repeated places the last assignment holds
    return made
