"""Tests of ui/proof."""
