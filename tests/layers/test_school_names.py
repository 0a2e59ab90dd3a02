"""Names tell kinds, gates and whether two schools are one; what they do not tell is not guessed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from layers.school_names import canonical, gate_role, kind_of_name, same_school, split_gate
from layers.themes import GATE_ROLES, SCHOOL_KINDS


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("云溪县第一小学", "primary"),
        ("县二小", "primary"),
        ("师大附小", "primary"),
        ("青石村教学点", "primary"),
        ("贵溪五中", "middle"),
        ("清华大学附属中学", "middle"),
        ("职业技术学院附属中学", "middle"),
        ("育才学校初中部", "middle"),
        ("云溪镇九年一贯制学校", "primary_middle"),
        ("大学城小学", "primary"),
        ("学院路幼儿园", "kindergarten"),
        ("实验小学附属幼儿园", "kindergarten"),
        ("某某中学附属小学", "primary"),
        ("师范大学附属实验学校", "school"),
        ("小学、初中", "primary_middle"),
        ("云溪幼儿园(托育中心)", "kindergarten"),
        ("县托儿所", "training"),
        ("县特殊教育学校", "special"),
        ("启智学校", "special"),
        ("市工读学校", "specialised"),
        ("云溪县职业高级中学", "vocational"),
        ("市卫校", "vocational"),
        ("云溪职业技术学院", "university"),
        ("清华大学", "university"),
        ("阳光培训学校", "training"),
        ("小太阳托育园", "training"),
        ("市老年大学", "training"),
        ("诗雅艺术学校", "unknown"),
        ("外国语学校", "school"),
        ("中关村中学分校", "middle"),
        ("Prescott School", "school"),
        ("Helmholtz-Gymnasium", "middle"),
        ("Kaisaniemen ala-aste", "primary"),
        ("Kruununhaan yläasteen koulu", "middle"),
        ("Waldkindergarten", "kindergarten"),
        ("便民超市", "unknown"),
        ("", "unknown"),
        (None, "unknown"),
    ],
)
def test_the_kind_a_name_tells(name: str | None, kind: str) -> None:
    assert kind_of_name(name) == kind


@pytest.mark.parametrize(
    ("name", "split"),
    [
        ("云溪小学(东门)", ("云溪小学", "东门")),
        ("云溪小学（正门）", ("云溪小学", "正门")),
        ("云溪小学东南门", ("云溪小学", "东南门")),
        ("云溪幼儿园-南门", ("云溪幼儿园", "南门")),
        ("市一中1号门", ("市一中", "1号门")),
        ("云溪小学(东2门)", ("云溪小学", "东2门")),
        ("云溪小学校门", ("云溪小学", "校门")),
        ("江门中学(出入口)", ("江门中学", "出入口")),
        ("云溪小学Ａ门", ("云溪小学", "A门")),
    ],
)
def test_a_gate_is_split_from_its_school(name: str, split: tuple[str, str]) -> None:
    assert split_gate(name) == split


@pytest.mark.parametrize(
    "name",
    ["荆门一中", "厦门", "天安门小学", "东门小学", "育才学校停车场(出入口)", "云溪小学南门店",
     "云溪公园(东门)", "云溪小学", None, ""],
)  # fmt: skip
def test_other_names_name_no_gate(name: str | None) -> None:
    assert split_gate(name) is None


@pytest.mark.parametrize(
    ("name", "role"),
    [("云溪小学(正门)", "main"), ("大门", "main"), ("Main Gate", "main"), ("后门", "back"),
     ("侧门", "side"), ("南门", "unknown"), (None, "unknown")],
)  # fmt: skip
def test_the_role_a_name_tells(name: str | None, role: str) -> None:
    assert gate_role(name) == role


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("清华附中", "清华大学附属中学"),
        ("贵溪五中", "贵溪市第五中学"),
        ("实验小学", "云溪县实验小学"),
        ("市 二 小", "市第2小学"),
        ("云溪小学（东校区）", "云溪小学东校区"),
    ],
)
def test_abbreviations_fit(one: str, other: str) -> None:
    assert same_school(one, other)
    assert same_school(other, one)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("中关村中学", "中关村中学分校"),
        ("第一小学", "第十一小学"),
        ("育才中学", "育才第二中学"),
        ("清华附小", "清华大学附属中学"),
        ("清华中学", "清华大学附属中学"),
        ("云溪小学(东校区)", "云溪小学(西校区)"),
        ("云溪幼儿园", "云溪小学"),
        ("", "云溪小学"),
    ],
)
def test_other_schools_do_not(one: str, other: str) -> None:
    assert not same_school(one, other)
    assert not same_school(other, one)


_NAMES = st.text(
    "云溪县市第一二三小中学校附属实验幼儿园东西南北门()（）大正0123 ａ-号", max_size=20
)


@given(_NAMES)
def test_any_text_gets_an_answer(name: str) -> None:
    assert kind_of_name(name) in SCHOOL_KINDS
    assert gate_role(name) in GATE_ROLES
    assert canonical(canonical(name)) == canonical(name)
    split = split_gate(name)
    assert split is None or (split[0] and split[1])


@given(_NAMES, _NAMES)
def test_being_one_school_is_mutual(one: str, other: str) -> None:
    assert same_school(one, other) == same_school(other, one)
