"""A case's chain: it works, then each refusal."""

import dataclasses
import os
from typing import Any

import pytest

from tests.crypto import vectors
from tests.crypto.scene import FILING, FILING_GRANTS, Scene, filed
from whistle.crypto.chain import Chain
from whistle.crypto.encoding import b64
from whistle.crypto.errors import EnvelopeError
from whistle.crypto.items import Part
from whistle.crypto.posts import Post, draft_body

TEXT = [Part("thread", body="请问在哪里?".encode())]
LISTED = {"level": "city", "due": "2026-12-31", "document": "9"}


def refused(code: str) -> Any:
    return pytest.raises(EnvelopeError, match=f"^{code}$")


def test_it_works() -> None:
    scene = filed()
    accepted = scene.accept()
    assert scene.chain.acts[-1] is accepted
    assert (accepted.kind, accepted.no, accepted.comps) == ("accept", 1, ("work", "thread"))
    assert accepted.person == scene.staff["bob"].person
    assert scene.chain.newest == accepted.hash
    assert scene.chain.next("office") == {"no": 0, "prev": accepted.hash, "last": accepted.hash}


@pytest.mark.parametrize("name", ["posts", "rotation_posts"])
@pytest.mark.parametrize("viewer", ["office", "reporter"])
def test_the_vectors_stand_in_both_views(name: str, viewer: Any) -> None:
    chain = Chain(vectors.ZONE, vectors.directories(), vectors.TABLE, viewer=viewer)
    shown = [post for post in vectors.posts(name) if viewer == "office" or post.vis == "all"]
    for post in shown:
        chain.add(post)
    assert [act.hash for act in chain.acts] == [post.hash for post in shown]


def test_the_rotation_vectors_leave_the_recused_out() -> None:
    chain = Chain(vectors.ZONE, vectors.directories(), vectors.TABLE)
    for post in vectors.posts("rotation_posts"):
        chain.add(post)
    assert chain.excluded == {chain.acts[2].person}


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"no": 2}, "wrong_place"),
        ({"no": 0}, "wrong_place"),
        ({"prev": b64(bytes(32))}, "wrong_place"),
        ({"last": b64(bytes(32))}, "wrong_place"),
        ({"case": b64(bytes(32))}, "wrong_case"),
        ({"zone": b64(bytes(16))}, "wrong_case"),
        ({"dir": b64(bytes(32))}, "wrong_directory"),
        ({"vis": "office", "no": 0}, "wrong_vis"),
        ({"when": "2026-06-08T15:59Z"}, "back_dated"),
        ({"when": "2026-05-01T03:00Z"}, "back_dated"),
    ],
)
def test_a_head_that_says_something_else_is_refused(change: dict[str, Any], code: str) -> None:
    scene = filed()
    post = scene.write("bob", "feedback", {}, TEXT, {"reporter": [(0, 0)]}, **change)
    with refused(code):
        scene.take(post)


def test_a_day_may_fall_by_one_because_the_zone_and_the_clocks_differ() -> None:
    scene = filed()
    scene.add("bob", "feedback", {}, TEXT, {"reporter": [(0, 0)]}, when="2026-06-08T16:00Z")
    assert scene.chain.acts[-1].day == "2026-06-09"


def test_a_refused_post_changes_nothing() -> None:
    scene = filed()
    before = (scene.chain.newest, scene.chain.next("all"), set(scene.chain.pids))
    with refused("wrong_role"):
        scene.add("vera", "feedback", {}, TEXT, {"reporter": [(0, 0)]})
    assert (scene.chain.newest, scene.chain.next("all"), set(scene.chain.pids)) == before
    scene.accept()


def test_a_refused_first_post_leaves_the_chain_unopened() -> None:
    scene = Scene()
    with refused("wrong_role"):
        scene.file(FILING_GRANTS | {"vera": [(1, 0)]})
    assert scene.chain.case == "" and not scene.chain.acts
    scene.file()


def test_a_case_begins_with_a_report_and_has_one() -> None:
    scene = Scene()
    with refused("not_a_report"):
        scene.add("reporter", "message", {"comp": "thread"}, TEXT)
    scene.file()
    with refused("not_a_report"):
        scene.file()


def test_a_signature_of_another_key_is_refused() -> None:
    scene = filed()
    post = scene.write("bob", "feedback", {}, TEXT, {"reporter": [(0, 0)]})
    other = scene.write("beth", "feedback", {}, TEXT, {"reporter": [(0, 0)]})
    with refused("bad_signature"):
        scene.take(dataclasses.replace(post, sig=other.sig))


def test_trusted_posts_are_not_verified_again_but_still_follow() -> None:
    scene = filed()
    post = scene.write("bob", "feedback", {}, TEXT, {"reporter": [(0, 0)]})
    unsigned = dataclasses.replace(post, sig=bytes(64))
    scene.chain.add(unsigned, trusted=True)
    with refused("wrong_place"):
        scene.chain.add(unsigned, trusted=True)


def test_somebody_who_is_not_in_the_channel_cannot_sign() -> None:
    scene = filed()
    with refused("not_a_reader"):
        scene.add("charlie", "feedback", {}, TEXT, {"reporter": [(0, 0)]})


def test_a_person_the_report_excludes_neither_signs_nor_reads() -> None:
    scene = Scene()
    excluded = scene.staff["beth"].person
    with refused("excluded"):
        scene.file(exclude=[excluded])
    scene.file({"bob": [(0, 0), (1, 0)]}, exclude=[excluded])
    with refused("excluded"):
        scene.add("beth", "feedback", {}, TEXT)
    with refused("excluded"):
        scene.add("bob", "feedback", {}, TEXT, {"beth": [(0, 0)]})


def test_a_recused_person_neither_signs_nor_reads_but_the_reporter_cannot_know() -> None:
    scene = filed()
    scene.add("beth", "recuse")
    with refused("excluded"):
        scene.add("beth", "feedback", {}, TEXT)
    with refused("excluded"):
        scene.add("bob", "feedback", {}, TEXT, {"beth": [(0, 0)]})
    scene.add("reporter", "message", {"comp": "thread"}, TEXT, {"beth": [(0, 0)], "bob": [(0, 0)]})
    assert scene.chain.excluded == {scene.staff["beth"].person}


def test_a_recuse_carries_no_grants() -> None:
    scene = filed()
    with refused("wrong_readers"):
        scene.add("bob", "recuse", {}, [], {"beth": [(scene.chain.acts[0].items[0]["id"], 0)]})


@pytest.mark.parametrize(
    ("author", "comp", "allowed"),
    [("bob", "thread", True), ("paul", "payout", True), ("bob", "payout", False), ("paul", "thread", False)],
)
def test_intake_writes_in_the_thread_and_payout_about_money(author: str, comp: str, allowed: bool) -> None:
    scene = filed()
    post = scene.write(author, "message", {"comp": comp}, [Part(comp, body=b"x")], {"reporter": [(0, 0)]})
    if allowed:
        scene.take(post)
    else:
        with refused("wrong_role"):
            scene.take(post)


@pytest.mark.parametrize("comps", [[], ["thread"], ["work", "thread", "work"], ["award", "thread"]])
def test_items_of_other_compartments_or_in_another_order_are_refused(comps: list[str]) -> None:
    scene = filed()
    fields = {"pack": "p", "pack_hash": b64(bytes(32)), "fen": 5, "facts": b64(bytes(32))}
    with refused("wrong_items"):
        scene.add("paul", "award.propose", fields, [Part(comp) for comp in comps])


def test_an_item_stands_once_in_a_case() -> None:
    scene = filed()
    act = scene.chain.acts[0]
    body = draft_body("message", {"comp": "payout"}, [act.items[3]], [])
    with refused("item_repeated"):
        scene.take(scene.sign("paul", "message", body))


def test_a_reader_is_named_once() -> None:
    scene = filed()
    post = scene.write("bob", "feedback", {}, TEXT, {"beth": [(0, 0)]})
    body = draft_body("feedback", {}, post.items, [*post.grants, *post.grants])
    with refused("wrong_readers"):
        scene.take(scene.sign("bob", "feedback", body, pid=post.pid))


def test_an_unknown_item_cannot_be_granted() -> None:
    scene = filed()
    unseen = scene.write("bob", "feedback", {}, TEXT)
    with refused("unknown_item"):
        scene.add("bob", "assign", {"seats": []}, [], {"beth": [(unseen.items[0]["id"], 0)]})


def test_only_who_holds_a_key_can_grant_it() -> None:
    scene = Scene()
    scene.file({"bob": [(0, 0), (1, 0)], "lena": [(2, 1)]})
    report = scene.items_of(scene.chain.acts[0])[1]
    with refused("not_held"):
        scene.add("beth", "assign", {"seats": []}, [], {"bob": [(report, 0)]})
    scene.add("bob", "assign", {"seats": []}, [], {"beth": [(report, 0)]})
    assert scene.chain.holds(scene.rid("beth"), report) == {0}


def test_carrying_an_item_gives_no_claim_on_it_later() -> None:
    scene = filed()
    first = scene.add("bob", "message", {"comp": "thread"}, TEXT, {"reporter": [(0, 0)]})
    with refused("not_held"):
        scene.add("bob", "assign", {"seats": []}, [], {"beth": [(first.items[0]["id"], 0)]})


def test_the_reporter_reads_what_reviewers_wrote_and_the_copies_she_takes() -> None:
    scene = Scene()
    scene.file(FILING_GRANTS | {"reporter": [(0, 0), (1, 0), (3, 0)]})
    scene.add("bob", "message", {"comp": "thread"}, TEXT, {"reporter": [(0, 0)]})
    scene.add("reporter", "message", {"comp": "thread"}, TEXT, {"reporter": [(0, 0)], "bob": [(0, 0)]})


def test_an_objection_is_for_the_leaders_too_and_nothing_else_of_the_talk_is() -> None:
    scene = filed()
    give = {"bob": [(0, 0)], "lena": [(0, 0)], "reporter": [(0, 0)]}
    objection = scene.add("reporter", "objection", {"about": "feedback"}, TEXT, give)
    (item,) = scene.items_of(objection)
    assert scene.chain.holds(scene.rid("lena"), item) == {0}
    for kind, fields in (("message", {"comp": "thread"}), ("feedback", {})):
        with refused("wrong_role"):
            scene.add("reporter" if kind == "message" else "bob", kind, fields, TEXT, {"lena": [(0, 0)]})
    with refused("wrong_role"):
        scene.add("reporter", "objection", {"about": "feedback"}, TEXT, {"vera": [(0, 0)]})


def test_who_becomes_leader_later_is_handed_the_objection_and_no_other_word_of_hers() -> None:
    scene = filed()
    said = scene.add("reporter", "message", {"comp": "thread"}, TEXT, {"bob": [(0, 0)]})
    objection = scene.add("reporter", "objection", {"about": "feedback"}, TEXT, {"bob": [(0, 0)]})
    with refused("wrong_role"):
        scene.add("bob", "assign", {"seats": []}, [], {"lena": [(scene.items_of(said)[0], 0)]})
    scene.add("bob", "assign", {"seats": []}, [], {"lena": [(scene.items_of(objection)[0], 0)]})


@pytest.mark.parametrize("other", ["bob", "vera", "reporter"])
def test_why_somebody_steps_back_is_for_the_leaders_alone_also_when_it_is_handed_on(other: str) -> None:
    scene = filed()
    said = scene.add("vera", "recuse.why", {}, [Part("work", body=b"kin")], {"lena": [(0, 0)]})
    with refused("wrong_role"):
        scene.add("vera", "recuse.why", {}, [Part("work", body=b"kin")], {other: [(0, 0)]})
    handed = scene.items_of(said)[0]
    with refused("wrong_role"):
        scene.add("lena", "list", LISTED, [Part("work")], {other: [(handed, 0)]})
    scene.add("lena", "list", LISTED, [Part("work")], {"leo": [(handed, 0)]})


@pytest.mark.parametrize("other", ["bob", "vera", "reporter"])
def test_why_a_proposal_goes_back_is_for_leaders_and_payout_alone(other: str) -> None:
    scene = filed()
    fields, why = {"proposal": b64(bytes(32)), "reason": "UA01"}, [Part("work", body=b"too low")]
    scene.add("lena", "award.return", fields, why, {"leo": [(0, 0)], "paul": [(0, 0)]})
    with refused("wrong_role"):
        scene.add("lena", "award.return", fields, why, {other: [(0, 0)]})


@pytest.mark.parametrize("row", [(2, 1), (2, 2)])
def test_the_reporter_takes_no_copy_of_her_name(row: tuple[int, int]) -> None:
    scene = Scene()
    with refused("wrong_role"):
        scene.file(FILING_GRANTS | {"reporter": [row]})


def test_the_reporter_takes_no_copy_of_her_claim() -> None:
    scene = filed()
    with refused("wrong_role"):
        scene.add("reporter", "claim", {"method": "counter"}, [Part("payout", body=b"{}")], {"reporter": [(0, 0)]})


def test_a_reviewer_gives_the_reporter_neither_office_papers_nor_her_own_words() -> None:
    scene = filed()
    report = scene.items_of(scene.chain.acts[0])[1]
    with refused("wrong_role"):
        scene.add("bob", "assign", {"seats": []}, [], {"reporter": [(report, 0)]})
    parts = [Part("card", body=b"{}"), Part("work", body=b"{}")]
    with refused("wrong_role"):
        scene.add("bob", "extract", {}, parts, {"reporter": [(1, 0)]})


def test_a_whole_identity_key_is_for_nobody() -> None:
    scene = Scene()
    with refused("wrong_role"):
        scene.file(FILING_GRANTS | {"lena": [(2, 0)]})


def test_each_half_is_for_its_own_role() -> None:
    scene = Scene()
    with refused("wrong_role"):
        scene.file(FILING_GRANTS | {"lena": [(2, 2)]})


def test_identity_is_opened_by_two_persons() -> None:
    scene = filed()
    identity = scene.items_of(scene.chain.acts[0])[2]
    ask = scene.add("paul", "identity.ask", {"reason": "ID01"})
    scene.add("lena", "identity.give", {"ask": ask.hash}, [], {"paul": [(identity, 1)]})
    assert scene.chain.holds(scene.rid("paul"), identity) == {1, 2}


def test_half_one_is_given_to_the_author_of_the_ask_only() -> None:
    scene = filed()
    identity = scene.items_of(scene.chain.acts[0])[2]
    ask = scene.add("paul", "identity.ask", {"reason": "ID01"})
    for give in ({"pia": [(identity, 1)]}, {}, {"paul": [(identity, 1)], "pia": [(identity, 1)]}):
        with refused("wrong_readers"):
            scene.add("lena", "identity.give", {"ask": ask.hash}, [], give)
    with refused("unknown_ask"):
        scene.add("lena", "identity.give", {"ask": scene.posts[0].hash}, [], {"paul": [(identity, 1)]})


def test_a_new_key_of_the_same_person_is_given_what_the_old_one_holds() -> None:
    scene = filed()
    identity, payout = scene.items_of(scene.chain.acts[0])[2:]
    ask = scene.add("paul", "identity.ask", {"reason": "ID01"})
    scene.add("lena", "identity.give", {"ask": ask.hash}, [], {"paul": [(identity, 1)]})
    old = scene.staff["paul"]
    scene.staff["paul2"] = scene.hire(["payout"], old.person, old.rid)
    scene.issue("2026-06-05", "2026-12-01")
    scene.add("paul", "regrant", {}, [], {"paul2": [(identity, 1), (identity, 2), (payout, 0)]})
    assert scene.chain.holds(scene.rid("paul2"), identity) == {1, 2}
    with refused("not_held"):
        scene.add("pia", "regrant", {}, [], {"pia": [(identity, 1)]})


def test_a_new_key_gets_nothing_its_roles_do_not_read() -> None:
    scene = filed()
    report = scene.items_of(scene.chain.acts[0])[1]
    scene.staff["bob2"] = scene.hire(["verifier"], scene.staff["bob"].person)
    scene.issue("2026-06-05", "2026-12-01")
    with refused("wrong_role"):
        scene.add("bob", "regrant", {}, [], {"bob2": [(report, 0)]})


def test_the_newest_assign_says_who_is_seated() -> None:
    scene = filed()
    seats = [["verifier", [scene.staff["vera"].person]]]
    scene.add("bob", "assign", {"seats": seats})
    assert scene.chain.seats == seats


def test_nobody_signs_after_a_withheld_body() -> None:
    scene = filed()
    scene.accept()
    scene.propose()
    chain = Chain(scene.zone, scene.directories, scene.table)
    for post in scene.posts[:-1]:
        chain.add(post)
    chain.check_signable()
    act = chain.add(scene.without_body(scene.posts[-1]))
    assert (act.kind, act.person) == ("", scene.staff["paul"].person)
    with refused("withheld"):
        chain.check_signable()
    with refused("withheld"):
        chain.next("all")


def test_after_a_withheld_body_unknown_items_and_possession_are_not_checked() -> None:
    scene = filed()
    given = scene.accept()
    work = scene.items_of(given)[0]
    scene.add("bob", "assign", {"seats": []}, [], {"vera": [(work, 0)]})
    chain = Chain(scene.zone, scene.directories, scene.table)
    chain.add(scene.posts[0])
    chain.add(scene.without_body(scene.posts[1]))
    chain.add(scene.posts[2])
    assert chain.withheld == [given.hash]


def test_a_post_without_body_still_needs_a_live_author() -> None:
    scene = filed()
    with refused("not_a_reader"):
        scene.chain.add(scene.without_body(scene.write("charlie", "feedback", {}, TEXT)))


def test_the_first_body_may_be_gone_when_the_keys_are_kept() -> None:
    scene = filed()
    scene.accept()
    kept = {"kem": b64(scene.alice.kem), "sig": b64(scene.alice.sig)}
    chain = Chain(scene.zone, scene.directories, scene.table, reporter=kept)
    for post in scene.posts:
        chain.add(scene.without_body(post))
    assert len(chain.withheld) == 2
    with refused("withheld"):
        Chain(scene.zone, scene.directories, scene.table).add(scene.without_body(scene.posts[0]))


def test_kept_keys_of_somebody_else_do_not_open_the_chain() -> None:
    scene = filed()
    other = Scene()
    kept = {"kem": b64(other.alice.kem), "sig": b64(other.alice.sig)}
    with refused("wrong_case"):
        Chain(scene.zone, scene.directories, scene.table, reporter=kept).add(scene.without_body(scene.posts[0]))


@pytest.mark.parametrize("name", ["elsewhere", ""])
def test_a_channel_of_another_name_is_refused_and_no_name_is_not_a_forgotten_one(name: str) -> None:
    with refused("wrong_channel"):
        Scene().file(channel=name)


def test_a_reporters_key_nobody_can_seal_to_is_refused_at_filing() -> None:
    scene = Scene()
    broken = bytearray(scene.alice.kem)
    broken[1184:] = bytes(32)
    fields = {"kem": b64(bytes(broken)), "sig": b64(scene.alice.sig)}
    from whistle.crypto.keys import case_id

    scene.case = case_id(scene.zone, bytes(broken), scene.alice.sig)
    with refused("bad_key"):
        scene.add("reporter", "report", scene.report_fields(reporter=fields), FILING, FILING_GRANTS)


def test_an_empty_chain_has_no_next() -> None:
    with refused("empty_chain"):
        Scene().chain.next("all")


def test_the_carrier_of_an_item_is_the_post_it_stands_in() -> None:
    scene = filed()
    report = scene.items_of(scene.chain.acts[0])[1]
    assert scene.chain.carrier(report) == (scene.chain.acts[0], 1)
    assert scene.chain.carrier(b64(os.urandom(32))) is None


def whole_case() -> list[Post]:
    scene = filed()
    work = scene.items_of(scene.accept())[0]
    scene.add("bob", "assign", {"seats": []}, [], {"vera": [(work, 0)]})
    scene.add("beth", "recuse")
    scene.propose()
    scene.add("reporter", "message", {"comp": "thread"}, TEXT, {"reporter": [(0, 0)], "beth": [(0, 0)]})
    scene.add("lena", "award.approve", {"proposal": b64(bytes(32)), "fen": 5})
    fields = {"fen": 5, "claim_by": "2026-08-01"}
    scene.add("paul", "award.notify", fields, [Part("payout", body=b"x")], {"reporter": [(0, 0)]})
    assert scene.rebuilt().newest == scene.chain.newest
    shown = scene.rebuilt("reporter")
    assert [act.kind for act in shown.acts] == ["report", "accept", "assign", "message", "award.notify"]
    return scene.posts


def test_what_the_office_accepts_the_reporter_accepts() -> None:
    assert len(whole_case()) == 8
