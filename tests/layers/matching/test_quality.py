"""How good the score is on kinds of corruption it was never fitted on."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from layers.errors import SourceError
from layers.matching import match
from layers.matching.features import FEATURES
from layers.matching.model import FILE, read_model
from tests.layers.matching.corruptions import TUNED, UNSEEN, Generated, generate
from tests.layers.matching.refit import refitted

SEEDS = (811, 812)
SIZE = 1500


def told(town: Generated) -> pd.DataFrame:
    """Every link and every true pair, with `true`, `kind` and `zone` (missing: no candidate)."""
    links = match(town.register, town.site).links
    truth = town.truth.assign(true=True)
    both = links.merge(truth, how="outer", on=["register_id", "site_id"])
    return both.assign(true=both["true"].eq(True))


@pytest.fixture(scope="module")
def unseen() -> pd.DataFrame:
    return pd.concat([told(generate(UNSEEN, SIZE, seed)) for seed in SEEDS], ignore_index=True)


def test_kinds_of_tuning_and_of_testing_are_apart() -> None:
    assert not set(TUNED) & set(UNSEEN)
    assert min(len(TUNED), len(UNSEEN)) >= 10
    fitted = FILE.read_text(encoding="utf-8")
    assert all(name in fitted for name in TUNED)
    assert not any(name in fitted for name in UNSEEN)


def test_precision_and_recall_on_unseen_kinds(unseen: pd.DataFrame) -> None:
    same, true = unseen[unseen["zone"] == "same"], unseen[unseen["true"]]
    precision = same["true"].mean()
    recall = true["zone"].isin(["same", "ask"]).mean()
    print(f"unseen kinds: precision in same {precision:.4f} ({len(same)} links), "
          f"recall in same + ask {recall:.4f} ({len(true)} true links)")  # fmt: skip
    assert precision >= 0.98
    assert recall >= 0.95
    assert (true["zone"] == "same").mean() >= 0.85, "too much is left to people"


def test_no_unseen_kind_is_lost(unseen: pd.DataFrame) -> None:
    true = unseen[unseen["true"]]
    recall = true["zone"].isin(["same", "ask"]).groupby(true["kind"]).mean()
    print(recall.round(3).to_string())
    assert set(recall.index) == set(UNSEEN)
    assert recall.min() >= 0.9


def test_the_score_is_a_probability() -> None:
    """On the kinds of fitting, in towns of other seeds: what is said to be 90 % is 90 %."""
    links = pd.concat([told(generate(TUNED, SIZE, seed)) for seed in SEEDS], ignore_index=True)
    links = links[links["score"].notna()]
    error = 0.0
    for low, high in ((0.0, 0.1), (0.1, 0.3), (0.3, 0.6), (0.6, 0.9), (0.9, 1.0)):
        part = links[links["score"].between(low, high, inclusive="right")]
        gap = abs(part["score"].mean() - part["true"].mean())
        print(
            f"score {low:.1f}-{high:.1f}: {len(part)} links, mean {part['score'].mean():.3f}, true {part['true'].mean():.3f}"
        )
        error += gap * len(part) / len(links)
        assert gap < 0.15
    assert error < 0.03


def test_the_coefficients_say_what_they_should() -> None:
    weight = dict(zip(FEATURES, read_model().weights, strict=True))
    assert np.isfinite(list(weight.values())).all()
    for name in (
        "core_equal",
        "credit_equal",
        "licence_equal",
        "name_alike",
        "address_alike",
        "name_and_near",
    ):
        assert weight[name] > 0.5, name
    for name in (
        "number_differs",
        "road_differs",
        "branch_differs",
        "credit_differs",
        "common_name",
        "far",
    ):
        assert weight[name] < -0.5, name


def test_the_command_gives_the_coefficients_that_are_stored() -> None:
    model, pairs, same = refitted()
    stored = read_model()
    assert f"pairs = {pairs}\nsame = {same}\n" in FILE.read_text(encoding="utf-8")
    assert np.allclose(model.weights, stored.weights, atol=0.02)
    assert abs(model.bias - stored.bias) < 0.02


def test_a_spoilt_file_of_coefficients_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "coefficients.toml"
    text = FILE.read_text(encoding="utf-8")
    path.write_text(text.replace("core_alike", "core_lost"), encoding="utf-8")
    with pytest.raises(SourceError, match="field core_alike"):
        read_model(path)
    path.write_text("weights = 3", encoding="utf-8")
    with pytest.raises(SourceError, match="refit"):
        read_model(path)
