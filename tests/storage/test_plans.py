"""No list, status or move reads a table to its end: what is quick with a thousand cases is so with a million."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import Connection, text

from tests.storage.people import ACCEPTED, BOB, CHANNEL, DAY, FAY, RECEIVED, a_report, add, after, ours, stamp
from tests.storage.plans import plans, scans, sorts
from whistle.storage import cases, inbox, ledger, moving, notices, numbered, papers
from whistle.storage.appending import append_report
from whistle.storage.database import Database
from whistle.storage.inbox import Filters, Sight
from whistle.storage.records import NewPost

NEXT_DAY = (date.fromisoformat(DAY) + timedelta(days=1)).isoformat()
# What a list is asked for, and the index that has it in order of the day.
LISTS = (
    (Filters(), "cases_due"),
    (Filters(state="accepted"), "cases_state"),
    (Filters(category="violation"), "cases_category"),
    (Filters(sector="coal"), "cases_sector"),
    (Filters(urgent=True), "cases_urgent"),
    (Filters(overdue_before="2026-12-03"), "cases_due"),
    (Filters(owed=True), "cases_due"),
    (Filters(unread=True), "readers_unread"),
    (Filters(mine=True), "readers_mine"),
)
OFFICE = Sight(FAY, (CHANNEL,), ("accepted", "paid"))


@pytest.fixture
def report(db: Database) -> NewPost:
    """One of 120 cases, of which one in twelve is what a filter asks for."""
    made = [a_report(items=1, size=60) for _ in range(120)]
    rare = replace(ACCEPTED, sector="coal", due="2026-12-01", since=DAY)

    def fill(tx: Connection) -> None:
        for n, each in enumerate(made):
            urgent = n % 12 == 0
            append_report(
                tx, each, RECEIVED, channel=CHANNEL, office="zone", access="a", stamp=stamp, urgent=urgent, hour=3
            )
        for each in made[::12]:
            add(tx, after(each, 1), rare)

    db.write_sync(fill)
    if db.dialect == "postgresql":
        db.write_sync(lambda tx: tx.execute(text("ANALYZE")))
    return made[0]


def steps_of(db: Database, look: Callable[[Connection], object], monkeypatch: pytest.MonkeyPatch) -> list[str]:
    steps = db.read_sync(lambda tx: plans(tx, look, monkeypatch))
    assert steps
    return steps


@pytest.mark.parametrize("way", ["few", "many"])
@pytest.mark.parametrize(("filters", "index"), LISTS, ids=str)
def test_every_filter_of_the_list_has_its_index(
    db: Database, report: NewPost, monkeypatch: pytest.MonkeyPatch, filters: Filters, index: str, way: str
) -> None:
    if way == "many":
        monkeypatch.setattr(inbox, "FEW", -1)
    steps = steps_of(db, lambda tx: inbox.inbox(tx, Sight(BOB), filters), monkeypatch)
    assert not scans(steps)
    if way == "many":
        assert not sorts(steps)
        assert index in " ".join(steps), steps


@pytest.mark.parametrize(("filters", "index"), LISTS, ids=str)
def test_an_offices_list_is_never_sorted(
    db: Database, report: NewPost, monkeypatch: pytest.MonkeyPatch, filters: Filters, index: str
) -> None:
    monkeypatch.setattr(inbox, "FEW", -1)
    steps = steps_of(db, lambda tx: inbox.inbox(tx, OFFICE, filters), monkeypatch)
    assert not scans(steps) and not sorts(steps)


@pytest.mark.parametrize("order", ["day", "number"])
def test_the_other_orders_walk_theirs(
    db: Database, report: NewPost, monkeypatch: pytest.MonkeyPatch, order: str
) -> None:
    monkeypatch.setattr(inbox, "FEW", -1)
    steps = steps_of(db, lambda tx: inbox.inbox(tx, Sight(BOB), order=order), monkeypatch)
    assert not sorts(steps)
    assert [step for step in scans(steps) if step != "SCAN cases"] == [], "a case's own number is the order of days"


def test_a_status_and_a_case_are_looked_up(db: Database, report: NewPost, monkeypatch: pytest.MonkeyPatch) -> None:
    row = db.read_sync(lambda tx: cases.find_case(tx, report.case))
    assert row is not None
    looks: tuple[Callable[[Connection], object], ...] = (
        lambda tx: cases.find_case(tx, report.case),
        lambda tx: cases.reporter_view(tx, row),
        lambda tx: cases.load_posts(tx, report.case),
        lambda tx: cases.load_posts(tx, report.case, after=report.hash),
        lambda tx: cases.grants_for(tx, report.case, BOB),
        lambda tx: cases.cards_for(tx, BOB, [report.case]),
        lambda tx: cases.may_see(tx, report.case, BOB),
        lambda tx: cases.arrival_of(tx, row.id),
        lambda tx: cases.id_of(tx, "zone", 2026, 3),
        lambda tx: list(numbered.every(tx, "zone", "award.approve", "award.notify", among=[row.id])),
        lambda tx: inbox.counts(tx, OFFICE),
        lambda tx: papers.numbers(tx, report.case),
    )
    for look in looks:
        steps = steps_of(db, look, monkeypatch)
        assert not scans(steps), steps


def test_a_page_of_the_ledger_and_the_merged_cases_are_looked_up(
    db: Database, report: NewPost, monkeypatch: pytest.MonkeyPatch
) -> None:
    looks: tuple[tuple[Callable[[Connection], object], str], ...] = (
        (lambda tx: ledger.page(ours(tx), 2026, 0, 100), "ledger_year"),
        (lambda tx: ledger.page(ours(tx), 2026, 7, 100, newest=True), "ledger_year"),
        (lambda tx: list(ledger.of_year(ours(tx), 2026)), "ledger_year"),
        (lambda tx: list(ledger.of_year(ours(tx), 2026, 7)), "ledger_year"),
        (lambda tx: ledger._totals(ours(tx), 2026), "ledger_sums"),
        (lambda tx: ledger.count(ours(tx), 2026), "ledger_sums"),
        (lambda tx: ledger.locked_month(ours(tx)), "ledger_kind"),
        (lambda tx: ledger.rows_of_all(ours(tx), ["〔2026〕1号", "〔2026〕2号"]), "ledger_case"),
        (lambda tx: ledger.rows_of(ours(tx), ""), "ledger_case"),
        (lambda tx: list(numbered.merged(tx)), "posts_merges"),
    )
    for look, index in looks:
        steps = steps_of(db, look, monkeypatch)
        assert not scans(steps), steps
        # PostgreSQL takes any index of an empty ledger that begins with the office.
        named = index if db.dialect == "sqlite" else index.partition("_case")[0]
        assert not sorts(steps) and named in " ".join(steps), steps


def test_the_move_reads_only_what_it_moves(db: Database, report: NewPost, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its rows are mixed, never sorted; a case's own few may be."""
    days = db.read_sync(lambda tx: moving.due(tx, NEXT_DAY))
    assert days is not None
    for part in db.read_sync(lambda tx: moving.slices(tx, days, 7)):
        for table, where in moving._held(days, part):
            look = lambda tx, table=table, where=where: moving._rows(tx, table, where)  # noqa: E731
            steps = steps_of(db, look, monkeypatch)
            assert not scans(steps) and not sorts(steps), table.name
    assert not scans(steps_of(db, lambda tx: moving.slices(tx, days, 7), monkeypatch))


def test_what_looks_each_half_minute_reads_two_days_of_cases_and_what_waits(
    db: Database, report: NewPost, monkeypatch: pytest.MonkeyPatch
) -> None:
    looks = (lambda tx: notices.urgent_since(tx, DAY), lambda tx: notices.claim(tx, 1, 5))
    for look in looks:
        assert scans(steps_of(db, look, monkeypatch)) == []


@pytest.mark.parametrize(("filters", "index"), [LISTS[0], LISTS[1], LISTS[4]], ids=str)
def test_an_index_that_is_lost_is_seen(
    db: Database, report: NewPost, monkeypatch: pytest.MonkeyPatch, filters: Filters, index: str
) -> None:
    monkeypatch.setattr(inbox, "FEW", -1)
    db.write_sync(lambda tx: tx.execute(text(f"DROP INDEX {index}")))
    steps = steps_of(db, lambda tx: inbox.inbox(tx, Sight(BOB), filters), monkeypatch)
    assert index not in " ".join(steps)
