"""Licences of the cast: what the tobacco bureau's register holds of every shop."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from demo.cast import TOBACCO
from demo.shops import KINDS, Shop

COUNTY_CODE = "990123"
"""Invented: no province has the number 99."""
_SIGNS = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_TERM = 5


@dataclass(frozen=True)
class Licence:
    """One row of the register, dates as ISO text (`valid_to` may be 长期)."""

    number: str
    credit_code: str
    name: str
    address: str
    first: str
    renewed: str
    valid_from: str
    valid_to: str
    state: str
    remark: str = ""


def licences_of(shops: list[Shop], random: Random) -> list[Licence]:
    """The register's rows: none for the unlicensed, two for some (the old licence and the new)."""
    rows: list[Licence] = []
    for shop in shops:
        if TOBACCO not in KINDS[shop.kind].checks or shop.door < 0:
            continue
        scenario = _scenario(shop, random)
        if scenario != "unlicensed":
            rows += _rows(shop, scenario, random)
    return rows


def _scenario(shop: Shop, random: Random) -> str:
    if shop.licence not in ("", "any"):
        return shop.licence
    likely = {"tobacco": 0.06, "convenience": 0.4, "supermarket": 0.35}[shop.kind]
    if random.random() < likely:
        return "unlicensed"
    common = ("issued_after_rule", "renewed_after_rule", "open_ended", "expired_but_trading")
    return random.choices(common, (0.4, 0.5, 0.04, 0.06))[0]


def _rows(shop: Shop, scenario: str, random: Random) -> list[Licence]:
    first, renewed, start, end, state = _TERMS[scenario](random)
    number, code = licence_number(random), credit_code(random)
    address = f"{shop.street}{shop.number}号"
    row = Licence(number, code, shop.name, address, first, renewed, start, end, state)
    village = shop.street.endswith(("村", "镇"))
    if scenario != "renewed_after_rule" or (random.random() < 0.6 and not village):
        return [row]
    before = Licence(licence_number(random), code, shop.name, address, first, "", first,
                     _end(renewed, years=0), "注销", "旧证，已换证")  # fmt: skip
    return [before, row]


def _day(random: Random, first: str, last: str) -> str:
    start, end = date.fromisoformat(first), date.fromisoformat(last)
    return (start + timedelta(days=random.randrange((end - start).days + 1))).isoformat()


def _end(start: str, years: int = _TERM) -> str:
    """The last day of a term that begins on `start`."""
    begin = date.fromisoformat(start)
    day = min(begin.day, 28)
    return (date(begin.year + years, begin.month, day) - timedelta(days=1)).isoformat()


_Term = tuple[str, str, str, str, str]


def _issued(random: Random, first: str = "2021-07-20", last: str = "2025-12-20") -> _Term:
    start = _day(random, first, last)
    return start, "", start, _end(start), "正常"


def _renewed(random: Random) -> _Term:
    first, renewed = (
        _day(random, "2012-03-01", "2018-12-20"),
        _day(random, "2021-08-01", "2025-11-20"),
    )
    return first, renewed, renewed, _end(renewed), "正常"


def _old_term(random: Random) -> _Term:
    """Renewed shortly before the rule, for a term that began when the one before ended."""
    first, renewed = (
        _day(random, "2011-07-10", "2016-08-20"),
        _day(random, "2021-04-20", "2021-05-28"),
    )
    start = _day(random, "2021-07-10", "2021-08-25")
    return first, renewed, start, _end(start), "正常"


def _expired(random: Random) -> _Term:
    start = _day(random, "2016-09-01", "2021-04-20")
    return start, "", start, _end(start), "正常"


def _ended(state: str) -> _Term:
    return "2019-05-16", "2022-04-20", "2022-05-16", "2027-05-15", state


def _before_school(random: Random) -> _Term:
    start = _day(random, "2021-07-20", "2023-05-20")
    return start, "", start, _end(start), "正常"


def _open_ended(random: Random) -> _Term:
    first = _day(random, "2009-03-01", "2015-12-20")
    return first, "", first, "长期", "正常"


_TERMS = {
    "issued_after_rule": _issued, "renewed_after_rule": _renewed, "within_old_term": _old_term,
    "expired_but_trading": _expired, "school_younger": _before_school, "gate_younger": _before_school,
    "not_trading": _issued, "open_ended": _open_ended,
    "cancelled": lambda _: _ended("注销"), "revoked": lambda _: _ended("吊销"),
    "closed": lambda _: _ended("歇业"),
}  # fmt: skip
LICENCE_CLASS = {
    "issued_after_rule": "issued_after_rule", "renewed_after_rule": "renewed_after_rule",
    "within_old_term": "within_old_term", "expired_but_trading": "expired_but_trading",
    "school_younger": "school_younger_than_licence", "gate_younger": "school_younger_than_licence",
    "unlicensed": "unlicensed", "cancelled": "cancelled_or_revoked_but_trading",
    "revoked": "cancelled_or_revoked_but_trading", "closed": "cancelled_or_revoked_but_trading",
    "not_trading": "not_trading",
}  # fmt: skip
"""The class of transition that each scenario was made to be."""


def licence_number(random: Random) -> str:
    """An invented licence number: the county's code and six digits."""
    return f"{COUNTY_CODE}{random.randrange(10**6):06d}"


def credit_code(random: Random, kind: str = "92") -> str:
    """An invented unified social credit code, its check character right (`92`: a sole trader)."""
    body = f"{kind}{COUNTY_CODE}MA" + "".join(random.choice(_SIGNS) for _ in range(7))
    total = sum(_SIGNS.index(sign) * pow(3, n, 31) for n, sign in enumerate(body))
    return body + _SIGNS[(31 - total % 31) % 31]
