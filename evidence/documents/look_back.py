"""回头看表: what was asked, what was promised, what is there now, seen from the same view."""

from __future__ import annotations

from evidence.documents.draft import BLANK, Draft
from evidence.documents.parts import (
    WORDS,
    deadline_rows,
    place_rows,
    subject_of,
    verdict_of,
)
from evidence.dossier import Dossier, Picture
from evidence.sheet.blocks import measurement
from evidence.words import moment
from leads.steps.look_back import RESULT_WORDS, article_82

TITLE = "回头看表"
_SIDES = ("行政机关", "人大代表、政协委员", "志愿者（益心为公）", "周边群众", "检察人员")


def write(draft: Draft, dossier: Dossier) -> None:
    """Fill the draft from the dossier."""
    draft.fields("基本情况", [
        ("检察建议书文号", BLANK), ("被建议单位", BLANK), ("发出日期", BLANK), ("回复期限", BLANK), ("回复日期", BLANK),
        ("案号", dossier.case_number or BLANK), ("线索编号（内部）", dossier.number),
        ("事项", f"{WORDS.of(dossier.title)}：{subject_of(dossier)}"), *place_rows(dossier)])  # fmt: skip
    deadlines = deadline_rows(dossier)
    if deadlines:
        draft.grid(
            "登记的期限", ["期限", "起算日", "届满日", "状态"], deadlines, [0.4, 0.2, 0.2, 0.2]
        )
    draft.heading("一、整改事项")
    draft.grid("整改事项", ["序号", "要求", "承诺的措施", "证据", "状态", "核查人"],
               [[str(n)] + [BLANK] * 5 for n in range(1, 5)], [0.08, 0.24, 0.22, 0.2, 0.13, 0.13])  # fmt: skip
    draft.heading("二、实地回访")
    draft.blank("回访时间")
    draft.blank("回访地点是否与上述位置一致")
    draft.heading("三、前后影像（同视角、同范围）")
    crops = [one for one in dossier.pictures if one.visit is None]
    if crops:
        draft.pictures("已有影像", [_picture(one) for one in crops])
    draft.grid("回访影像（待附）", ["编号", "拍摄时间", "位置、方向", "设备", "SHA-256"], [[BLANK] * 5] * 2,
               [0.1, 0.2, 0.26, 0.2, 0.24])  # fmt: skip
    draft.heading("四、复测")
    draft.grid("复测值", ["项目", "原值（程序）", "复测值", "方法、仪器"],
               [[name, value, BLANK, BLANK] for name, value in measurement(dossier, None, WORDS)
                if name in _AGAIN], [0.2, 0.36, 0.2, 0.24])  # fmt: skip
    draft.text(f"原结论：{verdict_of(dossier)}（{dossier.finding.get('on_date') or ''}）。")
    draft.heading("五、参加人员")
    draft.grid("参加人员", ["方面", "姓名", "单位、职务", "意见", "签名"], [[side] + [BLANK] * 4 for side in _SIDES],
               [0.24, 0.16, 0.24, 0.2, 0.16])  # fmt: skip
    draft.heading("六、是否依法全面履职")
    draft.boxes("对照《人民检察院公益诉讼办案规则》第82条，逐项核对（由承办人勾选）：",
                [one.zh for one in article_82().values()])  # fmt: skip
    draft.heading("七、结论")
    draft.boxes("现场情况：", [one.zh for one in RESULT_WORDS.values()])
    draft.blank("结论及理由", lines=2)
    draft.blank("下次回头看日期")
    draft.fields("签名", [("承办人", BLANK), ("核查人", BLANK), ("日期", BLANK)])


_AGAIN = frozenset(
    WORDS(f"measure.{name}") for name in ("value", "interval", "limit", "area", "shore", "method")
)


def _picture(one: Picture) -> tuple[bytes, str, str]:
    name = WORDS(f"picture.{one.role}")
    gsd = "" if one.gsd_m is None else f"；像元 {one.gsd_m:.3g} 米"
    taken = moment(one.taken)
    line = f"{name}：{taken}；{one.sensor}{gsd}；原件 SHA-256 {one.sha256}"
    return one.data, f"{name} {taken}", line
