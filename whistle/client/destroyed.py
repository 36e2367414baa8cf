"""What is gone for good: the items that a signed `destroy` of the same chain names, which nobody is served any more."""

from collections.abc import Mapping, Sequence
from typing import Any

from whistle.crypto.chain import Act


def destroyed_items(acts: Sequence[Act], table: Mapping[str, Any]) -> frozenset[str]:
    """The ids of items in a compartment that a later post of the chain destroyed; what came after it stays."""
    emptied: set[str] = set()
    gone: set[str] = set()
    for act in reversed(acts):
        gone |= {entry["id"] for entry in act.items if entry["comp"] in emptied}
        if act.kind == "destroy":
            emptied |= set(table["scopes"][act.fields["scope"]])
    return frozenset(gone)
