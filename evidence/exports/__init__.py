"""Findings of chosen leads in the formats other programs read, and as a map that needs no program."""

from evidence.exports.export import Export
from evidence.exports.html_map import html_map
from evidence.exports.table import SUFFIXES, write_table

__all__ = ["SUFFIXES", "Export", "html_map", "write_table"]
