"""The lines of the award ledger 奖励台账: one an approval, with what became of it."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from whistle.core import rulebook
from whistle.core.books import Accounts, moves
from whistle.core.ledger import Row
from whistle.core.summary import Sources


@dataclass(slots=True)
class AwardRow:
    """One award. Days are text, sums fen; what a server cannot know stays empty. As in the ledger
    fen = paid_fen + open_fen + forfeited_fen + revoked_fen: `revoked_fen` holds what came back as well.
    `approval` is the hash of the post that approved it: by it a key's reader finds the proposal the line rests on."""

    number: str
    fen: int
    approval: str = ""
    category: str = ""
    finding: str = ""
    decision: str = ""
    fine: int | None = None
    clause: str = ""
    formula: str = ""
    uplift: str = ""
    approved: str = ""
    notified: str = ""
    claim_by: str = ""
    method: str = ""
    payee: str = ""
    paid: str = ""
    paid_fen: int = 0
    voucher: str = ""
    treasury: str = ""
    account: str = ""
    source: str = ""
    open_fen: int = 0
    forfeited_fen: int = 0
    revoked_fen: int = 0
    left: int = 0
    hands: str = ""
    state: str = ""
    difference: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Notice:
    """When an award was told to the reporter, and by what day she claims it now."""

    day: str = ""
    claim_by: str = ""


@dataclass(frozen=True, slots=True)
class Known:
    """What the server knows of a case beyond its ledger rows; its notices by the hash of the approval each is of."""

    category: str = ""
    notices: Mapping[str, Notice] = field(default_factory=dict)
    note: str = ""


PAPERS = {"concur": "财政会签", "meeting": "集体决定", "filing": "备案", "cash": "现金支付"}
NOTICING = ("award.approve", "award.notify", "reinstate")


def notices(acts: Iterable[tuple[str, str, str, Mapping[str, Any]]]) -> dict[str, Notice]:
    """The notices of one case by their approvals, from (kind, hash, day, fields) of its posts in order. One reinstated
    has a new last day."""
    found: dict[str, Notice] = {}
    approval = ""
    for kind, post, day, fields in acts:
        if kind == "award.approve":
            approval = post
        elif kind == "award.notify":
            found[approval] = Notice(day, str(fields["claim_by"]))
        elif kind == "reinstate" and approval in found:
            found[approval] = Notice(found[approval].day, str(fields["claim_by"]))
    return found


class Running:
    """The budgets as they stand behind a row: what is `left` of each year, and the sources that gave to it. Begun from
    the start, or from what an earlier one had left and the rows without a case that it took."""

    def __init__(self, left: Mapping[int, int], before: Iterable[Row]) -> None:
        self.left: defaultdict[int, int] = defaultdict(int, left)
        self._sources: defaultdict[int, Sources] = defaultdict(Sources)
        for row in before:
            self._sources[row.year].take(row)

    def take(self, row: Row) -> None:
        moved = Accounts()
        moved.move(row.kind, row.corrects_kind, row.fen)
        self.left[row.year] += moved.left
        self._sources[row.year].take(row)

    def given(self, year: int) -> str:
        return _named(self._sources[year])


def award_rows(
    rows: Iterable[Row], cases: Mapping[str, Known], year: int = 0, account: Callable[[int], str] = lambda _: ""
) -> Iterator[AwardRow]:
    """The blind award ledger: a line for each approval, what became of it, and the budget left after it.
    `cases` by register number; `year` 0 takes all; `account`: the budget account of a fiscal year."""
    lines: list[AwardRow] = []
    of_case: dict[str, AwardRow] = {}
    of_row: dict[int, AwardRow] = {}  # a correction belongs to the award whose row it corrects
    papers: defaultdict[str, list[str]] = defaultdict(list)  # by the approval they are of: they may come before its row
    years: dict[int, Accounts] = {}
    sources: defaultdict[int, Sources] = defaultdict(Sources)
    for row in rows:
        accounts = years.setdefault(row.year, Accounts())
        accounts.move(row.kind, row.corrects_kind, row.fen)
        sources[row.year].take(row)
        if row.kind in PAPERS:  # of its own day's year, which may be the one after its award's
            papers[row.post].append(" ".join(filter(None, (PAPERS[row.kind], row.voucher, row.memo))))
        elif year not in (0, row.year) or not row.case:
            continue
        elif row.kind == "approve":
            known = cases.get(row.case, Known())
            of_row[row.no] = of_case[row.case] = _approved(row, known, sources[row.year], accounts.left)
            of_row[row.no].account = account(row.year)
            lines.append(of_row[row.no])
        elif line := of_row.get(row.corrects) or of_case.get(row.case):
            of_row[row.no] = line
            _became(line, row)
    for line in lines:
        line.note = " ".join(filter(None, (line.note, *papers[line.approval])))
        yield line


def _approved(row: Row, known: Known, sources: Sources, left: int) -> AwardRow:
    """The year's budget bears the award as a whole: every source that gave to it is named."""
    notice = known.notices.get(row.post, Notice())
    return AwardRow(
        number=row.case,
        fen=row.fen,
        approval=row.post,
        category=known.category,
        clause=f"{row.pack} {row.clause}".strip(),
        formula=row.formula,
        approved=row.day,
        notified=notice.day,
        claim_by=notice.claim_by,
        source=row.source or _named(sources),
        left=left,
        open_fen=row.fen,
        state="open",
        note=" ".join(filter(None, (known.note, _banner(row.pack)))),
    )


def _named(sources: Sources) -> str:
    return "、".join(one.source for one in sources.given() if one.fen)


@cache
def _banner(pack: str) -> str:
    """What must stand beside every sum of a superseded pack."""
    return rulebook.load(pack).banner if pack in rulebook.shipped() else ""


def _became(line: AwardRow, row: Row) -> None:
    if row.kind == "amend":
        _amend(line, row)
        return
    for account, sign in zip(moves(row.kind, row.corrects_kind), (-1, 1), strict=True):
        if account != "free":
            name = f"{account}_fen"
            setattr(line, name, getattr(line, name) + sign * row.fen)
    if row.kind == "pay":
        line.paid, line.method, line.voucher, line.treasury = row.day, row.method, row.voucher, row.treasury
    elif row.kind == "reverse" and row.corrects_kind == "pay":
        line.paid = line.voucher = line.treasury = line.method = ""
    line.state = _state(line)


def _amend(line: AwardRow, row: Row) -> None:
    """The numbers as they hold from now on; those before stay readable beside them."""
    if row.corrects_kind == "pay":
        before = f"原凭证号 {line.voucher or '—'}，原国库支付号 {line.treasury or '—'}，{row.day} 更正：{row.memo}"
        line.note = " ".join(filter(None, (line.note, before)))
        line.voucher, line.treasury = row.voucher, row.treasury


def _state(line: AwardRow) -> str:
    """What became of an award, by the accounts its sum stands in now."""
    if line.open_fen:
        return "open"
    if line.paid_fen:
        return "clawed_part" if line.revoked_fen else "paid"
    if line.forfeited_fen:
        return "forfeited"
    if line.revoked_fen:
        return "clawed" if line.paid else "revoked"
    return "reversed"
