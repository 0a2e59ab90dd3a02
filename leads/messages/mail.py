"""Handing letters to a mail server (SMTP). Connects to nothing but the server that is configured.

The steps are kept apart, so that after a failure it is known whether the server may have the letter:
until the text is handed over it has not; once its answer to the text is missing nobody can say.
"""

from __future__ import annotations

import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from typing import NoReturn
from urllib.parse import parse_qsl, unquote, urlsplit

from layers.errors import LeadError, MailError
from leads.messages.digest import Digest
from leads.watches.watch import check_address

TLS, STARTTLS, PLAIN = "tls", "starttls", "none"
_OWN_MACHINE = frozenset({"localhost", "127.0.0.1", "::1"})
_PORTS = {TLS: 465, STARTTLS: 587, PLAIN: 25}
_REMEDY = ("write smtp://user:password@host:587 (STARTTLS), smtps://user:password@host:465 (TLS from the "
           "start) or smtp://host:25?tls=none, with &ca=FILE for a certificate authority of your own")  # fmt: skip


@dataclass(frozen=True, slots=True)
class MailServer:
    """A mail server and the sender's address; `security` is tls, starttls or none, `ca` a file with
    the certificate authority it is to be trusted by, else those of the system.
    """

    host: str
    port: int
    security: str
    sender: str
    user: str | None = None
    password: str | None = field(default=None, repr=False)
    ca: str | None = None
    timeout_s: float = 30.0

    @property
    def domain(self) -> str:
        """The domain of the sender."""
        return self.sender.rpartition("@")[2]


class UnconfirmedError(Exception):
    """The letter was handed over and the answer never came: the server may have it or not."""


class Session:
    """An open connection to a mail server that takes our letters."""

    def __init__(self, server: MailServer, smtp: smtplib.SMTP) -> None:
        self._server = server
        self._smtp = smtp

    def address(self, to: str) -> None:
        """Name sender and receiver. `MailError` where the server refuses; nothing was sent."""
        try:
            self._smtp.rset()
            self._answered(self._smtp.mail(self._server.sender), "sender")
            self._answered(self._smtp.rcpt(to), "receiver")
        except (smtplib.SMTPException, OSError) as error:
            _unreachable(self._server, error)

    def hand_over(self, letter: EmailMessage) -> None:
        """Send the text to the receiver named. `MailError` where the server said no,
        `UnconfirmedError` where it said nothing.
        """
        try:
            code, answer = self._smtp.data(letter.as_bytes())
        except smtplib.SMTPDataError as error:
            self._answered((error.smtp_code, _bytes(error.smtp_error)), "text")
        except (smtplib.SMTPException, OSError) as error:
            raise UnconfirmedError(str(error)) from error
        else:
            self._answered((code, answer), "text")

    def _answered(self, answer: tuple[int, bytes], what: str) -> None:
        code, text = answer
        if code not in (250, 251):
            said = text.decode("utf-8", errors="replace")[:300]
            raise MailError(f"the mail server refused the {what}: {code} {said}", field=what,
                            remedy="mend the address; it is tried again with the next run")  # fmt: skip


def mail_server(url: str, sender: str) -> MailServer:
    """The server out of its address (`YICHA_SMTP_URL`) and the sender's; `LeadError` with the remedy.

    A password is never sent without TLS, except to this very machine.
    """
    try:
        parts = urlsplit(url)
        host, port, options = parts.hostname, parts.port, dict(parse_qsl(parts.query))
    except ValueError as error:
        raise _no_server() from error
    if parts.scheme not in ("smtp", "smtps") or not host or options.keys() - {"tls", "ca"}:
        raise _no_server()
    usual = PLAIN if host in _OWN_MACHINE else STARTTLS
    security = TLS if parts.scheme == "smtps" else options.get("tls", usual)
    if security not in _PORTS:
        raise _no_server()
    user = unquote(parts.username) if parts.username else None
    if user and security == PLAIN and host not in _OWN_MACHINE:
        raise LeadError("the password would go over the network in the clear", field="YICHA_SMTP_URL",
                        remedy="leave out tls=none, or the user and password")  # fmt: skip
    return MailServer(host, port or _PORTS[security], security, check_address(sender), user,
                      unquote(parts.password) if parts.password else None, options.get("ca"))  # fmt: skip


def letter_of(server: MailServer, digest: Digest, to: str, at: str) -> EmailMessage:
    """The letter as it goes out; the same digest gives the same `Message-ID`, byte for byte."""
    letter = EmailMessage(policy=SMTP)
    letter["From"] = server.sender
    letter["To"] = check_address(to)
    letter["Subject"] = digest.subject
    letter["Date"] = format_datetime(datetime.fromisoformat(at))
    letter["Message-ID"] = f"<{digest.id}@{server.domain}>"
    letter["Auto-Submitted"] = "auto-generated"
    letter.set_content(digest.plain, cte="base64")
    letter.add_alternative(digest.html, subtype="html", cte="base64")
    letter.set_boundary(f"={digest.id}")
    return letter


@contextmanager
def connect(server: MailServer) -> Iterator[Session]:
    """A session with the server; `MailError` where there is none or it will not have us."""
    try:
        smtp = _open(server)
    except (smtplib.SMTPException, OSError, ValueError) as error:
        _unreachable(server, error)
    try:
        yield Session(server, smtp)
    finally:
        with suppress(smtplib.SMTPException, OSError):
            smtp.quit()


def _open(server: MailServer) -> smtplib.SMTP:
    context = ssl.create_default_context(cafile=server.ca)
    wait, name = server.timeout_s, server.domain
    smtp = (
        smtplib.SMTP_SSL(
            server.host, server.port, local_hostname=name, timeout=wait, context=context
        )
        if server.security == TLS
        else smtplib.SMTP(server.host, server.port, local_hostname=name, timeout=wait)
    )
    try:
        if server.security == STARTTLS:
            smtp.starttls(context=context)
        smtp.ehlo_or_helo_if_needed()
        if server.user:
            smtp.login(server.user, server.password or "")
    except BaseException:
        smtp.close()
        raise
    return smtp


def _unreachable(server: MailServer, error: Exception) -> NoReturn:
    raise MailError(f"the mail server {server.host}:{server.port} does not take letters ({_said(error)})",
                    field="YICHA_SMTP_URL", remedy="check the address, user and TLS, and that it runs; "
                    "what waits is kept and tried again") from error  # fmt: skip


def _said(error: Exception) -> str:
    """What went wrong; an answer to a log-in may repeat it, so only its code is told."""
    if isinstance(error, smtplib.SMTPAuthenticationError):
        return f"{error.smtp_code}: user or password refused"
    return f"{type(error).__name__}: {error}"[:300]


def _bytes(answer: bytes | str) -> bytes:
    return answer if isinstance(answer, bytes) else answer.encode()


def _no_server() -> LeadError:
    return LeadError("this is no address of a mail server", field="YICHA_SMTP_URL", remedy=_REMEDY)
