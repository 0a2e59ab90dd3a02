"""The page without a browser: what it says of a model, and how little a run of it costs."""

from __future__ import annotations

import time
from datetime import date
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from checks import catalogue, kept_runs, rule_packs
from tests.ui.conftest import DAY
from tests.ui.map.test_page import html
from tests.ui.models.test_tasks import heard, never, order
from ui.models import tasks
from ui.models.comparing import figures_html, points_of, table_html
from ui.models.held import compared
from ui.models.reading import model_html
from ui.models.tasks import compare_runs, pair_folder, run_checks
from ui.settings import VARIABLE
from ui.texts import texts

pytestmark = pytest.mark.usefixtures("assets")
ECIG = "ecigarette-near-school"
_SCRIPT = """
from ui import state
from ui.models import page
state.begin()
page.show()
"""


@pytest.fixture
def page(monkeypatch: pytest.MonkeyPatch, folder: Path) -> AppTest:
    monkeypatch.setenv(VARIABLE, str(folder))
    test = AppTest.from_string(_SCRIPT, default_timeout=60)
    test.query_params["lang"] = "zh"
    return test


def at(page: AppTest, **query: str) -> AppTest:
    for name, value in query.items():
        page.query_params[name] = value
    page.run()
    assert not page.exception
    return page


def test_all_models_by_field_and_by_words(page: AppTest) -> None:
    at(page)
    assert f"{len(catalogue())} 个模型" in html(page)
    assert "未成年人保护" in html(page)
    page.text_input(key="m_text").input("电子烟").run()
    shown = {one.key for one in page.button if str(one.key).startswith("mo:")}
    assert f"mo:{ECIG}" in shown
    assert "mo:bar-near-school" not in shown
    page.text_input(key="m_text").input("没有这个词").run()
    assert "没有符合的模型" in html(page)


def test_a_model_is_chosen_and_stands_in_the_address(page: AppTest) -> None:
    at(page)
    page.button(key=f"mo:{ECIG}").click().run()
    assert page.query_params["model"] == ECIG
    assert "怎样现场核实" in html(page)
    assert "未核实" in html(page)


def test_a_run_of_the_page_costs_little(page: AppTest) -> None:
    at(page, model=ECIG)
    begun = time.perf_counter()
    page.run()
    assert time.perf_counter() - begun < 2.0  # with AppTest's own work, on a busy machine


def test_runs_and_what_if_before_anything_was_run(page: AppTest) -> None:
    at(page, model=ECIG, view="run")
    assert "还没有运行" in html(page)
    at(page, view="compare")
    assert "对比需要两次运行" in html(page)
    at(page, view="if")
    assert "非法律规定，仅供推演" in html(page)


def test_what_was_set_outlives_a_look_at_another_part(page: AppTest) -> None:
    at(page, model=ECIG, view="run")
    page.selectbox(key="m_rules").select("guangdong").run()
    for view in ("compare", "about", "if"):
        page.session_state["m_view"] = view
        page.run()
    assert page.selectbox(key="m_rules").value == "guangdong"


def test_a_kept_run_is_opened(page: AppTest, folder: Path) -> None:
    run = run_checks(order(folder), heard()[1], never)["run"]
    at(page, model=ECIG, view="run", run=run)
    assert "近店" in html(page)
    assert "finding=ecigarette-near-school%3Aecig_retailer-0" in html(page)


def test_an_address_made_by_somebody_else(page: AppTest) -> None:
    at(page, model="<script>", view="<b>", run="../..", area="<svg onload=x>;1")
    assert "选一个模型" in html(page)
    assert "<script>" not in html(page)
    at(page, model=ECIG, view="if")


def test_every_model_can_be_read_in_both_languages() -> None:
    for lang in ("zh", "en"):
        words = texts(lang)
        for name, entry in catalogue().items():
            text = model_html(
                entry.check, rule_packs(), {}, words, on_date=DAY, found=None, chosen="demo"
            )
            assert entry.check.title.of(lang).split("（")[0][:4] in text
            loose = [one for one in entry.check.legal_basis if not one.verified]
            assert text.count(words("models.unverified")) >= len(loose), name


def test_two_runs_told(folder: Path) -> None:
    ids = [run_checks(order(folder, on_date=day, at=f"{day}T08:00:00+08:00"), heard()[1], never)["run"]
           for day in ("2021-01-01", DAY)]  # fmt: skip
    asked = {"data": str(folder), "before": ids[0], "after": ids[1]}
    assert compare_runs(asked, heard()[1], lambda: True) == {"cancelled": True}
    compare_runs(asked, heard()[1], never)
    runs = {run.id: run for run in kept_runs(folder / tasks.RUNS)}
    told = compared(*ids)
    assert told is not None
    assert "新增" in figures_html(told[ECIG], texts("zh"))
    table = table_html(told[ECIG], runs[ids[0]], runs[ids[1]], texts("zh"))
    assert "近店" in table
    assert f"on={DAY}&amp;rules=demo" in table
    assert len(points_of(told[ECIG]["differences"], texts("en"))) == told[ECIG]["counts"]["new"]
    names = {one.name for one in pair_folder(*ids).iterdir()}
    assert names == {
        "brief.json",
        "differences.geojson",
        "differences.zh.csv",
        "differences.en.csv",
    }
    compare_runs({**asked, "before": ids[1]}, heard()[1], never)
    same = compared(ids[1], ids[1])
    assert same is not None
    assert "没有差别" in figures_html(same[ECIG], texts("zh"))


def test_what_was_set_outlives_the_catalogue_and_another_model(page: AppTest) -> None:
    at(page, model=ECIG, view="if")
    page.selectbox(key="m_rules").select("demo").run()
    page.date_input(key="m_day").set_value(date(2025, 3, 1)).run()
    moved = next(one for one in page.slider if str(one.key).startswith("m_value:"))
    moved.set_value(150.0).run()
    page.button(key="mo_back").click().run()
    page.button(key="mo:wage-deposit").click().run()
    page.button(key=f"mo:{ECIG}").click().run()
    assert page.date_input(key="m_day").value == date(2025, 3, 1)
    assert page.selectbox(key="m_rules").value == "demo"
    assert page.slider(key=str(moved.key)).value == 150.0
