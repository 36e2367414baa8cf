"""Who is paid and for what: both languages read the same documents (tests/vectors/entitlement.json)."""

import json
from pathlib import Path

import pytest

from whistle.core import entitlement
from whistle.core.entitlement import Confirmed, Receiver
from whistle.core.errors import RuleError

VECTORS = json.loads((Path(__file__).parents[1] / "vectors" / "entitlement.json").read_text(encoding="utf-8"))
PARSE = {
    "basis": entitlement.parse_basis,
    "confirmed": entitlement.parse_confirmed,
    "receiver": entitlement.parse_receiver,
}
WRITE = {
    "basis": entitlement.basis_document,
    "confirmed": entitlement.confirmed_document,
    "receiver": entitlement.receiver_document,
}


def test_it_works() -> None:
    assert entitlement.parse_confirmed(entitlement.confirmed_document(Confirmed())) == Confirmed("whole", "")
    made = Receiver(3, "authorised", "委托书 2026-11-20", "counter")
    assert entitlement.parse_receiver(entitlement.receiver_document(made)) == made


@pytest.mark.parametrize("vector", VECTORS["valid"], ids=lambda vector: vector["body"])
def test_a_document_is_read_and_written_in_one_spelling(vector: dict[str, str]) -> None:
    sort, body = vector["sort"], vector["body"].encode()
    assert WRITE[sort](PARSE[sort](body)) == body  # type: ignore[operator]


@pytest.mark.parametrize("vector", VECTORS["refused"], ids=lambda vector: vector["body"])
def test_what_cannot_be_is_refused_by_its_rule(vector: dict[str, str]) -> None:
    with pytest.raises(RuleError) as refused:
        PARSE[vector["sort"]](vector["body"].encode())
    assert refused.value.code == vector["code"]


@pytest.mark.parametrize("text", ["字" * 201, "第一项\u202e"])
def test_words_too_long_or_that_deceive_are_refused(text: str) -> None:
    with pytest.raises(RuleError, match=r"confirmed.text"):
        entitlement.confirmed_document(Confirmed("partial", text))
