"""The table of what went to and came from other offices that run this program."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Index, Table, Text

from office.door_tables import METADATA

TRANSFER = Table(
    "transfer", METADATA,
    Column("direction", Text, primary_key=True),
    Column("id", Text, primary_key=True),
    Column("lead_id", Text, ForeignKey("lead.id")),
    Column("partner", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("at", Text, nullable=False),
    Column("settled_at", Text),
    Column("area", Text),
    Column("check_id", Text),
    Column("package", Text),
    Column("package_signature", Text),
    Column("answer", Text),
    Column("answer_signature", Text),
    Index("transfer_lead", "lead_id"),
    Index("transfer_state", "direction", "state"),
)  # fmt: skip
"""One hand-over of one lead, `direction` out | in; `id` is the SHA-256 of the package.

out: offered | recalling, then what the receiver's answer says; in: accepted | refused | recalled,
with the answer that was given once and is given again whenever asked. A package recalled before it
came has a row without one, so that it is never taken in later. `area`, `check_id`: what rights are
weighed against."""
