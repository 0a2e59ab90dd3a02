# ruff: noqa: ANN401 - the libraries compared are handed over as they are
"""The methods of the matching benchmark: two layers in, one best register row for every row on site.

Peers that compare texts get name and address in one text (NFKC, lower case); Splink gets the
columns, the codes and the places, as ours does. Imports come before the clock.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd

from benchmarks._matching_work import texts
from layers.layer import Layer


@dataclass(frozen=True)
class Best:
    """Of every row on site: the position of its best register row (-1: none) and its score."""

    register: np.ndarray
    score: np.ndarray


@dataclass(frozen=True)
class Method:
    """`load` imports and returns what `answer` needs; only `answer` is timed."""

    load: Callable[[], Any]
    answer: Callable[[Any, Layer, Layer], Best]


def _ours() -> Any:
    from layers.matching import best_links, match

    return SimpleNamespace(match=match, best_links=best_links)


def ours(lib: Any, register: Layer, site: Layer) -> Best:
    """`match`, then `best_links` in `same` and `ask`."""
    links = lib.best_links(lib.match(register, site), ("same", "ask"))
    row = dict(zip(register.frame["id"], range(len(register)), strict=True))
    links = links.reindex(site.frame["id"])
    best = links["register_id"].map(row).fillna(-1).to_numpy(dtype=np.int64)
    return Best(best, links["score"].fillna(0.0).to_numpy(dtype=float))


def _text_tools() -> Any:
    from rapidfuzz import fuzz, process
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sparse_dot_topn import sp_matmul_topn

    return SimpleNamespace(vectorizer=TfidfVectorizer, topn=sp_matmul_topn, fuzz=fuzz, process=process)  # fmt: skip


def _likest(lib: Any, register: Layer, site: Layer, top: int, threads: int) -> Any:
    """The `top` nearest register rows of every row on site by TF-IDF of 2- and 3-grams."""
    vectorizer = lib.vectorizer(analyzer="char", ngram_range=(2, 3), dtype=np.float32)
    theirs = vectorizer.fit_transform(texts(register))
    ours_ = vectorizer.transform(texts(site))
    return lib.topn(ours_, theirs.T.tocsr(), top_n=top, threshold=0.0, sort=True, n_threads=threads)  # fmt: skip


def _first(product: Any) -> Best:
    filled = np.flatnonzero(np.diff(product.indptr))
    best, score = np.full(product.shape[0], -1, dtype=np.int64), np.zeros(product.shape[0])
    best[filled] = product.indices[product.indptr[filled]]
    score[filled] = product.data[product.indptr[filled]]
    return Best(best, score)


def tfidf(threads: int) -> Callable[[Any, Layer, Layer], Best]:
    """TF-IDF of characters and `sp_matmul_topn`, the nearest row."""

    def answer(lib: Any, register: Layer, site: Layer) -> Best:
        return _first(_likest(lib, register, site, 1, threads))

    return answer


def tfidf_rapidfuzz(lib: Any, register: Layer, site: Layer) -> Best:
    """Blocks of the ten nearest by TF-IDF, the best of each by `token_sort_ratio`."""
    product = _likest(lib, register, site, 10, 1)
    theirs, here = texts(register), texts(site)
    best, score = np.full(len(here), -1, dtype=np.int64), np.zeros(len(here))
    for row, text in enumerate(here):
        block = product.indices[product.indptr[row] : product.indptr[row + 1]]
        told = [lib.fuzz.token_sort_ratio(text, theirs[other]) for other in block]
        if told:
            best[row], score[row] = block[int(np.argmax(told))], max(told) / 100
    return Best(best, score)


def every_pair(scorer: str) -> Callable[[Any, Layer, Layer], Best]:
    """rapidfuzz on all pairs (`process.cdist`): no block loses a partner, at a price."""

    def answer(lib: Any, register: Layer, site: Layer) -> Best:
        told = lib.process.cdist(texts(site), texts(register), scorer=getattr(lib.fuzz, scorer),
                                 dtype=np.uint8)  # fmt: skip
        return Best(told.argmax(axis=1), told.max(axis=1) / 100.0)

    return answer


def _splink() -> Any:
    import logging

    import splink.comparison_library as comparisons
    from splink import Linker, SettingsCreator, block_on
    from splink.backends.duckdb import DuckDBAPI

    logging.disable(logging.WARNING)
    return SimpleNamespace(linker=Linker, settings=SettingsCreator, block=block_on, api=DuckDBAPI,
                           compare=comparisons)  # fmt: skip


def splink(lib: Any, register: Layer, site: Layer) -> Best:
    """Splink on DuckDB: u by random pairs, m by expectation maximisation, as its guide says."""
    compare, block = lib.compare, lib.block
    settings = lib.settings(
        link_type="link_only",
        comparisons=[
            compare.JaroWinklerAtThresholds("name", [0.92, 0.8, 0.6]),
            compare.JaroWinklerAtThresholds("address", [0.95, 0.85, 0.7]),
            compare.DistanceInKMAtThresholds("lat", "lon", [0.03, 0.1, 0.5]),
            compare.ExactMatch("credit_code"),
        ],
        blocking_rules_to_generate_predictions=[
            block("credit_code"), block("address"), block("substr(name, 1, 2)"),
            block("street"), block("cell"),
        ],
    )  # fmt: skip
    api = lib.api()
    tables = [api.register(_columns(layer)) for layer in (register, site)]
    linker = lib.linker(tables, settings)
    training = linker.training
    training.estimate_probability_two_random_records_match([block("credit_code"), block("name", "address")], recall=0.3)  # fmt: skip
    training.estimate_u_using_random_sampling(max_pairs=1e6, seed=1)
    for rule in (block("street"), block("name")):
        training.estimate_parameters_using_expectation_maximisation(rule)
    links = linker.inference.predict(threshold_match_probability=0.01).as_pandas_dataframe()
    return _best_of(links, len(site), len(register))


def _best_of(links: pd.DataFrame, size: int, theirs: int) -> Best:
    """The likeliest register row of each row on site; unique ids are s0, s1 … and r0, r1 …."""
    ids = links[["unique_id_l", "unique_id_r"]].to_numpy()
    left = np.char.startswith(ids[:, 0].astype(str), "r")
    register, site = np.where(left, ids[:, 0], ids[:, 1]), np.where(left, ids[:, 1], ids[:, 0])
    table = pd.DataFrame({"register": [int(i[1:]) for i in register], "site": [int(i[1:]) for i in site],
                          "score": links["match_probability"]})  # fmt: skip
    table = table.sort_values(["score", "register"], ascending=[False, True]).drop_duplicates("site")  # fmt: skip
    best, score = np.full(size, -1, dtype=np.int64), np.zeros(size)
    best[table["site"]], score[table["site"]] = table["register"], table["score"]
    assert best.max(initial=-1) < theirs
    return Best(best, score)


_PLACES = r"^(?:\w{2}省)?(?:\w{2}市)?(?:\w{2}县)?(?:城关镇)?"


def _columns(layer: Layer) -> pd.DataFrame:
    """The columns Splink gets; `street` (letters before the first digit) and `cell` are for blocks."""
    frame = layer.frame
    kind = "s" if layer.theme.name == "tobacco_retailer" else "r"
    lon, lat = frame.geometry.x.to_numpy(), frame.geometry.y.to_numpy()
    table = pd.DataFrame({"unique_id": [f"{kind}{n}" for n in range(len(frame))]})
    for name in ("name", "address"):  # its guide asks for columns in one form first
        text = frame[name].astype("string").str.normalize("NFKC").str.lower()
        text = text.str.replace(_PLACES, "", regex=True)
        table[name] = text.astype(object).where(text.notna(), None).to_numpy()
    code = frame["credit_code"].astype(object)
    table["credit_code"] = code.where(code.notna(), None).to_numpy()
    table["lon"], table["lat"] = lon, lat
    street = table["address"].astype("string").str.extract(r"([^\d县镇]{2,})(?=\d|$)")[0]
    table["street"] = street.astype(object).where(street.notna(), None)
    cell = pd.Series(np.round(lon, 3)).astype(str) + "/" + pd.Series(np.round(lat, 3)).astype(str)
    table["cell"] = cell.where(~np.isnan(lon), None)
    return table


SPEED = {
    "yicha": Method(_ours, ours),
    "TF-IDF + sparse_dot_topn": Method(_text_tools, tfidf(1)),
    "TF-IDF + sparse_dot_topn, 2 threads": Method(_text_tools, tfidf(2)),
    "TF-IDF top 10 + rapidfuzz": Method(_text_tools, tfidf_rapidfuzz),
    "Splink 5 on DuckDB": Method(_splink, splink),
}
QUALITY = {
    "rapidfuzz token_sort_ratio": Method(_text_tools, every_pair("token_sort_ratio")),
    "rapidfuzz token_set_ratio": Method(_text_tools, every_pair("token_set_ratio")),
    "rapidfuzz WRatio": Method(_text_tools, every_pair("WRatio")),
    "TF-IDF + sparse_dot_topn": Method(_text_tools, tfidf(1)),
    "TF-IDF top 10 + rapidfuzz": Method(_text_tools, tfidf_rapidfuzz),
    "Splink 5 on DuckDB": Method(_splink, splink),
}
