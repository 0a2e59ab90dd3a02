"""The map page's parts: the table behind list and symbols, search, tools, overview, bases."""
