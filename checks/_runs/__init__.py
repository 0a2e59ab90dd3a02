"""Runs: carried out, written, kept, laid side by side, and thought through with another limit."""
