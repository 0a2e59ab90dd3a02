"""Register checks on the demo county: every verdict and class is the planted one, of every subject."""

from __future__ import annotations

import json
import re
from collections import Counter
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from stdnum.cn import uscc

from checks import Finding, RunResult, Undecided, catalogue, load_rules, run
from demo.build import SEED
from demo.licences import COUNTY_CODE
from demo.reality.county import Reality, reality_of
from demo.scene import Play
from layers import LayerFolder

Truth = dict[str, Any]
REGISTER_CHECKS = (
    "tobacco-licence", "caterer-licence", "many-shops-one-address", "unregistered-lodging",
    "aesthetic-clinic-licence", "kindergarten-name", "online-pharmacy", "site-certificate",
    "soil-water-fee", "wage-deposit", "pension-backpay", "judicial-aid-gap",
)  # fmt: skip
OPEN_TABLES = (
    "record/pension_payments",
    "record/employment",
    "record/hardship_list",
    "record/aid_list",
)


@pytest.fixture(scope="module")
def layers(county: Path) -> LayerFolder:
    return LayerFolder(county / "layers")


@pytest.fixture(scope="module")
def result(layers: LayerFolder, truth: Truth) -> RunResult:
    asked = [check for check in REGISTER_CHECKS if check in catalogue()]
    return run(asked, layers, load_rules("demo"), truth["on_date"], all_subjects=True)


@pytest.fixture(scope="module")
def reality(play: Play, truth: Truth) -> Reality:
    return reality_of(play, truth["schools"])


def _subject(said: Finding | Undecided, layers: LayerFolder) -> str:
    """The subject's id; of people only a hash leaves the check, and the row of the source."""
    theme = str(said.subject_theme)
    if theme not in OPEN_TABLES:
        return str(said.subject_id)
    frame = layers[theme].frame
    return str(frame["id"][frame["source_row"].eq(said.facts["source_row"])].item())


def _said(result: RunResult, check: str, layers: LayerFolder) -> dict[str, tuple[str, str | None]]:
    """Verdict and class of every subject; what is undecided has no class.

    A finding about a door speaks of every shop behind it.
    """
    said: dict[str, tuple[str, str | None]] = {}
    for finding in (f for f in result.findings if f.check == check):
        shops = [str(shop["id"]) for shop in finding.facts.get("shops", ())]
        for one in shops or [_subject(finding, layers)]:
            assert one not in said, f"{check} speaks twice of {one}"
            said[one] = (str(finding.verdict), finding.licence_class)
    for gap in (u for u in result.undecided if u.check == check):
        assert gap.subject_id is not None, f"{check} as a whole: {gap.reason.en}"
        one = _subject(gap, layers)
        assert one not in said, f"{check} speaks twice of {one}"
        said[one] = ("undecided", None)
    return said


def test_every_register_check_is_in_the_catalogue() -> None:
    missing = [check for check in REGISTER_CHECKS if check not in catalogue()]
    assert missing == []


def test_no_register_check_fails(result: RunResult) -> None:
    assert result.failures == ()


@pytest.mark.parametrize("check", REGISTER_CHECKS)
def test_every_verdict_and_class_is_the_planted_one(
    check: str, result: RunResult, layers: LayerFolder, truth: Truth
) -> None:
    planted = truth["checks"][check]["subjects"]
    wanted = {key: (r["verdict"], r["licence_class"]) for key, r in planted.items()}
    said = _said(result, check, layers)
    wrong = {key: (wanted.get(key), said.get(key), planted.get(key, {}).get("why"))
             for key in wanted.keys() | said.keys() if wanted.get(key) != said.get(key)}  # fmt: skip
    assert wrong == {}


@pytest.mark.parametrize("check", REGISTER_CHECKS)
def test_the_register_row_is_the_planted_one(check: str, result: RunResult, truth: Truth) -> None:
    planted = truth["checks"][check]["subjects"]
    findings = {f.subject_id: f for f in result.findings if f.check == check}
    for key, record in planted.items():
        found = findings.get(key)
        if found is None or record["verdict"] not in ("inside", "outside"):
            continue
        planted_there = record["register_id"] and found.object_theme != "business_registration"
        if planted_there and found.method == "register_match":
            assert found.object_id == record["register_id"], (record["name"], record["why"])


@pytest.mark.parametrize("check", REGISTER_CHECKS)
def test_the_truth_speaks_of_every_row_of_its_layers(
    check: str, layers: LayerFolder, truth: Truth
) -> None:
    said = truth["checks"][check]
    there: set[str] = set()
    for theme in said["theme"].split(";"):
        frame = layers[theme].frame
        there |= set(
            frame["id"][frame["kind"].eq("kindergarten")] if theme == "school" else frame["id"]
        )
    assert set(said["subjects"]) == there


def test_every_class_and_every_zone_is_planted(truth: Truth) -> None:
    counts = {check: Counter((r["verdict"], r["licence_class"]) for r in truth["checks"][check]["subjects"].values())
              for check in REGISTER_CHECKS}  # fmt: skip
    for check, wanted in {
        "caterer-licence": "none expired cancelled revoked suspended mismatch shared_licence ask in_force not_needed",
        "unregistered-lodging": "none expired cancelled revoked suspended ask in_force",
        "aesthetic-clinic-licence": "none expired cancelled revoked item_missing inspection_overdue ask in_force not_needed",
        "tobacco-licence": "none expired cancelled revoked closed in_force not_needed",
        "online-pharmacy": "none expired cancelled revoked item_missing not_reported banned_item ask in_force",
        "site-certificate": "none expired cancelled revoked item_missing inspection_overdue in_force",
        "kindergarten-name": "none banned_word public_name mismatch ask in_order",
        "many-shops-one-address": "many food_court in_order",
        "soil-water-fee": "none unpaid short not_needed in_force",
        "wage-deposit": "none expired short share not_needed in_force",
    }.items():  # fmt: skip
        classes = {name for _, name in counts[check] if name}
        assert classes == set(wanted.split()), check
    for check, count in counts.items():
        verdicts = {verdict for verdict, _ in count}
        assert {"inside", "outside"} <= verdicts, check


@pytest.mark.parametrize(
    ("check", "why", "verdict", "least"),
    [
        ("many-shops-one-address", "a food court: many lawful counters", "outside", 9),
        ("many-shops-one-address", "one shop on every floor", "outside", 6),
        ("many-shops-one-address", "seven names behind one door", "inside", 7),
        ("many-shops-one-address", "three shops at one door, one of them on two platforms", "outside", 4),
        ("many-shops-one-address", "five names at one number, no floor or unit is written", "borderline", 5),
        ("caterer-licence", "sells packed food only", "outside", 2),
        ("caterer-licence", "a branch of one company", "outside", 4),
        ("caterer-licence", "a road by its newer name", "outside", 2),
        ("caterer-licence", "an old licence and the renewed one", "outside", 3),
        ("caterer-licence", "moved, the licence is for the old place", "inside", 3),
        ("caterer-licence", "one licence on many shops of one kitchen", "inside", 6),
        ("caterer-licence", "shows the number of a shop elsewhere", "borderline", 3),
        ("caterer-licence", "neither name nor address", "undecided", 2),
        ("caterer-licence", "a name, no address", "undecided", 1),
        ("caterer-licence", "an address, no name", "undecided", 1),
        ("caterer-licence", "another name is licensed at this door", "borderline", 2),
        ("caterer-licence", "a branch without a licence of its own", "inside", 1),
        ("caterer-licence", "an address written otherwise", "outside", 5),
        ("caterer-licence", "a name written otherwise", "outside", 2),
        ("kindergarten-name", "the word is the name of its road", "borderline", 1),
        ("kindergarten-name", "private, bears a public school's name", "inside", 1),
        ("kindergarten-name", "public, belongs to the school it names", "outside", 1),
        ("kindergarten-name", "another name on the sign than on the permit", "inside", 1),
        ("online-pharmacy", "vaccines may not be sold on line by anybody", "inside", 1),
        ("online-pharmacy", "a branch of one company", "outside", 3),
        ("site-certificate", "an old certificate and the renewed one", "outside", 1),
        ("site-certificate", "certified, no date of the filter", "undecided", 1),
        ("wage-deposit", "the ledger asks for less than the rule's share", "borderline", 1),
        ("wage-deposit", "finished, the deposit is given back", "outside", 2),
        ("pension-backpay", "worked elsewhere all that time", "inside", 2),
        ("pension-backpay", "worked there for a part of the term", "borderline", 3),
        ("judicial-aid-gap", "aid was granted and not paid out", "inside", 2),
        ("unregistered-lodging", "an e-sports room, in no book", "inside", 3),
        ("unregistered-lodging", "registered, no permit and no filing", "inside", 4),
        ("aesthetic-clinic-licence", "everyday beauty", "outside", 6),
        ("aesthetic-clinic-licence", "the inspection is overdue", "inside", 2),
        ("tobacco-licence", "a shop that may or may not sell tobacco", "outside", 100),
        ("tobacco-licence", "an old licence and the renewed one", "outside", 10),
        ("wage-deposit", "a bank guarantee in force", "outside", 2),
        ("soil-water-fee", "a school is exempt", "outside", 1),
        ("soil-water-fee", "paid in two instalments", "outside", 1),
    ],
)  # fmt: skip
def test_every_decoy_is_there(check: str, why: str, verdict: str, least: int, truth: Truth) -> None:
    planted = truth["checks"][check]["subjects"].values()
    assert sum(r["why"] == why and r["verdict"] == verdict for r in planted) >= least


def test_the_same_play_gives_the_same_registers(reality: Reality, play: Play, truth: Truth) -> None:
    again = reality_of(play, truth["schools"])
    assert again == reality
    assert {check: truth["checks"][check] for check in again.checks} == json.loads(
        json.dumps(again.checks)
    )


def test_no_number_could_be_a_real_one(reality: Reality) -> None:
    for table in reality.tables:
        for cell in (str(cell).strip("'") for row in table.rows for cell in row):
            if re.fullmatch(r"[0-9A-Z]{18}", cell):
                assert cell[2:8] == COUNTY_CODE, f"{table.file}: {cell}"
                assert uscc.calc_check_digit(cell[:-1]) == cell[-1], f"{table.file}: {cell}"
            elif re.fullmatch(r"1\d{10}", cell):
                assert cell.startswith("154"), f"{table.file}: {cell}"
            else:
                long = re.findall(r"\d{9,}", cell)
                assert all(number.startswith(("99", "299")) for number in long), cell


def test_every_raw_table_says_that_it_is_generated(reality: Reality) -> None:
    for table in reality.tables:
        assert table.header
        exported = table.encoding.startswith("utf-8") and not table.title
        assert exported or any("生成数据" in line for line in table.title), table.file


def test_the_tables_have_the_habits_of_their_offices(county: Path, reality: Reality) -> None:
    formats = Counter(Path(table.file).suffix for table in reality.tables)
    assert formats[".xlsx"] >= 4
    assert formats[".csv"] >= 8
    text = (county / "sources" / "food_licence.csv").read_bytes().decode("gbk")
    for quirk in ("合计", "长期", "年", "（", "'JY2", "1540000", "大道", "云岭省青澜市"):
        assert quirk in text, quirk
    assert re.search("[０-９]", text), "full-width digits"
    platform = (county / "sources" / "caterer-platform1.csv").read_text(encoding="utf-8-sig")
    for quirk in ("【新店八折】", "路店)", "附3号", "2楼A"):
        assert quirk in platform, quirk


def test_people_of_the_open_tables_are_only_numbers(layers: LayerFolder) -> None:
    for theme in OPEN_TABLES:
        frame = pd.DataFrame(layers[theme].frame.drop(columns="geometry"))
        assert not {"姓名", "证件号码"} & set(frame.columns), theme
        assert frame["人员编号"].str.startswith(f"RY{COUNTY_CODE}").all(), theme


def test_the_seed_is_that_of_the_county(truth: Truth) -> None:
    assert truth["seed"] == SEED
