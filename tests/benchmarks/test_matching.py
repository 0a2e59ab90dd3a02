"""The matching benchmark counts rightly: small runs of what it prints."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

pytest.importorskip("resource", reason="the benchmarks measure memory as Linux and macOS do")

from benchmarks import _matching_quality as quality
from benchmarks._matching_peers import QUALITY, SPEED, _best_of
from benchmarks._matching_work import texts, wide_words
from benchmarks.matching import markdown
from layers.matching import match
from tests.layers.matching.corruptions import UNSEEN, generate

TOWN = generate(UNSEEN, 60, 4)


def test_zones_add_up_to_all_links_and_recall_only_rises() -> None:
    found = match(TOWN.register, TOWN.site)
    rows = quality.zone_rows("UNSEEN", [(TOWN, found)])
    told = quality.told(TOWN, found)
    assert sum(int(str(row["links"])) for row in rows) == told["zone"].notna().sum()
    recall = [float(str(row["recall up to here"])) for row in rows]
    assert recall == sorted(recall)
    assert recall[-1] <= 1.0
    tenths, brier = quality.reliability("UNSEEN", [(TOWN, found)])
    assert sum(int(str(row["links"])) for row in tenths) == told["score"].notna().sum()
    assert 0.0 <= brier < 0.2


def test_a_threshold_is_the_lowest_that_is_precise_enough() -> None:
    right = np.array([True] * 99 + [False] + [True] * 3 + [False] * 40)
    score = np.linspace(1.0, 0.2, len(right))
    found = quality._thresholds(quality.Judged(right, score, 110))
    kept = score >= found[f"precision ≥ {quality.PRECISION}"]
    assert right[kept].mean() >= quality.PRECISION
    assert kept.sum() >= 103
    assert found["best F1"] == pytest.approx(score[102])


def test_rows_of_one_score_are_taken_together() -> None:
    judged = quality.Judged(np.array([True, False, True]), np.array([0.9, 0.5, 0.5]), 2)
    assert quality._thresholds(judged)[f"precision ≥ {quality.PRECISION}"] == 0.9


@pytest.mark.parametrize(
    "name", ["rapidfuzz token_sort_ratio", "TF-IDF + sparse_dot_topn", "TF-IDF top 10 + rapidfuzz"]
)
def test_peers_answer_for_every_row(name: str) -> None:
    method = QUALITY[name]
    best = method.answer(method.load(), TOWN.register, TOWN.site)
    assert len(best.register) == len(best.score) == len(TOWN.site)
    assert best.register.max() < len(TOWN.register)
    assert ((best.score >= 0) & (best.score <= 1.0001)).all()


def test_ours_finds_more_than_a_ratio_of_texts() -> None:
    judged = {
        name: quality._judged(
            TOWN, method.answer(method.load(), TOWN.register, TOWN.site)
        ).right.sum()
        for name, method in (
            ("ours", SPEED["yicha"]),
            ("ratio", QUALITY["rapidfuzz token_sort_ratio"]),
        )
    }
    assert judged["ours"] > judged["ratio"]


def test_links_of_splink_are_read_whichever_side_stands_left() -> None:
    links = pd.DataFrame({"unique_id_l": ["r3", "s1", "r0"], "unique_id_r": ["s0", "r2", "s1"],
                          "match_probability": [0.9, 0.8, 0.7]})  # fmt: skip
    best = _best_of(links, 3, 4)
    assert best.register.tolist() == [3, 2, -1]
    assert best.score.tolist() == [0.9, 0.8, 0.0]


def test_words_of_an_address_are_no_characters_of_a_name() -> None:
    characters, roads = wide_words()
    assert len(characters) > 2000
    assert len(set(roads)) == len(roads) > 800
    assert not set("路街号店县") & set(characters + "".join(roads))
    assert texts(TOWN.site)[0] == texts(TOWN.site)[0].lower()
    assert markdown([{"a": 0.5, "b": "x"}]).splitlines()[-1] == "| 0.5000 | x |"
