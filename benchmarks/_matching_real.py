"""Real registers: Haidian's registrations by themselves, Philadelphia's licences of two years.

No row of either is part of the project. Tables name rows by their number in the source file,
so that a reader who has the files can look at the same ones.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

from layers.importing import import_file
from layers.layer import Layer, make_layer
from layers.matching import Matches, best_links, differences, match

HAIDIAN = "cn-business-registration-beijing-haidian/haidian_registrations_2000_2003.csv.gz"
PHILADELPHIA = "us-philadelphia-tobacco-schools/pa_tobacco_licences_philadelphia_{}.csv.gz"
DAYS = ("2023-06", "2024-06-10")
SEED = 20240610
DRAWN = {
    "renewed": 5,
    "renewed, other pin": 2,
    "moved": 2,
    "moved, asked": 3,
    "ask": 4,
    "new": 3,
    "gone": 3,
}
"""Rows of each class that are looked at by hand (all where there are fewer), drawn with `SEED`."""
_OTHER_ADDRESS = frozenset({"road_differs", "number_differs"})


def show(shared: Path) -> tuple[list[str], object]:
    """The text and the figures of both."""
    haidian, said = haidian_figures(shared), philadelphia_figures(shared)
    lines = [
        "### Haidian",
        "",
        *(f"- {key}: {value}" for key, value in haidian.items()),
        "",
        "### Philadelphia",
        "",
    ]
    lines += [f"- {key}: {value}" for key, value in said.items() if key != "drawn"]
    rows = pd.DataFrame(list(said["drawn"]))  # type: ignore[call-overload]
    lines += ["", "Drawn rows (source row of 2023, of 2024):", "", rows.to_string(index=False)]
    return lines, {"haidian": haidian, "philadelphia": said}


def haidian_figures(shared: Path) -> dict[str, object]:
    """Every registration found again by its sign, and who is linked to another row of the register."""
    books = _imported(shared / HAIDIAN, "business_registration")
    links = match(books, as_signs(books)).links
    links["true"] = "sign-" + links["register_id"] == links["site_id"]
    same = links[links["zone"] == "same"]
    found = links[links["true"] & links["zone"].isin(["same", "ask"])]
    twice = among_themselves(books)
    return {
        "rows": len(books),
        "found again in same + ask": len(found),
        "of them in same": int(found["zone"].eq("same").sum()),
        "links in same": len(same), "of them wrong": int((~same["true"]).sum()),
        "pairs of two different rows in same (codes not compared)": int(twice["zone"].eq("same").sum()),
        "pairs of two different rows asked": int(twice["zone"].eq("ask").sum()),
        "those in same, by source rows": _source_rows(books, twice[twice["zone"] == "same"]),
    }  # fmt: skip


def as_signs(books: Layer) -> Layer:
    """The same rows as they might stand over a door: no city, no legal form, no code, no room."""
    frame = books.frame.assign(id="sign-" + books.frame["id"], credit_code=None)
    frame["name"] = frame["name"].str.replace("^北京市?|有限责任公司$|有限公司$", "", regex=True)
    frame["address"] = frame["address"].str.replace("北京市海淀区", "", regex=False)
    frame["address"] = frame["address"].str.replace(r"(\d+号).*$", r"\1", regex=True)
    return make_layer("business_registration", frame, *books.provenance)


def among_themselves(books: Layer) -> pd.DataFrame:
    """Links of the register to itself without codes, each pair of two different rows once."""
    bare = make_layer("business_registration", books.frame.assign(credit_code=None), *books.provenance)  # fmt: skip
    links = match(bare, bare).links
    return links[links["register_id"] < links["site_id"]]


def _source_rows(books: Layer, links: pd.DataFrame) -> list[list[int]]:
    row = dict(zip(books.frame["id"], books.frame["source_row"], strict=True))
    return [sorted((int(row[a]), int(row[b]))) for a, b in zip(links["register_id"], links["site_id"], strict=True)]  # fmt: skip


def philadelphia(shared: Path) -> tuple[Layer, Layer]:
    """Retail licences of both days."""
    first, second = (
        _imported(shared / PHILADELPHIA.format(day), "tobacco_retailer", datum="wgs84",
                  where=("licence_type~Retail",), position_kind="geocoded_address")
        for day in DAYS
    )  # fmt: skip
    return first, second


def philadelphia_figures(shared: Path) -> dict[str, object]:
    """What became of the licences; the hidden numbers are not compared but tell afterwards."""
    old, new = philadelphia(shared)
    found = match(old, new)
    classes = classes_of(old, new, found)
    counts = {name: len(classes[classes["class"] == name]) for name in DRAWN}
    return {
        "licences": [len(old), len(new)],
        **counts,
        "licences of 2023 with a partner in same": int(found.zone("same")["register_id"].nunique()),
        "same hidden number among the linked": numbers_agree(old, new, found),
        "drawn": drawn(classes).to_dict("records"),
    }


def classes_of(old: Layer, new: Layer, found: Matches) -> pd.DataFrame:
    """One row per licence of 2024 (and per one gone): class, source rows of both, score, metres."""
    rows = [dict(zip(part.frame["id"], part.frame["source_row"], strict=True)) for part in (old, new)]  # fmt: skip
    told = differences(old, new, found, None).frame
    moved = set(told["site_id"][told["difference_class"] == "moved"])
    pin = set(told["site_id"][told["which"].eq("position")])
    best = best_links(found, ("same", "ask")).reset_index()
    away = best["reasons"].map(
        lambda codes: "far" in codes and not _OTHER_ADDRESS.isdisjoint(codes)
    )
    name = np.select(
        [best["zone"].eq("ask") & away, best["zone"].eq("ask"), best["site_id"].isin(moved), best["site_id"].isin(pin)],
        ["moved, asked", "ask", "moved", "renewed, other pin"], "renewed",
    )  # fmt: skip
    linked = pd.DataFrame(
        {"class": name, "row_2023": best["register_id"].map(rows[0]), "row_2024": best["site_id"].map(rows[1]),
         "score": best["score"].round(3), "metres": best["metres"].round(0)}
    )  # fmt: skip
    fresh = pd.DataFrame({"class": "new", "row_2024": [rows[1][one] for one in found.site_ids]})
    gone = pd.DataFrame({"class": "gone", "row_2023": [rows[0][one] for one in found.register_ids]})
    table = pd.concat([linked, fresh, gone], ignore_index=True)
    return table.sort_values(["class", "row_2024", "row_2023"], ignore_index=True)


def drawn(classes: pd.DataFrame) -> pd.DataFrame:
    """The rows looked at by hand."""
    parts = []
    for name, count in DRAWN.items():
        rows = classes[classes["class"] == name]
        parts.append(rows.sample(min(count, len(rows)), random_state=SEED))
    return pd.concat(parts, ignore_index=True)


def numbers_agree(old: Layer, new: Layer, found: Matches) -> str:
    """Of links in `same`: how many shops keep a number that is hidden alike."""
    numbers = [part.frame.set_index("id")["licence_no"] for part in (old, new)]
    links = found.zone("same")
    equal = numbers[0].reindex(links["register_id"]).to_numpy() == numbers[1].reindex(links["site_id"]).to_numpy()  # fmt: skip
    kept = links[equal]
    return f"{kept['site_id'].nunique()} of {links['site_id'].nunique()} shops"


def _imported(path: Path, theme: str, **told: object) -> Layer:
    layer = import_file(path, theme, **told).layer  # type: ignore[arg-type]
    if layer is None:
        raise SystemExit(f"{path} gives no rows")
    return layer
