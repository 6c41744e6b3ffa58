"""`python -m balancing`."""

from balancing.cli import main

main(prog_name="python -m balancing")
