"""Real registers: Haidian against its own names as signs, Philadelphia's two years to each other."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from layers.importing import import_file
from layers.layer import Layer, make_layer
from layers.matching import best_links, differences, match

pytestmark = pytest.mark.shared


def imported(path: Path, theme: str, **told: object) -> Layer:
    layer = import_file(path, theme, **told).layer  # type: ignore[arg-type]
    assert layer is not None
    return layer


def test_haidian_names_without_city_and_legal_form(shared_data: Path) -> None:
    folder = shared_data / "cn-business-registration-beijing-haidian"
    books = imported(folder / "haidian_registrations_2000_2003.csv.gz", "business_registration")
    frame = books.frame.assign(id="sign-" + books.frame["id"], credit_code=None)
    frame["name"] = frame["name"].str.replace("^北京市?|有限责任公司$|有限公司$", "", regex=True)
    frame["address"] = frame["address"].str.replace("北京市海淀区", "", regex=False)
    frame["address"] = frame["address"].str.replace(r"(\d+号).*$", r"\1", regex=True)
    signs = make_layer("business_registration", frame, *books.provenance)
    links = match(books, signs).links
    links["true"] = "sign-" + links["register_id"] == links["site_id"]
    same = links[links["zone"] == "same"]
    found = links[links["true"] & links["zone"].isin(["same", "ask"])]
    print(f"Haidian: {len(same)} same, {len(found)} of {len(books)} found")
    assert same["true"].mean() >= 0.99
    assert len(found) >= 0.99 * len(books)
    assert len(same) >= 0.9 * len(books)


@pytest.fixture(scope="module")
def philadelphia(shared_data: Path) -> tuple[Layer, Layer]:
    folder = shared_data / "us-philadelphia-tobacco-schools"
    told = {
        "datum": "wgs84",
        "where": ("licence_type~Retail",),
        "position_kind": "geocoded_address",
    }
    first, second = (imported(folder / f"pa_tobacco_licences_philadelphia_{day}.csv.gz", "tobacco_retailer", **told)
                     for day in ("2023-06", "2024-06-10"))  # fmt: skip
    return first, second


def test_philadelphia_renewed_new_and_gone(philadelphia: tuple[Layer, Layer]) -> None:
    """The numbers have signs hidden and are not compared: names, addresses and places must do."""
    old, new = philadelphia
    found = match(old, new)
    best = best_links(found)
    print(f"Philadelphia: {found.counts()}, {len(best)} of {len(new)} with a partner")
    assert 1900 <= len(best) <= 2200
    numbers = [layer.frame.set_index("id")["licence_no"] for layer in philadelphia]
    same_number = (
        numbers[0].reindex(best["register_id"]).to_numpy()
        == numbers[1].reindex(best.index).to_numpy()
    )
    assert same_number.mean() > 0.85, "most were renewed under their number"
    renewed = set(numbers[0].dropna()) & set(numbers[1].dropna())
    linked = set(numbers[1].reindex(found.zone("same", "ask")["site_id"]).dropna())
    assert len(renewed & linked) >= 0.95 * len(renewed)


def test_philadelphia_differences_say_what_became_of_each(
    philadelphia: tuple[Layer, Layer],
) -> None:
    old, new = philadelphia
    found = match(old, new)
    frame = differences(old, new, found, None).frame
    classes = pd.Series(frame["difference_class"]).value_counts()
    print(classes.to_string())
    assert classes["only_in_register"] == len(found.register_ids)
    assert classes["only_on_site"] == len(found.site_ids)
    assert classes.get("moved", 0) <= 5, "no shop moved for sure: the geocoder was another"
    assert 20 <= frame["which"].eq("position").sum() <= 80
