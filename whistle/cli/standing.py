"""What `doctor` says of the newest directory (its term, roles with too few people, keys that take no seal) and of what
stands beside the store: clock, door keys, Redis, the night, the calendar."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from whistle.core import calendar
from whistle.crypto.directory import Directories
from whistle.crypto.encoding import unb64
from whistle.crypto.errors import EnvelopeError
from whistle.crypto.keys import seal
from whistle.readership import Readers, Survey, readers_of
from whistle.storage.notices import Waiting

SOON = 30
NEEDED = ("intake", "verifier", "leader", "payout", "finance")
REMEMBERED = 90  # days that a restore is told; no word of the operator ends it sooner: it is told to others than him

# Amber for the rest: each door goes on with limits of its own. What is written to disk harms already.
_OF_REDIS = {"": "ok", "keeps": "red"}
Finding = dict[str, Any]


def findings(directories: Directories, today: str) -> Iterator[Finding]:
    """Findings as the store's own are listed: code, level, figures."""
    yield _term(str(directories.newest["expires"]), today)
    for name, _ in directories.newest["channels"]:
        channel = directories.channel(directories.newest_hash, name) or {"readers": []}
        yield from _thin(name, channel["readers"])
        yield from _dead(name, channel["readers"])


def clock_of(today: str, newest: str, cases: int, doubting: Sequence[str], ahead: Finding | None) -> Iterator[Finding]:
    """Red while doors take nothing: posts of later days are stored, the machine is days `ahead` of what this house has
    seen, or a door that runs has seen the clock set."""
    behind = today < newest
    facts = {"today": today, "newest": newest, "cases": cases} if behind else {"today": today}
    yield {"code": "clock", "level": "red" if behind else "ok", "facts": facts}
    if ahead:
        yield {"code": "clock_ahead", "level": "red", "facts": ahead}
    for door in doubting:
        yield {"code": "door_clock", "level": "red", "facts": {"door": door}}


def doors_of(directories: Directories, keys: Mapping[str, bytes]) -> Iterator[Finding]:
    """Red for a door whose key the newest directory does not list: what it signs proves nothing to anybody. Amber where
    this machine has no key of a listed door: another may serve it, but here the next start would draw a new one."""
    listed = {(one["id"], unb64(one["sig"])) for one in directories.newest["doors"] if one["use"] == "receipt"}
    for door, key in keys.items():
        if key or door in {name for name, _ in listed}:
            level = "amber" if not key else "ok" if (door, key) in listed else "red"
            yield {"code": "door_key", "level": level, "facts": {"door": door}}


async def counting_of(redis: str) -> Finding:
    """Where limits are counted: in each process, or in a Redis that is well or not."""
    if not redis:
        return {"code": "counting", "level": "ok", "facts": {}}
    from whistle.web.together import look  # noqa: PLC0415 - a house without Redis does not load it

    wrong = await look(redis)
    code = f"redis_{wrong}" if wrong else "redis"
    return {"code": code, "level": _OF_REDIS.get(wrong, "amber"), "facts": {}}


def restored_of(on: str, until: str, today: str) -> Finding:
    """Amber for a while after a backup was put in place, whose last day is `until`: what came later is not here."""
    told = bool(on) and (date.fromisoformat(today) - date.fromisoformat(on)).days < REMEMBERED
    facts = {"day": on, "days": REMEMBERED} | ({"until": until} if until else {})
    return {"code": "restored", "level": "amber" if told else "ok", "facts": facts if told else {"days": REMEMBERED}}


def reminders_of(queue: Waiting, idle: bool, told: Collection[str], directories: Directories) -> Iterator[Finding]:
    """Amber while messages wait for over an hour, were given up or are not even queued (`idle`), and for the roles in
    which nobody of those `told` has a destination: a deadline there nears unseen."""
    facts = {"late": queue.late, "dropped": queue.dropped}
    yield {"code": "notices", "level": "amber" if queue.late or queue.dropped else "ok", "facts": facts}
    if idle:
        yield {"code": "notices_idle", "level": "amber", "facts": {}}
    channels = [directories.channel(directories.newest_hash, name) for name, _ in directories.newest["channels"]]
    readers = [one for channel in channels if channel for one in channel["readers"]]
    held = {role for one in readers for role in one["roles"]}
    deaf = held - {role for one in readers if one["rid"] in told for role in one["roles"]}
    yield {"code": "untold", "level": "amber" if deaf else "ok", "facts": {"roles": sorted(deaf)} if deaf else {}}


def readers_in(directories: Directories) -> Readers:
    """Who is listed in the channels of the newest directory."""
    channels = (directories.channel(directories.newest_hash, name) for name, _ in directories.newest["channels"])
    return readers_of(channel for channel in channels if channel)


def readership_of(found: Survey) -> Iterator[Finding]:
    """Red for open cases of which something opens for nobody any more, and for those whose turn is a role's in which
    nobody may act on them."""
    lost = {"count": sum(found.unreadable.values())}
    yield {"code": "readership", "level": "red" if lost["count"] else "ok", "facts": lost}
    for (channel, role), count in sorted(found.unattended.items()):
        yield {"code": "unattended", "level": "red", "facts": {"channel": channel, "role": role, "count": count}}


def night_of(unmoved: str) -> Finding:
    """Amber while posts of this day still lie in the order in which they came, though their night is over."""
    return {"code": "night", "level": "amber" if unmoved else "ok", "facts": {"day": unmoved}}


def calendar_of(years: calendar.Tables, today: str) -> Finding:
    """Amber from sixty days before a year without a table begins to matter."""
    missing = calendar.missing_year(today, years)
    return {"code": "calendar", "level": "amber" if missing else "ok", "facts": {"missing": missing}}


def _term(expires: str, today: str) -> Finding:
    left = (date.fromisoformat(expires) - date.fromisoformat(today)).days
    level = "red" if left < 0 else "amber" if left < SOON else "ok"
    return {"code": "directory", "level": level, "facts": {"expires": expires, "days_left": max(left, 0)}}


def _thin(channel: str, readers: list[dict[str, Any]]) -> Iterator[Finding]:
    """Losing the only reader of a compartment loses its cases (envelope.md section 4); without a verifier or finance
    nothing goes on either. An office may be without an auditor."""
    for role in NEEDED:
        people = {one["person"] for one in readers if role in one["roles"]}
        if len(people) < 2:
            facts = {"channel": channel, "role": role, "people": len(people)}
            yield {"code": "few_readers", "level": "amber" if facts["people"] else "red", "facts": facts}


def _dead(channel: str, readers: list[dict[str, Any]]) -> Iterator[Finding]:
    """An enrolment proves no KEM key: sealing once shows that the key takes a seal at all."""
    for one in readers:
        try:
            seal(unb64(one["kem"]), b"doctor", b"doctor")
        except EnvelopeError:
            yield {"code": "bad_key", "level": "red", "facts": {"channel": channel, "reader": one["rid"]}}
