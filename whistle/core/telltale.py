"""What in an extract may point at the reporter: her words copied, and what names a person, a number or an hour.

The officer who writes is shown every place and decides; nothing is struck out for him. The twin is
static/js/core/telltale.js; both read telltale.json and run tests/vectors/telltale.json."""

import json
import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

COPIED: Final = "copied"
_TABLE: Final[dict[str, Any]] = json.loads(Path(__file__).with_name("telltale.json").read_text(encoding="utf-8"))
RUN: Final[int] = _TABLE["run"]
_PATTERNS: Final = tuple((why, re.compile(pattern)) for why, pattern in _TABLE["patterns"])


@dataclass(frozen=True)
class Place:
    """A passage of a text, code points `start` to before `end`; `why`: copied, phone, id, work, plate, time or name."""

    start: int
    end: int
    why: str


def places(text: str, originals: Iterable[str]) -> list[Place]:
    """Every passage to look at before this text is signed, in order: runs of RUN and more letters and digits that stand
    in one of the originals, whatever stands between them, and what matches a pattern of the table."""
    folded = [_fold(char) for char in text]
    seen = "".join(folded)
    found = [Place(*match.span(), why) for why, pattern in _PATTERNS for match in pattern.finditer(seen)]
    copied = [Place(start, end, COPIED) for start, end in _copied(folded, originals)]
    return sorted({*found, *copied}, key=lambda place: (place.start, place.end, place.why))


def is_whole(text: str, original: str) -> bool:
    """Whether the text says, letter for letter, what the original says."""
    return bool(_letters(text)) and _letters(text) == _letters(original)


def _copied(folded: list[str], originals: Iterable[str]) -> Iterator[tuple[int, int]]:
    known = {run for original in originals for run in _runs(_letters(original))}
    at = [index for index, char in enumerate(folded) if _is_letter(char)]
    letters = "".join(folded[index] for index in at)
    start = end = -1
    for first, run in enumerate(_runs(letters)):
        if run not in known:
            continue
        if first > end:
            if end >= 0:
                yield at[start], at[end] + 1
            start = first
        end = first + RUN - 1
    if end >= 0:
        yield at[start], at[end] + 1


def _runs(letters: str) -> list[str]:
    return [letters[first : first + RUN] for first in range(len(letters) - RUN + 1)]


def _letters(text: str) -> str:
    return "".join(char for char in map(_fold, text) if _is_letter(char))


def _is_letter(char: str) -> bool:
    return unicodedata.category(char)[0] in "LN"


def _fold(char: str) -> str:
    """Full width as half width, Latin letters small, each character still one; beyond the basic plane all alike."""
    code = ord(char)
    if 0xFF01 <= code <= 0xFF5E:
        char = chr(code - 0xFEE0)
    if code > 0xFFFF:
        return "\ufffd"
    return char.lower() if char.isascii() else char
