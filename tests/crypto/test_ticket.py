"""Tickets: 25 digits, typed any way a person types, and what they open."""

import json
import os
from pathlib import Path
from typing import Any

import pytest

from tests.crypto.vectors import CASE, X1, ZONE, raw
from whistle.crypto import ticket
from whistle.crypto.errors import EnvelopeError

TICKET = X1["ticket"]
TYPED = TICKET["typed"]
FOUND = json.loads((Path(__file__).parents[1] / "vectors" / "typed.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def opened() -> ticket.Ticket:
    return ticket.open_ticket(ZONE, f" {ticket.show(TYPED)} ")


def test_it_works(opened: ticket.Ticket) -> None:
    assert opened.case == CASE
    assert opened.access == raw(TICKET["access"])
    assert opened.access_hash == raw(TICKET["access_hash"])
    assert opened.keys.kem_seed == raw(TICKET["kem_seed"]) and opened.keys.kem == raw(TICKET["kem"])
    assert opened.keys.sig_seed == raw(TICKET["sig_seed"]) and opened.keys.sig == raw(TICKET["sig"])
    assert opened.authorization == TICKET["authorization"]


def test_the_server_reads_case_and_access_from_the_header(opened: ticket.Ticket) -> None:
    assert ticket.parse_authorization(TICKET["authorization"]) == (CASE, opened.access)


def test_the_digits_and_secrets_are_in_no_repr(opened: ticket.Ticket) -> None:
    assert TYPED not in repr(opened) and repr(opened.access) not in repr(opened)


@pytest.mark.parametrize(("digits", "check"), X1["damm"])
def test_damm(digits: str, check: int) -> None:
    assert ticket.damm(digits) == check
    assert ticket.damm(digits + str(check)) == 0


@pytest.mark.parametrize(
    "typed",
    [
        TYPED,
        ticket.show(TYPED),
        ticket.show(TYPED).replace(" ", "-"),
        ticket.show(TYPED).replace(" ", "\u2014"),
        ticket.show(TYPED).replace(" ", "\u3000"),
        ticket.show(TYPED).replace(" ", "\u2212"),
        ticket.show(TYPED).replace(" ", "\u30fc"),
        ticket.show(TYPED).replace(" ", "\t\r\n\u2028\u200b\ufeff\x85"),
        "".join(chr(ord(digit) - ord("0") + ord("０")) for digit in TYPED),
    ],
)
def test_a_ticket_is_read_however_it_was_typed(typed: str) -> None:
    assert ticket.normalise(typed) == TYPED


@pytest.mark.parametrize("typed", ["", TYPED[:-1], TYPED + "0", TYPED[:-1] + "x", TYPED.replace("0", "٠"), TYPED + "."])
def test_what_is_not_25_digits_is_refused(typed: str) -> None:
    with pytest.raises(EnvelopeError, match="ticket_digits"):
        ticket.normalise(typed)


def test_every_wrong_digit_and_every_swap_of_neighbours_is_seen() -> None:
    for at in range(25):
        for digit in set("0123456789") - {TYPED[at]}:
            with pytest.raises(EnvelopeError, match="ticket_check"):
                ticket.normalise(TYPED[:at] + digit + TYPED[at + 1 :])
    for at in range(24):
        if TYPED[at] != TYPED[at + 1]:
            with pytest.raises(EnvelopeError, match="ticket_check"):
                ticket.normalise(TYPED[:at] + TYPED[at + 1] + TYPED[at] + TYPED[at + 2 :])


def test_new_tickets_are_random_and_check() -> None:
    made = {ticket.new_ticket() for _ in range(50)}
    assert len(made) == 50
    assert all(ticket.normalise(digits) == digits for digits in made)


def test_bytes_that_would_make_some_digits_likelier_are_left_out() -> None:
    assert ticket.new_ticket(lambda size: bytes((255, 251, 250, 249)) * (size // 4)).startswith("9" * 24)


@pytest.mark.parametrize(
    "header",
    [
        "",
        "Ticket",
        "ticket " + TICKET["authorization"][7:],
        TICKET["authorization"] + "A",
        "Bearer abc",
        "Ticket AA",
    ],
)
def test_another_header_is_refused(header: str) -> None:
    with pytest.raises(EnvelopeError):
        ticket.parse_authorization(header)


def test_a_ticket_of_another_zone_is_another_case(opened: ticket.Ticket) -> None:
    assert ticket.open_ticket(os.urandom(16), TYPED).case != opened.case


def test_the_digits_are_found_wherever_they_stand() -> None:
    missed = [one["title"] for one in FOUND["found"] if ticket.find(one["text"]) != FOUND["digits"]]
    assert not missed


@pytest.mark.parametrize("one", FOUND["refused"], ids=lambda one: one["text"][:12] or "nothing")
def test_where_there_are_not_25_it_says_how_many(one: dict[str, Any]) -> None:
    with pytest.raises(EnvelopeError, match=one["code"]):
        ticket.find(one["text"])
    assert ticket.counted(one["text"]) == one["counted"]


def test_of_several_runs_of_25_nothing_is_guessed() -> None:
    two = [ticket.new_ticket(), ticket.new_ticket()]
    with pytest.raises(EnvelopeError, match="ticket_digits"):
        ticket.find(f"{two[0]} {two[1]}")
    spoiled = two[1][:24] + str((int(two[1][24]) + 1) % 10)
    assert ticket.find(f"{two[0]} {spoiled}") == two[0]
