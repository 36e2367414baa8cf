"""Strict JSON for money documents (envelope.md section 2): one value, one spelling, no null, no floats."""

import json
import re
from typing import Any, NoReturn

MAX_INT = 2**53 - 1
MAX_DEPTH = 6
# Controls and bidi controls could make a sum or a name read differently from what was signed.
_REFUSED = re.compile("[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
# JavaScript moves such a key before all others, so a document with one has two spellings.
_INDEX = re.compile("0|[1-9][0-9]*", re.ASCII)


def dump(value: object) -> bytes:
    """The one spelling of a value. Raises ValueError for what strict JSON cannot hold."""
    _check(value, 1)
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()


def load(data: bytes) -> Any:
    """Parse, and refuse every spelling but the one `dump` gives. Raises ValueError only."""
    try:
        value = json.loads(data.decode(), parse_float=_refuse, parse_constant=_refuse)
    except (UnicodeDecodeError, RecursionError) as error:
        raise ValueError("not strict JSON") from error
    if dump(value) != data:
        raise ValueError("not the canonical spelling")
    return value


def is_plain(text: str, size: int) -> bool:
    """Whether a string may stand in a document: at most `size` bytes, nothing invisible that steers."""
    return not _REFUSED.search(text) and len(text.encode()) <= size


def _refuse(_: str) -> NoReturn:
    raise ValueError("a float is no money")


def _check_key(key: object) -> None:
    if not isinstance(key, str) or _INDEX.fullmatch(key):
        raise ValueError("a key that is a number")


def _check(value: object, depth: int) -> None:
    if depth > MAX_DEPTH:
        raise ValueError("too deep")
    if isinstance(value, dict):
        for key, inner in value.items():
            _check_key(key)
            _check(key, depth)
            _check(inner, depth + 1)
    elif isinstance(value, list | tuple):
        for inner in value:
            _check(inner, depth + 1)
    elif isinstance(value, str):
        if _REFUSED.search(value):
            raise ValueError("a refused character")
    elif not isinstance(value, bool) and not (isinstance(value, int) and 0 <= value <= MAX_INT):
        raise ValueError("neither text nor a whole number")
