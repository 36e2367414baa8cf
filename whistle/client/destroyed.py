"""What is gone for good of a case as its reporter sees it: nobody is served it any more."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from whistle.client.reading import Opened
from whistle.core.custody import destroyed_items
from whistle.crypto.chain import Act


def gone_items(
    acts: Sequence[Act], items: Sequence[Opened], lost: Collection[str], table: Mapping[str, Any]
) -> frozenset[str]:
    """The ids of items that a signed `destroy` of the chain emptied, and of those that do not open in the compartments
    `lost` by one that the chain lacks since a restore (`tombs`)."""
    opened = {item.id for item in items if not item.broken}
    entries = (entry for act in acts for entry in act.items)
    buried = {entry["id"] for entry in entries if entry["comp"] in lost and entry["id"] not in opened}
    return destroyed_items(acts, table["scopes"]) | buried
