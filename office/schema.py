"""The tables of the store, the same on SQLite and on PostgreSQL with PostGIS.

Times are ISO text in UTC, days ISO text; `body`, `data` and other JSON columns hold canonical
JSON text (`office.canonical`), so that a hash over them is the same on every database. The
columns `west, south, east, north` (WGS 84 degrees) bound the geometry for window queries
(`office.space`); `geometry` itself is WKB. What each migration did stands in `migrations/`. The
tables of people, sessions, tokens and sealed fields stand in `office.door_tables`, that of hand-overs
between offices in `office.exchange_tables`.
"""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    Table,
    Text,
)

from office.door_tables import METADATA
from office.exchange_tables import TRANSFER

__all__ = [
    "CASE", "CHAIN_HEAD", "DEADLINE", "EVENT", "LEAD", "LEAD_KEY", "LINK", "MESSAGE", "METADATA",
    "REINSPECTION", "RUN", "SIGHTING", "TRANSFER", "WATCH",
]  # fmt: skip

_BIG = BigInteger().with_variant(Integer, "sqlite")

EVENT = Table(
    "event", METADATA,
    Column("seq", _BIG, primary_key=True, autoincrement=False),
    Column("at", Text, nullable=False),
    Column("actor", Text, nullable=False),
    Column("roles", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("subject", Text, nullable=False),
    Column("body", Text, nullable=False),
    Column("previous", Text, nullable=False),
    Column("hash", Text, nullable=False),
    Index("event_subject", "subject", "seq"),
    Index("event_at", "at"),
    Index("event_kind", "kind", "seq"),
    Index("event_actor", "actor", "seq"),
)  # fmt: skip
"""The history: append-only, every row names the hash of the row before it."""

CHAIN_HEAD = Table(
    "chain_head", METADATA,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("seq", _BIG, nullable=False),
    Column("hash", Text, nullable=False),
)  # fmt: skip
"""One row (id 1): the last event, so that one cut off the end shows; locked while appending."""

RUN = Table(
    "run", METADATA,
    Column("id", Text, primary_key=True),
    Column("at", Text, nullable=False),
    Column("actor", Text, nullable=False),
    Column("on_date", Text, nullable=False),
    Column("rules", Text),
    Column("rules_sha256", Text),
    Column("findings_sha256", Text, nullable=False),
    Column("area", Text),
    Column("checks", Text, nullable=False),
    Column("counts", Text, nullable=False),
    Column("layers", Text, nullable=False),
    Column("version", Text, nullable=False),
    Index("run_at", "at"),
)  # fmt: skip
"""One ingest of findings; `counts` per check: findings by verdict, leads by change."""

LEAD = Table(
    "lead", METADATA,
    Column("id", Text, primary_key=True),
    Column("number", Text, nullable=False, unique=True),
    Column("check_id", Text, nullable=False),
    Column("subject_theme", Text),
    Column("subject_id", Text),
    Column("subject_name", Text),
    Column("address", Text),
    Column("credit_code", Text),
    Column("licence_no", Text),
    Column("verdict", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("state_since", Text, nullable=False),
    Column("presence", Text, nullable=False),
    Column("change", Text, nullable=False),
    Column("measured", Float),
    Column("limit", Float),
    Column("unit", Text),
    Column("score", Float, nullable=False),
    Column("score_parts", Text, nullable=False),
    Column("admin_code", Text),
    Column("township", Text),
    Column("agency", Text),
    Column("procuratorate", Text),
    Column("assignee", Text),
    Column("case_id", Text),
    Column("first_run", Text, ForeignKey("run.id"), nullable=False),
    Column("last_run", Text, ForeignKey("run.id"), nullable=False),
    Column("on_date", Text, nullable=False),
    Column("next_due", Text),
    Column("facts_hash", Text, nullable=False),
    Column("finding", Text, nullable=False),
    Column("data", Text, nullable=False),
    Column("west", Float), Column("south", Float), Column("east", Float), Column("north", Float),
    Column("geometry", LargeBinary),
    Column("asked_again", Boolean, nullable=False),
    Column("version", Integer, nullable=False),
    Index("lead_check", "check_id", "state"),
    Index("lead_state", "state", "score"),
    Index("lead_score", "score", "id"),
    Index("lead_change", "change", "score"),
    Index("lead_name", "subject_name"),
    Index("lead_assignee", "assignee", "state"),
    Index("lead_agency", "agency", "state"),
    Index("lead_admin", "admin_code", "state"),
    Index("lead_case", "case_id"),
    Index("lead_due", "next_due"),
)  # fmt: skip
"""One lead: what the last run said of it, and what people made of it.

`presence`: seen | vanished (the last run of its check over its place no longer says it);
`change`: new | changed | unchanged | vanished | back in the last run; `finding`: the properties
of the last finding; `data`: what people entered (dismissal, fields of the steps), by step.
`version` counts every change of the row: whoever writes names the version they read.
"""

LEAD_KEY = Table(
    "lead_key", METADATA,
    Column("key", Text, primary_key=True),
    Column("lead_id", Text, ForeignKey("lead.id"), primary_key=True),
    Index("lead_key_lead", "lead_id"),
)  # fmt: skip
"""What a lead is known again by: several keys a lead, now and then several leads a key."""

SIGHTING = Table(
    "sighting", METADATA,
    Column("lead_id", Text, ForeignKey("lead.id"), primary_key=True),
    Column("run_id", Text, ForeignKey("run.id"), primary_key=True),
    Column("change", Text, nullable=False),
    Column("what", Text, nullable=False),
    Column("finding", Text),
    Index("sighting_run", "run_id", "change"),
)  # fmt: skip
"""What a run changed in a lead (nothing is written for an unchanged one); `what`: the fields that
differ, before and after; `finding`: its properties then, missing where it vanished."""

LINK = Table(
    "link", METADATA,
    Column("lead_id", Text, ForeignKey("lead.id"), primary_key=True),
    Column("other_id", Text, ForeignKey("lead.id"), primary_key=True),
    Column("kind", Text, primary_key=True),
    Column("at", Text, nullable=False),
    Index("link_other", "other_id"),
)  # fmt: skip
"""merged_into | split_from | duplicate_of | same_place between two leads."""

CASE = Table(
    "case_file", METADATA,
    Column("id", Text, primary_key=True),
    Column("title", Text, nullable=False),
    Column("agency", Text),
    Column("procuratorate", Text),
    Column("split_from", Text),
    Column("opened_at", Text, nullable=False),
    Column("version", Integer, nullable=False),
)  # fmt: skip
"""Leads taken together for one agency; which ones stands in `lead.case_id`."""

DEADLINE = Table(
    "deadline", METADATA,
    Column("id", Text, primary_key=True),
    Column("lead_id", Text, ForeignKey("lead.id"), nullable=False),
    Column("kind", Text, nullable=False),
    Column("started_on", Text, nullable=False),
    Column("due_on", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("provisional", Boolean, nullable=False),
    Column("data", Text, nullable=False),
    Index("deadline_lead", "lead_id", "state"),
    Index("deadline_due", "state", "due_on"),
)  # fmt: skip
"""open | met | late | suspended | cancelled; `data`: basis, period, how it was counted, extensions.
`provisional`: the holidays of its year are not published yet."""

REINSPECTION = Table(
    "reinspection", METADATA,
    Column("id", Text, primary_key=True),
    Column("lead_id", Text, ForeignKey("lead.id"), nullable=False),
    Column("kind", Text, nullable=False),
    Column("due_on", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("data", Text, nullable=False),
    Index("reinspection_lead", "lead_id", "state"),
    Index("reinspection_due", "state", "due_on"),
)  # fmt: skip
"""Planned look-backs: kind first | relapse, state planned | done | cancelled, `data`: the result."""

MESSAGE = Table(
    "message", METADATA,
    Column("id", Text, primary_key=True),
    Column("person", Text, nullable=False),
    Column("at", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("subject", Text, nullable=False),
    Column("body", Text, nullable=False),
    Column("read_at", Text),
    Column("mailed_at", Text),
    Index("message_person", "person", "read_at"),
)  # fmt: skip
"""What reached a person (inbox); `id` is made from what it says, so nothing is said twice."""

WATCH = Table(
    "watch", METADATA,
    Column("id", Text, primary_key=True),
    Column("checks", Text, nullable=False),
    Column("rules", Text),
    Column("layers", Text, nullable=False),
    Column("every_days", Integer),
    Column("people", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("last", Text, nullable=False),
    Column("version", Integer, nullable=False),
)  # fmt: skip
"""Standing watches: which checks run again when their layers change or so many days have passed;
`last`: hashes, day and counts of the last run, against which silence is an alarm."""
