"""Registers: what official lists say about a business beyond name and place."""

from layers.registers.business_scope import GOODS, Reading, classify, read_scope, sells

__all__ = ["GOODS", "Reading", "classify", "read_scope", "sells"]
