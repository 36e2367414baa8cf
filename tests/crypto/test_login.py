"""Login and enrolment: fixed bytes, both nonces, one origin."""

import os
from typing import Any

import pytest

from tests.crypto.vectors import KEYS, X1, ZONE, raw
from whistle.crypto.encoding import lp
from whistle.crypto.errors import EnvelopeError
from whistle.crypto.login import login_fields, sign_enrol, sign_login, verify_enrol, verify_login

LOGIN, BOB = X1["login"], KEYS["intake1"]
SAID: dict[str, Any] = {
    "zone": ZONE,
    "origin": LOGIN["origin"],
    "rid": raw(X1["reviewers"][0]["rid"]),
    "dir": raw(X1["directories"][0]["hash"]),
    "server_nonce": raw(LOGIN["server_nonce"]),
    "client_nonce": raw(LOGIN["client_nonce"]),
    "expires": LOGIN["expires"],
}


def test_it_works() -> None:
    assert lp(*login_fields(**SAID)).hex() == LOGIN["fields"]
    sig = sign_login(BOB, **SAID)
    assert sig.hex() == LOGIN["sig"]
    verify_login(BOB.sig, **SAID, sig=sig)


@pytest.mark.parametrize(
    "change",
    [
        {"zone": bytes(16)},
        {"origin": "https://review.example.org"},
        {"rid": bytes(16)},
        {"dir": bytes(32)},
        {"server_nonce": bytes(32)},
        {"client_nonce": bytes(32)},
        {"expires": LOGIN["expires"] + 1},
        {"server_nonce": bytes(31)},
    ],
)
def test_a_login_that_says_something_else_is_refused(change: dict[str, Any]) -> None:
    with pytest.raises(EnvelopeError):
        verify_login(BOB.sig, **(SAID | change), sig=raw(LOGIN["sig"]))


def test_somebody_else_did_not_log_in() -> None:
    with pytest.raises(EnvelopeError):
        verify_login(KEYS["intake2"].sig, **SAID, sig=raw(LOGIN["sig"]))


def test_a_new_key_signs_for_its_invitation() -> None:
    invite = raw(X1["enrol"]["invite"])
    assert sign_enrol(BOB, ZONE, invite).hex() == X1["enrol"]["sig"]
    verify_enrol(zone=ZONE, kem=BOB.kem, sig=BOB.sig, invite=invite, proof=raw(X1["enrol"]["sig"]))
    for other in (os.urandom(16), b""):
        with pytest.raises(EnvelopeError):
            verify_enrol(zone=ZONE, kem=BOB.kem, sig=BOB.sig, invite=other, proof=raw(X1["enrol"]["sig"]))
