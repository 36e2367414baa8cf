"""What a thief does with a copy of the database: place reporters' posts between office posts, whose minutes he reads.

From whatever may keep an order (keys, row numbers, overflow pages, places in a page, ctid, xmin) he takes the nearest
office posts before and after each post of a reporter, those of other cases too.
"""

from __future__ import annotations

import sqlite3
import struct
from collections.abc import Iterator, Mapping
from contextlib import closing
from pathlib import Path
from typing import NamedTuple

import sqlalchemy as sa

Runs = list[list[str]]  # hashes of posts in the order something keeps, in as many runs as it has
Orders = dict[str, Runs]


def best(orders: Orders, minutes: Mapping[str, int], truth: Mapping[str, int]) -> tuple[float, str]:
    """The way that places most of the reporters' posts, and the share of them it places rightly between two office
    posts less than a sixth of the day apart. `minutes`: of office posts; `truth`: when each post really came."""
    shares = {way: _share(runs, minutes, truth) for way, runs in orders.items()}
    return max((share, way) for way, share in shares.items())


def _share(runs: Runs, minutes: Mapping[str, int], truth: Mapping[str, int]) -> float:
    narrow, placed = max(truth.values()) / 6, set[str]()
    for run in runs:
        for at, post in enumerate(run):
            gap = _gap(run, at, minutes)
            if post not in minutes and gap[0] < truth[post] < gap[1] <= gap[0] + narrow:
                placed.add(post)
    return len(placed) / len(truth.keys() - minutes.keys())


def _gap(run: list[str], at: int, minutes: Mapping[str, int]) -> tuple[int, int]:
    """The minutes of the office posts before and behind, whichever way the run is read."""
    before = next((minutes[each] for each in reversed(run[:at]) if each in minutes), 0)
    behind = next((minutes[each] for each in run[at + 1 :] if each in minutes), 0)
    return min(before, behind), max(before, behind)


class Known(NamedTuple):
    """Which post a row is of: by texts that stand in it, or by the numbers of its case and place."""

    texts: dict[str, str]
    numbers: dict[tuple[int, ...], str]

    def post(self, values: list[object]) -> str:
        """The post of a row or of an index's entry, "" when it is of none."""
        named = [self.texts[value] for value in values if isinstance(value, str) and value in self.texts]
        whole = tuple(value for value in values if isinstance(value, int))
        at = range(len(whole))
        found = [
            self.numbers[whole[n : n + size]] for size in (2, 1) for n in at if whole[n : n + size] in self.numbers
        ]
        return (named + found + [""])[0]


def of_file(path: Path) -> Orders:
    """Every order that an SQLite file keeps; what stands in its log is put into the file first."""
    with closing(sqlite3.connect(path)) as copy:
        copy.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        known, orders = _known(copy), _columns(copy)
        roots = copy.execute("SELECT name, rootpage FROM sqlite_schema WHERE rootpage > 0").fetchall()
    data = path.read_bytes()
    for name, root in roots:
        cells = [cell for cell in _cells(data, root) if known.post(cell.values)]
        posts = [(known.post(cell.values), cell) for cell in cells]
        orders[f"overflow pages of {name}"] = [[post for post, cell in sorted(posts, key=_overflow) if cell.overflow]]
        pages = sorted({cell.page for cell in cells})
        orders[f"pages of {name}"] = [[post for post, cell in sorted(posts, key=lambda each: each[1].page)]]
        orders[f"places in pages of {name}"] = [
            [post for post, _ in sorted(((p, c) for p, c in posts if c.page == page), key=lambda each: -each[1].offset)]
            for page in pages
        ]
    return orders


def of_server(url: str) -> Orders:
    """Every order that PostgreSQL tells of its live rows."""
    engine = sa.create_engine(url.replace("postgresql://", "postgresql+psycopg://"))
    orders: Orders = {}
    with engine.connect() as tx:
        for by in ("ctid", "xmin::text::bigint"):
            for table, joined in _JOINED.items():
                rows = tx.execute(sa.text(f"SELECT p.hash FROM {joined} ORDER BY t.{by}, t.ctid"))  # noqa: S608
                orders[f"{by} of {table}"] = [list(rows.scalars())]
    engine.dispose()
    return orders


_JOINED = {
    "cases": "cases t JOIN posts p ON p.case_id = t.id AND p.place = 0",
    "readers": "readers t JOIN posts p ON p.case_id = t.case_id AND p.place = 0",
    "posts": "posts t JOIN posts p USING (case_id, place)",
    "items": "items t JOIN posts p USING (case_id, place)",
    "grants": "grants t JOIN posts p USING (case_id, place)",
}


def _known(copy: sqlite3.Connection) -> Known:
    here = 'p.case_id, p.place, c."case" FROM posts p JOIN cases c ON c.id = p.case_id ORDER BY p.place DESC'
    before = 'p.case_seq, p.id, c."case" FROM posts p JOIN cases c ON c.seq = p.case_seq ORDER BY p.id DESC'
    texts: dict[str, str] = {}
    numbers: dict[tuple[int, ...], str] = {}
    rows = "SELECT p.hash, p.pid, " + (here if _has(copy, "posts", "place") else before)
    for hash_, pid, case_id, at, case in copy.execute(rows):
        texts |= {hash_: hash_, pid: hash_, case: hash_}
        numbers |= {(case_id, at): hash_, (case_id,): hash_}
    return Known(texts, numbers)


def _has(copy: sqlite3.Connection, table: str, column: str) -> bool:
    return column in [row[1] for row in copy.execute(f"PRAGMA table_info({table})")]


def _columns(copy: sqlite3.Connection) -> Orders:
    """Numbers that rows have: their own, SQLite's, and those of their case."""
    asked = {
        "posts.id": ("posts", "id", "SELECT hash FROM posts ORDER BY id"),
        "cases.seq": ("cases", "seq", "SELECT p.hash FROM posts p JOIN cases c ON c.seq = p.case_seq ORDER BY c.seq"),
        "case_id": ("posts", "case_id", "SELECT hash FROM posts ORDER BY case_id, place"),
    }
    orders = {way: [_column(copy, query)] for way, (table, name, query) in asked.items() if _has(copy, table, name)}
    orders["row numbers"] = [_column(copy, "SELECT hash FROM posts ORDER BY rowid")]
    return orders


def _column(copy: sqlite3.Connection, query: str) -> list[str]:
    return [row[0] for row in copy.execute(query)]


class Cell(NamedTuple):
    """A row or an index's entry where it lies in the file: what of it is in its page, and the first page it goes on."""

    page: int
    offset: int
    overflow: int
    values: list[object]


def _overflow(each: tuple[str, Cell]) -> int:
    return each[1].overflow


def _cells(data: bytes, root: int) -> Iterator[Cell]:
    """Every cell of a tree, by the file format of SQLite (sqlite.org/fileformat2.html, section 1.6)."""
    size = struct.unpack_from(">H", data, 16)[0]
    size = 65_536 if size == 1 else size
    page = data[(root - 1) * size : root * size]
    head = 100 if root == 1 else 0
    kind, _, count = struct.unpack_from(">BHH", page, head)
    pointers = head + (12 if kind in (2, 5) else 8)
    for offset in struct.unpack_from(f">{count}H", page, pointers):
        if kind in (2, 5):
            yield from _cells(data, struct.unpack_from(">I", page, offset)[0])
        if kind != 5:
            yield _cell(page, root, offset, kind, size)
    if kind in (2, 5):
        yield from _cells(data, struct.unpack_from(">I", page, head + 8)[0])


def _cell(page: bytes, number: int, offset: int, kind: int, size: int) -> Cell:
    at = offset + (4 if kind == 2 else 0)
    length, at = _varint(page, at)
    rowid: list[object] = []
    if kind == 13:
        key, at = _varint(page, at)
        rowid = [key]
    most = size - 35 if kind == 13 else (size - 12) * 64 // 255 - 23
    least = (size - 12) * 32 // 255 - 23
    more = least + (length - least) % (size - 4)
    local = length if length <= most else more if more <= most else least
    overflow = struct.unpack_from(">I", page, at + local)[0] if local < length else 0
    return Cell(number, offset, overflow, rowid + list(_values(page[at : at + local])))


def _values(record: bytes) -> Iterator[object]:
    """Texts and whole numbers of a record as far as they lie in its page (section 2.1)."""
    end, at = _varint(record, 0)
    body = end
    while at < end:
        kind, at = _varint(record, at)
        width = (kind - 12) // 2 if kind >= 12 else (0, 1, 2, 3, 4, 6, 8, 8, 0, 0)[kind]
        value = record[body : body + width]
        body += width
        if body > len(record):
            return
        if kind >= 13 and kind % 2:
            yield value.decode(errors="replace")
        elif kind in (8, 9):
            yield kind - 8
        elif 1 <= kind <= 6:
            yield int.from_bytes(value, "big", signed=True)


def _varint(data: bytes, at: int) -> tuple[int, int]:
    value = 0
    for n in range(8):
        value = value << 7 | data[at + n] & 127
        if data[at + n] < 128:
            return value, at + n + 1
    return value << 8 | data[at + 8], at + 9
