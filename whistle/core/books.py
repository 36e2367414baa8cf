"""What the ledger's rows add up to, and which entry the books allow next."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from whistle.core.errors import LedgerError


@dataclass(frozen=True)
class Entry:
    """One line to be written. `year` is the fiscal year of the obligation, `case` the register number,
    `post` the hash of the post that decided it, `corrects` and `corrects_kind` the row a reverse takes back,
    `memo` a reason code, for a lock the month, for a concurrence the document that gives it."""

    kind: str
    day: str
    year: int
    fen: int = 0
    case: str = ""
    post: str = ""
    pack: str = ""
    clause: str = ""
    formula: str = ""
    corrects: int = 0
    corrects_kind: str = ""
    source: str = ""
    method: str = ""
    voucher: str = ""
    treasury: str = ""
    memo: str = ""


@dataclass(frozen=True, kw_only=True)
class Row(Entry):
    """A written line: `no` counts from 1 without gaps."""

    no: int


@dataclass(frozen=True)
class Balance:
    """Sums in fen. approved = paid + open + forfeited + revoked; left = budget - paid - open.

    What was approved and taken back before anybody was paid is `cancelled`: it counts in no other sum. `revoked` is
    what came back after a payment."""

    budget: int
    approved: int
    paid: int
    open: int
    forfeited: int
    revoked: int
    left: int
    cancelled: int = 0


@dataclass(frozen=True)
class Rule:
    """How a kind moves its sum: out of one account, into another."""

    out_of: str
    into: str
    has_fen: bool = True
    has_case: bool = True
    is_office: bool = False


# A clawback is money that came back: it stops being paid and counts as revoked. A reverse moves the sum of
# the row it corrects the other way, so its accounts are those of `corrects_kind`, exchanged. A concurrence of the
# finance department moves nothing: it stands beside the approval whose post it names; so do an award's other papers
# (core/grounds.py). Nor does an amendment: it states voucher and treasury number of the row it names as they hold from
# now on; the row itself stays as it is.
RULES = {
    "budget": Rule("granted", "free", has_case=False, is_office=True),
    "approve": Rule("free", "open"),
    "pay": Rule("open", "paid"),
    "forfeit": Rule("open", "forfeited"),
    "revoke": Rule("open", "revoked"),
    "clawback": Rule("paid", "revoked"),
    "reverse": Rule("", "", has_case=False),
    "lock": Rule("", "", has_fen=False, has_case=False, is_office=True),
    "concur": Rule("", "", has_fen=False),
    "meeting": Rule("", "", has_fen=False),
    "filing": Rule("", "", has_fen=False),
    "cash": Rule("", "", has_fen=False),
    "amend": Rule("", "", has_fen=False, has_case=False),
}
KINDS = tuple(RULES)
AMENDABLE = ("pay", "clawback")
CORRECTABLE = tuple(kind for kind, rule in RULES.items() if rule.out_of)


def moves(kind: str, corrects_kind: str = "") -> tuple[str, str]:
    """The accounts a row moves its sum out of and into."""
    if kind == "reverse":
        return RULES[corrects_kind].into, RULES[corrects_kind].out_of
    return RULES[kind].out_of, RULES[kind].into


def check_month(entry: Entry, locked: str) -> None:
    """Raise LedgerError for a row dated in a locked month, and for a lock of a month that is not over or that is
    locked already. `locked` is the newest locked month: those before it are locked with it."""
    if entry.day[:7] <= locked:
        raise LedgerError("month_locked", month=locked)
    if entry.kind == "lock" and entry.memo >= entry.day[:7]:
        raise LedgerError("month_not_over")
    if entry.kind == "lock" and entry.memo <= locked:
        raise LedgerError("locked_already", month=locked)


class Accounts:
    """The accounts of one year. Every row takes from one what it adds to another: they always sum to zero."""

    __slots__ = ("approved", "cancelled", "sums")

    def __init__(self) -> None:
        self.sums = dict.fromkeys(("granted", "free", "open", "paid", "forfeited", "revoked"), 0)
        self.approved = self.cancelled = 0

    def move(self, kind: str, corrects_kind: str, fen: int) -> None:
        if not fen:
            return
        out_of, into = moves(kind, corrects_kind)
        self.sums[out_of] -= fen
        self.sums[into] += fen
        if kind == "approve":
            self.approved += fen
        elif corrects_kind == "approve":
            self.approved -= fen
        elif "revoke" in (kind, corrects_kind):
            self.cancelled += fen if kind == "revoke" else -fen

    @property
    def left(self) -> int:
        return -self.sums["granted"] - self.sums["paid"] - self.sums["open"]

    def balance(self) -> Balance:
        budget = -self.sums["granted"]
        held = {name: self.sums[name] for name in ("paid", "open", "forfeited")}
        return Balance(
            budget=budget,
            approved=self.approved - self.cancelled,
            revoked=self.sums["revoked"] - self.cancelled,
            cancelled=self.cancelled,
            left=self.left,
            **held,
        )


def balance_from(totals: Iterable[tuple[str, str, int]]) -> Balance:
    """The balance from sums of fen grouped by (kind, corrects_kind): what a database can add up itself."""
    accounts = Accounts()
    for kind, corrects_kind, fen in totals:
        accounts.move(kind, corrects_kind, fen)
    return accounts.balance()


class CaseBook:
    """The rows of one case (or those of no case), and what they leave open."""

    __slots__ = ("forfeited", "open", "paid", "revoked", "rows", "year")

    def __init__(self) -> None:
        self.rows: list[tuple[int, str, int, int, str]] = []  # no, kind, fen, year, post: those still standing
        self.open = self.paid = self.forfeited = self.revoked = self.year = 0

    def check(self, entry: Entry, left: int) -> None:
        """Raise LedgerError with the rule that refuses this entry after these rows."""
        if entry.post and any((kind, post) == (entry.kind, entry.post) for _, kind, _, _, post in self.rows):
            raise LedgerError("post_twice")
        if entry.kind == "reverse":
            self._check_reverse(entry, left)
        elif entry.kind == "amend":
            self._corrected(entry, entry.corrects_kind, entry.year)
        elif entry.kind == "approve":
            self._check_approve(entry, left)
        elif RULES[entry.kind].out_of and RULES[entry.kind].has_case:
            self._check_move(entry)

    def post(self, row: Row) -> None:
        """Take a row that was admitted."""
        if row.kind == "reverse":
            self.rows = [standing for standing in self.rows if standing[0] != row.corrects]
        else:
            self.rows.append((row.no, row.kind, row.fen, row.year, row.post))
        if row.kind == "approve":
            self.year = row.year
        if row.case and row.fen:
            out_of, into = moves(row.kind, row.corrects_kind)
            self._add(out_of, -row.fen)
            self._add(into, row.fen)

    def _add(self, account: str, fen: int) -> None:
        if account != "free":
            setattr(self, account, getattr(self, account) + fen)

    def _check_approve(self, entry: Entry, left: int) -> None:
        if self.open or self.paid or self.forfeited:
            raise LedgerError("approved_twice")
        if entry.fen > left:
            raise LedgerError("no_funds", left=max(left, 0))

    def _check_move(self, entry: Entry) -> None:
        held: int = getattr(self, RULES[entry.kind].out_of)
        if not held:
            raise LedgerError(self._why_nothing(entry.kind))
        if entry.year != self.year:
            raise LedgerError("wrong_year", year=self.year)
        if entry.fen > held:
            raise LedgerError("pays_too_much" if entry.kind == "pay" else "more_than_held", held=held)
        # A payment, a forfeit and a revocation end the obligation whole; only a recovery may come in parts.
        if entry.fen < held and entry.kind != "clawback":
            raise LedgerError("pays_in_part" if entry.kind == "pay" else "in_part", held=held)

    def _why_nothing(self, kind: str) -> str:
        if kind == "clawback":
            return "nothing_paid"
        if self.paid:
            return "paid_twice" if kind == "pay" else "already_paid"
        return "nothing_open" if self.forfeited or self.revoked else "not_approved"

    def _corrected(self, entry: Entry, kind: str, year: int) -> int:
        """The sum of the standing row that this entry corrects, which is of this kind and year."""
        found = next((row for row in self.rows if row[0] == entry.corrects), None)
        if found is None:
            raise LedgerError("corrects_nothing", corrects=entry.corrects)
        if (found[1], found[3]) != (kind, year):
            raise LedgerError("corrects_differently", corrects=entry.corrects)
        return found[2]

    def _check_reverse(self, entry: Entry, left: int) -> None:
        if self._corrected(entry, entry.corrects_kind, entry.year) != entry.fen:
            raise LedgerError("corrects_differently", corrects=entry.corrects)
        into = RULES[entry.corrects_kind].into
        if entry.case and getattr(self, into) < entry.fen:
            raise LedgerError("correct_later_rows_first", corrects=entry.corrects)
        # Taking back a budget, a forfeit or a revocation takes from what is left of the year.
        if into not in ("open", "paid") and entry.fen > left:
            raise LedgerError("no_funds", left=max(left, 0))


class Books:
    """All cases and years at once, for reading a ledger from its first row."""

    def __init__(self) -> None:
        self.cases: defaultdict[str, CaseBook] = defaultdict(CaseBook)
        self.years: defaultdict[int, Accounts] = defaultdict(Accounts)
        self.locked = ""

    def post(self, row: Row) -> None:
        """Check and take the next row. Raises LedgerError when it could not have been admitted."""
        check_month(row, self.locked)
        book, accounts = self.cases[row.case], self.years[row.year]
        book.check(row, accounts.left)
        book.post(row)
        accounts.move(row.kind, row.corrects_kind, row.fen)
        if row.kind == "lock":
            self.locked = row.memo
