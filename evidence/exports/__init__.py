"""Findings of chosen leads in the formats other programs read, and as a map that needs no program."""

from evidence.exports.table import SUFFIXES, Export, write_table

__all__ = ["SUFFIXES", "Export", "write_table"]
