"""Kinds of school from words and type codes, as 未成年人保护法 art. 130(2) groups them.

A school there is an ordinary primary or middle school, a special, a secondary vocational or a
specialised school (专门学校); kindergartens are named beside them. Universities, training
centres and nurseries are not meant. A source that only says "school" gives `school`.
"""

from __future__ import annotations

import re
from collections.abc import Callable

import pandas as pd

from layers.cleaning.text import clean_text
from layers.school_names import kind_of_name

TEACHING = frozenset(
    {"primary", "middle", "primary_middle", "special", "vocational", "specialised", "school", "kindergarten"}
)  # fmt: skip
"""Kinds that count as a school or kindergarten; `university` and `training` do not."""

_DOOR = (
    r"(?:校门|大门|正门|侧门|后门|前门|边门|偏门|[东南西北中]{1,2}\d?门|\d+号门|出入口|入口|出口)"
)
_GATE = re.compile(
    rf"[(\[【·\-—\s][^()]{{0,6}}{_DOOR}[)\]】]?$"
    rf"|(?:学校|小学|中学|学院|幼儿园|校区){_DOOR}$"
    r"|\b(?:main|north|south|east|west|side|back|front|no\.? ?\d+) gate[)\]]?$",
    re.IGNORECASE,
)
_FACILITY = re.compile(
    r"(?:操场|运动场|体育馆|体育场|游泳馆|食堂|餐厅|宿舍楼?|公寓|停车场|图书馆|教学楼|实验楼|办公楼|综合楼|报告厅|礼堂"
    r"|家属院|家属楼|家属区|小区|门卫室?|传达室|卫生间|厕所|医务室|超市|公交站|地铁站|充电站|教育基地|内部设施)[)\]]?$"
    r"|-[A-Z]?\d{1,2}号?[楼栋]$"
    r"|\b(?:athletic (?:field|facility|facilities|center|complex)|stadium|playground|ball ?field|gymnasium"
    r"|field house|recreation (?:center|field))\b",
    re.IGNORECASE,
)
_SURELY = re.compile(r"(?:小学|中学|附小|附中|幼儿园|幼稚园)(?:[(\[【].*)?$")
"""A name that ends so is that of a school, whatever else it mentions (托育, 大学, 培训)."""

_KINDERGARTEN = r"kindergarten|pre-?k\b|pre-?school|nursery school"
_WORDS: tuple[tuple[str, str], ...] = (
    ("primary_middle", r"九年一贯|九年制|十二年一贯|十二年制|一贯制|elem\w*[/ ]*mid\w*|k-?8\b|k-?12\b"),
    ("primary_middle", r"中小学|小学.*(?:初中|高中|中学)|(?:初中|高中|中学).*(?:小学|附小)"),
    ("kindergarten", rf"幼儿园|幼稚园|学前班|^(?:{_KINDERGARTEN})$"),
    ("special", r"特殊教育|特教|聋|盲人?学校|盲校|培智|启智|启聪|启音|special (?:school|center|education)|therapeutic"),
    ("specialised", r"专门学校|工读|专门教育"),
    ("university", r"高等院校|职业技术学院|职业学院|职业技术大学|高等专科|高等职业|高职"),
    ("vocational", r"职业|技工|技师|中专|职中|职高|技校|卫校|中等专业|护士学校|vo-?tech|vocational"),
    ("primary", r"小学|附小|教学点|primary|^elem\w*(?: school)?$|elementary"),
    ("middle", r"中学|初中|高中|附中|完中|中等学校|middle|high ?school|^high$|junior|senior|secondary"),
    ("university", r"大学|学院|university|^college"),
    ("kindergarten", _KINDERGARTEN),
    ("school", r"学校|书院|schools?\b|academy|^ungraded$"),
)  # fmt: skip
_TRAINING = (
    r"培训|补习|辅导|托管|早教|托育|托儿所|亲子|少年宫|活动中心|驾校|驾驶|成人教育|老年大学|党校|干部学校|网校|琴行|画室"
    r"|tutoring|kumon|mathnasium|sylvan learning|adult education|driving school|child ?care|day ?care"
)
_RULES = tuple(
    (kind, re.compile(words, re.IGNORECASE)) for kind, words in (("training", _TRAINING), *_WORDS)
)
_SURE_RULES = _RULES[1:]
_CHINESE = re.compile("[\u4e00-\u9fff]")
_LONGEST = 200  # characters of a name that are read
_VAGUE = ("unknown", "school")


def kind_from_words(text: str | None) -> str:
    """The kind a name or a type in words tells; `unknown` when it tells none.

    `facility` is a building or ground of a school, `gate` one of its gates: no school.

    >>> kind_from_words("某某大学附属中学"), kind_from_words("某某小学(东门)")
    ('middle', 'gate')
    """
    if not text:
        return "unknown"
    text = text[:_LONGEST]
    if _GATE.search(text):
        return "gate"
    if _FACILITY.search(text):
        return "facility"
    if _CHINESE.search(text) and (kind := kind_of_name(text)) != "unknown":
        return kind
    rules = _SURE_RULES if _SURELY.search(text) else _RULES
    return next((kind for kind, words in rules if words.search(text)), "unknown")


def is_gate_name(names: pd.Series) -> pd.Series:
    """Which names are those of a gate ("某某小学(东门)"); missing is `False`."""
    return clean_text(names).map(lambda name: bool(name and _GATE.search(name))).astype(bool)


def is_school_name(names: pd.Series) -> pd.Series:
    """Which names are surely those of a school, whatever else they mention; missing is `False`."""
    return clean_text(names).str.contains(_SURELY, na=False).astype(bool)


def school_kinds(
    names: pd.Series, words: pd.Series | None = None, coded: pd.Series | None = None
) -> pd.Series:
    """The kind of every row: the source's own words first, then its type code, then the name.

    `coded` holds the kind that each row's type code stands for (`unknown` or missing: none).
    `school` and `unknown` are narrowed by what comes later. Two things only the name can tell:
    gates and facilities of a school, and that something filed under university or training is
    a school ("某某大学附属小学"). Result: a value of `SCHOOL_KINDS`, `gate` or `facility`; same index.
    """
    by_name = _distinct(names, kind_from_words)
    kinds = pd.Series("unknown", index=names.index, dtype=object)
    told_by_code = None if coded is None else coded.fillna("unknown")
    for told in (_distinct(words, kind_from_words), told_by_code, by_name):
        if told is not None:
            kinds = kinds.mask(kinds.isin(_VAGUE) & (told != "unknown"), told)
    if by_name is None:
        return kinds
    kinds = kinds.mask(by_name.isin(["gate", "facility"]), by_name)
    return kinds.mask(kinds.isin(["university", "training"]) & is_school_name(names), by_name)


def _distinct(column: pd.Series | None, read: Callable[[str], str]) -> pd.Series | None:
    """`read` applied once to every distinct text; missing reads as `unknown`."""
    if column is None:
        return None
    codes, distinct = pd.factorize(clean_text(column), use_na_sentinel=True)
    answers = pd.Series([*(read(str(text)) for text in distinct), "unknown"], dtype=object)
    return pd.Series(answers.to_numpy(dtype=object)[codes], index=column.index, dtype=object)
