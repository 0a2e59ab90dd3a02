"""Tests of the queue of candidates."""
