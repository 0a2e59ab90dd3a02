"""The app's entry: `python geo_app.py`, `uvicorn geo_app:app` or `streamlit run geo_app.py`."""

from __future__ import annotations

import argparse
import asyncio.base_events
import mimetypes
import os
import sys
import threading
import webbrowser
from pathlib import Path
from typing import Any

import streamlit as st
import uvicorn.config
from streamlit import config

ROOT = Path(__file__).resolve().parent
if str(ROOT) not in sys.path:
    sys.path.insert(0, str(ROOT))

from ui.routes import MIDDLEWARE, ROUTES, lifespan  # noqa: E402 - the root must be on the path first

# The registry of a Windows machine may call a script plain text; the browser would refuse it.
for suffix, kind in ((".js", "text/javascript"), (".css", "text/css"), (".woff2", "font/woff2")):
    mimetypes.add_type(kind, suffix)


def _answer_at_once(sock: Any) -> None:  # noqa: ANN401 - a socket; that module stays out of here
    """Set TCP_NODELAY (option 1 of protocol 6) on every TCP socket.

    `streamlit run` binds its socket in a way that asyncio does not recognise as TCP; without
    this every small answer waits about 40 ms.
    """
    try:
        sock.setsockopt(6, 1, 1)
    except OSError:
        return


asyncio.base_events._set_nodelay = _answer_at_once  # type: ignore[attr-defined]
# uvicorn, also below `streamlit run`, believes whoever calls from this machine about where a call came
# from and whether over TLS; here only the proxies of YICHA_PROXIES are believed (`ui.border`).
uvicorn.config.ProxyHeadersMiddleware = lambda app, **_: app  # type: ignore[assignment,misc]
# Settings are those of this folder from wherever it is started: else Streamlit would count its visitors.
config._main_script_path = str(ROOT / "geo_app.py")

app = st.App(ROOT / "ui" / "main.py", routes=ROUTES, middleware=MIDDLEWARE, lifespan=lifespan)


def main(argv: list[str] | None = None) -> int:
    """Serve the app on this machine and open a browser where there is a desktop."""
    parser = argparse.ArgumentParser(prog="python geo_app.py", description="Open the map.")
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on")
    parser.add_argument("--port", type=int, default=8501)
    parser.add_argument("--no-browser", action="store_true", help="do not open a browser")
    arguments = parser.parse_args(argv)
    address = f"http://{arguments.host}:{arguments.port}"
    print(f"Yicha 益察: {address}  (Ctrl+C 停止 / to stop)")
    if not arguments.no_browser and _has_desktop():
        threading.Timer(1.5, webbrowser.open, [address]).start()
    uvicorn.run(app, host=arguments.host, port=arguments.port, log_level="warning")
    return 0


def _has_desktop() -> bool:
    return sys.platform in {"win32", "darwin"} or any(
        os.environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY")
    )


if __name__ == "__main__":
    sys.exit(main())
