"""The wire to one NodeODM: addresses checked, every wrong answer turned into a remedy.

pyodm speaks the protocol; this only mends what would surprise an office: its client sends a
token of one engine to the next (a shared default argument) and speaks plain HTTP to an HTTPS
address that has a port.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar
from urllib.parse import parse_qs, urlencode, urlparse

import requests
from pyodm import Node
from pyodm.exceptions import NodeConnectionError, NodeResponseError, NodeServerError, OdmError

from layers.errors import ImageryError

Answer = TypeVar("Answer")
TIMEOUT_S = 60
_NOT_NODEODM = "check that the address is that of a NodeODM (its page lists tasks), and its version"


class Engine(Node):
    """A `pyodm.Node` that keeps its address: `https` stays `https`, tokens stay at home."""

    def __init__(self, base: str, token: str) -> None:
        parts = urlparse(base)
        super().__init__(parts.hostname, parts.port or 80, token, TIMEOUT_S)
        self.base = base

    def url(self, url: str, query: dict[str, str] | None = None) -> str:
        """The address of one call, its query copied and the token added."""
        asked = dict(query or {}) | ({"token": self.token} if self.token else {})
        return f"{self.base}{url}" + (f"?{urlencode(asked)}" if asked else "")


def engine_at(address: str) -> Engine:
    """The engine at `http(s)://host[:port][/?token=…]`; nothing is sent yet.

    Raises `ImageryError` for an address that is none.
    """
    try:
        parts = urlparse(address.strip())
        wrong = parts.scheme not in {"http", "https"} or not parts.hostname or parts.username
        port = f":{parts.port}" if parts.port else ""
    except ValueError:
        wrong, port = True, ""
    if wrong or parts.path not in {"", "/"}:
        raise ImageryError(
            "this is no address of a NodeODM engine",
            remedy="write http://host:3000, with /?token=… where the engine asks for one",
            field="url",
        )
    host = f"[{parts.hostname}]" if ":" in str(parts.hostname) else parts.hostname
    token = parse_qs(parts.query).get("token", [""])[0]
    return Engine(f"{parts.scheme}://{host}{port}", token)


def asked(engine: Engine, call: Callable[[], Answer]) -> Answer:
    """The answer of one call; raises `ImageryError` with a remedy for every way it can fail."""
    with said_plainly(engine):
        return call()


@contextmanager
def said_plainly(engine: Engine) -> Iterator[None]:
    """Turns whatever the wire or the engine raises into `ImageryError`."""
    try:
        yield
    except (NodeConnectionError, requests.ConnectionError, requests.Timeout):
        raise _error(engine, "cannot be reached",
                     "check the address, that the engine runs and that no firewall stands between") from None  # fmt: skip
    except NodeResponseError as error:
        if "token" in str(error).lower() or "unauthorized" in str(error).lower():
            raise _error(engine, "refuses the token", "ask its keeper for a token and add "
                         "/?token=… to the address") from None  # fmt: skip
        raise _error(engine, f"refuses: {_short(error)}", "mend what it says, or ask its keeper") \
            from None  # fmt: skip
    except NodeServerError as error:
        raise _error(engine, f"answers with an error ({_short(error)})", _NOT_NODEODM) from None
    except (OdmError, requests.RequestException, KeyError, TypeError, ValueError,
            AttributeError) as error:  # fmt: skip
        raise _error(engine, f"does not answer as NodeODM does ({_short(error)})",
                     _NOT_NODEODM) from None  # fmt: skip


def _short(error: Exception) -> str:
    told = "".join(sign for sign in str(error) if sign.isprintable())
    return told[:160] or type(error).__name__


def _error(engine: Engine, problem: str, remedy: str) -> ImageryError:
    return ImageryError(f"the photogrammetry engine at {engine.base} {problem}", remedy=remedy)
