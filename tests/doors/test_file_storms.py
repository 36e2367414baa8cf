"""A door dies in the middle of a film, two tabs send the same one, and the disk is full: nothing is half done."""

import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

import httpx
import pytest

from tests.conftest import Demo, start
from tests.doors.hand import Hand
from tests.doors.test_files import Sender
from whistle.crypto.items import SLICE
from whistle.crypto.slices import count

PARTS, KILLED_IN = 40, 27


@pytest.fixture
def mine(tmp_path: Path) -> Iterator[Demo]:
    """A demo of one's own, to be killed."""
    demo = start(tmp_path / "data")
    yield demo
    demo.kill()


def test_a_door_killed_in_the_middle_of_a_film_is_sent_only_what_is_missing(mine: Demo) -> None:
    hand = Hand(mine)
    sender = Sender(hand, hand.filed(), PARTS * SLICE - 40_000)
    parts = count(sender.length)
    assert parts >= PARTS
    for n in range(KILLED_IN):
        assert sender.put(n).status_code == 201
    flight = threading.Thread(target=lambda: _quietly(sender, KILLED_IN))
    flight.start()
    mine.process.kill()
    mine.process.wait()
    flight.join()
    mine.process = start(mine.data, (mine.public_port, mine.review_port)).process
    found = sender.ask().json()
    assert found["len"] == sender.length
    ((first, last),) = found["have"]
    assert first == 0 and last in {KILLED_IN - 1, KILLED_IN}
    assert [sender.put(n).status_code for n in range(last + 1, parts)] == [201] * (parts - last - 1)
    assert sender.ask().json()["have"] == [[0, parts - 1]]


def _quietly(sender: Sender, n: int) -> None:
    with suppress(httpx.TransportError):
        sender.put(n)


def test_two_tabs_that_send_the_same_file_end_with_one(mine: Demo) -> None:
    hand = Hand(mine)
    sender = Sender(hand, hand.filed(), 6 * SLICE)
    assert sender.put(0).status_code == 201
    parts = count(sender.length)
    with ThreadPoolExecutor(4) as tabs:
        answers = list(tabs.map(lambda n: (n, sender.put(n).status_code), [*range(1, parts)] * 2))
    assert {code for _n, code in answers} <= {200, 201}
    assert sorted(n for n, code in answers if code == 201) == list(range(1, parts))
    assert sender.ask().json()["have"] == [[0, parts - 1]]
    blobs = [path for path in (mine.data / "blobs").rglob("*") if len(path.name) == 32]
    assert len(blobs) == parts


FULL = """
import asyncio, json, os, sys
from pathlib import Path
from tests.storage.people import a_report, file, new_id, number
from whistle import refusals, uploads
from whistle.crypto.items import SLICE, blob_size, padme
from whistle.storage.blobs import Folder
from whistle.storage.cases import find_case
from whistle.storage.database import Database
from whistle.storage.migrations import migrate
from whistle.uploads import Named, Room, Uploads

home, disk = Path(sys.argv[1]), Path(sys.argv[2])
migrate(str(home / "whistle.db"))
with Database.open(str(home / "whistle.db")) as db:
    report = a_report()
    db.write_sync(lambda tx: file(tx, report))
    row = db.read_sync(lambda tx: find_case(tx, report.case))
    store, pid = Uploads(db, Folder(disk), Room(reserve=0)), new_id(16)
    length = blob_size(padme(3 * SLICE))

    def put(n):
        what = Named(pid, 0, n, length)
        try:
            return asyncio.run(uploads.put(store, row, "reporter", what, os.urandom(SLICE), "2026-11-01"))
        except Exception as error:
            return list(refusals.answer(error))

    said = [put(n) for n in range(3)]
    have = asyncio.run(uploads.have(store, row, "reporter", Named(pid, 0)))
    files = sorted(len(path.name) for path in disk.rglob("*") if path.is_file())
    later = number(db.write_sync(lambda tx: file(tx, a_report())))
    print(json.dumps([said, have["have"], files, later]))
"""


def test_a_full_disk_in_a_part_is_told_and_nothing_is_half_done(tmp_path: Path) -> None:
    """A real disk of 2.5 MB, in a mount of the test's own; the reports, on another, still come in."""
    disk = tmp_path / "disk"
    disk.mkdir()
    script = f'mount -t tmpfs -o size=2560k none "{disk}" && exec "$0" -c "$1" "{tmp_path}" "{disk}"'
    ran = subprocess.run(
        ["unshare", "-rm", "sh", "-c", script, sys.executable, FULL],
        capture_output=True,
        text=True,
        check=False,
        env=dict(os.environ),
    )
    assert ran.returncode == 0, ran.stderr
    said, have, files, later = json.loads(ran.stdout)
    assert said == [True, True, ["busy", {"retry": 5}]]
    assert have == [[0, 1]] and files == [32, 32] and later == 2
