"""Digits and letters as a person types or pastes them, in groups (section 2, Ticket)."""

import re
import unicodedata
from collections.abc import Sequence

_BETWEEN = frozenset("\t\n\x0b\x0c\r\x85\u2028\u2029\u2212\u30fc")
_BETWEEN_KINDS = frozenset(("Zs", "Pd", "Cf"))


def packed(text: str) -> str:
    """The text in NFKC without the spaces, dashes and invisible marks that people and input methods put in between."""
    wide = unicodedata.normalize("NFKC", text)
    return "".join(c for c in wide if not (c in _BETWEEN or unicodedata.category(c) in _BETWEEN_KINDS))


# As it is dictated; 〇 and 幺 are how telephone numbers are read out.
_SPOKEN = str.maketrans("零〇一二三四五六七八九两幺", "0012345678921")
_GROUP = re.compile("[0-9]+", re.ASCII)


def groups(text: str) -> list[str]:
    """The groups of digits in a text, whatever stands between them: half or full width, or dictated as 一二三."""
    return _GROUP.findall(unicodedata.normalize("NFKC", text).translate(_SPOKEN))


def stretches(groups: Sequence[str], length: int) -> list[str]:
    """Every run of whole groups that has this many digits."""
    runs = (_run(groups[start : start + length], length) for start in range(len(groups)))
    return [run for run in runs if len(run) == length]


def _run(groups: Sequence[str], length: int) -> str:
    run = ""
    for group in groups:
        if len(run) >= length:
            break
        run += group
    return run
