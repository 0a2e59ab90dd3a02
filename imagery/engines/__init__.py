"""Photogrammetry engines the office runs: used by address, and only when the user asks."""
