"""`python -m loaders`."""

from core.start import start

start("loaders.cli", "python -m loaders")
