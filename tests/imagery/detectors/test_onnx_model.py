"""An office's own network: run in windows, refused where hash, pixels or manifest do not fit."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import shapely

from imagery.detectors import Shot
from imagery.detectors._onnx import Manifest, Network
from imagery.detectors.onnx_model import Settings, detect
from layers.errors import ImageryError
from tests.imagery.detectors.heaps import draw, ground

onnx = pytest.importorskip("onnx")
HEAP = (240, 300, 380, 400)
SIZE = 64


def _segment() -> bytes:
    """Grey is waste: the red band less a half, times twenty."""
    from onnx import TensorProto, helper, numpy_helper

    weight = np.zeros((1, 3, 1, 1), np.float32)
    weight[0, 0] = 40.0
    nodes = [helper.make_node("Conv", ["x", "w", "b"], ["y"])]
    graph = helper.make_graph(
        nodes, "grey", [helper.make_tensor_value_info("x", TensorProto.FLOAT, [1, 3, SIZE, SIZE])],
        [helper.make_tensor_value_info("y", TensorProto.FLOAT, [1, 1, SIZE, SIZE])],
        [numpy_helper.from_array(weight, "w"), numpy_helper.from_array(np.array([-17.0], np.float32), "b")],
    )  # fmt: skip
    return _bytes(graph)


def _boxes() -> bytes:
    """The same box in every tile."""
    from onnx import TensorProto, helper, numpy_helper

    box = np.array([[[20, 20, 40, 40, 0.9, 1], [0, 0, 60, 60, 0.95, 0]]], np.float32)
    graph = helper.make_graph(
        [helper.make_node("ReduceSum", ["x"], ["s"], keepdims=0), helper.make_node("Mul", ["s", "zero"], ["n"]),
         helper.make_node("Add", ["box", "n"], ["y"])], "box",
        [helper.make_tensor_value_info("x", TensorProto.FLOAT, [1, 3, SIZE, SIZE])],
        [helper.make_tensor_value_info("y", TensorProto.FLOAT, [1, 2, 6])],
        [numpy_helper.from_array(box, "box"), numpy_helper.from_array(np.array(0.0, np.float32), "zero")],
    )  # fmt: skip
    return _bytes(graph)


def _bytes(graph: Any) -> bytes:
    from onnx import helper

    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 13)], ir_version=8)
    raw: bytes = model.SerializeToString()
    return raw


def manifest(folder: Path, raw: bytes, **other: object) -> Path:
    folder.mkdir(exist_ok=True)
    (folder / "net.onnx").write_bytes(raw)
    told: dict[str, object] = {
        "name": "grey", "model": "net.onnx", "sha256": hashlib.sha256(raw).hexdigest(), "kind": "segment", "size": SIZE,
        "gsd_m": 0.5, "mean": [0.0, 0.0, 0.0], "std": [1.0, 1.0, 1.0], "classes": ["background", "waste"],
        "wanted": ["waste"], "licence": "own",
    } | other  # fmt: skip
    lines = [f"{key} = {_toml(value)}" for key, value in told.items() if value is not None]
    path = folder / "net.toml"
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


def _toml(value: object) -> str:
    return str(value) if isinstance(value, int | float | list) else f'"{value}"'


@pytest.fixture(scope="module")
def shot(tmp_path_factory: pytest.TempPathFactory) -> Shot:
    return draw(tmp_path_factory.mktemp("own"), "own", [HEAP])


def test_a_segmentation_outlines_the_heap(shot: Shot, tmp_path: Path) -> None:
    layer = detect(shot, Settings(manifest(tmp_path, _segment()), least_m2=50))
    truth = ground(shot, *HEAP)
    best = layer.frame.geometry.iloc[0]
    assert shapely.intersection(best, truth).area / shapely.union(best, truth).area > 0.8
    assert "accuracy not measured here" in layer.frame["why_en"].iloc[0]
    assert "licence own" in layer.provenance[0].transform


def test_boxes_of_the_wanted_class_only(tmp_path: Path) -> None:
    network = Network(Manifest.read(manifest(tmp_path, _boxes(), kind="boxes")))
    told = network.scores(np.zeros((3, 48, 48), np.float32))
    assert told.max() == pytest.approx(0.9)
    assert (told > 0).sum() == 400


def test_tiles_make_up_the_whole(tmp_path: Path) -> None:
    network = Network(Manifest.read(manifest(tmp_path, _segment())))
    picture = np.random.default_rng(1).random((3, 150, 201)).astype(np.float32)
    told = network.scores(picture)
    assert told.shape == (150, 201)
    np.testing.assert_allclose(told, 1 / (1 + np.exp(-(picture[0] * 40 - 17))), atol=1e-4)


@pytest.mark.parametrize(("other", "field"), [
    ({"sha256": "0" * 64}, "sha256"), ({"kind": "sing"}, "model"), ({"wanted": ["snow"]}, "model"),
    ({"licence": ""}, "licence"), ({"std": [0.0, 1.0, 1.0]}, "model"), ({"gsd_m": None}, "gsd_m"),
    ({"model": "gone.onnx"}, "model"), ({"gsd_m": 5.0}, "gsd"), ({"size": 128}, "size"),
])  # fmt: skip
def test_what_does_not_fit_is_refused(
    shot: Shot, tmp_path: Path, other: dict[str, object], field: str
) -> None:
    path = manifest(tmp_path, _segment(), **other)
    with pytest.raises(ImageryError) as caught:
        detect(shot, Settings(path))
    assert caught.value.field == field
    assert caught.value.remedy


def test_no_network_and_no_model(shot: Shot, tmp_path: Path) -> None:
    with pytest.raises(ImageryError, match="no model was given"):
        detect(shot)
    with pytest.raises(ImageryError, match="no ONNX network"):
        detect(shot, Settings(manifest(tmp_path, b"not a network")))
