"""线索移送函: the letter that hands a lead to the office competent for it."""

from __future__ import annotations

from evidence.documents.draft import BLANK, Draft
from evidence.documents.parts import (
    WORDS,
    attachments,
    caution,
    law,
    operator_of,
    place_rows,
    subject_of,
    verdict_of,
)
from evidence.dossier import Dossier
from evidence.sheet.blocks import measurement, reasons

TITLE = "线索移送函"


def write(draft: Draft, dossier: Dossier) -> None:
    """Fill the draft from the dossier."""
    draft.blank("文号", "按本单位规定编写，程序不编文号")
    draft.blank("主送单位")
    draft.text(f"现将下列线索移送你单位。本函所列数据由检查程序根据登记资料和地理数据比对得出，属于{WORDS('sheet.reference')}，"
               "是否属实须经核查。")  # fmt: skip
    draft.fields("线索基本情况", _about(dossier))
    draft.heading("一、简要事实")
    draft.points(reasons(dossier, WORDS))
    draft.fields("测量和比对结果", measurement(dossier, None, WORDS))
    draft.heading("二、依据")
    draft.points(law(dossier))
    if caution(dossier):
        draft.text(caution(dossier))
    draft.heading("三、移送理由（管辖依据）")
    draft.blank("理由", "由承办人填写", lines=4)
    draft.heading("四、附件")
    draft.grid(
        "附件清单",
        ["序号", "名称", "类型或编号", "SHA-256"],
        attachments(dossier),
        [0.08, 0.3, 0.2, 0.42],
    )
    draft.heading("五、联系")
    draft.fields("联系方式与审批", [
        ("联系人", BLANK), ("联系电话", BLANK), ("承办人", operator_of(dossier)), ("承办人签名", BLANK),
        ("审批人签名", BLANK), ("移送单位（印章）", BLANK), ("日期", BLANK),
    ])  # fmt: skip
    draft.rest()
    draft.heading("回执")
    draft.text(f"你单位移送的线索（编号 {dossier.number}）及附件已收到。")
    draft.fields("回执", [("收到单位（印章）", BLANK), ("收件人签名", BLANK), ("收到日期", BLANK), ("处理意见", BLANK),
                          ("附件是否齐全、哈希是否一致", "□ 齐全一致\u3000□ 有缺漏或不一致（另附说明）")])  # fmt: skip


def _about(dossier: Dossier) -> list[tuple[str, str]]:
    finding = dossier.finding
    return [
        ("线索编号（内部）", dossier.number),
        ("来源", f"检查程序发现：{WORDS.of(dossier.title)}（{finding['check']}）"),
        ("规则版本", str(finding.get("rule") or BLANK)),
        ("对象", subject_of(dossier)),
        ("参照物", str(finding.get("object_name") or BLANK)),
        *place_rows(dossier),
        ("程序结论", verdict_of(dossier)),
        ("软件版本", dossier.software),
    ]
