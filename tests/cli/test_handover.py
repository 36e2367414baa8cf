"""`whistle handover`: every case to one's own new key, or to a colleague; and what the door takes of no handover."""

import json
import os
import re
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest

from tests.cli.shell import Shell
from tests.conftest import Demo, start
from tests.doors import reviewer
from tests.doors.office import Team
from tests.doors.test_files import film
from whistle import publishing, settings, zone
from whistle.client import ClientError, Office, Piece
from whistle.client.reading import Opened
from whistle.client.rotation import hand_over, hand_to
from whistle.core.clock import zone_day
from whistle.crypto import fingerprint
from whistle.crypto.encoding import b64, unb64
from whistle.crypto.grants import Key
from whistle.crypto.keys import KeyPair, reviewer_id, reviewer_keys
from whistle.crypto.login import sign_enrol
from whistle.crypto.slots import seal_slot

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


def typed(words: str, *command: object) -> str:
    """What the command says to a person at a terminal who types these words."""
    keyboard, terminal = os.openpty()
    arguments = [sys.executable, "-m", "whistle", *map(str, command)]
    with subprocess.Popen(arguments, stdin=terminal, stdout=subprocess.PIPE, stderr=subprocess.STDOUT) as process:
        os.write(keyboard, f"{words}\n".encode())
        said, _ = process.communicate(timeout=120)
    for end in (keyboard, terminal):
        os.close(end)
    return said.decode()


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
    assert "Not confirmed" in typed("受理员 2", *command, "--to", "受理员 3")
    assert not set(filed) & {row["case"] for row in late.inbox()}

    # Broken off after the first case, and begun again.
    next(one for one in hand_to(moving.office("intake"), late.me["person"]) if one.came == "done")
    ran = shell(*command, "--to", "受理员 3", "--yes", "--json")
    came = {one["case"]: one["came"] for one in json.loads(ran.out)}
    assert ran.status == 1 and "1 not" in ran.err
    assert came.pop(barred) == "refused_colleague_barred"
    alone = {one["case"] for one in json.loads(ran.out) if one["alone"]}
    assert alone == {barred}
    assert "It opens for you alone" in shell(*command, "--to", "受理员 3", "--dry-run").out
    assert set(came.values()) == {"done", "nothing"}
    for case in filed:
        seen, his = late.case(case), bob.case(case)
        assert [item.text for item in seen.items] == [item.text for item in his.items]
        assert late.card(next(row for row in late.inbox() if row["case"] == case))
    assert barred not in {row["case"] for row in late.inbox()}
    assert "0 handed over, 1 not" in typed("受理员 3", *command, "--to", "受理员 3")
    again = shell(*command, "--to", fingerprint.show(unb64(late.rid)), "--yes", "--json").json
    assert {one["came"] for one in again if one["case"] != barred} == {"nothing"}


def test_one_case_is_handed_over_by_act(shell: Shell, moving: Demo, beth: Office) -> None:
    hers = {row["case"] for row in beth.inbox()}
    case = next(row["case"] for row in moving.office("intake").inbox() if row["case"] not in hers)
    shell.env.setenv("WHISTLE_PASSPHRASE", moving.passphrase("intake"))
    key = ("--server", moving.review, "--key", moving.data / "staff" / "intake.key", "--case", case)
    assert "items to hand over" in shell.done("act", "handover", "colleague=受理员 2", *key).out
    assert beth.case(case).items
    again = shell("act", "handover", "colleague=受理员 2", *key)
    assert again.status == 1 and "has all of it already" in again.err
    other = shell("act", "handover", "colleague=核查员 1", *key)
    assert other.status == 1 and "受理员 2" in other.err


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


def test_nobody_leaves_as_the_last_reader(shell: Shell, moving: Demo, tmp_path: Path) -> None:
    folder, data, old = moving.data / "zone", ("--data", moving.data), listed(moving, "leader")
    Team(moving).to_verifier(case := moving.reporter().submit(WORDS, category="violation").case)
    counts = tmp_path / "sole.json"
    assert "审批人 1  " in shell.done("staff", "sole", *data, "--out", counts).out
    cases = next(cases for rids, cases in json.loads(counts.read_text())["sole"] if rids == [old["rid"]])
    assert cases >= 1

    # The directory that drops him is warned of offline, and refused by the server, which takes nothing over.
    shell.done("zone", "remove", folder, "--channel", "zone", "--reader", old["rid"])
    (tmp_path / "other.json").write_text('{"v": 1, "zone": "AAAA", "sole": []}', encoding="utf-8")
    assert "not what whistle staff sole writes" in shell("zone", "sign", folder, "--sole", tmp_path / "other.json").err
    warned = shell.done("zone", "sign", folder, "--sole", counts, "--json")
    assert "last_reader" in warned.json["warnings"] and "审批人 1" in warned.err
    newest = moving.reporter().trust.newest_hash
    refused = shell("zone", "publish", folder, "--here", *data)
    assert refused.status == 1 and f"last reader of {cases} open cases" in refused.err
    shown = fingerprint.show(unb64(old["rid"]))
    alone = re.findall(r"Only 审批人 1 \(([0-9a-f ]+)\) opens: (\w+), (\d+) cases", refused.err)
    assert {"identity", "work"} <= {comp for key, comp, _ in alone if key == shown}, refused.err
    assert max(int(count) for *_, count in alone) == cases
    ways = [refused.err.index(words) for words in ("with its owner", "foreign hands", "nobody has it")]
    assert ways == sorted(ways), "what to do first, for each place where the key may be"
    assert moving.reporter().trust.newest_hash == newest
    assert moving.office("leader").case(case).items

    # He is listed again beside whoever takes over, is told what comes first, hands over and leaves.
    told = {name: unb64(old[name]) for name in ("kem", "sig")}
    zone.add_reader(folder, "zone", **told, person=old["person"], roles=["leader"], label=old["label"])
    lena = hired(moving, "leader", label="审批人 2")
    (tmp_path / "why").write_text("亲属在该企业任职。", encoding="utf-8")
    key = ("--server", moving.review, "--key", moving.data / "staff" / "leader.key", "--case", case)
    command = of(shell, moving, "leader")
    alone = shell("act", "recuse", f"why=@{tmp_path / 'why'}", *key)
    assert alone.status == 1 and "Only you can open identity of this case" in alone.err
    shell.done(*command, "--to", "审批人 2", "--yes")
    left = json.loads(shell.done("staff", "sole", *data, "--json").out)["sole"]
    assert [old["rid"]] not in [rids for rids, _ in left]
    shell.done("zone", "remove", folder, "--channel", "zone", "--reader", old["rid"])
    shell.done("staff", "sole", *data, "--out", counts)
    assert "last_reader" not in shell.done("zone", "sign", folder, "--sole", counts, "--json").json["warnings"]
    shell.done("zone", "publish", folder, "--here", *data)
    lena.login()
    assert {item.comp for item in lena.case(case).items} >= {"work"}


def test_whoever_lost_his_key_gets_his_cases_from_a_colleague(shell: Shell, moving: Demo, beth: Office) -> None:
    folder, data, old = moving.data / "zone", ("--data", moving.data), listed(moving, "intake")
    assert old["label"] == "受理员 1"
    shell(*of(shell, moving, "intake"), "--to", "受理员 2", "--yes")
    his = {row["case"] for row in moving.office("intake").inbox()} & {row["case"] for row in beth.inbox()}
    assert len(his) > 3

    # Revoked: the account at once, the key with the next directory.
    shell.done("staff", "close", old["rid"], *data)
    shell.done("zone", "remove", folder, "--channel", "zone", "--reader", old["rid"])
    shell.done("zone", "sign", folder)
    shell.done("zone", "publish", folder, "--here", *data)
    with pytest.raises(ClientError):
        moving.office("intake")

    # Invited again under the same login, with a new key; the same person at the ceremony.
    invited = shell.done("staff", "invite", "--label", "受理员 1", "--login", "intake", "--again", "--json", *data).json
    keys, shown = enrolled(moving, invited["url"].partition("#")[2])
    shell.done("staff", "keys", "--out", moving.data / "keys", *data)
    (carried,) = (moving.data / "keys").glob("intake*.json")
    reading = ("--key", carried, "--person", old["person"], "--role", "intake")
    shell.done("zone", "reader", folder, *reading, "--label", "受理员 1", "--channel", "zone")
    shell.done("zone", "sign", folder, "--accept", shown)
    shell.done("zone", "publish", folder, "--here", *data)
    fresh = Office(moving.review, moving.http(), keys, zone.load(folder).id)
    fresh.login()
    assert not his & {row["case"] for row in fresh.inbox()}

    # A colleague hands over, with her own key file.
    beth.login()
    assert {one.came for one in hand_to(beth, old["person"])} <= {"done", "nothing"}
    assert his <= {row["case"] for row in fresh.inbox()}
    for case in his:
        mine, hers = fresh.case(case).items, beth.case(case).items
        assert [item.text for item in mine] == [item.text for item in hers]


def enrolled(demo: Demo, invite: str) -> tuple[KeyPair, str]:
    """What a person's browser does with an invitation: a new key, and the fingerprint that is read out."""
    zone_id, seed = unb64(zone.load(demo.data / "zone").id, 16), os.urandom(32)
    keys = reviewer_keys(seed)
    rid = reviewer_id(zone_id, keys.kem, keys.sig)
    said = {"invite": invite, "kem": b64(keys.kem), "sig": b64(keys.sig)}
    proof = b64(sign_enrol(keys, zone_id, unb64(invite)))
    slot = seal_slot(zone_id, rid, seed, "kvm7q-hr4tw-zn2pd-yc8xe")
    answer = demo.http().post(f"{demo.review}/api/enrol", json=said | {"proof": proof, "slot": slot})
    assert answer.status_code == 201, answer.text
    return keys, fingerprint.show(rid)


def test_a_case_whose_seated_person_left_waits_for_who_stays(shell: Shell, moving: Demo, beth: Office) -> None:
    """Else it stood in nobody's list: he is seated for ever, and signs in no more."""
    team, leaver, stays = Team(moving), hired(moving, "verifier", label="核查员 7"), moving.office("verifier")
    team.intake = beth
    case = moving.reporter().submit(WORDS).case
    team.accept(case)
    team.intake.extract(case, {"category": "violation", "line": "检查接地"}, "检查接地。")
    team.intake.trust.refresh()
    team.intake.assign(case, {"verifier": [leaver.me["person"]], "leader": [listed(moving, "leader")["person"]]})

    def waits() -> set[str]:
        asked = {"stays": stays, "intake": team.intake}
        return {name for name, desk in asked.items() if any(one["case"] == case for one in desk.inbox(mine="1"))}

    assert waits() == set()
    leaver.hand_over(case, str(stays.me["person"]))
    zone.remove_reader(moving.data / "zone", "zone", leaver.rid)
    signed(moving)
    shell.done("jobs", "--once", "--data", moving.data)
    assert waits() == {"stays", "intake"}, "who stays may act, and intake may seat another"


def test_what_was_published_all_the_same_is_red(shell: Shell, moving: Demo) -> None:
    folder, data = moving.data / "zone", ("--data", moving.data)
    found = shell("doctor", *data, "--json").json
    assert [one["level"] for one in found if one["code"] == "readership"] == ["ok"]
    for one in moving.reporter().trust.newest_channel()["readers"]:
        if "leader" in one["roles"]:
            zone.remove_reader(folder, "zone", one["rid"])
    shell.done("zone", "sign", folder)
    assert shell("zone", "publish", folder, "--here", *data).status == 1
    shell.done("zone", "publish", folder, "--here", "--strand", *data)
    ran = shell("doctor", *data, "--json")
    red = {one["code"]: one["facts"] for one in ran.json if one["level"] == "red"}
    assert ran.status == 1 and {"readership", "unattended", "few_readers"} <= red.keys()
    assert red["readership"]["count"] > 3 and red["unattended"]["role"] == "leader"
    assert "opens for nobody any more" in shell("doctor", *data).out


@pytest.fixture(scope="module")
def spoiling(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    """A demo of its own, in which colleagues seal keys that open nothing."""
    running = start(tmp_path_factory.mktemp("spoiling") / "data")
    yield running
    running.kill()


def false_keys(items: Iterable[Opened]) -> tuple[Key, ...]:
    return tuple((item.id, 0, os.urandom(32)) for item in items)


def films(items: list[Opened]) -> list[Opened]:
    return [item for item in items if item.apart]


def test_keys_that_open_nothing_do_not_stop_an_honest_colleague(shell: Shell, spoiling: Demo) -> None:
    """A grant says who was given a key, not that it opens: what a dishonest colleague sealed is handed again."""
    mallory, bob = hired(spoiling, "intake", label="受理员 2"), spoiling.office("intake")
    public, whole = spoiling.reporter(), film()
    opened = public.submit(WORDS, category="violation")
    public.attach(opened.ticket, whole)
    case, body = opened.case, b"".join(whole.pieces())
    lena = hired(spoiling, "intake", label="受理员 3")
    mallory.trust.refresh()
    false = false_keys(mallory.case(case).items)
    assert reviewer.act(mallory, case, "handover", give={lena.rid: false}).send().status_code == 201
    first = lena.case(case)
    assert first.items == films(first.items), "of a large file it is seen when it is fetched"
    with pytest.raises(ClientError, match="broken"):
        list(lena.fetch(first, first.items[0]).pieces())
    (handed,) = {act.hash for act in first.acts if act.kind == "handover"}
    assert first.broken and all(item.given == (handed,) for item in first.broken)

    with pytest.raises(ClientError):
        bob.hand_over(case, str(lena.me["person"]))
    command = (*of(shell, spoiling, "intake"), "--to", "受理员 3")
    look = shell.done(*command, "--dry-run", "--json").json
    assert [one["came"] for one in look if one["case"] == case] == ["nothing"]
    look = shell.done(*command, "--again", "--dry-run", "--json").json
    assert [(one["came"], one["items"]) for one in look if one["case"] == case] == [("due", len(false))]
    shell.done(*command, "--again", "--yes")
    view = lena.case(case)
    assert [item.text for item in view.items] == [item.text for item in bob.case(case).items] and not view.broken
    assert [b"".join(lena.fetch(view, item).pieces()) for item in films(view.items)] == [body]

    # Of a large file which key opens it is not known before: all of them are handed on.
    lena.hand_over(case, str(mallory.me["person"]), again=True)
    (item,) = films(mallory.case(case).items)
    assert b"".join(mallory.fetch(mallory.case(case), item).pieces()) == body


def test_a_seat_given_with_false_keys_is_given_again(spoiling: Demo) -> None:
    case, bob = spoiling.reporter().submit(WORDS, category="violation").case, spoiling.office("intake")
    Team(spoiling).accept(case)
    bob.extract(case, {"category": "violation", "line": "检查接地"}, "检查接地。")
    vera = spoiling.office("verifier")
    seats = {"verifier": [str(vera.me["person"])], "leader": [listed(spoiling, "leader")["person"]]}
    false = false_keys(item for item in bob.case(case).items if item.comp == "work")
    fields = {"seats": [[role, people] for role, people in seats.items()]}
    assert reviewer.act(bob, case, "assign", fields, give={vera.rid: false}).send().status_code == 201
    bob.assign(case, seats)
    assert "检查接地。" not in [item.text for item in vera.case(case).items]
    bob.assign(case, seats, again=True)
    assert "检查接地。" in [item.text for item in vera.case(case).items]


def test_ones_own_new_key_is_given_again_what_a_colleague_spoiled(shell: Shell, spoiling: Demo) -> None:
    case, mallory = spoiling.reporter().submit(WORDS).case, hired(spoiling, "intake", label="受理员 4")
    spoiling.office("intake").hand_over(case, str(mallory.me["person"]))
    fresh = new_key(spoiling, "intake")
    mallory.trust.refresh()
    false = false_keys(mallory.case(case).items)
    assert reviewer.act(mallory, case, "handover", give={fresh.rid: false}).send().status_code == 201
    command = of(shell, spoiling, "intake")
    shell.done(*command)
    assert fresh.case(case).broken
    shell.done(*command, "--again")
    assert not fresh.case(case).broken and WORDS in [item.text for item in fresh.case(case).items]
    zone.remove_reader(spoiling.data / "zone", "zone", fresh.rid)
    signed(spoiling)  # for the test below the old key is the newest again


def test_an_identity_whose_half_is_false_is_asked_for_again(spoiling: Demo) -> None:
    public = spoiling.reporter()
    case = public.submit(WORDS, category="violation", reward="yes", contact="王芳 13800000000").case
    Team(spoiling).to_finding(case)
    payout, leader = spoiling.office("payout"), spoiling.office("leader")
    payout.ask_identity(case, "ID01")
    view = leader.case(case)
    (identity,) = [entry["id"] for post in view.posts for entry in post.post.items if entry["comp"] == "identity"]
    asked = {"ask": view.fold.asks[-1].hash}
    false = {payout.rid: ((identity, 1, os.urandom(32)),)}
    assert reviewer.act(leader, case, "identity.give", asked, give=false).send().status_code == 201
    (shut,) = payout.case(case).broken
    assert shut.comp == "identity" and len(shut.given) == 1
    payout.ask_identity(case, "ID01")
    leader.give_identity(case)
    assert [item for item in payout.case(case).items if item.comp == "identity"]


def test_the_door_lets_no_last_reader_step_back_unless_he_says_that_he_knows(spoiling: Demo) -> None:
    case = spoiling.reporter().submit(WORDS, category="violation").case
    payout = spoiling.office("payout")
    with pytest.raises(ClientError, check=lambda error: error.facts.get("reason") == "last_reader"):
        payout.recuse(case, "厂长是我连襟。")
    assert "recuse.why" not in [act.kind for act in payout.case(case).acts]
    payout.act(case, "recuse.why", {}, [Piece("work", "厂长是我连襟。".encode(), "text/plain")])
    answer = reviewer.act(payout, case, "recuse").send()
    assert (answer.status_code, answer.json()["reason"]) == (422, "last_reader"), "another client asks nobody"

    # Handed to a colleague, nothing opens for him alone.
    pia = hired(spoiling, "payout", label="发放员 3")
    payout.trust.refresh()
    payout.hand_over(case, str(pia.me["person"]))
    payout.recuse(case, "")
    with pytest.raises(ClientError, check=lambda error: error.facts.get("reason") == "last_reader"):
        pia.recuse(case, "同事。")
    pia.act(case, "recuse.why", {}, [Piece("work", "同事。".encode(), "text/plain")])
    assert reviewer.act(pia, case, "recuse").send(**{"Whistle-Strand": "no"}).json()["reason"] == "last_reader"
    assert reviewer.act(pia, case, "recuse").send(**{"Whistle-Strand": "yes"}).status_code == 201
