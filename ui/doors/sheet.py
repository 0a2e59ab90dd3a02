"""How the doors' own pages look: plain HTML from the server, no script, Chinese or English."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from urllib.parse import parse_qsl, urlencode

from starlette.requests import Request
from starlette.responses import HTMLResponse

from layers.errors import YichaError
from layers.problems import in_language
from ui.assets import app_url
from ui.docket.names import capital
from ui.settings import at
from ui.texts import LANGUAGES, LOCALES, Texts, texts

LANGUAGE_COOKIE = "yicha_lang"
POLICY = ("default-src 'none'; style-src 'self'; font-src 'self'; img-src 'self' data:; "
          "form-action 'self'; frame-ancestors 'none'; base-uri 'none'")  # fmt: skip
"""What the doors' pages may load: style and font from this machine, and no script at all."""


def words_of(request: Request) -> Texts:
    """The texts in the visitor's language: named here or by the page they came from, kept from before,
    or what the browser asks for.
    """
    told = request.query_params
    came = dict(parse_qsl(told.get("next", "").partition("?")[2]))
    named = told.get("lang") or came.get("lang") or request.cookies.get(LANGUAGE_COOKIE)
    if named not in LANGUAGES:
        named = (
            "en" if request.headers.get("accept-language", "").lower().startswith("en") else "zh"
        )
    return texts(named)


def page(
    request: Request, words: Texts, name: str, body: str, *, status: int = 200, problem: str = "",
    note: str = "", wide: bool = False,
) -> HTMLResponse:  # fmt: skip
    """A whole page called `doors.<name>`; `problem` is read out at once, `note` stands quietly."""
    title = words(f"doors.{name}")
    told = f'<p class="problem" role="alert">{escape(problem)}</p>' if problem else ""
    told += f'<p class="note" role="status">{escape(note)}</p>' if note else ""
    html = f"""<!doctype html>
<html lang="{LOCALES[words.lang]}"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{escape(title)} · {escape(words("title"))}</title>
<link rel="icon" href="{app_url("icon.svg")}"><link rel="stylesheet" href="{app_url("doors.css")}"></head>
<body><div class="door{" wide" if wide else ""}"><header><b class="logo">{escape(words("title"))}</b>
<nav aria-label="语言 Language">{_languages(request, words)}</nav></header>
<main><h1>{escape(title)}</h1>{told}{body}</main></div></body></html>
"""
    return HTMLResponse(html, status, {"Content-Security-Policy": POLICY, "X-Frame-Options": "DENY",
                                       "Cache-Control": "no-store"})  # fmt: skip


def form(
    action: str, fields: str, button: str, token: str, hidden: Mapping[str, str] | None = None,
    *, quiet: bool = False,
) -> str:  # fmt: skip
    """A form with its token; `hidden` goes along unseen."""
    unseen = "".join(f'<input type="hidden" name="{escape(name)}" value="{escape(value)}">'
                     for name, value in {"form": token, **(hidden or {})}.items())  # fmt: skip
    kind = ' class="quiet"' if quiet else ""
    return (f'<form method="post" action="{escape(at(action))}">{unseen}{fields}'
            f"<button{kind}>{escape(button)}</button></form>")  # fmt: skip


def field(
    name: str, label: str, *, kind: str = "text", auto: str = "off", value: str = "",
    hint: str = "", more: str = "",
) -> str:  # fmt: skip
    """A labelled field; `hint` belongs to it also for who does not see it."""
    known = f' value="{escape(value)}"' if value else ""
    told = f'<small id="{name}-hint">{escape(hint)}</small>' if hint else ""
    about = f' aria-describedby="{name}-hint"' if hint else ""
    return (f'<p class="field"><label for="{name}">{escape(label)}</label><input id="{name}" '
            f'name="{name}" type="{kind}" autocomplete="{auto}" required{known}{about}{more}>{told}</p>')  # fmt: skip


def code_field(words: Texts) -> str:
    """Six digits, with the figures' keyboard on a phone."""
    return field("code", words("doors.code"), auto="one-time-code", hint=words("doors.code_hint"),
                 more=' inputmode="numeric" maxlength="9" autofocus')  # fmt: skip


def links(*pairs: Sequence[str]) -> str:
    """Ways to go on: (address, words)."""
    ways = " · ".join(f'<a href="{escape(at(to))}">{escape(said)}</a>' for to, said in pairs)
    return f'<p class="ways">{ways}</p>'


def said(error: YichaError, words: Texts) -> str:
    """An error of the doors in one language; the doors' errors say `English · 中文`."""
    problem = (
        words.entries.get(f"doors.problem.{error.field}")
        or in_language(error.problem, "", words.lang)[0]
    )
    if error.field == "password" and " · " in error.remedy:
        lacks = error.remedy.removeprefix("it needs ").split("; ")
        between = "; " if words.lang == "en" else "；"
        problem += words("doors.needs") + between.join(_half(one, words) for one in lacks)
    return capital(problem)


def _half(text: str, words: Texts) -> str:
    english, _, chinese = text.partition(" · ")
    return english if words.lang == "en" or not chinese else chinese


def _languages(request: Request, words: Texts) -> str:
    kept = [(name, value) for name, value in request.query_params.multi_items() if name != "lang"]
    return " ".join(
        f"<b>{label}</b>" if name == words.lang else
        f'<a hreflang="{name}" href="?{escape(urlencode([*kept, ("lang", name)]))}">{label}</a>'
        for name, label in LANGUAGES.items())  # fmt: skip
