"""Methods and problems in words: what a code means, and what would help."""

from __future__ import annotations

METHODS: dict[str, tuple[str, str]] = {
    "address": ("同一门牌的已知位置", "a placed row of the same address"),
    "house_number": ("同号不同附号的已知位置", "a placed row of the same house number"),
    "between_numbers": ("同街相邻门牌之间内插", "between two numbered places of the street"),
    "along_numbers": ("按该街门牌走势推算", "by how the street's numbers run"),
    "near_number": ("同街最近的门牌", "the nearest numbered place of the street"),
    "crossing": ("两街交叉口", "where two streets cross"),
    "name": ("同名的已知地点", "a placed row of the same name"),
    "landmark": ("地标的相对位置", "beside a known landmark"),
    "estate": ("同一小区、院落的已知位置", "placed rows of the same estate"),
    "street": ("街道（取中点）", "the street, at its middle"),
    "village": ("村、小区地名点", "the village or place name"),
    "township": ("乡镇、街道（取中心）", "the township, at its centre"),
}
"""Method → Chinese and English; from the surest to the coarsest."""

PROBLEMS: dict[str, tuple[str, str, str, str]] = {
    "no_address": (
        "没有地址", "补录地址，或到现场采点",
        "there is no address", "add one, or capture the place on site"),
    "too_vague": (
        "地址中没有街道、村、乡镇或地名", "补充门牌或村组",
        "the address names no street, village or township", "add the house number or village"),
    "other_county": (
        "地址属于其他县区", "核对管辖；需要时使用该县区的图层",
        "the address lies in another county", "check who is competent, or use that county's layers"),
    "county_unknown": (
        "图层未说明属于哪个县区，无法核对地址中的县区", "用 --county 指明图层所在县区",
        "the layers do not say which county they show", "name it with --county"),
    "township_unknown": (
        "图层中没有该乡镇、街道", "核对名称（撤并、更名）或补充乡镇边界",
        "the layers have no such township", "check for renames and mergers, or add its outline"),
    "township_contradiction": (
        "地址中的乡镇与行政区划代码不一致", "核对原始登记",
        "address and administrative code name different townships", "check the original record"),
    "street_unknown": (
        "图层中没有该街道", "核对路名（更名、错字）或补充道路图层",
        "the layers have no such street", "check its name, or add a road layer that has it"),
    "street_ambiguous": (
        "有多条同名街道", "补充乡镇或行政区划代码",
        "several streets bear this name", "add the township or the administrative code"),
    "street_goes_on": (
        "该街道伸出图层范围，无法判断位于哪一段", "补充门牌点或更大范围的道路图层",
        "the street goes on beyond the layers", "add numbered places or layers that cover it whole"),
    "extent_unknown": (
        "图层没有乡镇边界，无法确认全县只有这一条同名街道", "补充乡镇边界图层，或补充门牌点",
        "without township outlines nobody knows whether the county has another street of this name",
        "add a township layer, or numbered places"),
    "no_crossing": (
        "两条街道在图层中不相交", "核对路名",
        "these streets do not cross in the layers", "check the names"),
    "several_crossings": (
        "两条街道有多个交叉口", "补充门牌或方位",
        "these streets cross in several places", "add a number or a side"),
    "name_unknown": (
        "图层中没有该地名或地标", "补充地标位置，或到现场采点",
        "the layers know no such place or landmark", "add the landmark, or capture the place on site"),
    "name_ambiguous": (
        "有多处同名地点", "补充街道或乡镇",
        "several places bear this name", "add the street or township"),
    "name_elsewhere": (
        "同名地点不在地址所说的街道上", "核对地址",
        "the place of this name is not on the street that the address names", "check the address"),
    "number_contradiction": (
        "同一门牌的已知位置相距过远", "核对这些点位",
        "placed rows of this number lie far apart", "check those rows"),
}  # fmt: skip
"""Problem → Chinese, what helps in Chinese, English, what helps in English."""
