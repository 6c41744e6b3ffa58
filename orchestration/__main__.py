"""`python -m orchestration`."""

from core.start import start

start("orchestration.cli", "python -m orchestration")
