"""Frames of one sequence on the grid of its reference frame, their labels, and how boxes are scored."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from imagery.detectors._below import averaged

PIXEL_M = {"DJI_0005": 0.07, "MunichStreet02": 0.15}
"""Ground size inferred from the length of cars (4.5 m)."""
MATCH = 0.3
STANDING = 0.5
"""A vehicle at one place in so many of the frames is in the reference: not truth."""


@dataclass(frozen=True)
class Sequence:
    """`pictures` (frames, 3, rows, columns) red, green, blue; `valid`, `lane`; `reference` their median.

    `labels` are all boxes (left, top, right, bottom) per frame, `truth` those wholly inside the lane
    that the reference does not show. `lane_m` is the lanes' length, roughly.
    """

    name: str
    pictures: list[np.ndarray]
    valid: list[np.ndarray]
    lane: np.ndarray
    reference: np.ndarray
    labels: list[np.ndarray]
    truth: list[np.ndarray]
    pixel_m: float
    lane_m: float


def averaged_by(whole: Sequence, many: int) -> Sequence:
    """The sequence as the detector works on it: `many` by `many` pixels averaged into one."""
    if many == 1:
        return whole
    pairs = [averaged(picture, valid, many) for picture, valid in zip(whole.pictures, whole.valid, strict=True)]  # fmt: skip
    lane = averaged(whole.lane[None].astype(np.uint8) * 255, whole.lane, many)[0][0] > 127
    return replace(
        whole, pictures=[one for one, _ in pairs], valid=[one for _, one in pairs], lane=lane,
        reference=averaged(whole.reference, np.ones(whole.lane.shape, bool), many)[0],
        labels=[one / many for one in whole.labels], truth=[one / many for one in whole.truth],
        pixel_m=whole.pixel_m * many,
    )  # fmt: skip


def standing_too(sequence: Sequence) -> Sequence:
    """The sequence with all vehicles as truth that stand wholly inside the lane, in the reference or not."""
    truth = [_true(boxes, sequence.lane, seen, []) for boxes, seen in zip(sequence.labels, sequence.valid, strict=True)]  # fmt: skip
    return replace(sequence, truth=truth)


def _picture(file: Path) -> np.ndarray:
    found = cv2.imread(str(file))
    assert found is not None, file
    return found


def load(folder: Path, name: str) -> Sequence:
    """Read and register one sequence: SIFT, RANSAC, homography onto the reference frame."""
    told = json.loads((folder / "lanes.json").read_text(encoding="utf-8"))["sequences"][name]
    base = _picture(folder / told["reference_frame"])
    shape = base.shape[:2]
    lane = np.zeros(shape, np.uint8)
    for ring in told["polygons"]:
        cv2.fillPoly(lane, [np.array(ring, np.int32)], 1)
    pictures, valid, labels = [], [], []
    for file in sorted(folder.glob(f"{name}*.jpg")):
        picture = _picture(file)
        move = _homography(picture, base)
        size = shape[::-1]
        pictures.append(cv2.warpPerspective(picture, move, size))
        seen = cv2.warpPerspective(np.full(picture.shape[:2], 255, np.uint8), move, size,
                                   flags=cv2.INTER_NEAREST)  # fmt: skip
        valid.append(cv2.erode(seen, np.ones((7, 7), np.uint8)) > 0)
        labels.append(_boxes(file.with_suffix(".txt"), picture.shape, move))
    rgb = [np.ascontiguousarray(np.moveaxis(one[..., ::-1], -1, 0)) for one in pictures]
    truth = [
        _true(boxes, lane > 0, seen, labels) for boxes, seen in zip(labels, valid, strict=True)
    ]
    pixel = PIXEL_M[name]
    length = sum(max(cv2.minAreaRect(np.array(ring, np.float32))[1]) for ring in told["polygons"])
    return Sequence(
        name, rgb, valid, lane > 0, _median(rgb, valid), labels, truth, pixel, length * pixel
    )


def _homography(picture: np.ndarray, base: np.ndarray) -> np.ndarray:
    cv2.setRNGSeed(0)
    sift = cv2.SIFT.create(nfeatures=8000)
    (here, words), (there, other) = (
        sift.detectAndCompute(cv2.cvtColor(one, cv2.COLOR_BGR2GRAY), None)
        for one in (picture, base)
    )
    pairs = cv2.BFMatcher().knnMatch(words, other, k=2)
    good = [first for first, second in pairs if first.distance < 0.8 * second.distance]
    first = np.array([here[one.queryIdx].pt for one in good], np.float32)
    second = np.array([there[one.trainIdx].pt for one in good], np.float32)
    move, _ = cv2.findHomography(first, second, cv2.RANSAC, 3.0, maxIters=5000, confidence=0.999)
    return np.asarray(move)


def _median(pictures: list[np.ndarray], valid: list[np.ndarray]) -> np.ndarray:
    """Middle picture over time, strip by strip."""
    out = np.zeros_like(pictures[0])
    for top in range(0, out.shape[1], 64):
        rows = slice(top, top + 64)
        stack = np.stack([one[:, rows] for one in pictures]).astype(np.float32)
        hidden = ~np.stack([one[rows] for one in valid])
        stack[np.broadcast_to(hidden[:, None], stack.shape)] = np.nan
        seen = ~hidden.all(axis=0)
        out[:, rows][:, seen] = np.nanmedian(stack[:, :, seen], axis=0)
    return out


def _boxes(file: Path, shape: tuple[int, ...], move: np.ndarray) -> np.ndarray:
    found = []
    for line in file.read_text(encoding="utf-8").splitlines():
        x, y, w, h = (float(v) for v in line.split()[1:5])
        corners = np.array([[x - w / 2, y - h / 2], [x + w / 2, y - h / 2], [x + w / 2, y + h / 2],
                            [x - w / 2, y + h / 2]]) * [shape[1], shape[0]]  # fmt: skip
        moved = cv2.perspectiveTransform(corners[:, None].astype(np.float32), move)[:, 0]
        found.append([*moved.min(axis=0), *moved.max(axis=0)])
    return np.array(found).reshape(-1, 4)


def _true(
    boxes: np.ndarray, lane: np.ndarray, seen: np.ndarray, all_boxes: list[np.ndarray]
) -> np.ndarray:
    kept = []
    for box in boxes:
        left, top, right, bottom = (round(float(v)) for v in box)
        if left < 0 or top < 0 or right > lane.shape[1] or bottom > lane.shape[0]:
            continue
        there = np.s_[top:bottom, left:right]
        if not (lane[there].all() and seen[there].all()):
            continue
        same = sum(
            bool(len(one)) and float(overlap(box[None], one).max()) > 0.5 for one in all_boxes
        )
        if not all_boxes or same < STANDING * len(all_boxes):
            kept.append(box)
    return np.array(kept).reshape(-1, 4)


def overlap(first: np.ndarray, second: np.ndarray) -> np.ndarray:
    """Intersection over union (n, m) of boxes."""
    low = np.maximum(first[:, None, :2], second[None, :, :2])
    high = np.minimum(first[:, None, 2:], second[None, :, 2:])
    both = np.clip(high - low, 0, None).prod(axis=2)
    areas = [(one[:, 2:] - one[:, :2]).prod(axis=1) for one in (first, second)]
    found: np.ndarray = both / (areas[0][:, None] + areas[1][None] - both + 1e-9)
    return found


def score(sequence: Sequence, method: Callable[[Sequence, int], np.ndarray]) -> dict[str, Any]:
    """Precision, recall, F1 at IoU 0.3, edge error and false alarms per 100 m of lane and frame.

    Strict: every box that is no true one is a false alarm. Fair: not those on a vehicle that is labelled
    but stands partly outside the lane, or in the reference.
    """
    hits, missed, strict, fair, edges = 0, 0, 0, 0, list[float]()
    for n, truth in enumerate(sequence.truth):
        found = boxes_of(method(sequence, n))
        pairs = list(_matched(found, truth))
        hits, missed = hits + len(pairs), missed + len(truth) - len(pairs)
        for mine, true in pairs:
            edges += list(np.abs(found[mine] - truth[true]) * sequence.pixel_m)
        rest = np.delete(found, [mine for mine, _ in pairs], axis=0)
        strict += len(rest)
        fair += sum(not _on_other(box, sequence.labels[n], truth) for box in rest)
    recall = hits / max(1, hits + missed)
    return {
        "n": hits + missed, "P": hits / max(1, hits + fair), "R": recall,
        "F1": 2 * hits / max(1, 2 * hits + fair + missed),
        "F1 strict": 2 * hits / max(1, 2 * hits + strict + missed),
        "edge median": float(np.median(edges)) if edges else float("nan"),
        "edge p90": float(np.percentile(edges, 90)) if edges else float("nan"),
        "false per 100 m": 100 * fair / len(sequence.pictures) / sequence.lane_m,
    }  # fmt: skip


def boxes_of(mask: np.ndarray) -> np.ndarray:
    """Boxes (n, 4) around the components of a mask."""
    _, _, stats, _ = cv2.connectedComponentsWithStats(mask.astype(np.uint8), connectivity=4)
    left, top, wide, high = (stats[1:, n] for n in range(4))
    return np.column_stack([left, top, left + wide, top + high]).astype(float)


def _matched(found: np.ndarray, truth: np.ndarray) -> Iterator[tuple[int, int]]:
    if not len(found) or not len(truth):
        return
    shares = overlap(found, truth)
    mine, true = set[int](), set[int]()
    for flat in np.argsort(-shares, axis=None):
        a, b = (int(v) for v in np.unravel_index(flat, shares.shape))
        if shares[a, b] < MATCH:
            return
        if a not in mine and b not in true:
            mine.add(a)
            true.add(b)
            yield a, b


def _on_other(box: np.ndarray, labels: np.ndarray, truth: np.ndarray) -> bool:
    """Whether more than half of the box lies on a labelled vehicle that is no truth."""
    if not len(labels):
        return False
    known = overlap(labels, truth).max(axis=1) > 0.99 if len(truth) else np.zeros(len(labels), bool)
    low, high = np.maximum(box[:2], labels[:, :2]), np.minimum(box[2:], labels[:, 2:])
    both = np.clip(high - low, 0, None).prod(axis=1)
    return bool((both[~known] > 0.5 * (box[2:] - box[:2]).prod()).any())
