"""Why two rows were taken for one holder or not: codes, with a text for people."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import numpy as np

from layers.matching.features import Compared

REASONS: dict[str, tuple[str, str]] = {
    "credit_equal": ("统一社会信用代码相同", "the same unified social credit code"),
    "licence_equal": ("许可证号相同", "the same licence number"),
    "name_equal": ("字号相同", "the same name"),
    "name_alike": ("名称相近", "names are alike"),
    "name_differs": ("名称不同", "names differ"),
    "name_missing": ("一方没有名称", "one side has no name"),
    "name_common": ("重名较多", "many have this name"),
    "branch_equal": ("分店名相同", "the same branch"),
    "branch_differs": ("分店名不同", "different branches"),
    "door_equal": ("门牌相同", "the same door"),
    "house_equal": ("路名门牌号相同", "the same road and number"),
    "unit_differs": ("附号、楼层或房号不同", "another unit or floor"),
    "number_differs": ("门牌号不同", "another number"),
    "road_differs": ("路名不同", "another road"),
    "address_missing": ("一方没有地址", "one side has no address"),
    "near": ("位置在误差范围内相同", "the same place within the error"),
    "far": ("位置相距较远", "far apart"),
    "place_missing": ("一方没有坐标", "one side has no position"),
    "township_differs": ("乡镇街道不同", "another township"),
    "credit_differs": ("统一社会信用代码不同", "credit codes differ"),
    "licence_differs": ("许可证号不同", "licence numbers differ"),
    "several_fit": ("另有同样相符的记录", "another row fits as well"),
    "taken": ("其中一方已有更相符的记录", "one of the two has a better partner"),
    "decided": ("人工已确认", "a person decided"),
    "facts_changed": ("人工确认后信息有变化", "facts changed since a person decided"),
}
"""Code → (Chinese, English)."""

_ASKED: tuple[tuple[str, Callable[[Compared], np.ndarray]], ...] = (
    ("credit_equal", lambda c: c["credit_equal"] > 0),
    ("licence_equal", lambda c: c["licence_equal"] > 0),
    ("name_equal", lambda c: c["core_equal"] > 0),
    ("name_alike", lambda c: (c["core_equal"] == 0) & (_likest(c) >= 0.5)),
    ("name_differs", lambda c: (c["core_equal"] == 0) & (_likest(c) < 0.5) & (c["name_missing"] == 0)),
    ("name_missing", lambda c: c["name_missing"] > 0),
    ("name_common", lambda c: c["common_name"] > 0.2),
    ("branch_equal", lambda c: c["branch_equal"] > 0),
    ("branch_differs", lambda c: c["branch_differs"] > 0),
    ("door_equal", lambda c: c["door_equal"] > 0),
    ("house_equal", lambda c: (c["house_equal"] > 0) & (c["door_equal"] == 0)),
    ("unit_differs", lambda c: c["unit_differs"] > 0),
    ("number_differs", lambda c: c["number_differs"] > 0),
    ("road_differs", lambda c: c["road_differs"] > 0),
    ("address_missing", lambda c: c["address_missing"] > 0),
    ("near", lambda c: c["near"] >= 0.3),
    ("far", lambda c: c["far"] > 0.4),
    ("place_missing", lambda c: c["place_missing"] > 0),
    ("township_differs", lambda c: c["township_differs"] > 0),
    ("credit_differs", lambda c: c["credit_differs"] > 0),
    ("licence_differs", lambda c: c["licence_differs"] > 0),
)  # fmt: skip


def reason_codes(compared: Compared, extra: dict[str, np.ndarray]) -> np.ndarray:
    """(p,) tuples of codes of every pair; `extra` holds masks for codes the features do not tell."""
    masks = [(code, test(compared)) for code, test in _ASKED] + list(extra.items())
    bits = np.zeros(len(compared.metres), dtype=np.int64)
    for n, (_, mask) in enumerate(masks):
        bits |= mask.astype(np.int64) << n
    patterns, where = np.unique(bits, return_inverse=True)
    tuples = np.empty(len(patterns), dtype=object)
    for n, pattern in enumerate(patterns):
        tuples[n] = tuple(code for k, (code, _) in enumerate(masks) if pattern >> k & 1)
    found: np.ndarray = tuples[where]
    return found


def reason_text(codes: Iterable[str], lang: str = "zh") -> str:
    """The reasons in words (`lang` is `zh` or `en`)."""
    words = [REASONS[code][0 if lang == "zh" else 1] for code in codes]
    return ("、" if lang == "zh" else ", ").join(words)


def _likest(compared: Compared) -> np.ndarray:
    found: np.ndarray = np.maximum(compared["core_alike"], compared["name_alike"])
    return found
