"""Papers that an award has to have before it is told or paid, and from which sum on: rows of the ledger beside its
approval, entered by finance, that move nothing.

`concur` (LARGE_SUM), `meeting` (a collective decision by the number of its minutes 会议纪要) and `filing` (备案) are
practice elsewhere and no rule here: none is asked until the operator sets a sum. `cash` rests on 现金管理暂行条例
arts. 5-6 (mark F: the statute's text as published in 2025): what is paid to a person above the starting point for
settlement, 1,000 yuan, goes by cheque, draft or transfer unless the bank allows cash."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

# The acts of a case that wait for each, in the order in which they are asked for.
BEFORE: Mapping[str, frozenset[str]] = {
    "concur": frozenset({"award.notify", "pay"}),
    "meeting": frozenset({"award.notify", "pay"}),
    "filing": frozenset({"pay"}),
    "cash": frozenset({"pay"}),
}
# Beside the concurrence, which an earlier release had and which has a list of its own.
OTHERS = tuple(kind for kind in BEFORE if kind != "concur")
IN_CASH = "counter"


@dataclass(frozen=True)
class Sums:
    """From which sum on, in fen, each paper is asked for; 0 or nothing: for no award."""

    from_fen: Mapping[str, int] = field(default_factory=dict)

    def of(self, kind: str) -> int:
        return self.from_fen.get(kind, 0)

    def asked(self, fen: int, method: str) -> Iterator[str]:
        """The papers that an award of this sum needs; cash only where it is claimed so, and above its limit."""
        for kind in BEFORE:
            least = self.of(kind)
            if kind == "cash":
                if 0 < least < fen and method == IN_CASH:
                    yield kind
            elif 0 < least <= fen:
                yield kind


NO_SUMS = Sums()
