"""The registers' columns in the order auditors ask for (ux.md section 4, rules.md sections 0.1, 4.5 and 8).

They stand in registers.json, which the back office's page reads too: every writer has the same columns."""

import json
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from whistle.exports.columns import Column, Register

_TABLE = json.loads(Path(__file__).with_name("registers.json").read_bytes())
SUMS: str = _TABLE["sums"]


def _register(name: str) -> Register:
    told = _TABLE[name]
    columns = tuple(Column(**column) for column in told["columns"])
    counts = _counts(told.get("uncounted", {}))
    notes, signatures = tuple(told["notes"]), tuple(_TABLE["signatures"])
    beside = told.get("beside_sums", {})
    return Register(told["title"], told["sheet"], columns, notes, counts, signatures, beside)


def _counts(uncounted: Mapping[str, Sequence[str]]) -> Callable[[Any], bool]:
    """Whether a row is added up: what was taken back stays listed and is not counted."""
    return lambda row: all(getattr(row, key) not in values for key, values in uncounted.items())


REPORTS, AWARDS, HAZARDS, HONOURS = (_register(name) for name in ("reports", "awards", "hazards", "honours"))
