"""The lines of the award ledger 奖励台账: one an approval, with what became of it."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache

from whistle.core import rulebook
from whistle.core.books import Accounts
from whistle.core.ledger import Row
from whistle.core.summary import Sources


@dataclass(slots=True)
class AwardRow:
    """One award. Days are text, sums fen; what a server cannot know stays empty."""

    number: str
    fen: int
    category: str = ""
    finding: str = ""
    decision: str = ""
    fine: int = 0
    clause: str = ""
    formula: str = ""
    uplift: str = ""
    approved: str = ""
    notified: str = ""
    claim_by: str = ""
    method: str = ""
    payee: str = ""
    paid: str = ""
    voucher: str = ""
    treasury: str = ""
    source: str = ""
    left: int = 0
    state: str = ""
    hands: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Known:
    """What the server knows of a case beyond its ledger rows."""

    category: str = ""
    notified: str = ""
    claim_by: str = ""
    note: str = ""


def award_rows(rows: Iterable[Row], cases: Mapping[str, Known], year: int = 0) -> Iterator[AwardRow]:
    """The blind award ledger: a line for each approval, what became of it, and the budget left after it.
    `cases` by register number; `year` 0 takes all."""
    lines: dict[int, AwardRow] = {}
    of_case: dict[str, AwardRow] = {}
    posts: dict[int, str] = {}
    papers: dict[str, str] = {}  # of the finance department, by the approval it concurs in: it may come before the row
    years: dict[int, Accounts] = {}
    sources: defaultdict[int, Sources] = defaultdict(Sources)
    for row in rows:
        accounts = years.setdefault(row.year, Accounts())
        accounts.move(row.kind, row.corrects_kind, row.fen)
        sources[row.year].take(row)
        if year not in (0, row.year) or not row.case:
            continue
        if row.kind == "concur":
            papers[row.post] = row.memo
        elif row.kind == "approve":
            posts[row.no] = row.post
            known = cases.get(row.case, Known())
            lines[row.no] = of_case[row.case] = _approved(row, known, sources[row.year], accounts.left)
        elif row.case in of_case:
            _became(of_case[row.case], row)
    for no, line in lines.items():
        if paper := papers.get(posts[no]):
            line.note = " ".join(filter(None, (line.note, f"财政会签 {paper}")))
        yield line


def _approved(row: Row, known: Known, sources: Sources, left: int) -> AwardRow:
    """The year's budget bears the award as a whole: every source that gave to it is named."""
    return AwardRow(
        number=row.case,
        fen=row.fen,
        category=known.category,
        clause=f"{row.pack} {row.clause}".strip(),
        formula=row.formula,
        approved=row.day,
        notified=known.notified,
        claim_by=known.claim_by,
        source=row.source or "、".join(one.source for one in sources.given() if one.fen),
        left=left,
        state="open",
        note=" ".join(filter(None, (known.note, _banner(row.pack)))),
    )


@cache
def _banner(pack: str) -> str:
    """What must stand beside every sum of a superseded pack."""
    return rulebook.load(pack).banner if pack in rulebook.shipped() else ""


_BECAME = {"pay": "paid", "forfeit": "forfeited", "revoke": "revoked", "clawback": "clawed"}
_TAKEN_BACK = {"approve": "reversed", "clawback": "paid"}


def _became(line: AwardRow, row: Row) -> None:
    if row.kind == "reverse":
        line.state = _TAKEN_BACK.get(row.corrects_kind, "open")
        if row.corrects_kind == "pay":
            line.paid = line.voucher = line.treasury = line.method = ""
        return
    line.state = _BECAME[row.kind]
    if row.kind == "pay":
        line.paid, line.method, line.voucher, line.treasury = row.day, row.method, row.voucher, row.treasury
