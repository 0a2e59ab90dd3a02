"""Whatever is lost, doubled, late or out of order, and wherever a program stops between two steps:
a lead is never active in both offices, and what is asked again until it is answered comes to rest.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import replace
from pathlib import Path

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    initialize,
    invariant,
    multiple,
    rule,
)
from sqlalchemy import Connection

from layers.errors import LeadError
from leads.exchange.desk import waiting, wishes
from leads.exchange.foreign import altered
from leads.exchange.receiving import give_up, take_in
from leads.exchange.sending import call_back, offer, settle
from leads.exchange.signed import Signed
from leads.runs.ingest import ingest
from office import Actor, Database
from office.exchange_tables import TRANSFER
from office.verify import verify
from tests.leads.exchange.two import HERE, PROSECUTOR, THERE, Side, fill, two_sides
from tests.leads.findings import shop, write_run

NAMES = (HERE, THERE)
COUNT = 3


class StoppedError(Exception):
    """The program is stopped in the middle of its transaction."""


class StoppingDatabase(Database):
    """A store whose program never gets as far as the commit."""

    @contextmanager
    def write(self) -> Iterator[Connection]:
        with super().write() as connection:
            yield connection
            raise StoppedError


class Messages(RuleBasedStateMachine):
    """Two offices and a post that keeps every letter: it may bring any of them, any time, any number of
    times, or never.
    """

    packages, answers, recalls = Bundle("packages"), Bundle("answers"), Bundle("recalls")

    @initialize()
    def start(self) -> None:
        self.stack = ExitStack()
        self.folder = Path(self.stack.enter_context(tempfile.TemporaryDirectory()))
        stores = [Database.open(self.folder / f"{n}.sqlite") for n in (0, 1)]
        for one in stores:
            self.stack.callback(one.close)
        self.sides: tuple[Side, Side] = two_sides(self.folder / "offices", *stores)
        self.leads = fill(stores[0], self.folder / "runs", COUNT)
        self.minute = 0

    def teardown(self) -> None:
        if hasattr(self, "stack"):
            self._come_to_rest()
            self.stack.close()

    @rule(target=packages, n=st.integers(0, 1), lead=st.integers(0, COUNT - 1))
    def offer_one(self, n: int, lead: int) -> object:
        side = self.sides[n]
        if self.leads[lead] not in side.active():
            return multiple()
        (done,) = offer(side.db, [self.leads[lead]], NAMES[1 - n], offices=side.offices, reason="x",
                        actor=PROSECUTOR, at=self._at())  # fmt: skip
        return multiple(*((n, one) for one in self._waiting(n) if one.id == done.transfer))

    @rule(target=answers, package=packages, refusal=st.sampled_from(["", "", "不属本院"]))
    def bring_package(self, package: tuple[int, Signed], refusal: str) -> tuple[int, Signed]:
        n, paper = package
        side = self.sides[1 - n]
        done = take_in(
            side.db, paper, offices=side.offices, actor=PROSECUTOR, at=self._at(), refusal=refusal
        )
        return n, done.answer

    @rule(package=packages)
    def stop_while_taking_in(self, package: tuple[int, Signed]) -> None:
        n, paper = package
        self._stopped(1 - n, lambda side: take_in(
            side.db, paper, offices=side.offices, actor=PROSECUTOR, at=self._at()))  # fmt: skip

    @rule(answer=answers)
    def stop_while_settling(self, answer: tuple[int, Signed]) -> None:
        n, paper = answer
        self._stopped(n, lambda side: settle(
            side.db, paper, offices=side.offices, actor=PROSECUTOR, at=self._at()))  # fmt: skip

    @rule(n=st.integers(0, 1), lead=st.integers(0, COUNT - 1))
    def stop_while_offering(self, n: int, lead: int) -> None:
        if self.leads[lead] in self.sides[n].active():
            self._stopped(n, lambda side: offer(
                side.db, [self.leads[lead]], NAMES[1 - n], offices=side.offices, reason="x",
                actor=PROSECUTOR, at=self._at()))  # fmt: skip

    @rule(answer=answers)
    def bring_answer(self, answer: tuple[int, Signed]) -> None:
        n, paper = answer
        side = self.sides[n]
        settle(side.db, paper, offices=side.offices, actor=PROSECUTOR, at=self._at())

    @rule(target=recalls, package=packages)
    def ask_back(self, package: tuple[int, Signed]) -> object:
        n, paper = package
        side = self.sides[n]
        try:
            wish = call_back(
                side.db, paper.id, offices=side.offices, reason="x", actor=PROSECUTOR, at=self._at()
            )
        except LeadError:
            return multiple()  # answered already
        return multiple((n, wish))

    @rule(target=answers, wish=recalls)
    def bring_recall(self, wish: tuple[int, Signed]) -> tuple[int, Signed]:
        n, paper = wish
        side = self.sides[1 - n]
        return n, give_up(
            side.db, paper, offices=side.offices, actor=PROSECUTOR, at=self._at()
        ).answer

    @rule(n=st.integers(0, 1), measured=st.sampled_from([30.0, 45.0, 60.0]))
    def run_checks(self, n: int, measured: float) -> None:
        """A run finds them again where they are known, whoever has them."""
        rows = [shop(k, measured=measured, admin_code="990123") for k in range(1, COUNT + 1)
                if self.leads[k - 1] in self.sides[n].states()]  # fmt: skip
        if rows:
            path = write_run(self.folder / "again.geojson", rows, on_date="2026-07-01")
            ingest(self.sides[n].db, path, actor=PROSECUTOR, at=self._at())

    @invariant()
    def never_active_twice(self) -> None:
        if hasattr(self, "sides"):
            assert not self.sides[0].active() & self.sides[1].active()

    @invariant()
    def never_gone(self) -> None:
        """Every lead stands in one of the offices: active, or on its way with its package kept."""
        if hasattr(self, "sides"):
            kept = [side.states() for side in self.sides]
            for lead in self.leads:
                assert {"handed_over"} != {states[lead] for states in kept if lead in states}

    def _stopped(self, n: int, work: Callable[[Side], object]) -> None:
        """The program ends after its transaction's last statement, before the commit."""
        side = self.sides[n]
        before = side.states()
        with suppress(StoppedError):  # what was done before ends without writing
            work(replace(side, db=StoppingDatabase(side.db.engine, "stopping", 5.0)))
        assert side.states() == before

    def _at(self) -> str:
        self.minute += 1
        return f"2026-07-02T{self.minute // 60:02}:{self.minute % 60:02}:00Z"

    def _waiting(self, n: int) -> list[Signed]:
        side = self.sides[n]
        return waiting(side.db, NAMES[1 - n], actor=PROSECUTOR)

    def _come_to_rest(self) -> None:
        """Ask again for all that is not answered: then each lead is active exactly once."""
        for n in (0, 1):
            here, there = self.sides[n], self.sides[1 - n]
            common = {"offices": there.offices, "actor": PROSECUTOR, "at": self._at()}
            for paper in self._waiting(n):
                self.bring_answer((n, take_in(there.db, paper, **common).answer))  # type: ignore[arg-type]
            for wish in wishes(
                here.db, NAMES[1 - n], offices=here.offices, actor=PROSECUTOR, at=self._at()
            ):
                self.bring_answer((n, give_up(there.db, wish, **common).answer))  # type: ignore[arg-type]
        active = [side.active() for side in self.sides]
        assert active[0] | active[1] == set(self.leads)
        assert not active[0] & active[1]
        for side in self.sides:
            assert verify(side.db).problems == ()
            assert altered(side.db, actor=Actor("审计", ("auditor",))) == []
            with side.db.read() as connection:
                rows = connection.execute(TRANSFER.select().where(TRANSFER.c.answer.is_(None)))
                assert rows.first() is None


TestMessages = Messages.TestCase
TestMessages.settings = settings(
    max_examples=8, stateful_step_count=25, deadline=None, derandomize=True,
    suppress_health_check=list(HealthCheck),
)  # fmt: skip
