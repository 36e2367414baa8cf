"""Strict JSON (envelope.md section 2): small checks that combine into schemas, one way in and one way out.

A document is valid only if writing its parse again gives the same bytes.
"""

import json
import re
import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any, NoReturn

from whistle.crypto.encoding import LARGEST, utf8
from whistle.crypto.errors import EnvelopeError

Check = Callable[[Any], None]
Document = dict[str, Any]

_UNSEEN = re.compile("[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)
_CLOCK = re.compile(r"T([01][0-9]|2[0-3]):[0-5][0-9]Z", re.ASCII)
_LAST = {0: "", 1: "[AQgw]", 2: "[AEIMQUYcgkosw048]"}
_write = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode


@dataclass(frozen=True)
class Schema:
    """What a document must be, and how many bytes it may have."""

    check: Check
    limit: int


def malformed() -> NoReturn:
    raise EnvelopeError("malformed")


def parse(schema: Schema, data: bytes) -> Document:
    """The document, or EnvelopeError: too long, not UTF-8, not the schema, not the one way to write it."""
    value = read(data, schema.limit)
    schema.check(value)
    return value


def dump(schema: Schema, value: Document) -> bytes:
    """The bytes of a document we write; refuses what `parse` would refuse, and text that is not NFC."""
    schema.check(value)
    check_nfc(value)
    data = utf8(_write(value))
    if len(data) > schema.limit:
        raise EnvelopeError("too_long")
    return data


def read(data: bytes, limit: int) -> Document:
    """An object whose re-serialisation gives `data` again; its keys and types are still to be checked."""
    if len(data) > limit:
        raise EnvelopeError("too_long")
    try:
        text = data.decode()
        value = json.loads(text)
        again = _write(value)
    except (ValueError, RecursionError):  # ValueError: bad JSON or UTF-8, NaN, integers over 4,300 digits
        raise EnvelopeError("malformed") from None
    if again != text or type(value) is not dict:
        malformed()
    return value


def check_nfc(value: Any) -> None:
    """For writers and the server on arrival, never verifying clients: NFC differs by Unicode version."""
    if isinstance(value, str):
        if not value.isascii() and not unicodedata.is_normalized("NFC", value):
            raise EnvelopeError("not_nfc")
    elif isinstance(value, dict):
        for inner in value.values():
            check_nfc(inner)
    elif isinstance(value, list):
        for inner in value:
            check_nfc(inner)


def _check_string(value: str) -> None:
    if _UNSEEN.search(value):
        malformed()


def record(fields: dict[str, Check], optional: str = "") -> Check:
    """An object with exactly these keys in this order; `optional` names the one that may be absent."""
    full = tuple(fields)
    short = tuple(name for name in full if name != optional)

    def check(value: Any) -> None:
        if type(value) is not dict:
            malformed()
        names = tuple(value)
        if names not in (full, short):
            malformed()
        for name in names:
            fields[name](value[name])

    return check


def array(inner: Check) -> Check:
    def check(value: Any) -> None:
        if type(value) is not list:
            malformed()
        for one in value:
            inner(one)

    return check


def pair(left: Check, right: Check) -> Check:
    def check(value: Any) -> None:
        if type(value) is not list or len(value) != 2:
            malformed()
        left(value[0])
        right(value[1])

    return check


def raw(size: int) -> Check:
    """base64url of exactly `size` bytes, canonical: unused bits of the last letter are zero."""
    whole, rest = divmod(size * 8, 6)
    letters = f"[A-Za-z0-9_-]{{{whole}}}" + (_LAST[size % 3] if rest else "")
    fits = re.compile(letters, re.ASCII).fullmatch

    def check(value: Any) -> None:
        if type(value) is not str or not fits(value):
            malformed()

    return check


def text(limit: int) -> Check:
    """A string of at most `limit` bytes of UTF-8 without controls, bidi controls and lone surrogates."""

    def check(value: Any) -> None:
        if type(value) is not str or len(value) > limit:
            malformed()
        _check_string(value)
        if len(value.encode()) > limit:
            malformed()

    return check


def either(literal: str, other: Check) -> Check:
    def check(value: Any) -> None:
        if value != literal:
            other(value)

    return check


def one_of(values: Iterable[str | int]) -> Check:
    allowed = frozenset((type(value), value) for value in values)

    def check(value: Any) -> None:
        if type(value) not in (str, int) or (type(value), value) not in allowed:
            malformed()

    return check


def integer(value: Any) -> None:
    if type(value) is not int or not 0 <= value <= LARGEST:  # True is an int to isinstance
        malformed()


def boolean(value: Any) -> None:
    if type(value) is not bool:
        malformed()


def empty(value: Any) -> None:
    if value != [] or type(value) is not list:
        malformed()


def day(value: Any) -> None:
    """YYYY-MM-DD, a day that exists."""
    if type(value) is not str or not _DAY.fullmatch(value):
        malformed()
    day_number(value)


def minute(value: Any) -> None:
    """YYYY-MM-DDThh:mmZ."""
    if type(value) is not str or not _CLOCK.fullmatch(value[10:]):
        malformed()
    day(value[:10])
    zone_day(value)


def day_number(value: str) -> int:
    """Days since the year 1, for comparing days."""
    try:
        return date.fromisoformat(value[:10]).toordinal()
    except ValueError:
        raise EnvelopeError("malformed") from None


def zone_day(when: str) -> str:
    """The zone's day, UTC+08:00: of a day itself, of a UTC minute the day it is in the zone by then."""
    if len(when) == 10 or when[11:13] < "16":
        return when[:10]
    try:
        return date.fromordinal(day_number(when) + 1).isoformat()
    except (ValueError, OverflowError):
        raise EnvelopeError("malformed") from None
