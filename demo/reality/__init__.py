"""Registers against reality: what really is in the county, and what its offices have in their books.

Every module plants one register beside its listing: the raw tables with the habits of those who
keep them, and the truth of every row of the listing as it was planted. Every place, firm, person
and number is invented.
"""
