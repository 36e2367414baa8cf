"""The public columns of all cases in one stream."""

from dataclasses import replace

from tests.storage.people import ACCEPTED, DAY, RECEIVED, a_report, add, after, file
from whistle.storage.database import Database
from whistle.storage.figures import PublicPost, every_case, timed_cases


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
