"""The masked copy: nothing of a trader's name, number, door or exact place is left in it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, replace
from typing import Any

import numpy as np
import pytest
import shapely

from evidence import Dossier
from evidence.exports.marks import notices
from evidence.masking import mask_name, share, snap
from evidence.sheet.render import make_sheet
from evidence.words import Words
from layers.errors import YichaError
from layers.measures import geodesic_distance

PHONE, IDENTITY = "13812345678", "110101199003071234"


@pytest.fixture(scope="module")
def trader(dossiers: Mapping[str, Dossier]) -> Dossier:
    """A shop whose name, codes and numbers stand wherever they may."""
    one = dossiers["tobacco-near-school"]
    finding: dict[str, Any] = json.loads(json.dumps(one.finding))
    finding |= {"subject_name": "张三丰烟酒店"}
    finding["subject"] |= {
        "credit_code": "92990123MA302X3FLR",
        "address": "梨树湾村3号2单元",
        "licence_no": "990123334360",
    }
    finding["facts"] |= {
        "licence_name": "张三丰",
        "secret": PHONE,
        "rows": [{"name": "李四商行", "address": "桃花村8号"}],
    }
    finding["unlisted"] = "桂花巷"
    told = f"张三丰烟酒店（经营者张三丰，{PHONE}，{IDENTITY}）许可证 990123334360，罚款 123456789 元，同址 李四商行 桃花村8号 梨树湾村3号2单元"
    finding["reasons"].append(told)
    finding["texts"]["reasons"].append({"zh": told, "en": told})
    history = [
        {
            "at": "2026-07-01",
            "kind": "lead.noted",
            "actor": "李明",
            "body": f'{{"text": "{PHONE}"}}',
        }
    ]
    return replace(one, finding=finding, history=history)  # fmt: skip


def everything(dossier: Dossier) -> str:
    plain = replace(dossier, context={}, pictures=())
    tables = " ".join(rows.drop(columns="geometry").to_csv() for rows in dossier.context.values())
    return json.dumps(asdict(plain), ensure_ascii=False, default=str) + tables


def test_nothing_of_the_trader_is_left(trader: Dossier) -> None:
    before, after = everything(trader), everything(share(trader))
    assert trader.subject is not None
    place = [f"{value:.8f}"[:-3] for value in trader.subject.coords[0]]
    for secret in ("张三丰", "李四商行", "村8号", "桂花巷", PHONE, IDENTITY, "990123334360", "92990123MA302X3FLR", "3号", *place,
                   str(trader.finding["subject_id"])):  # fmt: skip
        assert secret in before, secret
        assert secret not in after, secret
    assert "张***" in after
    assert "123456789 元" in after
    assert share(trader).line is None
    assert share(trader).pictures == ()


def test_the_original_stays_as_it_was(trader: Dossier) -> None:
    before = everything(trader)
    share(trader)
    assert everything(trader) == before
    assert not trader.redacted


def test_the_copy_says_so_and_can_be_printed(trader: Dossier) -> None:
    copy = share(trader)
    assert copy.redacted
    assert copy.finding["subject"]["u_source_m"] == pytest.approx(
        np.hypot(8, 200 / 2**0.5), abs=0.1
    )
    assert "200 米" in " ".join(notices(copy, Words("zh")))
    assert make_sheet(copy).startswith(b"%PDF")


@pytest.mark.parametrize(("name", "code", "hidden"), [
    ("张三丰烟酒店", None, True), ("张三丰烟酒店", "92990123MA302X3FLR", True),
    ("张三丰烟酒店", "91990123MA302X3FLR", False), ("演示县兴业商贸有限公司", None, False),
    ("Yumi Trading Ltd.", None, False), ("Ann's", None, True),
])  # fmt: skip
def test_a_body_keeps_its_name(
    dossiers: Mapping[str, Dossier], name: str, code: str | None, hidden: bool
) -> None:
    one = dossiers["tobacco-near-school"]
    finding = {**one.finding, "subject_name": name,
               "subject": {**one.finding["subject"], "credit_code": code}}  # fmt: skip
    copy = share(replace(one, finding=finding))
    assert (copy.finding["subject_name"] != name) == hidden
    assert (copy.subject != one.subject) == hidden


@pytest.mark.parametrize("check", ["waste-near-reservoir", "fire-lane-blocked"])
def test_public_things_keep_their_place(dossiers: Mapping[str, Dossier], check: str) -> None:
    one, copy = dossiers[check], share(dossiers[check])
    assert copy.subject == one.subject
    assert copy.line == one.line
    assert "grid_m" not in copy.finding
    assert copy.finding["subject_name"] == one.finding["subject_name"]
    assert copy.finding["rule_text"] == one.finding["rule_text"]


def test_points_of_one_cell_become_one_point() -> None:
    first, second = (
        snap(shapely.Point(109.31198, 27.60926)),
        snap(shapely.Point(109.31199, 27.60927)),
    )
    assert first == second
    away = geodesic_distance([109.31198], [27.60926], [first.x], [first.y])[0]
    assert 0 < away <= 142
    assert snap(shapely.Point(109.35, 27.60926)) != first


def test_of_a_name_only_the_first_sign_remains() -> None:
    assert mask_name("张三丰烟酒店") == "张***"
    assert mask_name("") == ""


def test_redacted_pictures_go_along(dossiers: Mapping[str, Dossier]) -> None:
    one = dossiers["waste-near-reservoir"]
    assert one.pictures
    assert share(one, pictures=one.pictures[:1]).pictures == tuple(one.pictures[:1])


@pytest.mark.parametrize("grid", [0, -5, float("nan"), float("inf")])
def test_a_grid_that_hides_nothing_is_refused(dossiers: Mapping[str, Dossier], grid: float) -> None:
    with pytest.raises(YichaError, match="grid"):
        share(dossiers["tobacco-near-school"], grid_m=grid)
