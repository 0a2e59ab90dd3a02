"""The labelling loop: what people said of cells becomes an office's own model of waste."""

from imagery.training.folder import Saved, models_in, present, save_model, switch_on
from imagery.training.labels import LABELS, read_labels
from imagery.training.learn import Learnt, learn
from imagery.training.score import Score, score_scene
from imagery.training.table import Table, table_of

__all__ = [
    "LABELS", "Learnt", "Saved", "Score", "Table", "learn", "models_in", "present", "read_labels",
    "save_model", "score_scene", "switch_on", "table_of",
]  # fmt: skip
