"""Cases whose chains were checked lately, held in memory so that a post costs what it brings and not its history.

Nothing here is secret: heads, public fields, lists of items and grants. The store is what counts: whoever takes a case
from the shelf compares its newest head with the store's first (``loading.load``).
"""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass

from whistle.core.case import Case
from whistle.crypto.chain import Chain

POSTS = 4_000  # of all cases together; one longer case is held all the same


@dataclass
class Standing:
    """A case as its posts make it so far: the chain, the office's fold of it, and the fold of what she is served."""

    chain: Chain
    folded: Case
    seen: Case


class Shelf:
    """The cases used last, by id, up to so many posts. Of one event loop: no two tasks change it at once."""

    def __init__(self, most: int = POSTS) -> None:
        self._most = most
        self._cases: OrderedDict[str, Standing] = OrderedDict()

    def get(self, case: str) -> Standing | None:
        found = self._cases.get(case)
        if found:
            self._cases.move_to_end(case)
        return found

    def put(self, case: str, standing: Standing) -> None:
        """Holds a case, and lets go of those not used for longest."""
        self._cases[case] = standing
        self._cases.move_to_end(case)
        held = sum(len(each.chain.acts) for each in self._cases.values())
        while held > self._most and len(self._cases) > 1:
            held -= len(self._cases.popitem(last=False)[1].chain.acts)
