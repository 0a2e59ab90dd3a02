from __future__ import annotations

from pathlib import Path

import pytest

from layers.sources import read_source

pytestmark = pytest.mark.shared


@pytest.mark.parametrize(
    ("file", "rows", "columns"),
    [
        ("us-philadelphia-tobacco-schools/pa_tobacco_licences_philadelphia_2024-06-10.csv.gz", 2504, 12),
        ("us-philadelphia-tobacco-schools/pa_tobacco_licences_philadelphia_2023-06.csv.gz", 2432, 12),
        ("cn-business-registration-beijing-haidian/haidian_registrations_2000_2003.csv.gz", 3571, 10),
        ("uk-gm-gambling-premises/gm_gambling_premises_excl_trafford.csv.gz", 388, 16),
        ("us-epa-lmop-landfills/lmop_landfills.csv.gz", 2622, 14),
        ("us-sanjose-illegal-dumping/sanjose_illegal_dumping_2000.csv.gz", 2000, 17),
    ],
)  # fmt: skip
def test_every_row_of_real_tables_is_read(
    shared_data: Path, file: str, rows: int, columns: int
) -> None:
    table = read_source(shared_data / file)
    assert table.frame.shape == (rows, columns)
    assert table.rows.tolist() == list(range(2, rows + 2))
    assert table.problems == ()
    assert table.encoding == "utf-8"


def test_text_of_real_tables(shared_data: Path) -> None:
    folder = shared_data / "cn-business-registration-beijing-haidian"
    table = read_source(folder / "haidian_registrations_2000_2003.csv.gz")
    assert table.frame["统一社会信用代码"].str.len().eq(18).all()
    assert table.frame["经营范围"].str.contains("烟").sum() == 71
    assert (table.frame["企业类型"] == "N/A").any()


@pytest.mark.parametrize(
    ("file", "layer", "rows"),
    [("us-philadelphia-tobacco-schools/philadelphia_schools_2018.gpkg", "schools", 547),
     ("gpw-waste-sites/gpw_waste_sites_7_countries.gpkg", "sites", 1870)],
)  # fmt: skip
def test_real_geopackages(shared_data: Path, file: str, layer: str, rows: int) -> None:
    table = read_source(shared_data / file)
    assert (len(table), table.sheet, table.datum) == (rows, layer, "wgs84")
    assert table.geometry is not None
    assert (table.geometry.geom_type == "Point").all()
