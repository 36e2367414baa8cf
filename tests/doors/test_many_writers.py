"""Four doors, the night's move and doctor over one database, all in processes of their own and all at once: whatever
order they meet in, every case folds, numbers have no gaps, nothing accepted is lost and nothing stands twice."""

from __future__ import annotations

import os
import random
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import pytest
import uvloop
from sqlalchemy import Connection, select, text

from tests.doors.hand import OCTETS, Draft, Hand
from tests.doors.office import PINNED
from tests.doors.served import Served, establish
from tests.postgres import NewDatabase
from tests.storage.people import ours
from whistle import house, settings
from whistle.casework import refold
from whistle.client import ClientError, Office
from whistle.core import ledger
from whistle.core.clock import zone_day
from whistle.crypto.encoding import b64
from whistle.crypto.ticket import Ticket
from whistle.storage import checks, tables
from whistle.storage import ledger as books
from whistle.storage.database import Database

ROOT = Path(__file__).parents[2]
ROUNDS = 5  # of each person
YEAR = int(zone_day(time.time())[:4])
REFUSED = {"conflict", "refused", "busy"}  # somebody was quicker, or the database had no turn: nothing was kept

# The move of a day that goes on, over and over: worse than any night.
MOVE = """
import sys, threading
from whistle.storage import moving
from whistle.storage.database import Database
from whistle.storage.errors import Busy

told = threading.Event()
threading.Thread(target=lambda: (sys.stdin.read(), told.set()), daemon=True).start()
days, done = moving.Days("", sys.argv[2]), 0
with Database.open(sys.argv[1], "review") as db:
    print("open", flush=True)
    while not told.is_set():
        for part in db.read_sync(lambda tx: moving.slices(tx, days, 3)):
            try:
                done += db.write_sync(lambda tx: moving.move(tx, days, part))
            except Busy:
                pass
        told.wait(0.1)
print(done)
"""
DOCTOR = """
import sys, threading
from pathlib import Path
from tests.doors.test_many_writers import red

told, rounds = threading.Event(), 0
threading.Thread(target=lambda: (sys.stdin.read(), told.set()), daemon=True).start()
print("open", flush=True)
while not told.is_set() or not rounds:
    found, rounds = red(Path(sys.argv[1]), sys.argv[2]), rounds + 1
    if found:
        sys.exit(str(found))
    told.wait(0.1)
print(rounds)
"""


def red(data: Path, database: str) -> list[str]:
    """What `whistle doctor` would call red, every case folded; not that the tests sign in as PostgreSQL's superuser."""
    told = settings.read({}, data=data, database=database)
    docket = house.open_house(told, "review").docket
    try:
        again = refold.checker(docket, uvloop.run(docket.published.current()))
        found = checks.check(told.database_url, refold=again)
    finally:
        docket.db.close()
    return [one.code for one in found if one.level == "red" and one.code != "role"]


@dataclass
class Kept:
    """What was answered with a receipt."""

    sent: list[tuple[Draft, bytes, str]] = field(default_factory=list)
    acts: list[str] = field(default_factory=list)
    cases: list[Ticket] = field(default_factory=list)


@pytest.fixture(scope="module", params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def served(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """One house for all, from the first report to the migration that ends it."""
    new: NewDatabase | None = request.getfixturevalue("postgres") if request.param == "postgresql" else None
    made = establish(tmp_path_factory.mktemp("writers") / "data", new() if new else "")
    yield made
    made.kill()


@pytest.fixture(scope="module")
def twin(served: Served) -> Iterator[Served]:
    """A second pair of doors over the same data."""
    made = Served(served.data, served.database, served.keys)
    for each in (served, made):
        each.open("public", "review")
    yield made
    made.kill()


@contextmanager
def beside(script: str, *arguments: str) -> Iterator[None]:
    """A process that works until the end of the block; what it says then is a number above 0."""
    pipe, env = subprocess.PIPE, os.environ | {"PYTHONPATH": str(ROOT)}
    process = subprocess.Popen([sys.executable, "-c", script, *arguments], stdin=pipe, stdout=pipe, text=True, env=env)
    assert process.stdout is not None
    try:
        assert process.stdout.readline() == "open\n"
        yield
        said, _ = process.communicate(timeout=60)
        assert process.returncode == 0
        assert int(said) > 0
    finally:
        process.kill()
        process.wait()


def report(hand: Hand, kept: Kept, dice: random.Random) -> None:
    send(hand, kept, hand.report())


def message(hand: Hand, kept: Kept, dice: random.Random) -> None:
    send(hand, kept, hand.message(dice.choice(kept.cases)))


def send(hand: Hand, kept: Kept, draft: Draft) -> None:
    upload = draft.upload()
    answer = hand.send(draft, upload)
    if answer.status_code == 201:
        kept.sent.append((draft, upload, answer.text))
        kept.acts.append(draft.kind)
        if draft.kind == "report":
            kept.cases.append(draft.ticket)
    else:
        assert answer.json()["error"] in REFUSED, answer.text


def accept(office: Office, kept: Kept, dice: random.Random) -> None:
    case = b64(dice.choice(kept.cases).case)
    given = {"category": "violation", "sector": "industry_trade", "packs": [PINNED]}
    office.accept(case, **given, received=office.case(case).today, reply="已受理。")
    kept.acts.append("accept")


def say(office: Office, kept: Kept, dice: random.Random) -> None:
    office.message(b64(dice.choice(kept.cases).case), "请补充。")
    kept.acts.append("message")


def budget(office: Office, kept: Kept, dice: random.Random) -> None:
    office.open_budget(YEAR, "区财政", dice.randrange(1, 1000) * 100)
    kept.acts.append("budget")


Deed = Callable[..., None]


def busy(who: object, kept: Kept, deeds: tuple[Deed, ...], seed: int) -> None:
    """One person's day: so many deeds drawn at random; a refusal is as good as an answer."""
    dice = random.Random(seed)
    for _ in range(ROUNDS):
        try:
            dice.choice(deeds)(who, kept, dice)
        except ClientError as error:
            assert error.code in REFUSED, error.code


def posts_of(tx: Connection) -> Counter[str]:
    return Counter(tx.execute(select(tables.posts.c.kind)).scalars())


def register(tx: Connection) -> list[int]:
    numbers = tx.execute(select(tables.cases.c.number).where(tables.cases.c.number > 0)).scalars()
    return sorted(numbers)


def test_whoever_meets_whom_nothing_is_lost_nothing_stands_twice_and_numbers_have_no_gaps(
    served: Served, twin: Served
) -> None:
    kept, houses = Kept(), (served, twin)
    hands = [Hand(each) for each in houses for _ in range(2)]  # type: ignore[arg-type]
    for hand in hands:
        report(hand, kept, random.Random())
    intake = [each.office("intake") for each in houses]
    finance = [each.office("finance") for each in houses]
    crowd = [(hand, (report, message)) for hand in hands]
    crowd += [(office, (accept, accept, say)) for office in intake]
    crowd += [(office, (budget,)) for office in finance]
    database = served.environ()["WHISTLE_DATABASE"]
    with (
        beside(MOVE, database, zone_day(time.time())),
        beside(DOCTOR, str(served.data), served.database),
        ThreadPoolExecutor(len(crowd)) as threads,
    ):
        days = [threads.submit(busy, who, kept, deeds, seed) for seed, (who, deeds) in enumerate(crowd)]
        for day in days:
            day.result()
    assert red(served.data, served.database) == []
    with Database.open(database) as db:
        posts, numbers = db.read_sync(posts_of), db.read_sync(register)
        rows = db.read_sync(lambda tx: [ledger.parse_row(row.bytes) for row in books.every(ours(tx))])
    answered = Counter(kept.acts)
    assert min(answered[kind] for kind in ("report", "message", "accept", "budget")) > 1
    assert posts + Counter(row.kind for row in rows) == answered
    assert numbers == list(range(1, len(numbers) + 1))
    for draft, upload, receipt in kept.sent:
        told = OCTETS if draft.kind == "report" else {**OCTETS, "Authorization": draft.ticket.authorization}
        answer = hands[0].http.post(f"{twin.public}/api/posts", content=upload, headers=told)
        assert (answer.status_code, answer.text) == (200, receipt), "the same post again has its first receipt"


def test_a_report_that_met_a_hanging_writer_is_taken_when_it_is_sent_again(served: Served, twin: Served) -> None:
    reporter = Hand(served)  # type: ignore[arg-type]
    draft = reporter.report()
    upload, held, free = draft.upload(), threading.Event(), threading.Event()
    with Database.open(served.environ()["WHISTLE_DATABASE"]) as db, ThreadPoolExecutor(1) as threads:

        def hang(_: Connection) -> None:
            held.set()
            free.wait(60)

        hanging = threads.submit(db.write_sync, hang)
        held.wait(30)
        answer = reporter.send(draft, upload)
        free.set()
        hanging.result()
    assert (answer.status_code, answer.json()["error"]) == (503, "busy")
    assert answer.json()["retry"] > 0
    assert reporter.send(draft, upload).status_code == 201


def test_doors_that_a_migration_went_past_refuse_and_stop_and_do_not_open_again(served: Served, twin: Served) -> None:
    reporter = Hand(served)  # type: ignore[arg-type]
    draft = reporter.report()
    upload, proof = draft.upload(), reporter.work(draft)
    database = served.environ()["WHISTLE_DATABASE"]
    with Database.open(database) as db:
        db.write_sync(lambda tx: tx.execute(text("UPDATE alembic_version SET version_num = '9999'")))
    given = None
    with suppress(httpx.HTTPError):  # it may stop quicker than it is asked
        given = reporter.send(draft, upload, proof).status_code
    assert given in {503, None}
    assert {each.doors[door].wait(30) for each in (served, twin) for door in ("public", "review")} == {1}
    sentence = "A later version of the program made this database"
    assert sentence in served.log.read_text(encoding="utf-8")
    with pytest.raises(AssertionError, match=sentence):
        served.open("public")
