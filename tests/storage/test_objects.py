"""Large files are one set with their database: backed up, restored, looked at, and swept where nothing names them."""

from __future__ import annotations

import os
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.storage.films import a_case_with_a_film, a_film, begun, filed
from tests.storage.people import new_id
from whistle.storage import objects
from whistle.storage.backup import backup, restore
from whistle.storage.blobs import DAY, Blobs, Folder, new_name
from whistle.storage.checks import check
from whistle.storage.database import Database
from whistle.storage.errors import Mismatch
from whistle.storage.parts import Place


def levels(url: str, blobs: Blobs) -> dict[str, str]:
    return {one.code: one.level for one in check(url, blobs=blobs) if one.code in {"store", "files", "orphans"}}


WELL = {"store": "ok", "files": "ok", "orphans": "ok"}


def test_database_and_files_come_back_as_one_set(db: Database, blobs: Blobs, tmp_path: Path) -> None:
    a_case_with_a_film(db, blobs)
    begun(db, blobs, a_film(), Place(filed(db)[1], "reporter", new_id(16), 0))
    assert backup(db.url, tmp_path / "saved", blobs=blobs).lost == 0
    goal, elsewhere = str(tmp_path / "again.db"), Folder(tmp_path / "elsewhere")
    restore(goal, tmp_path / "saved", blobs=elsewhere)
    assert levels(goal, elsewhere) == WELL
    assert len(list(elsewhere.names())) == 3  # what no post named is sent again
    assert (tmp_path / "again.db").stat().st_size < 1 << 20  # the film is in the store, not in the database


def test_what_a_restore_replaces_is_kept_with_its_files(db: Database, blobs: Blobs, tmp_path: Path) -> None:
    objects.own(blobs, db.epoch)
    first = a_case_with_a_film(db, blobs)
    backup(db.url, tmp_path / "saved", blobs=blobs)
    later = a_case_with_a_film(db, blobs)
    db.close()
    blobs.remove(first[0].object)
    blobs.put(first[1].object, b"rotten")
    with pytest.raises(Mismatch):
        restore(db.url, tmp_path / "saved", blobs=blobs)
    put = restore(db.url, tmp_path / "saved", force=True, blobs=blobs)
    assert levels(db.url, blobs) == WELL
    assert put.files == "replaced-1" and objects.owner(blobs) == put.epoch
    there = set(blobs.names())
    assert first[2].object in there and not there & {part.object for part in [*later, first[1]]}
    if isinstance(blobs, Folder):
        kept = {path.name for path in (tmp_path / "blobs" / "replaced-1").iterdir()}
        assert kept == {part.object for part in [*later, first[1]]}


def test_a_store_that_belongs_to_a_database_is_taken_only_when_told_to(
    db: Database, blobs: Blobs, tmp_path: Path
) -> None:
    a_case_with_a_film(db, blobs)
    objects.own(blobs, db.epoch)
    backup(db.url, tmp_path / "saved", blobs=blobs)
    with pytest.raises(Mismatch) as refused:
        restore(str(tmp_path / "again.db"), tmp_path / "saved", blobs=blobs)
    assert refused.value.code == "files_exist" and objects.owner(blobs) == db.epoch


def test_a_backup_says_what_was_lost_before_it(db: Database, blobs: Blobs, tmp_path: Path) -> None:
    sent = a_case_with_a_film(db, blobs)
    blobs.remove(sent[1].object)
    assert backup(db.url, tmp_path / "saved", blobs=blobs).lost == 1
    goal, elsewhere = str(tmp_path / "again.db"), Folder(tmp_path / "elsewhere")
    restore(goal, tmp_path / "saved", blobs=elsewhere)
    assert levels(goal, elsewhere)["files"] == "red"


@pytest.mark.parametrize("how", ["object gone", "object changed", "row gone", "row changed", "all rows gone"])
def test_a_large_file_that_is_not_whole_is_red(db: Database, blobs: Blobs, how: str) -> None:
    sent = a_case_with_a_film(db, blobs)
    assert levels(db.url, blobs) == WELL
    rows = {
        "row gone": "DELETE FROM parts WHERE n = 1",
        "row changed": "UPDATE parts SET size = size + 1 WHERE n = 1",
        "all rows gone": "DELETE FROM parts",
    }
    if how in rows:
        db.write_sync(lambda tx: tx.exec_driver_sql(rows[how]))
    else:
        blobs.remove(sent[1].object)
    if how == "object changed":
        blobs.put(sent[1].object, os.urandom(sent[1].size))
    assert levels(db.url, blobs)["files"] == "red"


def test_what_no_row_names_is_told_and_swept_after_a_day(db: Database, tmp_path: Path) -> None:
    blobs = Folder(tmp_path / "blobs")
    objects.sweep(db, blobs)
    sent = a_case_with_a_film(db, blobs)
    young, old, half = new_name(), new_name(), f"{new_name()}.part"
    for name in (young, old, half):
        blobs.put(name, b"sealed")
    for name in (old, half, sent[0].object):
        days_ago = time.time() - 3 * DAY
        os.utime(tmp_path / "blobs" / name[:2] / name, (days_ago, days_ago))
    assert levels(db.url, blobs) == {**WELL, "orphans": "amber"}
    assert objects.sweep(db, blobs) == 2
    assert set(blobs.names()) == {young, *(part.object for part in sent)}
    assert levels(db.url, blobs) == WELL


def test_the_files_of_another_database_are_never_swept(db: Database, tmp_path: Path) -> None:
    blobs = Folder(tmp_path / "blobs")
    objects.own(blobs, "another")
    old = new_name()
    blobs.put(old, b"sealed")
    os.utime(tmp_path / "blobs" / old[:2] / old, (0, 0))
    assert objects.sweep(db, blobs) == 0 and list(blobs.names()) == [old]
    assert levels(db.url, blobs)["store"] == "amber"


def test_a_store_that_cannot_be_read_is_red(db: Database, tmp_path: Path) -> None:
    a_case_with_a_film(db, Folder(tmp_path / "blobs"))
    (tmp_path / "file").write_text("no folder")
    assert levels(db.url, Folder(tmp_path / "file")) == {"store": "red"}


def test_several_processes_may_say_at_once_whose_the_objects_are(tmp_path: Path) -> None:
    with ThreadPoolExecutor(4) as pool:
        for turn in range(20):
            blobs = Folder(tmp_path / str(turn))
            list(pool.map(lambda blobs: objects.own(blobs, "mine"), [blobs] * 4))
            assert objects.owner(blobs) == "mine"
