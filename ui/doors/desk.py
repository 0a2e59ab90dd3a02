"""The desk behind the door of a workplace: whose cookie this is, and what they may go on to.

Three kinds: of an office (a store with accounts), of the generated demo county (open, its invented
people may be chosen), and one that stays shut because something is missing (it says what).
"""

from __future__ import annotations

import secrets
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TypeVar

from layers.errors import PolicyError, YichaError
from office import Actor, Database
from office.doors.first_admin import needs_first
from office.doors.keys import Keys, signed, signed_token
from office.doors.own_account import need_session
from office.doors.provider_rules import ProviderRules
from office.doors.rules import DoorRules
from office.doors.sessions import OPEN, Session, session_of
from office.doors.tokens import system_of

KNOWN_S = 1.0
"""So long a cookie's session is not looked up again: a session ended elsewhere ends here that late."""
_MOST = 4096
_Value = TypeVar("_Value")


@dataclass(frozen=True, slots=True)
class Caller:
    """Who asks: an actor, or somebody signed in half way (`session.stage` says what is to do)."""

    actor: Actor | None = None
    session: Session | None = None

    @property
    def stage(self) -> str:
        """What is to be done before anything else; nothing for those who are in, or out."""
        half = self.session is not None and self.actor is None
        return self.session.stage if half and self.session else ""


NOBODY = Caller()


@dataclass(slots=True)
class Desk:
    """What the doors know. `people`: of the demo (name → role); `problem`: why it stays shut;
    `provider`: of identities, where there is one, `asking`: who speaks to it (`ui.doors.oidc`);
    `county`: the demo's store, where it has one.
    """

    keys: Keys
    rules: DoorRules
    now: Callable[[], str]
    db: Database | None = None
    people: Mapping[str, str] = field(default_factory=dict)
    problem: YichaError | None = None
    provider: ProviderRules | None = None
    asking: object = None
    county: Callable[[], Database | None] | None = None
    tick: Callable[[], float] = time.monotonic
    _known: OrderedDict[str, tuple[float, Caller]] = field(default_factory=OrderedDict)
    _chosen: OrderedDict[str, str] = field(default_factory=OrderedDict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def is_demo(self) -> bool:
        """Whether the door stands open and people are chosen."""
        return bool(self.people)

    @property
    def store(self) -> Database:
        """The office's store; raises the problem where there is none."""
        if self.db is None:
            raise self.problem or PolicyError("there are no accounts here", field="demo",
                                              remedy="name the folder of a real office")  # fmt: skip
        return self.db

    def history(self) -> Database | None:
        """Where refusals are told: the office's store, or the demo's."""
        return self.county() if self.db is None and self.county is not None else self.db

    def caller(self, cookie: str, *, fresh: bool = False) -> Caller:
        """Who holds this cookie, as of a second ago at most (`fresh`: as of now); the use is noted."""
        if self.is_demo:
            return Caller(self._invented(cookie))
        token = self.token(cookie)
        if not token or self.db is None:
            return NOBODY
        known = self._known.get(token)
        if known is not None and not fresh and 0 <= self.tick() - known[0] < KNOWN_S:
            return known[1]
        found = _caller(session_of(self.db, token, at=self.now(), rules=self.rules))
        with self._lock:
            _put(self._known, token, (self.tick(), found))
        return found

    def stands(self, cookie: str) -> bool:
        """Whether the cookie's session is open, asked without counting as use."""
        token = self.token(cookie)
        if self.is_demo or not token or self.db is None:
            return self.is_demo
        try:
            return need_session(self.db, token, at=self.now(), rules=self.rules).stage == OPEN
        except PolicyError:
            return False

    def system(self, text: str) -> Actor | None:
        """The system whose token this is."""
        return system_of(self.db, text, at=self.now(), rules=self.rules) if self.db else None

    def token(self, cookie: str) -> str:
        """The session's token in a cookie; nothing where the signature is not ours."""
        return signed_token(self.keys, cookie) or "" if cookie else ""

    def cookie(self, token: str) -> str:
        """What the browser gets to hold of a session's token."""
        return signed(self.keys, token)

    def forget(self, token: str) -> None:
        """Look this session up anew: it ended, or may more by now."""
        with self._lock:
            self._known.pop(token, None)

    def forget_all(self) -> None:
        """Look every session up anew."""
        with self._lock:
            self._known.clear()

    def needs_first(self) -> bool:
        """Whether nobody keeps the doors yet."""
        return self.db is not None and needs_first(self.db)

    def invite(self) -> str:
        """A fresh cookie for a visitor of the demo."""
        return signed(self.keys, secrets.token_urlsafe(24))

    def choose(self, cookie: str, name: str) -> bool:
        """Who the holder of the cookie is in the demo from now on, in every tab."""
        token = self.token(cookie)
        if not token or name not in self.people:
            return False
        with self._lock:
            _put(self._chosen, token, name)
        return True

    def _invented(self, cookie: str) -> Actor:
        name = self._chosen.get(self.token(cookie)) or next(iter(self.people))
        return Actor(name, (self.people[name],))


def _caller(session: Session | None) -> Caller:
    if session is None:
        return NOBODY
    try:
        return Caller(session.actor if session.stage == OPEN else None, session)
    except PolicyError:  # roles that may not stand together, whoever wrote them there
        return NOBODY


def _put(kept: OrderedDict[str, _Value], key: str, value: _Value) -> None:
    """Keep the latest so many."""
    kept[key] = value
    kept.move_to_end(key)
    while len(kept) > _MOST:
        kept.popitem(last=False)
