"""An office's own model of cells: boosted trees as LightGBM text beside its card, never a pickle."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from layers.errors import ImageryError

CARD, TREES = "card.json", "model.txt"
_MOST_BYTES = 64 << 20


@dataclass(frozen=True)
class Boosted:
    """A model's trees and its card: names of the features in order, data, split, figures, hashes."""

    trees: Any
    card: dict[str, Any]

    @classmethod
    def open(cls, folder: Path) -> Boosted:
        """The model in a folder.

        Raises `ImageryError` where the card is missing or the text is not the one it was made with.
        """
        import lightgbm

        card_file, text_file = folder / CARD, folder / TREES
        try:
            card = json.loads(card_file.read_text(encoding="utf-8"))
            if text_file.stat().st_size > _MOST_BYTES:
                raise ValueError("larger than any model of cells")
            raw = text_file.read_bytes()
            wanted = card["sha256"]
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise ImageryError(f"this is no model folder ({error})", file=folder, field="model",
                               remedy="give a folder made by `python -m imagery train`") from error  # fmt: skip
        if hashlib.sha256(raw).hexdigest() != wanted:
            raise ImageryError("the model is not the one its card describes (SHA-256 differs)", file=text_file,
                               field="sha256", remedy="take the folder as it was made, or train anew")  # fmt: skip
        try:
            trees = lightgbm.Booster(model_str=raw.decode("utf-8"))
        except (lightgbm.basic.LightGBMError, UnicodeDecodeError) as error:
            raise ImageryError(f"the text is no LightGBM model ({error})", file=text_file, field="model",
                               remedy="train anew: `python -m imagery train`") from error  # fmt: skip
        return cls(trees, card)

    def predict(self, rows: np.ndarray, names: Sequence[str]) -> np.ndarray:
        """(n,) 0..1 for (n, k) features called `names`; raises `ImageryError` where some are missing."""
        wanted = list(self.card["features"])
        missing = [name for name in wanted if name not in names]
        if missing:
            raise ImageryError(f"the model asks for features {', '.join(missing)}", field="features",
                               remedy="train it anew with this version")  # fmt: skip
        order = [list(names).index(name) for name in wanted]
        return np.asarray(self.trees.predict(np.asarray(rows)[:, order], num_threads=1))
