"""The commands of `python -m layers`, one file each."""
