"""Alice reports from the command line's own client: filed once, verified, and only by her ticket."""

import json
from typing import Any

import httpx
import pytest

from tests.client.network import Losing, Lying, Silent
from tests.conftest import Demo
from whistle import client
from whistle.client import ClientError
from whistle.crypto import fingerprint, work
from whistle.crypto.encoding import b64, unb64
from whistle.crypto.errors import EnvelopeError

WORDS = "木工车间的电机外壳没有接地,皮带没有防护罩。"


def lying(demo: Demo, path: str, change: Any) -> client.Public:
    def changed(data: bytes) -> bytes:
        document = json.loads(data)
        change(document)
        return json.dumps(document).encode()

    return client.connect(demo.public, demo.http(Lying(path, changed)))


def test_it_works(demo: Demo) -> None:
    alice = demo.reporter()
    filed = alice.submit(WORDS, category="violation", enterprise="某木业", contact="张三")
    told = alice.status(filed.ticket)
    assert told.case == filed.case == filed.receipt.document["case"]
    assert told.state == "received"
    assert told.due
    assert [(line.no, line.kind, line.text) for line in told.posts] == [(0, "report", "")]


def test_the_right_pin_is_accepted_and_another_zone_refused(demo: Demo) -> None:
    pin = fingerprint.show(demo.reporter().trust.zone)
    pinned = client.connect(demo.public, demo.http(), pin)
    assert pinned.submit(WORDS).ticket
    assert not pinned.trusted_first_use
    with pytest.raises(ClientError, match="pin"):
        client.connect(demo.public, demo.http(), "0" * 32).submit(WORDS)


def test_without_a_pin_the_client_says_that_it_trusted_the_first_answer(demo: Demo) -> None:
    assert demo.reporter().trusted_first_use


def test_a_lost_answer_gives_the_same_receipt_and_one_report(demo: Demo) -> None:
    network = Losing("/api/posts")
    filed = client.connect(demo.public, demo.http(network)).submit(WORDS)
    assert len(network.sent) == 2
    assert network.sent[0] == network.sent[1]
    assert len(demo.reporter().status(filed.ticket).posts) == 1


def test_a_wrong_digit_is_caught_before_the_case_is_asked_for(demo: Demo) -> None:
    asked = Losing("/api/posts")
    with pytest.raises(EnvelopeError, match="ticket_check"):
        client.connect(demo.public, demo.http(asked)).message("12345 12345 12345 12345 12345", "话")
    assert asked.sent == []


def test_an_unknown_ticket_and_a_wrong_one_look_the_same(demo: Demo) -> None:
    alice = demo.reporter()
    with pytest.raises(ClientError, match="unknown_ticket") as refused:
        alice.status("00000 00000 00000 00000 00000")
    assert refused.value.facts == {}


def test_a_message_reaches_intake_and_the_answer_comes_back(demo: Demo) -> None:
    alice, bob = demo.reporter(), demo.office("intake")
    filed = alice.submit(WORDS)
    alice.message(filed.ticket, "夜班也这样。")
    bob.message(filed.case, "请问是哪一台?")
    assert [line.text for line in alice.status(filed.ticket).posts] == ["", "夜班也这样。", "请问是哪一台?"]
    assert "夜班也这样。" in [item.text for item in bob.case(filed.case).items]


def test_a_message_whose_answer_is_lost_stands_once(demo: Demo) -> None:
    filed = demo.reporter().submit(WORDS)
    client.connect(demo.public, demo.http(Losing("/api/posts"))).message(filed.ticket, "补充一句。")
    assert [line.kind for line in demo.reporter().status(filed.ticket).posts] == ["report", "message"]


def test_a_text_too_long_for_its_item_is_refused_whole(demo: Demo) -> None:
    with pytest.raises(EnvelopeError, match="too_long"):
        demo.reporter().submit("长" * 6000)


def test_an_empty_contact_is_sealed_at_the_same_size(demo: Demo) -> None:
    alice, bob = demo.reporter(), demo.office("intake")
    with_contact = alice.submit(WORDS, contact="张三 13800000000").case
    without = alice.submit("短").case

    def sizes(case: str) -> list[int]:
        return [entry["len"] for entry in bob.case(case).posts[0].post.items]

    assert sizes(with_contact) == sizes(without)


def test_a_changed_receipt_is_not_believed(demo: Demo) -> None:
    def another_day(answer: dict[str, Any]) -> None:
        answer["bytes"] = answer["bytes"].replace('"day":"20', '"day":"19')

    with pytest.raises(ClientError, match="receipt"):
        lying(demo, "/api/posts", another_day).submit(WORDS)


def test_a_dropped_post_is_seen(demo: Demo) -> None:
    alice, bob = demo.reporter(), demo.office("intake")
    filed = alice.submit(WORDS)
    bob.message(filed.case, "第一句")
    bob.message(filed.case, "第二句")

    def drop(answer: dict[str, Any]) -> None:
        del answer["posts"][1]

    with pytest.raises(ClientError, match="server_lies"):
        lying(demo, "/api/case", drop).status(filed.ticket)


def test_a_changed_word_of_the_office_is_seen(demo: Demo) -> None:
    alice, bob = demo.reporter(), demo.office("intake")
    filed = alice.submit(WORDS)
    bob.decline(filed.case, "NA03", reply="不属于安全隐患。")

    def soften(answer: dict[str, Any]) -> None:
        answer["posts"][1]["body"] = answer["posts"][1]["body"].replace("NA03", "NA02")

    with pytest.raises(ClientError, match="server_lies"):
        lying(demo, "/api/case", soften).status(filed.ticket)


def test_a_channel_with_another_reader_is_not_sealed_to(demo: Demo) -> None:
    listed = demo.reporter().trust.directories.newest["channels"][0][1]

    def rename(answer: dict[str, Any]) -> None:
        answer["label"] += "!"

    with pytest.raises(ClientError, match="server_lies"):
        lying(demo, f"/api/channels/{listed}", rename).submit(WORDS)


def asking(change: Any) -> Any:
    """A challenge with one of its fields changed: as its maker could have made it, for nobody else checks the MAC."""

    def changed(answer: dict[str, Any]) -> None:
        sealed = unb64(answer["challenge"])
        asked = work.peek(sealed)
        says = {"zone": asked.zone, "purpose": asked.purpose, "bits": asked.bits, "day": asked.day} | change
        made = work.challenge(b"", **says, issued=asked.issued, nonce=asked.nonce)
        answer["challenge"] = b64(made)

    return changed


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"bits": 60}, "busy"),
        ({"zone": bytes(16)}, "server_lies"),
        ({"purpose": "claim"}, "server_lies"),
        ({"day": "2001-01-01"}, "server_lies"),
    ],
    ids=["work without end", "another zone", "another purpose", "another day"],
)
def test_what_an_honest_door_does_not_ask_is_not_worked_for(demo: Demo, change: Any, code: str) -> None:
    with pytest.raises(ClientError, match=code):
        lying(demo, "/api/challenge", asking(change)).submit(WORDS)


@pytest.mark.parametrize("change", [{"challenge": ""}, {"challenge": "AAAA"}, {"prev": "AAAA"}], ids=str)
def test_a_challenge_that_is_none_is_the_servers_lie(demo: Demo, change: Any) -> None:
    with pytest.raises(ClientError, match="server_lies"):
        lying(demo, "/api/challenge", lambda answer: answer.update(change)).submit(WORDS)


def test_no_network_is_one_plain_refusal() -> None:
    nowhere = Silent()
    wire = client.HttpWire("http://127.0.0.1:9", httpx.Client(transport=nowhere), sleep=lambda seconds: None)
    with pytest.raises(ClientError, match="offline"):
        client.Public(wire).submit(WORDS)
    assert nowhere.tried > 1
