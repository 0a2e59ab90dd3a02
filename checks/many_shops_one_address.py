"""Many caterers behind one door: one finding per door, with every shop that is listed there."""

from __future__ import annotations

from collections.abc import Iterator

from checks import (
    Check,
    Doors,
    Finding,
    LegalBasis,
    Limit,
    Limits,
    Text,
    Undecided,
    count_at_doors,
    words,
)
from layers import LayerSet

FOOD_LAW = Text("中华人民共和国食品安全法", "Food Safety Law")
LIMIT = "shops_at_door"
CHECK = Check(
    id="many-shops-one-address",
    title=Text("一址多店", "Many shops at one address"),
    why=Text(
        "同一门牌、楼层、房号下有多家餐饮店，常见于借用地址、一证多店或不具备加工条件的“幽灵外卖”。国家没有规定数量，数量由地方确定；没有地方规定时只报数，不作结论。",
        "Many caterers behind one number, floor and unit often share one licence or kitchen, or are not there at all. No national text sets a "
        "number: without a local rule the count is given and no verdict.",
    ),
    legal_basis=(
        LegalBasis(FOOD_LAW, "35, 122", "2015-10-01", source="JL", verified=True,
                   says=Text("每一经营场所的餐饮服务应当依法取得许可；无许可经营的处罚",
                             "catering needs a licence for its premises; penalties without")),
        LegalBasis(FOOD_LAW, "61–62", "2015-10-01", source="JL", verified=True,
                   says=Text("集中交易市场开办者、网络食品交易平台应当审查经营者的许可证",
                             "markets and platforms must check the licences of those who trade there")),
        LegalBasis(Text("网络餐饮服务食品安全监督管理办法", "Measures on On-line Catering"), "4", "2018-01-01",
                   number="食品药品监管总局令第36号", source="mem", verified=False,
                   says=Text("入网餐饮服务提供者应当具有实体经营门店并依法取得食品经营许可证，按许可证载明的项目经营",
                             "caterers on line must have real premises and a licence, and keep to its items")),
    ),
    needs=("caterer",),
    uses=("food_licence",),
    limits=(Limit(LIMIT, unit="count", title=Text("同一门址的店数", "shops at one door")),),
    level="lead",
    verify=(
        Text("到该门址逐店核对：是否实际经营、各有无独立加工场所和许可证", "go to the door: who really trades there, with what kitchen and licence"),
        Text("核对平台公示的许可证编号，看是否多店共用一证", "compare the licence numbers shown on the platforms: is one shared?"),
        Text("向市场监督管理部门调取该地址的全部许可档案", "ask market supervision for every licence at the address"),
    ),
    pitfalls=(
        Text("美食城、共享厨房、农贸市场内多户共用门牌属正常，词表 data/words/food-courts.toml 可增补",
             "food courts, shared kitchens and markets share a number; the list data/words/food-courts.toml may be extended"),
        Text("地址只写到门牌、未写楼层和房号的，可能是整栋楼", "an address without floor and unit may be a whole building"),
        Text("同一家店在多个平台以相近名称上架，按名称合并计数，改了店名的会多计",
             "one shop on several platforms is counted once by its name; a changed name counts twice"),
        Text("同一经营者的多个品牌共用一个厨房，在取得相应许可时合法", "several brands of one trader in one licensed kitchen are lawful"),
        Text("旧店已停业而平台未下架", "a closed shop may still be listed"),
    ),
    since="0.1.0",
)  # fmt: skip


def find(
    layers: LayerSet, limits: Limits, on_date: str, *, all_subjects: bool = False
) -> Iterator[Finding | Undecided]:
    """Every door with more than one shop, measured against the local number where there is one."""
    doors = Doors(LIMIT, courts=words("food-courts", "place"))
    return count_at_doors(CHECK, doors, layers, limits, on_date, all_subjects=all_subjects)
