"""Articles on waste near water and on farmland, by what they are about and the days they are in force.

The Ecological Environment Code takes the place of the older laws on 2026-08-15. Its articles are
named here after a collection of laws and were not compared word for word: printed as unverified.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from checks._records import LegalBasis
from checks._text import Text

CODE_DAY = "2026-08-15"
LAST_DAY = "2026-08-14"
_WASTE = Text("中华人民共和国固体废物污染环境防治法", "Solid Waste Law")
_WATER = Text("中华人民共和国水污染防治法", "Water Pollution Law")
_CODE = Text("中华人民共和国生态环境法典", "Ecological Environment Code")
_LAND = Text("中华人民共和国土地管理法", "Land Administration Law")


def _code(article: str, zh: str, en: str) -> LegalBasis:
    return LegalBasis(_CODE, article, CODE_DAY, source="JL", verified=False, says=Text(zh, en))


BASES: Mapping[str, tuple[LegalBasis, ...]] = {
    "waste": (
        LegalBasis(_WASTE, "20(1), 102(7)", "2020-09-01", LAST_DAY, source="JL", verified=True,
                   says=Text("不得擅自倾倒、堆放、丢弃、遗撒固体废物；工业固体废物的，处所需处置费用一倍以上三倍以下罚款",
                             "no dumping, piling or scattering of solid waste; for industrial waste a fine of one to three times the cost of disposal")),
        _code("475, 1169", "不得擅自倾倒、堆放固体废物；由各部门按职责分工处罚，适用前须核对条文",
              "no dumping or piling of solid waste; fined by each authority in its field; compare the text before use"),
    ),
    "bank": (
        LegalBasis(_WASTE, "20(2)", "2020-09-01", LAST_DAY, source="JL", verified=True,
                   says=Text("禁止向江河、湖泊、运河、渠道、水库及其最高水位线以下的滩地和岸坡倾倒、堆放、贮存固体废物",
                             "no solid waste in rivers, lakes, canals and reservoirs, nor on shoals and banks below their highest water level")),
        LegalBasis(_WATER, "37, 38, 85", "2018-01-01", LAST_DAY, source="JL", verified=False,
                   says=Text("禁止在水体最高水位线以下的滩地和岸坡堆放、存贮固体废弃物和其他污染物",
                             "no solid waste or other pollutants on shoals and banks below the highest water level")),
        _code("164(2), 1136(5)", "最高水位线以下的滩地和岸坡不得堆放固体废物，适用前须核对条文",
              "no solid waste on shoals and banks below the highest water level; compare the text before use"),
    ),
    "zone_1": (
        LegalBasis(_WATER, "65, 91", "2018-01-01", LAST_DAY, source="JL", verified=False,
                   says=Text("一级保护区内禁止与供水设施和保护水源无关的建设项目和可能污染水体的活动",
                             "in the first-class zone nothing unrelated to supply, and no activity that may pollute the water")),
        _code("317–323, 1145", "饮用水水源一级保护区的禁止事项，适用前须核对条文",
              "what is forbidden in the first-class zone; compare the text before use"),
    ),
    "zone_2": (
        LegalBasis(_WATER, "66, 91", "2018-01-01", LAST_DAY, source="JL", verified=False,
                   says=Text("二级保护区内禁止排放污染物的建设项目", "no polluting project in the second-class zone")),
        _code("317–323, 1145", "饮用水水源二级保护区的禁止事项，适用前须核对条文",
              "what is forbidden in the second-class zone; compare the text before use"),
    ),
    "zone_quasi": (
        LegalBasis(_WATER, "67", "2018-01-01", LAST_DAY, source="JL", verified=False,
                   says=Text("准保护区内禁止对水体污染严重的建设项目", "no heavily polluting project in the outer zone")),
        _code("317–323", "饮用水水源准保护区的禁止事项，适用前须核对条文",
              "what is forbidden in the outer zone; compare the text before use"),
    ),
    "water_zone": (
        LegalBasis(Text("水库大坝安全管理条例", "Regulations on Dam Safety"), "13, 17, 29", "2018-03-19", source="LRB",
                   verified=False, says=Text("大坝管理和保护范围内的禁止行为；坝体上不得堆放杂物",
                                             "what is forbidden within the ranges of a dam; nothing is piled on it")),
    ),
    "red_line": (
        LegalBasis(_WASTE, "21, 102(4)", "2020-09-01", LAST_DAY, source="JL", verified=True,
                   says=Text("生态保护红线区域、永久基本农田集中区域内禁止建设工业固体废物、危险废物集中贮存、利用、处置的设施、场所和生活垃圾填埋场",
                             "no sites for storing or disposing of industrial, dangerous or household waste within red lines and areas of basic farmland")),
        _code("481, 1171", "生态保护红线、永久基本农田内的禁止事项（增加建筑垃圾），适用前须核对条文",
              "what is forbidden within red lines and basic farmland (building waste too); compare the text before use"),
    ),
    "farmland": (
        LegalBasis(_LAND, "37, 75, 77", "2020-01-01", source="JL", verified=False,
                   says=Text("禁止破坏耕地；未经批准占用土地、破坏种植条件的处理",
                             "farmland is not to be spoilt; occupying it without leave and spoiling it for crops")),
    ),
    "criminal": (
        LegalBasis(Text("最高人民法院关于审理破坏土地资源刑事案件具体应用法律若干问题的解释",
                        "Supreme Court interpretation on crimes against land"), "3", "2000-06-22",
                   number="法释〔2000〕14号", source="LRB", verified=False,
                   says=Text("占用并造成耕地大量毁坏的数量界线：基本农田五亩以上，其他耕地十亩以上",
                             "from where on the loss of farmland counts as large: 5 mu of basic, 10 mu of other farmland")),
    ),
}  # fmt: skip
"""By topic: waste as such, below the highest water level, each class of zone, each class of land."""
BASES_ALL = tuple(dict.fromkeys(basis for bases in BASES.values() for basis in bases))


def in_force(topics: Iterable[str], seen: str | None, on_date: str) -> list[dict[str, Any]]:
    """The articles of the topics in force on the day the place was `seen` or on `on_date`.

    Conduct that went on over a change of law is held against both texts: `on` says which days.
    """
    days = {"seen": seen, "judged": on_date} if seen else {"judged": on_date}
    told = []
    for topic in topics:
        for basis in BASES[topic]:
            on = [name for name, day in days.items() if basis.in_force(str(day))]
            if on:
                told.append({
                    "topic": topic, "title": basis.title.as_dict(), "article": basis.article,
                    "number": basis.number, "says": basis.says.as_dict(), "on": on,
                    "verified": basis.verified, "effective_from": basis.effective_from,
                    "effective_to": basis.effective_to,
                })  # fmt: skip
    return told
