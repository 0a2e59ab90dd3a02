"""Many behind one door: rows grouped by address, counted, held against a number."""
