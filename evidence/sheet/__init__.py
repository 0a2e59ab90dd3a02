"""The evidence sheet: one lead on paper, with its map, its numbers, its law and its sources."""
