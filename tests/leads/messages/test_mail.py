"""Letters to a real mail server: what they say, TLS, refusals, a server that is down, a kill."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import select

from layers.errors import LeadError, PolicyError
from leads.messages.digest import digest_of
from leads.messages.inbox import Notice, mark_read, messages, post
from leads.messages.mail import MailServer, letter_of, mail_server
from leads.messages.mailing import MailReport, send_mail, unconfirmed
from leads.watches.watch import Person, add_watch
from office import Actor, Database, events
from office.actors import MACHINE
from office.schema import MESSAGE
from tests.leads.made import AUDITOR, PROSECUTOR
from tests.leads.mail_server import Mailbox, certificate, free_port
from tests.leads.mail_server import mail_server as running

AT = "2026-07-01T01:00:00Z"
WANG, LI = "wang@example.cn", "li@example.cn"
SECRET = "<script>福顺烟酒店</script>"


@pytest.fixture
def box() -> Mailbox:
    return Mailbox()


@pytest.fixture
def port(box: Mailbox) -> Iterator[int]:
    with running(box) as number:
        yield number


def new_leads(person: str, run: str, count: int = 2) -> Notice:
    leads = [{"id": f"L{n}", "number": f"YC-2026-{n:06d}", "name": SECRET, "what": ["measured", "rule"]}
             for n in range(count)]  # fmt: skip
    return Notice(person, "changed", "bar-near-school", {
        "check": "bar-near-school", "run": run, "count": count + 3, "leads": leads}, [run])  # fmt: skip


def told(db: Database, tmp_path: Path, *notices: Notice) -> None:
    """A watch with two addresses, and messages in the inboxes."""
    (tmp_path / "layers").mkdir(exist_ok=True)
    add_watch(db, folder=str(tmp_path / "layers"), checks=("bar-near-school",), actor=PROSECUTOR, at=AT,
              people=(Person("王检", WANG), Person("李检", LI), Person("赵检")))  # fmt: skip
    with db.write() as connection:
        post(connection, notices, at=AT)


def server_at(port: int, **more: object) -> MailServer:
    return MailServer("127.0.0.1", port, "none", "yicha@example.cn", **more)  # type: ignore[arg-type]


def send(db: Database, port: int, at: str = AT) -> MailReport:
    return send_mail(
        db, server_at(port, timeout_s=10.0), actor=MACHINE, at=at, app="http://10.0.0.5:8600/"
    )


def mailed(db: Database) -> dict[str, str | None]:
    """Person and subject of every message → `mailed_at`."""
    with db.read() as connection:
        rows = connection.execute(select(MESSAGE.c.person, MESSAGE.c.mailed_at))
        return {str(row.person): row.mailed_at for row in rows}


def kinds(db: Database, person: str) -> list[str]:
    with db.read() as connection:
        return [event.kind for event in events(connection, f"mail:{person}")]


def test_one_letter_a_person_with_all_that_waits_and_never_again(
    database: Database, tmp_path: Path, box: Mailbox, port: int
) -> None:
    told(database, tmp_path, new_leads("王检", "R1"), new_leads("王检", "R2"), new_leads("李检", "R1"),
         new_leads("赵检", "R1"), new_leads("钱检", "R1"))  # fmt: skip
    assert send(database, port).sent == ("李检", "王检")
    assert [(to, letter["To"]) for to, letter in box.letters] == [([LI], LI), ([WANG], WANG)]
    letter = box.letters[1][1]
    assert letter["Subject"] == "益察：2 条消息"
    assert letter["From"] == "yicha@example.cn"
    assert letter["Message-ID"].endswith("@example.cn>")
    assert letter["Auto-Submitted"] == "auto-generated"
    assert letter["Date"].startswith("Wed, 01 Jul 2026 01:00:00")
    plain = letter.get_body(("plain",))
    html = letter.get_body(("html",))
    assert plain is not None
    assert html is not None
    text = plain.get_content()
    assert "YC-2026-000001 （实测值、规则）" in text
    assert "另有 3 条线索" in text
    assert "福顺" not in text + html.get_content()  # no name leaves the office
    assert 'href="http://10.0.0.5:8600/leads?lead=L1"' in html.get_content()
    assert mailed(database) == {"王检": AT, "李检": AT, "赵检": None, "钱检": None}
    assert send(database, port) == MailReport()
    assert len(box.letters) == 2
    with database.write() as connection:
        post(connection, [new_leads("王检", "R1"), new_leads("王检", "R3")], at=AT)
    assert send(database, port).sent == ("王检",)
    assert box.letters[2][1]["Subject"] == "益察：1 条消息"
    assert kinds(database, "王检") == ["message.handed_over", "message.sent"] * 2


def test_what_was_read_is_not_mailed(
    database: Database, tmp_path: Path, box: Mailbox, port: int
) -> None:
    told(database, tmp_path, new_leads("王检", "R1"))
    wang = Actor("王检", ("prosecutor",))
    (one,) = messages(database, "王检", actor=wang).messages
    mark_read(database, [one.id], actor=wang, at=AT)
    assert send(database, port) == MailReport()
    assert box.letters == []


def test_a_refused_receiver_is_kept_and_the_others_get_theirs(
    database: Database, tmp_path: Path, box: Mailbox, port: int
) -> None:
    told(database, tmp_path, new_leads("王检", "R1"), new_leads("李检", "R1"))
    box.refuse = {LI}
    for _ in range(3):
        report = send(database, port)
        assert report.refused is not None
        assert "550 5.1.1 no such mailbox" in report.refused["李检"]
    assert [to for to, _ in box.letters] == [[WANG]]
    assert mailed(database) == {"王检": AT, "李检": None}
    assert kinds(database, "李检") == ["message.refused"]  # told once
    box.refuse = set()
    assert send(database, port).sent == ("李检",)
    assert [to for to, _ in box.letters] == [[WANG], [LI]]


def test_a_text_the_server_will_not_have_is_kept(
    database: Database, tmp_path: Path, box: Mailbox, port: int
) -> None:
    told(database, tmp_path, new_leads("王检", "R1"))
    box.answer = "452 4.2.2 mailbox full"
    report = send(database, port)
    assert report.refused is not None
    assert "452" in report.refused["王检"]
    assert mailed(database) == {"王检": None}
    box.answer = "250 OK"
    assert send(database, port).sent == ("王检",)


def test_a_server_that_is_down_keeps_everything_until_it_is_back(
    database: Database, tmp_path: Path, box: Mailbox
) -> None:
    told(database, tmp_path, new_leads("王检", "R1"), new_leads("李检", "R1"))
    number = free_port()
    report = send(database, number)
    assert report.waiting == ("李检", "王检")
    assert "does not take letters" in str(report.problem)
    assert mailed(database) == {"王检": None, "李检": None}
    assert kinds(database, "王检") == []
    with running(box, number):
        assert send(database, number, "2026-07-02T01:00:00Z").sent == ("李检", "王检")
    assert len(box.letters) == 2


KILLED = """
import sys
from leads.messages.mail import MailServer
from leads.messages.mailing import send_mail
from office import Database
from office.actors import MACHINE
db = Database.open(sys.argv[1])
server = MailServer("127.0.0.1", int(sys.argv[2]), "none", "yicha@example.cn")
send_mail(db, server, actor=MACHINE, at="2026-07-01T01:00:00Z")
print("marked")
"""


def test_a_kill_between_sending_and_marking_sends_nothing_twice(
    database: Database, store_url: str, tmp_path: Path, root: Path, box: Mailbox, port: int
) -> None:
    told(database, tmp_path, new_leads("王检", "R1"))
    begun: list[subprocess.Popen[str]] = []
    box.on_text = lambda: begun.pop().kill()
    with subprocess.Popen([sys.executable, "-c", KILLED, store_url, str(port)], cwd=root, text=True,
                          encoding="utf-8", stdout=subprocess.PIPE) as one:  # fmt: skip
        begun.append(one)
        out, _ = one.communicate(timeout=60)
    assert out == ""
    assert len(box.letters) == 1  # the server has it; the program never knew
    assert mailed(database) == {"王检": "~2026-07-01T01:00:00Z"}
    box.on_text = None
    assert send(database, port, "2026-07-02T01:00:00Z") == MailReport()
    assert len(box.letters) == 1
    assert unconfirmed(database, actor=MACHINE) == {"王检": 1}
    assert kinds(database, "王检") == ["message.handed_over"]
    with database.write() as connection:
        post(connection, [new_leads("王检", "R2")], at=AT)
    assert send(database, port).sent == ("王检",)
    assert box.letters[1][1]["Subject"] == "益察：1 条消息"


def test_only_who_may_sends(database: Database, port: int) -> None:
    with pytest.raises(PolicyError, match="send mail"):
        send_mail(database, server_at(port), actor=AUDITOR, at=AT)


@pytest.mark.parametrize("way", ["starttls", "tls"])
def test_tls_with_an_authority_of_our_own_user_and_password(
    database: Database, tmp_path: Path, way: str
) -> None:
    context, authority = certificate(tmp_path)
    box = Mailbox(users={"yicha": "geheim"})
    told(database, tmp_path, new_leads("王检", "R1"))
    with running(box, **{way: context}) as number:  # type: ignore[arg-type]
        ours = MailServer("127.0.0.1", number, way, "yicha@example.cn", "yicha", "falsch",
                          str(authority), 10.0)  # fmt: skip
        wrong = send_mail(database, ours, actor=MACHINE, at=AT)
        assert "user or password refused" in str(wrong.problem)
        assert "falsch" not in str(wrong.problem) + repr(ours)
        unknown = MailServer(ours.host, number, way, ours.sender, timeout_s=10.0)
        assert "CERTIFICATE_VERIFY_FAILED" in str(
            send_mail(database, unknown, actor=MACHINE, at=AT).problem
        )
        assert box.letters == []
        good = MailServer(
            ours.host, number, way, ours.sender, "yicha", "geheim", str(authority), 10.0
        )
        assert send_mail(database, good, actor=MACHINE, at=AT).sent == ("王检",)
    assert len(box.letters) == 1


def test_a_server_without_starttls_gets_nothing_where_it_is_asked_for(
    database: Database, tmp_path: Path, box: Mailbox, port: int
) -> None:
    told(database, tmp_path, new_leads("王检", "R1"))
    ours = MailServer("127.0.0.1", port, "starttls", "yicha@example.cn", timeout_s=10.0)
    assert "STARTTLS" in str(send_mail(database, ours, actor=MACHINE, at=AT).problem)
    assert box.letters == []


def test_addresses_of_servers() -> None:
    found = mail_server("smtp://wang:p%40ss@mail.example.cn", "yicha@example.cn")
    assert (found.host, found.port, found.security) == ("mail.example.cn", 587, "starttls")
    assert (found.user, found.password) == ("wang", "p@ss")
    assert "p@ss" not in repr(found)
    assert mail_server("smtps://m.example.cn", "a@b.cn").port == 465
    assert mail_server("smtp://m.example.cn:2525?tls=none&ca=x.pem", "a@b.cn").ca == "x.pem"
    assert mail_server("smtp://localhost", "a@b.cn").security == "none"
    assert mail_server("smtp://u:p@localhost", "a@b.cn").user == "u"


@pytest.mark.parametrize(("url", "sender", "match"), [
    ("http://m.example.cn", "a@b.cn", "no address of a mail server"),
    ("smtp://", "a@b.cn", "no address of a mail server"),
    ("smtp://m.example.cn:port", "a@b.cn", "no address of a mail server"),
    ("smtp://m.example.cn?tls=maybe", "a@b.cn", "no address of a mail server"),
    ("smtp://m.example.cn?verify=no", "a@b.cn", "no address of a mail server"),
    ("smtp://u:p@m.example.cn?tls=none", "a@b.cn", "in the clear"),
    ("smtp://m.example.cn", "益察@b.cn", "no mail address"),
])  # fmt: skip
def test_wrong_addresses_are_refused(url: str, sender: str, match: str) -> None:
    with pytest.raises(LeadError, match=match) as raised:
        mail_server(url, sender)
    assert "u:p" not in str(raised.value)


def test_a_letter_is_the_same_byte_for_byte_and_nothing_in_it_is_markup(database: Database) -> None:
    with database.write() as connection:
        post(connection, [Notice("王检\r\nBcc: x@y", "alarm", "W1", {
            "title": "<b>示范县</b>", "why": "broken", "problem": "no <folder>", "checks": ["*"]}, [1])], at=AT)  # fmt: skip
    page = messages(database, "王检\r\nBcc: x@y", actor=MACHINE)
    digest = digest_of("王检\r\nBcc: x@y", page.messages, lang="en")
    assert digest.subject == "[urgent] Yicha: 1 messages"
    assert "<b>" not in digest.html
    assert "&lt;b&gt;示范县" in digest.html
    assert "no &lt;folder&gt;" in digest.html
    server = server_at(25)
    first, second = (letter_of(server, digest, WANG, AT).as_bytes() for _ in range(2))
    assert first == second
    head = first.split(b"\r\n\r\n", 1)[0]
    assert b"Bcc" not in head
    with pytest.raises(LeadError, match="no mail address"):
        letter_of(server, digest, "a@b.cn\r\nBcc: c@d.cn", AT)


def test_a_letter_of_thousands_stays_short(database: Database) -> None:
    with database.write() as connection:
        post(connection, [new_leads("王检", f"R{n}", count=1) for n in range(300)], at=AT)
    page = messages(database, "王检", actor=MACHINE, limit=1000)
    digest = digest_of("王检", page.messages, lang="zh")
    assert digest.plain.count("YC-2026-000000") == 100
    assert "另有 200 条消息" in digest.plain
    assert "另有 200 条消息" in digest.html
    assert digest.subject == "益察：300 条消息"
