"""How a verb's refusal is told over HTTP: a code and facts, never a word of a post."""

from __future__ import annotations

from whistle import rulings
from whistle.docket import Rejected
from whistle.rulings import RULINGS, Answer, Told
from whistle.storage.errors import Busy, Conflict, Full, Missing, Spent, StorageError, Unknown

# Most particular first: the handler of the first class that fits is taken.
REFUSALS: Told = {
    Rejected: lambda error: (error.code, error.facts),
    **RULINGS,
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
    return rulings.told(error, REFUSALS)
