"""The loop: each file is read in a room with a working folder; the walls are looked at after."""

from __future__ import annotations

import contextlib
import math
import re
import shutil
import sys
import tempfile
import time
import traceback
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from random import Random

from imagery.formats import read_scenes
from imagery.guard import DEFAULT_LIMITS
from imagery.guard.child import child
from imagery.scene import Scene
from layers.errors import ImageryError
from tests.fuzz.mutate import mutate
from tests.imagery.fuzz.hostile import hostile
from tests.imagery.fuzz.seeds import Seed, seeds

LIMITS = replace(DEFAULT_LIMITS, seconds=5.0, memory_bytes=2 << 30)
"""Five seconds are enough for files of this size: what needs more is hanging."""
_ENDLESS = replace(LIMITS, seconds=1.0)
"""For the file that never ends by itself: that it is stopped is seen sooner."""
_SUFFIXES = (".tif", ".jpg", ".png", ".jp2", ".zip", ".mbtiles", "")
_MEBIBYTE = 1 << 20
_OWN_FAULT = re.compile(r"\((Type|Attribute|Key|Index|Name|Assertion|Overflow|ZeroDivision)Error\)")


@dataclass
class Report:
    """What came of the files."""

    cases: Counter[str] = field(default_factory=Counter)
    outcomes: Counter[str] = field(default_factory=Counter)
    problems: Counter[str] = field(default_factory=Counter)
    failures: list[str] = field(default_factory=list)
    slowest: tuple[float, str] = (0.0, "")
    peak_own: int = 0
    peak_child: int = 0

    def line(self) -> str:
        """One line for a person."""
        kinds = ", ".join(f"{count} {kind}" for kind, count in sorted(self.cases.items()))
        came = ", ".join(f"{count} {name}" for name, count in sorted(self.outcomes.items()))
        return (
            f"{self.cases.total()} files ({kinds}): {came}; {len(self.failures)} failures; "
            f"slowest {self.slowest[0]:.1f} s ({self.slowest[1]}); peak memory "
            f"{self.peak_own // _MEBIBYTE} MiB here, {self.peak_child // _MEBIBYTE} MiB apart"
        )


@dataclass(frozen=True)
class Case:
    """A file to be read, what made it, and whether it must be refused (None: either is right)."""

    kind: str
    seed: Seed
    refused: bool | None = None


def cases(count: int, seed: int) -> Iterator[Case]:
    """`count` files: the hostile ones, every seed cut at every twentieth, headers, mutations."""
    made = 0
    for case in (*_hostile(), *_truncated(), *_headers(seed)):
        if made < count:
            yield case
            made += 1
    for number in range(count - made):
        yield mutated(seed, number)


def _hostile() -> Iterator[Case]:
    for file, refused in hostile():
        yield Case("hostile", file, refused)


def _truncated() -> Iterator[Case]:
    for seed in seeds():
        for part in range(0, 100, 5):
            data = seed.data[: len(seed.data) * part // 100]
            yield Case("truncated", Seed(seed.name, data), refused=True)


def _headers(seed: int) -> Iterator[Case]:
    """Each seed with one to three bytes of its first 128 changed, fifteen times."""
    rng = Random(f"headers/{seed}")
    for one in seeds():
        for _ in range(15):
            data = bytearray(one.data)
            for _ in range(rng.choice((1, 1, 2, 3))):
                data[rng.randrange(min(len(data), 128))] = rng.randrange(256)
            yield Case("header", Seed(one.name, bytes(data)))


def mutated(seed: int, number: int) -> Case:
    """One file after one to four mutations, sometimes under another suffix."""
    rng = Random(f"imagery/{seed}/{number}")
    one = rng.choice(seeds())
    name = one.name
    if rng.random() < 0.1:
        name = Path(name).stem + rng.choice(_SUFFIXES)
    others = [other.data for other in seeds()]
    return Case("mutated", Seed(name, mutate(one.data, rng, others)))


def fuzz(several: Iterator[Case], report: Report | None = None) -> Report:
    """Read every file; anything but sound scenes or an `ImageryError` in words is a failure."""
    report = report or Report()
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        for case in several:
            begin = time.perf_counter()
            outcome, failure = run(case, Path(folder))
            took = time.perf_counter() - begin
            report.cases[case.kind] += 1
            report.outcomes[outcome] += 1
            report.slowest = max(report.slowest, (took, case.seed.name))
            if failure is not None:
                report.failures.append(f"{case.kind} {case.seed.name}: {failure}")
            report.peak_child = max(report.peak_child, _peak_of_child())
    report.peak_own = _peak("self")
    return report


def run(case: Case, folder: Path) -> tuple[str, str | None]:
    """(`scenes` or `refused`, failure or None)."""
    room = folder / "room"
    shutil.rmtree(room, ignore_errors=True)
    work, given = room / "a" / "b" / "work", room / "a" / "b" / "given"
    work.mkdir(parents=True)
    given.mkdir()
    path = given / case.seed.name
    path.write_bytes(case.seed.data)
    before = _walls(room, work)
    outcome, failure = _read(path, work, case)
    if failure is None and _walls(room, work) != before:
        failure = "something outside the working folder was written or changed"
    return outcome, failure


def _read(path: Path, work: Path, case: Case) -> tuple[str, str | None]:
    try:
        limits = _ENDLESS if path.stem == "endless" else LIMITS
        scenes = read_scenes(path, work, limits=limits)
    except ImageryError as error:
        wordless = not error.problem or not error.remedy
        failure = f"a refusal without words: {error!r}" if wordless else None
        if _OWN_FAULT.search(error.problem):
            failure = f"a fault of ours told as damage: {error!r}"
        return "refused", f"must be read: {error}" if case.refused is False else failure
    except BaseException as error:  # noqa: BLE001 - that nothing else comes out is the claim
        return "traceback", f"{error!r}\n{traceback.format_exc(limit=-6)}"
    problem = next((said for scene in scenes if (said := unsound(scene, path, work))), None)
    if problem is None and case.refused:
        problem = f"must be refused: {[(s.kind, s.width, s.height) for s in scenes]}"
    return "scenes", problem if scenes else "no scene and no refusal"


def unsound(scene: Scene, path: Path, work: Path) -> str | None:
    """What is not true of a scene that was read, or None."""
    if (
        not (scene.source == path or scene.source.is_relative_to(work))
        or not scene.source.is_file()
    ):
        return f"its source {scene.source} is elsewhere"
    if not 0 < scene.width * scene.height <= LIMITS.max_pixels or not scene.bands:
        return "its size is beyond the limits"
    if scene.placement is not None:
        numbers = [*scene.placement.transform, scene.placement.u_m]
        if not all(map(math.isfinite, numbers)) or scene.placement.u_m <= 0:
            return f"its placement is {scene.placement}"
    if scene.footprint is not None:
        west, south, east, north = scene.footprint.bounds
        if not (-180 <= west <= east <= 180 and -90 <= south <= north <= 90):
            return f"its footprint is {scene.footprint.bounds}"
    if scene.gsd_m is not None and not 0 < scene.gsd_m < 1e5:
        return f"its pixel is {scene.gsd_m} m"
    return None


def _walls(room: Path, work: Path) -> dict[str, tuple[int, int]]:
    """Every file outside the working folder, and beside the room."""
    found = {}
    for base in (room.parent, Path.cwd(), Path(tempfile.gettempdir())):
        files = base.rglob("*") if base == room.parent else base.glob("escape*")
        for file in files:
            if not file.is_relative_to(work) and file.is_file():
                info = file.stat()
                found[str(file)] = (info.st_size, info.st_mtime_ns)
    return found


def _peak_of_child() -> int:
    process = child(LIMITS.memory_bytes)._process
    return _peak(str(process.pid)) if process is not None else 0


def _peak(pid: str) -> int:
    """The most memory a process has held, bytes; 0 where the system does not tell."""
    with contextlib.suppress(OSError, StopIteration):
        lines = Path(f"/proc/{pid}/status").read_text(encoding="utf-8").splitlines()
        return int(next(line for line in lines if line.startswith("VmHWM")).split()[1]) * 1024
    return 0


def show(line: str) -> None:
    """Print at once."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()
