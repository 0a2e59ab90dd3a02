"""`python -m tests.shell`: many `python -m …` lines in one process, which loads the libraries once.

Each line of the input is the JSON list of a line's words; each line of the output is the JSON of
what became of it: `[exit code, what it printed, what it complained about]`.
"""

from __future__ import annotations

import json
import os
import runpy
import subprocess
import sys
import tempfile
import traceback
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO

ROOT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True)
class Done:
    """How a command ended and what it said."""

    returncode: int
    stdout: str
    stderr: str


class Shell:
    """A process that carries out one command after the other in one folder."""

    def __init__(self, folder: Path) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.shell"], cwd=folder, env=environment(), text=True,
            encoding="utf-8", stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        )  # fmt: skip

    def run(self, words: Sequence[str]) -> Done:
        """`words` after `python -m`."""
        stdin, stdout = self._process.stdin, self._process.stdout
        assert stdin is not None
        assert stdout is not None
        stdin.write(json.dumps(list(words)) + "\n")
        stdin.flush()
        return Done(*json.loads(stdout.readline()))

    def close(self) -> None:
        """End it."""
        self._process.communicate("")


def environment() -> Mapping[str, str]:
    """With it the project is found from any folder."""
    return {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONUTF8": "1"}


def apart(words: Sequence[str], folder: Path) -> Done:
    """The same as `Shell.run` in a process of its own, as a person's is."""
    done = subprocess.run([sys.executable, "-m", *words], cwd=folder, env=environment(), check=False,
                          capture_output=True, text=True, encoding="utf-8")  # fmt: skip
    return Done(done.returncode, done.stdout, done.stderr)


def _main() -> None:
    with os.fdopen(os.dup(1), "w", encoding="utf-8") as answers:
        for line in sys.stdin:
            answers.write(json.dumps(_one(json.loads(line))) + "\n")
            answers.flush()


def _one(words: list[str]) -> tuple[int, str, str]:
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        os.dup2(out.fileno(), 1)  # also what libraries and workers say
        os.dup2(err.fileno(), 2)
        code = _exit_code(words)
        sys.stdout.flush()
        sys.stderr.flush()
        return code, _said(out), _said(err)


def _exit_code(words: list[str]) -> int:
    sys.argv = ["-m", *words[1:]]
    try:
        runpy.run_module(words[0], run_name="__main__", alter_sys=True)
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else int(end.code is not None)
    except Exception:  # noqa: BLE001 - as the interpreter does
        traceback.print_exc()
        return 1
    return 0


def _said(stream: IO[bytes]) -> str:
    stream.seek(0)
    return stream.read().decode("utf-8")


if __name__ == "__main__":
    _main()
