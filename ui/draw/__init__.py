"""The page where lanes, gates and zones are drawn on a scene."""
