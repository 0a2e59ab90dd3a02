"""How the parts of a Chinese address are written: one pattern each, read from the front.

Streets named after places (镇江路, 县前街), villages named after streets and shops named after
cities (超市) are what these patterns guard against.
"""

from __future__ import annotations

import re

HAN = r"[^\W\d_A-Za-z]"
SIGN = str.maketrans({"號": "号", "〇": "零", "—": "-", "–": "-", "－": "-", "~": "-", "#": "号"})
NOISE = re.compile(r"[\s·•]+|(?<=\d)\.(?=\D)")
ASIDE = re.compile(r"[(\[【〔「](?P<aside>[^()\[\]【】〔〕「」]*)[)\]】〕」]")
LONGEST = 200
"""Characters of an address that are read; a longer text is a description."""
NUMERALS = {sign: n for n, sign in enumerate("零一二三四五六七八九")} | {"两": 2}

# A road that is named after a township or county ("镇江路", "县前街") is not that township.
ROAD_NEXT = r"(?![东西南北中]?(?:大道|大街|[路街巷弄道](?!道|村)|胡同))"
IN_NAME = r"[^\W\d_A-Za-z路街巷弄号村镇]"
CITY_NAME = r"[^\W\d_A-Za-z路街巷弄号村]"
PROVINCE = re.compile(
    r"(?P<province>(?:北京|天津|上海|重庆)市?(?=\w{1,4}[区县])|"
    rf"(?:北京|天津|上海|重庆)市|{HAN}{{2,3}}省|{HAN}{{2,6}}自治区|(?:香港|澳门)特别行政区)"
)
CITY = re.compile(
    rf"(?P<city>{HAN}{{2,8}}?(?:自治州|地区(?!办事处)|盟)|{CITY_NAME}{{1,5}}?(?<![超夜菜早闹])市"
    rf"(?![场集民政中口花井区辖部])){ROAD_NEXT}(?=.)"
)
COUNTY = re.compile(
    rf"(?P<county>路[南北桥]区|镇(?:远|雄|巴|坪|原|康|赉|平|安|沅|宁|江)\w{{0,10}}?[区县]|"
    rf"{HAN}{{2,10}}?自治[县旗]|{IN_NAME}{{1,4}}特区|{IN_NAME}{{1,4}}林区|{IN_NAME}{{1,4}}?县(?!城(?!关)|道|级)|"
    rf"{IN_NAME}{{2,4}}?(?<![小社园片校厂院库景牧矿林街宿家住宅])区(?![域间])|{HAN}{{2,6}}?旗(?![舰杆帜])|"
    rf"{IN_NAME}{{1,4}}?(?<![超夜菜早闹])市(?![场集民政中口花井区部])){ROAD_NEXT}"
)
TOWNSHIP = re.compile(
    rf"(?P<township>{IN_NAME}{{1,8}}?街道(?:办事处|办)?|{IN_NAME}{{1,6}}?地区办事处|"
    rf"{IN_NAME}{{1,7}}?(?:民族)?[镇乡](?:人民政府)?|{IN_NAME}{{1,6}}?苏木){ROAD_NEXT}(?![村口号])"
)
COMMUNITY = re.compile(
    rf"(?P<community>{HAN}{{1,8}}?(?:社区(?:居委会|居民委员会)?|居委会|居民委员会))"
)
VILLAGE = re.compile(
    rf"(?P<village>(?:{IN_NAME}|[路街](?=村)){{1,7}}?(?:行政|自然)?村(?:委会|民委员会)?){ROAD_NEXT}"
    rf"(?!\w{{0,2}}(?:[一二三四五六七八九十]+条|大厦|小区))"
)
GROUP = re.compile(r"(?P<group>第?[一二三四五六七八九十\d]{1,3}(?:村民小?组|小组|组|社|队|屯))")
NAMED_ROAD = (
    r"(?:[GSXYC]?\d{2,4}(?:国|省|县|乡|村)?道|[GSXY]\d{2,4}(?!\d)|"
    r"(?:[^\W\d_与]){1,10}?"
    r"(?:大道|大街|公路|(?<!铁)路(?!口|局|灯|桥头|网|政|段|旁|边(?!\d))|(?<!大)街(?!道办|口|心|面|坊)|"
    r"巷(?!口|子)|巷子|胡同|弄(?!堂)|(?<![街行隧通频渠轨铁地孔])道(?=\d|[甲乙丙丁]|$|[与和])|"
    r"[一二三四五六七八九十]{1,2}条)"
    r"|\d{1,2}号路)"
)
ROAD_TAIL = re.compile(
    r"[东西南北中上下前后内外]?(?:[一二三四五六七八九十]{1,2})?(?:大道|大街|路|街(?!道)|巷|胡同)(?![口局])"
)
ROAD = re.compile(rf"(?P<road>{NAMED_ROAD})")
SECTION = re.compile(
    r"(?P<section>(?:[东西南北中]|[一二三四五六七八九十\d]{1,2}|[上下])段)(?=\d|$|\D)"
)
DIGITS = r"(?:\d{1,5}|[一二三四五六七八九十百零两]{1,5}(?=[号院弄]))"
NUMBER = re.compile(
    rf"(?:门牌)?第?(?P<prefix>[甲乙丙丁戊]?)(?P<digits>{DIGITS})"
    r"(?P<sub>[-之]\d{1,4})?(?P<suffix>[甲乙丙丁A-Za-z](?![座栋幢楼区\d]))?"
    r"(?:号(?!楼|线|门|院|路|库|地|铺|摊|商)|号?院(?:内)?|弄|(?=$|[,，、;(]))"
    r"(?:附(?P<annex>\d{1,4}|[一二三四五六七八九十]{1,3})号?|[-之](?P<annex2>\d{1,4})(?=号|$)号?)?"
    r"(?P<letter>[甲乙丙丁](?![座栋幢楼区\d]))?"
)
BUILDING = re.compile(
    r"(?P<building>(?:[甲乙丙丁]?(?:\d{1,4}(?:号?楼(?!上|下)|栋|幢|座)|[一二三四五六七八九十]{1,3}(?:号楼|栋|幢|座))|"
    r"[A-Z]\d?(?:座|栋|幢|楼|区)|[A-Z]\d{1,2}(?=-|$)))"
)
UNIT = re.compile(r"(?P<unit>(?:\d{1,2}|[一二三四五六七八九十]{1,2}|[A-Z])(?:单元|门(?!面|口|市)))")
FLOOR = re.compile(
    r"(?P<floor>(?:地下|负|-|B(?=\d))?(?:\d{1,3}|[一二三四五六七八九十]{1,3}|底)(?:-\d{1,2})?(?:层|楼|F(?![A-Z]))|地下室)"
)
ROOM = re.compile(
    r"(?P<room>(?:[A-Z]-?)?\d[\dA-Za-z]*(?:[-、,]\d[\dA-Za-z]*)*(?:室|房间?|号房|号铺|号商铺|号(?!楼)|(?=$)))"
)
DANGLING = re.compile(r"(?:[\dA-Z]+|[一二三四五六七八九十])?[-、,，]+$")
OFFSET = re.compile(
    r"(?:向|往|以|偏)?(?P<bearing>[东西南北]{1,2})(?:侧|面|边|方)?(?:约)?(?P<metres>\d{1,4})(?:米|m|M)(?:处|左右|路[东西南北])*"
)
OFFSET_ALONG = re.compile(r"(?:约)?(?P<metres>\d{1,4})(?:米|m|M)(?:处|左右)*$")
JUNCTION = re.compile(
    rf"(?:(?P<first>{NAMED_ROAD})(?:与|和|及|同|、|/|-|\+)?|(?P<place>\w{{2,12}}?)与)"
    rf"(?P<second>{NAMED_ROAD})(?:的)?"
    r"(?:交叉路?口|交叉|交汇(?:处|口)?|交界(?:处|口)?|交口|路口|十字路口|丁字路口|转角|拐角|口)"
)
RELATIONS = (
    ("opposite", re.compile(r"(?:斜对[面过门]|正?对[面过门]|对角)(?:处)?$")),
    ("inside", re.compile(r"(?:院内|校内|园内|场内|店内|馆内|楼内|站内|内)$")),
    ("near", re.compile(r"(?:附近|周边|一带|左右|不远处?)$")),
    ("beside", re.compile(
        r"(?:旁边?|边上|隔壁|门口|大门口?|楼下|背后|后面|前面|桥头|路口|[东西南北]{1,2}[侧面边]|(?<!东)(?<!西)侧|"
        r"[前后左右]侧|临街|入口|出口)(?:处)?$")),
)  # fmt: skip
RELATION_ENDS = frozenset("面过门角处内近边带右远旁上壁口下后头侧街")
"""The last sign of every relation; elsewhere none need be looked for."""
