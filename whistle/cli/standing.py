"""What `doctor` says of the newest directory: its term, roles with too few people, keys that take no seal."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from whistle.core import calendar
from whistle.crypto.directory import Directories
from whistle.crypto.encoding import unb64
from whistle.crypto.errors import EnvelopeError
from whistle.crypto.keys import seal
from whistle.zone.checks import TWO_NEEDED

SOON = 30

Finding = dict[str, Any]


def findings(directories: Directories, today: str) -> Iterator[Finding]:
    """Findings as the store's own are listed: code, level, figures."""
    yield _term(str(directories.newest["expires"]), today)
    for name, _ in directories.newest["channels"]:
        channel = directories.channel(directories.newest_hash, name) or {"readers": []}
        yield from _thin(name, channel["readers"])
        yield from _dead(name, channel["readers"])


def calendar_of(years: calendar.Tables, today: str) -> Finding:
    """Amber from sixty days before a year without a table begins to matter."""
    missing = calendar.missing_year(today, years)
    return {"code": "calendar", "level": "amber" if missing else "ok", "facts": {"missing": missing}}


def _term(expires: str, today: str) -> Finding:
    left = (date.fromisoformat(expires) - date.fromisoformat(today)).days
    level = "red" if left < 0 else "amber" if left < SOON else "ok"
    return {"code": "directory", "level": level, "facts": {"expires": expires, "days_left": max(left, 0)}}


def _thin(channel: str, readers: list[dict[str, Any]]) -> Iterator[Finding]:
    """Losing the only reader of a compartment loses its cases (envelope.md section 4)."""
    for role in TWO_NEEDED:
        people = {one["person"] for one in readers if role in one["roles"]}
        if len(people) < 2:
            facts = {"channel": channel, "role": role, "people": len(people)}
            yield {"code": "few_readers", "level": "amber", "facts": facts}


def _dead(channel: str, readers: list[dict[str, Any]]) -> Iterator[Finding]:
    """An enrolment proves no KEM key: sealing once shows that the key takes a seal at all."""
    for one in readers:
        try:
            seal(unb64(one["kem"]), b"doctor", b"doctor")
        except EnvelopeError:
            yield {"code": "bad_key", "level": "red", "facts": {"channel": channel, "reader": one["rid"]}}
