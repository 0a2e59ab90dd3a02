"""The page for people in the field: works without network, sends what was seen when there is one."""
