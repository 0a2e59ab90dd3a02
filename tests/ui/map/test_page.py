"""The page builds without a browser: what it shows, and what it says when data are missing."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from ui.settings import ROOT, VARIABLE

pytestmark = pytest.mark.usefixtures("assets")
ECIG = "ecigarette-near-school"


@pytest.fixture
def page(monkeypatch: pytest.MonkeyPatch, hamlet_folder: Path) -> AppTest:
    monkeypatch.setenv(VARIABLE, str(hamlet_folder))
    return AppTest.from_file(ROOT / "ui" / "main.py", default_timeout=60)


@pytest.fixture
def invented(tmp_path: Path) -> Path:
    """A folder of invented data, which nobody has to sign in to, with nothing in it yet."""
    about = {"name": {"zh": "空县", "en": "Empty"}, "generated": True, "on_date": "2026-06-30"}
    (tmp_path / "county.json").write_text(json.dumps(about), encoding="utf-8")
    return tmp_path


def html(page: AppTest) -> str:
    return "\n".join(one.proto.body for one in page.get("html"))


def test_the_page_shows_county_banner_and_list(page: AppTest) -> None:
    page.query_params["lang"] = "zh"
    page.run()
    assert not page.exception
    text = html(page)
    assert "石桥县" in text
    assert "生成数据" in text
    assert "y-tally" in text


def test_the_language_is_in_the_address(page: AppTest) -> None:
    page.query_params["lang"] = "en"
    page.run()
    assert "Generated data" in html(page)
    assert "Shiqiao" in html(page)


def test_a_link_opens_its_finding(page: AppTest) -> None:
    page.query_params["lang"] = "zh"
    page.query_params["finding"] = f"{ECIG}:ecig_retailer-0"
    page.run()
    assert "<h2>近店</h2>" in html(page)


def test_a_link_to_nothing_is_told(page: AppTest) -> None:
    page.query_params["lang"] = "zh"
    page.query_params["finding"] = "no:such"
    page.run()
    assert "链接中的条目不在本次结果中" in html(page)


def test_a_link_to_a_lead_says_so_to_who_may_not_read_it(page: AppTest) -> None:
    page.query_params["lang"] = "zh"
    page.query_params["lead"] = "L0123456789ab"
    page.run()
    assert not page.exception
    assert "没有这条线索，或您无权查看" in html(page)
    assert page.query_params["lead"] == "L0123456789ab"
    assert "finding" not in page.query_params
    assert tally(page) == 3


def test_a_link_opens_its_finding_where_findings_are_not_listed(
    monkeypatch: pytest.MonkeyPatch, hamlet_folder: Path
) -> None:
    monkeypatch.setenv(VARIABLE, str(hamlet_folder))

    def large() -> None:
        from ui import cache, state
        from ui.map import desk
        from ui.map.work import work
        from ui.texts import texts

        state.begin()
        desk.arrive(usual=desk.LEADS)
        work(cache.workplace(), None, ("demo", "2026-06-29"), "2026-07-01", texts("zh"))

    page = AppTest.from_function(large, default_timeout=60)
    page.query_params["finding"] = f"{ECIG}:ecig_retailer-0"
    page.run()
    assert not page.exception
    assert "<h2>近店</h2>" in html(page)
    assert "y-pill inside" in html(page)
    assert page.query_params["finding"] == f"{ECIG}:ecig_retailer-0"
    page.query_params["finding"] = f"{ECIG}:nobody"
    page.run()
    assert "链接中的条目不在本次结果中" in html(page)


def test_another_link_in_the_same_tab_closes_what_is_near_here(page: AppTest) -> None:
    page.query_params["lang"] = "zh"
    page.run()
    page.session_state["m_near"] = (113.0, 28.2)
    page.run()
    assert page.session_state["m_near"] == (113.0, 28.2)
    page.query_params["finding"] = f"{ECIG}:ecig_retailer-0"
    page.run()
    assert page.session_state["m_near"] is None
    assert "<h2>近店</h2>" in html(page)


def test_filters_change_the_list(page: AppTest) -> None:
    page.query_params["lang"] = "zh"
    page.run()
    before = tally(page)
    page.selectbox(key="f_check").select("bar-near-school").run()
    assert tally(page) == 0
    page.selectbox(key="f_check").select(ECIG).run()
    assert tally(page) == before == 3
    assert page.query_params["check"] == ECIG
    page.text_input(key="f_text").input("近店").run()
    assert tally(page) == 1
    page.text_input(key="f_text").input("没有这个").run()
    assert "没有符合筛选条件的结果" in html(page)


def tally(page: AppTest) -> int:
    [line] = [
        one.proto.body
        for one in page.get("html")
        if one.proto.body.startswith('<div class="y-tally')
    ]
    return int(line.split(">")[1].split(" ")[0])


def test_another_day_may_have_another_rule(page: AppTest) -> None:
    from datetime import date

    page.query_params["lang"] = "zh"
    page.query_params["finding"] = f"{ECIG}:ecig_retailer-0"
    page.run()
    assert "y-pill inside" in html(page)
    page.date_input(key="day").set_value(date(2020, 1, 1)).run()
    assert "y-pill undecided" in html(page)


def test_a_missing_theme_is_named_with_the_command(page: AppTest) -> None:
    page.query_params["lang"] = "zh"
    page.run()
    said = html(page)
    assert "酒吧" in said
    assert "python -m layers import" in said


def test_without_layers_the_page_names_the_command(
    monkeypatch: pytest.MonkeyPatch, invented: Path
) -> None:
    monkeypatch.setenv(VARIABLE, str(invented))
    page = AppTest.from_file(ROOT / "ui" / "main.py", default_timeout=60)
    page.query_params["lang"] = "en"
    page.run()
    assert not page.exception
    assert "python -m layers import" in page.code[0].value
    assert "There are no data here yet" in html(page)
    page.button(key="first_import").click().run()
    assert not page.exception
    assert "Choose a file and what it is about" in html(page)


def test_a_damaged_layer_is_named_with_its_remedy(
    monkeypatch: pytest.MonkeyPatch, invented: Path
) -> None:
    (invented / "school.parquet").write_bytes(b"not a layer")
    monkeypatch.setenv(VARIABLE, str(invented))
    page = AppTest.from_file(ROOT / "ui" / "main.py", default_timeout=60)
    page.query_params["lang"] = "en"
    page.run()
    assert not page.exception
    assert "school.parquet" in page.text[0].value
    assert "python -m layers import" in page.code[0].value


def test_no_data_is_not_called_clear(
    monkeypatch: pytest.MonkeyPatch, invented: Path, hamlet_folder: Path
) -> None:
    for name in ("school", "road"):
        file = hamlet_folder / "layers" / f"{name}.parquet"
        (invented / file.name).write_bytes(file.read_bytes())
    monkeypatch.setenv(VARIABLE, str(invented))
    page = AppTest.from_file(ROOT / "ui" / "main.py", default_timeout=60)
    page.query_params["lang"] = "en"
    page.run()
    assert not page.exception
    assert "There is nothing to judge" in html(page)
    assert "No data is not the same as clear" in html(page)
