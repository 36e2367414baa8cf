"""Length-prefixed fields and canonical base64url."""

from typing import Any

import pytest

from tests.crypto.vectors import X1, raw
from whistle.crypto.encoding import Tag, b64, lp, same_bytes, tagged, unb64
from whistle.crypto.errors import EnvelopeError


@pytest.mark.parametrize("case", X1["lp"])
def test_it_works(case: dict[str, Any]) -> None:
    fields = [raw(field["hex"]) if isinstance(field, dict) else field for field in case["fields"]]
    assert lp(*fields).hex() == case["out"]


def test_fields_do_not_run_into_each_other() -> None:
    assert lp("ab", "c") != lp("a", "bc")


def test_a_field_of_65535_bytes_is_the_longest() -> None:
    assert len(lp(bytes(65_535))) == 65_537
    with pytest.raises(EnvelopeError):
        lp(bytes(65_536))


@pytest.mark.parametrize("field", [-1, True, "\ud800"])
def test_what_is_no_field_is_refused(field: Any) -> None:
    with pytest.raises(EnvelopeError):
        lp(field)


@pytest.mark.parametrize("text", ["AB", "AA==", "A", "AA\n", "+/8A", "A A", "é"])
def test_base64_that_is_not_canonical_is_refused(text: str) -> None:
    with pytest.raises(EnvelopeError):
        unb64(text)


def test_base64_of_another_length_is_refused() -> None:
    assert unb64(b64(bytes(16)), 16) == bytes(16)
    with pytest.raises(EnvelopeError):
        unb64(b64(bytes(16)), 32)


def test_no_tag_is_the_beginning_of_another() -> None:
    tags = [tag.value for tag in Tag]
    assert all(tag.endswith(b"\0") and tag.count(b"\0") == 1 for tag in tags)
    assert len({tagged(tag, b"") for tag in Tag}) == len(tags)


def test_secrets_are_compared_as_bytes() -> None:
    assert same_bytes(b"a", b"a") and not same_bytes(b"a", b"b")
