"""The log of destructions: every signed `destroy` in a file beside the database, kept apart from the backups.

A backup made before a destruction holds what was destroyed. By this log it is brought up to date when it is restored,
before a door opens. A line is JSON {case, head, sig, body}, as the post was signed; a line twice does no harm.
"""

from __future__ import annotations

import base64
import json
import os
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from sqlalchemy import Connection, insert, select

from whistle.storage import destroying, tables
from whistle.storage.errors import Mismatch

NAME = "destroyed.log"
_CASES, _POSTS, _ITEMS, _TOMBS = tables.cases, tables.posts, tables.items, tables.tombs


class Entry(NamedTuple):
    """A signed post; `hash` is that of its head (envelope.md, POST)."""

    case: str
    hash: str
    head: bytes
    sig: bytes
    body: bytes


class Tomb(NamedTuple):
    """A destruction that the chain lacks, and how many posts the case had when it was carried out again."""

    head: bytes
    sig: bytes
    body: bytes
    place: int


def entries(tx: Connection, cases: Collection[int]) -> list[Entry]:
    """The destructions in the chains of these cases, by their numbers in the store."""
    columns = (_CASES.c.case, _POSTS.c.hash, _POSTS.c.head, _POSTS.c.sig, _POSTS.c.body)
    query = select(*columns).join(_CASES, _CASES.c.id == _POSTS.c.case_id)
    found = tx.execute(query.where(_POSTS.c.case_id.in_(cases), _POSTS.c.kind == "destroy"))
    return [Entry(case, hash_, bytes(head), bytes(sig), bytes(body)) for case, hash_, head, sig, body in found]


def append(path: Path, added: Collection[Entry]) -> None:
    """Add those that are not in the log; they are on the disk when this returns. Raises Mismatch, OSError."""
    known = {entry.hash for entry in read(path)}
    fresh = [entry for entry in added if entry.hash not in known]
    if not fresh:
        return
    with path.open("ab") as log:
        path.chmod(0o600)
        log.truncate(_whole(path))
        log.writelines(_line(entry) for entry in fresh)
        log.flush()
        os.fsync(log.fileno())


def _whole(path: Path) -> int:
    """The length of the log without what a kill left of its last line."""
    return path.read_bytes().rfind(b"\n") + 1


def read(path: Path) -> list[Entry]:
    """Every entry of the log, none where there is no log. What a kill left of the last line is not one. Raises
    Mismatch("destroyed_log") for a file that is anything else."""
    if not path.exists():
        return []
    lines = path.read_bytes().split(b"\n")
    try:
        return [_entry(line) for line in lines[:-1]]
    except (ValueError, TypeError, KeyError):
        raise Mismatch("destroyed_log") from None


def _line(entry: Entry) -> bytes:
    head, sig, body = (base64.b64encode(each).decode() for each in (entry.head, entry.sig, entry.body))
    said = {"case": entry.case, "hash": entry.hash, "head": head, "sig": sig, "body": body}
    return json.dumps(said).encode() + b"\n"


def _entry(line: bytes) -> Entry:
    said = json.loads(line)
    head, sig, body = (base64.b64decode(said[name], validate=True) for name in ("head", "sig", "body"))
    return Entry(str(said["case"]), str(said["hash"]), head, sig, body)


def again(tx: Connection, log: Collection[Entry], scopes: Mapping[str, Sequence[str]], since: int) -> int:
    """Carry out again what the log says and the chains lack; how many it was. `scopes` is the table's, `since` now in
    Unix seconds. A case that the backup does not know had no bytes to lose."""
    return sum(_carry_out(tx, entry, scopes, since) for entry in log)


def _carry_out(tx: Connection, entry: Entry, scopes: Mapping[str, Sequence[str]], since: int) -> bool:
    case = tx.execute(select(_CASES.c.id, _CASES.c["count"]).where(_CASES.c.case == entry.case)).one_or_none()
    if case is None or _is_known(tx, case.id, entry.hash):
        return False
    comps = scopes[json.loads(entry.body)["scope"]]
    items = select(_ITEMS.c.id).where(_ITEMS.c.case_id == case.id, _ITEMS.c.comp.in_(comps) | _ITEMS.c.gone)
    destroying.empty(tx, entry.case, set(tx.execute(items).scalars()), since)
    tomb = {"hash": entry.hash, "head": entry.head, "sig": entry.sig, "body": entry.body, "place": case.count}
    tx.execute(insert(_TOMBS).values(case_id=case.id, **tomb))
    return True


def _is_known(tx: Connection, case_id: int, hash_: str) -> bool:
    posted = select(_POSTS.c.hash).where(_POSTS.c.case_id == case_id, _POSTS.c.hash == hash_)
    buried = select(_TOMBS.c.hash).where(_TOMBS.c.case_id == case_id, _TOMBS.c.hash == hash_)
    return any(tx.execute(query).first() is not None for query in (posted, buried))


def tombs(tx: Connection, case_id: int) -> list[Tomb]:
    """What was carried out again in this case after a restore."""
    query = select(_TOMBS.c.head, _TOMBS.c.sig, _TOMBS.c.body, _TOMBS.c.place).where(_TOMBS.c.case_id == case_id)
    return [Tomb(bytes(head), bytes(sig), bytes(body), place) for head, sig, body, place in tx.execute(query)]
