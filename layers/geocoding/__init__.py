"""Geocoding offline: addresses placed by the layers at hand, with method and error, or not at all."""

from layers.geocoding.geocode import COLUMNS, geocode, geocode_layer
from layers.geocoding.queue import queue_rows, write_queue
from layers.geocoding.words import METHODS, PROBLEMS

__all__ = [
    "COLUMNS",
    "METHODS",
    "PROBLEMS",
    "geocode",
    "geocode_layer",
    "queue_rows",
    "write_queue",
]
