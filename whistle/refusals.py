"""How a verb's refusal is told over HTTP: a code and facts, never a word of a post."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from whistle.core.case import Refused
from whistle.core.errors import RuleError
from whistle.crypto.errors import EnvelopeError
from whistle.docket import Rejected
from whistle.storage.errors import Busy, Conflict, Full, Missing, Spent, StorageError, Unknown

Answer = tuple[str, Mapping[str, Any]]

# Most particular first: the handler of the first class that fits is taken.
REFUSALS: Mapping[type[Exception], Callable[[Any], Answer]] = {
    Rejected: lambda error: (error.code, error.facts),
    Refused: lambda error: ("refused", {"reason": error.code, **error.facts}),
    RuleError: lambda error: ("refused", {"reason": error.code}),
    EnvelopeError: lambda error: (
        ("malformed", {}) if error.code == "malformed" else ("refused", {"reason": error.code})
    ),
    Conflict: lambda error: ("conflict", {"what": error.what}),
    Spent: lambda error: ("work", {}),
    Unknown: lambda error: ("not_found", {}),
    Missing: lambda error: ("items_missing", {}),
    Full: lambda error: ("no_room", {"what": "case"}),
    Busy: lambda error: ("busy", {"retry": 1}),
    StorageError: lambda error: ("busy", {"retry": 5}),
}


def answer(error: Exception) -> Answer | None:
    """What a verb's refusal says; None for an error that is none."""
    return next((tell(error) for kind, tell in REFUSALS.items() if isinstance(error, kind)), None)
