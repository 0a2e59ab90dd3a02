"""The quiet base map and the large overlays, drawn on this machine from the layers at hand."""
