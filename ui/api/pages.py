"""The interface as plain pages for people: no script, nothing from outside, both languages."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from html import escape
from typing import Any

from ui.api.answers import ROOT, Ask
from ui.api.collections import Collection
from ui.assets import app_url, lib_url
from ui.settings import at
from ui.texts import LANGUAGES

_FONT = "fonts/noto-sans-sc.css"
_COLUMNS = 12
"""Properties shown in a table of features."""
_LONGEST = 80


def landing_page(ask: Ask, told: Mapping[str, Any]) -> bytes:
    """Where everything is."""
    links = "".join(f'<li><a href="{escape(one["href"])}">{escape(one.get("title") or one["rel"])}</a></li>'
                    for one in told["links"] if one["rel"] not in ("self", "alternate"))  # fmt: skip
    first = escape(f"curl -H 'Authorization: Bearer TOKEN' {ask.base}/collections")
    return _page(ask, told["title"], f'<p>{escape(told["description"])}</p><ul class="links">{links}</ul>'
                 f"<h2>{escape(ask.word('api.page.first'))}</h2><pre>{first}</pre>"
                 f"<p>{escape(ask.word('api.page.qgis', address=ask.base))}</p>")  # fmt: skip


def plain_page(ask: Ask, key: str, lines: Sequence[str]) -> bytes:
    """A list of lines."""
    rows = "".join(f"<li><code>{escape(line)}</code></li>" for line in lines)
    return _page(ask, ask.word(f"api.rel.{key}"), f"<ul>{rows}</ul>")


def collections_page(ask: Ask, told: Mapping[str, Any]) -> bytes:
    """Every collection, a line each."""
    rows = "".join(
        f'<tr><td><a href="{escape(one["links"][0]["href"])}">{escape(one["title"])}</a></td><td><code>{escape(one["id"])}</code></td>'
        f'<td>{_days(one)}</td><td><a href="{escape(one["links"][2]["href"])}">{escape(ask.word("api.rel.items"))}</a></td></tr>'
        for one in told["collections"]
    )  # fmt: skip
    head = _head(ask, "collection", "id", "days", "features")
    return _page(
        ask, ask.word("api.rel.data"), f'<div class="scroll"><table>{head}{rows}</table></div>'
    )


def collection_page(ask: Ask, told: Mapping[str, Any]) -> bytes:
    """One collection: what it is, where it lies, where its rows come from."""
    links = "".join(f'<li><a href="{escape(one["href"])}">{escape(one["href"])}</a> <small>{escape(one["type"])}</small></li>'
                    for one in told["links"])  # fmt: skip
    box = told.get("extent", {}).get("spatial", {}).get("bbox", [[]])[0]
    facts = [(ask.word("api.page.id"), told["id"]), (ask.word("api.page.box"), ", ".join(f"{one:.5f}" for one in box)),
             (ask.word("api.page.days"), _days(told)), (ask.word("api.page.time"), told.get("timeProperty") or "—")]  # fmt: skip
    lines = "".join(
        f"<dt>{escape(name)}</dt><dd>{escape(str(value)) or '—'}</dd>" for name, value in facts
    )
    sources = "".join(f"<pre>{escape(json.dumps(one, ensure_ascii=False, indent=1))}</pre>"
                      for one in told.get("provenance", ()))  # fmt: skip
    more = f"<details><summary>{escape(ask.word('api.page.sources'))}</summary>{sources}</details>" if sources else ""  # fmt: skip
    return _page(
        ask,
        told["title"],
        f"<p>{escape(told['description'])}</p><dl>{lines}</dl>{more}<ul>{links}</ul>",
    )


def items_page(
    ask: Ask, one: Collection, told: Mapping[str, Any], features: Iterator[str]
) -> bytes:
    """A page of features as a table."""
    rows = [json.loads(text) for text in features]
    names = [name for name in one.properties if any(_filled(row, name) for row in rows)][:_COLUMNS]
    head = "".join(f"<th>{escape(one.properties[name].zh if ask.lang == 'zh' else one.properties[name].en)}</th>"
                   for name in names)  # fmt: skip
    lines = "".join(
        f"<tr>{''.join(_cell(row['properties'].get(name)) for name in names)}</tr>" for row in rows
    )
    count = ask.word("api.page.count", n=told["numberReturned"], all=told.get("numberMatched", "—"))
    on = "".join(f'<a class="next" href="{escape(link["href"])}">{escape(link["title"])} →</a>'
                 for link in told["links"] if link["rel"] == "next")  # fmt: skip
    table = (
        f'<div class="scroll"><table class="items"><tr>{head}</tr>{lines}</table></div>'
        if rows
        else ""
    )
    return _page(ask, one.title[ask.lang], f"<p>{escape(count)} {on}</p>{table}<p>{on}</p>")


def docs_page(ask: Ask, told: Mapping[str, Any]) -> bytes:
    """The description: every address with its right, its parameters and its answers."""
    version = f"OpenAPI {told['openapi']} · {escape(told['info']['version'])}"
    link = f'<p><a href="{at(ROOT)}/openapi.json">openapi.json</a> · {version}</p>'
    about = (told["info"]["description"], ask.word("api.token"), ask.word("api.page.alike"))
    parts = [*(f"<p>{escape(text)}</p>" for text in about), link]
    for tag in told["tags"]:
        parts.append(f"<h2>{escape(tag['description'])}</h2>")
        parts += [_operation(ask, path, method, one) for path, methods in told["paths"].items()
                  for method, one in methods.items() if tag["name"] in one["tags"]]  # fmt: skip
    return _page(ask, ask.word("api.rel.service-doc"), "".join(parts))


def _operation(ask: Ask, path: str, method: str, one: Mapping[str, Any]) -> str:
    rows = "".join(f"<tr><td><code>{escape(each['name'])}</code></td><td>{escape(each['in'])}</td>"
                   f"<td>{escape(each.get('description', ''))}</td><td><code>{escape(_brief(each['schema']))}</code></td></tr>"
                   for each in one["parameters"])  # fmt: skip
    body = (
        one.get("requestBody", {})
        .get("content", {})
        .get("application/json", {})
        .get("schema", {})
        .get("$ref", "")
    )
    sent = f"<p>{escape(ask.word('api.page.body'))} <code>{escape(body.rsplit('/', 1)[-1])}</code></p>" if body else ""  # fmt: skip
    answers = ", ".join(one["responses"])
    head = _head(ask, "parameter", "where", "meaning", "takes")
    return (f'<details class="op"><summary><b class="{method}">{method.upper()}</b> <code>{at(ROOT)}{escape(path)}</code> '
            f'<span>{escape(one["summary"])}</span></summary><p>{escape(ask.word("api.page.right"))} <code>{escape(one["x-operation"])}</code>'
            f' · {escape(ask.word("api.page.answers"))} {answers}</p>{sent}<div class="scroll"><table>{head}{rows}</table></div></details>')  # fmt: skip


def _brief(schema: Mapping[str, Any]) -> str:
    if "enum" in schema:
        return " | ".join(map(str, schema["enum"]))
    kind = str(schema.get("type", ""))
    if kind == "array":
        return f"{_brief(schema['items'])}, …"
    ends = [str(schema[name]) for name in ("minimum", "maximum") if name in schema]
    return f"{kind} {'–'.join(ends)}".strip()


def _filled(row: Mapping[str, Any], name: str) -> bool:
    return row["properties"].get(name) not in (None, "", [])


def _cell(value: object) -> str:
    text = (
        ""
        if value is None
        else value
        if isinstance(value, str)
        else json.dumps(value, ensure_ascii=False)
    )
    return f'<td title="{escape(text)}">{escape(text[:_LONGEST])}</td>'


def _days(told: Mapping[str, Any]) -> str:
    days = told.get("extent", {}).get("temporal", {}).get("interval", [[]])[0]
    return escape(" – ".join(dict.fromkeys(str(day)[:10] for day in days)))


def _head(ask: Ask, *keys: str) -> str:
    words = (ask.word("api.page." + key) for key in keys)
    return f"<tr>{''.join(f'<th>{escape(word)}</th>' for word in words)}</tr>"


def _page(ask: Ask, title: str, body: str) -> bytes:
    """A whole page; its style is a file of ours."""
    return "".join(_whole(ask, title, body)).encode()


def _whole(ask: Ask, title: str, body: str) -> Iterable[str]:
    other = next(lang for lang in LANGUAGES if lang != ask.lang)
    yield f'<!doctype html><html lang="{ask.lang}"><head><meta charset="utf-8"><title>{escape(title)} · 益察 Yicha</title>'
    yield f'<meta name="viewport" content="width=device-width"><link rel="stylesheet" href="{lib_url(_FONT)}"><link rel="stylesheet" href="{app_url("api.css")}"></head><body>'
    yield f'<header><a href="{at(ROOT)}/?f=html&amp;lang={ask.lang}">益察 Yicha · API</a> '
    yield f'<a href="{at(ROOT)}/collections?f=html&amp;lang={ask.lang}">{escape(ask.word("api.rel.data"))}</a> '
    yield f'<a href="{at(ROOT)}/docs?lang={ask.lang}">{escape(ask.word("api.rel.service-doc"))}</a> '
    yield f'<a class="other" href="?f=html&amp;lang={other}">{LANGUAGES[other]}</a></header>'
    yield f"<main><h1>{escape(title)}</h1>{body}</main></body></html>"
