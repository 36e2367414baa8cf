"""Over random histories of many cases the books stay even, whatever waits, is refused, objected to or called back."""

from __future__ import annotations

import random
from collections.abc import Iterator
from functools import cache, partial
from pathlib import Path
from typing import Any, cast

import pytest
from sqlalchemy import Connection

from tests import ready
from tests.core.histories import Act
from tests.core.test_every_history import FOREVER, walk
from tests.storage.people import ours
from whistle.casework import entries
from whistle.core.case import WORKFLOW, apply, fold
from whistle.core.errors import RuleError
from whistle.core.ledger import Balance, Entry, parse_row
from whistle.core.summary import summarise
from whistle.exports import award_rows
from whistle.exports.columns import Sums
from whistle.exports.registers import AWARDS
from whistle.exports.rows import AwardRow
from whistle.storage import ledger
from whistle.storage.database import Database

TODAY, OCTOBER = "2026-11-23", "2026-10-12"


@pytest.fixture
def db(tmp_path: Path) -> Iterator[Database]:
    with Database.open(ready.file(tmp_path / "whistle.db")) as opened:
        yield opened


def replay(tx: Connection, number: str, acts: list[Act], today: str = TODAY) -> list[str]:
    """The rows these acts make, as the server books them, every approval followed by a concurrence; a history ends with
    the first that is refused."""
    case, made = fold([], WORKFLOW, FOREVER), []
    for act in acts:
        case = apply(case, act, FOREVER)
        try:
            entry = entries.entry(ours(tx), number, case, cast(Any, act), today)
            if entry:
                ledger.enter(ours(tx), entry)
            if entry and entry.kind == "approve":
                ledger.enter(ours(tx), concurrence(entry))
        except RuleError as refused:
            return [*made, refused.code]
        if entry:
            made.append(entry.kind)
            assert is_even(ledger.balance(ours(tx), 2026))
    return made


def concurrence(approved: Entry) -> Entry:
    return Entry("concur", approved.day, approved.year, case=approved.case, post=approved.post, memo="财会签1号")


def is_even(balance: Balance) -> bool:
    spent = balance.paid + balance.open + balance.forfeited + balance.revoked
    return balance.approved == spent and balance.left >= 0


@cache  # a walk of sixty steps takes a seventh of a second, and three tests ask for the same ones
def history(seed: int) -> list[Act]:
    return walk(random.Random(seed), 60)


def histories(seeds: range) -> Iterator[tuple[str, list[Act]]]:
    for seed in seeds:
        yield f"〔2026〕{seed}号", history(seed)


def test_the_books_are_even_after_every_row_of_every_history(db: Database) -> None:
    def work(tx: Connection) -> list[str]:
        ledger.enter(ours(tx), Entry("budget", TODAY, 2026, 30 * 10**9, source="区财政"))
        return [kind for number, acts in histories(range(1, 251)) for kind in replay(tx, number, acts)]

    made = db.write_sync(work)
    assert {"approve", "pay", "forfeit", "revoke", "reverse", "clawback"} <= set(made)
    written = [kind for kind in made if kind != "no_funds"]
    assert db.read_sync(lambda tx: ledger.verify(ours(tx))).count == len(written) + written.count("approve") + 1
    assert db.read_sync(lambda tx: ledger.recount(ours(tx))) == db.read_sync(lambda tx: ledger.sums(ours(tx)))


def test_the_books_stay_even_with_months_locked_and_concurrences_between(db: Database) -> None:
    """Every case begins in October; half of them go on after October was locked, none of them back in it."""
    acts = dict(histories(range(1, 121)))

    def begin(tx: Connection) -> None:
        ledger.enter(ours(tx), Entry("budget", OCTOBER, 2026, 30 * 10**9, source="财政专项"))
        ledger.enter(ours(tx), Entry("budget", OCTOBER, 2026, 10**9, source="追加"))
        for number in list(acts)[:40]:
            replay(tx, number, acts[number], OCTOBER)
        ledger.enter(ours(tx), Entry("lock", TODAY, 2026, memo="2026-10"))

    def go_on(tx: Connection) -> tuple[list[str], list[str]]:
        late = [kind for number in list(acts)[40:60] for kind in replay(tx, number, acts[number], OCTOBER)]
        made = [kind for number in list(acts)[60:] for kind in replay(tx, number, acts[number], TODAY)]
        return late, made

    db.write_sync(begin)
    late, made = db.write_sync(go_on)
    assert set(late) == {"month_locked"}
    assert {"approve", "pay"} <= set(made)
    rows = [parse_row(row.bytes) for row in db.read_sync(lambda tx: list(ledger.every(ours(tx))))]
    assert {"concur", "lock", "pay"} <= {row.kind for row in rows}
    assert db.read_sync(lambda tx: ledger.verify(ours(tx))).count == len(rows)
    summary = summarise(rows, 2026)
    assert is_even(summary.balance)
    assert summary == db.read_sync(lambda tx: ledger.summary(ours(tx), 2026))
    assert [(month.month, month.is_locked) for month in summary.months] == [("2026-10", True), ("2026-11", False)]


def test_the_register_and_the_ledger_agree_to_the_fen(db: Database) -> None:
    """Whatever became of the awards (in parts called back, forfeited, taken back, approved anew), line by line and in
    the last row of the register: approved = paid + open + forfeited + revoked."""

    def work(tx: Connection) -> None:
        ledger.enter(ours(tx), Entry("budget", TODAY, 2026, 30 * 10**9, source="区财政"))

    def replayed(numbers: range, tx: Connection) -> None:
        for place, (number, acts) in enumerate(histories(numbers)):
            back = [at for at, act in enumerate(acts, 1) if act.kind in ("clawback", "recover.receipt")]
            replay(tx, number, acts[: back[0]] if back and place % 2 else acts)  # many go on until all is back

    def kept() -> list[AwardRow]:
        rows = [parse_row(row.bytes) for row in db.read_sync(lambda tx: list(ledger.every(ours(tx))))]
        return list(award_rows(rows, {}))

    db.write_sync(work)
    ends = {"paid", "clawed", "clawed_part", "forfeited", "revoked", "open"}
    for first in range(1, 1001, 125):
        db.write_sync(partial(replayed, range(first, first + 125)))
        if ends <= {line.state for line in kept()}:
            break
    lines, sums = kept(), Sums(AWARDS)
    for line in lines:
        sums.add(line)
        assert line.fen == line.paid_fen + line.open_fen + line.forfeited_fen + line.revoked_fen, line
    assert ends <= {line.state for line in lines}
    balance = db.read_sync(lambda tx: ledger.balance(ours(tx), 2026))
    told = {"approved": "fen", "paid": "paid_fen", "open": "open_fen"}
    told |= {"forfeited": "forfeited_fen", "revoked": "revoked_fen"}
    assert {name: sums.row[key] for name, key in told.items()} == {name: getattr(balance, name) for name in told}


def test_without_a_budget_nothing_is_booked_and_nothing_breaks(db: Database) -> None:
    """Every approval waits, every notice is refused; whatever else happens moves no money."""
    made = db.write_sync(
        lambda tx: [kind for number, acts in histories(range(1, 41)) for kind in replay(tx, number, acts)]
    )
    assert set(made) == {"no_funds"}


def test_what_waited_is_booked_once_under_the_post_that_approved_it(db: Database) -> None:
    number, acts = next(
        (number, acts)
        for number, acts in histories(range(1, 301))
        if "award.notify" in [act.kind for act in acts] and "pay" in [act.kind for act in acts]
    )

    def work(tx: Connection) -> list[bytes]:
        assert replay(tx, number, acts)[-1] == "no_funds"
        ledger.enter(ours(tx), Entry("budget", TODAY, 2026, 10**12, source="追加"))
        replay(tx, number, acts)
        return ledger.rows_of(ours(tx), number)

    first = parse_row(db.write_sync(work)[0])
    assert first.kind == "approve"
    assert first.post in [act.hash for act in acts if act.kind == "award.approve"]
