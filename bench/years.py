"""A house of many years, seeded straight into the store's own tables: rows in bulk, of real size and order.

One real report is sealed; each case repeats its bytes under ids of its own. Only the card is written of a report's
items and one grant of each reader who finds it on a list: what lists, figures and doctor read. Posts follow one another
as WAYS says, up to today, so old cases are closed and a few hundred in hand for each thousand of a year.
"""

from __future__ import annotations

import hashlib
import json
import os
import random
import sqlite3
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, NamedTuple

import psycopg
from sqlalchemy import Connection, Table, insert, update

from bench.scene import CHANNEL
from whistle.core import ledger
from whistle.core.ledger import Entry, Head
from whistle.core.offices import ZONE
from whistle.core.workflow import load
from whistle.crypto.encoding import b64
from whistle.crypto.posts import draft_body
from whistle.docket import register_number
from whistle.storage import ledger as books
from whistle.storage import tables
from whistle.storage.appending import DRAWN
from whistle.storage.database import Database
from whistle.storage.engine import sqlite_path
from whistle.storage.ledger import Book
from whistle.storage.records import NewPost
from whistle.storage.rownumbers import NUMBER, numbered

BATCH = 2_000
A_YEAR, LEAST_DAYS = 90_000, 660  # cases of a province in a year; a smaller house has stood so long
CLOSED = ("closed", "not_accepted")
# How a case goes on: a kind of post, the days since the one before, and the state it leaves the case in.
WAYS = (
    (("report", 0, "received"), ("accept", 3, "accepted"), ("assign", 1, "verifying"), ("finding", 30, "verified"),
     ("feedback", 4, "verified"), ("close", 9, "closed")),
    (("report", 0, "received"), ("accept", 5, "accepted"), ("assign", 1, "verifying"), ("finding", 50, "verified"),
     ("award.propose", 9, "reward_proposed"), ("award.approve", 6, "reward_approved"), ("award.notify", 2, "notified"),
     ("claim", 9, "claimed"), ("pay", 4, "paid"), ("close", 2, "closed")),
    (("report", 0, "received"), ("decline", 4, "not_accepted"), ("close", 5, "closed")),
    (("report", 0, "received"), ("accept", 9, "accepted"), ("assign", 2, "verifying"), ("finding", 70, "unverified"),
     ("close", 20, "closed")),
)  # fmt: skip
MONEY = {"award.approve": "approve", "pay": "pay"}  # kinds of posts, and those of their rows in the ledger
BODY = 700  # bytes of an office act's body without what it seals
Row = dict[str, Any]
Put = Callable[[Table, Sequence[Row]], None]


@dataclass(frozen=True)
class Model:
    """What every case repeats: a real report, and who of the office has which row of it."""

    report: NewPost
    readers: Sequence[str]
    lister: str  # the reader whose list is measured

    def __post_init__(self) -> None:
        assert self.lister in self.readers


def seed(url: str, model: Model, today: str, count: int) -> None:
    """So many cases, in an empty database. Their register numbers are 1, 2, 3 … of each year."""
    with Sink(url) as put:
        counted, numbers = Counter[tuple[str, str]](), Counter[int]()
        posts, payments = 0, list[Payment]()
        for batch in _batches(model, date.fromisoformat(today), count, numbers):
            for table, rows in batch.rows.items():
                put(table, rows)
            counted.update(batch.states)
            posts += len(batch.rows[tables.posts])
            payments += batch.payments
        put(tables.ledger, list(_ledger(payments)))
    with Database.open(url) as db:
        db.write_sync(lambda tx: _settle(tx, counted, {"case": count, "post": posts}, numbers))
        if db.dialect == "postgresql":
            _analyze(url)


class Payment(NamedTuple):
    """An act that has its row in the ledger: an approval, a payment."""

    day: str
    number: str
    kind: str
    post: str


@dataclass(frozen=True)
class Batch:
    """Rows by table, how many cases each reader has in each state, and what moved money."""

    rows: Mapping[Table, list[Row]]
    states: Counter[tuple[str, str]]
    payments: list[Payment]


class Sink:
    """A way into the tables that makes no statement for each row and waits for no disk."""

    def __init__(self, url: str) -> None:
        self._path, self._url = sqlite_path(url), url

    def __enter__(self) -> Put:
        if self._path is None:
            self._server = psycopg.connect(self._url)
            return self._copy
        self._file = sqlite3.connect(self._path, isolation_level=None)
        for pragma in ("journal_mode=OFF", "synchronous=OFF", "cache_size=-400000", "foreign_keys=OFF"):
            self._file.execute(f"PRAGMA {pragma}")
        self._file.execute("BEGIN")
        return self._execute

    def __exit__(self, kind: object, error: object, trace: object) -> None:
        if self._path is None:
            self._server.commit()
            self._server.close()
            return
        self._file.execute("COMMIT")
        self._file.execute("PRAGMA journal_mode=WAL")
        self._file.close()

    def _execute(self, table: Table, rows: Sequence[Row]) -> None:
        names = [column.name for column in table.c]
        if table in (tables.posts, tables.items, tables.grants):
            rows, names = [numbered(row) for row in rows], [*names, NUMBER]
        columns = ", ".join("rowid" if name == NUMBER else f'"{name}"' for name in names)
        values = ", ".join("?" * len(names))
        self._file.executemany(
            f'INSERT INTO "{table.name}" ({columns}) VALUES ({values})',  # noqa: S608
            [[row[name] for name in names] for row in rows],
        )

    def _copy(self, table: Table, rows: Sequence[Row]) -> None:
        names = [column.name for column in table.c]
        columns = ", ".join(f'"{name}"' for name in names)
        with self._server.cursor().copy(f'COPY "{table.name}" ({columns}) FROM STDIN') as copy:
            for row in rows:
                copy.write_row([row[name] for name in names])


def _batches(model: Model, today: date, count: int, numbers: Counter[int]) -> Iterator[Batch]:
    dice, table = random.Random(1), load()
    ids = sorted(_new_id(day, dice) for day in _days(today, count))
    for start in range(0, count, BATCH):
        rows: dict[Table, list[Row]] = {
            each: [] for each in (tables.cases, tables.posts, tables.items, tables.grants, tables.readers)
        }
        batch = Batch(rows, Counter(), [])
        for n, id_ in enumerate(ids[start : start + BATCH], start):
            _case(batch, model, table, today, n, id_, numbers)
        yield batch


def _days(today: date, count: int) -> Iterator[date]:
    span = max(LEAST_DAYS, count * 365 // A_YEAR)
    return (today - timedelta(days=(count - n) * span // count) for n in range(count))


def _new_id(day: date, dice: random.Random) -> int:
    """As `appending.new_id` makes it, but the same in every run."""
    return day.toordinal() << DRAWN | dice.getrandbits(DRAWN)


def _case(batch: Batch, model: Model, table: Any, today: date, n: int, id_: int, numbers: Counter[int]) -> None:
    case = b64(hashlib.sha256(b"case %d" % n).digest())
    day, way = date.fromordinal(id_ >> DRAWN), n % len(WAYS)
    posts, state, prev = [], "", case
    for place, (kind, later, leaves) in enumerate(WAYS[way]):
        day += timedelta(days=later)
        if day > today:
            break
        posts.append(_post(model, id_, place, kind, day.isoformat(), prev, n))
        prev, state = posts[-1]["hash"], leaves
    row = _row(table, today, n, id_, case, posts, state)
    if len(posts) > 1:
        numbers[row["year"]] += 1
        row["number"] = numbers[row["year"]]
    number = register_number(row["year"], row["number"])
    money = (post for post in posts if post["kind"] in MONEY)
    batch.payments.extend(Payment(post["day"], number, MONEY[post["kind"]], post["hash"]) for post in money)
    batch.rows[tables.cases].append(row)
    batch.rows[tables.posts].extend(posts)
    _beside(batch, model, n, id_, state, len(posts))


def _beside(batch: Batch, model: Model, n: int, id_: int, state: str, posts: int) -> None:
    """The card, the grants, what each reader has to do with the case."""
    card, *_ = model.report.items
    item = {"case_id": id_, "id": card.id, "place": 0, "idx": 0, "comp": card.comp, "length": card.length}
    batch.rows[tables.items].append(item | {"tree": card.tree, "blob": card.blob, "gone": False})
    batch.states.update((("", state), *((rid, state) for rid in model.readers)))
    for grant in model.report.grants:
        if grant.reader == model.lister:
            covers = json.dumps(grant.items, separators=(",", ":"))
            given = {"case_id": id_, "place": 0, "row": grant.row, "reader": grant.reader, "covers": covers}
            batch.rows[tables.grants].append(given | {"sealed": grant.sealed})
    is_read = posts > 1 and n % 40 != 7
    for row, rid in enumerate(model.readers):
        mine = {"case_id": id_, "rid": rid, "granted": True, "hidden": False, "mine": row == 0 and n % 50 == 3}
        shown = {"card_item": card.id, "card_place": 0, "card_row": row, "unread": not is_read}
        batch.rows[tables.readers].append(mine | shown)


def _row(table: Any, today: date, n: int, id_: int, case: str, posts: list[Row], state: str) -> Row:
    is_open, first = state not in CLOSED, posts[0]["day"]
    return {
        "id": id_, "case": case, "access": case, "channel": CHANNEL, "office": ZONE, "day": first,
        "hour": 9 if n % 40 == 0 else -1,
        "urgent": n % 40 == 0, "head": posts[-1]["hash"], "head_all": posts[-1]["hash"],
        "count": len(posts), "count_all": len(posts), "state": state, "seen": table["states"][state]["seen"],
        "step": "verify" if is_open else "", "provisional": False, "year": int(first[:4]), "number": 0,
        "due": (today + timedelta(n * 13 % 90 - 10)).isoformat() if is_open else tables.NO_DUE,
        "category": table["categories"][n % len(table["categories"])],
        "sector": table["sectors"][n // 3 % len(table["sectors"])],
        "since": first if is_open else "", "told": "[]",
    }  # fmt: skip


def _post(model: Model, id_: int, place: int, kind: str, day: str, prev: str, n: int) -> Row:
    report = model.report
    body = report.body if kind == "report" else _body(kind, n)
    digest = hashlib.sha256(b"post %d %d" % (n, place)).digest()
    return {
        "case_id": id_, "place": place, "hash": b64(digest), "kind": kind, "vis": "all", "no": place, "prev": prev,
        "author": "reporter" if kind in ("report", "claim") else model.lister, "pid": b64(digest[:16]), "day": day,
        "head": report.head, "sig": report.sig, "body": body, "receipt": RECEIPT, "receipt_sig": report.sig,
        "arrival": ARRIVAL,
    }  # fmt: skip


RECEIPT, ARRIVAL = os.urandom(480), os.urandom(76)


FEN = 500_000
FIELDS: Mapping[str, Row] = {  # of the kinds whose bodies the house reads strictly again
    "award.approve": {"proposal": b64(bytes(32)), "fen": FEN},
    "award.notify": {"fen": FEN, "claim_by": "2030-01-01"},
}


def _body(kind: str, n: int) -> bytes:
    if kind in FIELDS:
        return draft_body(kind, FIELDS[kind])
    outcome = ("verified", "unverified", "unable")[n % 3]
    return json.dumps({"kind": kind, "outcome": outcome, "sealed": "x" * BODY}).encode()


def _ledger(payments: Sequence[Payment]) -> Iterator[Row]:
    """An opening budget for every year, then each award approved and paid, in the order of their days."""
    head = ledger.START
    for entry in _entries(sorted(payments)):
        document, digest = ledger.append(head, entry)
        head = Head(head.count + 1, digest)
        columns = {name: getattr(entry, name) for name in ("kind", "corrects_kind", "year", "fen", "case")}
        yield {**columns, "office": ZONE, "no": head.count, "document": document, "hash": digest}


def _entries(payments: Sequence[Payment]) -> Iterator[Entry]:
    """What is paid later is borne by the year of its approval."""
    borne: dict[str, int] = {}
    budgets = set[int]()
    for at, each in enumerate(payments):
        year = borne.setdefault(each.number, int(each.day[:4]))
        if year not in budgets:
            budgets.add(year)
            yield Entry("budget", f"{year}-01-05", year, 10**13, source="区财政")
        if each.kind == "approve":
            pack = ("SD-REW-2021", "第十一条第(一)项", "percent")
            yield Entry("approve", each.day, year, FEN, each.number, each.post, *pack)
        else:
            paid = {"method": "counter", "voucher": f"{at:08d}"}
            yield Entry("pay", each.day, year, FEN, each.number, each.post, **paid)


def _settle(tx: Connection, counted: Counter[tuple[str, str]], counters: Row, numbers: Counter[int]) -> None:
    """What the store keeps of all of them together: tallies, sums, counters, the register's last numbers."""
    rows = [{"whose": whose, "channel": CHANNEL, "state": state, "n": n} for (whose, state), n in counted.items()]
    tx.execute(insert(tables.tallies), rows)
    summed = [
        dict(zip(tables.ledger_sums.c.keys(), (ZONE, *key, *sums), strict=True))
        for key, sums in books.recount(Book(tx, ZONE)).items()
    ]
    tx.execute(insert(tables.ledger_sums), summed)
    tx.execute(
        insert(tables.numbers),
        [{"office": ZONE, "year": year, "kind": "case", "last": n} for year, n in numbers.items()],
    )
    for name, value in counters.items():
        tx.execute(update(tables.counters).where(tables.counters.c.name == name).values(value=value))


def _analyze(url: str) -> None:
    """As autovacuum does it within the hour after so many rows."""
    with psycopg.connect(url, autocommit=True) as server:
        server.execute("VACUUM ANALYZE")
