"""Standing watches: add, list, pause, resume, remove; run what is due, and mail what waits.

`watch run` is for the system's timer (every hour, every night): it runs what is due, reminds of deadlines
and looks, and mails where YICHA_SMTP_URL and YICHA_SMTP_FROM are set. It exits with 3 on an alarm.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path

from checks import Text, area_of
from layers.errors import LeadError
from leads.messages.mail import mail_server
from leads.messages.mailing import MailReport, send_mail, unconfirmed
from leads.messages.notices import ALARM_WORDS, check_words, joined, same
from leads.shell_steps import day_of
from leads.watches.due import REASON_WORDS, due
from leads.watches.parts import Work
from leads.watches.running import SOON_DAYS, Ran, run_watches
from leads.watches.watch import (
    ACTIVE,
    PAUSED,
    REMOVED,
    WATCH_STATES,
    Person,
    Watch,
    add_watch,
    set_state,
    watches,
)
from office import Actor, Database
from office.shell_words import (
    add_actor,
    add_language,
    add_store,
    at_work,
    language_of,
    utc_text,
)

SMTP_URL, SMTP_FROM, APP_URL = "YICHA_SMTP_URL", "YICHA_SMTP_FROM", "YICHA_APP_URL"
WORK = Path("data/cache/watch")
ALARM = 3
_NEW_STATE = {"pause": PAUSED, "resume": ACTIVE, "remove": REMOVED}
_NONE = Text("没有持续监测", "no watches")
_NOTHING = Text("没有到期的监测", "nothing is due")
_EVERY = Text("，每 {days} 天", ", every {days} days")
_LAST = Text("上次 {day}", "last {day}")
_ALL = Text("全部检查", "all checks")
_TOLD = Text("通知 {count} 条", "{count} messages")
_MEANWHILE = Text("已由他人运行", "somebody else has run it meanwhile")
_ALARM = Text("警报：{check}：{why}", "alarm: {check}: {why}")
_REMINDED = Text("期限与回头看提醒 {count} 条", "{count} reminders of deadlines and looks")
_SENT = Text("已发邮件：{who}", "mailed: {who}")
_REFUSED = Text("邮件被拒：{who}：{why}", "mail refused: {who}: {why}")
_UNSURE = Text(
    "{who}：{count} 条消息的邮件是否送达不明，不再重发",
    "{who}: nobody knows whether the mail of {count} messages went; not sent again",
)
_WAITS = Text("邮件未发出，保留待发：{who}", "mail kept for the next run: {who}")


def add(parser: argparse.ArgumentParser) -> None:
    """The arguments of the command."""
    acts = parser.add_subparsers(
        dest="act", required=True, metavar="add|list|run|mail|pause|resume|remove"
    )
    _add_add(acts.add_parser("add", help="watch a folder of layers"))
    one = acts.add_parser("list", help="the watches, and what of them is due")
    one.add_argument("--json", action="store_true", help="print them as JSON")
    one.add_argument("--on", metavar="DAY", help="what is due on this day (usually today)")
    _common(one)
    _add_run(acts.add_parser("run", help="run what is due, remind, mail"))
    _common(acts.add_parser("mail", help="only mail what waits"), "machine")
    for act in _NEW_STATE:
        one = acts.add_parser(act, help=f"{act} a watch")
        one.add_argument("watch", help="id or title")
        _common(one)


def run(arguments: argparse.Namespace) -> int:
    """Do one of them."""
    now, lang = datetime.now(UTC), language_of(arguments)
    with at_work(arguments, utc_text(now), create=arguments.act == "add") as (database, actor, _):
        if arguments.act == "run":
            return _run(database, actor, arguments, now, lang)
        if arguments.act == "mail":
            return _mail(database, actor, arguments, now, lang)
        if arguments.act == "list":
            _list(database, actor, arguments, now, lang)
            return 0
        done = _changed(database, actor, arguments, utc_text(now))
        print(f"{done.id}  {done.title}  {WATCH_STATES[done.state].of(lang)}")
        return 0


def _common(parser: argparse.ArgumentParser, role: str = "prosecutor") -> None:
    add_store(parser)
    add_actor(parser, role)
    add_language(parser)


def _add_add(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("layers", type=Path, metavar="FOLDER", help="the folder of layers to watch")
    parser.add_argument("--to", action="append", required=True, metavar="NAME[=MAIL]",
                        help="whom it tells of leads that are nobody's, several times for several")  # fmt: skip
    parser.add_argument("--check", action="append", default=[], metavar="ID", help="only this check, several times for several (else all)")  # fmt: skip
    parser.add_argument("--rules", metavar="PLACE", help="a place in data/rules, or a .toml file")
    parser.add_argument("--every", type=int, metavar="DAYS", help="also without new data, every so many days")  # fmt: skip
    parser.add_argument("--area", metavar="W,S,E,N|FILE", help="only this ground: degrees of a window, or a GeoJSON polygon")  # fmt: skip
    parser.add_argument("--title", default="", help="what it is called")
    _common(parser)


def _add_run(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("watch", nargs="*", help="only these (id or title)")
    parser.add_argument("--force", action="store_true", help="all their checks, due or not")
    parser.add_argument(
        "--on", metavar="DAY", help="the day to judge for (YYYY-MM-DD; usually today)"
    )
    parser.add_argument("--within", type=int, default=SOON_DAYS, metavar="DAYS",
                        help=f"remind so many days ahead ({SOON_DAYS})")  # fmt: skip
    parser.add_argument("--work", type=Path, default=WORK, metavar="DIR",
                        help=f"where a run that is stopped goes on from ({WORK.as_posix()})")  # fmt: skip
    parser.add_argument("--no-mail", action="store_true", help="mail nobody")
    _common(parser, "machine")


def _changed(database: Database, actor: Actor, arguments: argparse.Namespace, at: str) -> Watch:
    if arguments.act != "add":
        return set_state(database, arguments.watch, _NEW_STATE[arguments.act], actor=actor, at=at)
    rules = arguments.rules
    if rules and rules.endswith(".toml"):
        rules = Path(rules).resolve().as_posix()  # a timer runs it from another folder
    return add_watch(
        database, folder=arguments.layers.resolve().as_posix(), checks=arguments.check, rules=rules,
        people=[_person(one) for one in arguments.to], every_days=arguments.every, title=arguments.title,
        area=area_of(arguments.area) if arguments.area else None, actor=actor, at=at,
    )  # fmt: skip


def _person(text: str) -> Person:
    name, _, mail = text.partition("=")
    return Person(name.strip(), mail.strip() or None)


def _list(
    database: Database, actor: Actor, arguments: argparse.Namespace, now: datetime, lang: str
) -> None:
    found = watches(database, actor=actor)
    waiting = {one.watch.id: one for one in due(database, day_of(arguments, now), actor=actor)}
    if arguments.json:
        rows = [{"id": w.id, "title": w.title, "folder": w.folder, "checks": list(w.check_ids), "rules": w.rules,
                 "every_days": w.every_days, "state": w.state, "people": [p.name for p in w.people],
                 "area": None if w.area is None else w.area.wkt, "last": dict(w.last),
                 "due": dict(waiting[w.id].reasons) if w.id in waiting else {}} for w in found]  # fmt: skip
        print(json.dumps(rows, ensure_ascii=False, indent=1))
        return
    for watch in found:
        checks = joined([check_words(one) for one in watch.checks]) if watch.checks else _ALL
        every = _EVERY.fill(days=watch.every_days).of(lang) if watch.every_days else ""
        last = _LAST.fill(day=watch.last["on"]).of(lang) if watch.last.get("on") else ""
        print(f"{watch.id}  {watch.title}  {WATCH_STATES[watch.state].of(lang)}{every}  {last}")
        print(f"  {watch.folder}  {checks.of(lang)} → {', '.join(p.name for p in watch.people)}")
        one = waiting.get(watch.id)
        if one is not None:
            print(f"  {one.problem or _why(one.reasons).of(lang)}")
    if not found:
        print(_NONE.of(lang))


def _run(
    database: Database, actor: Actor, arguments: argparse.Namespace, now: datetime, lang: str
) -> int:
    def progress(done: int, total: int, check: str) -> None:
        if check:
            print(f"  {done + 1}/{total} {check_words(check).of(lang)}", file=sys.stderr)

    work = Work(arguments.work, progress)
    report = run_watches(
        database, actor=actor, at=utc_text(now), on_date=day_of(arguments, now), work=work,
        only=arguments.watch, within_days=arguments.within, force=arguments.force,
    )  # fmt: skip
    print("\n".join(line for ran in report.ran for line in _ran(ran, lang)) or _NOTHING.of(lang))
    if report.reminders:
        print(_REMINDED.fill(count=report.reminders).of(lang))
    mailed = 0 if arguments.no_mail else _mail(database, actor, arguments, now, lang)
    return ALARM if report.has_alarm else mailed


def _ran(ran: Ran, lang: str) -> Iterator[str]:
    yield f"{ran.watch.title}  {_why(ran.reasons).of(lang)}"
    if ran.report is not None:
        yield from (f"  {line}" for line in ran.report.text(lang).splitlines())
    elif ran.problem is None:
        yield f"  {_MEANWHILE.of(lang)}"
    for check, why in ran.alarms.items():
        words = ALARM_WORDS[why].fill(problem=ran.problem or "")
        about = same(ran.watch.title) if check == "*" else check_words(check)
        yield f"  {_ALARM.fill(check=about, why=words).of(lang)}"
    if ran.messages:
        yield f"  {_TOLD.fill(count=ran.messages).of(lang)}"


def _why(reasons: Mapping[str, str]) -> Text:
    kinds = dict.fromkeys(reasons.values())
    return joined([REASON_WORDS[kind] for kind in kinds])


def _mail(
    database: Database, actor: Actor, arguments: argparse.Namespace, now: datetime, lang: str
) -> int:
    """Mail what waits where a server is configured; nothing else ever connects."""
    url, sender = os.environ.get(SMTP_URL), os.environ.get(SMTP_FROM)
    if not url:
        if arguments.act == "mail":
            raise LeadError("no mail server is configured", field=SMTP_URL,
                            remedy=f"set {SMTP_URL} and {SMTP_FROM}")  # fmt: skip
        return 0
    if not sender:
        raise LeadError(
            "mail has no sender", field=SMTP_FROM, remedy=f"set {SMTP_FROM} to an address"
        )
    report = send_mail(database, mail_server(url, sender), actor=actor, at=utc_text(now), lang=lang,
                       app=os.environ.get(APP_URL))  # fmt: skip
    lines = [*_mailed(report), *(_UNSURE.fill(who=who, count=count)
             for who, count in unconfirmed(database, actor=actor).items())]  # fmt: skip
    print("".join(f"{line.of(lang)}\n" for line in lines), end="")
    if report.problem is not None:
        print(f"error: {report.problem}", file=sys.stderr)
    return 1 if report.problem or report.refused else 0


def _mailed(report: MailReport) -> Iterator[Text]:
    if report.sent:
        yield _SENT.fill(who=", ".join(report.sent))
    for who, why in (report.refused or {}).items():
        yield _REFUSED.fill(who=who, why=why)
    if report.waiting:
        yield _WAITS.fill(who=", ".join(report.waiting))
