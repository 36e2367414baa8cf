"""What staff did and opened, in one hash chain: logins, signed acts, readings, exports, refused attempts.

Never anything of a reporter's: an entry names a case or an item by its random id, and only one that is stored. What
was opened before the office acted on it waits in a table of the day and joins the chain at night in random order,
with its day alone: a minute, or a place between rows that have one, would say that the report was there by then.
"""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import astuple, dataclass, fields, replace
from datetime import date, timedelta
from functools import partial
from itertools import groupby, islice

from sqlalchemy import ColumnElement, Connection, bindparam, delete, func, literal_column, select, text

from whistle.core.ledger import START, Head
from whistle.core.offices import ZONE
from whistle.storage import chained, tables
from whistle.storage.chained import FIRST, ChainedRow
from whistle.storage.prepared import Prepared

TAG = b"audit v1\0"
DONE = "done"  # the outcome of what was not refused
FOLD = 10  # minutes in which the same, opened again, is one entry
SEARCH = "search"  # every case that its reader held, none of them named
# Openings that name no case, and tell by their minute all the same.
LISTS = frozenset({"inbox", "overdue", "rate", SEARCH})
CLOSED = "day"  # the row behind the last of a day: where a digest of the day stands
MOST_DAYS = 31  # closed at once: more have passed only for a clock that was wrong
_AUDIT, _WAITING = tables.audit, tables.today_audit
_DICE = secrets.SystemRandom()


@dataclass(frozen=True, slots=True)
class Entry:
    """One act of one key. `rid` is "" for the operator at the server's command line; `note` a code or a count, never
    text of a case; `outcome` DONE or the code of the refusal; `minute` hh:mm, "" where none may be told."""

    day: str
    rid: str
    act: str
    minute: str = ""
    office: str = ZONE
    case: str = ""
    item: str = ""
    note: str = ""
    outcome: str = DONE


@dataclass(frozen=True, slots=True)
class Seen:
    """An entry as it is found again: its number in the chain, 0 while it waits for the night."""

    no: int
    entry: Entry


_COLUMNS = ("rid", "case", "day", "minute", "office")
_CASE = Prepared(select(tables.cases.c.id).where(tables.cases.c.case == bindparam("case")))
_ITEM = Prepared(
    select(tables.items.c.place).where(
        tables.items.c.case_id == bindparam("id"), tables.items.c.id == bindparam("item")
    )
)
_ACTED = Prepared(
    select(func.max(tables.posts.c.place))
    .where(tables.posts.c.case_id == bindparam("id"), tables.posts.c.place > bindparam("after"))
    .where(tables.posts.c.author != literal_column("'reporter'"))
)
_LATELY = Prepared(
    select(_AUDIT.c.document)
    .where(_AUDIT.c.rid == bindparam("rid"), _AUDIT.c.day == bindparam("day"))
    .where(_AUDIT.c.minute >= bindparam("since"), _AUDIT.c.case == bindparam("case"))
)
_KEY = [column.name for column in _WAITING.c]
_WAIT = Prepared(
    text(
        'INSERT INTO today_audit ("case", rid, day, act, item, note, outcome, office) '
        "VALUES (:case, :rid, :day, :act, :item, :note, :outcome, :office) ON CONFLICT DO NOTHING"
    )
)


def enter(tx: Connection, entry: Entry, *, folds: bool = False) -> None:
    """Write one act down, in the chain or, where its minute would tell of a report, among what waits for the night.

    A case or an item that is not stored is not named. `folds`: nothing is added while the same stands there since less
    than FOLD minutes; what waits is one row a day in any case."""
    entry, waits = _named(tx, entry)
    if waits:
        _WAIT.run(tx, {name: getattr(entry, name) for name in _KEY})
    elif not (folds and entry.minute and _is_there(tx, entry)):
        chained.append(tx, _AUDIT, partial(_row, entry), _columns(entry))


def record(tx: Connection, **told: str) -> None:
    """As `enter`, from the fields of an Entry."""
    enter(tx, Entry(**told))


def _named(tx: Connection, entry: Entry) -> tuple[Entry, bool]:
    """The entry with what is stored, and whether it has to wait. A list names no case, whatever its request named."""
    if entry.act in LISTS:
        return replace(entry, case="", item=""), True
    found = _CASE.row(tx, {"case": entry.case}) if entry.case else None
    if found is None:
        return replace(entry, case="", item=""), False
    item = _ITEM.row(tx, {"id": found[0], "item": entry.item}) if entry.item else None
    entry = entry if item else replace(entry, item="")
    acted = _ACTED.row(tx, {"id": found[0], "after": item[0] if item else 0})
    return entry, acted is None or acted[0] is None


def _is_there(tx: Connection, entry: Entry) -> bool:
    since = _minutes(entry.minute) - FOLD
    asked = {"rid": entry.rid, "day": entry.day, "case": entry.case, "since": _clock(max(since + 1, 0))}
    rows = _LATELY.rows(tx, asked)
    return any(replace(parse(document).entry, minute=entry.minute) == entry for (document,) in rows)


def _minutes(minute: str) -> int:
    return int(minute[:2]) * 60 + int(minute[3:])


def _clock(minutes: int) -> str:
    return f"{minutes // 60:02d}:{minutes % 60:02d}"


def gather(tx: Connection, before_day: str) -> int:
    """What waits from the days before one joins the chain, each day's in random order, and every day that is over is
    closed by a row of its own; how many entries joined.

    A day is closed once. After a stop the days between are closed too, up to MOST_DAYS; behind a clock that was wrong
    for longer only the last."""
    waiting = [Entry(**row) for row in tx.execute(select(_WAITING).where(_WAITING.c.day < before_day)).mappings()]
    tx.execute(delete(_WAITING).where(_WAITING.c.day < before_day))
    by_day = {day: list(of_day) for day, of_day in groupby(sorted(waiting, key=_day), _day)}
    closing = _to_close(tx, before_day)
    joining: list[Entry] = []
    for day in sorted(by_day.keys() | set(closing)):
        joining += _DICE.sample(by_day.get(day, []), len(by_day.get(day, [])))
        joining += [Entry(day, "", CLOSED)] * (day in closing)
    chained.extend(tx, _AUDIT, [(partial(_row, entry), _columns(entry)) for entry in joining])
    return len(waiting)


def is_due(tx: Connection, before_day: str) -> bool:
    """Whether `gather` has anything to do."""
    waits = tx.execute(select(_WAITING.c.day).where(_WAITING.c.day < before_day).limit(1)).scalar()
    return waits is not None or bool(_to_close(tx, before_day))


def behind(tx: Connection, today: str) -> str:
    """The newest day of which entries wait though a whole day has passed since, "" when there is none."""
    yesterday = _shifted(today, -1)
    return tx.execute(select(func.max(_WAITING.c.day)).where(_WAITING.c.day < yesterday)).scalar() or ""


def _day(entry: Entry) -> str:
    return entry.day


def _to_close(tx: Connection, before_day: str) -> list[str]:
    """The days to close, oldest first."""
    yesterday = _shifted(before_day, -1)
    last = next((row.entry.day for row in _of_operator(tx, _AUDIT.c.day <= yesterday) if row.entry.act == CLOSED), "")
    if last == yesterday:
        return []
    passed = (date.fromisoformat(yesterday) - date.fromisoformat(last)).days if last else 1
    return [_shifted(yesterday, -n) for n in reversed(range(passed if passed <= MOST_DAYS else 1))]


def _of_operator(tx: Connection, where: ColumnElement[bool]) -> Iterator[Seen]:
    """What the server itself wrote, the newest day first, and in it the last row first."""
    rows = select(_AUDIT.c.document).where(_AUDIT.c.rid == "", where)
    return (parse(row) for row in tx.execute(rows.order_by(_AUDIT.c.day.desc(), _AUDIT.c.no.desc())).scalars())


def _shifted(day: str, by: int) -> str:
    return (date.fromisoformat(day) + timedelta(days=by)).isoformat()


def closing(tx: Connection, day: str) -> Head | None:
    """Where the chain stood when a day was closed, None while it is not."""
    numbers = [row.no for row in _of_operator(tx, _AUDIT.c.day == day) if row.entry.act == CLOSED]
    if not numbers:
        return None
    return Head(min(numbers), tx.execute(select(_AUDIT.c.hash).where(_AUDIT.c.no == min(numbers))).scalar_one())


def head(tx: Connection) -> Head:
    """Number of rows and hash of the last: what an anchor names."""
    return Head(*chained.head(tx, _AUDIT))


def every(tx: Connection) -> Iterator[ChainedRow]:
    return chained.every(tx, _AUDIT)


def waiting(tx: Connection) -> list[Entry]:
    """What waits for the night, in no order that says anything."""
    return sorted((Entry(**row) for row in tx.execute(select(_WAITING)).mappings()), key=astuple)


def find(
    tx: Connection,
    *,
    rid: str | None = None,
    case: str = "",
    day: str = "",
    office: str = "",
    before: int = 0,
    limit: int = 1000,
) -> list[Seen]:
    """Entries of a person, of a case, of a day, of an office, or of all: what waits for the night first, then the
    newest rows. `before` is the number of the last row of the page before, 0 for the first."""
    told = {"rid": rid, "case": case or None, "day": day or None, "office": office or None}
    asked = {name: value for name, value in told.items() if value is not None}
    wanted = [each for each in waiting(tx) if all(getattr(each, name) == value for name, value in asked.items())]
    rows = select(_AUDIT.c.document).where(*(_AUDIT.c[name] == value for name, value in asked.items()))
    if before:
        rows = rows.where(_AUDIT.c.no < before)
    found = [parse(row) for row in tx.execute(rows.order_by(_AUDIT.c.no.desc()).limit(limit)).scalars()]
    return found if before else [Seen(0, each) for each in wanted] + found


def searches(
    tx: Connection, office: str, since: Mapping[str, str], *, before: int = 0, limit: int = 1000
) -> list[Seen]:
    """The searches in an office of these readers, each since his day, as `find` gives entries."""

    def counts(each: Entry) -> bool:
        return each.act == SEARCH and each.office == office and each.day >= since.get(each.rid, "~")

    rows = select(_AUDIT.c.document).where(_AUDIT.c.rid.in_(since), _AUDIT.c.case == "", _AUDIT.c.office == office)
    rows = rows.where(_AUDIT.c.day >= min(since.values(), default=""))
    if before:
        rows = rows.where(_AUDIT.c.no < before)
    found = map(parse, tx.execute(rows.order_by(_AUDIT.c.no.desc())).scalars())
    page = list(islice((each for each in found if counts(each.entry)), limit))
    return page if before else [Seen(0, each) for each in waiting(tx) if counts(each)] + page


def parse(document: bytes) -> Seen:
    """A row's bytes read again; one of an earlier release has day, rid, act, case and note."""
    said = json.loads(document)
    return Seen(said["no"], Entry(**{name: said[name] for name in _NAMES if name in said}))


def verify(rows: Iterable[ChainedRow], anchor: Head = START) -> bool:
    """Whether every row follows from the one before, without a gap, and all that the anchor counted are there."""
    no, previous = 0, FIRST
    for no, row in enumerate(rows, 1):
        if row.no != no or row.hash != hash_of(previous, row.bytes):
            return False
        if no == anchor.count and row.hash != anchor.hash:
            return False
        previous = row.hash
    return no >= anchor.count


def miscopied(tx: Connection) -> int:
    """Rows whose columns do not say what their bytes say: nobody would find them."""
    rows = tx.execution_options(yield_per=1000).execute(
        select(_AUDIT.c.document, *(_AUDIT.c[name] for name in _COLUMNS)).order_by(_AUDIT.c.no)
    )
    return sum(_columns_of(document) != dict(zip(_COLUMNS, columns, strict=True)) for document, *columns in rows)


def _columns_of(document: bytes) -> dict[str, str]:
    try:
        return _columns(parse(document).entry)
    except (ValueError, KeyError, TypeError):
        return {}


def _columns(entry: Entry) -> dict[str, str]:
    return {name: getattr(entry, name) for name in _COLUMNS}


def _row(entry: Entry, previous: bytes, no: int) -> tuple[bytes, bytes]:
    told = {name: getattr(entry, name) for name in _NAMES}
    document = json.dumps({"no": no} | told, ensure_ascii=False, separators=(",", ":")).encode()
    return document, hash_of(previous, document)


def hash_of(previous: bytes, document: bytes) -> bytes:
    """Nothing, which no row has, for what somebody made another type of."""
    if not isinstance(document, bytes):
        return b""
    return hashlib.sha256(TAG + previous + document).digest()


_NAMES = [field.name for field in fields(Entry)]
