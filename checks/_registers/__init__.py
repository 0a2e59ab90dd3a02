"""The register family: what is on site laid beside the register it must stand in."""
