from __future__ import annotations

import pandas as pd
import pytest

from layers.cleaning.schools import is_gate_name, kind_from_words, school_kinds


@pytest.mark.parametrize(
    ("words", "kind"),
    [
        ("某某县第一小学", "primary"), ("教学点", "primary"), ("某大附小", "primary"), ("某某大学附属小学", "primary"),
        ("某某中学", "middle"), ("初级中学", "middle"), ("高级中学", "middle"), ("完全中学", "middle"), ("某某大学附属中学", "middle"),
        ("九年一贯制学校", "primary_middle"), ("十二年一贯制学校", "primary_middle"), ("某某中小学", "primary_middle"),
        ("特殊教育学校", "special"), ("培智学校", "special"), ("聋哑学校", "special"),
        ("职业中学", "vocational"), ("技工学校", "vocational"), ("中等专业学校", "vocational"),
        ("专门学校", "specialised"), ("工读学校", "specialised"), ("实验学校", "school"), ("某某外国语学校", "school"),
        ("幼儿园", "kindergarten"), ("某某幼儿园(托育中心)", "kindergarten"), ("某某幼儿园（中山路）", "kindergarten"),
        ("某某大学", "university"), ("职业技术学院", "university"), ("舞蹈学院", "university"), ("高等院校", "university"),
        ("培训学校", "training"), ("中小学生托管中心", "training"), ("某某驾校", "training"), ("县委党校", "training"), ("托儿所", "training"),
        ("某某小学(东门)", "gate"), ("某某小学-北门", "gate"), ("某某中学南门", "gate"), ("某某学校 正门", "gate"), ("某某小学2号门", "gate"),
        ("某某小学操场", "facility"), ("某某中学-3号楼", "facility"), ("某某中学家属院", "facility"), ("Northeast Athletic Field", "facility"),
        ("东门小学", "primary"), ("南门口幼儿园", "kindergarten"), ("Golden Gate", "unknown"), ("烟酒店", "unknown"), ("", "unknown"),
        ("ELEMENTARYMIDDLE", "primary_middle"), ("Elem/Mid/High", "primary_middle"), ("HIGH", "middle"), ("MIDDLEHIGH", "middle"),
        ("Elementary School", "primary"), ("Pre-K", "kindergarten"), ("Preschool", "kindergarten"), ("Vo-tech", "vocational"),
        ("Special Center", "special"), ("Tutoring", "training"), ("DISTRICT", "unknown"), ("CHARTER", "unknown"),
        ("科教文化服务;学校;幼儿园", "kindergarten"), ("科教文化服务;学校;学校内部设施", "facility"),
    ],
)  # fmt: skip
def test_kinds_from_words(words: str, kind: str) -> None:
    assert kind_from_words(words) == kind


def test_the_sources_own_words_come_first_and_names_narrow_them() -> None:
    names = pd.Series(
        ["某某学校", "某某小学", "向阳", "某某大学附属小学", "某某小学(东门)", "某某培训学校"]
    )
    words = pd.Series(["九年一贯制", "学校", None, None, "小学", None])
    coded = pd.Series([None, None, "middle", "university", "primary", "school"], dtype=object)
    assert school_kinds(names, words, coded).tolist() == [
        "primary_middle", "primary", "middle", "primary", "gate", "training",
    ]  # fmt: skip


def test_without_words_and_codes_names_decide_alone() -> None:
    assert school_kinds(pd.Series(["向阳小学", None])).tolist() == ["primary", "unknown"]


def test_gates_by_name() -> None:
    names = pd.Series(["某某小学(东门)", "东门小学", None, "某某中学北门"])
    assert is_gate_name(names).tolist() == [True, False, False, True]


def test_a_very_long_name_costs_no_time() -> None:
    assert kind_from_words("小学" * 50_000) in {"primary", "primary_middle"}
