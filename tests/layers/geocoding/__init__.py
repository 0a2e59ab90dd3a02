"""Geocoding offline, by layers made for the purpose, the demo county and a real extract."""
