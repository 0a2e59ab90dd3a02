"""Fire lanes that are blocked: the widest vehicle that gets through, against the width asked for."""

from __future__ import annotations

from collections.abc import Iterator

from checks import (
    LANE_LIMITS,
    Check,
    Document,
    Finding,
    LegalBasis,
    Limit,
    Limits,
    Rule,
    Text,
    Undecided,
    look_along_lanes,
)
from layers import LayerSet

FIRE_LAW = Text("中华人民共和国消防法", "Fire Protection Law")
DESIGN_CODE = Text("建筑设计防火规范", "Code for Fire Protection Design of Buildings")
GB50016 = Document(
    "建筑设计防火规范", "GB 50016-2014（2018年版）", "web", "2026-11-22", verified=False
)
GB55037 = Document("建筑防火通用规范", "GB 55037-2022", "GitHub", "2026-11-22", verified=False)
WIDTH, HEIGHT, DEAD_END, TURNAROUND, WALL = LANE_LIMITS


def _national(
    limit: str, value: float, comparator: str, article: str, note: Text | None = None
) -> Rule:
    """A figure of the national codes: none of their texts was read in the original."""
    newer = article == "3.4.5"
    start = "2023-06-01" if newer else "2015-05-01"
    return Rule(
        id=f"national:fire-lane-blocked:{limit}:{start}", check="fire-lane-blocked",
        school_class=limit, value=value, unit="metres", comparator=comparator, method="", origin="",
        in_force_from=start, article=article, document=GB55037 if newer else GB50016,
        verified=False, national=True, note=note,
    )  # fmt: skip


CHECK = Check(
    id="fire-lane-blocked",
    title=Text("消防车道被占用、净宽不足", "Fire lanes blocked or too narrow"),
    why=Text(
        "消防车通道被停车、绿化、公示牌、堆物等占用时，消防车无法到达。净宽按一端到另一端能通过的最大宽度精确计算，"
        "并给出误差区间；整改的证明是消防车实际驶过。",
        "Parked cars, planting, boards or goods in a fire lane keep the engines out. The clear width is the widest that gets from one "
        "end to the other, computed exactly and given with its interval; proof of rectification is an engine driving through.",
    ),
    legal_basis=(
        LegalBasis(FIRE_LAW, "28", "2021-04-29", source="LRB", verified=True,
                   says=Text("任何单位、个人不得占用、堵塞、封闭疏散通道、安全出口、消防车通道",
                             "nobody may occupy, block or close evacuation routes, exits or lanes of fire engines")),
        LegalBasis(FIRE_LAW, "60(1)(5)", "2021-04-29", source="LRB", verified=True,
                   says=Text("占用、堵塞、封闭消防车通道：责令改正，单位处五千元以上五万元以下罚款；个人警告或者五百元以下罚款；拒不改正的强制执行",
                             "order to correct; units 5,000 to 50,000 yuan, persons a warning or up to 500; enforced where refused")),
        LegalBasis(DESIGN_CODE, "7.1.8", "2015-05-01",
                   number="GB 50016-2014（2018年版）", source="web", verified=False,
                   says=Text("消防车道净宽度和净空高度均不应小于4.0米；转弯半径满足消防车要求；坡度不宜大于8%；靠建筑外墙一侧距外墙不宜小于5米",
                             "clear width and height of at least 4.0 m; bends as the engines need; slope at most 8 % and 5 m from walls recommended")),
        LegalBasis(DESIGN_CODE, "7.1.9", "2015-05-01", number="GB 50016-2014（2018年版）", source="web", verified=False,
                   says=Text("尽头式消防车道应设回车道或回车场，面积不应小于12米×12米；高层建筑不宜小于15米×15米",
                             "a dead end has a turnaround of at least 12 by 12 m, 15 by 15 recommended for high buildings")),
        LegalBasis(Text("建筑防火通用规范", "General Code for Fire Protection of Buildings"), "3.4.5", "2023-06-01",
                   number="GB 55037-2022", source="web", verified=False,
                   says=Text("消防车道的净宽和净空高度应满足消防车安全、快速通行的要求；长度大于40米的尽头式车道应设回车条件；坡度不应大于10%（是否重复4.00米，资料不一致）",
                             "width and height for safe and quick passage; dead ends of more than 40 m have a turnaround; slope at most 10 % "
                             "(sources disagree whether 4.00 m is repeated)")),
    ),
    needs=("fire_lane",),
    uses=("obstacle", "building"),
    limits=(
        Limit(WIDTH, (_national(WIDTH, 4.0, "<", "7.1.8"),), unit="metres",
              title=Text("消防车道净宽", "clear width of a fire lane")),
        Limit(HEIGHT, (_national(HEIGHT, 4.0, "<", "7.1.8"),), unit="metres",
              title=Text("消防车道净高", "clear height of a fire lane")),
        Limit(DEAD_END, (_national(DEAD_END, 40.0, ">", "3.4.5"),), unit="metres",
              title=Text("须设回车条件的尽头式车道长度", "length of a dead end that needs a turnaround")),
        Limit(TURNAROUND, (_national(TURNAROUND, 12.0, "<", "7.1.9",
                                     Text("高层建筑15米，重型车18米", "15 m for high buildings, 18 m for heavy vehicles")),),
              unit="metres", title=Text("回车场边长", "side of a turnaround")),
        Limit(WALL, (_national(WALL, 5.0, "<", "7.1.8(4)",
                               Text("“不宜”：只作提示", "recommended: a note only")),),
              unit="metres", title=Text("车道边缘距外墙", "lane's edge to the wall")),
    ),
    level="lead",
    verify=(
        Text("在图上画出的最窄处用卷尺或测距仪实测，拍照并记录时间", "measure with a tape at the line drawn, with photo and time"),
        Text("请消防救援机构派车实际通行：能否通过是最有力的证明", "have the fire brigade drive an engine through: the strongest proof"),
        Text("查验消防设计文件和建成（批准）日期，确认适用的规范和车道设计宽度",
             "see the approved fire design and its date: which code applies, how wide the lane was designed"),
        Text("区分固定占用（绿化、公示牌、石墩、违建）与临时停车，隔日再看一次",
             "tell fixed things (planting, boards, bollards, sheds) from parked cars; look again another day"),
    ),
    pitfalls=(
        Text("轮廓误差0.5至0.7米时，净宽3.5至4.5米多数须现场测量，影像不能定论",
             "with outlines known to 0.5-0.7 m most widths of 3.5-4.5 m must be measured on the ground"),
        Text("停放车辆会移动：影像只证明拍摄时刻", "cars move: a picture proves one moment only"),
        Text("阴影、路面标线、井盖、行人容易被误认为障碍物", "shadows, markings, manhole covers and people look like obstacles"),
        Text("树冠下能否通车看不见：净高须实测", "whether there is room under a crown cannot be seen: measure the height"),
        Text("可移动路障、道闸、可翻越的路缘可由消防车推开或驶过，须现场确认",
             "gates that open, removable posts and low kerbs may be passed: see on site"),
        Text("既有建筑按批准时的规范：建成日期不明的，尺寸不足只作风险提示",
             "existing buildings follow the code of their approval: with an unknown date a small width is a risk only"),
        Text("净宽是圆盘的直径：急弯处长车仍可能通不过，模拟行驶的车辆参数未核实",
             "the width is that of a disc: in sharp bends a long engine may fail; the vehicle figures are not verified"),
        Text("出入口推定错误会改变结果：请核对图上的出入口", "wrongly derived gates change the answer: check them on the map"),
        Text("公共道路上的停车由公安交管部门处理", "parking on public roads is for the traffic police"),
    ),
    since="0.1.0",
)  # fmt: skip


def find(
    layers: LayerSet, limits: Limits, on_date: str, *, all_subjects: bool = False
) -> Iterator[Finding | Undecided]:
    """Every fire lane that is not clearly wide enough, with the line across its narrowest place."""
    return look_along_lanes(CHECK, layers, limits, on_date, all_subjects=all_subjects)
