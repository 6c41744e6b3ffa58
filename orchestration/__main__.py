"""`python -m orchestration`."""

from orchestration.cli import main

main(prog_name="python -m orchestration")
