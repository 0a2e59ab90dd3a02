"""The tables behind the doors: people and their rights, sessions, tokens, sealed fields.

No password, session, token or one-time code stands here, only what recognises it; second factors
and sealed fields are encrypted under keys kept outside the store (`office.doors.keys`).
"""

from __future__ import annotations

from sqlalchemy import Boolean, Column, ForeignKey, Index, Integer, MetaData, Table, Text

METADATA = MetaData()
"""Every table of the store; `office.schema` adds those of leads and history."""

ACCOUNT = Table(
    "account", METADATA,
    Column("id", Text, primary_key=True),
    Column("name", Text, nullable=False),
    Column("name_key", Text, nullable=False, unique=True),
    Column("state", Text, nullable=False),
    Column("password", Text),
    Column("password_at", Text),
    Column("given", Boolean, nullable=False),
    Column("totp", Text),
    Column("totp_on", Boolean, nullable=False),
    Column("totp_step", Integer, nullable=False),
    Column("created_at", Text, nullable=False),
    Column("version", Integer, nullable=False),
)  # fmt: skip
"""A person: state active | disabled; `password` as Argon2id text, `given` while it is one that
somebody else chose; `totp` the sealed secret, `totp_on` once it was confirmed, `totp_step` the last
time step whose code was taken."""

ROLE_GRANT = Table(
    "role_grant", METADATA,
    Column("account_id", Text, ForeignKey("account.id"), primary_key=True),
    Column("role", Text, primary_key=True),
    Column("area", Text, primary_key=True),
    Column("check_id", Text, primary_key=True),
)  # fmt: skip
"""What an account may be, where and about what; an empty area or check sets no limit."""

THROTTLE = Table(
    "throttle", METADATA,
    Column("key", Text, primary_key=True),
    Column("failures", Integer, nullable=False),
    Column("last_at", Text, nullable=False),
    Column("locked_until", Text),
)  # fmt: skip
"""Attempts to sign in since the last good one, by name and by source (both as hashes)."""

SESSION = Table(
    "door_session", METADATA,
    Column("hash", Text, primary_key=True),
    Column("id", Text, nullable=False, unique=True),
    Column("account_id", Text, ForeignKey("account.id"), nullable=False),
    Column("created_at", Text, nullable=False),
    Column("seen_at", Text, nullable=False),
    Column("expires_at", Text, nullable=False),
    Column("source", Text, nullable=False),
    Column("ended_at", Text),
    Column("ended_why", Text),
    Index("door_session_account", "account_id", "ended_at"),
)  # fmt: skip
"""Who is signed in: `hash` of the token the browser holds, `id` by which others name it."""

TOKEN = Table(
    "system_token", METADATA,
    Column("hash", Text, primary_key=True),
    Column("id", Text, nullable=False, unique=True),
    Column("name", Text, nullable=False),
    Column("operations", Text, nullable=False),
    Column("areas", Text, nullable=False),
    Column("created_at", Text, nullable=False),
    Column("created_by", Text, nullable=False),
    Column("expires_at", Text, nullable=False),
    Column("last_used_at", Text),
    Column("revoked_at", Text),
)  # fmt: skip
"""How another system comes in: `operations` of the policy table, `areas` [area, check] pairs."""

FIRST_CODE = Table(
    "first_code", METADATA,
    Column("hash", Text, primary_key=True),
    Column("at", Text, nullable=False),
    Column("expires_at", Text, nullable=False),
    Column("used_at", Text),
)  # fmt: skip
"""The one-time code that makes the first administrator."""

SEALED = Table(
    "sealed_field", METADATA,
    Column("subject", Text, primary_key=True),
    Column("field", Text, primary_key=True),
    Column("mask", Text, nullable=False),
    Column("sealed", Text, nullable=False),
    Column("key_id", Text, nullable=False),
    Column("area", Text),
    Column("check_id", Text),
    Column("at", Text, nullable=False),
    Column("sealed_by", Text, nullable=False),
    Index("sealed_field_key", "key_id"),
)  # fmt: skip
"""A personal value about a subject (a lead's reporter): what may be shown of it, and the rest sealed;
`area` and `check_id` are what the right to open it is weighed against."""

DOOR_TABLES = (ACCOUNT, ROLE_GRANT, THROTTLE, SESSION, TOKEN, FIRST_CODE, SEALED)
"""What step 0003 added."""

REFUSAL = Table(
    "refusal", METADATA,
    Column("key", Text, primary_key=True),
    Column("actor", Text, nullable=False),
    Column("roles", Text, nullable=False),
    Column("operation", Text, nullable=False),
    Column("source", Text, nullable=False),
    Column("told_at", Text, nullable=False),
    Column("last_at", Text, nullable=False),
    Column("untold", Integer, nullable=False),
)  # fmt: skip
"""Refusals by the policy, one row a person and operation: when the history was last told of one, and
how many came since."""
