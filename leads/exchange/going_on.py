"""Going on with what is under way over the network: whatever was cut off where, asking again is safe."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from layers.errors import LeadError
from leads.exchange.carrier import write_carrier
from leads.exchange.desk import attachments_in, waiting, wishes
from leads.exchange.offices import Offices, Partner
from leads.exchange.post import UnreachableError, ask_back, deliver
from leads.exchange.sending import settle
from leads.exchange.signed import Signed
from office import Actor, Database

_AT_ONCE = 10
"""Packages in one delivery: what is cut off is delivered again, so not too many."""


@dataclass(slots=True)
class Gone:
    """What came of it: verdicts by transfer, and what stood in the way (by office)."""

    verdicts: dict[str, str] = field(default_factory=dict)
    problems: list[tuple[str, LeadError]] = field(default_factory=list)


def go_on(db: Database, *, offices: Offices, actor: Actor, at: str) -> Gone:
    """Deliver every package without an answer, ask for every one wanted back, do what the answers say.

    An office that does not answer, or takes a package for none, is told in `problems`; the others go on.
    """
    gone = Gone()
    for partner in offices.partners.values():
        if not partner.url:
            continue
        try:
            asked = wishes(db, partner.id, offices=offices, actor=actor, at=at)
            if asked:
                _settle(db, ask_back(partner, asked), gone, offices=offices, actor=actor, at=at)
            papers = waiting(db, partner.id, actor=actor)
            for start in range(0, len(papers), _AT_ONCE):
                some = papers[start : start + _AT_ONCE]
                _deliver(db, partner, some, gone, offices=offices, actor=actor, at=at)
        except UnreachableError as error:
            gone.problems.append((partner.id, error))
    return gone


def _deliver(
    db: Database, partner: Partner, papers: Sequence[Signed], gone: Gone, *, offices: Offices,
    actor: Actor, at: str,
) -> None:  # fmt: skip
    """Deliver some at once; where one is taken for none, each by itself, so that it holds up no other."""
    try:
        answers = _handed(partner, papers, offices)
    except UnreachableError:
        raise
    except LeadError as error:
        if len(papers) == 1:
            gone.problems.append((partner.id, error))
            return
        for one in papers:
            _deliver(db, partner, [one], gone, offices=offices, actor=actor, at=at)
        return
    _settle(db, answers, gone, offices=offices, actor=actor, at=at)


def _handed(partner: Partner, papers: Sequence[Signed], offices: Offices) -> list[Signed]:
    with tempfile.TemporaryDirectory() as folder:
        files = [file for one in papers for file in attachments_in(one)]
        out = write_carrier(Path(folder) / "carrier.zip", papers, files, offices.attachments)
        return deliver(partner, out)


def _settle(
    db: Database, answers: Sequence[Signed], gone: Gone, *, offices: Offices, actor: Actor, at: str
) -> None:
    for one in answers:
        done = settle(db, one, offices=offices, actor=actor, at=at)
        gone.verdicts[done.transfer] = done.verdict
