"""`python -m yardwatch` is the command line."""

from yardwatch.cli import main

main()
