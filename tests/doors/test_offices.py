"""Every read and every act at the review door is asked for an office: routes x roles x standing x the office that is
asked for, one answer each.

The routes come from the door's own table, so that a new one without a row here fails."""

import json
import os
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import update

from tests.conftest import Demo, start
from tests.doors import reviewer
from tests.doors.hand import Hand
from tests.doors.office import Team
from whistle import publishing, settings, zone
from whistle.cli import run
from whistle.client import ClientError, Office
from whistle.client.session import Session
from whistle.core.clock import zone_day
from whistle.crypto import fingerprint
from whistle.crypto.bookings import draft, sign_booking
from whistle.crypto.encoding import b64, unb64
from whistle.crypto.keys import KeyPair, reviewer_keys
from whistle.review.app import TABLE
from whistle.storage import tables
from whistle.storage.database import Database

ROLES = ("intake", "verifier", "leader", "payout", "finance", "auditor")
STANDINGS = ("ours", "theirs", "none", "expired", "revoked")
OTHER = "hongyun"
MONEY = ("finance", "leader", "auditor")
OCTETS = {"headers": {"Content-Type": "application/octet-stream"}}
PART = {"headers": {"Whistle-Part": f"{b64(bytes(16))}.0"}}
MISSING, MALFORMED, DONE, DONE_NEW = (404, "not_found"), (400, "malformed"), (200, ""), (201, "")
Answer = tuple[int, str]
MONEY_CHECKS = ("ledger", "ledger_columns", "unbooked", "register", "audit")


@dataclass(frozen=True)
class Row:
    """A request, its answer for those who may ask, who of the office may, and whether a session, or nothing, is
    enough."""

    answer: Answer = DONE
    said: dict[str, Any] = field(default_factory=dict)
    roles: tuple[str, ...] = ROLES
    asks: str = "office"
    path: str = ""


ROWS: dict[tuple[str, str], Row] = {
    ("POST", "/api/slots"): Row(said={"json": {"login": "intake"}}, asks="nothing"),
    ("POST", "/api/login/challenge"): Row(asks="nothing"),
    ("POST", "/api/login"): Row(MALFORMED, asks="nothing"),
    ("POST", "/api/logout"): Row(asks="cookie"),
    ("GET", "/api/me"): Row(asks="session"),
    ("GET", "/api/enrol"): Row(MISSING, asks="nothing"),
    ("POST", "/api/enrol"): Row(MALFORMED, asks="nothing"),
    ("GET", "/api/directory"): Row(asks="nothing"),
    ("GET", "/api/channels/{hash}"): Row(MISSING, path="/api/channels/x", asks="nothing"),
    ("GET", "/api/roster"): Row(asks="session"),
    ("GET", "/api/enterprises"): Row(asks="session"),
    ("GET", "/api/packs"): Row(),
    ("GET", "/api/calendar"): Row(),
    ("GET", "/api/letterhead"): Row(),
    ("POST", "/api/paper-number"): Row(MISSING, {"json": {"kind": "accept", "year": 2026}}),
    ("GET", "/api/inbox"): Row(),
    ("GET", "/api/overdue"): Row(roles=("leader", "intake")),
    ("GET", "/api/rate"): Row(roles=("leader", "intake")),
    ("GET", "/api/retention"): Row(roles=("leader", "auditor")),
    ("GET", "/api/search"): Row(),
    ("GET", "/api/case"): Row(MISSING),
    ("POST", "/api/posts"): Row(MALFORMED, OCTETS),
    ("POST", "/api/enter"): Row(MALFORMED, OCTETS),
    ("POST", "/api/seen"): Row(MISSING, {"json": {"case": "x", "head": "x"}}),
    ("PUT", "/api/parts"): Row(MISSING, OCTETS),
    ("GET", "/api/parts"): Row(MISSING, PART),
    ("DELETE", "/api/parts"): Row(MISSING, PART),
    ("GET", "/api/slices"): Row(MISSING),
    ("GET", "/api/item"): Row(MISSING),
    ("GET", "/api/destinations"): Row(),
    ("GET", "/api/drawer"): Row(),
    ("POST", "/api/drawer"): Row(MALFORMED, {"json": {"rev": 0, "sealed": ""}}),
    ("GET", "/api/audit"): Row(roles=("auditor",)),
    ("GET", "/api/openings"): Row(MISSING),
    ("POST", "/api/destinations"): Row(
        (422, "refused"), {"json": dict.fromkeys(("kind", "address", "secret", "label"), "x")}
    ),
    ("POST", "/api/destinations/urgent"): Row(MISSING, {"json": {"id": "x", "urgent": False}}),
    ("POST", "/api/destinations/test"): Row(MISSING, {"json": {"id": "x"}}),
    ("POST", "/api/destinations/remove"): Row(MISSING, {"json": {"id": "x"}}),
    ("GET", "/api/ledger"): Row(roles=(*MONEY, "payout")),
    ("GET", "/api/ledger/awards"): Row(roles=(*MONEY, "payout")),
    ("GET", "/api/ledger/waiting"): Row(roles=(*MONEY, "payout")),
    ("GET", "/api/ledger/large"): Row(roles=(*MONEY, "payout")),
    ("GET", "/api/ledger/papers"): Row(roles=(*MONEY, "payout")),
    ("GET", "/api/ledger/export"): Row(roles=MONEY, path="/api/ledger/export?format=csv"),
    ("GET", "/api/ledger/anchor"): Row(roles=MONEY),
    ("POST", "/api/ledger/book"): Row(MALFORMED, {"json": {"booking": "{", "sig": b64(bytes(64))}}, roles=("finance",)),
    ("GET", "/api/bulletin"): Row(roles=MONEY),
    ("GET", "/bulletin"): Row(roles=MONEY),
    ("GET", "/en/bulletin"): Row(roles=MONEY),
    ("GET", "/api/yearly"): Row(roles=MONEY),
    ("GET", "/yearly"): Row(roles=MONEY),
    ("GET", "/en/yearly"): Row(roles=MONEY),
}


def expected(row: Row, standing: str, role: str, asked: str) -> Answer:
    """What this route must answer to this role in this standing, asked for that office."""
    if row.asks == "nothing" or (row.asks == "cookie" and standing != "none"):
        return row.answer
    if standing in ("none", "expired", "revoked"):
        return 401, "not_signed_in"
    if row.asks == "session":
        return row.answer
    sits = {"ours": "zone", "theirs": OTHER}.get(standing) == asked
    return row.answer if sits and role in row.roles else (403, "wrong_role")


class Offices:
    """A demo in whose directory a firm's channel stands beside the zone's: one more reader of every role there, and
    one whose key was withdrawn."""

    def __init__(self, demo: Demo) -> None:
        self.demo, self.folder, self.http = demo, demo.data / "zone", demo.http()
        self.zone = zone.load(self.folder).id
        zone.add_channel(self.folder, OTHER, "宏运机械", policy=f"enterprise:{OTHER}")
        self.keys = {("ours", role): (demo.keys(role)[0], _rid(demo, role)) for role in ROLES}
        for role in ROLES:
            self.keys["theirs", role] = self._seat(OTHER, role)
            self.keys["revoked", role] = self._seat("zone", role)
        self.sign()
        self._cookies = {("expired", role): self.sign_in("ours", role) for role in ROLES}
        self._expire()
        self._cookies |= {
            (standing, role): self.sign_in(standing, role)
            for standing in ("ours", "theirs", "revoked")
            for role in ROLES
        }
        for role in ROLES:
            zone.remove_reader(self.folder, "zone", self.keys["revoked", role][1])
        self.sign()

    def _seat(self, channel: str, role: str) -> tuple[KeyPair, str]:
        """A new person with a new key."""
        keys = reviewer_keys(os.urandom(32))
        return keys, self._place(keys, channel, role, zone.add_person(self.folder, f"{role} {os.urandom(4).hex()}"))

    def _place(self, keys: KeyPair, channel: str, role: str, person: str) -> str:
        seat = {"person": person, "roles": [role], "label": f"{role} {os.urandom(4).hex()}"}
        return zone.add_reader(self.folder, channel, kem=keys.kem, sig=keys.sig, **seat)

    def sign(self) -> None:
        zone.sign(self.folder, today=zone_day(time.time()), confirm=lambda one: fingerprint.show(unb64(one["rid"])))
        publishing.publish(settings.read({}, data=self.demo.data), self.folder)
        self.newest = self.demo.reporter().trust.newest_hash

    def sign_in(self, standing: str, role: str) -> str:
        """The cookie of a new session."""
        keys, rid = self.keys[standing, role]
        Session(self.demo.review, self.http).login(keys, self.zone, rid, self.newest)
        cookie = str(self.http.cookies["session"])
        self.http.cookies.clear()
        return cookie

    def _expire(self) -> None:
        """Every session so far is over."""
        with Database.open(f"sqlite:///{self.demo.data / 'whistle.db'}") as db:
            db.write_sync(lambda tx: tx.execute(update(tables.sessions).values(expires=int(time.time()) - 1)))

    def cookie(self, standing: str, role: str, fresh: bool = False) -> dict[str, str]:
        if standing == "none":
            return {}
        found = self.sign_in(standing, role) if fresh else self._cookies[standing, role]
        return {"Cookie": f"session={found}"}

    def in_both(self, role: str) -> str:
        """The cookie of somebody who sits in both offices with one key."""
        keys, person = reviewer_keys(os.urandom(32)), zone.add_person(self.folder, "兼任")
        rid = self._place(keys, "zone", role, person)
        assert self._place(keys, OTHER, role, person) == rid
        self.sign()
        self.keys["both", role] = keys, rid
        return self.sign_in("both", role)


class Theirs(Team):
    """The firm's people, each at his own desk, as the zone's are at theirs."""

    def __init__(self, offices: Offices) -> None:
        self.offices = offices
        super().__init__(offices.demo)

    def at(self, role: str) -> Office:
        keys, _ = self.offices.keys["theirs", role]
        office = Office(self.offices.demo.review, self.offices.demo.http(), keys, self.offices.zone)
        office.login()
        return office

    @cached_property
    def intake(self) -> Office:
        return self.at("intake")

    @cached_property
    def verifier(self) -> Office:
        return self.at("verifier")

    @cached_property
    def leader(self) -> Office:
        return self.at("leader")

    @cached_property
    def payout(self) -> Office:
        return self.at("payout")

    @cached_property
    def finance(self) -> Office:
        return self.at("finance")

    @cached_property
    def auditor(self) -> Office:
        return self.at("auditor")

    def fund(self, year: int) -> None:
        self.finance.open_budget(year, "企业自有资金", 90_000_000)


def _rid(demo: Demo, role: str) -> str:
    readers = demo.reporter().trust.newest_channel()["readers"]
    return str(next(one["rid"] for one in readers if role in one["roles"]))


@pytest.fixture(scope="module")
def offices(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Offices]:
    running = start(tmp_path_factory.mktemp("offices") / "data", WHISTLE_WORK_BITS="4")
    try:
        yield Offices(running)
    finally:
        running.kill()


@pytest.fixture(scope="module")
def theirs(offices: Offices) -> Theirs:
    return Theirs(offices)


@pytest.fixture(scope="module")
def ours(offices: Offices) -> Team:
    return Team(offices.demo)


def test_every_route_of_the_door_has_a_row() -> None:
    assert {(method, path) for path, method, *_ in TABLE} == set(ROWS)


@pytest.mark.parametrize("route", ROWS, ids=" ".join)
@pytest.mark.parametrize("standing", STANDINGS)
@pytest.mark.parametrize("asked", ["zone", OTHER, "nobodys"])
def test_a_route_answers_each_role_of_each_office(
    offices: Offices, route: tuple[str, str], standing: str, asked: str
) -> None:
    method, path = route
    row = ROWS[route]
    said = dict(row.said)
    for role in ROLES:
        told = offices.cookie(standing, role, fresh=path == "/api/logout" and standing in ("ours", "theirs"))
        headers = {**said.get("headers", {}), **told} | ({} if asked == "zone" else {"Whistle-Office": asked})
        answer = offices.http.request(method, offices.demo.review + (row.path or path), **said | {"headers": headers})
        offices.http.cookies.clear()
        assert (answer.status_code, _code(answer)) == _shown(path, expected(row, standing, role, asked)), role


def _code(answer: httpx.Response) -> str:
    is_refusal = answer.status_code >= 400 and "json" in answer.headers["content-type"]
    return str(answer.json()["error"]) if is_refusal else ""


def _shown(path: str, answer: Answer) -> Answer:
    """A page tells the status and says the rest in words."""
    return answer if path.startswith("/api/") else (answer[0], "")


def test_an_enterprises_staff_get_labels_of_their_own_office_and_no_name(offices: Offices) -> None:
    """The roster names officers: who signs in for a firm reads what his own screens show, and no more."""

    def roster(standing: str) -> Any:
        headers = offices.cookie(standing, "leader")
        return offices.http.get(f"{offices.demo.review}/api/roster", headers=headers).json()

    names = {one["name"] for one in json.loads(roster("ours")["bytes"])["people"]}
    theirs = roster("theirs")
    assert set(theirs) == {"labels"}
    channel = offices.demo.reporter().trust.newest_channel(OTHER)
    expected = [{"id": one["rid"], "roles": one["roles"], "label": one["label"]} for one in channel["readers"]]
    assert theirs["labels"] == sorted(expected, key=lambda one: str(one["id"]))
    assert not [name for name in names if name in json.dumps(theirs, ensure_ascii=False)]
    office = Office(offices.demo.review, offices.demo.http(), offices.keys["theirs", "leader"][0], offices.zone)
    office.login()
    assert office.names() == {}


def test_the_bulletin_and_the_months_rate_count_one_offices_cases(offices: Offices, tmp_path: Path) -> None:
    hand, month = Hand(offices.demo), zone_day(time.time())[:7]

    def at_the_door() -> tuple[int, int]:
        """Cases received this month and steps of its rate, as the leader is told."""
        told = offices.cookie("ours", "leader")
        made = offices.http.get(f"{offices.demo.review}/api/bulletin?month={month}", headers=told).json()
        rate = offices.http.get(f"{offices.demo.review}/api/rate", headers=told).json()
        return _received(made), rate["steps"]

    def on_the_server(*options: str) -> int:
        out = tmp_path / "b.json"
        told = ["--data", str(offices.demo.data), "--month", month, "--format", "json", "--out", str(out)]
        assert run(["bulletin", *told, *options]) == 0
        return _received(json.loads(out.read_text(encoding="utf-8")))

    (before, steps), whole = at_the_door(), on_the_server("--all-offices")
    hand.filed(to=OTHER)
    assert at_the_door() == (before, steps)
    assert (on_the_server(), on_the_server("--all-offices")) == (before, whole + 1)
    hand.filed()
    assert at_the_door()[0] == on_the_server() == before + 1
    out = ["--month", month, "--format", "json", "--out", str(tmp_path / "b.json")]
    assert run(["bulletin", "--data", str(offices.demo.data), *out, "--all-offices", "--publish"]) == 1


def _received(made: dict[str, Any]) -> int:
    return next(line["cells"][0]["value"] for line in made["tables"][0]["lines"] if line["name"] == "received")


def test_a_case_of_another_office_is_none_here_whatever_key_its_reader_holds(offices: Offices) -> None:
    told = {"Cookie": f"session={offices.in_both('intake')}"}
    hand = Hand(offices.demo)
    theirs, ours = b64(hand.filed(to=OTHER).case), b64(hand.filed().case)

    def ask(method: str, path: str, case: str = "", **said: Any) -> httpx.Response:
        headers = {**told, "Whistle-Case": case, **said.pop("headers", {})}
        return offices.http.request(method, offices.demo.review + path, headers=headers, **said)

    page = ask("GET", "/api/inbox").json()
    assert [row["case"] for row in page["rows"] if row["case"] in (ours, theirs)] == [ours]
    assert page["counts"]["received"] == len(page["rows"])
    assert theirs not in ask("GET", "/api/overdue").text
    for method, path, said in (
        ("GET", "/api/case", {}),
        ("GET", "/api/parts", PART),
        ("POST", "/api/seen", {"json": {"case": theirs, "head": "x"}}),
        ("POST", "/api/paper-number", {"json": {"kind": "accept", "year": int(zone_day(time.time())[:4])}}),
    ):
        answer = ask(method, path, theirs, **said)
        assert (answer.status_code, answer.json()["error"]) == MISSING, path
    assert ask("GET", "/api/case", ours).status_code == 200


def test_what_is_no_name_of_an_office_is_refused(offices: Offices) -> None:
    for name in ("Zone", "zone/..", "x" * 33, "-a", "机关"):
        headers = {**offices.cookie("ours", "intake"), "Whistle-Office": name}
        sent = {name: value.encode() for name, value in headers.items()}
        answer = offices.http.get(f"{offices.demo.review}/api/inbox", headers=sent)
        offices.http.cookies.clear()
        assert (answer.status_code, answer.json()["error"]) == (400, "malformed"), name


def test_each_office_numbers_its_own_cases_and_papers(offices: Offices, ours: Team, theirs: Theirs) -> None:
    hand, year = Hand(offices.demo), int(zone_day(time.time())[:4])

    def accepted(team: Team, to: str) -> tuple[str, str]:
        """Register number of a case that is accepted, and number of the paper that tells so."""
        case = b64(hand.filed(to=to).case)
        team.accept(case)
        asked = {"kind": "accept", "year": year}
        paper = reviewer.post(team.intake, "/api/paper-number", json=asked, headers={"Whistle-Case": case})
        return team.intake.case(case).number, paper.json()["number"]

    zones = [accepted(ours, "zone") for _ in range(2)]
    firms = [accepted(theirs, OTHER) for _ in range(2)]
    assert firms == [(f"〔{year}〕{n}号",) * 2 for n in (1, 2)]
    (first, _), (second, _) = zones
    after, _ = accepted(ours, "zone")
    numbers = [int(number.partition("〕")[2].rstrip("号")) for number in (first, second, after)]
    assert numbers == list(range(numbers[0], numbers[0] + 3)), "what the firm accepts leaves no gap here"


def test_each_office_has_money_of_its_own(
    offices: Offices, ours: Team, theirs: Theirs, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    hand, year = Hand(offices.demo), int(zone_day(time.time())[:4])

    def account(team: Team) -> Any:
        return reviewer.get(team.finance, "/api/ledger", params={"year": str(year)}).json()

    def report(team: Team) -> Any:
        return reviewer.get(team.finance, "/api/yearly", params={"year": str(year)}).json()

    before, reported = account(ours), report(ours)
    assert account(theirs)["rows"] == report(theirs)["given"] == []
    theirs.fund(year)
    case = b64(hand.filed(to=OTHER).case)
    theirs.to_proposal(case)
    theirs.leader.approve(case)
    firms = account(theirs)
    assert [(row["no"], row["kind"]) for row in firms["rows"]] == [(1, "budget"), (2, "approve")]
    assert firms["balance"]["budget"] == 90_000_000
    assert (account(ours), report(ours)) == (before, reported), "not a fen of it is seen, or counted, next door"
    assert firms["cash"]["total"]["carried"] == firms["balance"]["open"] > 0
    assert [row["fen"] for row in report(theirs)["given"]] == [90_000_000]
    data = ["--data", str(offices.demo.data)]
    anchor = tmp_path / "anchor.json"
    assert run(["ledger", "anchor", "--out", str(anchor), *data, "--office", OTHER]) == 0
    assert json.loads(anchor.read_text())["office"] == OTHER
    assert run(["ledger", "verify", "--anchor", str(anchor), *data, "--office", OTHER]) == 0
    assert run(["ledger", "verify", "--anchor", str(anchor), *data]) == 1
    assert "another office" in capsys.readouterr().err
    out = ["--out", str(tmp_path / "no.json")]
    for command in (
        ["verify"],
        ["balance"],
        ["cash"],
        ["anchor", *out],
        ["yearly", "--year", "2026", "--format", "json", *out],
    ):
        assert run(["ledger", *command, *data, "--office", "hongyum"]) == 1, "a mistyped office is no empty ledger"
        assert OTHER in capsys.readouterr().err
    file = tmp_path / "ledger.jsonl"
    assert run(["ledger", "export", "--format", "jsonl", "--out", str(file), *data, "--office", OTHER]) == 0
    capsys.readouterr()
    assert run(["ledger", "verify", "--file", str(file), "--anchor", str(anchor), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["signed"]["count"] == 1
    run(["doctor", "--json", *data])
    found = {one["code"]: one for one in json.loads(capsys.readouterr().out)}
    assert {code: found[code]["level"] for code in MONEY_CHECKS} == dict.fromkeys(MONEY_CHECKS, "ok")


def test_a_booking_is_entered_in_one_office(offices: Offices) -> None:
    """A booking does not say which office it is for: whoever is finance in two could have it entered twice."""
    cookie = {"Cookie": f"session={offices.in_both('finance')}"}
    keys, rid = offices.keys["both", "finance"]
    when = time.strftime("%Y-%m-%dT%H:%MZ", time.gmtime())
    head = {"zone": offices.zone, "dir": offices.newest, "author": rid, "pid": b64(os.urandom(16)), "when": when}
    said, sig = sign_booking(keys, draft(head, "lock", {"month": "2025-01"}))
    body = {"booking": said.decode(), "sig": b64(sig)}

    def sent(to: str) -> tuple[int, str]:
        headers = cookie | {"Whistle-Office": to, "Origin": offices.demo.review}
        answer = offices.http.post(f"{offices.demo.review}/api/ledger/book", json=body, headers=headers)
        return answer.status_code, _code(answer)

    assert sent(OTHER) == DONE_NEW
    assert sent("zone") == (409, "conflict")
    assert sent(OTHER) == DONE_NEW, "the same again is the same"


def test_an_auditor_reads_of_his_own_office_and_no_person_of_another(
    offices: Offices, ours: Team, theirs: Theirs
) -> None:
    case = b64(Hand(offices.demo).filed(to=OTHER).case)
    theirs.accept(case)
    for team, is_theirs in ((theirs, True), (ours, False)):
        found = reviewer.get(team.auditor, "/api/audit").json()
        assert {row["office"] for row in found["rows"]} == {OTHER if is_theirs else "zone"}
        assert (case in json.dumps(found)) == is_theirs
        labels = {one["label"] for one in found["people"]}
        assert (theirs.intake.me["label"] in labels) == is_theirs
        assert (ours.intake.me["label"] in labels) != is_theirs


def test_who_sits_in_two_offices_works_for_one_at_a_time(offices: Offices) -> None:
    offices.in_both("verifier")
    keys, _ = offices.keys["both", "verifier"]
    both = Office(offices.demo.review, offices.demo.http(), keys, offices.zone)
    both.login()
    assert (both.offices(), both.serves, both.channels()) == (["zone", OTHER], "zone", ["zone"])
    both.serve(OTHER)
    assert both.channels() == [OTHER]
    with pytest.raises(ClientError, match="wrong_role"):
        both.serve("nobodys")


def test_the_cases_of_a_channel_that_is_listed_no_more_stay_its_offices(offices: Offices) -> None:
    """The last of this file: it takes the firm's second channel out of the directory."""
    zone.add_channel(offices.folder, "hongyun-east", "宏运东厂", policy=f"enterprise:{OTHER}")
    for role in ("intake", "leader", "payout"):
        offices._seat("hongyun-east", role)
    offices.sign()
    keys, rid = offices.keys["both", "intake"]
    person = next(
        one["person"] for one in offices.demo.reporter().trust.newest_channel()["readers"] if one["rid"] == rid
    )
    offices._place(keys, "hongyun-east", "intake", person)
    offices.sign()
    case = b64(Hand(offices.demo).filed(to="hongyun-east").case)
    draft_file = offices.folder / "zone.json"
    told = json.loads(draft_file.read_text(encoding="utf-8"))
    told["channels"] = [one for one in told["channels"] if one["id"] != "hongyun-east"]
    draft_file.write_text(json.dumps(told), encoding="utf-8")
    zone.sign(offices.folder, today=zone_day(time.time()), confirm=lambda one: one["rid"])
    publishing.publish(settings.read({}, data=offices.demo.data), offices.folder, strand=True)
    both = Office(offices.demo.review, offices.demo.http(), keys, offices.zone)
    both.login()
    assert case not in {row["case"] for row in both.inbox()}
    with pytest.raises(ClientError, match="not_found"):
        both.case(case)
    both.serve(OTHER)
    assert case in {row["case"] for row in both.inbox()}
