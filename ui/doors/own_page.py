"""The page of one's own account: name, rights, sessions."""

from __future__ import annotations

from html import escape

from office.doors.sessions import Session
from ui.docket.names import day_of
from ui.doors.asked import Asked
from ui.doors.sheet import form, links


def account_body(asked: Asked, mine: Session, every: tuple[Session, ...]) -> str:
    """Who one is, what one may be where, and where one is signed in."""
    words, account = asked.words, mine.account
    rights = "".join(f"<li>{escape(_right(asked, grant.role, grant.area, grant.check))}</li>" for grant in account.grants)  # fmt: skip
    factor = words("doors.factor_on" if account.second_factor else "doors.factor_off")
    rows = "".join(_row(asked, one, current=one.id == mine.id) for one in every)
    others = form("/auth/sessions", "", words("doors.end_others"), asked.form, quiet=True) if len(every) > 1 else ""  # fmt: skip
    heads = "".join(f'<th scope="col">{words(f"doors.session_{name}")}</th>' for name in ("begun", "used", "from"))  # fmt: skip
    return (
        f"<dl><dt>{words('doors.name')}</dt><dd>{escape(account.name)}</dd>"
        f"<dt>{words('doors.rights')}</dt><dd><ul>{rights}</ul></dd>"
        f"<dt>{words('doors.second_factor')}</dt><dd>{factor}</dd></dl>"
        f'<h2>{words("doors.sessions")}</h2><div class="scroll"><table><thead><tr>{heads}<th></th></tr></thead>'
        f"<tbody>{rows}</tbody></table></div>{others}"
        f"{links(('/', words('doors.to_app')), ('/auth/password', words('doors.change_password')))}"
        f"{form('/auth/sign-out', '', words('doors.sign_out'), asked.form)}"
    )


def _right(asked: Asked, role: str, area: str | None, check: str | None) -> str:
    where = [part for part in (area, check) if part]
    name = asked.words.word("role_name", role)
    return " · ".join((name, *where))


def _row(asked: Asked, one: Session, *, current: bool) -> str:
    words = asked.words
    act = (f'<b>{words("doors.session_this")}</b>' if current else
           form("/auth/sessions", "", words("doors.end"), asked.form, {"session": one.id}, quiet=True))  # fmt: skip
    cells = "".join(f"<td>{escape(text)}</td>" for text in (day_of(one.created_at), day_of(one.seen_at), one.source))  # fmt: skip
    return f"<tr>{cells}<td>{act}</td></tr>"
