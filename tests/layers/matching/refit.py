"""Fit the coefficients of the matching anew: `python -m tests.layers.matching.refit`.

Only the corruption kinds in `TUNED` are used. Without `--write` it prints what it would write.
"""

from __future__ import annotations

import argparse

import numpy as np
import pandas as pd

from layers.matching.candidates import candidates
from layers.matching.facts import facts_of
from layers.matching.features import compare
from layers.matching.model import FILE, Model, fit, write_model
from layers.matching.settings import DEFAULT
from tests.layers.matching.corruptions import TUNED, generate

SEEDS = (20260701, 20260702, 20260703)
SIZES = (300, 3000, 6000)


def labelled(size: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Features and labels of all candidate pairs of one invented town."""
    town = generate(TUNED, size, seed)
    register, site = facts_of(town.register, town.site)
    pairs = candidates(register, site, DEFAULT)
    truth = pd.MultiIndex.from_frame(town.truth[["register_id", "site_id"]])
    found = pd.MultiIndex.from_arrays([register.ids[pairs.register], site.ids[pairs.site]])
    return compare(register, site, pairs).values, found.isin(truth)


def refitted() -> tuple[Model, int, int]:
    """The model fitted anew, the number of pairs and how many of them are one holder."""
    parts = [labelled(size, seed) for size, seed in zip(SIZES, SEEDS, strict=True)]
    values, same = (np.concatenate(part) for part in zip(*parts, strict=True))
    return fit(values, same), len(same), int(same.sum())


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", action="store_true", help=f"write {FILE.name}")
    model, pairs, same = refitted()
    how: dict[str, str | int | float] = {
        "command": "python -m tests.layers.matching.refit --write",
        "method": "logistic regression, quadratic penalty 2.0, Newton steps",
        "data": f"invented towns of {SIZES} shops, seeds {SEEDS}, all candidate pairs",
        "kinds": ", ".join(TUNED),
        "pairs": pairs,
        "same": same,
    }
    path = FILE if parser.parse_args().write else FILE.with_suffix(".draft.toml")
    try:
        print(write_model(model, how, path))
    finally:
        FILE.with_suffix(".draft.toml").unlink(missing_ok=True)


if __name__ == "__main__":
    main()
