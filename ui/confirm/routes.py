"""Addresses of the chips: by the candidate's id, never by a path; kept while nothing is redrawn."""

from __future__ import annotations

from typing import Literal, get_args

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import BaseRoute

from imagery.queue import Candidate, Queue, chip
from layers.errors import ImageryError, YichaError
from ui import cache
from ui.answers import FOREVER, FRESH, in_pool
from ui.doors.guarded import guarded
from ui.settings import at

Scale = Literal["near", "wide"]
Which = Literal["after", "before"]
SIZES = (160, 512)


def chip_url(candidate: Candidate, scale: Scale, which: Which, pixels: int = SIZES[-1]) -> str:
    """The address of a chip; it changes with every decision, so that no old outline is shown."""
    version = (candidate.seen or "0")[:12]
    return at(f"/imagery/queue/{candidate.id}/{scale}-{which}.jpg?px={pixels}&v={version}")


async def _chip(request: Request) -> Response:
    """A JPEG of the candidate with its outline and a scale bar."""
    name, told = request.path_params["candidate"], request.path_params
    scale, which, size = told["scale"], told["which"], request.query_params.get("px")
    if scale not in get_args(Scale) or which not in get_args(Which):
        return PlainTextResponse("near or wide, after or before", status_code=404)
    pixels = SIZES[0] if size == str(SIZES[0]) else SIZES[-1]

    def draw() -> bytes:
        held = cache.holdings()
        if held is None:
            raise ImageryError("there is no imagery store", remedy="upload imagery first")
        one = Queue.open(held.store).candidate(name)
        return chip(held.store, one, scale, which, pixels=pixels, reader=held.reader)

    try:
        content = await in_pool(draw)
    except YichaError as error:
        return PlainTextResponse(str(error), status_code=404)
    kept = FOREVER if "v" in request.query_params else FRESH
    return Response(content, media_type="image/jpeg", headers={"Cache-Control": kept})


ROUTES: list[BaseRoute] = [
    guarded("/imagery/queue/{candidate}/{scale}-{which}.jpg", _chip, "scene.read")
]
