"""The three addresses of leads from other offices, described for those who may take such leads in."""

from __future__ import annotations

from typing import Any

from leads.exchange.post import PATH
from office.policy import may_somewhere
from ui.api.answers import JSON, ROOT, Ask

ZIP, OPERATION, TAG = "application/zip", "lead.receive", "transfers"
_TEXT: dict[str, Any] = {"type": "string"}
_PAPERS: dict[str, Any] = {
    "type": "object", "required": ["format", "version", "from", "papers"],
    "properties": {"format": _TEXT, "version": {"type": "integer"}, "from": _TEXT, "papers": {
        "type": "array", "items": {
            "type": "object", "required": ["paper", "signature"],
            "properties": {"paper": {"type": "object"}, "signature": _TEXT}}}},
}  # fmt: skip
_TOO_MUCH: dict[str, Any] = {"type": "object", "properties": {"problem": _TEXT, "remedy": _TEXT}}
_WORDS = {
    "taken": ("接收移送包；签名回执逐包返回，同一包重复送达得到同一回执",
              "take packages in; a signed receipt for each, the same one however often it comes"),
    "recalled": ("答复撤回请求：未曾送达的即行撤回，已答复的重发原答复",
                 "answer wishes to have packages back: recalled where they never came, else what was answered"),
    "shown": ("再取一份移送包的回执", "the receipt of one package again"),
    "tag": ("院际线索移送", "leads handed over between offices"),
}  # fmt: skip


def transfer_tag(ask: Ask) -> list[dict[str, Any]]:
    """The group these addresses stand in; nothing for who may not take leads in."""
    return [{"name": TAG, "description": _said(ask, "tag")}] if _may(ask) else []


def transfer_paths(ask: Ask) -> dict[str, dict[str, Any]]:
    """Paths, methods, bodies and answers; nothing for who may not take leads in."""
    if not _may(ask):
        return {}
    path = PATH.removeprefix(ROOT)
    place = {"name": "transfer", "in": "path", "required": True, "schema": {"type": "string", "minLength": 1, "maxLength": 400}}  # fmt: skip
    return {
        path: {"post": _operation(ask, "taken", 422, 503, body=(ZIP, {**_TEXT, "format": "binary"}))},
        f"{path}/recall": {"post": _operation(ask, "recalled", 422, 503, body=(JSON, _PAPERS))},
        f"{path}/{{transfer}}": {"get": _operation(ask, "shown", 404, 503) | {"parameters": [place]}},
    }  # fmt: skip


def _operation(
    ask: Ask, name: str, *refuses: int, body: tuple[str, dict[str, Any]] | None = None
) -> dict[str, Any]:
    told: dict[str, Any] = {
        "operationId": f"transfers_{name}", "summary": _said(ask, name), "tags": [TAG], "x-operation": OPERATION,
        "parameters": [],
        "responses": {"200": {"description": _said(ask, name), "content": {JSON: {"schema": _PAPERS}}},
                      **{str(one): {"$ref": f"#/components/responses/{one}"} for one in (401, 403, *refuses)}},
    }  # fmt: skip
    if body is not None:
        kind, schema = body
        told["requestBody"] = {"required": True, "content": {kind: {"schema": schema}}}
        told["responses"]["413"] = {"description": ask.word("api.status.413"),
                                    "content": {JSON: {"schema": _TOO_MUCH}}}  # fmt: skip
    return told


def _may(ask: Ask) -> bool:
    return may_somewhere(ask.actor, OPERATION)


def _said(ask: Ask, name: str) -> str:
    return _WORDS[name][0 if ask.lang == "zh" else 1]
