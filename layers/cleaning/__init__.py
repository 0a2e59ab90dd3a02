"""Values as people type them become values a check can use; what cannot be read is said so.

One file per kind of value. Every function takes a Series of text (missing = `None`) and gives
a Series of the same index back; a value that cannot be read becomes missing, with its reason
beside it (`Cleaned.problem`), and never a guess.
"""

from layers.cleaning.result import Cleaned
from layers.cleaning.text import clean_text, normalise

__all__ = ["Cleaned", "clean_text", "normalise"]
