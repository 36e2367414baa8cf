"""What a proposed sum rests on: the finding its facts were taken over from, and what differs from it and why."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from whistle.client.reading import Opened
from whistle.core import rulebook, yuan
from whistle.core.entitlement import Basis, parse_basis
from whistle.core.errors import RuleError
from whistle.core.facts import SUMS, Facts, differences, parse_facts
from whistle.core.record import Proposal
from whistle.crypto.chain import Act
from whistle.crypto.encoding import b64
from whistle.crypto.posts import facts_hash

BASIS_AT = 2  # among the `award` items of a proposal: facts, what was confirmed, what it rests on
# What may not come in unseen between the look at a case and the signature: under its money, and under a class that a
# colleague has set meanwhile.
OVERTAKERS: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        "award.propose": frozenset({"finding", "repin", "award.return"}),
        "award.approve": frozenset({"finding", "repin", "award.propose"}),
        "award.return": frozenset({"award.propose"}),
        "award.refuse": frozenset({"finding", "repin", "award.propose", "award.return"}),
        "classify": frozenset({"classify", "accept"}),
    }
)


def sum_of(proposal: Proposal, facts: bytes) -> int | None:
    """The sum in fen that the pack of a proposal gives for its sealed facts; None where these are others than were
    signed, where the pack has other bytes by now, or where they give no sum."""
    if facts_hash(facts) != proposal.facts:
        return None
    try:
        pack = rulebook.load(proposal.pack)
        found, _ = rulebook.parse_facts(facts)
        same = b64(rulebook.pack_hash(pack)) == proposal.pack_hash
        return rulebook.award(found, pack).fen if same else None
    except RuleError:
        return None


@dataclass(frozen=True)
class Difference:
    """A fact as the finding states it ("" where it states none that open) and as the proposal has it; sums in yuan,
    grouped."""

    name: str
    found: str
    own: str


@dataclass(frozen=True)
class Rests:
    """How a proposal stands to the finding before it. `is_bound`: its sealed basis names that very finding; a proposal
    made before there was such an item is not bound, and gives no reason."""

    differs: tuple[Difference, ...]
    reason: str
    is_bound: bool

    @property
    def is_explained(self) -> bool:
        """Whether nothing differs, or a reason is given by one who had this finding before him."""
        return not self.differs or (self.is_bound and bool(self.reason))


def rests(acts: Sequence[Act], items: Iterable[Opened], proposal: str) -> Rests:
    """How the proposal of this hash stands to the finding before it, as far as these opened items say."""
    awards = [item for item in items if item.comp == "award"]
    finding = finding_before(acts, proposal)
    own = facts_in(awards, proposal)
    basis = _basis(awards, proposal)
    differs = _differs(facts_in(awards, finding), own) if own else ()
    is_bound = basis is not None and basis.finding == finding
    return Rests(differs, basis.reason if basis else "", is_bound)


def came_in(acts: Sequence[Act], kind: str, shown: str) -> list[Act]:
    """What came in since the post of this hash was shown and changes what an act of this kind rests on."""
    since = next((at for at, act in enumerate(acts, 1) if act.hash == shown), 0)
    return [act for act in acts[since:] if act.kind in OVERTAKERS.get(kind, ())]


def finding_before(acts: Sequence[Act], proposal: str = "") -> str:
    """The hash of the finding that stood when this was proposed; "" for the newest of all."""
    found = ""
    for act in acts:
        if act.hash == proposal:
            break
        if act.kind == "finding":
            found = act.hash
    return found


def facts_in(items: Iterable[Opened], post: str) -> Facts | None:
    """The facts sealed with this post, None where there are none or this key does not open them."""
    body = next((item.body for item in items if item.post == post and item.comp == "award" and not item.broken), b"")
    try:
        return parse_facts(body)[0] if body else None
    except RuleError:
        return None  # an author may have sealed anything


def _basis(awards: Sequence[Opened], proposal: str) -> Basis | None:
    sealed = [item for item in awards if item.post == proposal]
    try:
        return parse_basis(sealed[BASIS_AT].body) if len(sealed) > BASIS_AT else None
    except RuleError:
        return None


def _differs(found: Facts | None, own: Facts) -> tuple[Difference, ...]:
    """Where the finding states nothing, what the proposal states beyond nothing."""
    return tuple(
        Difference(name, _text(name, getattr(found, name)) if found else "", _text(name, getattr(own, name)))
        for name in differences(found, own)
        if found or getattr(own, name)
    )


def _text(name: str, value: int | str) -> str:
    return yuan.grouped(int(value)) if name in SUMS else str(value)
