"""The auditor's check: every approved sum computed again from the sealed facts its proposal rests on, and those facts
held against the finding before it."""

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import Connection

from whistle.client.basis import Rests, rests
from whistle.client.reading import Carried, open_items, open_keys, verify_chain
from whistle.client.sealing import Party
from whistle.client.trust import Trust
from whistle.core import ledger, rulebook
from whistle.core.case import Case, fold
from whistle.core.errors import RuleError
from whistle.core.workflow import Workflow
from whistle.crypto.encoding import b64, unb64
from whistle.crypto.keys import KeyPair
from whistle.crypto.posts import facts_hash, parse_post
from whistle.storage import cases, directory
from whistle.storage import ledger as book
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

    @property
    def agrees(self) -> bool:
        """Whether the sum follows from the facts, and these from the finding or from a reason that is given."""
        return self.booked == self.computed and self.standing.is_explained

    @property
    def is_closed(self) -> bool:
        """Whether it could not be computed at all: no word against whoever approved it."""
        return self.computed == CLOSED


def sums(tx: Connection, auditor: Auditor) -> Iterator[Sum]:
    """Every approval in the ledger, found again in its case's verified chain."""
    booked = {row.post: row for row in map(ledger.parse_row, _rows(tx)) if row.kind == "approve"}
    trust = trust_of(tx, auditor.zone)
    for row in _cases(tx):
        posts = _posts(tx, row.case, auditor.rid)
        approvals = [one.post.hash for one in posts if one.post.hash in booked]
        if approvals:
            facts = _facts(trust, row.case, posts, auditor)
            for approval in approvals:
                entry = booked.pop(approval)
                yield Sum(entry.case, entry.fen, *facts.get(approval, (NO_SUM, UNREAD)))
    # What the ledger paid and no case approves is the worst finding of all.
    yield from (Sum(entry.case, entry.fen, NO_SUM) for entry in booked.values())


def _facts(trust: Trust, case: str, posts: list[Carried], auditor: Auditor) -> dict[str, tuple[int, Rests]]:
    """For each approval of a case, the sum its proposal's facts give, and how they stand to the finding; the chain is
    verified first."""
    reader = Party(trust.zone, unb64(case, 32), auditor.rid, auditor.keys)
    _, acts = verify_chain(trust, posts, auditor.workflow, "office", reader.case)
    items = open_items(reader, posts, open_keys(reader, posts))
    bodies = {
        item.post: b"" if item.broken else item.body
        for item in items
        if item.kind == "award.propose" and item.index == 0
    }
    found: dict[str, tuple[int, Rests]] = {}
    for number, act in enumerate(acts):
        if act.kind == "award.approve":
            folded, proposal = fold(acts[: number + 1], auditor.workflow, auditor.today), act.fields["proposal"]
            found[act.hash] = _computed(folded, bodies.get(proposal)), rests(acts, items, proposal)
    return found


def _computed(folded: Case, body: bytes | None) -> int:
    proposal = folded.proposal
    if body is None:
        return CLOSED
    if proposal is None or facts_hash(body) != proposal.facts:
        return NO_SUM
    try:
        pack = rulebook.load(proposal.pack)
        facts, _ = rulebook.parse_facts(body)
        same = b64(rulebook.pack_hash(pack)) == proposal.pack_hash
        return rulebook.award(facts, pack).fen if same else NO_SUM
    except RuleError:
        return NO_SUM


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


def _cases(tx: Connection) -> Iterator[CaseRow]:
    after = 0
    while page := cases.iter_cases(tx, after):
        yield from page
        after = page[-1].id


def _rows(tx: Connection) -> Iterator[bytes]:
    return (row.bytes for row in book.every(tx))


def trust_of(tx: Connection, zone: str) -> Trust:
    def directories() -> list[tuple[bytes, bytes]]:
        return [(one.bytes, one.sig) for one in directory.directories(tx)]

    return Trust(directories, lambda name: directory.channel(tx, name) or b"", zone)
