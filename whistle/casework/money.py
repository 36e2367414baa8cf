"""Money that moves with a post: what is checked before, and what is booked in the same transaction."""

from __future__ import annotations

from whistle.casework import entries
from whistle.casework.awaiting import lacking_papers
from whistle.casework.reviewers import Casework
from whistle.core import rulebook
from whistle.core.case import Case, Refused
from whistle.core.grounds import BEFORE, Sums
from whistle.crypto.encoding import b64
from whistle.crypto.posts import Post
from whistle.crypto.strict import Document
from whistle.storage import ledger as books
from whistle.storage.ledger import Book


def check(casework: Casework, directory: Document, folded: Case, post: Post) -> None:
    """A sum is proposed and approved only by a pack in the very bytes that were pinned, which the directory lists
    for the day of receipt, and never above its cap."""
    if post.kind not in ("award.propose", "award.approve"):
        return
    proposal = folded.proposal
    assert proposal is not None  # noqa: S101 - the fold has let one of the two through
    pack = casework.packs.get(proposal.pack)
    if pack is not None and b64(rulebook.pack_hash(pack)) != proposal.pack_hash:
        raise _refused("pack_edited", folded, post)
    entries = directory["packs"]
    if pack is None or not rulebook.listed(entries, proposal.pack, proposal.pack_hash, folded.received):
        raise _refused("pack_not_listed", folded, post)
    if proposal.fen > rulebook.ceiling(pack):
        raise _refused("cap", folded, post)


def _refused(code: str, folded: Case, post: Post) -> Refused:
    return Refused(code, {"kind": post.kind, "seen": folded.seen})


def book(book: Book, sums: Sums, number: str, folded: Case, post: Post, today: str) -> None:
    """The ledger row of a post, if it has one, in its office's book and the transaction that keeps the post. From the
    sums on that are set a notice and a payment are refused until the paper that is asked for stands in the ledger."""
    if any(post.kind in acts for acts in BEFORE.values()):
        for kind in lacking_papers(book, sums, number, folded.approval, folded.approved, folded.method):
            if post.kind in BEFORE[kind]:
                raise _refused(kind, folded, post)
    made = entries.entry(book, number, folded, post, today)
    if made:
        books.enter(book, made)
