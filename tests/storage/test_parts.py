"""Parts of large items: they arrive before their post, count against their case, and become its item as a whole."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.storage.films import SLICE, a_film, cut, evidence, filed, send
from tests.storage.people import BOB, DAY, add, new_id, tree
from whistle.storage import parts
from whistle.storage.cases import load_items, load_posts
from whistle.storage.database import Database
from whistle.storage.errors import Conflict, Full, Missing
from whistle.storage.parts import Place


def test_it_works(db: Database) -> None:
    report, case_id = filed(db)
    film, pid = a_film(), new_id(16)
    place = Place(case_id, "reporter", pid, 0)
    sent = cut(film, place)
    for part in sent:
        send(db, part)
    assert db.read_sync(lambda tx: parts.have(tx, place)) == (film.length, [0, 1, 2])
    assert db.read_sync(lambda tx: parts.uploading(tx, case_id, DAY))
    post = evidence(report, film, pid)
    db.write_sync(lambda tx: add(tx, post))
    kept = db.read_sync(lambda tx: parts.slices_of(tx, case_id, film.id))
    assert [(each.n, each.size, each.object) for each in kept] == [(p.n, p.size, p.object) for p in sent]
    assert not db.read_sync(lambda tx: parts.uploading(tx, case_id, DAY))
    assert db.read_sync(lambda tx: load_items(tx, report.case, [film.id])) == {}
    assert len(db.read_sync(lambda tx: load_posts(tx, report.case))) == 2


def test_a_post_without_all_its_parts_is_refused_and_leaves_them(db: Database) -> None:
    report, case_id = filed(db)
    film, pid = a_film(), new_id(16)
    place = Place(case_id, "reporter", pid, 0)
    sent = cut(film, place)
    for part in sent[:-1]:
        send(db, part)
    post = evidence(report, film, pid)
    with pytest.raises(Missing):
        db.write_sync(lambda tx: add(tx, post))
    assert db.read_sync(lambda tx: parts.have(tx, place))[1] == [0, 1]
    send(db, sent[-1])
    db.write_sync(lambda tx: add(tx, post))
    assert len(db.read_sync(lambda tx: parts.slices_of(tx, case_id, film.id))) == 3


@pytest.mark.parametrize("wrong", ["tree", "id", "length", "pid", "author", "nothing"])
def test_parts_become_only_the_item_their_author_signed(db: Database, wrong: str) -> None:
    report, case_id = filed(db)
    film, pid = a_film(), new_id(16)
    if wrong != "nothing":
        for part in cut(film, Place(case_id, BOB if wrong == "author" else "reporter", pid, 0)):
            send(db, part)
    changes = {"tree": {"tree": tree(b"x")}, "id": {"id": new_id()}, "length": {"length": film.length + 1}}
    said = replace(film, **changes.get(wrong, {}))
    post = evidence(report, said, new_id(16) if wrong == "pid" else pid)
    with pytest.raises(Missing):
        db.write_sync(lambda tx: add(tx, post))


def test_the_same_part_or_another_length_is_a_conflict(db: Database) -> None:
    _, case_id = filed(db)
    sent = cut(a_film(), Place(case_id, "reporter", new_id(16), 0))
    with pytest.raises(Conflict, match="already taken"):
        send(db, sent[1])  # no first part declared what is to come
    send(db, sent[0])
    for again in (sent[0], replace(sent[1], length=sent[1].length + SLICE)):
        with pytest.raises(Conflict):
            send(db, again)


def test_what_is_declared_counts_against_the_case_until_it_is_taken_back(db: Database) -> None:
    report, case_id = filed(db)
    inline = sum(item.length for item in report.items)
    first, second = (cut(a_film(), Place(case_id, "reporter", new_id(16), 0)) for _ in range(2))
    room = inline + first[0].length
    send(db, first[0], room)
    assert db.read_sync(lambda tx: parts.used(tx, case_id, "reporter")) == room
    with pytest.raises(Full):
        send(db, second[0], room)
    assert db.read_sync(lambda tx: parts.used(tx, case_id, BOB)) == 0  # the office's bytes count apart
    send(db, replace(second[0], place=Place(case_id, BOB, new_id(16), 0), object=new_id()), room)
    assert db.write_sync(lambda tx: parts.drop(tx, first[0].place)) == [first[0].object]
    send(db, second[0], room)


def test_what_was_posted_is_not_taken_back(db: Database) -> None:
    report, case_id = filed(db)
    film, pid = a_film(), new_id(16)
    for part in cut(film, Place(case_id, "reporter", pid, 0)):
        send(db, part)
    post = evidence(report, film, pid)
    db.write_sync(lambda tx: add(tx, post))
    with pytest.raises(Conflict):
        db.write_sync(lambda tx: parts.drop(tx, Place(case_id, "reporter", pid, 0)))


def test_what_was_never_posted_is_found_by_its_newest_day(db: Database) -> None:
    _, case_id = filed(db)
    old, young = Place(case_id, "reporter", new_id(16), 0), Place(case_id, "reporter", new_id(16), 0)
    for place, days in ((old, ("2026-11-01", "2026-11-02")), (young, ("2026-11-01", "2026-11-23"))):
        for part, day in zip(cut(a_film(SLICE + 500), place), days, strict=True):
            send(db, replace(part, day=day))
    assert db.read_sync(lambda tx: parts.unposted(tx, "2026-11-20", 10)) == [old]
    assert db.read_sync(lambda tx: parts.unposted(tx, "2026-11-02", 10)) == []
    assert len(list(db.read_sync(lambda tx: list(parts.objects(tx))))) == 4
