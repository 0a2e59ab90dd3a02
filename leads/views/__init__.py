"""Leads as others read them: on a map, in numbers, page after page, as a sheet."""
