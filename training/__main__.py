"""`python -m training`."""

from core.start import start

start("training.cli", "python -m training")
