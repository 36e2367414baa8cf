"""Taking posts in: once, in order, with everything they bring."""

from __future__ import annotations

import os
from dataclasses import replace
from functools import partial

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from tests.storage.people import (
    ACCEPTED,
    BOB,
    CHANNEL,
    CHARLIE,
    DAY,
    DORA,
    ERIK,
    FAY,
    RECEIVED,
    a_report,
    add,
    after,
    an_item,
    file,
    new_id,
    number,
    stamp,
)  # fmt: skip
from whistle.storage import tables
from whistle.storage.appending import append_post, append_report, known, office_number, purge_spent, spend
from whistle.storage.cases import (
    arrivals,
    cards_for,
    find_case,
    grants_for,
    is_hidden,
    iter_cases,
    load_items,
    load_posts,
    may_see,
    reporter_view,
)  # fmt: skip
from whistle.storage.checks import check
from whistle.storage.database import Database
from whistle.storage.errors import Conflict, Spent, Unknown
from whistle.storage.records import CaseRow, NewGrant, NewPost, Place, Stamp
from whistle.storage.standing import cache_case


def case_of(db: Database, post: NewPost) -> CaseRow:
    found = db.read_sync(lambda tx: find_case(tx, post.case))
    assert found is not None
    return found


def filed(db: Database) -> NewPost:
    post = a_report()
    db.write_sync(lambda tx: file(tx, post))
    return post


def test_it_works(db: Database) -> None:
    report = filed(db)
    accept = after(report, 1)
    db.write_sync(lambda tx: add(tx, accept))
    first, second = db.read_sync(lambda tx: load_posts(tx, report.case))
    assert (first.head, first.sig, first.body) == (report.head, report.sig, report.body)
    assert (second.kind, second.author, second.prev) == ("accept", BOB, report.hash)
    row = case_of(db, report)
    assert (row.state, row.category, row.head, row.head_all, row.count, row.count_all) == (
        "accepted", "violation", accept.hash, accept.hash, 2, 2,
    )  # fmt: skip


def test_a_report_brings_its_items_and_grants(db: Database) -> None:
    report = filed(db)
    ids = [item.id for item in report.items]
    assert db.read_sync(lambda tx: load_items(tx, report.case, ids)) == {item.id: item.blob for item in report.items}
    (bobs,) = db.read_sync(lambda tx: grants_for(tx, report.case, BOB))
    assert (bobs.post, bobs.row, bobs.sealed) == (report.hash, 0, report.grants[0].sealed)
    assert bobs.items == tuple((item_id, 0) for item_id in ids)
    assert db.read_sync(lambda tx: grants_for(tx, report.case, CHARLIE)) == []


def test_a_retry_of_the_same_head_gets_the_same_receipt(db: Database) -> None:
    report = a_report()
    first, second = (db.write_sync(lambda tx: file(tx, report)) for _ in range(2))
    assert (first.fresh, second.fresh) == (True, False)
    assert second.receipt == first.receipt == db.read_sync(lambda tx: known(tx, report.case, report.prev, report.hash))
    accept = after(report, 1)
    one, two = (db.write_sync(lambda tx: add(tx, accept)) for _ in range(2))
    assert (one.receipt, two.fresh) == (two.receipt, False)
    assert case_of(db, report).count == 2


def test_a_receipt_tells_nobodys_number_but_the_reports(db: Database) -> None:
    places: list[Place] = []

    def watch(place: Place) -> Stamp:
        places.append(place)
        return Stamp(b"receipt", b"sig", b"sealed")

    report = a_report()
    db.write_sync(
        lambda tx: append_report(tx, report, RECEIVED, channel=CHANNEL, office="zone", access=new_id(), stamp=watch)
    )
    db.write_sync(lambda tx: append_post(tx, after(report, 1), ACCEPTED, stamp=watch))
    assert places == [Place(db.epoch, 1, 1, 0), Place(db.epoch, 0, 2, 1)]
    assert [bytes(sealed) for *_, sealed in db.read_sync(lambda tx: list(arrivals(tx)))] == [b"sealed"] * 2


def test_a_report_whose_work_fails_takes_no_number(db: Database) -> None:
    def refused(place: Place) -> Stamp:
        raise LookupError

    with pytest.raises(LookupError):
        db.write_sync(
            lambda tx: append_report(
                tx, a_report(), RECEIVED, channel=CHANNEL, office="zone", access=new_id(), stamp=refused
            )
        )
    assert number(db.write_sync(lambda tx: file(tx, a_report()))) == 1


def test_two_first_posts_cannot_open_one_case(db: Database) -> None:
    report = filed(db)
    with pytest.raises(Conflict) as caught:
        db.write_sync(lambda tx: file(tx, replace(report, hash=new_id(), pid=new_id(16))))
    assert caught.value.what == "case"


def test_a_post_on_an_older_head_is_told_what_came_in(db: Database) -> None:
    report = filed(db)
    accept = after(report, 1)
    db.write_sync(lambda tx: add(tx, accept))
    with pytest.raises(Conflict) as caught:
        db.write_sync(lambda tx: add(tx, after(report, 1, DORA, "message")))
    assert (caught.value.what, caught.value.head) == ("prev", accept.hash)


def test_a_post_with_a_number_left_out_is_refused(db: Database) -> None:
    report = filed(db)
    for post in (after(report, 2), after(report, 1, vis="office"), after(report, 0)):
        with pytest.raises(Conflict) as caught:
            db.write_sync(lambda tx, post=post: add(tx, post))
        assert caught.value.what == "no"
    db.write_sync(lambda tx: add(tx, after(report, 0, vis="office")))
    row = case_of(db, report)
    assert (row.count, row.count_all, row.head_all) == (2, 1, report.hash)


def test_a_pid_used_in_the_case_is_refused_whoever_used_it(db: Database) -> None:
    """A reviewer who repeats the reporter's pid would pass as the carrier of her items."""
    report = filed(db)
    with pytest.raises(Conflict) as caught:
        db.write_sync(lambda tx: add(tx, replace(after(report, 1), pid=report.pid)))
    assert caught.value.what == "pid"


def test_an_item_id_occurs_once_in_a_case(db: Database) -> None:
    report = filed(db)
    again = replace(an_item(comp="thread"), id=report.items[0].id)
    with pytest.raises(Conflict) as caught:
        db.write_sync(lambda tx: add(tx, replace(after(report, 1), items=(again,))))
    assert caught.value.what == "item"
    other = filed(db)
    db.write_sync(lambda tx: add(tx, replace(after(other, 1), items=(again,))))


def test_the_database_itself_refuses_a_fork(db: Database) -> None:
    report = filed(db)
    row = db.read_sync(lambda tx: tx.execute(select(tables.posts)).mappings().one())
    beside = ({"prev": "x"}, {"pid": "x"}, {"pid": "x", "no": 1})
    for change in (*({"place": 1, **each} for each in beside), {"prev": "x", "pid": "x", "no": 1}):
        clash = {**row, "hash": "other", **change}
        with pytest.raises(Conflict):
            db.write_sync(lambda tx, clash=clash: tx.execute(tables.posts.insert(), clash))
    assert len(db.read_sync(lambda tx: load_posts(tx, report.case))) == 1


def test_a_post_to_no_case_is_unknown(db: Database) -> None:
    with pytest.raises(Unknown):
        db.write_sync(lambda tx: add(tx, after(a_report(), 1)))


def test_a_nonce_is_spent_once_and_only_with_its_post(db: Database) -> None:
    nonce, report = os.urandom(16), a_report()

    def with_work(post: NewPost) -> None:
        db.write_sync(lambda tx: (spend(tx, nonce, DAY), file(tx, post)))

    with pytest.raises(LookupError):
        db.write_sync(lambda tx: (spend(tx, nonce, DAY), fail()))
    with_work(report)
    with pytest.raises(Spent):
        with_work(a_report())
    assert len(db.read_sync(iter_cases)) == 1
    assert db.write_sync(lambda tx: purge_spent(tx, "2026-11-24")) == 1


def fail() -> None:
    raise LookupError


def test_office_numbers_have_no_gaps_and_start_anew_each_year(db: Database) -> None:
    assert [db.write_sync(lambda tx: office_number(tx, "zone", 2026, "accept")) for _ in range(3)] == [1, 2, 3]
    with pytest.raises(LookupError):
        db.write_sync(lambda tx: (office_number(tx, "zone", 2026, "accept"), fail()))
    assert db.write_sync(lambda tx: office_number(tx, "zone", 2026, "accept")) == 4
    assert db.write_sync(lambda tx: office_number(tx, "zone", 2027, "accept")) == 1
    assert db.write_sync(lambda tx: office_number(tx, "zone", 2026, "award")) == 1


def test_the_reporters_view_has_nothing_of_the_offices(db: Database) -> None:
    report = filed(db)
    note = after(report, 0, vis="office", kind="extract")
    db.write_sync(lambda tx: add(tx, note))
    answer = an_item(comp="thread")
    grant = NewGrant(0, "reporter", ((answer.id, 0),), b"sealed")
    reply = replace(after(note, 1, kind="message"), items=(answer,), grants=(grant,))
    db.write_sync(lambda tx: add(tx, reply))
    found = db.read_sync(lambda tx: find_case(tx, report.case))
    assert found is not None
    view = db.read_sync(lambda tx: reporter_view(tx, found))
    assert [post.hash for post in view.posts] == [report.hash, reply.hash]
    assert [given.sealed for given in view.grants] == [b"sealed"]
    assert view.items == {answer.id: answer.blob}
    assert db.read_sync(lambda tx: find_case(tx, new_id())) is None


def test_a_list_row_has_the_newest_card_and_what_opens_it(db: Database) -> None:
    report = filed(db)
    cards = db.read_sync(lambda tx: cards_for(tx, BOB, [report.case]))
    card = cards[report.case]
    assert (card.item, card.index, card.blob) == (report.items[0].id, 0, report.items[0].blob)
    assert (card.carrier.hash, card.granter.hash, card.grant) == (
        report.hash,
        report.hash,
        report.grants[0].sealed,
    )
    newer = an_item(comp="work")
    to_dora = NewGrant(0, DORA, ((newer.id, 0),), b"for dora", card=newer.id)
    extract = replace(after(report, 0, vis="office", kind="extract"), items=(newer,), grants=(to_dora,))
    db.write_sync(lambda tx: add(tx, extract))
    again = NewGrant(0, DORA, ((newer.id, 0),), b"again", card=newer.id)
    regrant = replace(after(extract, 1, vis="office", kind="regrant"), grants=(again,))
    db.write_sync(lambda tx: add(tx, regrant))
    doras = db.read_sync(lambda tx: cards_for(tx, DORA, [report.case]))[report.case]
    assert (doras.item, doras.carrier.hash, doras.granter.hash, doras.grant) == (
        newer.id, extract.hash, regrant.hash, b"again",
    )  # fmt: skip
    assert db.read_sync(lambda tx: cards_for(tx, CHARLIE, [report.case])) == {}


def test_who_is_shut_out_sees_nothing_any_more(db: Database) -> None:
    report = filed(db)

    def sees() -> list[bool]:
        return [db.read_sync(partial(may_see, case=report.case, rid=rid)) for rid in (BOB, ERIK, CHARLIE)]

    assert sees() == [True, True, False]
    recuse = after(report, 0, ERIK, "recuse", "office")
    db.write_sync(lambda tx: add(tx, recuse, replace(RECEIVED, hidden=(ERIK,))))
    assert sees() == [True, False, False]
    assert db.read_sync(lambda tx: is_hidden(tx, report.case, ERIK))
    to_erik = NewGrant(0, ERIK, ((report.items[0].id, 0),), b"x")
    late = replace(after(recuse, 1, vis="office", kind="assign"), grants=(to_erik,))
    db.write_sync(lambda tx: add(tx, late, replace(RECEIVED, hidden=(ERIK,))))
    assert sees() == [True, False, False]


def test_an_urgent_report_keeps_its_hour_and_no_other_does(db: Database) -> None:
    def with_hour(urgent: bool) -> int:
        post = a_report()
        db.write_sync(
            lambda tx: append_report(
                tx, post, RECEIVED, channel=CHANNEL, office="zone", access=new_id(), stamp=stamp, urgent=urgent, hour=14
            )
        )
        return case_of(db, post).hour

    assert (with_hour(True), with_hour(False)) == (14, -1)


def test_a_case_without_a_clock_has_no_day(db: Database) -> None:
    report = a_report()
    db.write_sync(lambda tx: file(tx, report, replace(RECEIVED, due="")))
    assert case_of(db, report).due == ""


def test_the_cache_is_written_by_one_function(db: Database) -> None:
    report = filed(db)
    db.write_sync(lambda tx: cache_case(tx, report.case, ACCEPTED))
    assert case_of(db, report).state == "accepted"
    with pytest.raises(Unknown):
        db.write_sync(lambda tx: cache_case(tx, new_id(), ACCEPTED))


STEP = st.tuples(
    st.sampled_from(["file", "post", "recache"]),
    st.integers(0, 5),
    st.sampled_from(["received", "accepted", "closed"]),
    st.sets(st.sampled_from([BOB, DORA, ERIK, FAY])),
    st.sets(st.sampled_from([BOB, ERIK])),
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(STEP, max_size=14))
def test_whatever_happens_the_counts_are_those_of_the_cases(db: Database, steps: list[tuple]) -> None:  # type: ignore[type-arg]
    newest: list[NewPost] = []
    for what, which, state, readers, hidden in steps:
        cached = replace(RECEIVED, state=state, hidden=tuple(hidden))
        if what == "file" or not newest:
            newest.append(a_report(tuple(readers), items=1, size=60))
            db.write_sync(lambda tx, cached=cached: file(tx, newest[-1], cached))
            continue
        last = newest[which % len(newest)]
        if what == "recache":
            db.write_sync(lambda tx, last=last, cached=cached: cache_case(tx, last.case, cached))
            continue
        grants = tuple(NewGrant(row, rid, (), b"x") for row, rid in enumerate(sorted(readers)))
        post = replace(after(last, last.no + 1), grants=grants)
        db.write_sync(lambda tx, post=post, cached=cached: add(tx, post, cached))
        newest[which % len(newest)] = post
    assert not [finding for finding in check(db.url) if finding.level == "red"]
