"""Heavy work in a process of its own: the table of jobs, and what kinds of work there are."""
