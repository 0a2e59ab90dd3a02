"""The pages about imagery: what was seen when, two dates beside each other, and the upload."""
