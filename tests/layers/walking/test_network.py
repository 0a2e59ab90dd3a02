"""The folder of a network: all or nothing when written, checked when opened."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from layers.errors import NetworkError
from layers.folder import LayerFolder
from layers.walking import WalkNetwork, walk_pairs
from layers.walking.network import ARRAYS
from tests.layers.walking.maps import at, town

NODES = {1: (0, 0), 2: (100, 0), 3: (200, 0), 4: (100, 80), 5: (160, 90)}


@pytest.fixture
def network(tmp_path: Path) -> WalkNetwork:
    return town(tmp_path, NODES, [[1, 2, 3], [2, 4], [4, 5, 3]])


def test_a_saved_network_opens_the_same(network: WalkNetwork, tmp_path: Path) -> None:
    folder = tmp_path / "deep" / "walking"
    network.save(folder)
    opened = WalkNetwork.open(folder)
    for name in ARRAYS:
        expected, got = getattr(network, name), getattr(opened, name)
        assert got.dtype == expected.dtype
        np.testing.assert_array_equal(got, expected)
    assert opened.meta == network.meta
    assert not opened.edge_m.flags.writeable


def test_saving_leaves_nothing_else_behind(network: WalkNetwork, tmp_path: Path) -> None:
    folder = tmp_path / "out" / "walking"
    network.save(folder)
    network.save(folder)
    assert [p.name for p in folder.parent.iterdir()] == ["walking"]


def test_saving_replaces_the_old_network(network: WalkNetwork, tmp_path: Path) -> None:
    folder = tmp_path / "walking"
    network.save(folder)
    other = town(tmp_path, {1: (0, 0), 2: (50, 0)}, [[1, 2]])
    other.save(folder)
    assert len(WalkNetwork.open(folder).edge_m) == 1


def test_a_failed_save_keeps_the_old_network(network: WalkNetwork, tmp_path: Path) -> None:
    folder = tmp_path / "out" / "walking"
    network.save(folder)
    broken = WalkNetwork(**{n: getattr(network, n) for n in ARRAYS}, meta={"bad": object()})
    with pytest.raises(TypeError):
        broken.save(folder)
    assert len(WalkNetwork.open(folder).edge_m) == len(network.edge_m)
    assert [p.name for p in folder.parent.iterdir()] == ["walking"]


def test_a_place_that_cannot_be_replaced_is_said(network: WalkNetwork, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way", encoding="utf-8")
    with pytest.raises(NetworkError, match="another folder"):
        network.save(tmp_path / "file" / "walking")


def test_the_layer_folder_finds_it(network: WalkNetwork, tmp_path: Path) -> None:
    layers = tmp_path / "layers"
    network.save(layers / "walking")
    found = LayerFolder(layers).walking
    assert found is not None
    assert len(walk_pairs(found, [at(0, 0)], [at(200, 0)], 500.0)) == 1


@pytest.mark.parametrize("name", ARRAYS)
def test_a_missing_array_is_said(network: WalkNetwork, tmp_path: Path, name: str) -> None:
    network.save(tmp_path / "walking")
    (tmp_path / "walking" / f"{name}.npy").unlink()
    with pytest.raises(NetworkError, match=name):
        WalkNetwork.open(tmp_path / "walking")


@pytest.mark.parametrize("name", ["edge_m", "shape_lonlat", "arc_to", "grid_key"])
@pytest.mark.parametrize("keep", [0, 10, 0.5, 0.99])
def test_a_cut_off_array_is_said(
    network: WalkNetwork, tmp_path: Path, name: str, keep: float
) -> None:
    network.save(tmp_path / "walking")
    file = tmp_path / "walking" / f"{name}.npy"
    content = file.read_bytes()
    file.write_bytes(content[: int(keep * len(content)) if keep < 1 else int(keep)])
    with pytest.raises(NetworkError, match="build it again"):
        WalkNetwork.open(tmp_path / "walking")


def test_an_array_of_another_network_is_said(network: WalkNetwork, tmp_path: Path) -> None:
    network.save(tmp_path / "walking")
    np.save(tmp_path / "walking" / "edge_m.npy", np.ones(99))
    with pytest.raises(NetworkError, match="do not fit"):
        WalkNetwork.open(tmp_path / "walking")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("arc_to", 10_000), ("arc_edge", -1), ("edge_ends", 10_000), ("shape_edge", 10_000),
        ("grid_segment", 10_000), ("grid_start", 10_000), ("indptr", -5), ("shape_start", 10_000),
        ("node_component", 77), ("edge_m", -1), ("edge_m", np.nan), ("arc_m", np.nan),
    ],
)  # fmt: skip
def test_indices_that_lead_astray_are_refused(
    network: WalkNetwork, tmp_path: Path, name: str, value: float
) -> None:
    network.save(tmp_path / "walking")
    file = tmp_path / "walking" / f"{name}.npy"
    array = np.load(file)
    array.flat[array.size // 2] = value
    np.save(file, array)
    with pytest.raises(NetworkError, match="damaged inside"):
        WalkNetwork.open(tmp_path / "walking")


@pytest.mark.parametrize("text", ["", "{", "[]", "{}", '"x"', "null"])
def test_a_damaged_description_is_said(network: WalkNetwork, tmp_path: Path, text: str) -> None:
    network.save(tmp_path / "walking")
    (tmp_path / "walking" / "meta.json").write_text(text, encoding="utf-8")
    with pytest.raises(NetworkError, match=r"meta\.json"):
        WalkNetwork.open(tmp_path / "walking")


def test_another_format_is_refused(network: WalkNetwork, tmp_path: Path) -> None:
    network.save(tmp_path / "walking")
    file = tmp_path / "walking" / "meta.json"
    meta = json.loads(file.read_text(encoding="utf-8"))
    file.write_text(json.dumps(meta | {"version": 99}), encoding="utf-8")
    with pytest.raises(NetworkError, match="format 99"):
        WalkNetwork.open(tmp_path / "walking")


def test_no_folder_no_network(tmp_path: Path) -> None:
    with pytest.raises(NetworkError, match="layers osm"):
        WalkNetwork.open(tmp_path / "nowhere")


def test_a_pickle_is_never_loaded(network: WalkNetwork, tmp_path: Path) -> None:
    network.save(tmp_path / "walking")
    np.save(tmp_path / "walking" / "edge_m.npy", np.array([object()]), allow_pickle=True)
    with pytest.raises(NetworkError, match="edge_m"):
        WalkNetwork.open(tmp_path / "walking")
