"""Articles that several checks rest on, once each, with the days they are in force.

`verified` is true where the text of the article was read in a collection of laws; what is
known from memory or from the press only is `False` and printed as unverified.
"""

from __future__ import annotations

from checks._records import LegalBasis
from checks._text import Text

MINORS = Text("中华人民共和国未成年人保护法", "Law on the Protection of Minors")

MINORS_58 = LegalBasis(
    MINORS, "58", "2021-06-01", source="JL", verified=True,
    says=Text(
        "学校、幼儿园周边不得设置营业性娱乐场所、酒吧、互联网上网服务营业场所等不适宜未成年人活动的场所",
        "no commercial entertainment venues, bars, internet cafés or other places unfit for "
        "minors around schools and kindergartens",
    ),
)  # fmt: skip
MINORS_36_OLD = LegalBasis(
    MINORS, "36", "2007-06-01", "2021-05-31", source="mem", verified=False,
    says=Text(
        "中小学校园周边不得设置营业性歌舞娱乐场所、互联网上网服务营业场所等不适宜未成年人活动的场所",
        "no commercial song-and-dance venues, internet cafés or other places unfit for minors "
        "around primary and middle schools",
    ),
)  # fmt: skip
MINORS_59 = LegalBasis(
    MINORS, "59(1)", "2021-06-01", source="JL", verified=True,
    says=Text(
        "学校、幼儿园周边不得设置烟、酒、彩票销售网点",
        "no outlets for tobacco, alcohol or lottery tickets around schools and kindergartens",
    ),
)  # fmt: skip
MINORS_123 = LegalBasis(
    MINORS, "123", "2021-06-01", source="JL", verified=True,
    says=Text(
        "责令限期改正，可并处五万元以下罚款；情节严重的处五万元以上五十万元以下罚款，"
        "由文化和旅游、市场监督管理、烟草专卖、公安等部门按照职责分工处理",
        "order to correct, fine up to 50,000 yuan, in serious cases 50,000 to 500,000; by "
        "culture and tourism, market supervision, tobacco and police, each in its field",
    ),
)  # fmt: skip
TOBACCO_LAYOUT = LegalBasis(
    Text("烟草专卖许可证管理办法实施细则", "Rules on Tobacco Monopoly Licences"), "15–18",
    "2020-12-30", number="国烟法〔2020〕205号", source="mem", verified=False,
    says=Text(
        "零售点的布局由地方烟草专卖局的合理布局规划规定",
        "where outlets may be is laid down by the layout plan of the local tobacco bureau",
    ),
)  # fmt: skip
KINDERGARTEN_NOTICE = LegalBasis(
    Text(
        "文化和旅游部关于调整娱乐场所和互联网上网服务营业场所审批有关事项的通知",
        "Ministry of Culture and Tourism notice on approving entertainment venues and internet cafés",
    ),
    "—", "2021-05-27", number="文旅市场发〔2021〕57号", source="web", verified=False,
    says=Text(
        "幼儿园与娱乐场所、互联网上网服务营业场所的距离及测量方法由省级文化和旅游行政部门规定",
        "distance and method between kindergartens and such venues are set by the province",
    ),
)  # fmt: skip
