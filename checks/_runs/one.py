"""One subject of one check, where there are too many objects to judge them all while somebody waits."""

from __future__ import annotations

from dataclasses import replace

from checks._catalogue import CheckEntry
from layers import LayerSet


def layers_for_one(entry: CheckEntry, subject: str, layers: LayerSet, most: int) -> LayerSet | None:
    """The layers to judge one subject by, as it would be judged among all; `None` where that takes
    more than `most` rows.

    A check of the perimeter family judges every subject by itself: the others are left out. Any
    other check may look at one subject beside another, so it is given all.
    """
    found = {name: layers[name] for name in entry.check.themes if name in layers}
    alone = entry.perimeter.theme if entry.perimeter is not None else ""
    if alone in found:
        frame = found[alone].frame
        found[alone] = replace(found[alone], frame=frame[frame["id"].astype(str) == subject])
    elif sum(map(len, found.values())) > most:
        return None
    return LayerSet(found, layers.walking, layers.decisions)
