"""Rules as data: one rule, the pack of a place, reading it and what is wrong with it."""
