"""Pages of administration: people, tokens, sessions, rules, agencies, audit, health, backup, retention."""
