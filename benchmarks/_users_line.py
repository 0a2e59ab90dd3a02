"""One visitor's line to the app, without a browser: Streamlit's own messages over its websocket."""

from __future__ import annotations

import asyncio
import json
import time
from dataclasses import dataclass, field
from http.client import HTTPConnection
from types import TracebackType
from typing import Any, Self
from urllib.parse import urlsplit

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ClientState_pb2 import ClientState
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState
from websockets.asyncio.client import ClientConnection, connect

_DONE = (ForwardMsg.FINISHED_SUCCESSFULLY, ForwardMsg.FINISHED_FRAGMENT_RUN_SUCCESSFULLY)
PATIENCE_S = 120.0


@dataclass
class Widget:
    """What can be acted on: its id, its kind, its label, the part of the page it is drawn with."""

    id: str
    kind: str
    label: str
    fragment: str


@dataclass
class Drawn:
    """What one run of the page sent."""

    seconds: float = 0.0
    bytes: int = 0
    texts: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)


class Line:
    """A tab: opened at a page, acted on by the keys or labels of its widgets."""

    def __init__(self, address: str, cookie: str) -> None:
        self._address, self._cookie = address, cookie
        self._line: ClientConnection | None = None
        self._page = self._query = ""
        self._values: dict[str, WidgetState] = {}
        self.widgets: dict[str, Widget] = {}
        self.watched: set[str] = set()

    async def __aenter__(self) -> Self:
        host = urlsplit(self._address).netloc
        self._line = await connect(
            f"ws://{host}/_stcore/stream", origin=self._address, subprotocols=["streamlit"],  # type: ignore[arg-type,list-item]
            additional_headers={"Cookie": self._cookie}, max_size=None, proxy=None)  # fmt: skip
        return self

    async def __aexit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:  # fmt: skip
        if self._line is not None:
            await self._line.close()

    async def open(self, page: str, query: str = "lang=zh") -> Drawn:
        """Go to a page, as with a link."""
        self._query, self._page = query, ""
        self._values, self.widgets, self.watched = {}, {}, set()
        return await self._run(ClientState(query_string=query, page_name=page))

    async def act(self, name: str, **value: Any) -> Drawn:  # noqa: ANN401 - what the widget takes
        """Give a widget a value (`string_value=…`), a button its click (`trigger_value=True`)."""
        widget = self.find(name)
        fresh = WidgetState(id=widget.id, **value)
        one_time = "trigger_value" in value
        state = ClientState(query_string=self._query, page_script_hash=self._page, fragment_id=widget.fragment)  # fmt: skip
        if not one_time:
            self._values[widget.id] = fresh
        state.widget_states.widgets.extend(self._values.values())
        if one_time:
            state.widget_states.widgets.append(fresh)
        return await self._run(state)

    async def again(self) -> Drawn:
        """Draw those parts anew that ask for it by the second, else the page."""
        state = ClientState(query_string=self._query, page_script_hash=self._page,
                            fragment_id=next(iter(self.watched), ""), is_auto_rerun=bool(self.watched))  # fmt: skip
        state.widget_states.widgets.extend(self._values.values())
        return await self._run(state)

    def set(self, name: str, **value: Any) -> None:  # noqa: ANN401 - what the widget takes
        """Fill a field of a form: it is sent with the form's button."""
        widget = self.find(name)
        self._values[widget.id] = WidgetState(id=widget.id, **value)

    def find(self, name: str) -> Widget:
        """The widget of a key, or of a label."""
        found = [one for one in self.widgets.values() if one.id.endswith(f"-{name}") or one.label == name]  # fmt: skip
        if not found:
            raise LookupError(f"the page has no {name}: {sorted(self.widgets)}")
        return found[-1]

    async def _run(self, state: ClientState) -> Drawn:
        if self._line is None:
            raise RuntimeError("the line is not open")
        drawn, runs, began = Drawn(), 0, time.perf_counter()
        await self._line.send(BackMsg(rerun_script=state).SerializeToString())
        while True:
            data = await _within(self._line)
            drawn.bytes += len(data)
            message = ForwardMsg.FromString(data)
            kind = message.WhichOneof("type")
            if kind == "new_session":
                runs += 1
                if (
                    runs > 1 or not state.fragment_id
                ):  # the whole page: what it watches is told anew
                    self.watched = set()
            elif kind == "navigation":
                self._page = message.navigation.page_script_hash
            elif kind == "page_info_changed":
                self._query = message.page_info_changed.query_string
            elif kind == "auto_rerun":
                self.watched.add(message.auto_rerun.fragment_id)
            elif kind == "delta":
                self._draw(message, drawn)
            elif kind == "script_finished" and message.script_finished in _DONE:
                drawn.seconds = time.perf_counter() - began
                return drawn

    def _draw(self, message: ForwardMsg, drawn: Drawn) -> None:
        delta = message.delta
        if delta.WhichOneof("type") != "new_element":
            return
        kind = delta.new_element.WhichOneof("type") or ""
        told = getattr(delta.new_element, kind, None)
        known = getattr(told, "id", "")
        if known:
            self.widgets[known] = Widget(known, kind, str(getattr(told, "label", "")), delta.fragment_id)  # fmt: skip
        if kind in {"html", "markdown", "alert", "progress"}:
            drawn.texts.append(str(getattr(told, "body", "") or getattr(told, "text", "")))
        if kind == "exception" or (kind == "alert" and told is not None and told.format == told.ERROR):  # fmt: skip
            drawn.errors.append(str(getattr(told, "message", "") or getattr(told, "body", "")))


async def _within(line: ClientConnection) -> bytes:
    data = await asyncio.wait_for(line.recv(), PATIENCE_S)
    return data if isinstance(data, bytes) else data.encode()


def invited(address: str) -> str:
    """The cookie that the demo gives a visitor with its page."""
    status, headers, _ = asked(address, "GET", "/", headers={"Accept": "text/html"})
    if status != 200:
        raise RuntimeError(f"the page answers {status}")
    return headers.get("set-cookie", "").partition(";")[0]


def asked(
    address: str, method: str, path: str, *, headers: dict[str, str] | None = None, body: bytes = b""
) -> tuple[int, dict[str, str], bytes]:  # fmt: skip
    """One request with the headers a page of the app would send."""
    line = HTTPConnection(urlsplit(address).netloc, timeout=PATIENCE_S)
    try:
        line.request(method, path, body or None, {"Origin": address, **(headers or {})})
        answer = line.getresponse()
        told = {name.lower(): value for name, value in answer.getheaders()}
        return answer.status, told, answer.read()
    finally:
        line.close()


def told_json(answer: tuple[int, dict[str, str], bytes]) -> Any:  # noqa: ANN401 - JSON
    """The content of a good answer."""
    if answer[0] >= 400:
        raise RuntimeError(f"{answer[0]}: {answer[2][:300]!r}")
    return json.loads(answer[2])
