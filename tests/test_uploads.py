"""What is left of files that were begun and never posted, and what a short disk refuses first."""

from __future__ import annotations

import asyncio
import os
import threading
import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from tests import ready
from tests.storage.films import a_case_with_a_film
from tests.storage.people import a_report, file, new_id
from tests.storage.stopped import killed
from whistle import uploads
from whistle.crypto.items import SLICE, blob_size, padme
from whistle.docket import Rejected
from whistle.storage import objects, parts
from whistle.storage.backup import backup, restore
from whistle.storage.blobs import DAY, Folder
from whistle.storage.cases import find_case, iter_cases
from whistle.storage.checks import check
from whistle.storage.database import Database
from whistle.storage.errors import StorageError
from whistle.storage.records import CaseRow
from whistle.uploads import MB, Named, Room, Uploads

LENGTH = blob_size(padme(SLICE + 5_000))


class Tight(Folder):
    """A disk with as little left as a test says."""

    left = 10_000 * MB

    def free(self) -> int | None:
        return self.left


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Uploads]:
    with Database.open(ready.file(tmp_path / "whistle.db")) as db:
        yield Uploads(db, Tight(tmp_path / "blobs"), Room())


@pytest.fixture
def row(store: Uploads) -> CaseRow:
    report = a_report()
    store.db.write_sync(lambda tx: file(tx, report))
    found = store.db.read_sync(lambda tx: find_case(tx, report.case))
    assert found is not None
    return found


def put(store: Uploads, row: CaseRow, pid: str, n: int, day: str, length: int = LENGTH) -> bool:
    data = os.urandom(min(SLICE, length - n * SLICE))
    return asyncio.run(uploads.put(store, row, "reporter", Named(pid, 0, n, length), data, day))


def test_what_nobody_comes_back_for_goes_with_its_objects(store: Uploads, row: CaseRow) -> None:
    old, young = new_id(16), new_id(16)
    for pid, day in ((old, "2026-11-01"), (young, "2026-11-20")):
        put(store, row, pid, 0, day)
    assert len(list(store.blobs.names())) == 2
    assert asyncio.run(uploads.sweep(store, "2026-11-10")) == 1
    assert len(list(store.blobs.names())) == 1
    assert asyncio.run(uploads.have(store, row, "reporter", Named(old, 0)))["len"] == 0
    assert asyncio.run(uploads.have(store, row, "reporter", Named(young, 0)))["have"] == [[0, 0]]
    put(store, row, young, 1, "2026-11-21")
    assert asyncio.run(uploads.sweep(store, "2026-11-21")) == 0  # its newest part counts


@pytest.mark.parametrize(
    ("left", "taken"),
    [(5_000, (True, True, True)), (3_000, (True, True, False)), (1_500, (True, False, False)), (500, (False,) * 3)],
)
def test_a_disk_that_fills_refuses_films_first_and_posts_last(
    store: Uploads, row: CaseRow, monkeypatch: pytest.MonkeyPatch, left: int, taken: tuple[bool, ...]
) -> None:
    monkeypatch.setattr(Tight, "left", left * MB)
    lengths = [blob_size(padme(size)) for size in (2 * MB, 20 * MB, 100 * MB)]
    for length, is_taken in zip(lengths, taken, strict=True):
        if is_taken:
            assert put(store, row, new_id(16), 0, "2026-11-01", length)
            continue
        with pytest.raises(Rejected, match="no_room"):
            put(store, row, new_id(16), 0, "2026-11-01", length)


def test_a_refused_part_leaves_nothing_on_the_disk(store: Uploads, row: CaseRow) -> None:
    with pytest.raises(Rejected, match="part_differs"):
        put(store, row, new_id(16), 1, "2026-11-01")
    assert list(store.blobs.names()) == []


def test_a_case_takes_as_much_as_it_may_and_no_more(store: Uploads, row: CaseRow) -> None:
    used = asyncio.run(uploads.held(store, row, "reporter"))
    tight = Uploads(store.db, store.blobs, Room(before=used + LENGTH))
    assert put(tight, row, new_id(16), 0, "2026-11-01")
    with pytest.raises(Rejected, match="no_room"):
        put(tight, row, new_id(16), 0, "2026-11-01")


def named(store: Uploads) -> set[str]:
    return set(store.db.read_sync(lambda tx: list(parts.objects(tx))))


def test_after_a_night_files_lie_under_new_names(store: Uploads, row: CaseRow) -> None:
    pid = new_id(16)
    for n in range(2):
        put(store, row, pid, n, "2026-11-23")
    put(store, row, new_id(16), 0, "2026-11-24")
    before = {name: store.blobs.get(name) for name in named(store)}
    assert asyncio.run(uploads.move(store, "2026-11-24")) == 2
    after = {name: store.blobs.get(name) for name in named(store)}
    assert len(before.keys() & after.keys()) == 1, "today's wait for the night"
    assert sorted(before.values()) == sorted(after.values())
    assert set(store.blobs.names()) == named(store)
    assert asyncio.run(uploads.move(store, "2026-11-24")) == 0, "once is enough"
    put(store, row, new_id(16), 0, "2026-11-23")  # the clock was set back over midnight
    assert asyncio.run(uploads.move(store, "2026-11-25")) == 4


KILLED = """
import asyncio, sys
from pathlib import Path
from whistle import uploads
from whistle.storage import moving
from whistle.storage.blobs import Folder
from whistle.storage.database import Database
from whistle.uploads import Room, Uploads

def stop(real):
    def stopped(tx, names):
        done = real(tx, names)
        print("renamed", flush=True)
        sys.stdin.read()
    return stopped

if sys.argv[3] == "renamed":
    moving.rename_files = stop(moving.rename_files)
else:
    Folder.remove = lambda *_: (print("removing", flush=True), sys.stdin.read())
with Database.open(sys.argv[1], "review") as db:
    asyncio.run(uploads.move(Uploads(db, Folder(Path(sys.argv[2])), Room()), "2026-11-24"))
"""


@pytest.mark.parametrize("where", ["renamed", "removing"])
def test_a_kill_while_files_are_moved_loses_none(store: Uploads, row: CaseRow, tmp_path: Path, where: str) -> None:
    """With the copies made and the new names not committed; with the old objects not removed yet."""
    pid = new_id(16)
    for n in range(2):
        put(store, row, pid, n, "2026-11-23")
    before = sorted(store.blobs.get(name) for name in named(store))
    killed(KILLED, store.db.url, str(tmp_path / "blobs"), where, at=where)
    assert sorted(store.blobs.get(name) for name in named(store)) == before
    asyncio.run(uploads.move(store, "2026-11-24"))
    assert sorted(store.blobs.get(name) for name in named(store)) == before
    objects.own(store.blobs, store.db.epoch)
    left = objects.orphans(store.db, store.blobs, time.time() + 4 * DAY)
    assert len(left) == 2 and set(store.blobs.names()) == named(store) | set(left), "the sweep has the rest"


class Overtaken(Tight):
    """While the first object is looked for, the night moves all of them."""

    store: Uploads | None = None

    def get(self, name: str) -> bytes:
        store, self.store = self.store, None
        if store:
            worker = threading.Thread(target=lambda: asyncio.run(uploads.move(store, "2026-11-24")))
            worker.start()
            worker.join()
        return super().get(name)


@pytest.fixture
def overtaken(store: Uploads, tmp_path: Path) -> Uploads:
    return Uploads(store.db, Overtaken(tmp_path / "blobs"), store.room)


def posted(store: Uploads) -> str:
    """A film in a case, posted."""
    sent = a_case_with_a_film(store.db, store.blobs)
    return sent[0].name


def overtake(overtaken: Uploads) -> None:
    assert isinstance(overtaken.blobs, Overtaken)
    overtaken.blobs.store = overtaken


def test_who_reads_a_file_while_it_moves_gets_it(overtaken: Uploads) -> None:
    item = posted(overtaken)
    case = max(overtaken.db.read_sync(iter_cases), key=lambda row: row.count)
    before = asyncio.run(uploads.slices(overtaken, case, item))
    overtake(overtaken)
    find = partial(uploads.slices, overtaken, case, item)
    data, first, length = asyncio.run(uploads.piece(overtaken, find, "bytes=0-99"))
    assert (len(data), first, length) == (100, 0, sum(each.size for each in before))
    assert {each.object for each in before}.isdisjoint(named(overtaken))


def test_a_backup_beside_the_move_has_every_file(overtaken: Uploads, tmp_path: Path) -> None:
    posted(overtaken)
    overtake(overtaken)
    assert backup(overtaken.db.url, tmp_path / "saved", blobs=overtaken.blobs).lost == 0
    goal, elsewhere = str(tmp_path / "again.db"), Folder(tmp_path / "elsewhere")
    restore(goal, tmp_path / "saved", blobs=elsewhere)
    assert [one.level for one in check(goal, blobs=elsewhere) if one.code == "files"] == ["ok"]


def test_doctor_beside_the_move_misses_no_file(overtaken: Uploads) -> None:
    posted(overtaken)
    overtake(overtaken)
    assert objects.broken(overtaken.db, overtaken.blobs) == 0


def test_a_disk_that_fills_in_the_move_loses_nothing(store: Uploads, row: CaseRow, monkeypatch: Any) -> None:
    pid = new_id(16)
    for n in range(2):
        put(store, row, pid, n, "2026-11-23")
    before = sorted(store.blobs.get(name) for name in named(store))
    with monkeypatch.context() as full:
        full.setattr(Folder, "put", lambda *_: (_ for _ in ()).throw(StorageError()))
        with pytest.raises(StorageError):
            asyncio.run(uploads.move(store, "2026-11-24"))
    assert sorted(store.blobs.get(name) for name in named(store)) == before
    assert asyncio.run(uploads.move(store, "2026-11-24")) == 2
    assert sorted(store.blobs.get(name) for name in named(store)) == before
