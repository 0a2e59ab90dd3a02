"""Lodging on offer against the business register and the permits of the trade; e-sports rooms."""

from __future__ import annotations

from collections.abc import Iterator

from checks import (
    Check,
    Finding,
    Frame,
    LegalBasis,
    Licensing,
    Limits,
    Mask,
    Note,
    Register,
    Text,
    Undecided,
    any_has_word,
    look_in_registers,
    nearest_school,
    words,
)
from layers import LayerSet

CHECK = Check(
    id="unregistered-lodging",
    title=Text("未登记的网约房、旅馆和电竞房", "Lodging and e-sports rooms in no register"),
    why=Text(
        "旅馆业应当办理市场主体登记并取得特种行业许可，网约房依地方规定备案。本项把平台房源和旅馆与市场主体登记、特种行业许可和网约房备案逐一比对；"
        "电竞酒店、电竞房另行标出，并给出与最近学校、幼儿园的直线距离。",
        "Lodging must be registered as a business and hold the permit of the trade; rooms let on line are filed under local rules. "
        "Listings and hotels are laid beside both registers; e-sports rooms are marked, with the straight line to the nearest school.",
    ),
    legal_basis=(
        LegalBasis(
            Text("旅馆业治安管理办法", "Measures on the Public Security of Hotels"), "4, 6", "1987-11-10",
            source="LRB", verified=True,
            says=Text("开办旅馆须经公安机关许可并办理登记；接待旅客必须登记",
                      "opening a hotel needs the permission of the police and registration; guests are registered"),
        ),
        LegalBasis(
            Text("中华人民共和国治安管理处罚法", "Law on Penalties for Public Security"), "67", "2026-01-01",
            source="JL", verified=True,
            says=Text("旅馆业不按规定登记住宿人员信息等的处罚", "penalties where lodging does not register guests"),
        ),
        LegalBasis(
            Text("中华人民共和国反恐怖主义法", "Counter-Terrorism Law"), "21", "2016-01-01", source="JL", verified=True,
            says=Text("住宿等业务经营者应当查验客户身份", "those who lodge guests must check who they are"),
        ),
        LegalBasis(
            Text("中华人民共和国未成年人保护法", "Law on the Protection of Minors"), "57, 58, 122", "2021-06-01",
            source="JL", verified=True,
            says=Text("接待未成年人入住应当询问监护人联系方式；学校、幼儿园周边不得设置不适宜未成年人活动的场所",
                      "guardians of minors are asked for; places unfit for minors may not be around schools"),
        ),
        LegalBasis(
            Text("文化和旅游部、公安部关于加强电竞酒店管理中未成年人保护工作的通知",
                 "Notice on the protection of minors in e-sports hotels"),
            "—", "2023-08-09", number="文旅市场发〔2023〕82号", source="mem", verified=False,
            says=Text("电竞酒店属不适宜未成年人活动的场所，电竞房不得接待未成年人",
                      "e-sports hotels are unfit for minors, and their rooms closed to them"),
        ),
    ),
    needs=("lodging_listing", "business_registration"),
    uses=("hotel", "lodging_licence", "school"),
    limits=(),
    level="lead",
    verify=(
        Text("到房源地址查看营业执照、特种行业许可证或网约房备案凭证", "see licence, permit or proof of filing at the address"),
        Text("向公安机关、市场监督管理部门核对登记、许可和备案，注意一照多址、集群登记",
             "ask police and market supervision; mind several addresses under one licence"),
        Text("保存平台房源页面（房源号、地址、房东、评论日期），确认仍在接待", "keep the listing: number, address, host, date of reviews"),
        Text("电竞房：查看每间电脑、床位数，是否询问、登记未成年人", "e-sports rooms: computers and beds in each, whether minors are asked and registered"),
    ),
    pitfalls=(
        Text("平台房源名多为营销名称，与登记名称不同；一户多套房源对应一个执照", "names of listings are advertising; one licence may cover many of them"),
        Text("平台对未预订者只显示大致位置，坐标可偏数百米，地址不含门牌", "platforms blur the place before booking: hundreds of metres, no number"),
        Text("网约房、民宿管理依地方规定：有的地方备案即可，有的纳入旅馆业许可", "rules for rooms let on line are local: a filing in some places, a permit in others"),
        Text("长租公寓不属旅馆业", "flats let for long terms are no lodging trade"),
        Text("与学校的距离只是事实，没有统一的全国距离", "the distance to a school is a fact; no national text sets one"),
    ),
    since="0.1.0",
)  # fmt: skip
_TELLS = ("name", "registered_name", "category", "business_scope")


def _esports(frame: Frame) -> Mask:
    return any_has_word(frame, _TELLS, words("lodging", "esports"))


LODGING = Licensing(
    themes=("lodging_listing", "hotel"),
    registers=(
        Register("business_registration", Text("市场主体登记", "business registration"), compared=()),
        Register("lodging_licence", Text("旅馆业特种行业许可或网约房备案", "permit of the trade or filing"),
                 told=("rooms",)),
    ),
    notes=(
        Note(Text("电竞房：属不适宜未成年人活动的场所，不得接待未成年人（依据的通知未核实原文）",
                  "e-sports rooms: unfit for minors, who may not be taken in (text of the notice unverified)"),
             _esports),
    ),
    facts=lambda layers, frame, on_date: nearest_school(layers, frame, on_date).assign(
        esports=_esports(frame)
    ),
)  # fmt: skip


def find(
    layers: LayerSet,
    limits: Limits,  # noqa: ARG001 - no number is set
    on_date: str,
    *,
    all_subjects: bool = False,
) -> Iterator[Finding | Undecided]:
    """Every lodging that is not in order in the register it stands worst in."""
    return look_in_registers(CHECK, LODGING, layers, on_date, all_subjects=all_subjects)
