"""The commands of `python -m imagery`, one file each."""
