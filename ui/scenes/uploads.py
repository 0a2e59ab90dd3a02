"""Addresses of the upload: announce, ask for the offset, send pieces, remove. Written to the disk.

A piece is `PATCH` with `Upload-Offset`, and `Upload-Checksum: sha256 <hex>` where the sender can
say it. The answer, also to a piece that does not fit (409), carries the offset to go on from.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute

from layers.problems import in_both
from ui.doors.guarded import actor_of, guarded
from ui.scenes.incoming import Incoming, Upload, UploadError

PATH = "/imagery/uploads"
RIGHT = "scene.upload"
_OFFSET, _LENGTH, _CHECKSUM = "Upload-Offset", "Upload-Length", "Upload-Checksum"
_BUFFER = 1 << 20
_MOST_JSON, _MOST_PIECE = 16_384, 1 << 30
"""The second only bounds the address; how large a piece may be say the limits of the uploads."""
_POOL = ThreadPoolExecutor(2, thread_name_prefix="uploads")
Made = TypeVar("Made")
Answer = Callable[[Request], Awaitable[Response]]


def upload_routes(
    incoming: Callable[[], Incoming], path: str = PATH, right: str = RIGHT
) -> list[BaseRoute]:
    """The addresses below `path`, for those who have the right; `incoming` gives the uploads of the
    data folder as it is now.
    """
    desk = _Desk(incoming, path)
    one = f"{path}/{{upload}}"
    return [
        guarded(path, _told(desk.listed), right),
        guarded(path, _told(desk.begin), right, ["POST"]),
        guarded(one, _told(desk.offset), right, ["HEAD"]),
        guarded(one, _told(desk.piece), right, ["PATCH"], most_bytes=_MOST_PIECE),
        guarded(one, _told(desk.remove), right, ["DELETE"]),
    ]


def _told(answer: Answer) -> Answer:
    """What goes wrong is told as JSON: code, numbers, problem and remedy."""

    async def told(request: Request) -> Response:
        try:
            return await answer(request)
        except UploadError as error:
            body = {
                "code": error.code,
                **error.facts,
                "problem": error.problem,
                "remedy": error.remedy,
                "said": in_both(error),
            }
            headers = {"Cache-Control": "no-store"}
            if "offset" in error.facts:
                headers[_OFFSET] = str(error.facts["offset"])
            if error.status == 429:
                headers["Retry-After"] = "2"
            return JSONResponse(body, error.status, headers)

    return told


class _Desk:
    """Answers the requests; holds nothing but the number of pieces that are arriving."""

    def __init__(self, incoming: Callable[[], Incoming], path: str) -> None:
        self._incoming, self._path = incoming, path
        self._arriving = 0

    async def listed(self, request: Request) -> Response:
        """The uploads of one batch (a secret of one browser), and how large a piece may be."""
        batch = request.query_params.get("batch", "")
        incoming = self._incoming()
        found = await _in_pool(lambda: incoming.all(batch) if batch else [])
        mine = [_shown(one) for one in found if _is_mine(one, request)]
        return _json({"uploads": mine, "piece": incoming.limits.piece_bytes})

    async def begin(self, request: Request) -> Response:
        told = await _small_json(request)
        incoming = self._incoming()
        who = actor_of(request).name
        upload = await _in_pool(lambda: incoming.begin(told, who))
        answer = _json(_shown(upload), 201)
        answer.headers.update({"Location": f"{self._path}/{upload.id}", _OFFSET: "0"})
        return answer

    async def offset(self, request: Request) -> Response:
        upload = _mine(request, self._incoming())
        return _empty(upload.offset, {_LENGTH: str(upload.size)})

    async def remove(self, request: Request) -> Response:
        incoming = self._incoming()
        upload = _mine(request, incoming).id
        await _in_pool(lambda: incoming.discard(upload))
        return Response(status_code=204)

    async def piece(self, request: Request) -> Response:
        """Take the next bytes of a file, at most `parallel` of them at once."""
        incoming = self._incoming()
        if self._arriving >= incoming.limits.parallel:
            raise UploadError("busy", 429)
        self._arriving += 1
        try:
            return await _receive(request, incoming)
        finally:
            self._arriving -= 1


def _is_mine(upload: Upload, request: Request) -> bool:
    """Whether who asks began it; one from before uploads had owners is whose batch it is."""
    return upload.owner in {"", actor_of(request).name}


def _mine(request: Request, incoming: Incoming) -> Upload:
    """The upload of the address; somebody else's is none, as an unknown one is."""
    upload = incoming.get(request.path_params["upload"])
    if not _is_mine(upload, request):
        raise UploadError("unknown", 404)
    return upload


async def _receive(request: Request, incoming: Incoming) -> Response:
    upload, begun = _mine(request, incoming).id, _count(request, _OFFSET)
    if _count(request, "Content-Length", 0) > incoming.limits.piece_bytes:
        raise UploadError("piece", 413, most=incoming.limits.piece_bytes)
    wanted = _wanted(request)
    token = await _in_pool(lambda: incoming.claim(upload, begun))
    good = False
    try:
        digest = await _stream(request, incoming, upload, token)
        good = wanted is None or digest == wanted
    except ClientDisconnect:
        good = wanted is None  # bytes of an unchecked piece stay: the line ended, nothing else
        return Response(status_code=408)
    finally:
        if not good:
            await _in_pool(lambda: incoming.cut(upload, token, begun))
        incoming.release(upload, token)
    here = incoming.get(upload)
    if not good:
        raise UploadError("piece_hash", 422, offset=here.offset)
    if here.complete:
        await _in_pool(lambda: incoming.finish(upload))
    return _empty(here.offset, {})


async def _stream(request: Request, incoming: Incoming, upload: str, token: object) -> str:
    """Write the body as it arrives, a mebibyte at a time; its SHA-256."""
    digest, buffer, total = hashlib.sha256(), bytearray(), 0

    async def write() -> None:
        data = bytes(buffer)
        buffer.clear()
        digest.update(data)
        await _in_pool(lambda: incoming.append(upload, token, data))

    try:
        async for data in _lively(request, incoming.limits.idle_s):
            total += len(data)
            if total > incoming.limits.piece_bytes:
                raise UploadError("piece", 413, most=incoming.limits.piece_bytes)
            buffer += data
            if len(buffer) >= _BUFFER:
                await write()
    except ClientDisconnect:
        await write()
        raise
    await write()
    return digest.hexdigest()


async def _lively(request: Request, idle_s: float) -> AsyncIterator[bytes]:
    """The body as it arrives; a line that is silent for too long counts as cut."""
    stream = request.stream()
    while True:
        try:
            async with asyncio.timeout(idle_s):
                data = await anext(stream)
        except StopAsyncIteration:
            return
        except TimeoutError:
            raise ClientDisconnect from None
        yield data


async def _small_json(request: Request) -> dict[str, Any]:
    body = bytearray()
    async for data in request.stream():
        body += data
        if len(body) > _MOST_JSON:
            raise UploadError("announcement", 413)
    try:
        told = json.loads(body)
    except ValueError:
        told = None
    if not isinstance(told, dict):
        raise UploadError("announcement", 400)
    return told


def _wanted(request: Request) -> str | None:
    """The piece's SHA-256 as its sender says, lower case; raises `UploadError` for another kind."""
    told = request.headers.get(_CHECKSUM)
    if told is None:
        return None
    kind, _, value = told.partition(" ")
    if kind.lower() != "sha256" or len(value) != 64:
        raise UploadError("piece", 400)
    return value.lower()


def _count(request: Request, name: str, fallback: int | None = None) -> int:
    told = request.headers.get(name)
    if told is None and fallback is not None:
        return fallback
    if told is None or not told.isascii() or not told.isdigit() or len(told) > 18:
        raise UploadError("piece", 400)
    return int(told)


def _shown(upload: Upload) -> dict[str, Any]:
    return {"id": upload.id, "name": upload.name, "folder": upload.folder, "size": upload.size,
            "modified": upload.modified, "offset": upload.offset}  # fmt: skip


def _json(body: dict[str, Any], status: int = 200) -> JSONResponse:
    return JSONResponse(body, status, {"Cache-Control": "no-store"})


def _empty(offset: int, more: dict[str, str]) -> Response:
    headers = {_OFFSET: str(offset), "Cache-Control": "no-store", **more}
    return Response(status_code=204, headers=headers)


async def _in_pool(make: Callable[[], Made]) -> Made:
    return await asyncio.get_running_loop().run_in_executor(_POOL, make)
