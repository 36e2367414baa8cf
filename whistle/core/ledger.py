"""The money ledger: rows as strict JSON, chained by hash, each moving a sum from one account to another.

A row h = H("ledger v1\\0" || previous h || row), the first previous 32 zero bytes (envelope.md section 2).
Rows are never edited: a correction is a reversing row. No field holds a person."""

import hashlib
import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, fields
from functools import lru_cache
from typing import Any

from whistle.core import books, strictjson, yuan
from whistle.core.books import Balance, Books, CaseBook, Entry, Row, balance_from
from whistle.core.calendar import check_day
from whistle.core.errors import LedgerError, RuleError
from whistle.core.grounds import BEFORE

__all__ = [
    "KINDS",
    "START",
    "Balance",
    "Entry",
    "Head",
    "LedgerError",
    "Row",
    "admit",
    "append",
    "balance",
    "balance_from",
    "is_month",
    "parse_row",
    "row_hash",
    "verify",
]

KINDS = books.KINDS
# What names a row it corrects, and the kinds such a row may have.
_CORRECTING = {"reverse": books.CORRECTABLE, "amend": books.AMENDABLE}
_TAG = b"ledger v1\0"
_SIZES = {"pack": 64, "clause": 200, "formula": 32, "source": 64, "method": 32, "voucher": 64, "treasury": 64}
_CASE_SIZE, _MEMO_SIZE = 64, 64
_HASH = re.compile(r"[A-Za-z0-9_-]{43}")
_MONTH = re.compile(r"20[0-9]{2}-(0[1-9]|1[0-2])")
# A phone, an identity card or a bank card number is a long run of digits: a memo has no business with one.
_LONG_NUMBER = re.compile(r"\d{7,}")
_ORDER = ["no", *(field.name for field in fields(Entry))]
_NUMBERS = ("no", "year", "fen", "corrects")
_encoded = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), check_circular=False).encode
_known_day = lru_cache(maxsize=4096)(check_day)


@dataclass(frozen=True)
class Head:
    """Where the ledger stands: how many rows, and the last hash. An anchor is a head kept elsewhere."""

    count: int
    hash: bytes


START = Head(0, bytes(32))


# The one spelling of a row: no control character stands in a text, so that only the quote and the backslash are ever
# escaped. Matching it takes half the time of parsing JSON and spelling it again, and a ledger may have a million rows.
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)
_SPELLED = {name: r"(0|[1-9][0-9]{0,15})" if name in _NUMBERS else r'"([^"\\]*(?:\\["\\][^"\\]*)*)"' for name in _ORDER}
_ROW = re.compile("{" + ",".join(f'"{name}":{spelled}' for name, spelled in _SPELLED.items()) + "}")
_NUMBERS_AT = [_ORDER.index(name) for name in _NUMBERS]


def is_month(text: str) -> bool:
    """Whether this names a month as a lock does, "2026-11"."""
    return _MONTH.fullmatch(text) is not None


def row_hash(previous: bytes, row: bytes) -> bytes:
    """The hash of a row on top of the one before."""
    return hashlib.sha256(_TAG + previous + row).digest()


def append(head: Head, entry: Entry) -> tuple[bytes, bytes]:
    """The next row's bytes and hash. Checks the entry's own shape; `admit` asks the books."""
    _check_entry(entry)
    row = _spell({"no": head.count + 1} | {name: getattr(entry, name) for name in _ORDER[1:]})
    return row, row_hash(head.hash, row)


def _spell(value: dict[str, str | int]) -> bytes:
    """Strict JSON of a row, as `_ROW` reads it."""
    return _encoded(value).encode()


def parse_row(data: bytes) -> Row:
    """A stored row back; LedgerError "bad_row" for anything `append` could not have written."""
    try:
        found = _ROW.fullmatch(data.decode())
    except UnicodeDecodeError as error:
        raise LedgerError("bad_row") from error
    if found is None:
        raise LedgerError("bad_row")
    row = _row(found)
    if not 1 <= row.no <= strictjson.MAX_INT:
        raise LedgerError("bad_row")
    try:
        _check_entry(row)
    except LedgerError as error:
        raise LedgerError("bad_row") from error
    return row


def _row(found: re.Match[str]) -> Row:
    values: list[Any] = list(found.groups())
    if "\\" in found[0]:
        values = [_ESCAPED.sub(r"\1", value) for value in values]
    for at in _NUMBERS_AT:
        values[at] = int(values[at])
    return Row(*values[1:], no=values[0])


def admit(entry: Entry, case_rows: Iterable[bytes], left: int, locked: str = "") -> None:
    """Whether the books allow this entry now: `case_rows` are the stored rows of its case in order (for a
    budget entry those without a case), `left` what its year's budget still holds, `locked` the newest locked
    month. Raises LedgerError with the rule that says no. Call it in the transaction that appends."""
    _check_entry(entry)
    books.check_month(entry, locked)
    book = CaseBook()
    for data in case_rows:
        book.post(parse_row(data))
    book.check(entry, left)


def verify(rows: Iterable[tuple[bytes, bytes]], anchor: Head | None = None) -> Head:
    """Read the whole ledger, (row, hash) in order, and return its head. Raises LedgerError naming the first
    row that was edited, dropped, reordered, truncated or rewritten against the anchor, or that the books
    refuse. Rows are read one by one, never held."""
    head, all_books, rest = START, Books(), iter(rows)
    for data, stored in rest:
        row = _next_row(head, data, stored, rest)
        try:
            all_books.post(row)
        except LedgerError as error:
            raise error.at(row.no) from error
        head = Head(row.no, stored)
        if anchor and head.count == anchor.count and head.hash != anchor.hash:
            raise LedgerError("anchor", row.no, "the ledger differs from the one that was anchored")
    if anchor and head.count < anchor.count:
        raise LedgerError("truncated", head.count + 1, "rows that were anchored are missing")
    return head


def _next_row(head: Head, data: bytes, stored: bytes, rest: Iterator[tuple[bytes, bytes]]) -> Row:
    no = head.count + 1
    fits = row_hash(head.hash, data) == stored
    try:
        row = parse_row(data)
    except LedgerError as error:
        raise LedgerError("bad_row" if fits else "edited", no) from error
    if row.no != no:
        raise LedgerError(_how_misplaced(row.no, no, rest), no)
    if not fits:
        raise LedgerError("edited", no, "the row does not fit its hash")
    return row


def _how_misplaced(found: int, no: int, rest: Iterator[tuple[bytes, bytes]]) -> str:
    """A row number that is skipped and comes later was moved; one that never comes was dropped."""
    mark = f'{{"no":{no},'.encode()
    return "reordered" if found < no or any(data.startswith(mark) for data, _ in rest) else "dropped"


def balance(rows: Iterable[bytes], year: int = 0) -> Balance:
    """The sums of a fiscal year, or of all. Always approved = paid + open + forfeited + revoked."""
    accounts = books.Accounts()
    for data in rows:
        row = parse_row(data)
        if year in (0, row.year):
            accounts.move(row.kind, row.corrects_kind, row.fen)
    return accounts.balance()


def _check_entry(entry: Entry) -> None:
    if entry.kind not in KINDS or type(entry.year) is not int or not 2000 <= entry.year <= 2099:
        raise LedgerError("bad_entry", field="kind" if entry.kind not in KINDS else "year")
    if not isinstance(entry.day, str):
        raise LedgerError("bad_entry", field="day")
    try:
        _known_day(entry.day)
        yuan.check_fen(entry.fen)
    except RuleError as error:
        raise LedgerError("bad_entry", field="day" if error.code.startswith("day") else "fen") from error
    _check_texts(entry)
    _check_needs(entry)


def _check_texts(entry: Entry) -> None:
    for name, size in _SIZES.items():
        value = getattr(entry, name)
        if value != "" and not _is_text(value, size):
            raise LedgerError("bad_entry", field=name)
    if not _is_text(entry.case, _CASE_SIZE):
        raise LedgerError("bad_entry", field="case")
    if not _is_text(entry.memo, _MEMO_SIZE) or _LONG_NUMBER.search(entry.memo):
        raise LedgerError("bad_entry", field="memo")
    if not isinstance(entry.post, str) or (entry.post and not _HASH.fullmatch(entry.post)):
        raise LedgerError("bad_entry", field="post")


def _is_text(value: object, size: int) -> bool:
    return isinstance(value, str) and strictjson.is_plain(value, size)


def _check_needs(entry: Entry) -> None:
    """What a kind cannot do without, and what it must not carry."""
    rule = books.RULES[entry.kind]
    if bool(entry.fen) != rule.has_fen:
        raise LedgerError("bad_entry", field="fen")
    if type(entry.corrects) is not int or (entry.corrects > 0) != (entry.kind in _CORRECTING):
        raise LedgerError("bad_entry", field="corrects")
    if entry.corrects_kind not in _CORRECTING.get(entry.kind, ("",)):
        raise LedgerError("bad_entry", field="corrects_kind")
    if rule.has_case and not (entry.case and entry.post):
        raise LedgerError("bad_entry", field="post" if entry.case else "case")
    if rule.is_office and (entry.case or entry.post):
        raise LedgerError("bad_entry", field="case")
    if entry.kind == "lock" and (not is_month(entry.memo) or entry.year != int(entry.memo[:4])):
        raise LedgerError("bad_entry", field="memo")
    if entry.kind == "amend" and not (entry.case and (entry.voucher or entry.treasury)):
        raise LedgerError("bad_entry", field="voucher")
    if entry.kind in (*BEFORE, "amend") and not entry.memo:
        raise LedgerError("bad_entry", field="memo")
    if entry.kind == "cash" and not entry.voucher:
        raise LedgerError("bad_entry", field="voucher")
