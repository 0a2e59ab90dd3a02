"""Speaking to a partner's program over HTTPS; connects to nothing but the address in the file of offices.

What goes over may be asked again at any time: packages and wishes are answered the same way twice.
"""

from __future__ import annotations

import http.client
import json
import ssl
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any
from urllib.parse import urlsplit

from layers.errors import LeadError
from leads.exchange.carrier import papers_of
from leads.exchange.offices import Partner, token_of
from leads.exchange.signed import ANSWER, RECALL, VERSION, Signed
from office.canonical import canonical

PATH = "/api/v1/transfers"
_OWN_MACHINE = frozenset({"localhost", "127.0.0.1", "::1"})
_WAIT_S = 60.0
_MOST = 64 << 20


class UnreachableError(LeadError):
    """The other office does not answer: nothing is decided, ask again."""


@dataclass(frozen=True, slots=True)
class _Body:
    data: IO[bytes] | bytes | None = None
    size: int = 0
    kind: str = ""


def deliver(partner: Partner, carrier: Path) -> list[Signed]:
    """Hand a file of packages over; its answers. `UnreachableError` where there is none."""
    with carrier.open("rb") as body:
        return _answers(
            partner, "POST", PATH, _Body(body, carrier.stat().st_size, "application/zip")
        )


def ask_back(partner: Partner, wishes: list[Signed]) -> list[Signed]:
    """Hand wishes to have packages back over; their answers."""
    told = {"format": f"{RECALL}s", "version": VERSION, "papers": [one.as_dict() for one in wishes]}
    raw = canonical(told).encode()
    return _answers(partner, "POST", f"{PATH}/recall", _Body(raw, len(raw), "application/json"))


def ask(partner: Partner, transfer: str) -> list[Signed]:
    """The answer to a package, where it was given one."""
    return _answers(partner, "GET", f"{PATH}/{transfer}", _Body())


def _answers(partner: Partner, method: str, path: str, body: _Body) -> list[Signed]:
    headers = {"Authorization": f"Bearer {token_of(partner)}", "Accept": "application/json"}
    if body.kind:
        headers |= {"Content-Type": body.kind, "Content-Length": str(body.size)}
    status, raw = _asked(partner, method, path, body.data, headers)
    if status == 404 and method == "GET":
        return []
    if status >= 500 or status in (408, 429):
        raise UnreachableError(f"the other office answers with an error: {partner.id} ({status})", field="url", remedy="it is asked again with the next "
                               "`python -m leads transfers --go-on`")  # fmt: skip
    if status != 200:
        raise LeadError(f"the other office does not take it: {partner.id} ({status}): {_said(raw)}", field="url",
                        remedy="mend what it names, or call the lead back")  # fmt: skip
    try:
        return papers_of(raw, ANSWER)
    except ValueError as error:
        raise LeadError(f"the other office answers something else: {partner.id}: {error}", field="url",
                        remedy="check its address in the file of offices") from error  # fmt: skip


def _asked(
    partner: Partner,
    method: str,
    path: str,
    body: IO[bytes] | bytes | None,
    headers: dict[str, str],
) -> tuple[int, bytes]:
    connection, base = _connection(partner)
    try:
        connection.request(method, base + path, body, headers)
        answer = connection.getresponse()
        raw = answer.read(_MOST + 1)
    except (OSError, http.client.HTTPException) as error:
        raise UnreachableError(f"the other office does not answer: {partner.id} ({type(error).__name__}: {str(error)[:200]})",
                               field="url", remedy="nothing is lost: go on with `python -m leads transfers --go-on`, "
                               "or hand it over by disk") from error  # fmt: skip
    finally:
        connection.close()
    if len(raw) > _MOST:
        raise LeadError(
            f"the other office answers without end: {partner.id}",
            field="url",
            remedy="check its address",
        )
    return answer.status, raw


def _connection(partner: Partner) -> tuple[http.client.HTTPConnection, str]:
    try:
        parts = urlsplit(partner.url)
        host, port = parts.hostname, parts.port
    except ValueError:
        host, port = None, None
    if not partner.url or not host or parts.scheme not in ("https", "http"):
        raise LeadError(f"the file of offices names no address of {partner.id}", field="url",
                        remedy="write url = \"https://…\", or hand it over by disk: --out FILE")  # fmt: skip
    if parts.scheme == "http":
        if host not in _OWN_MACHINE:
            raise LeadError("leads would go over the network in the clear", field="url",
                            remedy="write https://…")  # fmt: skip
        return http.client.HTTPConnection(host, port, timeout=_WAIT_S), parts.path
    context = ssl.create_default_context(cafile=str(partner.ca) if partner.ca else None)
    return http.client.HTTPSConnection(host, port, timeout=_WAIT_S, context=context), parts.path


def _said(raw: bytes) -> str:
    """The problem an answer names, else its beginning."""
    try:
        told: Any = json.loads(raw[:65536])
        return str(told.get("problem") or told.get("detail") or told.get("title"))[:300]
    except (ValueError, AttributeError):
        return raw[:200].decode("utf-8", "replace")
