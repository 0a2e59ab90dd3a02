"""Detectors: from scenes to layers of candidates. One file each; they decide nothing."""

from imagery.detectors._frame import (
    Detector,
    DetectorEntry,
    Needs,
    Shot,
    catalogue,
    check_needs,
    detector,
)
from imagery.detectors._stored import shot_of

__all__ = [
    "Detector",
    "DetectorEntry",
    "Needs",
    "Shot",
    "catalogue",
    "check_needs",
    "detector",
    "shot_of",
]
