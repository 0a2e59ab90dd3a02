"""Every sentence a refusal can say on a page, read from the source: what is put in stands as `x`."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from itertools import product
from pathlib import Path

FOLDERS = ("office", "leads", "evidence", "layers", "imagery", "checks", "ui")
SHELL = {"commands", "assets", "shell.py", "shell_words.py", "shell_steps.py", "__main__.py"}
"""Only a shell shows what is said there."""
_MARK = re.compile("\0(\\w+)\0")
_WORDS = re.compile(r"[a-z]{2,}\W+[a-z]{2,}")
"""A sentence has two words of its own; else it passes on what another said."""
Function = ast.FunctionDef
Spoken = Mapping[str, tuple[list[str], list[str]]]
"""Function → its parameters, and the sentences it makes of them (a parameter between NULs)."""


@dataclass(frozen=True)
class _Reader:
    """What a name stands for in one module: the functions that word refusals, texts kept under a name."""

    spoken: Spoken
    kept: Mapping[str, list[ast.expr]]

    def sentences(self, function: Function, own: frozenset[str] = frozenset()) -> Iterator[str]:
        """All that `function` refuses with; the parameters `own` stay marked."""
        told = {**self.kept, **_kept(function)}
        for node in ast.walk(function):
            if isinstance(node, ast.Call) and (name := _name(node.func)) in self.spoken:
                takes, makes = self.spoken[name]
                given = dict(zip(takes, node.args, strict=False))
                given |= {one.arg: one.value for one in node.keywords if one.arg}
                for sentence in makes:
                    yield from self._filled(sentence, given, told, own)

    def _filled(
        self, sentence: str, given: Mapping[str, ast.expr], told: Mapping[str, list[ast.expr]],
        own: frozenset[str],
    ) -> Iterator[str]:  # fmt: skip
        names = _MARK.findall(sentence)
        ways = [_texts(given[one], told, own) if one in given else ["x"] for one in names]
        for parts in product(*ways):
            rest = iter(parts)
            yield _MARK.sub(lambda _, rest=rest: next(rest), sentence)  # type: ignore[misc]


@cache
def refusals(root: Path) -> list[tuple[str, str]]:
    """File and sentence of every refusal of the program that a page may show."""
    trees = {
        file.relative_to(root): ast.parse(file.read_text(encoding="utf-8"))
        for folder in FOLDERS for file in sorted((root / folder).rglob("*.py"))
        if SHELL.isdisjoint(file.relative_to(root).parts)
    }  # fmt: skip
    errors = _errors(list(trees.values()))
    first: Spoken = {name: (["problem"], ["\0problem\0"]) for name in errors}
    own = {path: _speakers(tree, first, errors) for path, tree in trees.items()}
    methods = {name: one for some in own.values() for name, one in some.items() if name == "wrong"}
    found: dict[tuple[str, str], None] = {}
    for path, tree in trees.items():
        reader = _Reader({**methods, **first, **_imported(tree, own), **own[path]}, _kept(tree))
        for function in _functions(tree):
            if function.name not in own[path]:
                found |= {(path.as_posix(), one): None for one in reader.sentences(function)}
    return [(path, one) for path, one in found if _WORDS.search(one)]


def _errors(trees: list[ast.Module]) -> set[str]:
    """`YichaError` and all below it that take the sentence first."""
    classes = [node for tree in trees for node in ast.walk(tree) if isinstance(node, ast.ClassDef)]
    found = {"YichaError"}
    while (
        more := {one.name for one in classes if found & {_name(base) for base in one.bases}} - found
    ):
        found |= more
    others = {one.name for one in classes for part in one.body
              if one.name != "YichaError" and isinstance(part, Function) and part.name == "__init__"}  # fmt: skip
    return found - others


def _speakers(tree: ast.Module, first: Spoken, errors: set[str]) -> Spoken:
    """Functions that word a refusal out of what they are given."""
    found: dict[str, tuple[list[str], list[str]]] = {}
    wording = [one for one in _functions(tree)
               if one.returns and ast.unparse(one.returns) in {*errors, "NoReturn"}]  # fmt: skip
    for _ in range(2):  # one may stand on another
        for function in wording:
            told = function.args
            takes = [one.arg for one in told.args if one.arg != "self"]
            own = frozenset(one.arg for one in (*told.args, *told.kwonlyargs))
            spoken = {
                name: one for name, one in {**first, **found}.items() if name != function.name
            }
            makes = dict.fromkeys(_Reader(spoken, _kept(tree)).sentences(function, own))
            if any("\0" in one for one in makes):
                found[function.name] = (takes, list(makes))
    return found


def _imported(tree: ast.Module, own: Mapping[Path, Spoken]) -> Spoken:
    return {
        name.name: own[path][name.name]
        for node in tree.body if isinstance(node, ast.ImportFrom) and node.module
        for path in [Path(*node.module.split(".")).with_suffix(".py")]
        for name in node.names if name.name in own.get(path, {})
    }  # fmt: skip


def _functions(tree: ast.Module) -> Iterator[Function]:
    return (node for node in ast.walk(tree) if isinstance(node, Function))


def _kept(within: ast.AST) -> dict[str, list[ast.expr]]:
    """What is kept under a name in a function, or at the top of a module."""
    nodes = within.body if isinstance(within, ast.Module) else ast.walk(within)
    found: dict[str, list[ast.expr]] = {}
    for node in nodes:
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            found.setdefault(node.targets[0].id, []).append(node.value)
    return found


def _texts(
    node: ast.expr, kept: Mapping[str, list[ast.expr]], own: frozenset[str] = frozenset()
) -> list[str]:
    """Every text that an expression may give; `x` where only the run tells."""
    match node:
        case ast.Constant(value=str(text)):
            return [text]
        case ast.FormattedValue(value=value):
            return _texts(value, kept, own)
        case ast.JoinedStr(values=parts):
            return ["".join(one) for one in product(*(_texts(part, kept, own) for part in parts))]
        case ast.IfExp(body=one, orelse=other):
            return [*_texts(one, kept, own), *_texts(other, kept, own)]
        case ast.BinOp(left=one, op=ast.Add(), right=other):
            return [a + b for a in _texts(one, kept, own) for b in _texts(other, kept, own)]
        case ast.Name(id=name) if name in own:
            return [f"\0{name}\0"]
        case ast.Name(id=name) if name in kept:
            rest = {other: value for other, value in kept.items() if other != name}
            return [text for value in kept[name] for text in _texts(value, rest, own)]
    return ["x"]


def _name(node: ast.expr) -> str:
    return getattr(node, "id", "") or getattr(node, "attr", "")
