"""The grammar of a business scope: segments, items, brackets, exclusions, marks for branches."""

from __future__ import annotations

import re
from dataclasses import dataclass

_OPEN, _CLOSE = "([{【〔", ")]}】〕"
_PERMIT_TERM = re.compile(r"[^(]*(?:有效期|许可证|批准文件|执照|备案)[^)]*")
_OUTSIDE = re.compile(r"除[^;。()]*?(?:以外|之外|外)(?=[,;。、)的]|$)")
_NOT_WITH = re.compile(
    r"(?:不含有?|不包括|不包含|不得(?:从事)?(?:经营|销售|零售)?|不(?:经营|销售|零售|从事)|未经[^;。()]*不得|严禁|禁止|不准)"
    r"[^;。,()]*(?:\([^()]*\)[^;。,()]*)*"
)
_EXCEPT = re.compile(
    r"(?:^|(?<=[;。,(]))[^;。,()]*(?:除外|不在此列|另行办理|凭许可证另行)[^;。,()]*"
)
_BRANCH = re.compile(
    r"(?:仅?限|由)?(?:下属|所属|外埠|各)?(?:分支机构|分公司|分店|门店|连锁店)(?:凭许可证)?经营|(?:仅?限)(?:外埠|下属|所属)?(?:分支机构|分公司|分店)"
)
_FOLLOWING = re.compile(r"(?:以下|下列)(?:项目|范围|经营项目)?[^:;。]*$")
_HEADING = re.compile(rf"(?:项目|范围)$|{_FOLLOWING.pattern}|{_BRANCH.pattern}")
_LISTED = re.compile(r"^(?:含有?|包括|包含|其中|主要为|主营|零售|销售)[:]?([^(]*)")
_AND_SO_ON = re.compile(r"等(?:商品|产品|食品|制品|百货|货物|业务)?$")
_ENDS_LIST = re.compile(r"以[下上](?:项目|范围)")


@dataclass(frozen=True, slots=True)
class Segment:
    """One segment: its items without brackets, the brackets' contents, a heading before a colon."""

    items_text: str
    brackets: tuple[str, ...]
    heading: str
    ends_sentence: bool


def segments_of(scope: str) -> list[Segment]:
    """Segments at bracket depth 0, split at `;` and `。`."""
    found: list[Segment] = []
    outside: list[str] = []
    inside: list[str] = []
    brackets: list[str] = []
    depth = 0
    for sign in [*scope, ";"]:
        if sign in _OPEN:
            depth += 1
        elif sign in _CLOSE:
            depth = max(0, depth - 1)
            if depth == 0:
                brackets.append("".join(inside))
                inside = []
        elif depth:
            inside.append(sign)
        elif sign in ";。":
            found.append(_segment("".join(outside), tuple(brackets), sign == "。"))
            outside, brackets = [], []
        else:
            outside.append(sign)
    if inside:  # a bracket that never closes hides nothing
        found += segments_of("".join(inside))
    if outside or brackets:
        found.append(_segment("".join(outside), tuple(brackets), ends=True))
    return [segment for segment in found if segment.items_text or segment.heading]


def _segment(text: str, brackets: tuple[str, ...], ends: bool) -> Segment:
    heading, colon, items = text.partition(":")
    if not (colon and _HEADING.search(heading)):
        heading, items = "", text
    listed = [match[1] for inside in brackets if (match := _LISTED.match(inside))]
    return Segment("、".join([items, *listed]), brackets, heading, ends)


def branch_marks(segments: list[Segment]) -> list[bool]:
    """Which segments only branches carry out.

    Said in the segment's own bracket, or by a heading "以下项目限分支机构经营:" which holds for
    everything up to the next heading or the end of the sentence.
    """
    marks: list[bool] = []
    heading_holds = False
    for segment in segments:
        if segment.heading or _ENDS_LIST.search(segment.items_text):
            heading_holds = bool(_BRANCH.search(segment.heading))
        own = any(_BRANCH.search(text) for text in (*segment.brackets, segment.items_text))
        marks.append(own or heading_holds)
        if segment.ends_sentence:
            heading_holds = False
    return marks


def split_items(segment: str) -> list[str]:
    """Items of a segment: split at `、`, `,`, `/` and 和/及/与/以及; a closing 等 is cut off."""
    parts = re.split(r"[、,/]|以及|及其|[和及与]", segment)
    return [bare for part in parts if (bare := _AND_SO_ON.sub("", part))]


def without_exclusions(scope: str) -> str:
    """A scope with what it excludes, and the terms of its permits, taken out."""
    text = re.sub(r"\(([^()]*)\)", _keep_bracket, scope)
    text = _EXCEPT.sub("", text)
    text = _OUTSIDE.sub("", text)
    return _NOT_WITH.sub("", text)


def _keep_bracket(match: re.Match[str]) -> str:
    inside = match[1]
    if _BRANCH.search(inside):
        return match[0]
    excludes = _EXCEPT.search(inside) or _NOT_WITH.match(inside) or _OUTSIDE.search(inside)
    return "" if excludes or _PERMIT_TERM.fullmatch(inside) else match[0]
