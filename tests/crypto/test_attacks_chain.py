"""Attacks on the case as a log: each works without the defence first, and is then refused by Chain."""

import dataclasses
import json
import os
from typing import Any

import pytest

from tests.crypto.scene import FILING, FILING_GRANTS, Give, Scene, filed
from whistle.crypto.chain import Chain
from whistle.crypto.directory import Directories, check_apart, sign_directory
from whistle.crypto.encoding import Tag, b64, unb64
from whistle.crypto.errors import EnvelopeError
from whistle.crypto.grants import open_grant
from whistle.crypto.items import Part
from whistle.crypto.keys import KeyPair, root_key, verify
from whistle.crypto.posts import Post, draft_body, sign_post
from whistle.crypto.receipts import check_receipt, sign_receipt

TEXT = [Part("thread", body=b"where?")]


def refused(code: str) -> Any:
    return pytest.raises(EnvelopeError, match=f"^{code}$")


def signed_by_its_own_keys(post: Post) -> None:
    """A naive reader: the keys stand in the first body, so they are hers."""
    verify(unb64(post.fields["reporter"]["sig"]), Tag.POST, post.head_bytes, post.sig)


def test_the_server_swaps_the_reporters_keys_and_answers_as_the_reporter() -> None:
    scene = filed()
    first, server = scene.posts[0], KeyPair(os.urandom(32), os.urandom(32))
    swapped = first.fields | {"reporter": {"kem": b64(server.kem), "sig": b64(server.sig)}}
    body = draft_body("report", swapped, first.items, first.grants)
    forged = sign_post(server, first.head, body)
    signed_by_its_own_keys(forged)

    with refused("wrong_case"):
        Chain(scene.zone, scene.directories, scene.table).add(forged)


def opened_by(scene: Scene, name: str, post: Post, row: int, sealed: bytes) -> list[tuple[str, int, bytes]]:
    pid = unb64(post.pid)
    return open_grant(
        scene.zone, scene.case, post.author, pid, scene.rid(name), scene.keys(name), post.grants[row], sealed
    )


def test_an_assign_hands_the_verifier_the_reporters_words() -> None:
    scene = filed()
    report = scene.items_of(scene.chain.acts[0])[1]
    post = scene.write("bob", "assign", {"seats": []}, [], {"vera": [(report, 0)]})
    # By cryptography alone it opens: only the rule on entries stands between.
    [(item_id, _, key)] = opened_by(scene, "vera", post, 0, scene.grants[0][1])
    assert item_id == report and key == scene.sealed[report].key

    with refused("wrong_role"):
        scene.take(post)


def test_a_regrant_goes_to_a_colleague() -> None:
    scene = Scene()
    scene.file({"bob": [(0, 0), (1, 0)]})
    report = scene.items_of(scene.chain.acts[0])[1]
    post = scene.write("bob", "regrant", {}, [], {"beth": [(report, 0)]})
    assert opened_by(scene, "beth", post, 0, scene.grants[0][1])

    with refused("wrong_readers"):
        scene.take(post)


def handed(scene: Scene, author: str, give: Give) -> None:
    """The chain takes this handover: nothing of it is refused."""
    scene.add(author, "handover", {}, [], give)


def test_a_colleague_of_the_same_role_is_handed_what_it_reads() -> None:
    scene = Scene()
    scene.file({"bob": [(0, 0), (1, 0)], "lena": [(2, 1)], "paul": [(2, 2), (3, 0)]})
    card, report, identity, payout = scene.items_of(scene.chain.acts[0])
    handed(scene, "bob", {"beth": [(card, 0), (report, 0)]})
    handed(scene, "lena", {"leo": [(identity, 1)]})
    handed(scene, "paul", {"pia": [(identity, 2), (payout, 0)]})
    assert scene.chain.holds(scene.rid("beth"), report) == {0}
    assert scene.chain.halves(scene.staff["pia"].person, identity) == {2}


def test_a_handover_goes_to_somebody_who_may_not_be_told() -> None:
    scene = Scene()
    scene.file({"bob": [(0, 0), (1, 0)]}, exclude=[scene.staff["beth"].person])
    report = scene.items_of(scene.chain.acts[0])[1]
    post = scene.write("bob", "handover", {}, [], {"beth": [(report, 0)]})
    # By cryptography alone it opens: the person she named would read her words.
    assert opened_by(scene, "beth", post, 0, scene.grants[0][1])

    with refused("excluded"):
        scene.take(post)


def test_a_handover_goes_to_somebody_who_stepped_back() -> None:
    scene = Scene()
    scene.file({"bob": [(0, 0), (1, 0)]})
    scene.add("beth", "recuse")
    report = scene.items_of(scene.chain.acts[0])[1]
    with refused("excluded"):
        handed(scene, "bob", {"beth": [(report, 0)]})


def test_a_handover_goes_to_a_key_that_was_revoked() -> None:
    scene = Scene()
    scene.file({"bob": [(0, 0), (1, 0)]})
    scene.issue("2026-06-05", "2026-12-01")
    report = scene.items_of(scene.chain.acts[0])[1]
    scene.staff["gone"] = scene.charlie
    with refused("not_a_reader"):
        handed(scene, "bob", {"gone": [(report, 0)]})


@pytest.mark.parametrize(
    ("give", "code"),
    [
        ({}, "wrong_readers"),  # an empty handover
        ({"beth": []}, "wrong_readers"),
        ({"bob": [(1, 0)]}, "wrong_readers"),  # oneself: that is a regrant
        ({"reporter": [(1, 0)]}, "wrong_readers"),
        ({"beth": [(1, 0)], "bo": [(1, 0)]}, "wrong_readers"),  # two people at once
        ({"vera": [(1, 0)]}, "wrong_role"),
        ({"lena": [(1, 0)]}, "wrong_role"),
        ({"finn": [(1, 0)]}, "wrong_role"),
    ],
)
def test_a_handover_that_is_none(give: Give, code: str) -> None:
    scene = Scene()
    scene.file({"bob": [(0, 0), (1, 0)]})
    scene.staff["bo"] = scene.hire(["intake"])
    scene.issue("2026-06-02", "2026-11-29")
    ids = scene.items_of(scene.chain.acts[0])
    with refused(code):
        handed(scene, "bob", {to: [(ids[int(at)], part) for at, part in rows] for to, rows in give.items()})


def test_a_handover_gives_what_its_author_does_not_hold() -> None:
    scene = Scene()
    scene.file({"bob": [(0, 0), (1, 0)]})
    report = scene.items_of(scene.chain.acts[0])[1]
    with refused("not_held"):
        handed(scene, "beth", {"bob": [(report, 0)]})


def test_payout_hands_on_the_half_that_a_leader_gave_to_him_alone() -> None:
    scene = filed()
    identity = scene.items_of(scene.chain.acts[0])[2]
    ask = scene.add("paul", "identity.ask", {"reason": "ID01"})
    scene.add("lena", "identity.give", {"ask": ask.hash}, [], {"paul": [(identity, 1)]})
    assert scene.chain.holds(scene.rid("paul"), identity) == {1, 2}
    with refused("wrong_role"):
        handed(scene, "paul", {"pia": [(identity, 1), (identity, 2)]})


def test_a_handover_brings_both_halves_to_one_person() -> None:
    scene = filed()
    identity = scene.items_of(scene.chain.acts[0])[2]
    old = scene.staff.pop("pia")
    scene.staff["pia"] = scene.hire(["leader"], old.person)
    scene.issue("2026-06-05", "2026-12-01")
    with refused("both_halves"):
        handed(scene, "lena", {"pia": [(identity, 1)]})


def test_a_role_that_only_the_colleague_has_brings_him_nothing() -> None:
    scene = Scene()
    scene.file({"bob": [(0, 0), (1, 0)]})
    scene.accept()
    work = scene.items_of(scene.chain.acts[1])[0]
    scene.add("bob", "assign", {"seats": []}, [], {"vera": [(work, 0)]})
    scene.staff["vic"] = scene.hire(["intake", "verifier"])
    scene.staff["lu"] = scene.hire(["intake", "leader"])
    scene.issue("2026-06-02", "2026-11-29")
    handed(scene, "bob", {"vic": [(work, 0)]})
    with refused("wrong_role"):
        handed(scene, "vera", {"lu": [(work, 0)]})  # leaders read it, and a verifier is none


def test_a_reviewer_repeats_the_reporters_pid_to_pass_as_the_carrier_of_her_items() -> None:
    scene = filed()
    pid = unb64(scene.posts[0].pid)
    post = scene.write("vera", "finding", {"outcome": "verified"}, [Part("work"), Part("award")], {}, pid=pid)
    # Asked by pid alone, both posts carry her items.
    by_pid = [one for one in (scene.posts[0], post) if one.pid == scene.posts[0].pid]
    assert by_pid[-1].author == scene.rid("vera")

    with refused("pid_repeated"):
        scene.take(post)


def proposed_by(chain: Chain) -> str:
    return next(act.author for act in chain.acts if act.kind == "award.propose")


def test_one_human_with_two_keys_proposes_and_approves() -> None:
    scene = filed()
    scene.propose("paul")
    paul = scene.staff["paul"]
    # A new directory turns payout into a leader with a fresh key; his person stays.
    scene.staff["paul2"] = scene.hire(["leader"], paul.person)
    scene.staff["paul"] = dataclasses.replace(paul, roles=[])
    scene.issue("2026-06-05", "2026-12-01")
    post = scene.write("paul2", "award.approve", {"proposal": scene.chain.newest, "fen": 5})
    assert post.author != proposed_by(scene.chain)  # two keys, so a check by key is content

    with refused("same_person"):
        scene.take(post)


def test_one_human_is_paid_by_his_own_approval() -> None:
    scene = filed()
    scene.propose("paul")
    scene.add("lena", "award.approve", {"proposal": scene.chain.newest, "fen": 5})
    scene.staff["lena2"] = scene.hire(["finance"], scene.staff["lena"].person)
    scene.staff["lena"] = dataclasses.replace(scene.staff["lena"], roles=[])
    scene.issue("2026-06-05", "2026-12-01")
    with refused("same_person"):
        scene.add("lena2", "pay", {"voucher": "1", "treasury": "1", "day": "2026-06-10"})


def test_who_checked_the_claim_comes_back_as_finance_and_pays_it() -> None:
    scene = filed()
    scene.add("paul", "claim.check")
    scene.staff["paul2"] = scene.hire(["finance"], scene.staff["paul"].person)
    scene.staff["paul"] = dataclasses.replace(scene.staff["paul"], roles=[])
    scene.issue("2026-06-05", "2026-12-01")
    with refused("same_person"):
        scene.add("paul2", "pay", {"voucher": "1", "treasury": "1", "day": "2026-06-10"})


def test_one_human_with_two_keys_holds_both_halves() -> None:
    scene = filed()
    identity = scene.items_of(scene.chain.acts[0])[2]
    lena = scene.staff["lena"]
    scene.staff["lena2"] = scene.hire(["payout"], lena.person)
    scene.staff["lena"] = dataclasses.replace(lena, roles=[])
    scene.issue("2026-06-05", "2026-12-01")
    post = scene.write("pia", "message", {"comp": "payout"}, [Part("payout")], {"lena2": [(identity, 2)]})
    assert scene.chain.holds(scene.rid("lena2"), identity) == set()  # the new key holds nothing yet

    with refused("both_halves"):
        scene.take(post)


def test_nobody_is_given_both_halves_in_one_post() -> None:
    scene = Scene()
    with refused("wrong_role"):
        scene.file(FILING_GRANTS | {"leo": [(2, 1), (2, 2)]})
    scene.staff["leo2"] = scene.hire(["payout"], scene.staff["leo"].person)
    with refused("roles_apart"):
        scene.issue("2026-06-05", "2026-12-01")


def test_roles_are_apart_over_all_channels() -> None:
    one = {"readers": [{"person": "p", "roles": ["intake"]}]}
    two = {"readers": [{"person": "p", "roles": ["payout"]}]}
    for channel in (one, two):
        check_apart([channel])  # each channel alone looks well

    with refused("roles_apart"):
        check_apart([one, two])


def test_the_server_withholds_a_body_to_hide_who_proposed() -> None:
    scene = filed()
    scene.propose("paul")
    chain = Chain(scene.zone, scene.directories, scene.table)
    chain.add(scene.posts[0])
    chain.add(scene.without_body(scene.posts[1]))
    # By what is left nobody proposed, so anybody may approve.
    assert not any(act.kind == "award.propose" for act in chain.acts)

    with refused("withheld"):
        chain.check_signable()


def told(scene: Scene) -> list[Post]:
    scene.accept()
    scene.add("reporter", "message", {"comp": "thread"}, TEXT, {"bob": [(0, 0)]})
    scene.add("beth", "recuse")
    return scene.posts


@pytest.mark.parametrize(
    "tamper",
    [
        lambda p: [p[0], *p[2:]],
        lambda p: [p[0], p[2], p[1]],
        lambda p: [p[0], p[1], p[3], p[2]],
        lambda p: [*p, p[3]],
    ],
    ids=["drops", "reorders", "reorders the office's", "repeats"],
)
def test_the_server_drops_reorders_or_repeats_a_post(tamper: Any) -> None:
    scene = filed()
    posts = tamper(told(scene))
    for post in posts:  # every signature is good
        keys = scene.alice if post.author == "reporter" else scene.keys("bob" if post.kind == "accept" else "beth")
        verify(keys.sig, Tag.POST, post.head_bytes, post.sig)

    with refused("wrong_place"):
        scene.rebuilt(posts=posts)


def test_a_fork_is_seen_by_whoever_sees_both_sides() -> None:
    scene = filed()
    side = scene.write("beth", "feedback", {}, TEXT)
    scene.take(scene.write("bob", "feedback", {}, TEXT))
    verify(scene.keys("beth").sig, Tag.POST, side.head_bytes, side.sig)

    with refused("wrong_place"):
        scene.take(side)


def test_a_restored_backup_is_proved_by_the_receipt() -> None:
    scene, door = filed(), root_key(os.urandom(32))
    backup = list(scene.posts)
    scene.add("reporter", "message", {"comp": "thread"}, TEXT)
    post = scene.posts[-1]
    document = {
        "v": 1, "suite": "X1", "zone": b64(scene.zone), "door": "public", "epoch": b64(bytes(16)),
        "case": b64(scene.case), "no": post.no, "post": post.hash, "dir": post.head["dir"],
        "day": post.day, "seqc": "",
    }  # fmt: skip
    sign_receipt(door, document)
    restored = scene.rebuilt(posts=backup)  # last week's chain is valid by itself
    assert document["post"] not in {act.hash for act in restored.acts}

    check_receipt(document, post)
    with refused("wrong_receipt"):
        check_receipt(document, scene.posts[0])


def test_a_revoked_reviewer_signs_a_back_dated_decision_under_an_old_directory() -> None:
    scene = filed()
    old = scene.directories.newest_hash
    bob = scene.staff.pop("bob")
    scene.issue("2026-06-08", "2026-12-01")
    scene.add("beth", "message", {"comp": "thread"}, TEXT, {"reporter": [(0, 0)]})
    scene.staff["bob"] = bob
    head = {"dir": old, "when": "2026-06-02T03:00Z"}
    post = scene.write("bob", "decline", {"reason": "NA03"}, [], {}, **head)
    reader = scene.directories.reader(old, "zone", bob.rid)
    assert reader is not None  # asked under the directory his head names, he is a reader
    verify(unb64(reader["sig"]), Tag.POST, post.head_bytes, post.sig)

    with refused("wrong_directory"):
        scene.take(post)
    with refused("not_a_reader"):
        scene.take(scene.write("bob", "decline", {"reason": "NA03"}))


def test_a_decision_dated_before_the_posts_it_follows_is_refused() -> None:
    scene = filed()
    post = scene.write("bob", "decline", {"reason": "NA03"}, when="2026-06-02T03:00Z")
    verify(scene.keys("bob").sig, Tag.POST, post.head_bytes, post.sig)

    with refused("back_dated"):
        scene.take(post)


def test_the_server_invents_a_reviewer() -> None:
    scene, server = Scene(), Scene()
    data, signature = server.signed[0]
    verify(unb64(json.loads(data)["root"]), Tag.DIRECTORY, data, signature)  # signed by the key it names itself

    with refused("wrong_zone"):
        Directories.verify(scene.zone, server.signed)
    after = scene.directory("2026-06-05", "2026-12-01", server.channels[0])
    with refused("bad_signature"):
        Directories.verify(scene.zone, [*scene.signed, sign_directory(server.root, after)])
    with refused("wrong_channel"):
        scene.directories.add_channel(server.channels[0])


def test_a_probe_counts_the_offices_posts_by_the_numbers_it_is_told() -> None:
    scene = filed()
    scene.accept()
    quiet = scene.rebuilt("reporter").acts[-1].no
    scene.propose()
    scene.add("beth", "recuse")
    scene.add("bob", "feedback", {}, TEXT, {"reporter": [(0, 0)]})
    numbered_together = [number for number, post in enumerate(scene.posts) if post.vis == "all"]
    assert numbered_together == [0, 1, 4]  # one count for all would tell of two posts she is not shown

    shown = scene.rebuilt("reporter")
    assert [act.no for act in shown.acts] == [0, 1, 2] and quiet == 1
    office = next(post for post in scene.posts if post.vis == "office")
    with refused("not_shown"):
        shown.add(office)


def test_a_report_is_not_replayed_as_another_case() -> None:
    scene, other = filed(), Scene()
    post = scene.posts[0]
    signed_by_its_own_keys(post)

    with refused("wrong_case"):
        Chain(other.zone, scene.directories, scene.table).add(post)


def test_the_office_answers_in_a_channel_the_case_is_not_in() -> None:
    scene = Scene()
    outsider = scene.hire(["intake"])
    scene.staff["olga"] = outsider
    post = scene.write("reporter", "report", scene.report_fields(), FILING, {"olga": [(1, 0)]})
    with refused("not_a_reader"):
        scene.take(post)
