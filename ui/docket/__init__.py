"""The pages of leads: the list, one lead with what may be done about it, what is due, yield, runs."""
