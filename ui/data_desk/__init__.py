"""The page of data: sources with their age and quality, import of a table, versions and undo."""
