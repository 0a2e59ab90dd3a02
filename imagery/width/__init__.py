"""The clear width of a lane with obstacles in it: exact, with its interval and the line that shows it."""

from imagery.width.clear import Width, clear_width
from imagery.width.gates import Gate
from imagery.width.notes import Note
from imagery.width.section import Section

__all__ = ["Gate", "Note", "Section", "Width", "clear_width"]
