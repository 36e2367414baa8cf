"""The wire grammar of the kinds: kinds.json, append-only data, made into checks (envelope.md section 2, POST).

It lies beside crypto and not in the workflow table: a table that people edit must not define bytes.
"""

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from whistle.crypto import strict
from whistle.crypto.strict import Check

_WIRE = json.loads(Path(__file__).with_name("kinds.json").read_bytes())
ROLES: tuple[str, ...] = tuple(_WIRE["roles"])  # of reviewers, in the one order a channel and its seats have them

Of = Callable[[Any], Check]


def _by_role(value: Check) -> Check:
    """Pairs of a role and what it maps to: each role once, in the order of ROLES."""
    rows = strict.array(strict.pair(strict.one_of(ROLES), value))

    def check(given: Any) -> None:
        rows(given)
        places = [ROLES.index(role) for role, _ in given]
        if places != sorted(set(places)):
            strict.malformed()

    return check


_SIMPLE: dict[str, Check] = {"day": strict.day, "integer": strict.integer, "boolean": strict.boolean}
_SHAPES: dict[str, Callable[[Any, Of], Check]] = {
    "bytes": lambda size, of: strict.raw(size),
    "text": lambda limit, of: strict.text(limit),
    "one_of": lambda values, of: strict.one_of(values),
    "list": lambda inner, of: strict.array(of(inner)),
    "pair": lambda both, of: strict.pair(of(both[0]), of(both[1])),
    "record": lambda fields, of: strict.record({name: of(inner) for name, inner in fields.items()}),
    "by_role": lambda inner, of: _by_role(of(inner)),
}


def grammar(wire: Mapping[str, Any]) -> dict[str, dict[str, Check]]:
    """The checks of every kind's fields, in the order of their bytes. Raises KeyError on a type it does not know."""

    def of(written: Any) -> Check:
        if isinstance(written, str):
            return _SIMPLE[written] if written in _SIMPLE else of(wire["types"][written])
        ((shape, inner),) = written.items()
        return _SHAPES[shape](inner, of)

    return {kind: {name: of(type_) for name, type_ in fields.items()} for kind, fields in wire["kinds"].items()}


FIELDS = grammar(_WIRE)
