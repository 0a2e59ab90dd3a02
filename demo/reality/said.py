"""The truth of one subject, and of all subjects of one check, as they were planted."""

from __future__ import annotations

from dataclasses import dataclass, field

from demo.reality.table import Table

INSIDE, BORDERLINE, OUTSIDE, UNDECIDED = "inside", "borderline", "outside", "undecided"
Record = dict[str, object]


@dataclass
class Truth:
    """What a check must say about every subject of a theme."""

    theme: str
    subjects: dict[str, Record] = field(default_factory=dict)

    def say(self, subject: str, name: str | None, *said: str | None) -> None:
        """Record the truth about one subject, once.

        `said` is verdict, class, why and, where the register has it, its id there.
        """
        if subject in self.subjects:
            raise ValueError(f"subject {subject} is planted twice")
        verdict, licence_class, why, register_id = (*said, None)[:4]
        self.subjects[subject] = {
            "verdict": verdict, "licence_class": licence_class, "why": why,
            "register_id": register_id, "name": name,
        }  # fmt: skip

    def as_dict(self) -> Record:
        """Theme and subjects by id, ready to be written."""
        return {"theme": self.theme, "subjects": dict(sorted(self.subjects.items()))}


@dataclass(frozen=True)
class Planted:
    """What one module plants: raw tables, and the truth by check."""

    tables: tuple[Table, ...]
    truth: dict[str, Truth]
