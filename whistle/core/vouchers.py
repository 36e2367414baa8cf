"""The numbers payments bear: one batch transfer may pay several awards under one number, and a slip of the pen gives
two payments the same one. Nobody can tell them apart from here, so that it is shown and asked, never refused."""

import unicodedata
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace

from whistle.core.ledger import Row

NUMBERS = ("voucher", "treasury")


@dataclass(frozen=True)
class Payment:
    """A payment that stands, with its numbers as they hold now. `no` is its row, `year` the fiscal year it is of."""

    no: int
    case: str
    year: int
    voucher: str
    treasury: str


@dataclass(frozen=True)
class Shared:
    """A number, voucher or treasury, that several payments bear, in the order of their rows."""

    name: str
    number: str
    payments: tuple[Payment, ...]


def payments(rows: Iterable[Row]) -> list[Payment]:
    """Every payment that was not taken back, amendments taken in."""
    found: dict[int, Payment] = {}
    for row in rows:
        if row.kind == "pay":
            found[row.no] = Payment(row.no, row.case, row.year, row.voucher, row.treasury)
        elif row.kind == "reverse":
            found.pop(row.corrects, None)
        elif row.kind == "amend" and row.corrects in found:
            found[row.corrects] = replace(found[row.corrects], voucher=row.voucher, treasury=row.treasury)
    return list(found.values())


def shared(paid: Iterable[Payment]) -> list[Shared]:
    """The numbers that more than one payment bears. Vouchers begin anew with every fiscal year."""
    alike: defaultdict[tuple[str, int, str], list[Payment]] = defaultdict(list)
    for one in paid:
        for name in NUMBERS:
            if number := spelled(getattr(one, name)):
                alike[name, one.year if name == "voucher" else 0, number].append(one)
    return [Shared(name, getattr(ones[0], name), tuple(ones)) for (name, _, _), ones in alike.items() if len(ones) > 1]


def bearing(paid: Iterable[Payment], year: int, voucher: str, treasury: str) -> list[Shared]:
    """Of these two numbers, those that other payments bear already: asked before one more is signed."""
    others = list(paid)
    new = Payment(0, "", year, voucher, treasury)
    found = [one for one in shared([*others, new]) if new in one.payments]
    return [replace(one, payments=tuple(each for each in one.payments if each is not new)) for one in found]


def spelled(number: str) -> str:
    """A number whatever its width, case and blanks."""
    return "".join(unicodedata.normalize("NFKC", number).split()).upper()
