"""Runs that are kept: the findings as GeoJSON, and beside them what was asked and every hash.

<folder>/<id>/findings.geojson
<folder>/<id>/run.json
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any

from shapely import wkt
from shapely.errors import ShapelyError
from shapely.geometry.base import BaseGeometry

from checks._runs.output import write_findings
from checks._runs.runner import RunResult
from checks._seen import opened
from layers.atomic import write_text
from layers.errors import RuleError

_ID = re.compile(r"\d{8}-\d{6}-[0-9a-f]{8}")
FINDINGS, ABOUT = "findings.geojson", "run.json"


@dataclass(frozen=True, slots=True)
class KeptRun:
    """One kept run; `at` is ISO with offset, `area` WKT in WGS 84, `layers` the hash by theme.

    `counts` are by check and verdict, `silent` the checks without data or that failed.
    """

    id: str
    at: str
    actor: str
    checks: tuple[str, ...]
    on_date: str
    rules: str | None
    rules_sha256: str | None
    area: str | None
    area_name: str
    counts: Mapping[str, Mapping[str, int]]
    silent: tuple[str, ...]
    layers: Mapping[str, str]
    findings_sha256: str
    version: str

    @property
    def ground(self) -> BaseGeometry | None:
        """The area as a geometry, or `None` for all there is."""
        return wkt.loads(self.area) if self.area else None

    def count(self, *verdicts: str) -> int:
        """Subjects with one of these verdicts, over all checks."""
        return sum(one.get(name, 0) for one in self.counts.values() for name in verdicts)


def keep_run(
    result: RunResult, folder: Path, *, at: str, actor: str, area_name: str = ""
) -> KeptRun:
    """Write a run below `folder`; the same run asked at the same second is the same folder."""
    name = re.sub(r"\D", "", at[:19])
    draft = folder / f".{name}.partial.geojson"
    try:
        digest = _sha256(write_findings(result, draft))
        run_id = f"{name[:8]}-{name[8:]}-{digest[:8]}"
        target = folder / run_id / FINDINGS
        target.parent.mkdir(parents=True, exist_ok=True)
        draft.replace(target)
    finally:
        draft.unlink(missing_ok=True)
    run = KeptRun(
        id=run_id, at=at, actor=actor, checks=result.checks, on_date=result.on_date, rules=result.place,
        rules_sha256=result.rules_sha256, area=result.area, area_name=area_name,
        counts={check: result.counts(check) for check in result.checks},
        silent=tuple(one for one in result.checks
                     if result.no_data(one) or any(f.check == one for f in result.failures)),
        layers={ref.theme: str(ref.sha256) for ref in result.layers}, findings_sha256=digest,
        version=result.version,
    )  # fmt: skip
    write_text(
        target.with_name(ABOUT), json.dumps(asdict(run), ensure_ascii=False, indent=1) + "\n"
    )
    return run


def kept_runs(folder: Path) -> list[KeptRun]:
    """Every run below `folder` that can be read, the newest first."""
    names = sorted((one.name for one in folder.iterdir() if _ID.fullmatch(one.name)), reverse=True) if folder.is_dir() else []  # fmt: skip
    found = (_read(folder / name) for name in names)
    return [run for run in found if run is not None]


def findings_of(folder: Path, run_id: str) -> Path:
    """The findings of a kept run, checked against their hash; raises `RuleError`."""
    run = _read(folder / run_id) if _ID.fullmatch(run_id) else None
    path = folder / run_id / FINDINGS
    if run is None or not path.is_file():
        raise RuleError(f"there is no run {run_id}", remedy="choose one of the list", field="run")
    if _sha256(path) != run.findings_sha256:
        raise RuleError("the findings are not those that were written", file=path, field="findings_sha256",
                        remedy="run the check again; look who changed the file")  # fmt: skip
    return path


def brief_rows(path: Path, check: str, most: int) -> list[tuple[str, str, str]]:
    """(id, name, verdict) of the first subjects of a check in a file of findings, worst first, those
    outside left out; no more than `most` are read.
    """
    found: list[tuple[str, str, str]] = []
    with path.open(encoding="utf-8") as stream:
        for feature in opened(stream)[1]:
            told = feature["properties"]
            if told["check"] == check and told["verdict"] != "outside":
                found.append(
                    (str(told["subject_id"]), str(told["subject_name"] or ""), str(told["verdict"]))
                )
                if len(found) >= most:
                    break
    return found


def _read(folder: Path) -> KeptRun | None:
    try:
        told = json.loads((folder / ABOUT).read_text(encoding="utf-8"))
        run = KeptRun(**{field.name: told[field.name] for field in fields(KeptRun)})
        lists: Sequence[Any] = (run.checks, run.silent)
        tables: Sequence[Any] = (run.counts, run.layers, *run.counts.values())
        texts = (run.id, run.at, run.actor, run.on_date, run.area_name, run.findings_sha256)
        good = (
            run.id == folder.name
            and all(isinstance(one, list) for one in lists)
            and all(isinstance(one, dict) for one in tables)
            and all(isinstance(one, str) for one in texts)
        )
        run.ground  # noqa: B018 - an area that cannot be read is none
    except (OSError, ValueError, TypeError, KeyError, AttributeError, RecursionError, ShapelyError):
        return None
    return (
        KeptRun(**{**told, "checks": tuple(run.checks), "silent": tuple(run.silent)})
        if good
        else None
    )


def _sha256(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
