"""`python -m reporting`."""

from core.start import start

start("reporting.cli", "python -m reporting")
