"""What a table model cannot say, and how to mend it: columns, keys and cells that are missing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import numpy as np

from checks._gaps import how_to_import
from checks._records import Undecided
from checks._tables.columns import UNKNOWN, missing
from checks._tables.terms import (
    MATCH_COLUMNS,
    Clause,
    Compare,
    Condition,
    LimitRef,
    Missing,
    Model,
    Operand,
    Ref,
    Table,
    Value,
    Words,
    operands,
    terms,
    value_operands,
)
from checks._tables.truth import Scene
from checks._text import Text
from layers import LayerSet
from layers.errors import LayerError
from layers.themes import theme

NO_KEY = Text("没有可与登记对照的编号、名称或地址：不能得出“无登记”的结论",
              "no number, name or address to look it up by: that nothing was found would mean nothing")  # fmt: skip
_NO_COLUMN = Text("表“{theme}”没有列“{column}”：无法运行，不等于没有问题",
                  "the table {theme} has no column {column}: nothing can be said, which is not the same as clear")  # fmt: skip
_SET = Text("核对源文件的表头后重新导入（开放表保留源文件的列名），或改正模型 columns 中的列名",
            "compare the headers of the file and import again (an open table keeps them), or correct "
            "the name under columns in the model")  # fmt: skip
_PART = Text("没有“{what}”：这一部分没有查，不等于没有问题",
             "no {what}: that part was not looked at, which is not the same as clear")  # fmt: skip
_EMPTY = Text("缺少：{what}", "missing: {what}")
_REGISTER = Text("登记表中的“{name}”", "{name} of the register")
_LIMIT = Text("限值“{title}”：{why}", "limit {title}: {why}")
FILL_IN = Text("补充缺少的内容后重新导入", "add what is missing and import again")
ADD_RULE = Text("在规则包 data/rules/ 中写明当地数值及文件",
                "write the local number and its document into a rule pack in data/rules/")  # fmt: skip
UNCLEAR = Text("不能确定", "it cannot be told")


def missing_columns(model: Model, layers: LayerSet, on_date: str) -> Iterator[Undecided]:
    """One record per declared column that its layer does not bring."""
    for side in filter(None, (model.subject, model.register)):
        for name in (side.theme, *side.also):
            if name not in layers:
                continue
            for column in side.extra:
                if column in layers[name].frame:
                    continue
                known = {"theme": name, "column": column}
                yield Undecided(model.check.id, "column_missing", _NO_COLUMN.fill(**known),
                                _SET.fill(**known), on_date, theme=name)  # fmt: skip


def theme_gap(model: Model, name: str, on_date: str) -> Undecided:
    """Of several themes one is missing; what is said of the others stands."""
    about = theme(name)
    return Undecided(model.check.id, "part_missing", _PART.fill(what=Text(about.zh, about.en)),
                     how_to_import(name), on_date, theme=name)  # fmt: skip


def said_by_nobody(
    clauses: tuple[Clause, ...], truths: np.ndarray, line: np.ndarray, sure: np.ndarray
) -> np.ndarray:
    """The lines, with those not known moved to the first line `undecided` that says why."""
    for number in reversed(range(len(clauses))):
        if clauses[number].verdict == "undecided":
            line = np.where(
                (sure == UNKNOWN) & (truths[number] == 1) & (line <= number), number, line
            )
    return line


def why_unknown(
    model: Model, condition: Condition, scene: Scene, row: int
) -> tuple[Text, Text, str]:
    """What is missing for one subject: the reason, the remedy, and the code of the gap."""
    seen = list(dict.fromkeys(_all_operands(model, operands(condition))))
    limits = [
        one.name for one in seen if isinstance(one, LimitRef) and scene.rule(one.name) is None
    ]
    if limits:
        why = _LIMIT.fill(
            title=model.limit_titles[limits[0]], why=scene.limits.none.get(limits[0], UNCLEAR)
        )
        return why, ADD_RULE, "no_rule"
    cells = [one for one in seen if isinstance(one, Ref) and _gone(one, scene, row)]
    names = [_title(model, one) for one in cells] or [
        Text(f"“{one.name}”", one.name) for one in _leaves(condition)]  # fmt: skip
    what = Text("、".join(one.zh for one in names[:5]), ", ".join(one.en for one in names[:5]))
    return _EMPTY.fill(what=what if names else UNCLEAR), FILL_IN, "value_missing"


def _all_operands(model: Model, found: Iterable[Operand]) -> Iterator[Operand]:
    """Operands, and those the values among them are made of."""
    values = {value.name: value for value in model.values}
    for one in found:
        value = values.get(one.name) if isinstance(one, Ref) and one.side == "subject" else None
        if value is None:
            yield one
        else:
            yield from _all_operands(model, _made_of(value))


def _made_of(value: Value) -> Iterator[Operand]:
    return value_operands(value)


def _gone(ref: Ref, scene: Scene, row: int) -> bool:
    if ref.side == "subject":
        return bool(missing(scene.subject.cells(ref.name)[row : row + 1])[0])
    if scene.joined is None or scene.register is None or ref.name in MATCH_COLUMNS:
        return False
    rows = scene.joined.register[scene.joined.start[row] : scene.joined.start[row + 1]]
    return bool(missing(scene.register.cells(ref.name)[rows]).any())


def _title(model: Model, ref: Ref) -> Text:
    side = model.register if ref.side == "register" else model.subject
    name = column_title(side, ref.name) if side else Text(ref.name, ref.name)
    return _REGISTER.fill(name=name) if ref.side == "register" else name


def column_title(side: Table, name: str) -> Text:
    """A column in words: as its theme calls it, else as the model does."""
    try:
        column = theme(side.theme).column(name)
    except LayerError:
        return Text(name, name)
    return Text(column.zh, column.en)


def _leaves(condition: Condition) -> list[Ref]:
    return [one.left for one in terms(condition) if isinstance(one, Compare | Missing | Words)]
