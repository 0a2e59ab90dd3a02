"""Looking on site: what a person takes along, the form of a visit, and what comes back of it."""
