"""Which finding is which lead: the store asks by the same rules by which two runs are compared."""

from checks import keys_of, subject_of

__all__ = ["keys_of", "subject_of"]
