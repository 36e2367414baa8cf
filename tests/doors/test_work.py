"""Proof of work at the reporter's door: for one post, once, made by this door, and not long ago."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.conftest import Demo
from tests.doors.hand import Hand, error
from whistle.client import Challenge
from whistle.crypto import work
from whistle.crypto.encoding import unb64
from whistle.crypto.keys import KeyPair


def made(hand: Hand, demo: Demo, **changes: Any) -> Challenge:
    """A challenge under the door's own secret, with something bent."""
    asked = hand.challenge("report")
    told = work.peek(asked.challenge)
    fields = {name: getattr(told, name) for name in ("zone", "purpose", "bits", "day", "issued", "nonce")}
    secret = (demo.data / "secrets" / "work.secret").read_bytes()
    return Challenge(work.challenge(secret, **(fields | changes)), asked.day)


BENT: dict[str, Callable[[Challenge], dict[str, Any]]] = {
    "another zone": lambda asked: {"zone": bytes(16)},
    "another purpose": lambda asked: {"purpose": "message"},
    "too easy": lambda asked: {"bits": 7},
    "another day": lambda asked: {"day": "2026-01-01"},
    "too old": lambda asked: {"issued": work.peek(asked.challenge).issued - 901},
    "not yet": lambda asked: {"issued": work.peek(asked.challenge).issued + 60},
}


def test_work_under_the_doors_secret_is_taken(hand: Hand, demo: Demo) -> None:
    draft = hand.report()
    assert hand.send(draft, proof=hand.work(draft, challenge=made(hand, demo))).status_code == 201


def test_work_done_while_it_was_quiet_stays_good(hand: Hand, demo: Demo) -> None:
    draft = hand.report()
    assert hand.send(draft, proof=hand.work(draft, challenge=made(hand, demo, bits=8))).status_code == 201


@pytest.mark.parametrize("how", BENT)
def test_bent_work_is_refused(hand: Hand, demo: Demo, how: str) -> None:
    draft = hand.report()
    asked = made(hand, demo, **BENT[how](hand.challenge("report")))
    assert error(hand.send(draft, proof=hand.work(draft, challenge=asked))) == (403, "work")
    assert hand.case(draft.ticket).status_code == 404


def test_work_is_used_up_by_one_post(hand: Hand) -> None:
    first, second = hand.report(), hand.report()
    asked = hand.challenge("report")
    assert hand.send(first, proof=hand.work(first, challenge=asked)).status_code == 201
    assert error(hand.send(second, proof=hand.work(second, challenge=asked))) == (403, "work")
    assert hand.case(second.ticket).status_code == 404


def test_a_refused_post_does_not_use_its_work_up(hand: Hand) -> None:
    draft = hand.report()
    proof = hand.work(draft)
    assert hand.send(draft, draft.upload(keys=KeyPair(bytes(32), b"\1" * 32)), proof).status_code == 422
    assert hand.send(draft, proof=proof).status_code == 201


@pytest.mark.parametrize("proof", ["", ".", "AAAA.0", "AAAA.-1", "x" * 2_000, "AAAA.99999999999999999999"])
def test_no_work_or_nonsense_is_refused(hand: Hand, proof: str) -> None:
    assert error(hand.send(hand.report(), proof=proof)) == (403, "work")


def test_work_for_another_post_is_refused(hand: Hand) -> None:
    mine, other = hand.report(), hand.report()
    stolen = hand.work(other).partition(".")[0] + ".0"
    challenge = unb64(stolen.partition(".")[0])
    bad = next(n for n in range(100) if not work.check(challenge, mine.ticket.case, mine.pid, n, 8))
    assert error(hand.send(mine, proof=work.header(challenge, bad))) == (403, "work")


def test_a_forged_challenge_is_refused(hand: Hand) -> None:
    draft = hand.report()
    asked = hand.challenge("report")
    forged = Challenge(asked.challenge[:-1] + bytes([asked.challenge[-1] ^ 1]), asked.day)
    assert error(hand.send(draft, proof=hand.work(draft, challenge=forged))) == (403, "work")


@pytest.mark.parametrize("purpose", ["", "login", "Report", "报"])
def test_a_challenge_is_given_for_the_three_purposes_only(hand: Hand, purpose: str) -> None:
    assert error(hand.get(f"/api/challenge?purpose={purpose}")) == (400, "malformed")
