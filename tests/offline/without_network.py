"""Run inside a network namespace without routes: install the bundle, open the app, look at the map.

    python without_network.py BUNDLE FOLDER CHROMIUM

Prints one line of JSON: whether the outside can be reached, what health says, how many findings the
map page lists, which requests left the machine. `test_bundle.py` starts it.
"""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any
from urllib.request import urlopen

from playwright.sync_api import Error, Page, Request, sync_playwright

from tests.browser.conftest import FLAGS

PATIENCE_MS = 180_000


def main(bundle: Path, folder: Path, chromium: str) -> dict[str, Any]:
    """What was seen."""
    reached = _reaches_outside()
    with zipfile.ZipFile(bundle) as source:
        (folder / "install.py").write_bytes(source.read("install.py"))
    program = folder / "yicha"
    subprocess.run([sys.executable, str(folder / "install.py"), "--to", str(program), "--bundle",
                    str(bundle)], check=True, stdout=subprocess.DEVNULL)  # fmt: skip
    port = _free_port()
    own = {name: value for name, value in os.environ.items() if not name.startswith("YICHA_")}
    log = folder / "app.log"
    with log.open("wb") as target:
        app = subprocess.Popen(
            [str(program / ".venv" / "bin" / "python"), "geo_app.py", "--no-browser", "--port", str(port)],
            cwd=program, env=own, stdout=target, stderr=subprocess.STDOUT,
        )  # fmt: skip
    try:
        return {"reached": reached, **_look(f"http://127.0.0.1:{port}", chromium)}
    except Exception as error:
        error.add_note(log.read_text(encoding="utf-8", errors="replace")[-2000:])
        raise
    finally:
        app.terminate()
        app.wait(30)


def _look(address: str, chromium: str) -> dict[str, Any]:
    outside: list[str] = []

    def note(request: Request) -> None:
        if not request.url.startswith((address, address.replace("http", "ws"), "data:", "blob:")):
            outside.append(request.url)

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        page = browser.new_page(viewport={"width": 1366, "height": 768})
        page.on("request", note)
        _goto(page, address)
        page.locator(".row").first.wait_for(timeout=PATIENCE_MS)
        tiles = page.frame_locator(".st-key-map iframe").locator("img.leaflet-tile-loaded")
        tiles.first.wait_for(timeout=PATIENCE_MS, state="attached")
        seen = {"rows": page.locator(".row").count(), "tiles": tiles.count()}
        browser.close()
    with urlopen(f"{address}/healthz") as answer:
        return {**seen, "health": answer.read().decode(), "outside": outside}


def _goto(page: Page, address: str) -> None:
    """The app takes a while to answer; the browser is asked again until it does."""
    for _ in range(240):
        try:
            page.goto(address)
        except Error:
            page.wait_for_timeout(500)
        else:
            return
    raise TimeoutError(address)


def _reaches_outside() -> bool:
    try:
        socket.create_connection(("192.0.2.1", 80), timeout=2).close()
    except OSError:
        return False
    return True


def _free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


if __name__ == "__main__":
    print(json.dumps(main(Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3])))
