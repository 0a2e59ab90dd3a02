"""Look-back on sites reported as put right: gone, still there, or the scenes do not tell."""

from __future__ import annotations

from collections.abc import Iterator

from checks import Check, Finding, LegalBasis, Limits, Text, Undecided, look_back
from layers import LayerSet

RULES = Text("人民检察院公益诉讼办案规则", "Rules of the procuratorates on public-interest cases")
CHECK = Check(
    id="change-after-closure",
    title=Text("销号点位回头看", "Look-back on sites reported as put right"),
    why=Text(
        "对已报告整改完成的点位，用整改之后的影像核对：已不在、仍在，或影像不足以判断（写明原因）。没有候选不等于已清除：只有覆盖完整、足够清晰并针对该类问题检测过的影像才能说“已不在”。",
        "Sites reported as put right are looked at again in scenes taken since: gone, still there, or the scenes do not tell, with the reason. No "
        "candidate is not the same as gone: only a scene that shows the site, sharp enough and searched for this, can say so.",
    ),
    legal_basis=(
        LegalBasis(RULES, "77", "2021-07-01", source="LD", verified=False,
                   says=Text("检察建议期限内和期满后的跟进调查", "follow-up during and after the period of a recommendation")),
        LegalBasis(RULES, "82", "2021-07-01", source="LD", verified=False,
                   says=Text("认定行政机关未依法全面履行职责的情形，包括只部分整改", "when a duty counts as not fully performed, partial action among them")),
    ),
    needs=("closed_site", "scene_footprint"),
    uses=("waste_candidate", "change_candidate"),
    limits=(),
    level="lead",
    verify=(
        Text("到现场从同一角度、同一范围拍照，与整改前照片对照", "photograph the place from the same viewpoint and extent as before"),
        Text("调取清运、处置凭证，查明去向", "get the papers of removal and disposal: where did it go?"),
        Text("询问周边居民和参与整改的单位", "ask residents and those who took part"),
    ),
    pitfalls=(
        Text("掩埋、覆土、盖网、种草不等于清除，影像看不到地下", "buried, covered, netted or sown over is not removed: a picture shows no ground below"),
        Text("分批整改：销号只针对其中一部分", "put right in stages: what was closed may be one part only"),
        Text("恢复施工的料堆、新的合法用途也会显示为变化", "materials of restoration works and new lawful uses show as change too"),
        Text("云、阴影、积雪、季节和分辨率不同会使前后不可比，列为无法判断", "clouds, shadow, snow, season and pixel size spoil the comparison: it cannot be told then"),
        Text("点位轮廓画得过大或错位，会把旁边的物体算进来", "an outline drawn too large or beside the place takes in what stands next to it"),
    ),
    since="0.1.0",
)  # fmt: skip


def find(
    layers: LayerSet,
    limits: Limits,  # noqa: ARG001 - no number is set
    on_date: str,
    *,
    all_subjects: bool = False,
) -> Iterator[Finding | Undecided]:
    """Every site closed by the day judged, with the newest scene that can speak of it."""
    return look_back(CHECK, layers, on_date, all_subjects=all_subjects)
