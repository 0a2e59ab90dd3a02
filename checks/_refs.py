"""Which version of which data a run used, carried by every finding."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from checks._records import LayerRef
from layers import LayerSet
from layers.walking import WalkNetwork

_KEPT = ("source", "file", "sha256", "datum", "licence", "owner", "retrieved", "state_of",
         "generated", "rows_in", "rows_out")  # fmt: skip


def layer_refs(layers: LayerSet, themes: Iterable[str]) -> tuple[LayerRef, ...]:
    """A reference for every theme that is there, and for the walking network."""
    refs = [
        LayerRef(name, layers[name].sha256, len(layers[name]),
                 tuple({key: entry.as_dict()[key] for key in _KEPT}
                       for entry in layers[name].provenance))
        for name in dict.fromkeys(themes) if name in layers
    ]  # fmt: skip
    if layers.walking is not None:
        refs.append(_network_ref(layers.walking))
    return tuple(refs)


def _network_ref(network: WalkNetwork) -> LayerRef:
    source: dict[str, Any] = dict(network.meta.get("source") or {})
    return LayerRef("walking", source.get("sha256"), len(network.edge_m), (source,))
