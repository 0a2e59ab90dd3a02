"""What people are told: the inbox, and letters."""
