"""Whatever a person types as a sum is read by one reader, alike in both languages (tests/vectors/sums.json)."""

import json
from pathlib import Path

import pytest

from whistle.core import yuan
from whistle.core.errors import RuleError

VECTORS = json.loads((Path(__file__).parents[1] / "vectors" / "sums.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize(("typed", "fen"), VECTORS["read"])
def test_a_typed_sum_is_read(typed: str, fen: int) -> None:
    assert yuan.read(typed) == fen


@pytest.mark.parametrize("typed", VECTORS["refused"])
def test_what_is_no_sum_is_refused(typed: str) -> None:
    with pytest.raises(RuleError):
        yuan.read(typed)
