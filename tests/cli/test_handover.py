"""`whistle handover`: every case to one's own new key, or to a colleague; and what the door takes of no handover."""

import json
import os
import time
from collections.abc import Iterator

import pytest

from tests.cli.shell import Shell
from tests.conftest import Demo, start
from tests.doors import reviewer
from tests.doors.office import Team
from whistle import publishing, settings, zone
from whistle.client import Office
from whistle.client.rotation import hand_over, hand_to
from whistle.core.clock import zone_day
from whistle.crypto import fingerprint
from whistle.crypto.encoding import unb64
from whistle.crypto.keys import reviewer_keys

WORDS = "木工车间的电机外壳没有接地。"


@pytest.fixture(scope="module")
def moving(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    """A demo of its own, whose directory these tests change."""
    running = start(tmp_path_factory.mktemp("handover") / "data")
    yield running
    running.kill()


def new_key(demo: Demo, role: str) -> Office:
    """A second key of whoever has the role, in the next directory, signed in."""
    old = listed(demo, role)
    return seated(demo, [role], "新钥", person=old["person"], replaces=old["rid"])


def hired(demo: Demo, *roles: str, label: str) -> Office:
    """Another person with these roles, in the next directory, signed in."""
    return seated(demo, list(roles), label, person=zone.add_person(demo.data / "zone", label))


def seated(demo: Demo, roles: list[str], label: str, *, person: str, replaces: str = "") -> Office:
    keys, folder = reviewer_keys(os.urandom(32)), demo.data / "zone"
    told = {"person": person, "roles": roles, "label": label, "replaces": replaces}
    zone.add_reader(folder, "zone", kem=keys.kem, sig=keys.sig, **told)
    signed(demo)
    fresh = Office(demo.review, demo.http(), keys, zone.load(folder).id)
    fresh.login()
    return fresh


def signed(demo: Demo) -> None:
    """The working file as the next directory, taken over by the running doors."""
    folder = demo.data / "zone"
    zone.sign(folder, today=zone_day(time.time()), confirm=lambda one: fingerprint.show(unb64(one["rid"])))
    publishing.publish(settings.read({}, data=demo.data), folder)


def listed(demo: Demo, role: str) -> dict[str, str]:
    return next(dict(one) for one in demo.reporter().trust.newest_channel()["readers"] if role in one["roles"])


def of(shell: Shell, demo: Demo, role: str) -> tuple[object, ...]:
    """`whistle handover` with the key file of a role."""
    shell.env.setenv("WHISTLE_PASSPHRASE", demo.passphrase(role))
    return ("handover", "--server", demo.review, "--key", demo.data / "staff" / f"{role}.key")


def test_it_works(shell: Shell, moving: Demo) -> None:
    filed = [moving.reporter().submit(WORDS).case for _ in range(3)]
    command = of(shell, moving, "intake")
    assert "sign the new one" in shell(*command).err
    fresh = new_key(moving, "intake")
    first = next(one for one in hand_over(moving.office("intake")) if one.came == "done")
    came = {one["case"]: one["came"] for one in json.loads(shell.done(*command, "--json").out)}
    assert came.pop(first.case) == "nothing"
    assert set(filed) - {first.case} <= {case for case, one in came.items() if one == "done"}
    for case in filed:
        assert WORDS in [item.text for item in fresh.case(case).items]
    again = json.loads(shell.done(*command, "--json").out)
    assert {one["came"] for one in again} == {"nothing"}
    zone.remove_reader(moving.data / "zone", "zone", fresh.rid)
    signed(moving)  # for the tests below the old key is the newest again


@pytest.fixture(scope="module")
def beth(moving: Demo) -> Office:
    """Hired into intake after the cases came."""
    return hired(moving, "intake", label="受理员 2")


def test_a_colleague_is_handed_every_case_and_sees_it_as_he_would_have(shell: Shell, moving: Demo) -> None:
    filed = [moving.reporter().submit(WORDS, category="violation").case for _ in range(3)]
    bob = moving.office("intake")
    late = hired(moving, "intake", label="受理员 3")
    command = of(shell, moving, "intake")
    assert "受理员 3" in shell(*command, "--to", "张三").err
    barred = moving.reporter().submit(WORDS, exclude=[late.me["person"]]).case
    look = shell.done(*command, "--to", "受理员 3", "--dry-run", "--json").json
    assert {one["came"] for one in look if one["case"] in filed} == {"due"}
    assert not set(filed) & {row["case"] for row in late.inbox()}, "a look hands nothing"
    unasked = shell(*command, "--to", "受理员 3")
    assert unasked.status == 1 and not set(filed) & {row["case"] for row in late.inbox()}

    # Broken off after the first case, and begun again.
    next(one for one in hand_to(moving.office("intake"), late.me["person"]) if one.came == "done")
    ran = shell(*command, "--to", "受理员 3", "--yes", "--json")
    came = {one["case"]: one["came"] for one in json.loads(ran.out)}
    assert ran.status == 1 and "1 not" in ran.err
    assert came.pop(barred) == "refused_colleague_barred"
    assert set(came.values()) == {"done", "nothing"}
    for case in filed:
        seen, his = late.case(case), bob.case(case)
        assert [item.text for item in seen.items] == [item.text for item in his.items]
        assert late.card(next(row for row in late.inbox() if row["case"] == case))
    assert barred not in {row["case"] for row in late.inbox()}
    again = shell(*command, "--to", fingerprint.show(unb64(late.rid)), "--yes", "--json").json
    assert {one["came"] for one in again if one["case"] != barred} == {"nothing"}


def test_one_case_is_handed_over_by_act(shell: Shell, moving: Demo, beth: Office) -> None:
    case = moving.reporter().submit(WORDS, exclude=[]).case
    shell.env.setenv("WHISTLE_PASSPHRASE", moving.passphrase("intake"))
    key = ("--server", moving.review, "--key", moving.data / "staff" / "intake.key", "--case", case)
    done = shell("act", "handover", "colleague=受理员 2", *key)
    assert done.status == 1 and "has all of it already" in done.err  # she was there when it came
    assert shell("act", "handover", "colleague=核查员 1", *key).status == 1


def test_the_door_takes_no_handover_that_is_none(moving: Demo, beth: Office) -> None:
    bob, vera = moving.office("intake"), moving.office("verifier")
    ned = hired(moving, "intake", label="受理员 4")
    shut = hired(moving, "intake", label="受理员 5")
    case = moving.reporter().submit(WORDS, exclude=[shut.me["person"]]).case
    words = next(item for item in bob.case(case).items if item.comp == "report")
    key = ((words.id, 0, words.key),)
    beth.recuse(case, "亲属在该企业任职。")
    old = hired(moving, "intake", label="受理员 6")
    zone.remove_reader(moving.data / "zone", "zone", ned.rid)
    # What a dishonest officer hands over, and what the door says to it.
    refused = [
        ({}, "wrong_readers"),
        ({beth.rid: ()}, "wrong_readers"),
        ({bob.rid: key}, "wrong_readers"),
        ({"reporter": key}, "wrong_readers"),
        ({old.rid: key, ned.rid: key}, "wrong_readers"),
        ({shut.rid: key}, "excluded"),
        ({beth.rid: key}, "excluded"),
        ({vera.rid: key}, "wrong_role"),
        ({listed(moving, "leader")["rid"]: key}, "wrong_role"),
    ]
    bob.login()
    for give, code in refused:
        answer = reviewer.act(bob, case, "handover", give=give).send()
        assert (answer.status_code, answer.json()["reason"]) == (422, code), (give.keys(), code)
    sealed = reviewer.act(bob, case, "handover", give={ned.rid: key})
    signed(moving)  # and ned is revoked
    bob.trust.refresh()
    head = {"dir": bob.trust.newest_hash}
    answer = sealed.send(sealed.upload(**head))
    assert (answer.status_code, answer.json()["reason"]) == (422, "not_a_reader")
    assert [act.kind for act in moving.office("intake").case(case).acts] == ["report", "recuse.why", "recuse"]


def test_payout_hands_on_its_half_and_never_the_leaders(moving: Demo) -> None:
    case = moving.reporter().submit(WORDS, category="violation", reward="yes", contact="王芳 13800000000").case
    Team(moving).to_finding(case)
    payout, leader = moving.office("payout"), moving.office("leader")
    payout.ask_identity(case, "ID01")
    leader.give_identity(case)
    pia = hired(moving, "payout", label="发放员 2")
    payout.login()
    view = payout.case(case)
    (identity,) = [entry["id"] for post in view.posts for entry in post.post.items if entry["comp"] == "identity"]
    halves = tuple(key for key in view.held(identity) if key[1] in (1, 2))
    assert [part for _, part, _ in halves] == [1, 2]
    answer = reviewer.act(payout, case, "handover", give={pia.rid: halves}).send()
    assert (answer.status_code, answer.json()["reason"]) == (422, "wrong_role")
    payout.hand_over(case, pia.me["person"])
    assert pia.case(case).chain.holds(pia.rid, identity) == {2}
    assert not [item for item in pia.case(case).items if item.comp == "identity"]
    pia.ask_identity(case, "ID01")
    leader.give_identity(case)
    assert [item for item in pia.case(case).items if item.comp == "identity"]
