"""Learn an office's own model of waste from labelled cells, tested scene by scene.

The model is kept with its card whatever comes of it; it is switched on only where it ranks scenes
that neither it nor the present model has seen better than the present one does. Older models stay.
"""

from __future__ import annotations

import argparse
import hashlib
from datetime import datetime
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np

from imagery.detectors import shot_of
from imagery.detectors._boosted import Boosted
from imagery.detectors._waste_rank import standing_out
from imagery.queue import Queue
from imagery.shell_words import add_language, add_store, language_of
from imagery.store import Store
from imagery.training import (
    Learnt,
    Score,
    Table,
    learn,
    present,
    read_labels,
    save_model,
    score_scene,
    switch_on,
    table_of,
)
from imagery.training.score import SHARES, mean_precision, mean_recall
from layers.version import __version__

THEME = "waste_candidate"
FEWEST = 2
"""So many scenes unseen by both models are needed to compare them."""


def add(parser: argparse.ArgumentParser) -> None:
    """The arguments of the command."""
    source = parser.add_mutually_exclusive_group(required=True)
    source.add_argument("--labels", type=Path, metavar="FILE",
                        help="polygons with scene, label (waste, not, unsure), who, when")  # fmt: skip
    source.add_argument("--from-queue", action="store_true",
                        help="what people answered in the store's queue")  # fmt: skip
    parser.add_argument("--background", action="store_true",
                        help="of the queue: the rest of an area all of whose candidates were answered is not waste")  # fmt: skip
    add_store(parser)
    parser.add_argument(
        "--out", type=Path, required=True, metavar="models/NAME", help="a new folder"
    )
    parser.add_argument("--who", default="", help="who trains, for the card")
    parser.add_argument("--cell", type=float, default=5.0, metavar="M", help="side of a cell (5)")
    add_language(parser)


def run(arguments: argparse.Namespace) -> int:
    """Print the figures of every scene beside the present ranking; exit code 1 where it is not better."""
    store = Store.open(arguments.store, create=False)
    labels, source = _labels(arguments, store)
    known = set(store.scenes())
    shots = {name: shot_of(store, name) for name in sorted(set(labels["scene"])) if name in known}
    table = table_of(labels, shots, arguments.cell)
    learnt = learn(table)
    today = datetime.now().astimezone().date().isoformat()
    now = present(arguments.out.parent)
    other, why = _present_scores(now, table)
    better = why == "" and _better(learnt, other)
    card = _card(arguments, table, learnt, other, today=today, source=source) | {
        "present_before": now.name if now else None
    }
    save_model(arguments.out, learnt.text, card | {"switched_on": better, "why_not": why})
    if better:
        switch_on(arguments.out, today, arguments.who)
    _print(learnt, other, better=better, why=why, english=language_of(arguments) == "en")
    return 0 if better else 1


def _labels(arguments: argparse.Namespace, store: Store) -> tuple[gpd.GeoDataFrame, dict[str, str]]:
    """The labels, with what the card says of where they come from."""
    if not arguments.from_queue:
        digest = hashlib.sha256(arguments.labels.read_bytes()).hexdigest()
        return read_labels(arguments.labels), {"file": arguments.labels.name, "sha256": digest}
    labels = Queue.open(store).training(THEME, background=arguments.background)
    digest = hashlib.sha256(labels.to_json().encode("utf-8")).hexdigest()
    source = "queue, the rest of answered areas as not waste" if arguments.background else "queue"
    return labels, {"file": source, "sha256": digest}


def _present_scores(now: Path | None, table: Table) -> tuple[dict[str, Score], str]:
    """What the present ranking does on scenes it has not seen, and why it cannot be compared."""
    if now is None:
        told = {name: _by_hand(table, n) for n, name in enumerate(table.scenes)}
    else:
        model = Boosted.open(now)
        seen = set(model.card.get("scenes", ()))
        told = {}
        for n, name in enumerate(table.scenes):
            mine = table.scene == n
            if name not in seen:
                told[name] = score_scene(name, model.predict(table.rows[mine], table.names), table.waste[mine])  # fmt: skip
    usable = [one for one in told.values() if not np.isnan(one.precision)]
    return told, "" if len(usable) >= FEWEST else f"fewer than {FEWEST} scenes with waste that the present model has not seen"  # fmt: skip


def _by_hand(table: Table, number: int) -> Score:
    """The ranking without a model, of the labelled cells of one scene."""
    mine = table.scene == number
    rows, names = table.rows[mine], list(table.names)
    all_of_them = np.ones(int(mine.sum()), dtype=bool)
    score = sum(standing_out(rows[:, names.index(name)], all_of_them) for name in ("fine_around", "edge_around", "fine"))  # fmt: skip
    score = score + standing_out(rows[:, names.index("green_around")], all_of_them, below=True)
    return score_scene(table.scenes[number], np.asarray(score), table.waste[mine])


def _better(learnt: Learnt, other: dict[str, Score]) -> bool:
    """Better on average over the scenes both are tested on, and in no fewer of them than not."""
    pairs = [(one, other[one.scene]) for one in learnt.scores
             if one.scene in other and not np.isnan(one.precision)]  # fmt: skip
    gain = np.array([new.precision - old.precision for new, old in pairs])
    return bool(gain.mean() > 0 and (gain >= 0).mean() >= 0.5)


def _card(
    arguments: argparse.Namespace, table: Table, learnt: Learnt, other: dict[str, Score], *,
    today: str, source: dict[str, str],
) -> dict[str, Any]:  # fmt: skip
    """What the model is, what it was made of, and what it did on scenes it had not seen."""
    return {
        "name": arguments.out.name, "kind": "LightGBM text, cells", "made": today, "who": arguments.who,
        "version": __version__, "cell_m": arguments.cell, "features": list(table.names),
        "scenes": list(table.scenes), "places": list(table.places),
        "labels": {**source, "waste": int(table.waste.sum()), "not": int((~table.waste).sum()), "unsure": table.unsure},
        "split": "cross-validated, scenes of one place left out together",
        "mean_average_precision": mean_precision(learnt.scores),
        "recall_at_area": {f"{share:.0%}": mean_recall(learnt.scores, share) for share in SHARES},
        "by_scene": {one.scene: one.precision for one in learnt.scores},
        "present_by_scene": {name: one.precision for name, one in other.items()},
        "note": "figures hold for labelled cells of these scenes, not for other places",
    }  # fmt: skip


def _print(
    learnt: Learnt, other: dict[str, Score], *, better: bool, why: str, english: bool
) -> None:
    print("scene  average precision: new, present" if english else "影像  平均精度：新模型、现用")
    for one in learnt.scores:
        old = other.get(one.scene)
        print(f"{one.scene}  {one.precision:.3f}  {'—' if old is None else f'{old.precision:.3f}'}")
    if better:
        print("switched on" if english else "已启用")
    elif why:
        print(
            f"kept, not switched on: {why}"
            if english
            else "已保存，未启用：现用模型没见过的、有固体废物的影像不足2景"
        )
    else:
        print("kept, not switched on: no better than the present one" if english else "已保存，未启用：不优于现用")  # fmt: skip
