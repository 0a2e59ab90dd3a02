"""The plots of the overview as Vega-Lite, drawn by the browser from figures the other folders made."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from math import ceil
from typing import Any, Literal

import altair as alt
import pandas as pd

from imagery.catalogue.ages import AgeShare
from leads.views.overview import STAGES, Due, Funnel, Rectified
from ui.docket.names import check_title, deadline_word
from ui.overview.figures import age_word, group_word
from ui.texts import Texts

Plot = alt.Chart | alt.LayerChart | alt.FacetChart
MOST = 14
"""Groups shown; the table that can be taken along has them all."""
_BLUES = ("#c6dbef", "#9ecae1", "#6baed6", "#3182bd", "#08519c")
_DUE = {"met": "#009e73", "running": "#9ecae1", "soon": "#e69f00", "suspended": "#bdbdbd",
        "overdue": "#d55e00", "late": "#8c510a"}  # fmt: skip
_AGES = ("#08519c", "#3182bd", "#6baed6", "#9ecae1", "#c6dbef", "#e0e0e0")
_ROW, _LINE, _AROUND = 38, 18, 90
"""Pixels a row takes (its name may take two lines), a line of the legend, and what is around both."""
_BREAK = "\n"
_TAIL = "、，。；：）》”"
"""What no line begins with."""
_WIDE = 16
"""Letters of one line of a name; a Chinese one counts as two."""
_INK = "#3d4852"
_FONT = "Noto Sans SC Variable, Noto Sans SC, sans-serif"


def funnel_chart(found: Sequence[Funnel], by: str, words: Texts) -> Plot:
    """Bars one upon another: how many leads of each group came how far."""
    stages = {words(f"overview.stage.{name}"): colour for name, colour in zip(STAGES, _BLUES, strict=True)}  # fmt: skip
    rows = [{"group": _lines(group_word(one.group, by, words)), "part": part, "n": getattr(one, name), "order": place}
            for one in found[:MOST] for place, (name, part) in enumerate(zip(STAGES, stages, strict=True))]  # fmt: skip
    return _bars(rows, stages, ("group", "stage_of", "leads"), words, stack=None)


def times_chart(found: Sequence[Rectified], words: Texts) -> Plot:
    """One dot a lead, the median of each check as a line."""
    rows = [{"check": _lines(check_title(one.check, words)), "days": one.days, "number": one.number,
             "began": one.began, "gone": one.gone} for one in found]  # fmt: skip
    frame = pd.DataFrame(rows)
    y = alt.Y("check:N", title=None, axis=_names())
    base = alt.Chart(frame)
    dots = base.mark_circle(size=70, opacity=0.7, color="#0072b2").encode(
        y=y, x=alt.X("days:Q", title=words("overview.days"), scale=alt.Scale(zero=True)),
        tooltip=[_told("number:N", "overview.number", words), _told("days:Q", "overview.days", words),
                 _told("began:N", "overview.began", words), _told("gone:N", "overview.gone", words)],
    )  # fmt: skip
    middle = base.mark_tick(thickness=3, size=_ROW * 0.8, color="#d55e00").encode(
        y=y, x="median(days):Q"
    )
    return _styled(alt.layer(dots, middle), frame["check"].nunique())


def due_chart(found: Sequence[Due], words: Texts) -> Plot:
    """Deadlines of every kind by how they stand."""
    stands = {words(f"overview.due.{name}"): colour for name, colour in _DUE.items()}
    rows = [{"group": _lines(deadline_word(one.kind, words)), "part": part, "n": asdict(one)[name], "order": place}
            for one in found for place, (name, part) in enumerate(zip(_DUE, stands, strict=True))]  # fmt: skip
    return _bars(rows, stands, ("kind", "stands", "deadlines"), words, stack="zero")


def _bars(
    rows: list[dict[str, Any]], colours: Mapping[str, str], said: tuple[str, str, str], words: Texts,
    *, stack: Literal["zero"] | None,
) -> Plot:  # fmt: skip
    """A bar for each `group` of the rows, of their `part`s in these colours; `said` names group, part, number."""
    group, part, number = (words(f"overview.{name}") for name in said)
    groups = list(dict.fromkeys(row["group"] for row in rows))
    chart = alt.Chart(pd.DataFrame(rows)).mark_bar().encode(
        y=alt.Y("group:N", sort=groups, title=None, axis=_names()),
        x=alt.X("n:Q", stack=stack, title=number, axis=alt.Axis(tickMinStep=1)),
        color=alt.Color("part:N", scale=alt.Scale(domain=list(colours), range=list(colours.values())),
                        legend=_legend(words)),
        order=alt.Order("order:O"),
        tooltip=[alt.Tooltip("group:N", title=group), alt.Tooltip("part:N", title=part), alt.Tooltip("n:Q", title=number)],
    )  # fmt: skip
    return _styled(chart, len(groups), len(colours) / _columns(words))


def ages_chart(found: Sequence[AgeShare], words: Texts) -> Plot:
    """One bar: the area by the age of its newest scene."""
    names = [age_word(one, words) for one in found]
    rows = [{"age": name, "share": one.share, "km2": one.m2 / 1e6, "order": place, "row": ""}
            for place, (name, one) in enumerate(zip(names, found, strict=True))]  # fmt: skip
    chart = alt.Chart(pd.DataFrame(rows)).mark_bar(stroke="#ffffff").encode(
        y=alt.Y("row:N", title=None, axis=None),
        x=alt.X("share:Q", title=words("overview.share"), axis=alt.Axis(format="%"),
                scale=alt.Scale(domain=[0, 1])),
        color=alt.Color("age:N", scale=alt.Scale(domain=names, range=list(_AGES)),
                        legend=alt.Legend(title=None, orient="top", columns=2)),
        order=alt.Order("order:O"),
        tooltip=[_told("age:N", "overview.age", words), _told("km2:Q", "overview.km2", words, ",.2f"),
                 _told("share:Q", "overview.share", words, ".1%")],
    )  # fmt: skip
    return _styled(chart, 3, len(found) / 2)


def _legend(words: Texts) -> alt.Legend:
    """Above the plot."""
    return alt.Legend(title=None, orient="top", columns=_columns(words))


def _columns(words: Texts) -> int:
    """As many columns of a legend as fit beside the names on a phone."""
    return 3 if words.lang == "zh" else 1


def _names() -> alt.Axis:
    """An axis of names, each in the lines it was given, the middle of them beside its bar."""
    return alt.Axis(labelExpr=r"split(datum.label, '\n')", labelLimit=0, labelOverlap=False,
                    labelBaseline=alt.condition(r"indexof(datum.label, '\n') < 0", alt.value("middle"), alt.value("bottom")))  # fmt: skip


def _lines(name: str) -> str:
    """A name in at most two lines, so that it is never cut; the tooltip shows it in one."""
    room = [2 if ord(letter) > 0x2E7F else 1 for letter in name]
    if sum(room) <= _WIDE:
        return name
    spaces = [n for n, letter in enumerate(name) if letter == " "] or range(1, len(name))
    spaces = [n for n in spaces if name[n] not in _TAIL] or spaces
    middle = min(spaces, key=lambda n: abs(sum(room[:n]) - sum(room[n:])))
    return f"{name[:middle].rstrip()}{_BREAK}{name[middle:].lstrip()}"


def _told(field: str, key: str, words: Texts, form: str | None = None) -> alt.Tooltip:
    title = words(key)
    return (
        alt.Tooltip(field, title=title)
        if form is None
        else alt.Tooltip(field, title=title, format=form)
    )


def _styled(chart: Plot, rows: int, lines: float = 0) -> Plot:
    """The size for so many rows and lines of a legend, and the page's own font and ink."""
    look = {"font": _FONT, "axis": {"labelFontSize": 12, "titleFontSize": 12, "labelColor": _INK, "titleColor": _INK},
            "legend": {"labelFontSize": 12, "labelColor": _INK}}  # fmt: skip
    return chart.properties(height=max(rows, 2) * _ROW + ceil(lines) * _LINE + _AROUND, config=look)
