"""The auditor's check: every approved sum computed again from the sealed facts its proposal rests on."""

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import Connection

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


@dataclass(frozen=True)
class Sum:
    """One approved sum: as the ledger has it, and as the facts give it (-1 when they do not open)."""

    number: str
    booked: int
    computed: int

    @property
    def agrees(self) -> bool:
        return self.booked == self.computed


def sums(tx: Connection, auditor: Auditor) -> Iterator[Sum]:
    """Every approval in the ledger, found again in its case's verified chain."""
    booked = {row.post: row for row in map(ledger.parse_row, _rows(tx)) if row.kind == "approve"}
    trust = _trust(tx, auditor.zone)
    for row in _cases(tx):
        posts = _posts(tx, row.case, auditor.rid)
        approvals = [one.post.hash for one in posts if one.post.hash in booked]
        if approvals:
            facts = _facts(trust, row.case, posts, auditor)
            for approval in approvals:
                entry = booked.pop(approval)
                yield Sum(entry.case, entry.fen, facts.get(approval, -1))
    # What the ledger paid and no case approves is the worst finding of all.
    yield from (Sum(entry.case, entry.fen, -1) for entry in booked.values())


def _facts(trust: Trust, case: str, posts: list[Carried], auditor: Auditor) -> dict[str, int]:
    """For each approval of a case, the sum its proposal's facts give; the chain is verified first."""
    reader = Party(trust.zone, unb64(case, 32), auditor.rid, auditor.keys)
    _, acts = verify_chain(trust, posts, auditor.workflow, "office", reader.case)
    bodies = {
        item.post: item.body
        for item in open_items(reader, posts, open_keys(reader, posts))
        if item.kind == "award.propose" and item.index == 0 and not item.broken
    }
    found: dict[str, int] = {}
    for number, act in enumerate(acts):
        if act.kind == "award.approve":
            folded = fold(acts[: number + 1], auditor.workflow, auditor.today)
            found[act.hash] = _computed(folded, bodies.get(act.fields["proposal"], b""))
    return found


def _computed(folded: Case, body: bytes) -> int:
    proposal = folded.proposal
    if proposal is None or facts_hash(body) != proposal.facts:
        return -1
    try:
        pack = rulebook.load(proposal.pack)
        facts, _ = rulebook.parse_facts(body)
        same = b64(rulebook.pack_hash(pack)) == proposal.pack_hash
        return rulebook.award(facts, pack).fen if same else -1
    except RuleError:
        return -1


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
        after = page[-1].seq


def _rows(tx: Connection) -> Iterator[bytes]:
    return (row.bytes for row in book.every(tx))


def _trust(tx: Connection, zone: str) -> Trust:
    def directories() -> list[tuple[bytes, bytes]]:
        return [(one.bytes, one.sig) for one in directory.directories(tx)]

    return Trust(directories, lambda name: directory.channel(tx, name) or b"", zone)
