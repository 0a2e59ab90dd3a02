"""The commands of `python -m leads`, one file each."""
