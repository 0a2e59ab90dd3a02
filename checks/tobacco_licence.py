"""Shops that sell tobacco against the register of retail licences, wherever they stand."""

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
    has_word,
    look_in_registers,
    words,
)
from layers import LayerSet
from layers.registers import classify

REGULATIONS = Text("中华人民共和国烟草专卖法实施条例", "Regulations on the Tobacco Monopoly Law")
CHECK = Check(
    id="tobacco-licence",
    title=Text("无烟草零售许可证经营烟草", "Tobacco on sale without a retail licence"),
    why=Text(
        "经营烟草制品零售须持有烟草专卖零售许可证。资料写明卖烟、当日登记册中没有有效许可证的，列为线索；只是可能卖烟的便利店不列。与学校的远近由“学校周边烟草零售点”另查。",
        "Selling tobacco needs a retail licence. Shops which the data call tobacconists and which have none in force that day are leads; "
        "convenience stores that merely might sell it are not. Nearness to schools is another check.",
    ),
    legal_basis=(
        LegalBasis(
            Text("中华人民共和国烟草专卖法", "Tobacco Monopoly Law"), "16", "1992-01-01", source="JL", verified=True,
            says=Text("经营烟草制品零售业务的，须领取烟草专卖零售许可证", "retailing tobacco needs a retail licence"),
        ),
        LegalBasis(
            REGULATIONS, "57", "1997-07-03", source="LRB", verified=True,
            says=Text("无烟草专卖零售许可证经营烟草制品零售业务的处罚", "penalties for retailing tobacco without a licence"),
        ),
        LegalBasis(
            REGULATIONS, "65", "2021-11-10", source="LRB", verified=True,
            says=Text("电子烟等新型烟草制品参照卷烟的有关规定执行", "e-cigarettes follow the rules for cigarettes"),
        ),
        LegalBasis(
            Text("电子烟管理办法", "Measures on E-Cigarettes"), "—", "2022-05-01", source="web", verified=False,
            says=Text("从事电子烟零售须取得零售许可证或变更许可范围", "e-cigarettes need a licence, or one whose range is widened"),
        ),
    ),
    needs=("tobacco_retailer", "tobacco_licence"),
    limits=(),
    level="lead",
    verify=(
        Text("现场查看是否陈列、销售卷烟，查看许可证原件（证号、经营地址、许可范围、有效期）",
             "see whether cigarettes are on show or sold, and the licence: number, address, range, term"),
        Text("向烟草专卖局调取该地址、该经营者的许可档案，含歇业、停业、注销、换证记录",
             "ask the tobacco bureau for the file of address and trader: closed, suspended, cancelled, renewed"),
        Text("小票、付款记录或现场照片固定销售事实", "keep receipts or photographs of a sale"),
    ),
    pitfalls=(
        Text("地图把烟和酒归为一类，标为“烟酒”的店可能只卖酒或礼品回收", "maps class tobacco with alcohol: such a shop may sell drink only"),
        Text("店招与登记字号不同，或许可证在同址前一经营者名下尚未变更", "the sign is not the registered name, or the licence still names the trader before"),
        Text("登记册只含本辖区、截至导出日；新发证不在册", "the register covers one bureau up to its export"),
        Text("店铺已停业而地图未更新", "the shop has closed and the map does not know"),
        Text("便利店、超市是否卖烟须现场确认，本项不列", "whether a convenience store sells tobacco is seen on site; it is not listed here"),
    ),
    since="0.1.0",
)  # fmt: skip


def _only_perhaps(frame: Frame) -> Mask:
    """A category is written, and neither it nor name or scope says that tobacco is sold."""
    sold = any_has_word(
        frame, ("name", "category"), words("tobacco", "sold"), words("tobacco", "perhaps")
    )
    sold |= (classify(frame["business_scope"])["kind"] == "sells").to_numpy(bool)
    return frame["category"].notna().to_numpy(bool) & ~sold


def _without_ecig(links: Links) -> Mask:
    """Shows e-cigarettes, and the licence states a range without them; an unstated one is no fault."""
    wanted = words("tobacco", "ecig")
    shown = any_has_word(links.site, ("name", "category", "business_scope"), wanted)
    stated = links.stated("business_items")
    return shown & stated.notna().to_numpy(bool) & ~has_word(stated, wanted)


RETAILERS = Licensing(
    themes=("tobacco_retailer",),
    registers=(
        Register("tobacco_licence", Text("烟草专卖零售许可证", "tobacco retail licence"),
                 faults=(Fault("item_missing", Text("许可范围不含电子烟", "its range holds no e-cigarettes"), _without_ecig),),
                 told=("business_items",)),
    ),
    exempt=(Exempt(Text("资料没有写明卖烟，只是可能卖烟的业态（便利店、超市等）",
                        "the data do not say that it sells tobacco, only that its kind may"), _only_perhaps),),
)  # fmt: skip


def find(
    layers: LayerSet,
    limits: Limits,  # noqa: ARG001 - no number is set
    on_date: str,
    *,
    all_subjects: bool = False,
) -> Iterator[Finding | Undecided]:
    """Every tobacco shop without a licence in force on the day."""
    return look_in_registers(CHECK, RETAILERS, layers, on_date, all_subjects=all_subjects)
