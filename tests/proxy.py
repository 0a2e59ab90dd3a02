"""A line between a browser and a server that can be slow, cut and taken away: plain TCP on the loopback."""

from __future__ import annotations

import contextlib
import socket
import threading
import time
from types import TracebackType
from typing import Self

_BLOCK = 65_536


class Proxy:
    """Listens on a port of its own and passes on to `target`; as a context it ends by itself.

    `rate` is bytes per second towards the server, all lines together (`None` = as fast as it goes).
    `cut_at` are numbers of bytes, counted towards the server over all lines, after which every line
    that is open breaks, once each.
    """

    def __init__(
        self, target: int, rate: float | None = None, cut_at: tuple[int, ...] = ()
    ) -> None:
        self._target, self._rate, self._cuts = target, rate, sorted(cut_at)
        self._lock = threading.Lock()
        self._open: set[socket.socket] = set()
        self._listener: socket.socket | None = None
        self._due = 0.0
        self.port = 0
        self.sent = 0
        self.cut = 0
        self.up()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:  # fmt: skip
        self.down()

    def up(self) -> None:
        """Take connections (again), on the same port."""
        listener = socket.socket()
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(("127.0.0.1", self.port))
        listener.listen(64)
        self.port = listener.getsockname()[1]
        self._listener = listener
        threading.Thread(target=self._take, args=(listener,), daemon=True).start()

    def down(self) -> None:
        """No network: every line breaks, no new one is taken."""
        if self._listener is not None:
            with contextlib.suppress(OSError):
                self._listener.shutdown(socket.SHUT_RDWR)
            self._listener.close()
            self._listener = None
        self.break_lines()

    def break_lines(self) -> None:
        """Break what is open now."""
        with self._lock:
            lines, self._open = self._open, set()
        for line in lines:
            with contextlib.suppress(OSError):
                line.shutdown(socket.SHUT_RDWR)

    def _take(self, listener: socket.socket) -> None:
        while True:
            try:
                near, _ = listener.accept()
            except OSError:
                return
            try:
                far = socket.create_connection(("127.0.0.1", self._target), timeout=30)
            except OSError:
                near.close()
                continue
            far.settimeout(None)
            with self._lock:
                self._open |= {near, far}
            ended: list[bool] = []
            for source, sink, out in ((near, far, True), (far, near, False)):
                threading.Thread(target=self._pass, args=(source, sink, out, ended), daemon=True).start()  # fmt: skip

    def _pass(self, source: socket.socket, sink: socket.socket, out: bool, ended: list[bool]) -> None:  # fmt: skip
        self._carry(source, sink, out)
        for line in (source, sink):
            with contextlib.suppress(OSError):
                line.shutdown(socket.SHUT_RDWR)
        with self._lock:
            self._open -= {source, sink}
            ended.append(out)
            both = len(ended) == 2
        if both:  # closed while the other still reads, its number could become another line's
            source.close()
            sink.close()

    def _carry(self, source: socket.socket, sink: socket.socket, out: bool) -> None:
        with contextlib.suppress(OSError):
            while data := source.recv(_BLOCK):
                if out:
                    self._slow(len(data))
                sink.sendall(data)
                if out and self._counted(len(data)):
                    self.break_lines()
                    return

    def _counted(self, count: int) -> bool:
        with self._lock:
            self.sent += count
            if self.cut < len(self._cuts) and self.sent >= self._cuts[self.cut]:
                self.cut += 1
                return True
        return False

    def _slow(self, count: int) -> None:
        if self._rate is None:
            return
        with self._lock:
            now = time.monotonic()
            self._due = max(self._due, now) + count / self._rate
            wait = self._due - now
        threading.Event().wait(wait)
