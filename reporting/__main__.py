"""`python -m reporting`."""

from reporting.cli import main

main(prog_name="python -m reporting")
