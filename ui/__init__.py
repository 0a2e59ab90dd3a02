"""How it is shown and reached: the page, the map, its tiles and its texts.

Nothing is computed here: the page calls the functions that the shell commands call.
"""
