"""The public columns of all cases in one stream."""

from dataclasses import replace

from tests.storage.people import ACCEPTED, DAY, RECEIVED, a_report, add, after, file
from whistle.casework import bulletin
from whistle.core import calendar, rulebook, workflow
from whistle.core.ledger import Entry
from whistle.core.statistics import Terms
from whistle.storage import ledger
from whistle.storage.database import Database
from whistle.storage.figures import PublicPost, every_case, timed_cases
from whistle.storage.ledger import Book


def test_it_works(db: Database) -> None:
    first, second = a_report(), a_report()
    for one in (first, second):
        db.write_sync(lambda tx, one=one: file(tx, one, RECEIVED))
    accept = after(first, 1)
    finding = replace(after(accept, 0, kind="finding", vis="office"), body=b'{"outcome":"verified"}')
    for one in (accept, finding):
        db.write_sync(lambda tx, one=one: add(tx, one, replace(ACCEPTED, year=2026, number=1, sector="gas")))
    other, found = sorted(db.read_sync(lambda tx: list(every_case(tx, ["finding"]))), key=lambda case: case.number)
    assert (found.year, found.number, found.category, found.sector) == (2026, 1, "violation", "gas")
    assert found.posts == (
        PublicPost("report", DAY, None),
        PublicPost("accept", DAY, None),
        PublicPost("finding", DAY, b'{"outcome":"verified"}'),
    )
    assert (other.number, [post.kind for post in other.posts]) == (0, ["report"])


def test_an_empty_store_has_no_case(db: Database) -> None:
    assert db.read_sync(lambda tx: list(every_case(tx, []))) == []


def test_what_a_month_does_not_touch_is_not_read(db: Database) -> None:
    first, second = a_report(), a_report()
    for one in (first, second):
        db.write_sync(lambda tx, one=one: file(tx, one, replace(RECEIVED, due="2030-01-02", since=DAY)))
    numbers = [
        len(db.read_sync(lambda tx, month=month, today=today: list(timed_cases(tx, [], month, today))))
        for month, today in ((DAY[:7], DAY), ("2030-01", "2030-01-02"), ("2030-01", "2030-01-03"))
    ]
    assert numbers == [2, 0, 2], "posted in the month; neither; run past its day"


def test_what_another_office_holds_is_not_counted_here(db: Database) -> None:
    ours, theirs = a_report(), a_report()
    for one, office in ((ours, "zone"), (theirs, "traffic")):
        db.write_sync(lambda tx, one=one, office=office: file(tx, one, office=office))
    assert len(db.read_sync(lambda tx: list(every_case(tx, [])))) == 2
    assert len(db.read_sync(lambda tx: list(every_case(tx, [], "zone")))) == 1
    assert len(db.read_sync(lambda tx: list(timed_cases(tx, [], DAY[:7], DAY, "zone")))) == 1


def test_the_whole_zone_adds_up_what_its_offices_count_though_their_numbers_repeat(db: Database) -> None:
    """Two offices with a 〔2026〕1号 each: one award open and unclaimed, one paid and taken back."""
    opened = Entry("approve", DAY, 2026, 100, case="〔2026〕1号", post="A" * 43, pack="SD-REW-2021")
    paid = [Entry("approve", DAY, 2026, 300, case="〔2026〕2号", post="B" * 43, pack="SD-REW-2021")]
    paid.append(Entry("pay", DAY, 2026, 300, case="〔2026〕2号", post="C" * 43, voucher="0012", treasury="T-9"))
    entries = [Entry("budget", "2026-01-05", 2026, 1000, source="区财政"), opened, *paid]
    terms = Terms(workflow.load(), rulebook.load("SD-RULE-2024"), calendar.shipped(), "2026-12-31")

    def figures(office: str) -> dict[str, list[int]]:
        made = db.read_sync(lambda tx: bulletin.make(tx, terms, DAY[:7], office=office))
        lines = (line for table in made.tables for line in table.lines)
        return {line.name: [cell.value for cell in line.cells if isinstance(cell.value, int)] for line in lines}

    for office in ("zone", "traffic"):
        for entry in entries:
            db.write_sync(lambda tx, office=office, entry=entry: ledger.enter(Book(tx, office), entry))
    one, whole = figures("zone"), figures("")
    assert one == figures("traffic")
    doubled = {name: [value * 2 for value in values] for name, values in one.items()}
    differ = {name for name in doubled if whole[name] != doubled[name]}
    assert differ == {"largest"}, whole
