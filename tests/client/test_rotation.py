"""A directory changes while people work: nobody types anything again, and a new key takes over from an old one."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.client.network import Interrupting, parts
from tests.conftest import Demo, start
from whistle import client, publishing, settings, zone
from whistle.client import ClientError, Office
from whistle.core.clock import zone_day
from whistle.crypto import fingerprint
from whistle.crypto.encoding import unb64
from whistle.crypto.keys import reviewer_keys

WORDS = "木工车间的电机外壳没有接地。"


@pytest.fixture(scope="module")
def moving(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    """A demo of its own, whose directory these tests change."""
    running = start(tmp_path_factory.mktemp("moving") / "data")
    yield running
    running.kill()


def folder(demo: Demo) -> Path:
    return demo.data / "zone"


def sign_again(demo: Demo, strand: bool = False) -> None:
    """The next directory, signed and taken over by the running doors; `strand`: though what a reader of these tests
    holds alone goes with him."""
    import time

    zone.sign(folder(demo), today=zone_day(time.time()), confirm=lambda reader: fingerprint.show(unb64(reader["rid"])))
    publishing.publish(settings.read({}, data=demo.data), folder(demo), strand)


def reader(demo: Demo, role: str) -> dict[str, str]:
    channel = demo.reporter().trust.newest_channel()
    return next(dict(one) for one in channel["readers"] if role in one["roles"])


def another_key(demo: Demo, role: str, person: str, replaces: str = "") -> tuple[Office, str]:
    """A fresh key with a role; signed in once the next directory names it."""
    keys = reviewer_keys(os.urandom(32))
    rid = zone.add_reader(
        folder(demo), "zone", kem=keys.kem, sig=keys.sig, person=person, roles=[role], label="新钥", replaces=replaces
    )
    return Office(demo.review, demo.http(), keys, zone.load(folder(demo)).id), rid


def test_it_works(moving: Demo) -> None:
    network = Interrupting(lambda: sign_again(moving))
    filed = client.connect(moving.public, moving.http(network)).submit(WORDS)
    assert len(network.sent) == 2
    assert moving.reporter().status(filed.ticket).state == "received"
    first, second = (parts(upload)[-4:] for upload in network.sent)
    assert first == second, "the four items were sealed once"


def test_a_reviewers_act_goes_on_under_the_new_directory(moving: Demo) -> None:
    case = moving.reporter().submit(WORDS).case
    bob = moving.office("intake")
    sign_again(moving)
    bob.message(case, "请问是哪一台?")
    assert bob.case(case).acts[-1].kind == "message"


def test_a_reviewer_signs_in_after_the_directory_changed(moving: Demo) -> None:
    bob = moving.office("intake")
    bob.logout()
    sign_again(moving)
    assert bob.login()["rid"] == bob.rid


def test_a_new_key_reads_what_its_own_old_key_hands_over(moving: Demo) -> None:
    filed = moving.reporter().submit(WORDS)
    bob, old = moving.office("intake"), reader(moving, "intake")
    fresh, rid = another_key(moving, "intake", old["person"], old["rid"])
    sign_again(moving)
    fresh.login()
    bob.login()
    bob.regrant(filed.case)
    assert WORDS in [item.text for item in fresh.case(filed.case).items]
    later = moving.reporter().submit(WORDS).case
    assert later in [row["case"] for row in fresh.inbox()]
    assert later not in [row["case"] for row in bob.inbox()]
    zone.remove_reader(folder(moving), "zone", rid)
    sign_again(moving, strand=True)


def test_an_assigned_newcomer_reads_the_work_that_was_done_before(moving: Demo) -> None:
    case = moving.reporter().submit(WORDS, category="violation").case
    bob = moving.office("intake")
    bob.accept(case, category="violation", sector="fire", packs=[], received=bob.case(case).today, note="先看仓库。")
    charlie = moving.office("verifier")
    bob.assign(case, {"verifier": [charlie.me["person"]]})
    dora, rid = another_key(moving, "verifier", zone.add_person(folder(moving), "周杰"))
    sign_again(moving)
    dora.login()
    bob.login()
    bob.assign(case, {"verifier": [dora.me["person"]]})
    assert [item.text for item in dora.case(case).items] == ["先看仓库。"]
    zone.remove_reader(folder(moving), "zone", rid)
    sign_again(moving, strand=True)


def test_a_reader_taken_out_of_the_directory_is_shut_out(moving: Demo) -> None:
    eve, rid = another_key(moving, "intake", zone.add_person(folder(moving), "钱多"))
    sign_again(moving)
    eve.login()
    case = moving.reporter().submit(WORDS).case
    assert case in [row["case"] for row in eve.inbox()]
    zone.remove_reader(folder(moving), "zone", rid)
    sign_again(moving, strand=True)
    with pytest.raises(ClientError):
        eve.inbox()
    with pytest.raises(ClientError):
        eve.login()


def test_an_old_directory_served_again_is_not_believed(moving: Demo) -> None:
    alice = moving.reporter()
    alice.trust.refresh()
    known = zone.publish(folder(moving))
    alice.trust._ask_directories = lambda: [(one.data, one.sig) for one in known[:1]]
    with pytest.raises(ClientError, match="server_lies"):
        alice.trust.refresh()
