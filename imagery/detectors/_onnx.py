"""An office's own network: an ONNX file beside a manifest that says what it was made for."""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from layers.errors import ImageryError

_MOST_BYTES = 512 << 20
_NEEDED: Mapping[str, str] = {
    "model": 'model = "net.onnx"', "sha256": 'sha256 = "…"', "kind": 'kind = "segment"', "size": "size = 256",
    "gsd_m": "gsd_m = 0.1", "mean": "mean = [0.5, 0.5, 0.5]", "std": "std = [0.25, 0.25, 0.25]",
    "classes": 'classes = ["background", "waste"]', "wanted": 'wanted = ["waste"]', "licence": 'licence = "…"',
}  # fmt: skip
KINDS = ("segment", "boxes")


@dataclass(frozen=True)
class Manifest:
    """What a network was made for: `size` pixels a side of `gsd_m` metres, values scaled to 0..1.

    `kind` `segment`: output (1, classes, size, size), numbers before softmax; one class: before the
    logistic. `boxes`: output (1, n, 6), left, top, right, bottom in pixels, score 0..1, class.
    """

    name: str
    kind: str
    size: int
    gsd_m: float
    gsd_times: float
    bands: int
    mean: tuple[float, ...]
    std: tuple[float, ...]
    classes: tuple[str, ...]
    wanted: tuple[int, ...]
    least_score: float
    licence: str
    sha256: str
    file: Path

    @classmethod
    def read(cls, path: Path) -> Manifest:
        """The manifest in a TOML file; raises `ImageryError` naming key and remedy."""
        try:
            table = tomllib.loads(path.read_text(encoding="utf-8"))
        except (OSError, ValueError) as error:
            raise ImageryError(f"the manifest cannot be read ({error})", file=path, field="model",
                               remedy="write a TOML file beside the ONNX file") from error  # fmt: skip
        for key, example in _NEEDED.items():
            if key not in table or table[key] in ("", []):
                raise ImageryError(f"the manifest lacks {key}", file=path, field=key, remedy=f"write {example}")  # fmt: skip
        try:
            return _made(table, path)
        except (TypeError, ValueError, AttributeError) as error:
            raise ImageryError(f"the manifest holds a wrong value ({error})", file=path, field="model",
                               remedy="compare with docs/waste.md") from error  # fmt: skip

    def fits(self, gsd_m: float) -> bool:
        """Whether a scene's pixels are near enough to what the network saw in training."""
        return self.gsd_m / self.gsd_times <= gsd_m <= self.gsd_m * self.gsd_times


def _made(table: Mapping[str, Any], path: Path) -> Manifest:
    classes = tuple(map(str, table["classes"]))
    told = Manifest(
        name=str(table.get("name", path.stem)), kind=str(table["kind"]), size=int(table["size"]),
        gsd_m=float(table["gsd_m"]), gsd_times=float(table.get("gsd_times", 2.0)),
        bands=int(table.get("bands", 3)), mean=tuple(map(float, table["mean"])),
        std=tuple(map(float, table["std"])), classes=classes,
        wanted=tuple(classes.index(str(one)) for one in table["wanted"]),
        least_score=float(table.get("least_score", 0.5)), licence=str(table["licence"]),
        sha256=str(table["sha256"]).lower(), file=path.parent / Path(str(table["model"])).name,
    )  # fmt: skip
    if (
        told.kind not in KINDS
        or not 16 <= told.size <= 4096
        or told.gsd_m <= 0
        or told.gsd_times < 1
    ):
        raise ValueError("kind is segment or boxes, size 16 to 4096, gsd_m above 0")
    if not len(told.mean) == len(told.std) == told.bands or min(told.std) <= 0:
        raise ValueError("mean and std have one number per band, std above 0")
    return told


class Network:
    """An opened network; one thread, processor only, from bytes whose hash was checked."""

    def __init__(self, manifest: Manifest) -> None:
        import onnxruntime

        self.manifest = manifest
        raw = _checked(manifest)
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        try:
            self._session = onnxruntime.InferenceSession(
                raw, options, providers=["CPUExecutionProvider"]
            )
        except Exception as error:
            raise ImageryError(f"the file is no ONNX network that runs here ({type(error).__name__})", file=manifest.file,
                               field="model", remedy="export it anew, in one file, for an older opset") from error  # fmt: skip
        self._input = self._session.get_inputs()[0].name

    def scores(self, picture: np.ndarray) -> np.ndarray:
        """(rows, columns) 0..1 of what is wanted, for (bands, rows, columns) scaled to 0..1.

        Tiles overlap by a quarter of their side, and only their middles are kept.
        """
        size, rim = self.manifest.size, self.manifest.size // 8
        step = size - 2 * rim
        _, rows, columns = picture.shape
        down, across = -(-rows // step), -(-columns // step)
        whole = np.pad(picture, ((0, 0), (rim, down * step - rows + rim), (rim, across * step - columns + rim)), mode="edge")  # fmt: skip
        found = np.zeros((down * step, across * step), np.float32)
        for top in range(0, down * step, step):
            for left in range(0, across * step, step):
                tile = whole[:, top : top + size, left : left + size]
                told = self._one(tile)
                found[top : top + step, left : left + step] = told[
                    rim : rim + step, rim : rim + step
                ]
        return found[:rows, :columns]

    def _one(self, tile: np.ndarray) -> np.ndarray:
        about = self.manifest
        mean = np.array(about.mean, np.float32)[:, None, None]
        std = np.array(about.std, np.float32)[:, None, None]
        values = ((tile - mean) / std)[None].astype(np.float32)
        try:
            out = np.asarray(self._session.run(None, {self._input: values})[0])
        except Exception as error:
            raise ImageryError(f"the network does not take {values.shape} ({type(error).__name__})", file=about.file,
                               field="size", remedy="correct size and bands in its manifest") from error  # fmt: skip
        told = _segmented(out, about) if about.kind == "segment" else _boxed(out, about)
        if told.shape != (about.size, about.size):
            raise ImageryError(f"the network answers {out.shape}, not what its manifest says", file=about.file,
                               field="kind", remedy="correct kind, size and classes")  # fmt: skip
        return told


def _checked(manifest: Manifest) -> bytes:
    try:
        if manifest.file.stat().st_size > _MOST_BYTES:
            raise OSError("larger than 512 MiB")
        raw = manifest.file.read_bytes()
    except OSError as error:
        raise ImageryError(f"the network cannot be read ({error})", file=manifest.file, field="model",
                           remedy="lay the ONNX file beside its manifest") from error  # fmt: skip
    if hashlib.sha256(raw).hexdigest() != manifest.sha256:
        raise ImageryError("the network is not the one the manifest describes (SHA-256 differs)", file=manifest.file,
                           field="sha256", remedy="take the file that belongs to it, or correct the manifest")  # fmt: skip
    return raw


def _segmented(out: np.ndarray, about: Manifest) -> np.ndarray:
    logits = out.reshape(out.shape[-3:]).astype(np.float64)
    if len(logits) == 1:
        told = 1 / (1 + np.exp(-logits[0]))
    else:
        powers = np.exp(logits - logits.max(axis=0))
        told = powers[list(about.wanted)].sum(axis=0) / powers.sum(axis=0)
    return np.asarray(told, np.float32)


def _boxed(out: np.ndarray, about: Manifest) -> np.ndarray:
    told = np.zeros((about.size, about.size), np.float32)
    for left, top, right, bottom, score, kind in sorted(
        out.reshape(-1, 6).tolist(), key=lambda one: one[4]
    ):
        if int(kind) in about.wanted:
            corners = (round(left), round(top)), (round(right) - 1, round(bottom) - 1)
            cv2.rectangle(told, *corners, float(score), -1)
    return told
