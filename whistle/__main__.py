"""`python -m whistle` is the command line."""

from whistle.cli import main

main()
