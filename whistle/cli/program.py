"""The program: every command group, and the one place where a failure becomes a sentence.

Exit status 0 done, 1 refused or failed with one plain sentence, 2 wrong usage.
"""

import errno
import sys
import traceback
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any

import typer
from typer._click import exceptions as usage

from whistle.cli.console import is_worded, sentence
from whistle.cli.loading import uncollected
from whistle.core.case import Refused
from whistle.core.errors import LedgerError

Worded = tuple[str, dict[str, Any]]

# The rooms of the command line: commands that each brings, and the groups that have commands of their own.
# Only the room of the command that was typed is loaded: the whole house takes two seconds of processor to.
ROOMS = {
    "doors": ("demo", "serve"),
    "server": ("migrate", "jobs"),
    "upkeep": ("backup", "restore", "doctor", "clock"),
    "reporter": ("submit", "attach", "status", "say", "object", "claim", "withdraw", "onward"),
    "office": ("open", "transcribe"),
    "acts": ("act",),
    "rotation": ("handover",),
    "bulletin": ("bulletin",),
    "poster": ("poster",),
}
GROUPS = {
    "zone": "zone",
    "staff": "staff",
    "receipt": "receipt",
    "honour": "honour",
    "rules": "rules",
    "ledger": "ledger",
    "audit": "audit",
    "register": "register",
    "calendar": "almanac",
    "enterprises": "enterprises",
    "notices": "notices",
}


def program(command: str = "") -> typer.Typer:
    """The program with the room of one command; with all of them when no room has it."""
    app = typer.Typer(
        name="whistle",
        help="Anonymous safety reports, sealed in the browser, and their rewards. 匿名安全隐患举报与奖励。",
        no_args_is_help=True,
        add_completion=False,
        pretty_exceptions_enable=False,
    )
    app.callback()(lambda: None)  # without it a single command would be the program, and its name an argument
    rooms = [room for room, commands in ROOMS.items() if command in commands]
    groups = [name for name in GROUPS if name == command]
    whole = not rooms + groups
    with uncollected():
        for room in ROOMS if whole else rooms:
            import_module(f"whistle.cli.{room}").join(app)
        for name in GROUPS if whole else groups:
            app.add_typer(import_module(f"whistle.cli.{GROUPS[name]}").app, name=name)
    return app


def main() -> None:
    """The `whistle` program."""
    sys.exit(run(sys.argv[1:]))


def run(arguments: list[str]) -> int:
    """Run one command; the exit status. No exception leaves it, and no value of one is printed."""
    try:
        found = program(next(iter(arguments), ""))(args=arguments, prog_name="whistle", standalone_mode=False)
    except usage.UsageError as error:
        return _say(*_misused(error), status=2)
    except (KeyboardInterrupt, typer.Abort):
        return _say("stopped", {}, status=1)
    except Exception as error:  # the one place where every failure becomes a sentence
        return _say(*_worded(error), status=1)
    return found if isinstance(found, int) else 0


def _say(code: str, facts: dict[str, Any], status: int) -> int:
    sys.stderr.write(sentence(code, **facts) + "\n")
    return status


def _misused(error: usage.UsageError) -> Worded:
    # The library's own message repeats what was typed, and a ticket may stand there: only names are shown.
    command = error.ctx.command_path if error.ctx else "whistle"
    name = _parameter(error)
    if isinstance(error, usage.NoSuchOption):
        return "usage_option", {"command": command}
    if isinstance(error, usage.MissingParameter):
        return "usage_missing", {"command": command, "name": name}
    return ("usage_value" if name else "usage"), {"command": command, "name": name}


def _parameter(error: usage.UsageError) -> str:
    parameter = getattr(error, "param", None)
    return str(parameter.opts[0]) if parameter is not None and parameter.opts else ""


def _worded(error: Exception) -> Worded:
    for kind, word in WORDED:
        if isinstance(error, kind):
            return word(error)
    if _is_ours(error):
        return _by_code(error)
    place = traceback.extract_tb(error.__traceback__)[-1]
    where = f"{Path(place.filename).name}:{place.lineno}"
    return "internal", {"what": type(error).__name__, "where": where}


def _is_ours(error: Exception) -> bool:
    """Whether a room of the house refused: its errors carry a code. Asked without loading the rooms."""
    return type(error).__module__.startswith("whistle.") and isinstance(getattr(error, "code", None), str)


def _by_code(error: Any) -> Worded:
    return error.code, dict(getattr(error, "facts", {}))


def _ledger(error: LedgerError) -> Worded:
    """A row that was tampered with says how; one that the books refuse names their rule."""
    told = f"ledger_{error.code}"
    return told if is_worded(told) else "ledger_broken", {"no": error.no, "why": error.code}


# What the system refuses, by its own number; a file is told by its last name alone.
SYSTEM = {
    errno.ENOSPC: "disk_full",
    errno.EDQUOT: "disk_full",
    errno.EACCES: "disk_denied",
    errno.EPERM: "disk_denied",
    errno.EROFS: "disk_denied",
}

# The first kind that fits words the error; nothing here reads an exception's text but the operator's own.
WORDED: tuple[tuple[type[Exception], Callable[[Any], Worded]], ...] = (
    (LedgerError, _ledger),
    (Refused, lambda error: ("refused", {"reason": error.code})),
    (OSError, lambda error: (SYSTEM.get(error.errno, "disk"), {"name": Path(str(error.filename or "")).name or "–"})),
)
