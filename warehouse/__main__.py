"""`python -m warehouse`."""

from core.start import start

start("warehouse.cli", "python -m warehouse")
