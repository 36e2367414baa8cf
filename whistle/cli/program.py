"""The program: every command group, and the one place where a failure becomes a sentence.

Exit status 0 done, 1 refused or failed with one plain sentence, 2 wrong usage.
"""

import errno
import sys
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any

import typer
from typer._click import exceptions as usage

from whistle.cli import (
    acts,
    almanac,
    bulletin,
    ledger,
    office,
    poster,
    receipt,
    register,
    reporter,
    rotation,
    rules,
    server,
    staff,
    upkeep,
    zone,
)
from whistle.cli.console import Stop, is_worded, sentence
from whistle.client import ClientError
from whistle.core.case import Refused
from whistle.core.errors import LedgerError, RuleError
from whistle.crypto.errors import EnvelopeError
from whistle.docket import Rejected
from whistle.settings import NotReady
from whistle.storage.errors import StorageError
from whistle.zone import ZoneError

Worded = tuple[str, dict[str, Any]]

app = typer.Typer(
    name="whistle",
    help="Anonymous safety reports, sealed in the browser, and their rewards. 匿名安全隐患举报与奖励。",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
for room in (server, upkeep, reporter, office, acts, rotation, bulletin, poster):
    room.join(app)
app.add_typer(zone.app, name="zone")
app.add_typer(staff.app, name="staff")
app.add_typer(receipt.app, name="receipt")
app.add_typer(rules.app, name="rules")
app.add_typer(ledger.app, name="ledger")
app.add_typer(register.app, name="register")
app.add_typer(almanac.app, name="calendar")


def main() -> None:
    """The `whistle` program."""
    sys.exit(run(sys.argv[1:]))


def run(arguments: list[str]) -> int:
    """Run one command; the exit status. No exception leaves it, and no value of one is printed."""
    try:
        found = app(args=arguments, prog_name="whistle", standalone_mode=False)
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
    place = traceback.extract_tb(error.__traceback__)[-1]
    where = f"{Path(place.filename).name}:{place.lineno}"
    return "internal", {"what": type(error).__name__, "where": where}


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
    (Stop, _by_code),
    (ClientError, _by_code),
    (ZoneError, _by_code),
    (LedgerError, _ledger),
    (Rejected, _by_code),
    (RuleError, _by_code),
    (Refused, lambda error: ("refused", {"reason": error.code})),
    (EnvelopeError, _by_code),
    (StorageError, _by_code),
    (NotReady, _by_code),
    (OSError, lambda error: (SYSTEM.get(error.errno, "disk"), {"name": Path(str(error.filename or "")).name or "–"})),
)
