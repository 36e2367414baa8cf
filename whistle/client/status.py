"""What a reporter is told: her case folded from the posts she may see."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from whistle.client.reading import Opened
from whistle.client.wire import reading
from whistle.core.case import Case, allowed, fold
from whistle.core.yuan import text as yuan
from whistle.crypto.chain import Act

REPORTER = "reporter"
DECISIONS = {"not_accepted": "decline", "refused": "award.refuse"}


@dataclass(frozen=True)
class Line:
    """One post as she sees it: `text` is the talk, `fields` what the act says in public."""

    no: int
    kind: str
    day: str
    author: str
    text: str
    fields: Mapping[str, Any] = field(default_factory=dict, repr=False)


@dataclass(frozen=True)
class Status:
    """State, next deadline (the day and the step that ends on it), talk and award of her case.

    `is_told`: what was found has been told her, though the state she sees is still that of verifying.
    `about`: the kind of the decision she may object to now, "" when there is none or her one objection is used up."""

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


def status_of(
    case: str,
    acts: Sequence[Act],
    items: Sequence[Opened],
    answer: Mapping[str, Any],
    table: Mapping[str, Any],
) -> Status:
    """Fold verified posts; the server's word is taken for the day and the clocks only."""
    today = reading(lambda: str(answer["today"]))
    due, provisional, step = reading(lambda: _next_due(answer["clocks"]))
    folded = fold(acts, table, today, view="reporter")
    return Status(
        case=case,
        state=folded.seen,
        due=due,
        provisional=provisional,
        posts=tuple(_line(act, items) for act in acts),
        award=yuan(folded.awarded) if folded.awarded else "",
        claim_by=folded.claim_by,
        today=today,
        step=step,
        is_told="feedback" in folded.marks,
        about=_decision(folded) if "objection" in allowed(folded, [REPORTER], "") else "",
    )


def _decision(folded: Case) -> str:
    """What she was told last, of what can be objected to."""
    return DECISIONS.get(folded.state, "feedback")


def _line(act: Act, items: Sequence[Opened]) -> Line:
    words = [item.text for item in items if item.post == act.hash and not item.broken]
    return Line(act.no, act.kind, act.day, act.author, "\n".join(word for word in words if word), act.fields)


def _next_due(clocks: Sequence[Mapping[str, Any]]) -> tuple[str, bool, str]:
    running = sorted(
        (str(clock["due"]), bool(clock["provisional"]), str(clock["step"])) for clock in clocks if not clock.get("stop")
    )
    return running[0] if running else ("", False, "")
