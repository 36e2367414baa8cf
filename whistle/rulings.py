"""How what the rules refuse is told over HTTP: of refusals.py the rows that a process without a store can meet."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from whistle.core.case import Refused
from whistle.core.errors import RuleError
from whistle.crypto.errors import EnvelopeError

Answer = tuple[str, Mapping[str, Any]]
Told = Mapping[type[Exception], Callable[[Any], Answer]]

RULINGS: Told = {
    Refused: lambda error: ("refused", {"reason": error.code, **error.facts}),
    RuleError: lambda error: ("refused", {"reason": error.code}),
    EnvelopeError: lambda error: (
        ("malformed", {}) if error.code == "malformed" else ("refused", {"reason": error.code})
    ),
}


def told(error: Exception, rows: Told = RULINGS) -> Answer | None:
    """What a refusal says by these rows, the most particular first; None for an error that is none."""
    return next((tell(error) for kind, tell in rows.items() if isinstance(error, kind)), None)
