"""What every format needs to know about the run it is part of."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from imagery.guard.limits import Limits
from imagery.scene import Stated


@dataclass(frozen=True, slots=True)
class Job:
    """`work` is the one folder that may be written to; `stated` what the person says."""

    work: Path
    stated: Stated
    limits: Limits
