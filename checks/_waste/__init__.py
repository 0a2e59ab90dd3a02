"""Waste candidates near reservoirs: zones, shores, land and the articles."""
