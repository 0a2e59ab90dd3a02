"""Every reason an import can give, in Chinese and English, with what to do about it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Reason:
    """A sentence and its remedy in both languages."""

    zh: str
    en: str
    remedy_zh: str = ""
    remedy_en: str = ""

    def text(self, lang: str) -> str:
        """The sentence."""
        return self.zh if lang == "zh" else self.en

    def remedy(self, lang: str) -> str:
        """What to do about it; may be empty."""
        return self.remedy_zh if lang == "zh" else self.remedy_en


_DATE_REMEDY = ("在原表中改为 2023-05-01 的写法", "write it as 2023-05-01 in the source")
_CODE_REMEDY = (
    "请提供单位以文本格式重新导出该列",
    "have the file exported again with this column as text",
)
_PLACE_REMEDY = (
    "核对坐标，或补充坐标后重新导入；未定位的行不会被当作无问题",
    "check the coordinate or add one and import again; unplaced rows are never read as clear",
)
_ASIDE = ("如确需保留，用 --all-rows 导入", "use --all-rows to keep such rows")

REASONS: Mapping[str, Reason] = {
    # places
    "no_coordinate": Reason("没有坐标", "no coordinate", *_PLACE_REMEDY),
    "coordinate_unreadable": Reason("坐标无法读取", "the coordinate cannot be read", *_PLACE_REMEDY),
    "null_island": Reason("坐标为 0,0", "the coordinate is 0, 0", *_PLACE_REMEDY),
    "outside_china": Reason("按所声明的坐标系，位置不在中国范围内", "not in China by the declared datum", *_PLACE_REMEDY),
    "not_in_datum": Reason("不是所声明坐标系中的坐标", "no coordinate of the declared datum", *_PLACE_REMEDY),
    "datum_unknown": Reason("该行坐标系未声明或不可用", "the row's datum is missing or cannot be used",
                            "在坐标系列中填写 wgs84、gcj02、bd09 等", "write wgs84, gcj02, bd09 … in the datum column"),
    "far_from_rest": Reason("远离其余所有位置，疑为错误的地址解析", "far from all other positions: a suspected bad geocode",
                            "核对地址与坐标；确认无误时用 --far keep", "check address and coordinate; if right, use --far keep"),
    "geometry_missing": Reason("没有几何图形", "no geometry", *_PLACE_REMEDY),
    "wrong_shape": Reason("几何类型与主题不符", "this theme does not take such a geometry",
                          "选择其他主题，或转换几何类型", "choose another theme or convert the geometry"),
    "empty_row": Reason("没有名称、地址、编码和位置", "no name, address, code or place",
                        "检查列对应关系是否正确", "check the column mapping"),
    # values
    "date_unreadable": Reason("日期无法读取", "the date cannot be read", *_DATE_REMEDY),
    "date_impossible": Reason("不存在的日期", "there is no such date", *_DATE_REMEDY),
    "date_ambiguous": Reason("日与月无法区分", "day and month cannot be told apart",
                             "用 --date-order dmy 或 mdy 说明", "say --date-order dmy or mdy"),
    "date_open_start": Reason("起始日期不能是“长期”", "a beginning cannot be open-ended", *_DATE_REMEDY),
    "code_digits_lost": Reason("编码被电子表格改成数值，末位数字已丢失", "a spreadsheet made a number of the code: its last digits are lost", *_CODE_REMEDY),
    "uscc_wrong": Reason("统一社会信用代码校验不通过", "the credit code fails its check character",
                         "对照营业执照核对代码", "compare with the business licence"),
    "uscc_old_number": Reason("这是旧的15位注册号，不是统一社会信用代码", "this is an old registration number of 15 digits, no credit code",
                              "查询换照后的18位代码", "look up the code of 18 characters"),
    "code_masked": Reason("代码已被隐去部分数字", "the code is masked", "向提供单位索取完整代码", "ask for the full code"),
    "code_personal": Reason("这是自然人的身份证号，不予导入", "this is a person's identity number and is not kept",
                            "向提供单位索取证照编号", "ask for the number of the licence instead"),
    "flag_unreadable": Reason("不是“是/否”", "neither yes nor no", "改为 是 或 否", "write yes or no"),
    "number_unreadable": Reason("不是数字", "no number", "改为数字", "write a number"),
    "unit_unknown": Reason("单位不明或不适用于该列", "the unit is unknown or does not go with the column",
                           "改为该列单位的数字，或写明 元、万元、㎡、亩 等单位", "write the number in the column's unit, or a unit such as 元, 万元, ㎡, 亩"),
    # mended values (counted)
    "unit_converted": Reason("数值已按单位换算", "the number was converted from its unit"),
    "date_completed": Reason("只有年或月的日期已补全为首日或末日", "a month or year was completed to its first or last day"),
    "date_from_serial": Reason("由电子表格日期序号换算", "read from a spreadsheet's day number"),
    "date_from_epoch": Reason("由时间戳换算（时区见 --utc-offset）", "read from seconds since 1970 (clock: --utc-offset)"),
    "code_float": Reason("去掉了编码末尾的 .0", ".0 behind a code was cut off"),
    "code_letter_o": Reason("字母 O、l 已按数字读取", "letters O or l among digits were read as 0 and 1"),
    "code_zero_restored": Reason("补回了类别代码丢失的前导零", "a lost leading zero was put back"),
    "uscc_mended": Reason("形近字母已按校验位更正", "look-alike letters were mended by the check character"),
    "state_unknown": Reason("状态用语未识别，记为 unknown", "a word for the state was not recognised: unknown"),
    "ownership_unknown": Reason("办学性质用语未识别，记为 unknown", "a word for who runs it was not recognised: unknown"),
    # set aside
    "exact_repeat": Reason("与前面某行完全相同", "an exact repeat of an earlier row"),
    "where": Reason("不符合筛选条件", "does not meet the filter"),
    "typecode_other": Reason("类别代码不属于本主题", "the type code is not of this theme", *_ASIDE),
    "category_other": Reason("类别不属于本主题", "the category is not of this theme", *_ASIDE),
    "scope_not_mentioned": Reason("经营范围未提及", "the business scope does not mention the goods", *_ASIDE),
    "scope_other_meaning": Reason("经营范围中的字另有所指（如烟花爆竹、烟气治理）", "the scope means something else (fireworks, flue gas …)", *_ASIDE),
    "scope_excluded": Reason("经营范围明确排除", "the scope excludes the goods", *_ASIDE),
    "scope_branch_only": Reason("仅限分支机构经营，本店不经营", "only branches sell, not this business itself", *_ASIDE),
    "scope_wholesale_only": Reason("仅批发", "wholesale only", *_ASIDE),
    "scope_not_sold": Reason("生产、运输等，不是销售", "made, carried or packed, not sold", *_ASIDE),
    "kind_university": Reason("高等院校，不属未保法第130条所称学校", "a university: no school in the sense of art. 130", *_ASIDE),
    "kind_training": Reason("培训、托育机构，不属未保法第130条所称学校", "training or day care: no school in the sense of art. 130", *_ASIDE),
    "kind_facility": Reason("学校内部设施，不是学校", "a building or ground of a school, no school", *_ASIDE),
    "kind_gate": Reason("校门，不是学校；请另以 school_gate 主题导入", "a gate, no school: import it with theme school_gate", *_ASIDE),
    "not_a_gate": Reason("不是校门", "no gate", *_ASIDE),
}  # fmt: skip

NOTES: Mapping[str, tuple[str, str]] = {
    "source": ("{detail}", "{detail}"),
    "datum_declared": ("坐标系由文件自身声明：{detail}", "the file itself declares the datum: {detail}"),
    "datum_in_header": ("坐标系由列名声明：{detail}", "the headers declare the datum: {detail}"),
    "datum_contradiction": ("注意：{detail}；已按您的声明处理", "mind: {detail}; taken as you said"),
    "datum_doubt": ("注意：可信图层中的同名地点指向另一坐标系：{detail}", "mind: places known to a trusted layer speak for another datum: {detail}"),
    "swapped": ("经纬度两列互换，已对调", "longitude and latitude columns were exchanged and put right"),
    "plane_swapped": ("X 为北、Y 为东（测绘习惯），已对调", "X = north, Y = east (survey custom): put right"),
    "micro_degrees": ("坐标为百万分之一度，已换算", "coordinates were millionths of a degree: rescaled"),
    "coarse": ("坐标最多三位小数，误差至少 {count} 米", "coordinates have three decimals at most: error at least {count} m"),
    "position_kind": ("位置误差按“{detail}”取值", "position errors by kind of source: {detail}"),
    "position_said": ("位置误差按您的声明：{detail} 米", "position errors as you said: {detail} m"),
    "shared_points": ("{count} 行与其他行共用同一坐标点", "{count} rows share their point with another row"),
    "mended_shapes": ("{count} 个自相交多边形已修复", "{count} self-crossing polygons were mended"),
    "region": ("99% 的位置所在范围外扩四分之一、至少约 8 公里（西 南 东 北）：{detail}", "region where 99 % lie, widened by a quarter or about 8 km (west south east north): {detail}"),
    "ids_hashed": ("{count} 行没有编号，按名称与地址生成", "{count} rows have no id: made from name and address"),
    "ids_repeated": ("{count} 行的编号重复，已加后缀区分（同一许可证号可能对应多处）", "{count} rows repeat an id and got a suffix (one number may stand on several places)"),
    "ids_masked": ("{count} 行的编号已隐去部分数字，不唯一，已加后缀", "{count} ids are masked by the source, hence not unique: made distinct by a suffix"),
    "texts_masked": ("{count} 处文本中的电话、证件号、邮箱已隐去", "personal numbers in {count} texts were masked"),
    "guessed": ("由列名推测的对应，请核对：{detail}", "mapping guessed from part of a header, check it: {detail}"),
    "also_fit": ("另有同样合适的列：{detail}", "other columns would fit as well: {detail}"),
    "unlinked_gates": ("校门未标明所属学校，须按位置归属", "gates do not say their school: they are matched by place"),
    "proxy": ("{count} 行是便利店、超市：是否售烟酒须凭许可证或现场核实", "{count} rows are convenience shops or supermarkets: only a licence or a visit tells what they sell"),
    "categories_unknown": ("类别用语未识别，未据此筛选", "no word of the category column is known: rows were not filtered by it"),
    "no_places": ("文件没有坐标，全部作为未定位行保留", "the file has no coordinates: all rows are kept unplaced"),
    "kinds": ("学校类别：{detail}", "kinds of school: {detail}"),
}  # fmt: skip


def reason(code: str) -> Reason:
    """The reason with this code; a filter's code carries its condition behind a colon."""
    name, _, detail = code.partition(":")
    found = REASONS.get(name)
    if found is None:
        return Reason(code, code)
    if not detail:
        return found
    return Reason(
        f"{found.zh}：{detail}", f"{found.en}: {detail}", found.remedy_zh, found.remedy_en
    )
