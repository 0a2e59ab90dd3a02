"""The commands of `python -m evidence`, one file each."""
