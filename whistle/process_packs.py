"""The process packs that a store has run by: each with its first day and its hash, kept beside the cases.

What a case was told rests on them for ever. So what has come into force stays as it is: a door that is told another
pack for days gone by, or whose pack has other bytes by now, does not open (docs/decisions/0009)."""

from __future__ import annotations

import json
from itertools import zip_longest

from sqlalchemy import Connection

from whistle.core import rulebook
from whistle.core.errors import RuleError
from whistle.core.offices import AUTHORITY, ENTERPRISE
from whistle.core.process import Process
from whistle.crypto.encoding import b64
from whistle.storage import cases, meta

# In meta, by kind of office.
KEYS = {AUTHORITY: "process_packs", ENTERPRISE: "process_packs_enterprise"}

Entry = tuple[
    str, str, str
]  # the first day, "" for all before; the pack's id; the hash that `whistle rules hash` tells
NOTHING: Entry = ("", "", "")


def check(tx: Connection, process: Process, today: str, kind: str = AUTHORITY) -> None:
    """For offices of this kind RuleError where a pack in force is not the one that the store has run by:
    "process_moved" for another pack or day, "process_edited" for other bytes. Nothing is held before the first post:
    then nobody was told a day."""
    newest = cases.newest_day(tx)
    if not newest:
        return
    now = max(today, newest)
    kept, named = (_in_force(each, now) for each in (_kept(tx, kind), _entries(process)))
    if not kept:
        return
    for was, found in zip_longest(kept, named, fillvalue=NOTHING):
        if was[:2] != found[:2]:
            raise RuleError("process_moved", pack=(was if was != NOTHING else found)[1])
        if was != found:
            raise RuleError("process_edited", pack=was[1], sha256=was[2])


def keep(tx: Connection, process: Process, today: str, kind: str = AUTHORITY) -> None:
    """Notes what the doors run by from now on, after the same check."""
    check(tx, process, today, kind)
    entries = _entries(process)
    if _kept(tx, kind) != entries:
        meta.put(tx, KEYS[kind], json.dumps(entries))


def _entries(process: Process) -> list[Entry]:
    return [(since, pack.id, b64(rulebook.pack_hash(pack))) for since, pack in process.packs]


def _kept(tx: Connection, kind: str) -> list[Entry]:
    return [(since, pack, sha256) for since, pack, sha256 in json.loads(meta.get(tx, KEYS[kind]) or "[]")]


def _in_force(entries: list[Entry], today: str) -> list[Entry]:
    """Those by which a clock may have begun."""
    return [entry for entry in entries if entry[0] <= today]
