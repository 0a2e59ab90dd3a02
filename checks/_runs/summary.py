"""What a run prints: a table of counts, what was missing and how to mend it, what failed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from unicodedata import east_asian_width

from checks._catalogue import get_check
from checks._gaps import IMPORT
from checks._records import UNDECIDED_WORDS, VERDICTS
from checks._runs.runner import RunResult
from checks._text import Text

VERDICT_HEADS: dict[str, Text] = {
    "inside": Text("明显在内", "inside"),
    "borderline": Text("临界", "borderline"),
    "undecided": Text("无法判定", "undecided"),
    "outside": Text("在外", "outside"),
}
"""The verdicts as heads of columns."""
_W: dict[str, Text] = {
    "check": Text("检查项", "check"),
    "no_data": Text("没有数据（不等于没有问题）", "no data (not the same as clear)"),
    "failed": Text("运行出错", "failed"),
    "not_listed": Text(
        "在外的未列出；加 --all 列出", "those outside are not listed; --all lists them"
    ),
    "missing": Text("无法判定的原因", "why undecided"),
    "remedy": Text("办法", "remedy"),
    "generated": Text(
        "注意：数据为生成的演示数据", "mind: the data are generated for demonstration"
    ),
    "unverified": Text(
        "注意：以下规定未核实原文：", "mind: the text of these rules is not verified: "
    ),
    "theme": Text("主题", "THEME"),
    "subjects": Text("个", "subjects"),
}

NO_DATA = ("theme_missing", "no_data")


def summary(result: RunResult, lang: str = "zh") -> str:
    """The run in a few lines for the shell."""
    lines = [*_table(result, lang), ""]
    if not result.all_subjects:
        lines.append(_W["not_listed"].of(lang))
    lines += [*_why(result, lang), *_failures(result, lang), *_marks(result, lang)]
    return "\n".join(lines).rstrip()


def _table(result: RunResult, lang: str) -> Iterator[str]:
    failed = {failure.check for failure in result.failures}
    yield row(_W["check"].of(lang), (VERDICT_HEADS[v].of(lang) for v in VERDICTS))
    for check in result.checks:
        if check in failed:
            yield f"{check:<28}  {_W['failed'].of(lang)}"
        elif result.no_data(check):
            yield f"{check:<28}  {_W['no_data'].of(lang)}"
        else:
            counts = result.counts(check)
            yield row(
                check,
                (
                    "-" if v == "outside" and not result.all_subjects else counts[v]
                    for v in VERDICTS
                ),
            )


def row(first: str, cells: Iterable[object]) -> str:
    """A line of a table in the shell."""
    return first + _gap(first, 28) + "".join(_gap(one, 12) + one for one in map(str, cells))


def _gap(text: str, width: int) -> str:
    """Blanks up to a width in columns of a terminal, where a Chinese letter takes two."""
    taken = len(text) + sum(east_asian_width(letter) in "WF" for letter in text)
    return " " * max(width - taken, 1)


def _why(result: RunResult, lang: str) -> Iterator[str]:
    whole = [u for u in result.undecided if u.subject_id is None]
    single = Counter((u.check, u.code) for u in result.undecided if u.subject_id is not None)
    unruled = Counter(f.check for f in result.findings
                      if f.verdict == "undecided" and f.in_force is None)  # fmt: skip
    if not (whole or single or unruled):
        return
    yield f"{_W['missing'].of(lang)}:"
    for one in whole:
        yield f"  {one.check}: {one.reason.of(lang)}"
    remedies = [IMPORT.fill(theme=_W["theme"]) if one.code in NO_DATA else one.remedy
                for one in whole]  # fmt: skip
    yield from (
        f"    {_W['remedy'].of(lang)}: {words.of(lang)}" for words in dict.fromkeys(remedies)
    )
    for (check, code), count in sorted(single.items()):
        yield f"  {check}: {UNDECIDED_WORDS[code].of(lang)}: {count} {_W['subjects'].of(lang)}"
    for check, count in sorted(unruled.items()):
        words = "watch" if get_check(check).check.level == "watch" else "no_rule"
        reason = UNDECIDED_WORDS.get(words, Text("观察名单", "watch list"))
        yield f"  {check}: {reason.of(lang)}: {count} {_W['subjects'].of(lang)}"


def _failures(result: RunResult, lang: str) -> Iterator[str]:
    for failure in result.failures:
        yield f"{_W['failed'].of(lang)}: {failure.check}: {failure.message}"


def _marks(result: RunResult, lang: str) -> Iterator[str]:
    if any(source.get("generated") for ref in result.layers for source in ref.sources):
        yield _W["generated"].of(lang)
    rules = {f.in_force.id: f.in_force for f in result.findings if f.in_force}
    titles = dict.fromkeys(r.document.title for r in rules.values() if not r.verified)
    if titles:
        yield _W["unverified"].of(lang) + "; ".join(titles)
