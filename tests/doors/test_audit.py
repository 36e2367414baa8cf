"""Who opened what, at the review door: each opening is entered before its answer leaves; no entry, no content."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import date, timedelta

import httpx
import pytest

from tests.doors import later, reviewer
from tests.doors.office import Team
from tests.doors.served import Served, establish, team
from whistle import client
from whistle.client import Office, Piece
from whistle.review.app import TABLE
from whistle.storage import audit
from whistle.storage.audit import DONE, Entry
from whistle.storage.database import Database

WORDS = "三号车间的除尘管道一直没有清理。"
Told = tuple[str, str, str]


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A house of this module's own, both doors open over it."""
    made = establish(tmp_path_factory.mktemp("audit") / "data")
    with later.door(made.data, "public") as public, later.door(made.data, "review") as review:
        made.ports = {"public": int(public.rpartition(":")[2]), "review": int(review.rpartition(":")[2])}
        yield made
        made.kill()


@pytest.fixture(scope="module")
def people(house: Served) -> Team:
    return team(house)


@pytest.fixture
def case(house: Served, people: Team) -> str:
    """Accepted."""
    made = unread(house)
    people.accept(made)
    return made


def unread(house: Served) -> str:
    return client.connect(house.public, house.http()).submit(WORDS).case


def entries(house: Served) -> list[Entry]:
    """What is in the chain, and behind it what waits for the night."""
    with Database.open(house.database) as db:
        chain = [audit.parse(row.bytes).entry for row in db.read_sync(lambda tx: list(audit.every(tx)))]
        return chain + db.read_sync(audit.waiting)


def opened(house: Served, case: str, office: Office) -> list[Told]:
    """What he opened of the case: act, outcome, and whether it has a minute."""
    mine = [each for each in entries(house) if (each.case, each.rid) == (case, office.rid)]
    return [(each.act, each.outcome, "minute" if each.minute else "day") for each in mine]


def ask(office: Office, path: str, case: str = "", **headers: str) -> httpx.Response:
    return reviewer.get(office, path, headers={"Whistle-Case": case, **headers})


# Each route


def test_every_route_says_what_the_audit_calls_it_or_that_it_shows_nothing() -> None:
    silent = {path for path, _, _, act in TABLE if act is None}
    assert silent == {
        *("/api/slots", "/api/login/challenge", "/api/login", "/api/logout", "/api/me", "/api/enrol"),
        *("/api/directory", "/api/channels/{hash}", "/api/enterprises", "/api/roster", "/api/packs", "/api/calendar"),
        *("/api/letterhead", "/api/drawer"),  # his own sentences, and nothing of a case
        *("/api/destinations", "/api/destinations/urgent", "/api/destinations/test", "/api/destinations/remove"),
    }


# Route, who asks, status, and what is entered of it beside his login: act, outcome, whether it has a minute.
ROUTES: list[tuple[str, str, int, tuple[str, str, str] | None]] = [
    ("/api/inbox", "intake", 200, ("inbox", DONE, "day")),
    ("/api/overdue", "leader", 200, ("overdue", DONE, "day")),
    ("/api/rate", "leader", 200, ("rate", DONE, "day")),
    ("/api/search", "payout", 200, ("search", DONE, "day")),
    ("/api/search?after=x", "payout", 400, None),
    ("/api/ledger", "finance", 200, ("ledger", DONE, "minute")),
    ("/api/ledger/waiting", "leader", 200, ("ledger", DONE, "minute")),
    ("/api/ledger/large", "auditor", 200, ("ledger", DONE, "minute")),
    ("/api/ledger/papers", "payout", 200, ("ledger", DONE, "minute")),
    ("/api/ledger", "verifier", 403, ("ledger", "wrong_role", "minute")),
    ("/api/ledger/awards", "payout", 200, ("awards", DONE, "minute")),
    ("/api/ledger/awards", "intake", 403, ("awards", "wrong_role", "minute")),
    ("/api/ledger/export?format=csv", "auditor", 200, ("ledger.export", DONE, "minute")),
    ("/api/ledger/export?format=csv", "payout", 403, ("ledger.export", "wrong_role", "minute")),
    ("/api/ledger/export?format=doc", "leader", 400, None),
    ("/api/ledger/anchor", "finance", 200, ("ledger.anchor", DONE, "minute")),
    ("/api/bulletin", "leader", 200, ("bulletin", DONE, "minute")),
    ("/bulletin", "auditor", 200, ("bulletin", DONE, "minute")),
    ("/bulletin", "intake", 403, ("bulletin", "wrong_role", "minute")),
    ("/api/bulletin?format=xlsx", "finance", 200, ("bulletin", DONE, "minute")),
    ("/yearly?year=2026", "auditor", 200, ("yearly", DONE, "minute")),
    ("/api/yearly?format=xlsx", "payout", 403, ("yearly", "wrong_role", "minute")),
    ("/api/yearly?year=26", "leader", 400, None),
    ("/api/audit", "auditor", 200, ("audit", DONE, "minute")),
    ("/api/audit", "leader", 403, ("audit", "wrong_role", "minute")),
    ("/api/audit?day=yesterday", "auditor", 400, None),
    ("/api/me", "finance", 200, None),
    ("/api/roster", "finance", 200, None),
]


@pytest.mark.parametrize(("path", "role", "status", "told"), ROUTES)
def test_an_answer_is_the_entry_it_should_be(
    house: Served, people: Team, path: str, role: str, status: int, told: Told | None
) -> None:
    office = getattr(people, role)
    mine = Forgotten(house, office)
    assert ask(office, path).status_code == status
    assert mine.since() == ([] if told is None else [told])


class Forgotten:
    """What a key is entered for from now on; what it opened before does not fold with it, for it is another key's."""

    def __init__(self, house: Served, office: Office) -> None:
        self.house, self.rid = house, office.rid
        self.before = self._all()

    def _all(self) -> list[Told]:
        mine = [each for each in entries(self.house) if each.rid == self.rid and each.act != "login"]
        return [(each.act, each.outcome, "minute" if each.minute else "day") for each in mine]

    def since(self) -> list[Told]:
        left = self._all()
        for each in self.before:
            left.remove(each)
        return left


def test_a_case_is_entered_with_its_minute_once_the_office_has_acted(house: Served, people: Team, case: str) -> None:
    for _ in range(3):
        assert ask(people.leader, "/api/case", case).status_code == 200
    assert opened(house, case, people.leader) == [("case", DONE, "minute")]


def test_before_that_with_its_day_alone_and_not_in_the_chain(house: Served, people: Team) -> None:
    case = unread(house)
    for _ in range(2):
        assert ask(people.intake, "/api/case", case).status_code == 200
    assert opened(house, case, people.intake) == [("case", DONE, "day")]


def test_who_may_not_see_a_case_is_entered_as_refused_and_an_invented_case_is_not_named(
    house: Served, people: Team, case: str
) -> None:
    assert ask(people.verifier, "/api/case", case).status_code == 404
    assert opened(house, case, people.verifier) == [("case", "not_found", "minute")]
    ticket = "1234 5678 9012 3456 7890 12345"
    assert ask(people.verifier, "/api/case", ticket).status_code == 404
    assert ticket not in repr(entries(house))
    assert any((one.rid, one.case, one.outcome) == (people.verifier.rid, "", "not_found") for one in entries(house))


REFUSED: dict[str, Callable[[Team, str], object]] = {
    "seen": lambda people, case: reviewer.post(people.verifier, "/api/seen", json={"case": case, "head": "x"}),
    "parts": lambda people, case: ask(people.verifier, "/api/parts", case, **{"Whistle-Part": "x.0.0.1"}),
    "item": lambda people, case: ask(people.verifier, "/api/slices", case, **{"Whistle-Item": "x" * 43}),
    "paper": lambda people, case: reviewer.post(
        people.verifier, "/api/paper-number", json={"kind": "accept", "year": 2026}, headers={"Whistle-Case": case}
    ),
}


@pytest.mark.parametrize("act", REFUSED)
def test_whoever_tries_a_case_that_is_not_his_is_entered(house: Served, people: Team, case: str, act: str) -> None:
    REFUSED[act](people, case)
    assert opened(house, case, people.verifier) == [(act, "not_found", "minute")]


def test_an_act_on_a_case_that_is_not_his_is_entered_too(house: Served, people: Team, case: str) -> None:
    made = reviewer.act(people.payout, case, "message", {"comp": "payout"}, [Piece("payout")])
    people.payout.recuse(case, "厂长是我连襟。", strand=True)
    assert made.send().status_code == 404
    assert ("post", "not_found", "minute") in opened(house, case, people.payout)


def test_a_papers_number_is_entered_with_its_kind(house: Served, people: Team, case: str) -> None:
    year = int(people.intake.case(case).today[:4])
    for _ in range(2):
        asked = {"kind": "accept", "year": year}
        given = reviewer.post(people.intake, "/api/paper-number", json=asked, headers={"Whistle-Case": case})
        assert given.is_success
    found = [each for each in entries(house) if each.case == case and each.act == "paper"]
    assert [each.note for each in found] == ["accept"]


def test_what_payout_opens_and_an_identity_is_an_entry_each_time(house: Served, people: Team) -> None:
    case = unread(house)
    people.to_proposal(case)
    today = date.fromisoformat(people.payout.case(case).today)
    people.finance.open_budget(today.year, "区财政", 90_000_000)
    people.leader.approve(case)
    people.payout.notify(case, (today + timedelta(days=60)).isoformat(), "请凭查询码申领。")

    def twice() -> list[Told]:
        before = opened(house, case, people.payout)
        for _ in range(2):
            assert ask(people.payout, "/api/case", case).status_code == 200
        left = opened(house, case, people.payout)
        return left[len(before) :]

    assert twice() == [("case", DONE, "minute")] * 2
    people.payout.ask_identity(case, "ID01")
    people.leader.give_identity(case)
    assert twice() == [("case", DONE, "minute"), ("identity", DONE, "minute")] * 2
    assert ask(people.leader, "/api/case", case).status_code == 200
    assert "identity" not in {act for act, _, _ in opened(house, case, people.leader)}


# Read again


def test_the_auditor_reads_by_person_case_and_day_and_a_leader_who_opened_his_case(
    house: Served, people: Team, case: str
) -> None:
    ask(people.leader, "/api/case", case)
    day = people.leader.case(case).today
    asked = {"person": people.leader.rid, "day": day}
    found = reviewer.get(people.auditor, "/api/audit", params=asked, headers={"Whistle-Case": case}).json()
    assert [(row["act"], row["label"], bool(row["minute"])) for row in found["rows"]] == [("case", "leader", True)]
    assert {one["label"] for one in found["people"]} >= {"leader", "intake"}
    seen = ask(people.leader, "/api/openings", case).json()["rows"]
    assert {(row["label"], row["act"]) for row in seen} >= {("leader", "case"), ("intake", "case")}
    assert [row["minute"] for row in seen if row["label"] == "intake"][:1] == [""], "before its first act the day alone"
    assert ask(people.intake, "/api/openings", case).status_code == 403
    assert ask(people.verifier, "/api/openings", case).status_code == 404


def test_the_auditors_page_goes_back_row_by_row_to_the_first(house: Served, people: Team) -> None:
    found, before = [], ""
    while True:
        page = reviewer.get(people.auditor, "/api/audit", params={"before": before}).json()
        found += [row["no"] for row in page["rows"] if row["no"]]
        before = page["next"]
        if not before:
            break
    assert found == sorted(found, reverse=True)
    assert found[-1] == 1 and len(found) == len(set(found)) == found[0]


# No entry, no content


@contextmanager
def refusing(house: Served) -> Iterator[None]:
    """The store takes no entry, of either kind."""
    stop = "CREATE TRIGGER stop_{0} BEFORE INSERT ON {0} BEGIN SELECT RAISE(ABORT, 'no'); END"
    tables, path = ("audit", "today_audit"), house.data / "whistle.db"
    try:
        with closing(sqlite3.connect(path)) as db:
            for table in tables:
                db.execute(stop.format(table))
        yield
    finally:
        with closing(sqlite3.connect(path)) as db:
            for table in tables:
                db.execute(f"DROP TRIGGER stop_{table}")


@pytest.mark.parametrize("path", ["/api/case", "/api/slices", "/api/ledger/export?format=jsonl"])
def test_while_nothing_can_be_entered_nothing_is_answered(house: Served, people: Team, case: str, path: str) -> None:
    item = people.intake.case(case).items[0].id if path == "/api/slices" else ""
    office = people.leader if "ledger" in path else people.payout if path == "/api/case" else people.intake
    with refusing(house):
        answer = ask(office, path, case, **{"Whistle-Item": item})
        assert (answer.status_code, answer.json()) == (503, {"error": "unrecorded"})
    assert ask(office, path, case, **{"Whistle-Item": item}).status_code == (404 if path == "/api/slices" else 200)


def test_before_the_offices_first_act_neither(house: Served, people: Team) -> None:
    case = unread(house)
    with refusing(house):
        assert ask(people.intake, "/api/case", case).json() == {"error": "unrecorded"}
    assert ask(people.intake, "/api/case", case).status_code == 200


# Nothing of a reporter


def test_nothing_of_a_reporter_stands_in_an_entry(house: Served, people: Team) -> None:
    alice = client.connect(house.public, house.http())
    filed = alice.submit(WORDS, enterprise="滨海木业", passphrase="青山绿水")
    people.intake.case(filed.case)
    people.accept(filed.case)
    alice.message(filed.ticket, "我又想起来一点。")
    people.leader.case(filed.case)
    said = json.dumps([str(each) for each in entries(house)], ensure_ascii=False)
    assert filed.case in said
    for secret in (WORDS, "滨海木业", "青山绿水", "又想起来", filed.ticket, "".join(filed.ticket.split()), "127.0.0.1"):
        assert secret not in said, secret
    keys = {name for each in entries(house) for name in each.__slots__}
    assert keys == {"day", "rid", "act", "minute", "office", "case", "item", "note", "outcome"}
