"""Our own addresses beside Streamlit's: assets, tiles, health. All answers come from this machine."""

from __future__ import annotations

import gc
import logging
import os
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from importlib import import_module
from pathlib import Path
from typing import Any

from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import PathLike, StaticFiles
from starlette.types import Scope

from layers.atomic import sweep_partials
from layers.errors import YichaError
from ui import api, cache
from ui.answers import FOREVER, FRESH, POOL, in_pool
from ui.api import exchange
from ui.assets import APP_URL, DIST, LIB_URL, STATIC
from ui.between.arriving import between_routes
from ui.border import Border
from ui.cards import lane_picture
from ui.confirm import routes as confirm
from ui.data_desk import coming as tables
from ui.data_desk.told import tell_imports
from ui.doors import enter, invented, nowhere, oidc, own, place
from ui.doors.gate import Gate
from ui.doors.guarded import guarded
from ui.field import live as field
from ui.headers import SECURITY
from ui.map import routes as map_routes
from ui.proof.arriving import bundles
from ui.proof.routes import proof_routes
from ui.scenes import routes as scenes
from ui.scenes.uploads import upload_routes
from ui.settings import CACHE, data_folder
from ui.workplace import imagery_folder


async def _base_tile(request: Request) -> Response:
    z, x, y = (int(request.path_params[name]) for name in "zxy")
    return await _answer(request, lambda: cache.tiles().base(z, x, y), "image/png")


async def _overlay_tile(request: Request) -> Response:
    z, x, y = (int(request.path_params[name]) for name in "zxy")
    theme = request.path_params["theme"]
    return await _answer(request, lambda: cache.tiles().overlay(theme, z, x, y), "image/png")


async def _features(request: Request) -> Response:
    theme, lang = request.path_params["theme"], request.query_params.get("lang", "zh")
    return await _answer(request, lambda: cache.features(theme, lang), "application/json")


async def _answer(request: Request, make: Callable[[], bytes], kind: str) -> Response:
    """Make the content in one of our threads; an address with a version may be kept for ever."""
    try:
        content = await in_pool(make)
    except YichaError as error:
        return PlainTextResponse(str(error), status_code=404)
    kept = FOREVER if "v" in request.query_params else FRESH
    return Response(content, media_type=kind, headers={"Cache-Control": kept})


async def _health(_: Request) -> Response:
    return PlainTextResponse("ok")


class _Assets(StaticFiles):
    """Static files that may be missing at start and that browsers keep."""

    def file_response(
        self, full_path: PathLike, stat_result: os.stat_result, scope: Scope, status_code: int = 200
    ) -> Response:
        response = super().file_response(full_path, stat_result, scope, status_code)
        response.headers["Cache-Control"] = "public, max-age=86400"
        return response


ROUTES: list[BaseRoute] = [
    Route("/healthz", _health),
    guarded("/base/{z:int}/{x:int}/{y:int}.png", _base_tile, "layer.read"),
    guarded("/layer/{theme}/{z:int}/{x:int}/{y:int}.png", _overlay_tile, "layer.read"),
    guarded("/features/{theme}.json", _features, "layer.read"),
    *exchange.ROUTES,
    *api.ROUTES,
    *upload_routes(cache.incoming),
    *tables.ROUTES,
    *confirm.ROUTES,
    *map_routes.ROUTES,
    *scenes.ROUTES,
    *lane_picture.ROUTES,
    *field.ROUTES,
    *proof_routes(cache.outbox, cache.lead_store, bundles),
    *between_routes(),
    *enter.ROUTES,
    *own.ROUTES,
    *oidc.ROUTES,
    *invented.ROUTES,
    Mount(LIB_URL, _Assets(directory=DIST, check_dir=False)),
    Mount(APP_URL, _Assets(directory=STATIC)),
    nowhere.ROUTE,
]

MIDDLEWARE = [Middleware(Border), *SECURITY, Middleware(Gate, desks=place.desk)]
"""Before every answer: the border (path and proxy), headers, the names of this machine, and the gate (`ui.doors.gate`)."""

_TOO_MUCH = ("uvicorn.access", "streamlit.runtime.scriptrunner_utils.script_run_context")
"""Loggers that help nobody: a line per tile, and that a page was imported before its first visitor."""


def _load_pages() -> None:
    """Import what the pages import, so that the first visitor does not wait a second for it."""
    here = Path(__file__).parent
    for file in sorted(here.glob("*/page.py")):
        import_module(f"{__package__}.{file.parent.name}.{file.stem}")


def _warm_up() -> None:
    """Do the slow things; what they leave stays, so the collector need not go through it each time."""
    sweep_partials(data_folder(), time.time(), skip=imagery_folder(data_folder()))
    sweep_partials(CACHE, time.time())
    cache.warm_up()
    with suppress(YichaError):
        tell_imports()
    gc.collect()
    gc.freeze()


@asynccontextmanager
async def lifespan(_: object) -> AsyncIterator[dict[str, Any]]:
    """Warm up while the browser is still opening; stop the tile threads at the end."""
    for name in _TOO_MUCH:
        logging.getLogger(name).disabled = True
    _load_pages()
    POOL.submit(_warm_up)
    yield {}
    POOL.shutdown(wait=False, cancel_futures=True)
