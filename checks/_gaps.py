"""What cannot be said, and how to mend it: missing data, places and networks."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from checks._cells import known, text
from checks._records import UNDECIDED_WORDS, Check, Undecided
from checks._rulebook.pack import Limits
from checks._rulebook.rule import SCHOOL_CLASSES
from checks._text import Text
from layers import Layer, LayerSet
from layers.themes import theme as theme_called

IMPORT = Text(
    "导入：python -m layers import 文件 --theme {theme} --datum 坐标系 --out 图层文件夹/{theme}.parquet，"
    "或 python -m layers osm 文件.osm.pbf --out 图层文件夹",
    "import them: python -m layers import FILE --theme {theme} --datum DATUM --out "
    "FOLDER/{theme}.parquet, or python -m layers osm FILE.osm.pbf --out FOLDER",
)
_NETWORK = Text(
    "建立路网：python -m layers osm 文件.osm.pbf --out 图层文件夹",
    "build one: python -m layers osm FILE.osm.pbf --out FOLDER",
)
_PLACE = Text(
    "补充坐标（地理编码或现场采集）后重新导入",
    "add a position (geocoded or taken on site) and import again",
)


def how_to_import(theme_name: str) -> Text:
    """How a layer of a theme is imported; the file of an open table has no folder in its name."""
    words = IMPORT.fill(theme=theme_name)
    file = theme_name.replace("/", "_")
    return Text(*(said.replace(f"/{theme_name}.parquet", f"/{file}.parquet")
                  for said in (words.zh, words.en)))  # fmt: skip


def missing_data(
    check: Check, layers: LayerSet, on_date: str, instead: Sequence[str] = ()
) -> Iterator[Undecided]:
    """One record per needed theme that is not there, or has no row.

    The first theme may be lacking where one of `instead` is there.
    """
    for name in check.needs[bool(instead) :]:
        theme = theme_called(name)
        code = "theme_missing" if name not in layers else "no_data"
        if code == "no_data" and len(layers[name]):
            continue
        what = Text(theme.zh, theme.en)
        reason = {
            "theme_missing": Text("没有“{what}”图层：没有数据，不等于没有问题",
                                  "there is no layer of {what}: no data is not the same as clear"),
            "no_data": Text("“{what}”图层没有一行：没有数据，不等于没有问题",
                            "the layer of {what} has no row: no data is not the same as clear"),
        }[code]  # fmt: skip
        yield Undecided(
            check.id, code, reason.fill(what=what), how_to_import(name), on_date, theme=name
        )


def no_schools(check: Check, limits: Limits, on_date: str) -> Undecided:
    """The school layer holds none of the classes this check looks at."""
    names = [SCHOOL_CLASSES[name][0] for name in limits.covered if name in SCHOOL_CLASSES]
    what = Text("、".join(sorted(n.zh for n in names)), ", ".join(sorted(n.en for n in names)))
    return Undecided(
        check.id, "no_schools",
        Text("学校图层中没有当日已开办的{what}", "the school layer holds none of: {what}").fill(what=what),
        Text("核对学校图层的“kind”和“opened”列，或导入学校数据",
             "look at the columns kind and opened of the school layer, or import schools"),
        on_date, theme="school",
    )  # fmt: skip


def no_network(check: Check, on_date: str) -> Undecided:
    """A rule asks for walking distances and there is no network."""
    return Undecided(
        check.id, "no_network",
        Text("规定按步行距离测量，但没有步行路网：直线距离在限值内的均无法判定",
             "the rule measures the walk and there is no walking network: whatever lies within "
             "the limit in a straight line stays undecided"),
        _NETWORK, on_date, theme="walking",
    )  # fmt: skip


def unplaced(check: Check, subjects: Layer, on_date: str) -> Iterator[Undecided]:
    """One record per subject without a position."""
    frame = subjects.unplaced
    for row in frame[["id", "name", "address", "source_row"]].itertuples(index=False):
        yield Undecided(
            check.id, "no_position", UNDECIDED_WORDS["no_position"], _PLACE, on_date,
            subject_id=str(row.id), subject_name=text(row.name),
            subject_theme=subjects.theme.name,
            facts={"address": known(row.address), "source_row": known(row.source_row)},
        )  # fmt: skip


def vague(
    check: Check, subjects: Layer, which: np.ndarray, u_source_m: np.ndarray, on_date: str
) -> Iterator[Undecided]:
    """One record per placed subject whose position is too uncertain to measure from.

    `which` and `u_source_m` (m) go with `subjects.placed`.
    """
    frame = subjects.placed[which]
    for error, row in zip(u_source_m[which], frame.itertuples(index=False), strict=True):
        reason = Text("位置只准确到±{error:.0f} 米，不足以判断数十至数百米的距离",
                      "the position is known to ±{error:.0f} m only: too vague for this distance")  # fmt: skip
        yield Undecided(
            check.id, "position_too_vague", reason.fill(error=error), _PLACE, on_date,
            subject_id=str(row.id), subject_name=text(row.name),
            subject_theme=subjects.theme.name, geometry=row.geometry.centroid,
            facts={"u_source_m": float(error)},
        )  # fmt: skip
