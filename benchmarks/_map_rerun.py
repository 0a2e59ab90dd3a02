"""Seconds that reruns of the map page cost the server: `python -m benchmarks._map_rerun ROUNDS`."""

from __future__ import annotations

import json
import sys
import time

from streamlit.testing.v1 import AppTest

from benchmarks._harness import ROOT


def main(rounds: int) -> list[float]:
    """Times of reruns after a choice, a filter and nothing at all."""
    page = AppTest.from_file(ROOT / "ui" / "main.py", default_timeout=300)
    page.query_params["lang"] = "zh"
    page.query_params["from"] = "leads"
    page.run()
    took = []
    for turn in range(max(rounds, 2)):
        for act in (
            page.run,
            lambda turn=turn: page.text_input(key="f_text").input(f"福顺{turn}").run(),
            lambda: page.text_input(key="f_text").input("").run(),
        ):
            start = time.perf_counter()
            act()
            took.append(time.perf_counter() - start)
    return took


if __name__ == "__main__":
    print(json.dumps(main(int(sys.argv[1]))))
