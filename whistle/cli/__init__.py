"""The command line: one file per command group, `program.py` joins them."""

from whistle.cli.program import app, main, run

__all__ = ["app", "main", "run"]
