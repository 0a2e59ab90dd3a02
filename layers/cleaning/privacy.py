"""Personal data at the door: which columns hold it, and what is left of it.

The duty is purpose and minimum (个人信息保护法 arts. 6, 19): telephone, identity number, e-mail
and names of natural persons are dropped or masked before anything is kept. A column is found
by the words of its header and, whatever it is called, by the look of its values.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Literal

import pandas as pd
from stdnum.cn import ric

from layers.cleaning.text import clean_text, normalise_header

Policy = Literal["drop", "mask"]
POLICIES: tuple[Policy, ...] = ("drop", "mask")
KINDS: Mapping[str, tuple[str, str]] = {
    "phone": ("电话", "telephone"),
    "identity": ("证件号码", "identity number"),
    "email": ("电子邮箱或即时通信账号", "e-mail or messenger account"),
    "person": ("自然人姓名", "name of a natural person"),
    "private": ("个人情况", "personal circumstances"),
}

_HEADERS: Mapping[str, re.Pattern[str]] = {
    "phone": re.compile(r"电话|手机|联系方式|传真|座机|固话|^tel(no|number)?\d*$|telephone|phone|mobile|^fax|dianhua|shouji"),
    "identity": re.compile(r"身份证|证件号|证件号码|公民身份|护照|idcard|identity(no|number|card)|passport|^ssn$|shenfenzheng|sfzh"),
    "email": re.compile(r"邮箱|电子邮件|电邮|e?mail(?!ing)|微信|wechat|^qq|youxiang"),
    "person": re.compile(
        r"法定代表人|法人代表|法人姓名|^法人$|负责人|经营者(?!名称|类型|字号)|业主|联系人|投资人|股东|合伙人|户主"
        r"|姓名|填表人|制表人|经办人|申请人|校长|园长|legal(person|rep|name)|owner|contact(name|person)?$"
        r"|principal|proprietor|licenseename|licenceename|fading|faren$|fuzeren|xingming"
    ),
    "private": re.compile(r"出生|性别|民族|籍贯|学历|家庭住址|户籍|政治面貌|婚姻|birth|gender|^sex$|ethnic|religion"),
}  # fmt: skip
_NOT_PERSONAL = re.compile(
    r"(名称|单位|机构|类型|种类|性质|数量|人数|ownership(type)?|type)$|邮政编码"
)

MOBILE = re.compile(
    r"(?<![\dA-Za-z*])(?:\+?86[- ]?)?(1[3-9]\d)[- ]?(\d{4})[- ]?(\d{4})(?![\dA-Za-z])"
)
LANDLINE = re.compile(r"(?<![\dA-Za-z])(0\d{2,3})[- ](\d{7,8})(?!\d)")
IDENTITY = re.compile(
    r"(?<![\dA-Za-z])([1-8]\d{5})((?:18|19|20)\d{2}(?:0[1-9]|1[0-2])(?:[0-2]\d|3[01])\d{3}[\dXx])(?![\dA-Za-z])"
)
_MAIL = r"A-Za-z0-9._+\-"
EMAIL = re.compile(
    rf"(?<![{_MAIL}])([{_MAIL}])[{_MAIL}]{{0,63}}(@[A-Za-z0-9-]{{1,63}}(?:\.[A-Za-z0-9-]{{1,63}}){{1,4}})"
)
_SURNAMES = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁"
    "任沈姚卢姜崔钟谭陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤"
)
_PERSON = re.compile(rf"^(?:[{_SURNAMES}][\u4e00-\u9fff]{{1,2}}|欧阳[\u4e00-\u9fff]{{1,2}})$")
_VALUE_TESTS: Mapping[str, re.Pattern[str]] = {
    "phone": re.compile(rf"^(?:{MOBILE.pattern}|\(?0\d{{2,3}}\)?[- ]?\d{{7,8}}|1[3-9]\d{{9}}\.0)(?:[;,/、 ].*)?$"),
    "email": re.compile(rf"^{EMAIL.pattern}$"),
    "person": _PERSON,
}  # fmt: skip
_SHARE = {"phone": 0.5, "email": 0.5, "identity": 0.5, "person": 0.8}
_SAMPLE, _PERSONS_AT_LEAST = 2000, 5


def personal_columns(frame: pd.DataFrame) -> dict[str, str]:
    """The columns of a raw table that hold personal data: header → kind (a key of `KINDS`)."""
    found: dict[str, str] = {}
    for header in frame.columns:
        kind = kind_by_header(str(header)) or kind_by_values(frame[header])
        if kind is not None:
            found[str(header)] = kind
    return found


def kind_by_header(header: str) -> str | None:
    """The kind of personal data a header announces, or `None`."""
    plain = normalise_header(header)
    if _NOT_PERSONAL.search(plain):
        return None
    return next((kind for kind, words in _HEADERS.items() if words.search(plain)), None)


def kind_by_values(column: pd.Series) -> str | None:
    """The kind of personal data the values look like, whatever the column is called."""
    values = clean_text(column.dropna().head(_SAMPLE)).dropna().astype(str)
    if values.empty:
        return None
    if values.map(is_identity_number).mean() >= _SHARE["identity"]:
        return "identity"
    for kind, pattern in _VALUE_TESTS.items():
        if values.str.match(pattern).mean() >= _SHARE[kind]:
            if kind == "person" and not _looks_like_people(values):
                continue
            return kind
    return None


def is_identity_number(text: str) -> bool:
    """Whether a text is an identity number of 18 characters with birth date and check digit."""
    plain = text.strip("'").upper()
    return bool(IDENTITY.fullmatch(plain)) and ric.calc_check_digit(plain) == plain[-1]


def _looks_like_people(values: pd.Series) -> bool:
    """Names of people differ from row to row; names of districts repeat."""
    return len(values) >= _PERSONS_AT_LEAST and values.nunique() / len(values) > 0.5


def mask(text: str, kind: str) -> str:
    """One personal value with its middle hidden; what cannot be shown in part is all hidden.

    >>> mask("13800138000", "phone"), mask("王小明", "person")
    ('138****8000', '王**')
    """
    inside = mask_text(text)
    if inside != text:
        return inside
    if kind == "person":
        return text[:1] + "*" * max(1, len(text) - 1)
    return "*" * len(text)


def mask_column(column: pd.Series, kind: str) -> pd.Series:
    """Every value of a personal column masked; missing stays missing."""
    return _map(clean_text(column), lambda text: mask(text, kind))


def mask_text(text: str) -> str:
    """A free text with telephone, identity numbers and e-mail addresses inside it masked."""
    hidden = IDENTITY.sub(lambda m: m[1] + "*" * len(m[2]), text)
    hidden = MOBILE.sub(lambda m: f"{m[1]}****{m[3]}", hidden)
    hidden = LANDLINE.sub(lambda m: f"{m[1]}-{'*' * len(m[2])}", hidden)
    return EMAIL.sub(lambda m: f"{m[1]}***{m[2]}", hidden)


def mask_texts(column: pd.Series) -> tuple[pd.Series, int]:
    """A column of free texts with personal numbers masked, and in how many rows one was found."""
    masked = _map(column, mask_text)
    return masked, int((masked.notna() & (masked != column)).sum())


def _map(column: pd.Series, change: Callable[[str], str]) -> pd.Series:
    codes, distinct = pd.factorize(column, use_na_sentinel=True)
    changed = [change(str(text)) for text in distinct]
    answers = pd.Series([*changed, None], dtype=object).to_numpy(dtype=object)
    return pd.Series(answers[codes], index=column.index, dtype=object)
