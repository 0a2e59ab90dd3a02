"""The demo county: generated, seeded, offline, with its planted truth."""
