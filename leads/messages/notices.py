"""What a message says, in words: made from its kind and its body when somebody reads it.

A body names leads by id and number and says what changed; it never holds the sentences themselves.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from checks import Text, catalogue
from leads.runs.report import CHANGE_WORDS, WHY_NOT
from leads.steps.look_back import RESULT_WORDS

ALARM = "alarm"
CHANGES = ("asked_again", "back", "new", "changed", "vanished")
"""What a run changed in leads, the most urgent first; one message each, per check and run."""
DUE = ("deadline_overdue", "deadline_soon", "look_overdue", "look_soon")
RELAPSE, LOOKED, LOOK_TOLD = "relapse", "looked", "look_told"
KINDS = (ALARM, RELAPSE, *DUE, *CHANGES, LOOK_TOLD, LOOKED)
"""Every kind of message, in the order of a digest."""
URGENT = frozenset({ALARM, RELAPSE, "deadline_overdue", "asked_again"})
KIND_WORDS: Mapping[str, Text] = {
    ALARM: Text("监测警报", "alarm of a watch"),
    RELAPSE: Text("问题复发", "relapse"),
    "deadline_overdue": Text("期限已过", "deadline overdue"),
    "deadline_soon": Text("期限将届满", "deadline due soon"),
    "look_overdue": Text("回头看逾期", "look-back overdue"),
    "look_soon": Text("该回头看了", "look-back due"),
    LOOK_TOLD: Text("新数据显示", "what new data say"),
    LOOKED: Text("回头看已记录", "look-back recorded"),
    **{name: CHANGE_WORDS[name] for name in CHANGES},
}
ALARM_WORDS: Mapping[str, Text] = {
    "silent": Text("以前有结果，这次一条也没有", "found something before and nothing now"),
    **WHY_NOT,
    "broken": Text("监测无法运行：{problem}", "the watch could not run: {problem}"),
}
"""Why a watch raises an alarm."""
FACT_WORDS: Mapping[str, Text] = {
    "verdict": Text("判定", "verdict"),
    "measured": Text("实测值", "measured value"),
    "limit": Text("限值", "limit"),
    "rule": Text("规则", "rule"),
    "licence_class": Text("证照情况", "licence class"),
    "object": Text("对照对象", "other side"),
    "name": Text("名称", "name"),
    "address": Text("地址", "address"),
    "place": Text("位置", "place"),
    "credit_code": Text("统一社会信用代码", "credit code"),
    "zones": Text("保护区", "zones"),
    "facts.valid_to": Text("有效期", "valid to"),
    "facts.licence_status": Text("证照状态", "licence state"),
    "facts.area_m2": Text("面积", "area"),
    "facts.width_m": Text("宽度", "width"),
}
_OTHER = Text("其他事实", "other facts")
_TITLE = Text("{check}：{kind}", "{check}: {kind}")
_COUNTED = Text("{kind} {count} 条", "{kind}: {count}")
_WHAT = Text("（{what}）", " ({what})")
_DUE_LINE = Text("{day} {what}", "{day} {what}")
_SAYS = Text("{result}，{why}", "{result}; {why}")
_MARK = Text("【暂计：节假日未公布】", " [provisional: holidays not published]")


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a message: what is said, and the lead it is about, if one.

    `name` is the subject's name (a shop, a person's firm): for the screen, never for a mail.
    """

    words: Text
    lead_id: str | None = None
    number: str | None = None
    name: str | None = None


def title_of(kind: str, body: Mapping[str, Any]) -> Text:
    """The heading of a message."""
    words = KIND_WORDS.get(kind, same(kind))
    if kind in CHANGES:
        words = _COUNTED.fill(kind=words, count=body.get("count", 0))
    if kind == ALARM:
        return _TITLE.fill(check=body.get("title", ""), kind=words)
    about = body.get("check")
    return _TITLE.fill(check=check_words(str(about)), kind=words) if about else words


def lines_of(kind: str, body: Mapping[str, Any]) -> tuple[Line, ...]:
    """The lines of a message, in its own order."""
    return tuple(_lines(kind, body))


def check_words(check: str) -> Text:
    """The title of a check, or its id where the catalogue has it no longer."""
    entry = catalogue().get(check)
    return entry.check.title if entry else same(check)


def joined(texts: Sequence[Text]) -> Text:
    """Several words one after the other."""
    return Text("、".join(one.zh for one in texts), ", ".join(one.en for one in texts))


def same(words: str) -> Text:
    """A name, or a code that has no words: alike in both languages."""
    return Text(words, words)


def _lines(kind: str, body: Mapping[str, Any]) -> Iterator[Line]:
    if kind == ALARM:
        words = ALARM_WORDS.get(str(body.get("why")), same(str(body.get("why"))))
        for check in body.get("checks") or ():
            said = words.fill(problem=body.get("problem", ""))
            yield Line(said if check == "*" else _TITLE.fill(check=check_words(check), kind=said))
        return
    for lead in body.get("leads") or ():
        yield Line(_said(kind, body, lead), lead.get("id"), lead.get("number"), lead.get("name"))


def _said(kind: str, body: Mapping[str, Any], lead: Mapping[str, Any]) -> Text:
    if kind in DUE:
        mark = _MARK if body.get("provisional") else same("")
        told = _DUE_LINE.fill(day=body["due_on"], what=Text(**body["words"]))
        return Text(told.zh + mark.zh, told.en + mark.en)
    if kind in (RELAPSE, LOOKED, LOOK_TOLD):
        why = Text(**body["why"]) if "why" in body else same("")
        return _SAYS.fill(result=RESULT_WORDS[body["result"]], why=why)
    what = list(dict.fromkeys(FACT_WORDS.get(name, _OTHER) for name in lead.get("what") or ()))
    return _WHAT.fill(what=joined(what)) if what else same("")
