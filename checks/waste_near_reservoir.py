"""Piled waste near reservoirs: zones drawn by the authority first, else the distance to the shore."""

from __future__ import annotations

from collections.abc import Iterator

from checks import (
    WASTE_BASES,
    Check,
    Document,
    Finding,
    Limit,
    Limits,
    Rule,
    Text,
    Undecided,
    look_near_reservoirs,
)
from layers import LayerSet

_LAND_CRIME = Document(
    title="最高人民法院关于审理破坏土地资源刑事案件具体应用法律若干问题的解释",
    number="法释〔2000〕14号", url="LRB", retrieved="2025-04-19", verified=False,
)  # fmt: skip


def _line(limit: str, mu: float) -> Rule:
    """From how many mu on the loss of farmland counts as large; only ever a hint."""
    return Rule(
        id=f"national:waste-near-reservoir:{limit}:2000-06-22", check="waste-near-reservoir", school_class=limit,
        value=mu, unit="mu", comparator=">=", method="", origin="", in_force_from="2000-06-22",
        document=_LAND_CRIME, verified=False, article="3", national=True,
    )  # fmt: skip


CHECK = Check(
    id="waste-near-reservoir",
    title=Text("水库周边固体废物堆放", "Waste piled near reservoirs"),
    why=Text(
        "禁止向水库及其最高水位线以下的滩地、岸坡倾倒、堆放固体废物；饮用水水源保护区内另有限制；占用耕地、永久基本农田、生态保护红线的另有依据。"
        "先看官方划定的保护范围；范围以外只按到岸线的距离筛查，国家没有筛查距离。",
        "No solid waste is to be dumped in reservoirs or on banks below their highest water level; zones of drinking-water sources, farmland and "
        "red lines add to that. Zones drawn by the authority come first; elsewhere the distance to the shore only screens, and no national text sets one.",
    ),
    legal_basis=WASTE_BASES,
    needs=("waste_candidate", "water"),
    uses=("protection_zone", "land_parcel"),
    limits=(
        Limit("shore", unit="metres", title=Text("到水库岸线的筛查距离", "screening distance from the shore")),
        Limit("basic_farmland", (_line("basic_farmland", 5),), unit="mu",
              title=Text("永久基本农田刑事数量界线（提示）", "criminal line for basic farmland (a hint)")),
        Limit("farmland", (_line("farmland", 10),), unit="mu",
              title=Text("其他耕地刑事数量界线（提示）", "criminal line for other farmland (a hint)")),
    ),
    level="lead",
    verify=(
        Text("到现场查明是否固体废物、种类、来源和堆放人，拍照并采样", "see on site whether it is waste, what kind, whence and whose; photographs and samples"),
        Text("向水利、生态环境部门调取水库管理和保护范围、饮用水水源保护区的批复和矢量界线",
             "get the approved boundaries of the reservoir's ranges and of the drinking-water zones"),
        Text("测量堆放面积和体积，与影像轮廓对照", "measure area and volume and compare them with the outline"),
        Text("向自然资源部门查询地类、永久基本农田和生态保护红线，并查明种植条件是否毁坏",
             "ask natural resources for the class of land, basic farmland and red lines, and whether the ground is lost to crops"),
        Text("核对发现之日与现在适用的条文：2026年8月15日前后法律有变动", "compare the articles of then and now: the law changed on 15 August 2026"),
    ),
    pitfalls=(
        Text("影像候选的准确率在本地没有测量：积雪、水面反光、裸地、翻耕地、施工场地、大棚、采石场都可能像固体废物",
             "candidates from pictures, accuracy not measured here: snow, glint, bare or ploughed ground, building sites, greenhouses and quarries look alike"),
        Text("工具按距离画出的范围只是筛查，不是保护区；须以批复的界线为准", "a range drawn by distance is a screening, no zone: only approved boundaries count"),
        Text("地图上的岸线随水位变化，最高水位线可能远高于影像中的水边", "the shore on a map moves with the water; the highest water line may lie far above it"),
        Text("经批准的消纳场、砂石料场、水利工程料堆合法", "approved disposal sites, gravel yards and heaps of hydraulic works are lawful"),
        Text("影像日期以后可能已经清运", "it may have been cleared since the day of the picture"),
        Text("刑事数量界线只是提示：以鉴定的毁坏面积为准，不以堆放轮廓为准", "the criminal line is a hint: what counts is the ground found spoilt, not the outline of the heap"),
        Text("单张照片量出的面积可差15–40%，不能作为案件面积", "an area from a single photograph may be off by 15–40 % and is none for a case"),
    ),
    since="0.1.0",
)  # fmt: skip


def find(
    layers: LayerSet, limits: Limits, on_date: str, *, all_subjects: bool = False
) -> Iterator[Finding | Undecided]:
    """Every candidate near a reservoir, with the zone or the shore that decides."""
    return look_near_reservoirs(CHECK, layers, limits, on_date, all_subjects=all_subjects)
