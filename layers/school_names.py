"""What the name of a school tells: its kind, its gate, and whether two names are one school.

Names are read as mappers and POI lists write them: Chinese first, the commonest English,
German and Finnish words beside it. A name that tells nothing gives `unknown`, never a guess.
"""

from __future__ import annotations

import re

from layers.cleaning.text import normalise

_N = "[一二三四五六七八九十0-9]"
# The word that stands last decides ("…小学附属幼儿园" is a kindergarten), and of words that
# end together the first in this table ("培训学校" is training, not a school).
_KINDS: dict[str, tuple[str, ...]] = {
    "training": (
        "培训(?:学校|中心|机构|班|部|基地)?", "辅导(?:班|中心)?", "驾校", "驾驶.{0,4}学校", "少年宫",
        "托管(?:班|中心)?", "托育(?:园|中心)?", "早教(?:中心|园)?", "亲子园", "老年大学", "党校", "夜校",
        "成人(?:教育)?(?:学校|中心)", "托儿所", "青少年活动中心", "补习(?:学校|班)?",
        "driving school", "language school", "music school",
    ),
    "kindergarten": (
        "幼儿园", "幼稚园", "幼儿部", "学前班", "分园", "kindergarten", r"kita\b",
        "kindertages", "pre-?school", "nursery", "päiväkoti",
    ),
    "special": (
        "特殊(?:教育)?(?:学校|中心)", "特教(?:学校|中心)",
        "(?:培智|启智|启聪|聋哑|聋人|盲人|盲童|聋)(?:实验)?学校", "盲校", "聋校", "special school",
        "school for the (?:deaf|blind)", "gehörlosenschule", "förderschule",
    ),
    "specialised": ("专门(?:教育)?学校", "工读学校"),
    # Either a secondary vocational school or a training firm: only its licence tells.
    "unknown": ("(?:艺术|舞蹈|武术|戏曲|戏剧|音乐|美术|杂技|体育|体育运动)学校", "体校", "书院"),
    "vocational": (
        "职业(?:技术)?(?:中等)?(?:专业|高级)?(?:学校|中学|高中|中专)", "职业教育中心(?:学校)?", "职教中心",
        "职中", "职高", "中专", "中等.{0,4}(?:专业|职业|技术)学校", "(?:高级)?技工学校", "技校",
        "技师学院", "卫校", "卫生学校", "vocational school", "berufsschule",
    ),
    "university": (
        "大学", "学院", "研究生[院部]", "高等专科学校", "university", "hochschule", "universität",
    ),
    "primary_middle": (
        "(?:九|十二|十五)年(?:一贯)?制(?:学校)?", "一贯制(?:学校)?", "中小学",
        "小学[、,/+和及与](?:初中|中学|高中)部?", "(?:初中|中学|高中)[、,/+和及与]小学部?",
    ),
    "middle": (
        "中学", "初中部?", "高中部?", "完中", "附中", f"{_N}中(?!心)", "high school", "middle school",
        "secondary school", "gymnasium", "realschule", "lukio", r"yläaste\w*",
    ),
    "primary": (
        "小学部?", "附小", "完小", "中心校", "教学点", rf"{_N}小(?=$|\W)", "elementary(?: school)?",
        "primary school", "grundschule", r"ala-aste\w*",
    ),
    "school": ("学校",),
}  # fmt: skip
_KIND_PATTERNS = tuple((kind, re.compile("|".join(words))) for kind, words in _KINDS.items())
# "…幼儿园(托育中心)" is a kindergarten that also takes infants.
_CARE_BESIDE = re.compile(r"(幼儿园|小学|中学)[(\[][^)\]]*(?:托|培训)[^)\]]*[)\]]")
_SOME_SCHOOL = re.compile(r"school\b|schule|koulu|lycée|escuela")

_SIDE = "(?:东南|东北|西南|西北|[东西南北正大主后侧偏边前小校])"
_COUNT = "[一二三四五六七八九十0-9A-Za-z]{1,2}号?"
_GATE = re.compile(
    rf"^(?P<school>.+?)[\s\-—_·(\[【]*(?P<gate>{_SIDE}(?:{_COUNT})?门|{_COUNT}门|主?出?入口)[)\]】\s]*$"
)
_NOT_A_CAMPUS = re.compile(r"停车|公交|地铁|车站|[店馆]$|超市")
_ROLES = (
    ("main", re.compile(r"正门|大门|主门|主出?入口|main (?:gate|entrance)", re.IGNORECASE)),
    ("back", re.compile(r"后门|back (?:gate|entrance)|rear (?:gate|entrance)", re.IGNORECASE)),
    ("side", re.compile(r"侧门|偏门|边门|小门|side (?:gate|entrance)", re.IGNORECASE)),
)

_DIGITS = str.maketrans("0123456789", "〇一二三四五六七八九")
_SHORT = (
    (re.compile(r"第?([〇一二三四五六七八九十]+)中(?=$|[^心小学])"), r"第\1中学"),
    (re.compile(r"第?([〇一二三四五六七八九十]+)小(?=$|[^学])"), r"第\1小学"),
    (re.compile(r"第?([〇一二三四五六七八九十]+)幼(?=$|[^儿])"), r"第\1幼儿园"),
    (re.compile(r"(?<!第)(?<![〇一二三四五六七八九十])([〇一二三四五六七八九十]+)(?=中学|小学|幼儿园|初中|高中)"),
     r"第\1"),
    (re.compile(r"附中(?!心)"), "附属中学"), (re.compile(r"附小"), "附属小学"),
    (re.compile(r"附幼"), "附属幼儿园"), (re.compile(r"实小(?=$)"), "实验小学"),
    (re.compile(r"实中(?=$)"), "实验中学"), (re.compile(r"高级中学|高中(?!部)"), "高中"),
    (re.compile(r"初级中学|初中(?!部)"), "初中"),
)  # fmt: skip
_NUMBERS = re.compile(r"[〇一二三四五六七八九十\d]+")
# Words that tell one campus of a school from another: both names bear them or neither.
_TELLING = (
    "分校", "分园", "校区", "国际部", "初中部", "高中部", "小学部", "幼儿部", "附属", "实验",
    "中心", "东", "西", "南", "北", "新", "老",
)  # fmt: skip


def kind_of_name(name: str | None) -> str:
    """Kind of school (one of `SCHOOL_KINDS`) that `name` tells; `unknown` where it tells none.

    `school` means a school in the sense of the law whose kind the name leaves open.
    """
    text = normalise(name or "").lower()
    text = _CARE_BESIDE.sub(r"\1", text)
    ends = [
        (match.end(), -rank, kind)
        for rank, (kind, pattern) in enumerate(_KIND_PATTERNS)
        for match in pattern.finditer(text)
    ]
    if ends:
        return max(ends)[2]
    return "school" if _SOME_SCHOOL.search(text) else "unknown"


def split_gate(name: str | None) -> tuple[str, str] | None:
    """`(school, gate)` of a name such as 阳光小学(东门); `None` where no gate is named."""
    text = normalise(name or "")
    match = _GATE.match(text)
    if match is None or _NOT_A_CAMPUS.search(match["school"]):
        return None
    if kind_of_name(match["school"]) == "unknown":
        return None
    return match["school"].strip(" -—_·([【"), match["gate"]


def gate_role(name: str | None) -> str:
    """Role of a gate by its name: `main`, `back`, `side` or `unknown`.

    A compass point alone (南门) tells no role: many schools have their main gate elsewhere.
    """
    text = normalise(name or "")
    return next((role for role, pattern in _ROLES if pattern.search(text)), "unknown")


def canonical(name: str | None) -> str:
    """A school's name for comparison: NFKC, no blanks or brackets, short forms written out.

    >>> canonical("贵溪五中")
    '贵溪第五中学'
    """
    text = re.sub(r"[\W_]+", "", normalise(name or "").lower())
    text = text.translate(_DIGITS)
    for pattern, full in _SHORT:
        text = pattern.sub(full, text)
    return text


def same_school(one: str | None, other: str | None) -> bool:
    """Whether two names may be one school: equal, or one the abbreviation of the other.

    清华附中 and 清华大学附属中学 may; 中关村中学 and 中关村中学分校 may not, nor may two numbers.
    Only the names are compared: the caller adds that the two lie close together.
    """
    short, long = sorted((canonical(one), canonical(other)), key=len)
    if not short:
        return False
    if short == long:
        return True
    return (
        len(short) >= 3
        and _NUMBERS.findall(short) == _NUMBERS.findall(long)
        and all((word in short) == (word in long) for word in _TELLING)
        and kind_of_name(short) == kind_of_name(long)
        and (short[0] == long[0] or long.endswith(short))
        and _is_subsequence(short, long)
    )


def _is_subsequence(short: str, long: str) -> bool:
    rest = iter(long)
    return all(sign in rest for sign in short)
