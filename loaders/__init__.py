"""Slices of the catalogue's CSV files into the raw schema, append only."""
