"""The documents of a case as Word drafts, filled from the dossier; what a person decides stays blank."""
