"""A tab in a real chromium that stays open while the app behind it is killed."""

from __future__ import annotations

import asyncio
import os
import time

from playwright.async_api import Error, Page, async_playwright

from benchmarks._killed_load import Load, cookie_of
from tests.browser.conftest import FLAGS

_CONNECTED = "[data-testid=stApp][data-test-connection-state=CONNECTED]"
_QUIET = f"{_CONNECTED}[data-test-script-state=notRunning]"
PATIENCE_S = 60.0


async def watch(load: Load, back_s: list[float]) -> None:
    """Open the leads once; after every kill the tab must be connected again by itself."""
    program = os.environ.get("CHROMIUM", "/usr/bin/chromium")
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=program, args=FLAGS)
        name, _, value = (await cookie_of(load)).partition("=")
        context = await browser.new_context(locale="zh-CN")
        await context.add_cookies([{"name": name, "value": value, "url": load.address}])
        page = await context.new_page()
        await _opened(page, load)
        await page.evaluate("window.here = 'before'")
        load.opened.set()
        while not load.over.is_set():
            life = load.life
            while load.life == life and not load.over.is_set():
                await asyncio.sleep(0.1)
            await load.up.wait()
            if not load.over.is_set():
                await _back(page, load, back_s)
        await page.locator(_QUIET).wait_for(timeout=PATIENCE_S * 1000)
        if await page.evaluate("window.here") != "before":
            load.wrong.append("the tab had to be loaded anew")
        await browser.close()


async def _opened(page: Page, load: Load) -> None:
    while True:
        await load.up.wait()
        try:
            await page.goto(f"{load.address}/leads?lang=zh")
            await page.locator(_QUIET).wait_for(timeout=PATIENCE_S * 1000)
            return
        except Error:  # killed meanwhile
            await asyncio.sleep(0.5)


async def _back(page: Page, load: Load, back_s: list[float]) -> None:
    """Wait until it is connected; killed once more meanwhile, the next life counts."""
    life, begun = load.life, time.monotonic()
    while load.life == life and time.monotonic() - begun < PATIENCE_S:
        if await page.locator(_CONNECTED).count():
            back_s.append(time.monotonic() - begun)
            return
        await asyncio.sleep(0.1)
    if load.life == life:
        load.wrong.append("the tab was not connected again within a minute")
