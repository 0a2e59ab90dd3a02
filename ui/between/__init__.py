"""The page between offices: leads offered, taken in, given back, called back; by file or over the network."""
