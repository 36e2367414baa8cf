"""The auditor's check: every approved sum computed again from the sealed facts its proposal rests on, and those facts
held against the finding before it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection

from whistle.client.basis import Rests, rests, sum_of
from whistle.client.reading import Carried, open_items, open_keys, verify_chain
from whistle.client.sealing import Party
from whistle.client.trust import Trust
from whistle.core import ledger
from whistle.core.case import Case, fold
from whistle.core.record import Proposal
from whistle.core.workflow import Workflow
from whistle.crypto.chain import Act
from whistle.crypto.encoding import unb64
from whistle.crypto.keys import KeyPair
from whistle.crypto.posts import parse_post
from whistle.storage import cases, directory
from whistle.storage import ledger as books
from whistle.storage.ledger import Book
from whistle.storage.records import CaseRow


@dataclass(frozen=True)
class Auditor:
    """Whose key opens the facts, and what his client checks the chains against."""

    rid: str
    keys: KeyPair
    zone: str
    workflow: Workflow
    today: str


UNREAD = Rests((), "", is_bound=False)
EXPLAINED = Rests((), "", is_bound=True)  # an auditor has looked, and signed
NO_SUM = -1  # the facts are others than were signed, or give no sum, or no case approves it
CLOSED = -2  # this key does not open the facts: nothing can be said of the sum


@dataclass(frozen=True)
class Sum:
    """One approved sum: as the ledger has it, as the facts give it (else NO_SUM, CLOSED), and how these facts stand to
    the finding."""

    number: str
    booked: int
    computed: int
    standing: Rests = UNREAD
    checked: str = ""  # the facts were destroyed; the day on which an auditor signed that they gave this sum

    @property
    def agrees(self) -> bool:
        """Whether the sum follows from the facts, and these from the finding or from a reason that is given."""
        return self.booked == self.computed and self.standing.is_explained

    @property
    def is_closed(self) -> bool:
        """Whether it could not be computed at all: no word against whoever approved it."""
        return self.computed == CLOSED


def sums(book: Book, auditor: Auditor) -> Iterator[Sum]:
    """Every approval in an office's ledger, found again in its case's verified chain."""
    booked = {row.post: row for row in map(ledger.parse_row, _rows(book)) if row.kind == "approve"}
    trust = trust_of(book.tx, auditor.zone)
    for row in _cases(book):
        posts = _posts(book.tx, row.case, auditor.rid)
        approvals = [one.post.hash for one in posts if one.post.hash in booked]
        if approvals:
            facts = _facts(trust, row.case, posts, auditor)
            for approval in approvals:
                entry = booked.pop(approval)
                yield Sum(entry.case, entry.fen, *facts.get(approval, (NO_SUM, UNREAD, "")))
    # What the ledger paid and no case approves is the worst finding of all.
    yield from (Sum(entry.case, entry.fen, NO_SUM) for entry in booked.values())


def _facts(trust: Trust, case: str, posts: list[Carried], auditor: Auditor) -> dict[str, tuple[int, Rests, str]]:
    """For each approval of a case, the sum its proposal's facts give, how they stand to the finding, and where they
    were destroyed the day of the last recomputation; the chain is verified first."""
    reader = Party(trust.zone, unb64(case, 32), auditor.rid, auditor.keys)
    _, acts = verify_chain(trust, posts, auditor.workflow, "office", reader.case)
    items = open_items(reader, posts, open_keys(reader, posts))
    bodies = {
        item.post: b"" if item.broken else item.body
        for item in items
        if item.kind == "award.propose" and item.index == 0
    }
    found: dict[str, tuple[int, Rests, str]] = {}
    for number, act in enumerate(acts):
        if act.kind == "award.approve":
            folded, proposal = fold(acts[: number + 1], auditor.workflow, auditor.today), act.fields["proposal"]
            last = _signed(acts, folded.proposal) if not bodies.get(proposal) else None
            if last is not None:
                found[act.hash] = int(last.fields["fen"]), EXPLAINED, last.day
            else:
                found[act.hash] = _computed(folded, bodies.get(proposal)), rests(acts, items, proposal), ""
    return found


def _signed(acts: Sequence[Act], proposal: Proposal | None) -> Act | None:
    """The auditor's last recomputation of this proposal, where its facts were destroyed after it."""
    gone = any(act.kind == "destroy" and act.fields["scope"] == "award" for act in acts)
    signed = (act for act in acts if act.kind == "award.recomputed" and proposal)
    return next((act for act in signed if gone and proposal and act.fields["facts"] == proposal.facts), None)


def _computed(folded: Case, body: bytes | None) -> int:
    proposal = folded.proposal
    if body is None:
        return CLOSED
    computed = sum_of(proposal, body) if proposal else None
    return NO_SUM if computed is None else computed


def _posts(tx: Connection, case: str, rid: str) -> list[Carried]:
    grants = cases.grants_for(tx, case, rid)
    named = {item for grant in grants for item, _ in grant.items}
    blobs = cases.load_items(tx, case, named)
    return [
        Carried(
            parse_post(row.head, row.sig, row.body or None),
            (row.receipt.bytes, row.receipt.sig),
            {grant.row: grant.sealed for grant in grants if grant.post == row.hash},
            blobs if not number else {},
        )
        for number, row in enumerate(cases.load_posts(tx, case))
    ]


def _cases(book: Book) -> Iterator[CaseRow]:
    after = 0
    while page := cases.iter_cases(book.tx, after):
        yield from (row for row in page if row.office == book.office)
        after = page[-1].id


def _rows(book: Book) -> Iterator[bytes]:
    return (row.bytes for row in books.every(book))


def trust_of(tx: Connection, zone: str) -> Trust:
    def directories() -> list[tuple[bytes, bytes]]:
        return [(one.bytes, one.sig) for one in directory.directories(tx)]

    return Trust(directories, lambda name: directory.channel(tx, name) or b"", zone)
