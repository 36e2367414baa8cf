"""A reporter's post as bytes: what is not exactly of the form, or not hers to say, is refused and not kept."""

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.conftest import Demo
from tests.doors.hand import OCTETS, Hand, error, join, split
from tests.doors.office import Team
from whistle.crypto.encoding import b64
from whistle.crypto.posts import FIELDS, draft_body
from whistle.crypto.ticket import Ticket


def count(hand: Hand, ticket: Ticket) -> int:
    return len(hand.case(ticket).json()["posts"])


# Form


def replaced(draft_upload: bytes, at: int, part: bytes) -> bytes:
    parts = split(draft_upload)
    parts[at] = part
    return join(parts)


BROKEN: dict[str, Callable[[bytes], bytes]] = {
    "nothing": lambda upload: b"",
    "cut short": lambda upload: upload[:-1],
    "one byte more": lambda upload: upload + b"\0",
    "an item missing": lambda upload: join(split(upload)[:-1]),
    "an item more": lambda upload: join([*split(upload), b"x"]),
    "a length past the end": lambda upload: b"\xff\xff\xff\xff" + upload[4:],
    "not JSON": lambda upload: replaced(upload, 0, b"head"),
    "a short signature": lambda upload: replaced(upload, 1, bytes(63)),
}


@pytest.mark.parametrize("how", BROKEN)
def test_a_broken_upload_is_malformed(hand: Hand, how: str) -> None:
    draft = hand.report()
    assert error(hand.send(draft, BROKEN[how](draft.upload()))) == (400, "malformed")
    assert hand.case(draft.ticket).status_code == 404


RESPELLED: dict[str, Callable[[bytes], bytes]] = {
    "a blank": lambda head: head.replace(b'"v":1', b'"v": 1'),
    "an escape": lambda head: head.replace(b'"reporter"', b'"\\u0072eporter"'),
    "an unknown field": lambda head: head[:-1] + b',"note":""}',
    "another order": lambda head: head.replace(b'{"v":1,"suite":"X1",', b'{"suite":"X1","v":1,'),
    "a field twice": lambda head: head.replace(b'"v":1,', b'"v":1,"v":1,'),
    "a number as text": lambda head: head.replace(b'"v":1', b'"v":"1"'),
    "true for one": lambda head: head.replace(b'"v":1', b'"v":true'),
    "another suite": lambda head: head.replace(b'"X1"', b'"X9"'),
    "a number without end": lambda head: head.replace(b'"no":0', b'"no":' + b"9" * 5_000),
    "depth without end": lambda head: b"[" * 100_000,
}


@pytest.mark.parametrize("how", RESPELLED)
def test_a_head_spelled_otherwise_is_malformed(hand: Hand, how: str) -> None:
    draft = hand.report()
    answer = hand.send(draft, draft.respelled(RESPELLED[how]))
    assert error(answer) in {(400, "malformed"), (422, "refused")}
    assert answer.json().get("reason", "too_long") == "too_long"


def test_a_changed_body_grant_or_item_is_refused(hand: Hand) -> None:
    draft = hand.report()
    upload = draft.upload()
    for at in range(2, len(split(upload))):
        part = bytearray(split(upload)[at])
        part[-1] ^= 1
        answer = hand.send(draft, replaced(upload, at, bytes(part)))
        assert answer.status_code in {400, 422}, at
    assert hand.case(draft.ticket).status_code == 404


def test_another_content_type_is_malformed(hand: Hand) -> None:
    for kind in ("application/json", "multipart/form-data; boundary=x", "text/plain", ""):
        assert error(hand.send(hand.report(), **{"Content-Type": kind})) == (400, "malformed")


def peak(demo: Demo) -> int:
    """The most memory the server's process ever had, in KiB."""
    status = Path(f"/proc/{demo.process.pid}/status").read_text(encoding="utf-8")
    return int(status.partition("VmHWM:")[2].split()[0])


def test_an_oversized_body_is_refused_before_it_is_read(demo: Demo, hand: Hand) -> None:
    answer = hand.http.post(f"{demo.public}/api/posts", content=bytes(4_194_305), headers=OCTETS)
    assert error(answer) == (413, "too_large")


def test_a_body_without_a_length_is_counted_while_it_streams(demo: Demo, hand: Hand) -> None:
    def long() -> Iterator[bytes]:
        return (bytes(65_536) for _ in range(1_000))

    before = peak(demo)
    try:
        answer = hand.http.post(f"{demo.public}/api/posts", content=long(), headers=OCTETS)
        assert error(answer) == (413, "too_large")
    except httpx.TransportError:  # the door hangs up on who does not stop
        pass
    assert peak(demo) - before < 16 * 1_024


def test_a_length_that_is_no_number_gets_no_answer_worth_having(demo: Demo, hand: Hand) -> None:
    for told in ("-1", "1e3", "9" * 30):
        try:
            answer = hand.http.post(f"{demo.public}/api/posts", content=b"", headers={**OCTETS, "Content-Length": told})
        except httpx.TransportError:
            continue
        assert answer.status_code in {400, 413}


def test_somebody_who_hangs_up_in_the_middle_leaves_nothing(demo: Demo, hand: Hand) -> None:
    draft = hand.report()
    upload, log = draft.upload(), demo.data.parent / f"{demo.data.name}.log"
    before = log.stat().st_size

    def half() -> Iterator[bytes]:
        yield upload[: len(upload) // 2]
        raise RuntimeError

    with pytest.raises(RuntimeError):
        hand.http.post(f"{demo.public}/api/posts", content=half(), headers=OCTETS)
    assert hand.case(draft.ticket).status_code == 404
    assert log.stat().st_size == before


# Whose post it is


def test_a_post_signed_with_another_key_is_refused(hand: Hand) -> None:
    draft = hand.report()
    other = hand.somebody().keys
    assert error(hand.send(draft, draft.upload(keys=other))) == (422, "refused")


def test_a_reviewers_post_is_refused_at_this_door(hand: Hand, team: Team) -> None:
    draft = hand.report()
    upload = draft.upload(author=team.intake.rid, when="2026-11-23T08:00Z")
    assert error(hand.send(draft, upload)) == (403, "wrong_role")


def test_a_case_named_by_other_keys_is_refused(hand: Hand) -> None:
    draft = hand.report()
    answer = hand.send(draft, draft.upload(case=b64(hand.somebody().case)))
    assert answer.status_code in {403, 409, 422}


@pytest.mark.parametrize("kind", ["accept", "decline", "pay", "recuse"])
def test_a_reporter_writes_only_her_own_kinds(hand: Hand, kind: str) -> None:
    ticket = hand.filed()
    draft = hand.message(ticket)
    fields: dict[str, dict[str, Any]] = {
        "accept": {"category": "other", "sector": "other", "packs": [], "received": "2026-11-23"},
        "decline": {"reason": "NA03"},
        "pay": {"voucher": "1", "treasury": "1", "day": "2026-11-23"},
        "recuse": {},
    }
    forged = replace(draft, kind="message", body=draft_body(kind, fields[kind]), grants=(), blobs={})
    assert error(hand.send(forged)) == (403, "work")
    assert count(hand, ticket) == 1


def test_a_source_that_the_office_vouches_for_is_refused(hand: Hand) -> None:
    answer = hand.send(hand.report(source="letter"))
    assert (error(answer), answer.json()["reason"]) == ((422, "refused"), "source")


def test_a_channel_that_is_not_there_is_refused(hand: Hand) -> None:
    draft = hand.report(channel="nowhere")
    assert error(hand.send(draft)) == (422, "refused")


def test_a_report_without_its_four_items_is_refused(hand: Hand) -> None:
    draft = hand.report()
    body = json.loads(draft.body)
    given = {name: body[name] for name in FIELDS["report"]}
    three = [entry for entry in body["items"] if entry["comp"] != "identity"]
    short = replace(draft, body=draft_body("report", given, three, []), grants=())
    assert error(hand.send(short)) == (422, "refused")
