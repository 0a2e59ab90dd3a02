"""现场勘验笔录: what the program measured stands beside empty columns for what people find on site."""

from __future__ import annotations

from evidence.documents.draft import BLANK, Draft
from evidence.documents.parts import WORDS, check_of, end_rows, place_rows, subject_of, verdict_of
from evidence.dossier import Dossier
from evidence.sheet.blocks import measurement

TITLE = "现场勘验笔录"
_ROWS = 4


def write(draft: Draft, dossier: Dossier) -> None:
    """Fill the draft from the dossier."""
    draft.fields("勘验基本情况", [
        ("案号", dossier.case_number or BLANK), ("线索编号（内部）", dossier.number), ("案由", WORDS.of(dossier.title)),
        ("勘验对象", subject_of(dossier)),
        ("开始时间", "\u3000\u3000年\u3000月\u3000日\u3000时\u3000分"),
        ("结束时间", "\u3000\u3000年\u3000月\u3000日\u3000时\u3000分"),
        ("天气、光线", BLANK), *place_rows(dossier)])  # fmt: skip
    draft.heading("一、人员")
    draft.grid("主持人、参加人员和见证人", ["身份", "姓名", "单位、职务", "证件号"],
               [["主持人（检察官）"] + [BLANK] * 3, ["检察人员"] + [BLANK] * 3, ["记录人"] + [BLANK] * 3,
                ["当事人或在场人"] + [BLANK] * 3, ["见证人"] + [BLANK] * 3], [0.24, 0.2, 0.32, 0.24])  # fmt: skip
    draft.blank("没有见证人的，写明理由及录像编号")
    draft.heading("二、方法和仪器")
    draft.grid("仪器", ["名称", "型号", "编号", "检定或校准日期", "时钟误差"], [[BLANK] * 5] * 2,
               [0.22, 0.2, 0.2, 0.22, 0.16])  # fmt: skip
    _to_look_at(draft, dossier)
    draft.heading("四、勘验经过")
    draft.blank("经过", lines=6)
    draft.heading("五、逐点勘验情况")
    points = [[name, where, BLANK, BLANK] for name, where in end_rows(dossier)]
    draft.grid("测点", ["测点", "程序所用坐标（待现场核对）", "现场坐标及精度", "现场所见"],
               points + [[BLANK] * 4] * 2, [0.12, 0.36, 0.24, 0.28])  # fmt: skip
    draft.heading("六、测量记录")
    values = [[name, value, BLANK, BLANK, BLANK] for name, value in measurement(dossier, None, WORDS)
              if name in _MEASURED]  # fmt: skip
    draft.grid("测量值", ["项目", "程序参考值", "第一次实测", "第二次实测", "取用值"],
               values + [[BLANK] * 5] * 2, [0.18, 0.34, 0.16, 0.16, 0.16])  # fmt: skip
    draft.text(
        f"程序结论：{verdict_of(dossier)}。程序参考值为{WORDS('sheet.reference')}，以现场实测为准。"
    )
    draft.heading("七、照片、录像、无人机影像清单")
    draft.grid("影像资料", ["编号", "内容、方向", "时间", "设备及编号", "SHA-256"], [[BLANK] * 5] * _ROWS,
               [0.1, 0.3, 0.18, 0.2, 0.22])  # fmt: skip
    draft.blank("现场图编号", "图上标明方位、比例、绘制人、绘制时间")
    draft.heading("八、异议")
    draft.blank("当事人或在场人的意见", lines=2)
    draft.heading("九、签名")
    draft.text("以上笔录经核对无误（有修改的，在修改处签名或者捺印）。")
    draft.grid("签名", ["身份", "签名", "日期"],
               [[name, BLANK, BLANK] for name in ("主持人", "检察人员", "记录人", "当事人或在场人", "见证人")],
               [0.3, 0.4, 0.3])  # fmt: skip


_MEASURED = frozenset(
    WORDS(f"measure.{name}") for name in ("value", "interval", "limit", "area", "shore")
)


def _to_look_at(draft: Draft, dossier: Dossier) -> None:
    """What the check itself says must be confirmed, and where it is known to err."""
    draft.heading("三、核查要点")
    check = check_of(dossier)
    if check is None:
        draft.blank("要点", lines=2)
        return
    draft.points([one.zh for one in check.verify])
    draft.text("已知的误报情形，逐项排除：")
    for one in check.pitfalls:
        draft.text(f"□ {one.zh}")
