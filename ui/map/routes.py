"""Addresses of the map: symbols tile by tile, local base maps."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import BaseRoute

from layers.errors import YichaError
from ui.answers import FOREVER, FRESH, in_pool
from ui.doors.guarded import guarded
from ui.map import kept


async def _symbols(request: Request) -> Response:
    """The symbols of a set that a page of this app shows, known by a name nobody can guess."""
    z, x, y = (int(request.path_params[name]) for name in "zxy")
    token = str(request.path_params["token"])
    try:
        content = await in_pool(lambda: kept.shown().get(token).tile(z, x, y))
    except YichaError as error:
        return PlainTextResponse(str(error), status_code=404)
    private = FOREVER.replace("public", "private")
    return Response(content, media_type="application/json", headers={"Cache-Control": private})


async def _base(request: Request) -> Response:
    name = str(request.path_params["name"])
    z, x, y = (int(request.path_params[one]) for one in "zxy")
    file = kept.tile_files().get(name)
    if file is None:
        return PlainTextResponse("there is no such base map", status_code=404)
    tile = await in_pool(lambda: file.tile(z, x, y))
    if tile is None:
        return Response(status_code=204)
    return Response(tile, media_type=file.kind, headers={"Cache-Control": FRESH})


ROUTES: list[BaseRoute] = [
    guarded("/map/marks/{token}/{z:int}/{x:int}/{y:int}.json", _symbols, "lead.read"),
    guarded("/map/base/{name}/{z:int}/{x:int}/{y:int}", _base, "layer.read"),
]
