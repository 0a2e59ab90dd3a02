"""A person's messages in one letter: plain text and HTML, without names of places or people.

A letter leaves the office: it says how many, which check and which lead number; whose shop it is
stands on the screen.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape
from urllib.parse import quote

from checks import Text
from leads.messages.inbox import Message
from leads.messages.notices import KIND_WORDS, KINDS, Line
from office.canonical import canonical, sha256

MOST = 100
"""Messages in one letter; the others are counted."""
_SUBJECT = Text("益察：{count} 条消息", "Yicha: {count} messages")
_URGENT = Text("【急】", "[urgent] ")
_HELLO = Text("{person}，您有 {count} 条未读消息。", "{person}, you have {count} unread messages.")
_MORE = Text("另有 {count} 条线索", "and {count} more leads")
_REST = Text("另有 {count} 条消息，请在系统中查看。", "{count} more messages are in the inbox.")
_FOOT = Text(
    "本邮件由持续监测自动发送，同一事项只通知一次；名称和地址请在系统中查看。以上均为待核实的线索，不是结论。",
    "Sent by a standing watch; the same thing is told once. Names and addresses are on the screen. "
    "These are leads to be verified, no conclusions.",
)
_STYLE = "font-family:sans-serif;font-size:14px;line-height:1.5;color:#222"


@dataclass(frozen=True, slots=True)
class Digest:
    """One letter; its `id` is made from the person and the messages in it."""

    id: str
    person: str
    subject: str
    plain: str
    html: str


def digest_of(
    person: str, messages: Sequence[Message], *, lang: str = "zh", app: str | None = None
) -> Digest:
    """The letter about some messages; `app` is the address of the screens, for links."""
    kept = sorted(messages, key=lambda one: (KINDS.index(one.kind) if one.kind in KINDS else len(KINDS),
                                             one.at, one.id))[:MOST]  # fmt: skip
    urgent = _URGENT.of(lang) if any(one.urgent for one in messages) else ""
    subject = urgent + _SUBJECT.fill(count=len(messages)).of(lang)
    hello = _HELLO.fill(person=person, count=len(messages)).of(lang)
    rest = _REST.fill(count=len(messages) - len(kept)).of(lang) if len(messages) > len(kept) else ""
    name = sha256(canonical([person, sorted(one.id for one in messages)]))[:32]
    plain = "\n".join(
        [hello, "", *_plain(kept, lang), *([rest] if rest else []), "", "-- ", _FOOT.of(lang)]
    )
    html = "".join(_html(kept, [hello, rest, _FOOT.of(lang)], lang, app))
    return Digest(name, person, subject, plain + "\n", html)


def line_text(line: Line, lang: str) -> str:
    """A line as a letter has it: the lead's number and what is said, no name."""
    return " ".join(part for part in (line.number, line.words.of(lang).strip()) if part)


def _plain(messages: Sequence[Message], lang: str) -> Iterator[str]:
    kind = None
    for one in messages:
        if one.kind != kind:
            kind = one.kind
            yield f"== {KIND_WORDS[kind].of(lang) if kind in KIND_WORDS else kind} =="
        yield one.title.of(lang)
        yield from (f"  - {line_text(line, lang)}" for line in one.lines)
        if one.more:
            yield f"  - {_MORE.fill(count=one.more).of(lang)}"
        yield ""


def _html(
    messages: Sequence[Message], frame: list[str], lang: str, app: str | None
) -> Iterator[str]:
    hello, rest, foot = frame
    yield f'<html lang="{lang}"><head><meta charset="utf-8"></head><body style="{_STYLE}">'
    yield f"<p>{escape(hello)}</p>"
    for one in messages:
        mark = ' style="color:#b00020"' if one.urgent else ""
        yield f"<h3{mark}>{escape(one.title.of(lang))}</h3><ul>"
        yield from (f"<li>{_linked(line, lang, app)}</li>" for line in one.lines)
        if one.more:
            yield f"<li>{escape(_MORE.fill(count=one.more).of(lang))}</li>"
        yield "</ul>"
    yield from (f"<p>{escape(rest)}</p>" if rest else "", f"<p><small>{escape(foot)}</small></p>")
    yield "</body></html>\n"


def _linked(line: Line, lang: str, app: str | None) -> str:
    text = escape(line_text(line, lang))
    if not app or not line.lead_id:
        return text
    return f'<a href="{escape(app.rstrip("/"))}/leads?lead={quote(line.lead_id)}">{text}</a>'
