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
from tests.doors import later, reviewer
from tests.doors.hand import Hand, error
from tests.doors.office import FEN, PINNED, Team, facts_document
from whistle import publishing, settings, zone
from whistle.casework.login import invite_hash
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
    publishing.publish(settings.read({}, data=demo.data), folder)


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
    assert at_door.send(again).status_code == 201  # with fresh work: a refused post uses its work up


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


def test_a_new_key_is_handed_a_case_without_the_old_one_when_its_person_is_seated_again(
    zone_demo: Demo, office: Team, at_door: Hand
) -> None:
    """The old passphrase is lost, so nobody hands over with it. What intake does not hold comes with a new act."""
    case = b64(at_door.filed().case)
    office.to_proposal(case)
    seats = {role: [office.person(role)] for role in ("verifier", "leader")}
    keys, _ = new_reader(zone_demo, "leader", office.person("leader"))
    again = Office(zone_demo.review, zone_demo.http(), keys, zone.load(zone_demo.data / "zone").id)
    again.login()
    with pytest.raises(ClientError, match="not_found"):
        again.case(case)
    office.intake.assign(case, seats)
    assert {item.comp for item in again.case(case).items if item.kind == "finding"} == {"work"}
    office.payout.propose(case, *PINNED, FEN, facts_document(), reason="更正")
    proposal = again.case(case).fold.proposal
    again.approve(case, differing=True)
    assert proposal and again.case(case).fold.approved == FEN


# A second inspector


def waiting(code: str) -> Any:
    return pytest.raises(ClientError, check=lambda error: error.facts.get("reason") == code)


def test_a_finding_counts_once_the_second_inspector_has_signed_it(zone_demo: Demo, office: Team, at_door: Hand) -> None:
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
        payout.case(case)
        payout.propose(case, *PINNED, FEN, facts_document())
    assert office.leader.case(case).fold.state == "reward_proposed"
    sign(zone_demo, lambda folder: zone.remove_reader(folder, "zone", rid))


# A second leader


def test_where_the_only_leader_refused_another_is_named_and_looks_again(zone_demo: Demo, office: Team) -> None:
    """A deputy, or whom the level above sends: into the directory, then seated by intake, then he decides."""
    alice = zone_demo.reporter()
    one = alice.submit("传送带没有急停。", category="violation")
    office.to_finding(one.case)
    office.leader.refuse_award(one.case, "NR03")
    alice.objection(one.ticket, "award.refuse", "企业并没有列入整改。")
    assert "objection.decide" not in office.leader.kinds(office.leader.case(one.case))
    act = reviewer.act(office.leader, one.case, "objection.decide", objected(office, one.case), [Piece("thread")])
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
        act = reviewer.act(bob, filed.case, "decline", {"reason": "NA03"}, [Piece("work"), Piece("thread")])
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


def test_an_enrolment_whose_answer_was_lost_is_finished_and_an_invitation_is_good_once(
    zone_demo: Demo, seed: bytes
) -> None:
    mine = hashlib.sha256(seed).digest()
    invite, other = invited(zone_demo, "third"), reviewer_keys(mine)
    said = enrolment(zone_demo, invite, other, mine, "x")
    first, again = enrol(zone_demo, said), enrol(zone_demo, said)
    assert (first.status_code, again.status_code, again.json()) == (201, 201, first.json())
    another_slot = enrolment(zone_demo, invite, other, mine, "y")
    another_key = enrolment(
        zone_demo, invite, reviewer_keys(hashlib.sha256(mine).digest()), hashlib.sha256(mine).digest(), "x"
    )
    for bad in (another_slot, another_key):
        assert error(enrol(zone_demo, bad)) == (404, "not_found")
    with database(zone_demo) as db:
        member = db.read_sync(lambda tx: staff.staff(tx, first.json()["rid"]))
    assert member is not None and member.slots == [said["slot"]]
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


def test_a_login_is_invited_again_and_moves_when_the_zone_has_signed_the_new_key(zone_demo: Demo, office: Team) -> None:
    """Until then the old key signs in under the name; afterwards it goes on beside it, to hand its cases over."""
    fresh, passphrase = os.urandom(32), "kvm7q-hr4tw-zn2pd-yc8xe"
    keys = reviewer_keys(fresh)

    def slot_of(login: str) -> Said:
        found: list[Said] = (
            zone_demo.http().post(f"{zone_demo.review}/api/slots", json={"login": login}).json()["slots"]
        )
        return found[0]

    before = slot_of("auditor")
    answer = enrol(zone_demo, enrolment(zone_demo, invited(zone_demo, "auditor"), keys, fresh, passphrase))
    assert answer.status_code == 201
    assert slot_of("auditor") == before
    rid, person = answer.json()["rid"], office.person("auditor")
    told = {"person": person, "roles": ["auditor"], "label": "审计员", "replaces": before["rid"]}
    sign(zone_demo, lambda at: zone.add_reader(at, "zone", kem=keys.kem, sig=keys.sig, **told))
    assert open_slot(slot_of("auditor"), passphrase) == fresh
    assert slot_of(f"auditor+{before['rid']}") == before
    with database(zone_demo) as db:
        db.write_sync(lambda tx: staff.bind_person(tx, before["rid"], person, "审计员"))
    sign(zone_demo, lambda at: zone.remove_reader(at, "zone", rid))
    assert slot_of("auditor") == before
