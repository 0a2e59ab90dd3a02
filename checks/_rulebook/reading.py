"""Reading rule packs: every key, unit and date is checked, and an error names file and remedy."""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any

from checks._catalogue import catalogue
from checks._records import Check
from checks._rulebook.fields import AMOUNT_RULE, DOCUMENT, PACK, RULE, Field
from checks._rulebook.pack import RulePack
from checks._rulebook.rule import Document, Rule
from checks._text import Text
from layers.errors import RuleError

FOLDER = Path(__file__).resolve().parents[2] / "data" / "rules"
Table = Mapping[str, Any]


def load_rules(place: str | Path) -> RulePack:
    """The rule pack of a place (a file name in `data/rules/` without `.toml`) or of a file.

    Raises `RuleError` naming the file, the key and the remedy.
    """
    path = Path(place)
    if path.suffix != ".toml":
        path = FOLDER / f"{place}.toml"
    if not path.is_file():
        known = ", ".join(sorted(file.stem for file in FOLDER.glob("*.toml")))
        raise RuleError(
            f"there is no rule pack {str(place)!r}",
            remedy=f"use one of {known}, or the path of a .toml file",
            file=path,
        )
    return parse_pack(path.read_bytes(), path, catalogue_checks())


def rule_packs(folder: Path = FOLDER) -> list[RulePack]:
    """Every rule pack in `folder`, by place."""
    return [load_rules(file) for file in sorted(folder.glob("*.toml"))]


def parse_pack(raw: bytes, path: Path, checks: Mapping[str, Check]) -> RulePack:
    """The pack written in `raw` (TOML, UTF-8); `checks` declare what may be overridden."""
    try:
        table = tomllib.loads(raw.decode("utf-8"))
    except (ValueError, RecursionError) as error:
        raise RuleError(
            f"this is not a TOML file in UTF-8 ({error})",
            remedy="compare with data/rules/demo.toml",
            file=path,
        ) from error
    _known(table, PACK, path, "")
    documents = {
        name: _document(entry, path, f"documents.{name}")
        for name, entry in _tables(table.get("documents", {}), path, "documents").items()
    }
    place = _value(table, "place", PACK["place"], path, "")
    rules = tuple(_rules(table.get("rules", []), place, documents, path, checks))
    _refuse_overlaps(rules, path)
    return RulePack(
        place=place,
        title=_value(table, "title", PACK["title"], path, ""),
        rules=rules,
        documents=documents,
        note=_value(table, "note", PACK["note"], path, ""),
        generated=bool(_value(table, "generated", PACK["generated"], path, "")),
        not_covered=_value(table, "not_covered", PACK["not_covered"], path, ""),
        path=path,
        sha256=hashlib.sha256(raw).hexdigest(),
    )


def catalogue_checks() -> Mapping[str, Check]:
    """The checks of the catalogue by id."""
    return {name: entry.check for name, entry in catalogue().items()}


def _document(entry: Table, path: Path, where: str) -> Document:
    _known(entry, DOCUMENT, path, where)
    values = {key: _value(entry, key, field, path, where) for key, field in DOCUMENT.items()}
    return Document(**values)


def _rules(
    entries: object,
    place: str,
    documents: Mapping[str, Document],
    path: Path,
    checks: Mapping[str, Check],
) -> Iterator[Rule]:
    if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
        raise _wrong(path, "rules", "rules are not a list of tables", "write [[rules]] above each")
    for number, entry in enumerate(entries, 1):
        yield _one_rule(entry, number, place, documents, path=path, checks=checks)


def _one_rule(
    entry: Table, number: int, place: str, documents: Mapping[str, Document], *, path: Path,
    checks: Mapping[str, Check],
) -> Rule:  # fmt: skip
    where = f"rules[{number}]"
    fields = AMOUNT_RULE if "limit" in entry else RULE
    _known(entry, fields, path, where)
    values = {key: _value(entry, key, field, path, where) for key, field in fields.items()}
    if fields is AMOUNT_RULE:
        values |= {"school_class": values.pop("limit"), "method": "", "origin": ""}
    _refuse_foreign(values, checks, path, where)
    if values["document"] not in documents:
        raise _wrong(path, f"{where}.document", f"no document {values['document']!r}",
                     f"add [documents.{values['document']}] or use one of "
                     f"{', '.join(documents) or '(none yet)'}")  # fmt: skip
    unknown = [key for key in values["assumed"] if key not in fields]
    if unknown:
        raise _wrong(path, f"{where}.assumed", f"unknown keys {', '.join(unknown)}",
                     f"name keys of the rule: {', '.join(fields)}")  # fmt: skip
    if values["in_force_from"] > values["in_force_to"]:
        raise _wrong(path, f"{where}.in_force_to", "the rule ends before it begins",
                     "correct in_force_from or in_force_to")  # fmt: skip
    return _rule(values, place, documents)


def _rule(values: dict[str, Any], place: str, documents: Mapping[str, Document]) -> Rule:
    document = documents[values.pop("document")]
    name = f"{place}:{values['check']}:{values['school_class']}:{values['in_force_from']}"
    return Rule(id=name, document=document, **values)


def _refuse_foreign(
    values: Mapping[str, Any], checks: Mapping[str, Check], path: Path, where: str
) -> None:
    check = checks.get(values["check"])
    if check is None:
        raise _wrong(path, f"{where}.check", f"there is no check {values['check']!r}",
                     f"use one of {', '.join(sorted(checks))}")  # fmt: skip
    limit = check.limit(values["school_class"])
    key = "school_class" if values["method"] else "limit"
    if limit is None:
        declared = ", ".join(limit.school_class for limit in check.limits)
        raise _wrong(path, f"{where}.{key}",
                     f"check {check.id} declares no limit for {values['school_class']!r}",
                     f"use one of {declared or '(none: this check takes no limit)'}")  # fmt: skip
    if not limit.is_distance and values["unit"] != limit.unit:
        raise _wrong(path, f"{where}.unit", f"this limit is in {limit.unit}",
                     f'write unit = "{limit.unit}"')  # fmt: skip
    if limit.is_distance != bool(values["method"]):
        raise _wrong(path, f"{where}.{key}", "a distance is set for a class of schools",
                     "write school_class, method and origin instead of limit")  # fmt: skip
    if (values["method"] == "boundary_straight") != (values["origin"] == "boundary"):
        raise _wrong(path, f"{where}.origin",
                     f"origin {values['origin']!r} does not go with method {values['method']!r}",
                     "boundary_straight measures from the origin boundary, and only it")  # fmt: skip


def _refuse_overlaps(rules: Iterable[Rule], path: Path) -> None:
    last: dict[tuple[str, str], Rule] = {}
    for rule in sorted(rules, key=lambda rule: rule.in_force_from):
        earlier = last.get((rule.check, rule.school_class))
        if earlier and earlier.in_force_to >= rule.in_force_from:
            raise _wrong(
                path, "rules",
                f"two rules for {rule.check}, {rule.school_class} are in force on "
                f"{rule.in_force_from}",
                "give the earlier one an in_force_to before that day",
            )  # fmt: skip
        last[rule.check, rule.school_class] = rule


def _known(table: Table, fields: Mapping[str, Field], path: Path, where: str) -> None:
    for key in table:
        if key not in fields:
            raise _wrong(path, f"{where}.{key}".lstrip("."), f"unknown key {key!r}",
                         f"use one of {', '.join(fields)}")  # fmt: skip


def _tables(value: object, path: Path, where: str) -> dict[str, Table]:
    if not isinstance(value, dict) or not all(isinstance(one, dict) for one in value.values()):
        raise _wrong(path, where, "this is not a table of tables", f"write [{where}.NAME]")
    return value


def _value(table: Table, key: str, field: Field, path: Path, where: str) -> Any:  # noqa: ANN401
    """The value of `key` after its field's own test; the default where it is missing."""
    name = f"{where}.{key}".lstrip(".")
    if key not in table:
        if field.required:
            raise _wrong(path, name, f"{key} is missing", f"write {key} = {field.example}")
        return field.default
    value = table[key]
    if isinstance(value, date):
        value = value.isoformat()
    if field.choices and value not in field.choices:
        raise _wrong(
            path, name, f"{value!r} is not known", f"use one of {', '.join(field.choices)}"
        )
    if not field.accepts(value):
        raise _wrong(
            path, name, f"the value {value!r} is not {field.kind}", f"write {key} = {field.example}"
        )
    if field.kind == "a text in zh and en":
        return Text(value["zh"], value["en"])
    return tuple(value) if isinstance(value, list) else value


def _wrong(path: Path, field: str, problem: str, remedy: str) -> RuleError:
    return RuleError(problem, remedy=remedy, file=path, field=field)
