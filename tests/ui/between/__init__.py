"""Tests of ui/between."""
