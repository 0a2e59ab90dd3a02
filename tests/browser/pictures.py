"""The pictures of the guides, taken from the app itself: `python -m tests.browser.pictures [--out docs/images]`.

The app runs on a fresh copy of the demo county, so nothing of it is written into; each picture
waits for what it shows. `--every` also takes the pages no guide shows, `--only map` some of them.
"""

from __future__ import annotations

import argparse
import io
import json
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import numpy as np
from PIL import Image
from playwright.sync_api import Browser, Error, Page, sync_playwright
from scipy.spatial import cKDTree

from office.doors.keys import add_key
from tests.browser.conftest import FLAGS, PATIENCE_MS, Glance, Site, county, end, pick, serve
from tests.browser.test_confirm import search
from tests.browser.test_data import gbk_workbook, push
from tests.system import chromium_program
from ui.settings import DEMO, ROOT
from ui.texts import LANGUAGES

DESK, PHONE = (1366, 768), (390, 844)
MOST_BYTES = 250_000
LEAD = "L904635d81f3f9dd9"
SHEET = "L16d147333a258d6a"
QUIET = """() => new Promise(done => { let calm = 0; const look = () => {
  const app = document.querySelector('[data-testid=stApp]');
  const still = (!app || app.dataset.testScriptState === 'notRunning')
    && !document.querySelector('[data-testid=stSpinner], [data-testid=stSkeleton], [data-stale=true]')
    && [...document.images].every(one => one.complete);
  calm = still ? calm + 1 : 0; calm > 6 ? done(true) : setTimeout(look, 100); }; look(); })"""
"""The page stands still for more than half a second: nothing runs, nothing is stale, pictures are there."""
TILES = """() => [...document.querySelectorAll('.leaflet-tile')].every(one =>
  one.classList.contains('leaflet-tile-loaded')) && !(window.map && window.map._animatingZoom)"""


@dataclass(frozen=True)
class Shot:
    """One page to be taken: where it is, who looks, and what is done before the picture."""

    name: str
    path: str = "/"
    query: dict[str, str] = field(default_factory=dict)
    ready: str = ".y-brand"
    who: str = "王检"
    size: tuple[int, int] = DESK
    langs: tuple[str, ...] = tuple(LANGUAGES)
    act: Callable[[Page], None] = lambda _: None
    shown: bool = True


@dataclass
class Place:
    """The running county and the browser that looks at it."""

    folder: Path
    site: Site
    browser: Browser
    out: Path


def _first_row(page: Page) -> None:
    page.locator(".row").first.click()
    page.locator(".y-card h2").first.wait_for()


def _scenes(page: Page) -> None:
    page.locator(".scenes .scene", has_text="shore_20260521").click()
    page.locator(".strip .scene", has_text=re.compile(r"2025-10-18[\s\S]*12.5")).first.click()
    Glance(page).map.locator(".y-slider-range").wait_for(timeout=PATIENCE_MS)


SHOTS = [
    Shot("leads", "/leads", {"lead": LEAD}, ".y-card h2"),
    Shot("map", query={"check": "tobacco-near-school"}, ready=".row", act=_first_row),
    Shot("models", "/models", {"model": "tobacco-near-school"}, ".mo-card"),
    Shot("overview", "/overview", ready="[data-testid=stVegaLiteChart] canvas, [data-testid=stVegaLiteChart] svg"),
    Shot("imagery", "/scenes", ready=".scenes .scene", act=_scenes),
    Shot("confirm", "/confirm", ready=".confirm .near img.after", who="赵外勤"),
    Shot("draw", "/draw", ready="iframe", who="赵外勤"),
    Shot("sources", "/data", ready=".st-key-dd_page", who="王检", shown=False),
    Shot("evidence", "/evidence", {"lead": LEAD, "view": "sheets"}, ".ev-page img", "李复核"),
    Shot("admin", "/admin", {"view": "rules"}, ".st-key-ad_nav", "孙系统"),
    Shot("api", "/api/docs", ready="h1", langs=("en",), shown=False),
    Shot("phone-map", ready=".row", size=PHONE, shown=False),
    Shot("phone-leads", "/leads", ready=".st-key-header", size=PHONE, shown=False),
]  # fmt: skip


@contextmanager
def _county(shape: str) -> Iterator[Path]:
    """A fresh copy of the demo county: nothing worked on, nothing waiting to be confirmed."""
    with tempfile.TemporaryDirectory(prefix="yicha-pictures-", ignore_cleanup_errors=True) as kept:
        folder = Path(kept) / shape
        county(DEMO, folder, imagery=shape == "demo")
        if shape != "demo":
            about = {
                "name": {"zh": "青澜市云溪县人民检察院", "en": "Office of Yunxi"},
                "generated": False,
            }
            (folder / "county.json").write_text(json.dumps(about), encoding="utf-8")
            add_key(folder / "keys.txt")
        yield folder


@contextmanager
def _open(place: Place, lang: str, size: tuple[int, int], who: str = "") -> Iterator[Page]:
    """A browser window in a language, as one of the invented people."""
    context = place.browser.new_context(
        viewport={"width": size[0], "height": size[1]}, reduced_motion="reduce", bypass_csp=True,
        locale="zh-CN" if lang == "zh" else "en-GB", timezone_id="Asia/Shanghai",
    )  # fmt: skip
    context.set_default_timeout(PATIENCE_MS)
    page = context.new_page()
    if who:
        page.goto(place.site.url("/"), wait_until="commit")  # the page gives the browser its cookie
        page.goto(place.site.url("/auth/demo", lang="zh"))
        page.get_by_role("button", name=re.compile(f"^{who}")).click()
        page.wait_for_url(lambda url: "/auth/demo" not in url)
    yield page
    context.close()


def _settle(page: Page) -> None:
    """Wait until the page is drawn: its run over, its pictures and tiles there, its fonts too."""
    page.wait_for_function(QUIET)
    for frame in page.frames:
        if "streamlit_folium" in frame.url:
            frame.wait_for_function("window.map !== undefined")
            frame.wait_for_function(TILES)
    page.wait_for_function(QUIET)
    page.evaluate("() => document.fonts.ready.then(() => true)")


def small(png: bytes) -> bytes:
    """The same picture in as many colours as fit into `MOST_BYTES`."""
    picture = Image.open(io.BytesIO(png)).convert("RGB")
    for colours in (256, 128, 64, 32):
        stream = io.BytesIO()
        _reduced(picture, colours).save(stream, "PNG", optimize=True)
        if stream.tell() <= MOST_BYTES:
            break
    return stream.getvalue()


def _reduced(picture: Image.Image, colours: int) -> Image.Image:
    """The colours of the large areas, and a quarter for those that stand far from them: a symbol's."""
    rare = colours // 4
    ways = ((colours - rare, Image.Quantize.MEDIANCUT), (rare, Image.Quantize.MAXCOVERAGE))
    named = [value for count, way in ways
             for value in (picture.quantize(count, way).getpalette() or [])[: 3 * count]]  # fmt: skip
    pixels = np.asarray(picture).reshape(-1, 3)
    seen, where = np.unique(pixels, axis=0, return_inverse=True)
    nearest = cKDTree(np.array(named).reshape(-1, 3)).query(seen)[1]
    made = Image.fromarray(
        nearest[where].astype(np.uint8).reshape(picture.height, picture.width), "P"
    )
    made.putpalette(named)
    return made


def _keep(place: Place, page: Page, name: str) -> None:
    file = place.out / f"{name}.png"
    file.write_bytes(small(page.screenshot(animations="disabled", caret="hide")))
    print(f"{file} {file.stat().st_size // 1000} kB", flush=True)


def take(place: Place, shot: Shot) -> None:
    """One page in its languages."""
    for lang in shot.langs:
        with _open(place, lang, shot.size, shot.who) as page:
            page.goto(place.site.url(shot.path, lang=lang, **shot.query))
            page.locator(shot.ready).first.wait_for()
            _settle(page)
            shot.act(page)
            _settle(page)
            _keep(place, page, f"{shot.name}.{lang}")


def leads(place: Place) -> None:
    """The county's leads, which are taken in at the first visit."""
    with _open(place, "zh", DESK, "王检") as page:
        page.goto(place.site.url("/leads", lang="zh", lead=LEAD))
        page.locator(".y-card h2").first.wait_for()


def candidates(place: Place) -> None:
    """Something to be confirmed, looked for by the page itself."""
    with _open(place, "zh", DESK, "赵外勤") as page:
        page.goto(place.site.url("/confirm", lang="zh"))
        search(page)


def importing(place: Place) -> None:
    """A table whose datum is not told, up to the map of its readings."""
    asked = {
        "zh": ("这张表是关于什么的", "学校与幼儿园"),
        "en": ("What the table is about", "Schools and kindergartens"),
    }
    with tempfile.TemporaryDirectory() as folder:
        table = gbk_workbook(place.folder, Path(folder) / "学校名录.xls")
        for lang, words in asked.items():
            with _open(place, lang, DESK, "王检") as page:
                page.goto(place.site.url("/data", lang=lang, view="import"))
                page.locator("input[type=file]").wait_for(state="attached")
                pick(page, *words)
                page.locator("input[type=file]").set_input_files(table)
                push(page, "dd_do_look")
                page.locator(".st-key-dd_map iframe").wait_for()
                page.locator(".dd-readings").scroll_into_view_if_needed()
                _settle(page)
                _keep(place, page, f"data.{lang}")


def uploading(place: Place) -> None:
    """Two files taken in, one of them damaged: the report names what came in and what did not."""
    with tempfile.TemporaryDirectory() as folder:
        broken = Path(folder) / "shore_damaged.tif"
        for lang, whole in (("zh", "shore_20260521.tif"), ("en", "bank_20260521.tif")):
            shutil.copyfile(DEMO / "flights" / whole, Path(folder) / whole)
            broken.write_bytes((Path(folder) / whole).read_bytes()[:150_000])
            with _open(place, lang, DESK, "赵外勤") as page:
                page.goto(place.site.url("/upload", lang=lang))
                page.locator(".upload .total").wait_for()
                page.locator(".pick-files").set_input_files(
                    [str(Path(folder) / whole), str(broken)]
                )
                page.get_by_role("button", name=re.compile("^(入库|Take in) 2 ")).click()
                page.locator(".y-refused").wait_for()
                _settle(page)
                _keep(place, page, f"upload.{lang}")


FONT = """@import url("/assets/lib/fonts/noto-sans-sc.css");
* { font-family: "Noto Sans SC Variable", "Noto Sans SC", sans-serif !important; }"""
"""The field page takes the phone's own font; the machine that takes the picture may have none."""


def on_the_phone(place: Place) -> None:
    """The field page with a lead opened."""
    for lang in LANGUAGES:
        with _open(place, lang, PHONE, "赵外勤") as page:
            page.goto(place.site.url("/field/"))
            page.locator(".row").first.click()
            page.locator("main button.big").first.wait_for()
            page.add_style_tag(content=FONT)
            _settle(page)
            _keep(place, page, f"field.{lang}")


def sheet(place: Place) -> None:
    """The first page of an evidence sheet in both languages (needs pdftoppm)."""
    done = place.out / "sheet.png"
    with tempfile.TemporaryDirectory() as kept:
        layers, store, found = (
            DEMO / "layers",
            Path(kept) / "leads.sqlite",
            Path(kept) / "found.geojson",
        )
        _run("checks", "run", "tobacco-near-school", "--layers", layers, "--rules", "demo",
             "--on", "2026-06-30", "--out", found)  # fmt: skip
        _run("leads", "ingest", found, "--store", store, "--by", "张三")
        _run("evidence", "sheet", SHEET, "--layers", layers, "--imagery", DEMO / "imagery", "--store", store, "--by", "王五",
             "--second", "李四", "--reason", "内部审核", "--recipient", "本院", "--lang", "both", "--out", Path(kept) / "sheet.pdf")  # fmt: skip
        subprocess.run(["pdftoppm", "-r", "96", "-png", "-singlefile", str(Path(kept) / "sheet.pdf"),
                        str(Path(kept) / "sheet")], check=True)  # fmt: skip
        done.write_bytes(small((Path(kept) / "sheet.png").read_bytes()))
        print(f"{done} {done.stat().st_size // 1000} kB", flush=True)


def _run(*words: object) -> None:
    subprocess.run([sys.executable, "-m", *map(str, words)], cwd=ROOT, check=True, stdout=subprocess.DEVNULL)  # fmt: skip


def first_run(browser: Browser, out: Path) -> None:
    """The door of a real office's fresh store."""
    with _county("office") as folder:
        named = {
            "YICHA_DATABASE_URL": str(folder / "store.sqlite"),
            "YICHA_KEY_FILE": str(folder / "keys.txt"),
        }
        site = serve(folder, folder / "app.log", **named)
        place = Place(folder, site, browser, out)
        try:
            for lang in LANGUAGES:
                with _open(place, lang, DESK) as page:
                    page.goto(site.url("/auth/first", lang=lang))
                    page.locator("main form").first.wait_for()
                    _settle(page)
                    _keep(place, page, f"first.{lang}")
        finally:
            end(site)


OTHERS: dict[str, Callable[[Place], None]] = {
    "data": importing,
    "upload": uploading,
    "field": on_the_phone,
    "sheet": sheet,
}


def main(argv: Sequence[str] | None = None) -> int:
    """Take the pictures."""
    parser = argparse.ArgumentParser(prog="python -m tests.browser.pictures", description=__doc__)
    parser.add_argument("--out", type=Path, default=ROOT / "docs" / "images")
    parser.add_argument("--only", action="append", default=[], help="a picture's name; repeat")
    parser.add_argument("--every", action="store_true", help="also the pages no guide shows")
    asked = parser.parse_args(argv)
    asked.out.mkdir(parents=True, exist_ok=True)

    def wanted(name: str, shown: bool) -> bool:
        return name in asked.only if asked.only else shown or asked.every

    with sync_playwright() as playwright, _county("demo") as folder:
        browser = playwright.chromium.launch(executable_path=chromium_program(), args=FLAGS)
        site = serve(folder, folder / "app.log")
        place = Place(folder, site, browser, asked.out)
        lost: list[str] = []
        try:
            for name, work in _works(wanted):
                try:
                    work(place)
                except (Error, AssertionError) as problem:
                    lost.append(name)
                    print(f"{name}: {str(problem).splitlines()[0]}", file=sys.stderr, flush=True)
        finally:
            end(site)
        if wanted("first", True):
            first_run(browser, asked.out)
        browser.close()
    return 1 if lost else 0


def _works(wanted: Callable[[str, bool], bool]) -> Iterator[tuple[str, Callable[[Place], None]]]:
    """What is to be done, in its order."""
    yield "leads", leads
    if wanted("confirm", True):
        yield "candidates", candidates
    for shot in SHOTS:
        if wanted(shot.name, shot.shown):
            yield shot.name, partial(take, shot=shot)
    yield from ((name, work) for name, work in OTHERS.items() if wanted(name, True))


if __name__ == "__main__":
    sys.exit(main())
