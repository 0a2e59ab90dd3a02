"""How much one caller may ask for: a bucket of tokens each, and the time one answer may take."""

from __future__ import annotations

import math
from dataclasses import dataclass, field

RATE, BURST = 20.0, 200
"""Questions a second in the long run, and at once. QGIS drawing a view asks for about ten."""
ANSWER_S = 20.0
"""How long an answer may be in the making."""
CALLERS = 10_000
"""Callers remembered; then the fullest buckets are forgotten."""


@dataclass(slots=True)
class Buckets:
    """Token buckets by caller; `now` is a running clock in seconds."""

    rate: float = RATE
    burst: int = BURST
    _held: dict[str, tuple[float, float]] = field(default_factory=dict)

    def take(self, caller: str, now: float) -> Taken:
        """Take one token of a caller."""
        tokens, since = self._held.pop(caller, (float(self.burst), now))
        tokens = min(float(self.burst), tokens + max(0.0, now - since) * self.rate)
        allowed = tokens >= 1.0
        tokens -= 1.0 if allowed else 0.0
        self._held[caller] = (tokens, now)
        if len(self._held) > CALLERS:  # the one that asked longest ago comes first
            self._held.pop(next(iter(self._held)))
        wait = 0 if tokens >= 1.0 else math.ceil((1.0 - tokens) / self.rate)
        return Taken(allowed, self.burst, int(tokens), wait)


@dataclass(frozen=True, slots=True)
class Taken:
    """Whether it was allowed, and what is left."""

    allowed: bool
    limit: int
    left: int
    wait_s: int

    def headers(self) -> dict[str, str]:
        """As an answer tells it."""
        told = {"RateLimit-Limit": str(self.limit), "RateLimit-Remaining": str(self.left),
                "RateLimit-Reset": str(self.wait_s)}  # fmt: skip
        return told if self.allowed else {**told, "Retry-After": str(max(1, self.wait_s))}
