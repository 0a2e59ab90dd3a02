"""Caterers against the food licences: none, ended, not theirs, not for catering."""

from __future__ import annotations

from collections.abc import Iterator

from checks import (
    Check,
    Exempt,
    Fault,
    Finding,
    Frame,
    LegalBasis,
    Licensing,
    Limits,
    Links,
    Mask,
    Register,
    Text,
    Undecided,
    any_has_word,
    look_in_registers,
    words,
)
from layers import LayerSet

FOOD_LAW = Text("中华人民共和国食品安全法", "Food Safety Law")
CHECK = Check(
    id="caterer-licence",
    title=Text("餐饮单位食品经营许可", "Food licences of caterers"),
    why=Text(
        "餐饮服务须取得食品经营许可；网络平台应当审查入网商户的许可证。本项逐户与许可登记册比对：查无许可、过期、注销、吊销、证照不符（名称、地址、主体业态）、一证多用。",
        "Catering needs a food licence, and platforms must check those of their traders. Every caterer is laid beside the register: no "
        "licence, ended, other name, address or form of business, one licence shown by several.",
    ),
    legal_basis=(
        LegalBasis(FOOD_LAW, "35", "2015-10-01", source="JL", verified=True,
                   says=Text("从事食品销售、餐饮服务应当依法取得许可；仅销售预包装食品的应当备案",
                             "selling food and catering need a licence; packed food alone a filing")),
        LegalBasis(FOOD_LAW, "61–62", "2015-10-01", source="JL", verified=True,
                   says=Text("集中交易市场开办者、网络食品交易平台应当审查经营者的许可证",
                             "markets and platforms must check the licences of those who trade there")),
        LegalBasis(FOOD_LAW, "122, 131", "2015-10-01", source="JL", verified=True,
                   says=Text("未取得许可从事食品经营的处罚；平台未审查许可证的处罚",
                             "penalties for trading without a licence, and for platforms that do not check")),
        LegalBasis(Text("食品经营许可和备案管理办法", "Measures on Food Business Licences and Filings"), "—",
                   "2023-12-01", number="市场监管总局令第78号", source="mem", verified=False,
                   says=Text("许可证载明经营者名称、经营场所、主体业态、经营项目和有效期，变更的应当申请变更",
                             "the licence names trader, premises, form and items of business and its term; changes are applied for")),
    ),
    needs=("caterer", "food_licence"),
    limits=(),
    level="lead",
    verify=(
        Text("到店查看食品经营许可证原件：编号、经营者名称、经营场所、主体业态、经营项目、有效期",
             "see the licence in the shop: number, trader, premises, form and items of business, term"),
        Text("在平台页面查看公示的许可证和门店地址并截图固定，与线下门店核对",
             "look at the licence and the address the platform shows, keep a picture, compare with the shop"),
        Text("向市场监督管理部门调取许可档案和注销、吊销、变更记录",
             "ask market supervision for the file and for what was cancelled, revoked or changed"),
    ),
    pitfalls=(
        Text("美食城、共享厨房、食堂档口可由各户分别持证，也可由开办者统一持证，先看集中经营的形式",
             "counters of food courts, shared kitchens and canteens may hold licences of their own or trade "
             "under the operator's: see which first"),
        Text("连锁门店每店一证：总公司的证不能代替门店的证，同一信用代码下会有多张证",
             "every branch of a chain needs its own licence; one credit code then has several"),
        Text("店招、平台店名与登记名称不同很常见，名称不一致须看证号和地址",
             "signs and platform names often differ from the registered name: look at number and address"),
        Text("仅销售预包装食品的只需备案；小餐饮、小摊贩依地方条例登记，可能不在本登记册",
             "packed food alone needs a filing; small eateries and stalls are registered under local rules, "
             "perhaps in another register"),
        Text("登记册导出日之后新发、延续的许可不在册", "licences issued or renewed after the export are not in it"),
        Text("平台上的店可能已停业，或一店多个平台店名", "a listing may have closed, and one shop may have several names"),
    ),
    since="0.1.0",
)  # fmt: skip


def _for_catering(links: Links) -> Mask:
    """The licence states forms or items of business, and none of them is catering."""
    told = links.register[["business_form", "business_items"]]
    cooked = any_has_word(told, told.columns, words("food", "cooked"), words("food", "packed"))
    return told.notna().any(axis=1).to_numpy(bool) & ~cooked


def _packed_only(frame: Frame) -> Mask:
    return any_has_word(frame, ("category", "business_scope"), words("food", "packed"))


FORM = Fault(
    "mismatch",
    Text("许可的主体业态和经营项目不含餐饮服务", "the licence covers no catering"),
    _for_catering,
)
PACKED = Exempt(
    Text("仅销售预包装食品：备案即可，无需许可", "sells packed food only: a filing is enough"),
    _packed_only,
)
CATERERS = Licensing(
    themes=("caterer",),
    registers=(
        Register("food_licence", Text("食品经营许可证", "food licence"), faults=(FORM,),
                 told=("business_form", "business_items")),
    ),
    exempt=(PACKED,),
)  # fmt: skip


def find(
    layers: LayerSet,
    limits: Limits,  # noqa: ARG001 - no number is set
    on_date: str,
    *,
    all_subjects: bool = False,
) -> Iterator[Finding | Undecided]:
    """Every caterer whose licence is not in order, with the row of the register and why."""
    return look_in_registers(CHECK, CATERERS, layers, on_date, all_subjects=all_subjects)
