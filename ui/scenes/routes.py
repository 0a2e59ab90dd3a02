"""Addresses of imagery: tiles, small pictures, crops for evidence. By id, never by a path."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import BaseRoute

from imagery.view import Frame, Tile, draw_crop
from layers.errors import ImageryError, YichaError
from ui import cache
from ui.answers import FOREVER, FRESH, in_pool
from ui.assets import DIST
from ui.doors.guarded import guarded
from ui.scenes.holdings import Holdings
from ui.texts import texts

FONT = DIST / "fonts" / "NotoSansSC-Regular.ttf"
CROP_M, CROP_PX, WIDEST_M = 120.0, 1200, 20_000.0
PREVIEWS = (160, 640, 1280)


async def _tile(request: Request) -> Response:
    scene = request.path_params["scene"]
    z, x, y = (int(request.path_params[name]) for name in "zxy")
    return await _picture(request, lambda held: held.reader.tile(scene, z, x, y))


async def _preview(request: Request) -> Response:
    scene, width = request.path_params["scene"], _number(request, "width", 640)
    wide = min(PREVIEWS, key=lambda one: abs(one - width))
    return await _picture(request, lambda held: held.reader.preview(scene, width=wide))


async def _crop(request: Request) -> Response:
    """The scene around a point, with scale, north, date and source, as a PNG to keep."""
    scene = request.path_params["scene"]
    lang: Literal["zh", "en"] = "en" if request.query_params.get("lang") == "en" else "zh"
    wide = min(max(_number(request, "metres", CROP_M), 1.0), WIDEST_M)
    lon, lat = _number(request, "lon", 0.0), _number(request, "lat", 0.0)

    def draw(held: Holdings) -> Tile:
        crop = held.reader.crop(scene, Frame.around(lon, lat, wide, CROP_PX, aspect=0.75))
        row = held.by_id(scene)
        said = f"{crop.title} · {texts(lang)('app.generated')}" if row and row.generated else ""
        picture = draw_crop(crop, FONT, lang=lang, source=said)
        return Tile(picture, "image/png", f"{scene}-{lon}-{lat}-{wide}-{lang}")

    answer = await _picture(request, draw)
    name = f"{scene}_{lon:.6f}_{lat:.6f}.png"
    answer.headers["Content-Disposition"] = f'inline; filename="{name}"'
    return answer


async def _picture(request: Request, make: Callable[[Holdings], Tile | None]) -> Response:
    """Make a picture in one of our threads; nothing there is no content, not an error."""

    def answer() -> Tile | None:
        held = cache.holdings()
        if held is None:
            raise ImageryError("there is no imagery store", remedy="upload imagery first")
        return make(held)

    try:
        found = await in_pool(answer)
    except YichaError as error:
        return PlainTextResponse(str(error), status_code=404)
    if found is None:
        return Response(status_code=204)
    if request.headers.get("if-none-match") == f'"{found.etag}"':
        return Response(status_code=304)
    kept = FOREVER if "v" in request.query_params else FRESH
    return Response(found.content, media_type=found.media_type,
                    headers={"Cache-Control": kept, "ETag": f'"{found.etag}"'})  # fmt: skip


def _number(request: Request, name: str, fallback: float) -> float:
    try:
        value = float(request.query_params.get(name, fallback))
    except ValueError:
        return fallback
    return value if abs(value) < 1e9 else fallback


ROUTES: list[BaseRoute] = [
    guarded("/imagery/{scene}/{z:int}/{x:int}/{y:int}", _tile, "scene.read"),
    guarded("/imagery/{scene}/preview", _preview, "scene.read"),
    guarded("/imagery/{scene}/crop.png", _crop, "scene.read"),
]
