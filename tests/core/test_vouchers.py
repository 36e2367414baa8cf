"""Numbers that several payments bear: the slip of a pen is shown, one transfer for several awards is not refused."""

import json
from pathlib import Path
from typing import Any

import pytest

from whistle.core.ledger import Row
from whistle.core.vouchers import bearing, payments, shared

VECTORS: dict[str, Any] = json.loads(Path("tests/vectors/vouchers.json").read_text(encoding="utf-8"))
PAID = payments(Row(**{"day": "2026-11-02"} | row) for row in VECTORS["rows"])


def test_a_number_under_two_payments_is_found_as_it_holds_now() -> None:
    found = [[one.name, one.number, [paid.no for paid in one.payments]] for one in shared(PAID)]
    assert found == VECTORS["shared"]


@pytest.mark.parametrize("asked", VECTORS["asked"], ids=lambda asked: f"{asked['voucher']} {asked['treasury']}")
def test_what_others_bear_is_told_before_one_more_payment_is_signed(asked: dict[str, Any]) -> None:
    found = bearing(PAID, 2026, asked["voucher"], asked["treasury"])
    assert [[one.name, [paid.no for paid in one.payments]] for one in found] == asked["borne"]
