"""Invented holders: their names on signs and in books, their codes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from random import Random

from demo.licences import COUNTY_CODE, credit_code

_SIGNS = (
    "溪禾麦稻桐榆杉楠柏檀汀洲渚浦湖泽涧岚崖陌阡畦圃叶蕊蕾芷芸苇蒲菱蓼薇葵萱苓藤萝鹭雁鸥鹤鸢雀莺燕蝉鹿驼羽翎桨帆舟"
    "楫棹篷笛箫琴瑟弦筝磬墨砚笺简帛绢绸棉麻霁霖虹霞曦晖暮晨曙朔盈澜汐淙潺沁漪渔樵耕牧织陶瓷漆纸伞灯烛扇枕席壶盏"
)
_STAFF = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨"
_GIVEN = "伟芳娜敏静丽强磊军洋勇艳杰涛明超霞平刚桂英"


@dataclass(frozen=True)
class Firm:
    """A holder: `brand` is what all its names share, `code` its credit code."""

    brand: str
    code: str

    def registered(self, trade: str, *, company: bool = False) -> str:
        """The name in the books: place, brand, trade, form."""
        return f"云溪县{self.brand}{trade}{'有限公司' if company else '店'}"


class Firms:
    """Firms, each made once; no two brands share two characters that follow each other."""

    def __init__(self, random: Random) -> None:
        self._random = random
        self._brands = _brands(random)

    def firm(self, kind: str = "92") -> Firm:
        """A new firm; `kind` begins its credit code (92 sole trader, 91 company, 52 school …)."""
        return Firm(next(self._brands), credit_code(self._random, kind))

    def person(self) -> str:
        """An invented name."""
        given = "".join(self._random.choice(_GIVEN) for _ in range(self._random.choice((1, 2))))
        return self._random.choice(_STAFF) + given

    def phone(self) -> str:
        """An invented number: no network has given out numbers that begin with 154."""
        return f"1540000{self._random.randrange(10**4):04d}"

    def number(self, digits: int) -> str:
        """The county's code and that many digits more."""
        return f"{COUNTY_CODE}{self._random.randrange(10**digits):0{digits}d}"


def _brands(random: Random) -> Iterator[str]:
    used: set[str] = set()
    while True:
        brand = "".join(random.sample(_SIGNS, 3))
        pairs = {brand[:2], brand[1:]}
        if not pairs & used:
            used |= pairs
            yield brand
