"""List candidates that wait for a person, or what became of each detector's candidates."""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator

from imagery.queue import Candidate, Queue, Yield, all_reasons
from imagery.queue.entries import ORDERS, STATES
from imagery.shell_words import add_language, add_store, language_of
from imagery.store import Store

_WORDS = {
    "yes": ("是", "yes"), "no": ("否", "no"), "unsure": ("不确定", "unsure"), "open": ("待确认", "open"),
    "runs": ("次检测", "runs"), "of": ("个候选", "candidates"), "share": ("确认率", "share confirmed"),
    "none": ("未说明", "not said"), "drawn": ("人工轮廓", "drawn by a person"), "moved": ("影像检测后移动过，请重新检测", "the scene was moved since, search again"),
    "empty": ("没有候选", "no candidates"),
}  # fmt: skip


def add(parser: argparse.ArgumentParser) -> None:
    """The arguments of the command."""
    add_store(parser)
    parser.add_argument("--theme", help="only candidates of this theme, e.g. waste_candidate")
    parser.add_argument("--state", choices=STATES, default="open", help="default: open")
    parser.add_argument("--order", choices=ORDERS, default="score",
                        help="best first, or neighbours together")  # fmt: skip
    parser.add_argument("--yield", action="store_true", dest="yield_",
                        help="counts by detector, with the reasons of refusals")  # fmt: skip
    parser.add_argument("--json", action="store_true", help="print the yield as JSON")
    add_language(parser)


def run(arguments: argparse.Namespace) -> int:
    """One line per candidate, or per detector."""
    queue = Queue.open(Store.open(arguments.store, create=False))
    at = int(language_of(arguments) == "en")
    if arguments.yield_ or arguments.json:
        told = [one for one in queue.yield_() if arguments.theme in (None, one.theme)]
        if arguments.json:
            print(json.dumps([one.as_dict() for one in told], ensure_ascii=False, indent=1))
            return 0
        lines = [line for one in told for line in _yield_lines(one, at)]
    else:
        found = queue.candidates(
            theme=arguments.theme, state=arguments.state, order=arguments.order
        )
        lines = [_line(one, at) for one in found]
    print("\n".join(lines) or _WORDS["empty"][at])
    return 0


def _line(one: Candidate, at: int) -> str:
    size = "" if one.area_m2 is None or one.u_area_m2 is None else (
        f"{one.area_m2:9.1f} ± {one.u_area_m2:.1f} m²  ")  # fmt: skip
    said = _WORDS[one.answer or "open"][at]
    who = f" ({one.actor})" if one.actor else ""
    drawn = f", {_WORDS['drawn'][at]}" if one.outline_by == "person" else ""
    drawn += f", {_WORDS['moved'][at]}" if one.moved else ""
    why = one.why_en if at else one.why_zh
    return f"{one.id:<16} {one.score:6.2f}  {size}{said}{who}{drawn}  {one.scene_id}  {why}"


def _yield_lines(one: Yield, at: int) -> Iterator[str]:
    counts = "  ".join(f"{_WORDS[name][at]} {getattr(one, name)}"
                       for name in ("yes", "no", "unsure", "open"))  # fmt: skip
    yield f"{one.detector}  {one.theme}  {one.runs} {_WORDS['runs'][at]}  {one.candidates} {_WORDS['of'][at]}  {counts}"
    if one.share_yes is not None:
        yield f"  {_WORDS['share'][at]} {one.share_yes:.0%} [{one.share_low:.0%}, {one.share_high:.0%}]"
    for code, many in one.refusals.items():
        reason = all_reasons().get(code)
        words = _WORDS["none"][at] if code == "none" else code
        yield f"  {many:4d}  {words if reason is None else (reason.zh, reason.en)[at]}"
