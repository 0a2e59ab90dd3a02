"""Bring the program to a machine without a network: one file to carry, one command to install it."""
