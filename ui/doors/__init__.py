"""Doors of the app: who asks, and whether the policy table lets them."""
