"""What can be seen: files of imagery become dated, placed, trustworthy scenes."""
