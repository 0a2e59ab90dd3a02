"""What a person says of a table: how it is read, which column is what, which datum, from whom."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

import streamlit as st

from layers.datum import KNOWN, parse_datum
from layers.errors import DatumError
from layers.problems import sentence
from layers.shelf import Shelf
from layers.shelf.about import Held
from ui import state
from ui.data_desk import desk
from ui.docket.names import capital
from ui.texts import Texts

ENCODINGS = ("utf-8", "gb18030", "utf-16", "big5")
_OWN, _NONE, _COLUMN = "own", "", "column"
_DATUMS = ("wgs84", "cgcs2000", "gcj02", "bd09", "bd09mc", "cgcs2000-gk3", "cgcs2000-gk6")


def reading(look: Mapping[str, Any], key: str, words: Texts) -> dict[str, Any]:
    """Encoding, sheet and header row, proposed as they were found; what was changed."""
    said: dict[str, Any] = {}
    with st.container(key="dd_reading", horizontal=True, vertical_alignment="bottom"):
        if look["encoding"]:
            choices = list(dict.fromkeys((str(look["encoding"]), *ENCODINGS)))
            said["encoding"] = st.selectbox(
                words("data.encoding"), choices, key=f"dd_enc:{key}", width=150
            )
        if len(look["sheets"]) > 1:
            at = look["sheets"].index(look["sheet"]) if look["sheet"] in look["sheets"] else 0
            said["sheet"] = st.selectbox(words("data.sheet"), look["sheets"], index=at, key=f"dd_sheet:{key}",
                                         width=200)  # fmt: skip
        if look["header_row"] is not None:
            said["header_row"] = int(st.number_input(
                words("data.header_row"), min_value=0, max_value=10_000, value=int(look["header_row"]),
                key=f"dd_header:{key}", width=150, help=words("data.header_help"),
            ))  # fmt: skip
    return said


def sample(look: Mapping[str, Any], words: Texts) -> str:
    """The first rows as they were read, with the row numbers of the file."""
    told = look["sample"]
    personal = {one["header"] for one in look["columns"] if one["personal"]}
    fields = {header: name for name, header in look["mapping"].items()}
    names = {one["name"]: _word(one, words) for one in look["fields"]}
    heads = []
    for header in told["headers"]:
        field = names.get(fields.get(header, ""), "")
        tag = f'<span class="y-tag y-ok">{escape(field)}</span>' if field else ""
        tag = (
            f'<span class="y-tag dd-late">{escape(words("data.personal"))}</span>'
            if header in personal
            else tag
        )
        heads.append(f"<th>{escape(header)}<br>{tag}</th>")
    rows = "".join(f"<tr><td>{number}</td>{''.join(f'<td>{escape(cell)}</td>' for cell in cells)}</tr>"
                   for number, cells in zip(told["rows"], told["cells"], strict=True))  # fmt: skip
    return (f'<div class="dd-scroll dd-sample"><table class="y-table"><thead><tr><th>{escape(words("data.row"))}</th>'
            f"{''.join(heads)}</tr></thead><tbody>{rows}</tbody></table></div>")  # fmt: skip


def columns(look: Mapping[str, Any], key: str, words: Texts) -> dict[str, str]:
    """Field → header for every field of the theme; empty where no column holds it."""
    open_fields = look["open"]
    headers = ["", *(one["header"] for one in look["columns"])]
    first = [one for one in look["fields"] if _needed(one, look)]
    rest = [one for one in look["fields"] if not _needed(one, look)]
    said: dict[str, str] = {}
    for name, headers_of in open_fields.items():
        st.warning(words("data.open", field=name, headers=", ".join(headers_of)))
    with st.container(key="dd_columns", horizontal=True):
        for one in first:
            said[one["name"]] = _column(one, look, headers, key, words)
    with (
        st.expander(words("data.more_columns", n=len(rest))),
        st.container(key="dd_more", horizontal=True),
    ):
        for one in rest:
            said[one["name"]] = _column(one, look, headers, key, words)
    return said


def _needed(one: Mapping[str, Any], look: Mapping[str, Any]) -> bool:
    return bool(one["required"] or one["name"] in look["mapping"] or one["name"] in look["open"]
                or one["name"] in ("name", "address"))  # fmt: skip


def _column(one: Mapping[str, Any], look: Mapping[str, Any], headers: Sequence[str], key: str, words: Texts) -> str:  # fmt: skip
    proposed = look["mapping"].get(one["name"], "")
    mark = " *" if one["required"] else (" ?" if one["name"] in look["guessed"] else "")
    return str(st.selectbox(
        _word(one, words) + mark, headers, index=headers.index(proposed) if proposed in headers else 0,
        key=f"dd_col:{key}:{one['name']}", width=190,
        format_func=lambda header: header or words("data.no_column"),
    ))  # fmt: skip


def _word(one: Mapping[str, Any], words: Texts) -> str:
    told = one["zh"] if words.lang == "zh" else one["en"]
    return capital(str(told or words.word("data.place_field", str(one["name"]))))


def datum(look: Mapping[str, Any], key: str, words: Texts, given: str | None) -> dict[str, str]:
    """The datum as a person says it; empty where nobody said anything yet. Nothing is chosen for him
    but what the file itself declares (or the version that is mended had).
    """
    told = look["datum"]
    if told is None:
        return {}
    declared = _known(look["declared"])
    named = (*(one["datum"] for one in told["readings"]), *_DATUMS, given, declared)
    choices = [_NONE, *dict.fromkeys(one for one in named if one), _OWN, _COLUMN]
    name = f"dd_datum:{key}"
    state.start(name, given or declared or _NONE)
    chosen = st.selectbox(words("data.datum"), choices, key=name,
                          format_func=lambda one: _datum_word(one, told, declared, words))  # fmt: skip
    if chosen == _OWN:
        text = st.text_input(words("data.datum_own"), key=f"dd_own:{key}", help=KNOWN).strip()
        return _parsed(text)
    if chosen == _COLUMN:
        header = st.selectbox(words("data.datum_column"), [one["header"] for one in look["columns"]],
                              key=f"dd_dcol:{key}")  # fmt: skip
        return {"datum_column": str(header)}
    return {"datum": str(chosen)} if chosen else {}


def _known(declared: str | None) -> str | None:
    """What the file itself says, by the name we know it by."""
    try:
        return parse_datum(declared).name if declared else None
    except DatumError:
        return None


def _parsed(text: str) -> dict[str, str]:
    if not text:
        return {}
    try:
        return {"datum": parse_datum(text).name}
    except DatumError as error:
        st.warning(sentence(error, state.language()))
        return {}


def _datum_word(name: str, told: Mapping[str, Any], declared: str | None, words: Texts) -> str:
    if name in (_NONE, _OWN, _COLUMN):
        return words(
            {_NONE: "data.datum_none", _OWN: "data.datum_other", _COLUMN: "data.datum_by_row"}[name]
        )
    found = parse_datum(name)
    text = found.zh if words.lang == "zh" else found.en
    marks = [words("data.datum_declared")] if name == declared else []
    marks += (
        [words("data.datum_best", n=f"{told['confidence']:.0%}")] if name == told["best"] else []
    )
    return " · ".join([text, *marks])


def about(key: str, words: Texts, given: Mapping[str, Any]) -> dict[str, str]:
    """Where the table came from; what was left empty is not said."""
    said = {}
    with st.container(key="dd_about", horizontal=True):
        for name in desk.ABOUT:
            state.start(f"dd_{name}:{key}", str(given.get(name) or ""))
            said[name] = st.text_input(words(f"data.about.{name}"), key=f"dd_{name}:{key}", width=220,
                                       placeholder=words("data.iso") if name in ("retrieved", "state_of") else None)  # fmt: skip
    return {name: text.strip() for name, text in said.items() if text.strip()}


def target(shelf: Shelf, held: Sequence[Held], theme: str, key: str, words: Texts) -> str:
    """The layer file that the table becomes: one of the theme is replaced, or one more is added."""
    same = [one.name for one in held if one.theme == theme]
    new = shelf.free_name(theme)
    wanted = desk.target()
    choices = [*same, new]
    at = choices.index(wanted) if wanted in choices else (0 if len(same) == 1 else len(choices) - 1)
    rows = {one.name: one.rows for one in held}
    return str(st.selectbox(
        words("data.target"), choices, index=at, key=f"dd_target:{key}",
        format_func=lambda name: words("data.replace", name=name, n=f"{rows[name]:,}") if name in rows
        else words("data.add", name=name),
    ))  # fmt: skip
