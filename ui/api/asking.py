"""Reading a question: parameters and bodies against the very schemas the description shows."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from jsonschema import Draft202012Validator
from starlette.datastructures import QueryParams
from starlette.requests import Request

from ui.api.answers import HTML, Address, Parameter, RefusedError
from ui.texts import LANGUAGES

_LANG = Parameter("lang", {"type": "string", "enum": sorted(LANGUAGES)},
                  "语言；未写时依 Accept-Language", "language; Accept-Language without it")  # fmt: skip


def common(address: Address) -> tuple[Parameter, ...]:
    """Parameters every address takes: the forms it has, and the language."""
    forms = [
        *(["json"] if address.kind != HTML else []),
        *(["html"] if address.html or address.kind == HTML else []),
    ]
    form = Parameter("f", {"type": "string", "enum": forms}, "返回格式", "form of the answer")
    return form, _LANG


LONGEST_QUERY = 8_000
LONGEST_BODY = 65_536


def read_query(given: QueryParams, known: Sequence[Parameter]) -> dict[str, Any]:
    """The parameters by name, each as its schema says; 400 names the one that is wrong."""
    if len(str(given)) > LONGEST_QUERY:
        raise RefusedError(400, "query_long", most=LONGEST_QUERY)
    by_name = {one.name: one for one in known}
    found: dict[str, Any] = {}
    for name, text in given.multi_items():
        if name not in by_name:
            raise RefusedError(400, "parameter_unknown", field=name[:80], name=name[:80],
                               known=", ".join(by_name))  # fmt: skip
        if name in found:
            raise RefusedError(400, "parameter_twice", field=name, name=name)
        found[name] = _read(by_name[name], text)
    return found


def _read(parameter: Parameter, text: str) -> Any:  # noqa: ANN401 - as its schema says
    value = _coerced(parameter.schema, text)
    if "\x00" in text or next(Draft202012Validator(parameter.schema).iter_errors(value), None):
        raise RefusedError(400, "parameter", field=parameter.name, name=parameter.name,
                           takes=takes(parameter.schema))  # fmt: skip
    return value


def _coerced(schema: Mapping[str, Any], text: str) -> Any:  # noqa: ANN401 - as its schema says
    """The text as the schema's type; what cannot be is left, and refused by the schema."""
    kind = schema.get("type")
    if kind == "array":
        return [_coerced(schema["items"], part) for part in text.split(",")] if text else []
    if kind == "boolean":
        return {"true": True, "false": False}.get(text, text)
    if kind not in ("integer", "number") or len(text) > 40 or text != text.strip() or "_" in text:
        return text
    try:
        return int(text) if kind == "integer" else float(text)
    except ValueError:
        return text


def takes(schema: Mapping[str, Any]) -> str:
    """What a parameter takes, in the words of its schema."""
    kept = {key: value for key, value in schema.items() if key not in ("default", "example")}
    return json.dumps(kept, ensure_ascii=False, sort_keys=True)


async def read_body(request: Request, schema: Mapping[str, Any]) -> Any:  # noqa: ANN401 - JSON
    """The body of a question as JSON; 413, 415 or 422 say what is wrong with it."""
    if request.headers.get("content-type", "").partition(";")[0].strip() != "application/json":
        raise RefusedError(415, "body_kind")
    raw = bytearray()
    async for piece in request.stream():
        raw += piece
        if len(raw) > LONGEST_BODY:
            raise RefusedError(413, "body_long", most=LONGEST_BODY)
    try:
        body = json.loads(raw.decode("utf-8"))
    except (ValueError, RecursionError) as error:
        raise RefusedError(400, "body_json") from error
    wrong = next(iter(Draft202012Validator(schema).iter_errors(body)), None)
    if wrong is not None:
        where = ".".join(str(part) for part in wrong.absolute_path) or "body"
        raise RefusedError(422, "body", field=where[:80], takes=takes(wrong.schema)[:300])
    return body
