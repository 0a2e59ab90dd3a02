"""The perimeter family: subjects around schools, measured as the rules ask."""
