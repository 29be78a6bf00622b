"""Hand-outs: read back with the programs of each format."""
