"""Numbers of official papers: one for a case and kind, without gaps, kind by kind and year by year."""

from __future__ import annotations

import pytest

from tests.storage.people import a_report, file
from whistle.storage import papers
from whistle.storage.database import Database
from whistle.storage.errors import Unknown


def cases(db: Database, count: int) -> list[str]:
    reports = [a_report() for _ in range(count)]
    for report in reports:
        db.write_sync(lambda tx, report=report: file(tx, report))
    return [report.case for report in reports]


def draw(db: Database, case: str, kind: str, year: int = 2026) -> tuple[int, int, bool]:
    return db.write_sync(lambda tx: papers.number(tx, case, kind, year))


def test_it_works(db: Database) -> None:
    one, other = cases(db, 2)
    assert draw(db, one, "accept") == (2026, 1, True)
    assert draw(db, other, "accept") == (2026, 2, True)
    assert draw(db, one, "notice") == (2026, 1, True)


def test_a_paper_printed_again_keeps_its_number(db: Database) -> None:
    one, other = cases(db, 2)
    draw(db, one, "accept")
    draw(db, other, "accept")
    assert draw(db, one, "accept") == (2026, 1, False)
    assert draw(db, one, "accept", 2027) == (2026, 1, False)


def test_it_survives_a_restart(db: Database) -> None:
    (one,) = cases(db, 1)
    draw(db, one, "accept")
    with Database.open(db.url) as again:
        assert draw(again, one, "accept") == (2026, 1, False)
        assert again.read_sync(lambda tx: papers.numbers(tx, one)) == {"accept": (2026, 1)}


def test_a_new_year_begins_at_one(db: Database) -> None:
    one, other = cases(db, 2)
    draw(db, one, "accept")
    assert draw(db, other, "accept", 2027) == (2027, 1, True)


def test_a_number_that_was_not_kept_is_not_lost(db: Database) -> None:
    one, other = cases(db, 2)

    def fail(tx: object) -> None:
        papers.number(tx, one, "accept", 2026)  # type: ignore[arg-type]
        raise RuntimeError

    with pytest.raises(RuntimeError):
        db.write_sync(fail)
    assert draw(db, other, "accept") == (2026, 1, True)


def test_a_case_that_is_not_there_has_no_papers(db: Database) -> None:
    with pytest.raises(Unknown):
        draw(db, "A" * 43, "accept")
