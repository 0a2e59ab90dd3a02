"""Table models: a TOML file read as a check, joined, judged and told."""
