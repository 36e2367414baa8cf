"""The ledger row that each act of a case causes, made in the transaction that keeps the act."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from whistle.core import ledger, rulebook
from whistle.core.books import CaseBook
from whistle.core.case import Case
from whistle.core.errors import RuleError
from whistle.core.grounds import BEFORE
from whistle.crypto.posts import Post
from whistle.storage import ledger as books
from whistle.storage.ledger import Book


def entry(book: Book, number: str, folded: Case, post: Post, today: str) -> ledger.Entry | None:
    """The row of this post, None for one that moves no money. Raises RuleError."""
    make = _ENTRIES.get(post.kind)
    return make(book, number, folded, post, today) if make else None


def is_held(book: Book, number: str) -> bool:
    """Whether an approved award waits for funds: no obligation of the case stands open."""
    return not _book(book, number).open


def papers_of(book: Book, number: str, approval: str) -> set[str]:
    """The papers (core/grounds.py) that were entered for this very approval."""
    return {kind for _, kind, _, _, post in _book(book, number).rows if kind in BEFORE and post == approval}


Maker = Callable[[Book, str, Case, Post, str], ledger.Entry | None]


def _approve(book: Book, number: str, folded: Case, post: Post, today: str) -> ledger.Entry | None:
    """An award the year's budget cannot bear is approved all the same and waits: the notice books it."""
    made = _obligation(number, folded, post.hash, today)
    return made if made.fen <= books.balance(book, made.year).left else None


def _notify(book: Book, number: str, folded: Case, post: Post, today: str) -> ledger.Entry | None:
    """What waited for funds becomes an obligation with the notice, or the notice is refused: no_funds."""
    return _obligation(number, folded, folded.approval, today) if is_held(book, number) else None


def _obligation(number: str, folded: Case, approval: str, today: str) -> ledger.Entry:
    assert folded.proposal is not None  # noqa: S101 - the fold refuses an approval without one
    pack = rulebook.load(folded.proposal.pack)
    formula, clause = rulebook.formula_of(folded.category, pack)
    return ledger.Entry(
        "approve",
        today,
        int(today[:4]),
        fen=folded.approved,
        case=number,
        post=approval,
        pack=pack.id,
        clause=clause,
        formula=formula,
    )


def _pay(book: Book, number: str, folded: Case, post: Post, today: str) -> ledger.Entry:
    settled = _settle(book, number, post, today, "pay")
    fields = post.fields
    return replace(settled, method=folded.method, voucher=fields["voucher"], treasury=fields["treasury"])


def _forfeit(book: Book, number: str, folded: Case, post: Post, today: str) -> ledger.Entry:
    return replace(_settle(book, number, post, today, "forfeit"), memo=post.fields["reason"])


def _revoke(book: Book, number: str, folded: Case, post: Post, today: str) -> ledger.Entry | None:
    """A refusal after approval gives the obligation back; one before it moves no money."""
    if is_held(book, number):
        return None
    return replace(_settle(book, number, post, today, "revoke"), memo=post.fields["reason"])


def _overrule(book: Book, number: str, folded: Case, post: Post, today: str) -> ledger.Entry | None:
    """An objection upheld takes back what was approved on the result that falls."""
    if post.fields["outcome"] == "rejected" or is_held(book, number):
        return None
    return replace(_settle(book, number, post, today, "revoke"), memo="objection")


def _reinstate(book: Book, number: str, folded: Case, post: Post, today: str) -> ledger.Entry:
    """The forfeit is taken back by a row of its own; refused when the year has no money left for it."""
    forfeits = [row for row in _book(book, number).rows if row[1] == "forfeit"]
    if not forfeits:
        raise RuleError("not_forfeited")
    no, kind, fen, year, _ = forfeits[-1]
    return ledger.Entry(
        "reverse",
        today,
        year,
        fen=fen,
        case=number,
        post=post.hash,
        pack=_approved(book, number).pack,
        corrects=no,
        corrects_kind=kind,
        memo=post.fields["reason"],
    )


def _clawback(book: Book, number: str, folded: Case, post: Post, today: str) -> ledger.Entry:
    return _came_back(book, number, post, today, memo=post.fields["reason"])


def _receive(book: Book, number: str, folded: Case, post: Post, today: str) -> ledger.Entry:
    """Money that came back, by the receipt it came with: only now does it count as no longer paid."""
    return _came_back(book, number, post, today, memo=folded.reason, voucher=post.fields["receipt"])


def _came_back(book: Book, number: str, post: Post, today: str, *, memo: str, voucher: str = "") -> ledger.Entry:
    owed = _approved(book, number)
    return ledger.Entry(
        "clawback",
        today,
        owed.year,
        fen=post.fields["fen"],
        case=number,
        post=post.hash,
        pack=owed.pack,
        voucher=voucher,
        memo=memo,
    )


def _settle(book: Book, number: str, post: Post, today: str, kind: str) -> ledger.Entry:
    owed = _approved(book, number)
    return ledger.Entry(kind, today, owed.year, fen=owed.fen, case=number, post=post.hash, pack=owed.pack)


def _approved(book: Book, number: str) -> ledger.Row:
    """The newest obligation of the case: an earlier one was revoked before it."""
    rows = (ledger.parse_row(each) for each in books.rows_of(book, number))
    approved = [each for each in rows if each.kind == "approve"]
    if not approved:
        raise RuleError("not_approved")
    return approved[-1]


def _book(book: Book, number: str) -> CaseBook:
    made = CaseBook()
    for each in books.rows_of(book, number):
        made.post(ledger.parse_row(each))
    return made


_ENTRIES: dict[str, Maker] = {
    "award.approve": _approve,
    "award.notify": _notify,
    "award.refuse": _revoke,
    "award.unapprove": _revoke,
    "award.cancel": _revoke,
    "pay": _pay,
    "forfeit": _forfeit,
    "reinstate": _reinstate,
    "clawback": _clawback,
    "recover.receipt": _receive,
    "objection.decide": _overrule,
    "objection.confirm": _overrule,
}
