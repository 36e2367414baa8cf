"""The list: every filter, every order, page after page, and only what one may see."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.storage.people import (
    ACCEPTED,
    BOB,
    CHANNEL,
    CHARLIE,
    DORA,
    ERIK,
    FAY,
    RECEIVED,
    a_report,
    add,
    after,
    file,
    received,
    stamp,
)  # fmt: skip
from whistle.storage import inbox as module
from whistle.storage.appending import append_report
from whistle.storage.cases import mark_seen
from whistle.storage.database import Database
from whistle.storage.inbox import Filters, Sight, counts, inbox, unread
from whistle.storage.records import Cached, NewPost
from whistle.storage.standing import cache_case

STATES = ("received", "accepted", "claimed")


def fill(db: Database, number: int = 23) -> list[NewPost]:
    """Cases of two channels in turn, in three states; every third is bob's alone, the rest erik's as well."""
    readers = ((BOB,), (BOB, ERIK), (BOB, ERIK))
    posts = [replace(a_report(readers[n % 3], items=1, size=60), day=f"2026-11-{20 + n % 4}") for n in range(number)]

    def file_all(tx: object) -> None:
        for n, post in enumerate(posts):
            cached = Cached(
                STATES[n % 3], STATES[n % 3], due=f"2026-12-{n % 9 + 1:02d}" if n % 5 else "", year=2026,
                number=n % 7, category="violation" if n % 2 else "general_hazard",
                sector="wood" if n % 4 else "coal", since="2026-11-20" if n % 7 else "",
                seated=(BOB,) if n % 6 == 0 else (),
            )  # fmt: skip
            file(tx, post, cached, CHANNEL if n % 2 else "plant")  # type: ignore[arg-type]

    db.write_sync(file_all)
    return posts


def test_what_is_not_read_is_counted_as_it_is_listed(db: Database) -> None:
    """Beside 未读 stands how many there are, up to a bound: the same as the list of them."""
    posts = fill(db)
    finance = Sight(DORA, (CHANNEL,), ("claimed",))
    for sight in (Sight(BOB), Sight(ERIK), Sight(ERIK, elsewhere=("plant",)), finance):
        count = len(listed(db, sight, Filters(unread=True)))
        assert count
        assert db.read_sync(lambda tx, one=sight: unread(tx, one, 200)) == count
    assert db.read_sync(lambda tx: unread(tx, Sight(BOB), 5)) == 5
    before = db.read_sync(lambda tx: unread(tx, Sight(BOB), 200))
    db.write_sync(lambda tx: mark_seen(tx, BOB, posts[0].case, posts[0].hash))
    assert db.read_sync(lambda tx: unread(tx, Sight(BOB), 200)) == before - 1


def listed(db: Database, sight: Sight, filters: Filters = Filters(), order: str = "due") -> list[int]:  # noqa: B008
    """All pages of a list, seven at a time: the cases by their numbers in the order they were filed, from 1."""
    found, after_, numbers = [], "", db.read_sync(received)
    while True:
        page = db.read_sync(lambda tx, at=after_: inbox(tx, sight, filters, order, after=at, limit=7))
        found += [numbers[row.case_row.case] for row in page.rows]
        if not page.next:
            return found
        after_ = page.next


@pytest.fixture(params=["few", "many"])
def way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Both ways through the tables must give the same list."""
    if request.param == "many":
        monkeypatch.setattr(module, "FEW", 0)


def test_it_works(db: Database, way: None) -> None:
    fill(db)
    bobs = listed(db, Sight(BOB))
    assert sorted(bobs) == list(range(1, 24))
    page = db.read_sync(lambda tx: inbox(tx, Sight(BOB), limit=3))
    assert [row.case_row.due for row in page.rows] == ["2026-12-01", "2026-12-01", "2026-12-02"]
    assert all(row.unread for row in page.rows)


@pytest.mark.parametrize(
    ("order", "key"),
    [
        ("due", lambda n: f"2026-12-{n % 9 + 1:02d}" if n % 5 else "9999"),
        ("day", lambda n: -(n % 4)),
        ("number", lambda n: -(n % 7)),
    ],
)
def test_every_order_goes_on_where_the_page_ended(db: Database, way: None, order: str, key: object) -> None:
    fill(db)
    found = [number - 1 for number in listed(db, Sight(BOB), order=order)]
    assert sorted(found) == list(range(23)), "each once"
    assert found == sorted(found, key=key), "cases alike in it stand in any order"  # type: ignore[call-overload]


@pytest.mark.parametrize(
    ("filters", "holds"),
    [
        (Filters(state="accepted"), lambda n: n % 3 == 1),
        (Filters(category="violation"), lambda n: n % 2 == 1),
        (Filters(sector="coal"), lambda n: n % 4 == 0),
        (Filters(channel="plant"), lambda n: n % 2 == 0),
        (Filters(overdue_before="2026-12-03"), lambda n: n % 5 and n % 9 < 2 and n % 7),  # not a reporter's own time
        (Filters(mine=True), lambda n: n % 6 == 0),
        (Filters(unread=True), lambda n: n > 2),
        (Filters(state="received", sector="coal", unread=True), lambda n: n > 2 and n % 12 == 0),
        (Filters(urgent=True), lambda n: False),
    ],
)
def test_every_filter(db: Database, way: None, filters: Filters, holds: object) -> None:
    posts = fill(db)
    for post in posts[:3]:
        db.write_sync(lambda tx, post=post: mark_seen(tx, BOB, post.case, post.hash))
    assert sorted(listed(db, Sight(BOB), filters)) == [n + 1 for n in range(23) if holds(n)]  # type: ignore[operator]


def test_urgent_cases_are_found(db: Database, way: None) -> None:
    fill(db, 5)
    db.write_sync(
        lambda tx: append_report(
            tx, a_report(), RECEIVED, channel=CHANNEL, office="zone", access="a", stamp=stamp, urgent=True, hour=3
        )
    )
    assert listed(db, Sight(BOB), Filters(urgent=True)) == [6]


def test_a_reviewer_sees_only_what_was_sealed_to_him(db: Database, way: None) -> None:
    fill(db)
    assert sorted(listed(db, Sight(ERIK))) == [n + 1 for n in range(23) if n % 3]
    assert listed(db, Sight(CHARLIE)) == []
    assert db.read_sync(lambda tx: counts(tx, Sight(CHARLIE))) == {}


def test_finance_sees_its_channels_cases_in_its_states_and_no_other(db: Database, way: None) -> None:
    fill(db)
    fay = Sight(FAY, (CHANNEL,), ("claimed", "paid"))
    expected = [n + 1 for n in range(23) if n % 2 and n % 3 == 2]
    assert sorted(listed(db, fay)) == expected
    assert db.read_sync(lambda tx: counts(tx, fay)) == {"claimed": len(expected)}
    assert sorted(listed(db, fay, Filters(unread=True))) == expected
    assert listed(db, fay, Filters(mine=True)) == []


def test_who_holds_grants_and_sees_by_office_gets_each_case_once(db: Database, way: None) -> None:
    fill(db)
    both = Sight(ERIK, (CHANNEL, "plant"), ("received", "claimed"))
    expected = [n + 1 for n in range(23) if n % 3 or n % 3 == 0]
    assert sorted(listed(db, both)) == expected
    assert sum(db.read_sync(lambda tx: counts(tx, both)).values()) == len(expected)
    assert sorted(listed(db, both, order="day")) == expected


def test_who_is_shut_out_does_not_see_it_in_any_list(db: Database, way: None) -> None:
    posts = fill(db, 3)
    shut = replace(ACCEPTED, state="claimed", hidden=(ERIK,))
    db.write_sync(lambda tx: cache_case(tx, posts[1].case, shut))
    assert sorted(listed(db, Sight(ERIK, (CHANNEL, "plant"), ("claimed",)))) == [3]
    assert db.read_sync(lambda tx: counts(tx, Sight(ERIK))) == {"claimed": 1}


def test_a_case_is_unread_again_when_something_comes(db: Database) -> None:
    (post,) = fill(db, 1)

    def unread(rid: str) -> bool:
        return db.read_sync(lambda tx: inbox(tx, Sight(rid, ("plant",), STATES))).rows[0].unread

    assert (unread(BOB), unread(DORA)) == (True, True)
    for rid in (BOB, DORA):
        db.write_sync(lambda tx, rid=rid: mark_seen(tx, rid, post.case, post.hash))
    assert (unread(BOB), unread(DORA)) == (False, False)
    newer = after(post, 1, BOB)
    db.write_sync(lambda tx: add(tx, newer))
    assert (unread(BOB), unread(DORA)) == (False, True)
    db.write_sync(lambda tx: mark_seen(tx, DORA, post.case, post.hash))
    assert unread(DORA), "he has read an older head only"


def test_counts_follow_the_states(db: Database) -> None:
    posts = fill(db, 6)
    assert db.read_sync(lambda tx: counts(tx, Sight(BOB))) == {"received": 2, "accepted": 2, "claimed": 2}
    db.write_sync(lambda tx: add(tx, after(posts[0], 1)))
    assert db.read_sync(lambda tx: counts(tx, Sight(BOB))) == {"received": 1, "accepted": 3, "claimed": 2}


@pytest.mark.parametrize("cursor", ["x", "2026-12-01", "2026-12-01_x", "a_b_c", f"2026-12-01_{2**63}"])
def test_a_cursor_that_is_not_ours_is_refused(db: Database, cursor: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        db.read_sync(lambda tx: inbox(tx, Sight(BOB), after=cursor))


def test_an_order_that_is_not_ours_is_refused(db: Database) -> None:
    with pytest.raises(ValueError, match="order"):
        db.read_sync(lambda tx: inbox(tx, Sight(BOB), order="case; DROP TABLE cases"))
