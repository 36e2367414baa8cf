"""The directory changes under the running doors: who was sealed to, who may sign, who may come in."""

import contextlib
import hashlib
import os
import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import httpx
import pytest

from tests.conftest import Demo
from tests.doors import desk, later
from tests.doors.hand import Hand, error
from tests.doors.office import FEN, PINNED, Team, facts_document
from whistle import house, settings, zone
from whistle.casework.entry import invite_hash
from whistle.client import ClientError, HttpWire, Office, Piece, Public
from whistle.core.clock import zone_day
from whistle.crypto import fingerprint
from whistle.crypto.encoding import b64, unb64
from whistle.crypto.keys import KeyPair, reviewer_id, reviewer_keys
from whistle.crypto.login import sign_enrol
from whistle.crypto.slots import open_slot, seal_slot
from whistle.storage import staff
from whistle.storage.database import Database

DAY = 86_400
Said = dict[str, Any]


@pytest.fixture(scope="module")
def office(zone_demo: Demo) -> Team:
    return Team(zone_demo)


@pytest.fixture
def at_door(zone_demo: Demo) -> Hand:
    return Hand(zone_demo)


def sign(demo: Demo, change: Callable[[Any], object] | None = None) -> None:
    """The next directory, signed and taken over by the running doors."""
    folder = demo.data / "zone"
    if change is not None:
        change(folder)
    today = zone_day(time.time())
    zone.sign(folder, today=today, confirm=lambda reader: fingerprint.show(unb64(reader["rid"])))
    house.publish(settings.read({}, data=demo.data), folder)


def database(demo: Demo) -> Database:
    return Database.open(f"sqlite:///{demo.data / 'whistle.db'}")


# A newer directory


def test_a_post_under_an_old_directory_is_told_which_is_the_newest(zone_demo: Demo, at_door: Hand) -> None:
    draft = at_door.report()
    proof = at_door.work(draft)
    sign(zone_demo)
    answer = at_door.send(draft, proof=proof)
    assert error(answer) == (409, "stale_directory")
    assert answer.json()["no"] == at_door.public.trust.refresh().newest["no"]
    assert at_door.case(draft.ticket).status_code == 404
    again = replace(draft, head=draft.head | {"dir": at_door.public.trust.newest_hash})
    assert at_door.send(again, proof=proof).status_code == 201


def test_a_receipt_from_before_is_given_again_after(zone_demo: Demo, at_door: Hand) -> None:
    draft = at_door.report()
    upload, first = draft.upload(), at_door.send(draft)
    sign(zone_demo)
    again = at_door.send(draft, upload)
    assert (again.status_code, again.json()) == (200, first.json())


def test_reporter_and_office_go_on_without_typing_again(zone_demo: Demo, office: Team) -> None:
    alice = zone_demo.reporter()
    filed = alice.submit("换钥匙的那天")
    sign(zone_demo)
    alice.message(filed.ticket, "还在。")
    sign(zone_demo)
    office.intake.message(filed.case, "收到。")
    assert [line.text for line in alice.status(filed.ticket).posts] == ["", "还在。", "收到。"]


def test_a_session_ends_with_the_key_that_left_the_directory(zone_demo: Demo) -> None:
    keys, rid = new_reader(zone_demo, "auditor")
    guest = Office(zone_demo.review, zone_demo.http(), keys, zone.load(zone_demo.data / "zone").id)
    guest.login()
    sign(zone_demo, lambda folder: zone.remove_reader(folder, "zone", rid))
    with pytest.raises(ClientError, match="not_signed_in"):
        guest.inbox()
    with pytest.raises(ClientError, match="not_signed_in"):
        guest.login()


def new_reader(demo: Demo, role: str, person: str = "") -> tuple[KeyPair, str]:
    """A fresh key in the next directory, of a new person unless one is named."""
    keys, folder = reviewer_keys(os.urandom(32)), demo.data / "zone"
    who = person or zone.add_person(folder, "新来的")
    rid = zone.add_reader(folder, "zone", kem=keys.kem, sig=keys.sig, person=who, roles=[role], label=f"{role} 2")
    sign(demo)
    return keys, rid


def test_an_excluded_person_sees_nothing_with_a_new_key_either(zone_demo: Demo, office: Team, at_door: Hand) -> None:
    person = office.person("finance")
    case = b64(at_door.filed(exclude=(person,)).case)
    office.to_notice(case)
    keys, _ = new_reader(zone_demo, "finance", person)
    with_new_key = Office(zone_demo.review, zone_demo.http(), keys, zone.load(zone_demo.data / "zone").id)
    with_new_key.login()
    with pytest.raises(ClientError, match="not_found"):
        with_new_key.case(case)


# A second inspector


def waiting(code: str) -> Any:
    return pytest.raises(ClientError, check=lambda error: error.facts.get("reason") == code)


def test_a_finding_counts_once_the_second_inspector_has_signed_it(
    zone_demo: Demo, office: Team, at_door: Hand
) -> None:
    """With the setting on: feedback and award wait for the co-signature, and a new finding for a new one."""
    case, (keys, rid) = b64(at_door.filed().case), new_reader(zone_demo, "verifier")
    office.accept(case)
    office.intake.extract(case, {"line": "检查设备"}, "检查设备防护。")
    with later.door(zone_demo.data, "review", cosign=True) as url, contextlib.ExitStack() as open_clients:

        def at_desk(who: KeyPair) -> Office:
            http = open_clients.enter_context(later.client())
            desk = Office(url, http, who, zone.load(zone_demo.data / "zone").id)
            desk.login()
            return desk

        first, intake, payout = (at_desk(zone_demo.keys(role)[0]) for role in ("verifier", "intake", "payout"))
        second = at_desk(keys)
        seats = {"verifier": [office.person("verifier"), second.me["person"]], "leader": [office.person("leader")]}
        intake.assign(case, seats)
        first.finding(case, "verified", "属实。", facts_document(), second="周核")
        with waiting("cosign"):
            intake.feedback(case, "属实。")
        with waiting("cosign"):
            payout.propose(case, *PINNED, FEN, facts_document())
        with pytest.raises(ClientError, match="refused"):
            first.cosign(case)
        second.cosign(case, "与现场记录一致。")
        assert "与现场记录一致。" in [item.text for item in office.leader.case(case).items]
        first.finding(case, "verified", "补一处。", facts_document())
        with pytest.raises(ClientError, match="refused"):
            intake.feedback(case, "属实。")
        second.cosign(case)
        intake.feedback(case, "属实。")
        payout.propose(case, *PINNED, FEN, facts_document())
    assert office.leader.case(case).fold.state == "reward_proposed"
    sign(zone_demo, lambda folder: zone.remove_reader(folder, "zone", rid))


# A second leader


def test_where_the_only_leader_refused_another_is_named_and_looks_again(
    zone_demo: Demo, office: Team
) -> None:
    """A deputy, or whom the level above sends: into the directory, then seated by intake, then he decides."""
    alice = zone_demo.reporter()
    one = alice.submit("传送带没有急停。", category="violation")
    office.to_finding(one.case)
    office.leader.refuse_award(one.case, "NR03")
    alice.objection(one.ticket, "award.refuse", "企业并没有列入整改。")
    assert "objection.decide" not in office.leader.kinds(office.leader.case(one.case))
    act = desk.act(office.leader, one.case, "objection.decide", objected(office, one.case), [Piece("thread")])
    assert act.send().json()["reason"] == "same_person"
    keys, rid = new_reader(zone_demo, "leader")
    deputy = Office(zone_demo.review, zone_demo.http(), keys, zone.load(zone_demo.data / "zone").id)
    deputy.login()
    office.intake.assign(one.case, {"verifier": [office.person("verifier")], "leader": [deputy.me["person"]]})
    assert "检查设备防护。" in [item.text for item in deputy.case(one.case).items]
    deputy.decide_objection(one.case, "upheld", "异议成立,重新办理奖励。")
    assert alice.status(one.ticket).posts[-1].text == "异议成立,重新办理奖励。"
    assert office.payout.case(one.case).fold.state == "verified"
    sign(zone_demo, lambda folder: zone.remove_reader(folder, "zone", rid))


def objected(office: Team, case: str) -> Said:
    found = office.leader.case(case).fold.objection
    assert found is not None
    return {"objection": found.hash, "about": found.about, "outcome": "rejected"}


# An expired directory


def test_when_the_list_of_keys_has_expired_reporters_still_file_and_reviewers_wait(zone_demo: Demo) -> None:
    half_a_year = 181 * DAY
    with (
        later.door(zone_demo.data, "public", half_a_year) as url,
        later.door(zone_demo.data, "review", half_a_year) as review,
        later.client() as http,
        later.client() as at_desk,
    ):
        alice = Public(HttpWire(url, http))
        assert alice.expired(zone_day(time.time() + half_a_year))
        filed = alice.submit("名单过期了也要能举报")
        assert alice.status(filed.ticket).state == "received"
        keys, zone_id = zone_demo.keys("intake")
        bob = Office(review, at_desk, keys, zone_id, clock=lambda: time.time() + half_a_year)
        bob.login()
        assert filed.case in [row["case"] for row in bob.inbox()]
        act = desk.act(bob, filed.case, "decline", {"reason": "NA03"}, [Piece("work"), Piece("thread")])
        assert error(act.send()) == (409, "expired_directory")
        with pytest.raises(ClientError, match="expired_directory"):
            bob.decline(filed.case, "NA03")


# An invitation


def invited(demo: Demo, login: str, until: str = "") -> str:
    drawn = os.urandom(16)
    invite = staff.Invite(invite_hash(drawn), "受理员 9", login, until or zone_day(time.time() + DAY))
    with database(demo) as db:
        db.write_sync(lambda tx: staff.add_invite(tx, invite))
    return b64(drawn)


def enrolment(demo: Demo, invite: str, keys: KeyPair, seed: bytes, passphrase: str, **bent: Any) -> Said:
    zone_raw = zone.load(demo.data / "zone").raw
    rid = reviewer_id(zone_raw, keys.kem, keys.sig)
    return {
        "invite": invite,
        "kem": b64(keys.kem),
        "sig": b64(keys.sig),
        "proof": b64(sign_enrol(keys, zone_raw, unb64(invite))),
        "slot": seal_slot(zone_raw, rid, seed, passphrase),
    } | bent


def enrol(demo: Demo, said: Said) -> httpx.Response:
    return demo.http().post(f"{demo.review}/api/enrol", json=said)


@pytest.fixture(scope="module")
def seed() -> bytes:
    return os.urandom(32)


def test_from_an_invitation_to_the_first_act_under_the_new_key(zone_demo: Demo, seed: bytes, at_door: Hand) -> None:
    invite, keys, passphrase = invited(zone_demo, "second"), reviewer_keys(seed), "kvm7q-hr4tw-zn2pd-yc8xe"
    shown = zone_demo.http().get(f"{zone_demo.review}/api/enrol", headers={"Whistle-Invite": invite}).json()
    folder = zone_demo.data / "zone"
    assert shown == {"zone": zone.load(folder).id, "label": "受理员 9", "login": "second"}
    answer = enrol(zone_demo, enrolment(zone_demo, invite, keys, seed, passphrase))
    assert answer.status_code == 201
    new = Office(zone_demo.review, zone_demo.http(), keys, shown["zone"])
    with pytest.raises(ClientError, match="not_signed_in"):
        new.login()
    person = zone.add_person(folder, "孙丽")
    rid = zone.add_reader(folder, "zone", kem=keys.kem, sig=keys.sig, person=person, roles=["intake"], label="受理员 9")
    assert rid == answer.json()["rid"]
    sign(zone_demo)
    (slot,) = zone_demo.http().post(f"{zone_demo.review}/api/slots", json={"login": "second"}).json()["slots"]
    assert open_slot(slot, passphrase) == seed
    new.login()
    with database(zone_demo) as db:
        member = db.read_sync(lambda tx: staff.staff(tx, rid))
    assert member is not None
    assert (member.status, member.person) == ("active", person)
    case = b64(Hand(zone_demo).filed().case)
    new.decline(case, "NA03")
    assert new.case(case).fold.state == "not_accepted"


def test_an_invitation_is_good_once(zone_demo: Demo, seed: bytes) -> None:
    invite, other = invited(zone_demo, "third"), reviewer_keys(hashlib.sha256(seed).digest())
    said = enrolment(zone_demo, invite, other, hashlib.sha256(seed).digest(), "x")
    assert enrol(zone_demo, said).status_code == 201
    assert error(enrol(zone_demo, said)) == (404, "not_found")
    gone = zone_demo.http().get(f"{zone_demo.review}/api/enrol", headers={"Whistle-Invite": invite})
    assert error(gone) == (404, "not_found")


def test_a_used_old_or_made_up_invitation_looks_the_same(zone_demo: Demo) -> None:
    old = invited(zone_demo, "late", until="2020-01-01")
    answers = {
        zone_demo.http().get(f"{zone_demo.review}/api/enrol", headers={"Whistle-Invite": told}).content
        for told in (old, b64(os.urandom(16)), "AAAA", "", "x" * 500)
    }
    assert answers == {b'{"error":"not_found"}'}


BENT: dict[str, tuple[Callable[[Said], Said], set[tuple[int, str]]]] = {
    "another key's proof": (lambda said: {"proof": b64(bytes(64))}, {(422, "refused")}),
    "no proof": (lambda said: {"proof": ""}, {(400, "malformed")}),
    "a short key": (lambda said: {"kem": said["kem"][:-4]}, {(400, "malformed")}),
    "a zero key": (lambda said: {"kem": b64(bytes(1216))}, {(422, "refused")}),
    "a weak slot": (lambda said: {"slot": said["slot"] | {"iterations": 1_000}}, {(422, "refused")}),
    "a slot of another key": (lambda said: {"slot": said["slot"] | {"rid": b64(bytes(16))}}, {(422, "refused")}),
    "a slot that is none": (lambda said: {"slot": []}, {(400, "malformed")}),
    "a slot with more in it": (lambda said: {"slot": said["slot"] | {"note": "x"}}, {(400, "malformed")}),
    "an invitation that is a number": (lambda said: {"invite": 5}, {(404, "not_found")}),
}


@pytest.fixture(scope="module")
def good(zone_demo: Demo) -> Said:
    fresh = os.urandom(32)
    return enrolment(zone_demo, invited(zone_demo, "bent"), reviewer_keys(fresh), fresh, "x")


@pytest.mark.parametrize("how", BENT)
def test_a_bent_enrolment_is_refused(zone_demo: Demo, good: Said, how: str) -> None:
    bend, expected = BENT[how]
    assert error(enrol(zone_demo, good | bend(good))) in expected


def test_after_every_bent_try_the_invitation_is_still_good(zone_demo: Demo, good: Said) -> None:
    assert enrol(zone_demo, good).status_code == 201


def test_a_login_name_that_is_taken_is_told(zone_demo: Demo) -> None:
    fresh = os.urandom(32)
    said = enrolment(zone_demo, invited(zone_demo, "intake"), reviewer_keys(fresh), fresh, "x")
    assert error(enrol(zone_demo, said)) == (409, "conflict")
