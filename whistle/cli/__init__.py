"""The command line: one file per command group, `program.py` joins them."""

from whistle.cli.program import main, run

__all__ = ["main", "run"]
