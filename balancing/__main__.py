"""`python -m balancing`."""

from core.start import start

start("balancing.cli", "python -m balancing")
