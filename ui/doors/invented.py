"""The demo county's people: who one is, the same for pages, our own addresses and every tab."""

from __future__ import annotations

from html import escape

from starlette.responses import PlainTextResponse, Response
from starlette.routing import BaseRoute

from ui.doors.asked import Asked, door
from ui.doors.sheet import form, links, page

DEMO = "/auth/demo"


async def _people(asked: Asked) -> Response:
    if not asked.desk.is_demo:
        return _none()
    words, actor = asked.words, asked.caller.actor
    mine = actor.name if actor else ""
    rows = "".join(
        f'<li{" class=mine" if name == mine else ""}>'
        + form(DEMO, "", f"{name} · {words.word('role_name', role)}", asked.form, {"who": name, "next": asked.next}, quiet=True)
        + "</li>" for name, role in asked.desk.people.items())  # fmt: skip
    body = (f"<p>{escape(words('person.demo'))}</p><ul class=\"people\">{rows}</ul>"
            f"{links(('/', words('doors.to_app')))}")  # fmt: skip
    return page(asked.request, words, "demo", body)


async def _choose(asked: Asked) -> Response:
    if not asked.desk.choose(asked.cookie, asked.posted.get("who", "")):
        return _none()
    return asked.to(asked.next)


def _none() -> Response:
    return PlainTextResponse("not found", status_code=404, headers={"Cache-Control": "no-store"})


ROUTES: list[BaseRoute] = [door(DEMO, _people, _choose)]
