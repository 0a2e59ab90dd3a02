"""How good the links are: zones and calibration of ours, and peers on the same rows.

Coefficients and thresholds come from corruption kinds in `TUNED`; what is told of `UNSEEN` was
never used for choosing anything. Towns and seeds of the benchmark are none that were fitted on.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from benchmarks._matching_peers import QUALITY, Best
from layers.matching import ZONES, Matches, best_links, match
from tests.layers.matching.corruptions import TUNED, UNSEEN, Corruption, Generated, generate

KINDS = {"TUNED": TUNED, "UNSEEN": UNSEEN}
SEEDS, SIZE = (20260901, 20260902), 1500
PRECISION = 0.98


@dataclass(frozen=True)
class Judged:
    """Best links of one town: whether `right`, their score, and how many rows have a partner."""

    right: np.ndarray
    score: np.ndarray
    partners: int


def towns(kinds: Mapping[str, Corruption], size: int = SIZE) -> list[Generated]:
    """The towns of the benchmark in some kinds of corruption."""
    return [generate(kinds, size, seed) for seed in SEEDS]


def zone_rows(kind: str, found: list[tuple[Generated, Matches]]) -> list[dict[str, object]]:
    """Links, precision and recall of each zone (recall of `ask`: with `same`)."""
    links = pd.concat([told(town, one) for town, one in found], ignore_index=True)
    truth = int(links["true"].sum())
    rows, reached = [], 0
    for zone in ZONES:
        part = links[links["zone"] == zone]
        reached += int(part["true"].sum())
        rows.append({"kinds": kind, "zone": zone, "links": len(part), "precision": _share(part["true"]),
                     "recall up to here": reached / truth})  # fmt: skip
    return rows


def kind_rows(kind: str, found: list[tuple[Generated, Matches]]) -> list[dict[str, object]]:
    """Recall in `same` and in `same` + `ask` of every kind of corruption."""
    links = pd.concat([told(town, one) for town, one in found], ignore_index=True)
    links = links[links["true"]]
    return [
        {"kinds": kind, "corruption": name, "true links": len(part), "in same": _share(part["zone"] == "same"),
         "in same + ask": _share(part["zone"].isin(["same", "ask"]))}
        for name, part in links.groupby("kind")
    ]  # fmt: skip


def reliability(
    kind: str, found: list[tuple[Generated, Matches]]
) -> tuple[list[dict[str, object]], float]:
    """Said and true share in tenths of the score, and the Brier score of all listed links."""
    links = pd.concat([told(town, one) for town, one in found], ignore_index=True)
    links = links[links["score"].notna()]
    tenth = np.minimum(links["score"].to_numpy(dtype=float) * 10, 9).astype(int)
    rows = [
        {"kinds": kind, "score": f"{n / 10:.1f}–{(n + 1) / 10:.1f}", "links": int((tenth == n).sum()),
         "said": float(links["score"][tenth == n].mean()), "true": _share(links["true"][tenth == n])}
        for n in np.unique(tenth).tolist()
    ]  # fmt: skip
    return rows, float(((links["score"] - links["true"]) ** 2).mean())


def told(town: Generated, found: Matches) -> pd.DataFrame:
    """Every link and every true pair, with `true`, `kind`, `score` and `zone`."""
    both = found.links.merge(
        town.truth.assign(true=True), how="outer", on=["register_id", "site_id"]
    )
    return both.assign(true=both["true"].eq(True))


def peer_rows(size: int = SIZE) -> list[dict[str, object]]:
    """Ours as it is, and every peer at the threshold that `TUNED` gives, scored on `UNSEEN`."""
    sets = {kind: towns(corruptions, size) for kind, corruptions in KINDS.items()}
    rows = []
    for zones in (("same",), ("same", "ask")):
        judged = [_judged(town, _of(town, best_links(match(town.register, town.site), zones))) for town in sets["UNSEEN"]]  # fmt: skip
        rows.append(
            {"method": f"yicha, {' + '.join(zones)}", "threshold": "–", **_at(_joined(judged), 0.0)}
        )
    for name, method in QUALITY.items():
        library = method.load()
        told_of = {
            kind: _joined(
                [_judged(town, method.answer(library, town.register, town.site)) for town in group]
            )
            for kind, group in sets.items()
        }
        for how, threshold in _thresholds(told_of["TUNED"]).items():
            rows.append({"method": f"{name}, {how}", "threshold": f"{threshold:.3f}",
                         **_at(told_of["UNSEEN"], threshold)})  # fmt: skip
    return rows


def _of(town: Generated, links: pd.DataFrame) -> Best:
    row = dict(zip(town.register.frame["id"], range(len(town.register)), strict=True))
    links = links.reindex(town.site.frame["id"])
    return Best(links["register_id"].map(row).fillna(-1).to_numpy(dtype=np.int64),
                links["score"].fillna(-1.0).to_numpy(dtype=float))  # fmt: skip


def _judged(town: Generated, best: Best) -> Judged:
    true = set(zip(town.truth["register_id"], town.truth["site_id"], strict=True))
    ids = town.register.frame["id"].to_numpy()
    given = best.register >= 0
    pairs = zip(ids[best.register[given]], town.site.frame["id"].to_numpy()[given], strict=True)
    right = np.array([pair in true for pair in pairs], dtype=bool)
    return Judged(right, best.score[given], town.truth["site_id"].nunique())


def _joined(parts: list[Judged]) -> Judged:
    return Judged(np.concatenate([part.right for part in parts]),
                  np.concatenate([part.score for part in parts]), sum(part.partners for part in parts))  # fmt: skip


def _at(judged: Judged, threshold: float) -> dict[str, object]:
    taken = judged.score >= threshold
    right = int(judged.right[taken].sum())
    return {"links": int(taken.sum()), "precision": right / max(int(taken.sum()), 1), "recall": right / judged.partners}  # fmt: skip


def _thresholds(judged: Judged) -> dict[str, float]:
    """The lowest threshold with the wanted precision, where there is one; the best F1."""
    order = np.argsort(-judged.score, kind="stable")
    right = np.cumsum(judged.right[order])
    count = np.arange(1, len(order) + 1)
    score = judged.score[order]
    last = np.append(score[1:] != score[:-1], True)  # rows of one score come together
    precise = np.flatnonzero(last & (right / count >= PRECISION))
    found = {f"precision ≥ {PRECISION}": float(score[precise[-1]])} if len(precise) else {}
    f1 = 2 * right / (count + judged.partners)
    return found | {"best F1": float(score[int(np.where(last, f1, 0).argmax())])}


def _share(flags: pd.Series) -> float:
    return float(flags.mean()) if len(flags) else float("nan")
