"""The drive-through picture on the card of a fire lane, and its address."""

from __future__ import annotations

from html import escape
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import BaseRoute

from checks import Finding, catalogue, lane_picture, limits_in_force
from layers.errors import YichaError
from ui import cache
from ui.answers import FOREVER, FRESH, in_pool
from ui.assets import font_file
from ui.doors.guarded import guarded
from ui.settings import at
from ui.texts import Texts, texts

CHECK = "fire-lane-blocked"
_ADDRESS = "/lane/picture"


def drive_section(finding: Finding | None, words: Texts, rules: str | None, stamp: str) -> str:
    """Picture of the narrowest place, the two widths and the way to the whole picture, as HTML.

    Nothing for findings of other checks. `rules` and `stamp` (state of the data) go into the address.
    """
    if finding is None or finding.check != CHECK or finding.measured is None:
        return ""
    about = {"lane": finding.subject_id or "", "day": finding.on_date, "rules": rules or "",
             "lang": words.lang, "v": stamp}  # fmt: skip
    small = f"{at(_ADDRESS)}.png?{urlencode(about | {'small': '1'})}"
    whole, drawing = (f"{at(_ADDRESS)}.{kind}?{urlencode(about)}" for kind in ("png", "svg"))
    return (
        f'<section class="y-drive"><h3>{escape(words("card.drive"))}</h3>'
        f'<a href="{escape(whole)}" target="_blank" rel="noopener"><img src="{escape(small)}" width="340" height="230" '
        f'alt="{escape(_described(finding, words))}" style="width:100%;height:auto"></a>'
        f"<p>{escape(_described(finding, words))}</p>"
        f'<p class="y-quiet"><a href="{escape(whole)}" target="_blank" rel="noopener">{escape(words("card.drive_whole"))}</a> · '
        f'<a href="{escape(drawing)}" target="_blank" rel="noopener">SVG</a></p></section>'
    )


def _described(finding: Finding, words: Texts) -> str:
    """Clear width with its interval, and the cross-section beside it."""
    said = words("card.drive_width", value=f"{finding.measured:.2f}",
                 low=f"{finding.measured_low or 0:.2f}", high=f"{finding.measured_high or 0:.2f}")  # fmt: skip
    across = finding.facts.get("cross_section_m")
    return said if across is None else f"{said} · {words('card.drive_cross', value=f'{across:.2f}')}"  # fmt: skip


async def _picture(request: Request) -> Response:
    """One lane's picture: `lane`, `day`, `rules`, `lang`; `small` for the card."""
    ask, kind = request.query_params, request.url.path.rpartition(".")[2]
    lang = "en" if ask.get("lang") == "en" else "zh"

    def make() -> bytes:
        place = cache.workplace()
        pack = cache.packs().get(ask.get("rules", ""))
        day = ask.get("day", place.on_date or "")
        limits = limits_in_force(catalogue()[CHECK].check, pack, day)
        foot = texts(lang)("app.generated") if place.generated else ""
        sheet = lane_picture(place.layers, limits, day, ask.get("lane", ""), lang=lang,
                             small="small" in ask, foot=foot)  # fmt: skip
        return sheet.png(font_file()) if kind == "png" else sheet.svg().encode()

    try:
        content = await in_pool(make)
    except YichaError as error:
        return PlainTextResponse(str(error), status_code=404)
    kept = FOREVER if "v" in ask else FRESH
    return Response(content, media_type="image/png" if kind == "png" else "image/svg+xml",
                    headers={"Cache-Control": kept})  # fmt: skip


ROUTES: list[BaseRoute] = [
    guarded(f"{_ADDRESS}.png", _picture, "check.read"),
    guarded(f"{_ADDRESS}.svg", _picture, "check.read"),
]
