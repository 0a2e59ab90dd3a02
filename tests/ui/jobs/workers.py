"""Stand-ins for the worker's process, and ways to wait for it."""

from __future__ import annotations

import sys
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

from ui.jobs.limits import Limits
from ui.jobs.table import Jobs

NOON = datetime(2026, 6, 30, 12, tzinfo=timezone(timedelta(hours=8)))
HELD = """
import json, sys
order = json.loads(sys.stdin.readline())
print(json.dumps({"done": 1, "total": 2, "name": order.get("mark", "")}), flush=True)
word = sys.stdin.readline()
if not word:
    sys.exit(1)
print(json.dumps({"report": {"cancelled": word == "stop\\n"}}), flush=True)
"""
"""Holds until it is told something."""
AT_ONCE = """
import json, sys
order = json.loads(sys.stdin.readline())
open(order["mark"], "a", encoding="utf-8").write("x")
print(json.dumps({"report": {"cancelled": False, "mark": order["mark"], "at": order["at"]}}), flush=True)
"""
DEAF = """
import json, sys, threading
sys.stdin.readline()
print(json.dumps({"done": 1, "total": 2, "name": ""}), flush=True)
threading.Event().wait()
"""
"""Does not listen: never stops by itself."""
BABBLE = """
import json, sys
sys.stdin.readline()
print("no json"); print("[" * 100000); print('["a list"]'); print('{"done": "many", "total": [], "name": 3}')
print('{"done": 1, "total": 2, "name": "x"}')
sys.stderr.write("secret of 张三\\nTraceback (most recent call last):\\n")
sys.stderr.write('  File "/a/b/work.py", line 7, in find\\n    the(secret)\\nlayers.errors.RuleError: secret\\n')
print(json.dumps({"report": {"cancelled": False}}), flush=True)
"""


def table(folder: Path, script: str, **limits: Any) -> Jobs:
    jobs = Jobs(
        folder / "uploads" / "jobs", folder / "imagery", lambda: NOON, limits=Limits(**limits)
    )
    jobs.worker = (sys.executable, "-c", script)
    return jobs


def task(kind: str = "detect", actor: str = "王检", **more: object) -> dict[str, object]:
    return {"task": kind, "actor": actor, **more}
