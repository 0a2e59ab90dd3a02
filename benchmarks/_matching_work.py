"""Made-up registers and streets of a large town for the matching benchmark, as Parquet layers.

The rules are those of `tests/layers/matching/corruptions.py` (every kind of corruption in turn),
with as many characters and road names as a prefecture has: few words would make every 2-gram
common, which is unfair to those who compare by 2-grams.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from pathlib import Path
from random import Random

import pandas as pd

from layers.layer import Layer, read_layer
from tests.layers.matching.corruptions import TUNED, UNSEEN, Corruption, generate

SEED = 20260811
SIZES = {"20k": 22_000, "100k": 110_000}
"""Shops drawn; a sixth of them stand on one side only, which leaves about so many rows."""
_FIRST, _LAST = 0x4E00, 0x9FA5
_CHARACTERS, _ROADS = 2_500, 900


def wide_words() -> tuple[str, list[str]]:
    """2,500 Chinese characters for names, and 900 road names of two or three of them."""
    random = Random(SEED)
    signs = [chr(n) for n in random.sample(range(_FIRST, _LAST), _CHARACTERS)]
    kept = [sign for sign in signs if sign not in _MEANING]
    names = {"".join(random.sample(kept, random.choice((2, 2, 2, 3)))) for _ in range(_ROADS)}
    return "".join(kept), sorted(names)


_MEANING = frozenset(
    "省市县区乡镇村组路街巷道弄号楼层座栋幢室附零一二三四五六七八九十百两甲乙丙丁店铺司厂社馆厅"
)
"""Characters that are words of an address or a legal form would make other rows of them."""


def files(
    size: str, folder: Path, kinds: Mapping[str, Corruption] | None = None
) -> tuple[Path, Path, Path]:
    """Register, street and true links of a size, written when they are not there yet."""
    paths = tuple(folder / f"{size}-{name}.parquet" for name in ("register", "street", "truth"))
    if not all(path.exists() for path in paths):
        folder.mkdir(parents=True, exist_ok=True)
        characters, roads = wide_words()
        town = generate(kinds or {**TUNED, **UNSEEN}, SIZES[size], SEED, characters=characters,
                        road_names=roads)  # fmt: skip
        town.register.write(paths[0])
        town.site.write(paths[1])
        town.truth.to_parquet(paths[2])
    return paths[0], paths[1], paths[2]


def texts(layer: Layer) -> list[str]:
    """Name and address of every row in one text (NFKC, lower case), for peers that compare texts."""
    frame = pd.DataFrame(layer.frame[["name", "address"]]).fillna("").astype(str)
    joined = (frame["name"] + " " + frame["address"]).str.strip()
    return [unicodedata.normalize("NFKC", text).lower() for text in joined]


def layers_of(size: str, folder: Path) -> tuple[Layer, Layer]:
    """The two layers of a size."""
    register, street, _ = files(size, folder)
    return read_layer(register), read_layer(street)
