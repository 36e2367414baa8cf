"""A case with a film in it: parts as the doors cut them, and where their bytes lie."""

from __future__ import annotations

import hashlib
from dataclasses import replace

from tests.storage.people import DAY, a_report, add, after, an_item, file, new_id
from whistle.storage import parts
from whistle.storage.blobs import Blobs, new_name
from whistle.storage.cases import find_case
from whistle.storage.database import Database
from whistle.storage.parts import NewPart, Place
from whistle.storage.records import NewItem, NewPost

SLICE = 1_048_576
ROOM = 600_000_000


def filed(db: Database) -> tuple[NewPost, int]:
    report = a_report()
    db.write_sync(lambda tx: file(tx, report))
    found = db.read_sync(lambda tx: find_case(tx, report.case))
    assert found is not None
    return report, found.id


def a_film(size: int = 2 * SLICE + 500) -> NewItem:
    return an_item(0, "report", size)


def cut(item: NewItem, place: Place, day: str = DAY) -> list[NewPart]:
    blob = item.blob or b""
    slices = [blob[at : at + SLICE] for at in range(0, len(blob), SLICE)]
    return [
        NewPart(place, n, len(blob), len(each), hashlib.sha256(each).digest(), "" if n else item.id, new_name(), day)
        for n, each in enumerate(slices)
    ]


def send(db: Database, part: NewPart, most: int = ROOM) -> None:
    db.write_sync(lambda tx: parts.put(tx, part, most))


def evidence(report: NewPost, item: NewItem, pid: str) -> NewPost:
    """Her second post, with one large item whose bytes came before it."""
    post = after(report, 1, author="reporter", kind="evidence")
    return replace(post, pid=pid, items=(replace(item, blob=None),))


def a_case_with_a_film(db: Database, blobs: Blobs) -> list[NewPart]:
    """Its parts, posted, their objects in place."""
    report, case_id = filed(db)
    film, pid = a_film(), new_id(16)
    sent = begun(db, blobs, film, Place(case_id, "reporter", pid, 0))
    db.write_sync(lambda tx: add(tx, evidence(report, film, pid)))
    return sent


def begun(db: Database, blobs: Blobs, film: NewItem, place: Place) -> list[NewPart]:
    """Its parts, their objects in place, and no post yet."""
    sent = cut(film, place)
    for part in sent:
        blobs.put(part.object, (film.blob or b"")[part.n * SLICE : (part.n + 1) * SLICE])
        send(db, part)
    return sent
