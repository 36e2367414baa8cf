"""What a reporter is told: her case folded from the posts she may see."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from whistle.client.certificates import Certificate
from whistle.client.destroyed import gone_items
from whistle.client.reading import Opened
from whistle.client.wire import reading
from whistle.client.withdrawal import NOTHING_WITHDRAWN, Withdrawal, withdrawal_facts, withdrawal_of
from whistle.core.case import Case, allowed, fold
from whistle.core.yuan import text as yuan
from whistle.crypto.chain import Act

REPORTER = "reporter"
TALK = frozenset({"thread", "payout"})
DECISIONS = {"not_accepted": "decline", "refused": "award.refuse"}


@dataclass(frozen=True)
class Line:
    """One post as she sees it: `text` is the talk, `fields` what the act says in public, `role` in which role its
    author speaks to her, "" for herself. `before`: the category she was told before this post, "" if none. `gone`:
    what it said to her was destroyed later; `fields` tells of a withdrawal also its scope, and when it is taken."""

    no: int
    kind: str
    day: str
    author: str
    text: str
    fields: Mapping[str, Any] = field(default_factory=dict, repr=False)
    role: str = ""
    before: str = ""
    gone: bool = False


@dataclass(frozen=True)
class Status:
    """State, next deadline (the day and the step that ends on it), talk and award of her case.

    `is_told`: what was found has been told her, though the state she sees is still that of verifying.
    `about`: the kind of the decision she may object to now, "" when there is none or her one objection is used up.
    `may`: the kinds of post that the fold takes from her now.
    `category`: what the case is handled as, "" before it is accepted.
    `cancelled`: why the award she was told was taken back, "" where the case is not refused for that.
    `is_asked`: the office wrote to her last, and waits for her answer.
    `withdrawal`: what she has taken back, and what she still may.
    `destroyed`: the scopes of what was destroyed, sorted (identity, payout, award, content).
    `office`: whose case it is, as the zone signed its name; "" for the zone's own office. `methods`: how that office
    pays. `certificate`: of the honour that stands."""

    case: str
    state: str
    due: str
    provisional: bool
    posts: tuple[Line, ...]
    award: str
    claim_by: str
    today: str
    step: str = ""
    is_told: bool = False
    about: str = ""
    may: frozenset[str] = frozenset()
    category: str = ""
    cancelled: str = ""
    is_asked: bool = False
    withdrawal: Withdrawal = NOTHING_WITHDRAWN
    destroyed: tuple[str, ...] = ()
    office: str = ""
    methods: tuple[str, ...] = ()
    certificate: Certificate | None = None


def status_of(
    case: str,
    acts: Sequence[Act],
    items: Sequence[Opened],
    answer: Mapping[str, Any],
    table: Mapping[str, Any],
    lost: Collection[str] = (),
) -> Status:
    """Fold verified posts; the server's word is taken for the day and the clocks only. `lost`: compartments that were
    destroyed by what the chain lacks since a restore."""
    today = reading(lambda: str(answer["today"]))
    due, provisional, step = reading(lambda: _next_due(answer["clocks"]))
    folded = fold(acts, table, today, view="reporter")
    may = frozenset(allowed(folded, [REPORTER], ""))
    return Status(
        case=case,
        state=folded.seen,
        due=due,
        provisional=provisional,
        posts=tuple(_lines(acts, items, gone_items(acts, items, lost, table), table)),
        award=yuan(folded.awarded) if folded.awarded else "",
        claim_by=folded.claim_by,
        today=today,
        step=step,
        is_told="feedback" in folded.marks,
        about=_decision(folded) if "objection" in may else "",
        may=may,
        category=folded.category,
        cancelled=_cancelled(folded, acts),
        is_asked=folded.waiting and "message" in may and "content" not in folded.destroyed and "thread" not in lost,
        withdrawal=withdrawal_of(folded, may, table),
        destroyed=folded.destroyed,
    )


def _decision(folded: Case) -> str:
    """What she was told last, of what can be objected to."""
    return DECISIONS.get(folded.state, "feedback")


def _cancelled(folded: Case, acts: Sequence[Act]) -> str:
    """A refusal after an award was told is another thing than one by the rules: it says that, and why."""
    decided = [act for act in acts if act.kind in ("award.cancel", "award.refuse")]
    told = folded.seen == "refused" and bool(decided) and decided[-1].kind == "award.cancel"
    return str(decided[-1].fields["reason"]) if told else ""


def _lines(
    acts: Sequence[Act], items: Sequence[Opened], gone: frozenset[str], table: Mapping[str, Any]
) -> Iterator[Line]:
    category = ""
    for act in acts:
        # A document, such as the card of a report she may read back, is the machine's and none of the words.
        mine = (item for item in items if item.post == act.hash and item.id not in gone)
        said = (item for item in mine if not item.broken and not item.document)
        text = "\n".join(item.text for item in said if item.text)
        fields = {**act.fields, **withdrawal_facts(act, acts, table)}
        lost = not text and _is_lost(act, items, gone)
        yield Line(act.no, act.kind, act.day, act.author, text, fields, role_of(act, table), category, lost)
        category = str(act.fields.get("category", category))


def _is_lost(act: Act, items: Sequence[Opened], gone: frozenset[str]) -> bool:
    """What was said in the talk, and her own words where she kept a copy of them, were destroyed."""
    if act.kind == "report":
        return any(item.post == act.hash and item.comp == "report" and item.id in gone for item in items)
    return act.kind != "claim" and any(entry["comp"] in TALK and entry["id"] in gone for entry in act.items)


def role_of(act: Act, table: Mapping[str, Any]) -> str:
    """In which role the author of a post speaks to her: a kind that she is shown has one, a talk one for each of its
    compartments. "" for herself."""
    if act.author == REPORTER:
        return ""
    row = table["kinds"][act.kind]
    by = row.get("roles_by", {}).get("comp", {}).get(act.fields.get("comp"), row["roles"])
    return next((str(role) for role in by if role != REPORTER), "")


def _next_due(clocks: Sequence[Mapping[str, Any]]) -> tuple[str, bool, str]:
    running = sorted(
        (str(clock["due"]), bool(clock["provisional"]), str(clock["step"])) for clock in clocks if not clock.get("stop")
    )
    return running[0] if running else ("", False, "")
