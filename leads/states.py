"""The states of a lead, in the order of a case's life; what may follow what stands in the
workflow table (`leads.steps.workflow`, data).
"""

from __future__ import annotations

from collections.abc import Mapping

from checks import Text

REGISTERED, DISMISSED, FOLLOW_UP = "registered", "dismissed", "follow_up"
SENT, HANDED_OVER = "sent", "handed_over"

STATE_WORDS: Mapping[str, Text] = {
    "registered": Text("线索登记", "registered"),
    "screening": Text("初步调查", "screening"),
    "competence_disputed": Text("管辖争议", "competence disputed"),
    "transferred": Text("移送", "transferred"),
    "sent": Text("移送途中", "on its way to another office"),
    "handed_over": Text("已由他院接收", "taken over by another office"),
    "not_filed": Text("不立案", "not filed"),
    "filed": Text("立案", "filed"),
    "consultation": Text("磋商", "consultation"),
    "investigation": Text("调查", "investigation"),
    "announcement": Text("公告", "announcement"),
    "recommendation": Text("检察建议已发出", "recommendation issued"),
    "rectification": Text("整改期", "rectification period"),
    "follow_up": Text("跟进监督（回头看）", "follow-up (look-back)"),
    "suspended": Text("中止审查", "suspended"),
    "closed": Text("终结", "closed"),
    "sued": Text("起诉", "sued"),
    "archived": Text("归档", "archived"),
    "dismissed": Text("排除", "dismissed"),
}
"""Words of every state; `dismissed` is a person's word that nothing is to be done."""

AWAY = frozenset({SENT, HANDED_OVER})
"""States in which another office has the lead, or may have it: nobody here works on it, and only
`leads.exchange` moves it there and back."""

RESTING = frozenset({"transferred", "not_filed", "closed", "archived", "dismissed"}) | AWAY
"""States in which nobody has to act; a relapse or changed facts ask again."""

ENDED = frozenset({"closed", "archived"})
"""States a matter ends in: found again, it is a relapse."""
