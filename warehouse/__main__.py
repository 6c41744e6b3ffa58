"""`python -m warehouse`."""

from warehouse.cli import main

main(prog_name="python -m warehouse")
