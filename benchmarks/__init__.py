"""Measurements of speed and memory beside what users would pick instead."""
