"""Official papers: who may make which, and their numbers. Their words are filled where a key is, never here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from sqlalchemy import Connection

from whistle.casework.looking import Look, entry_of
from whistle.casework.reading import sighted
from whistle.casework.reviewers import Casework, Reviewer
from whistle.core.clock import zone_day
from whistle.docket import Rejected, register_number
from whistle.storage import audit, papers


@dataclass(frozen=True)
class Paper:
    """A kind of paper with a number of its own: its makers, and the posts of which it rests on one."""

    roles: tuple[str, ...]
    after: tuple[str, ...]


# The twin of static/js/review/papers/papers.json; both are compared by a test. Forms that the reporter signs
# carry the case's number; the form of delisting carries the hazard's, for no way leads from it to a report.
PAPERS: Mapping[str, Paper] = MappingProxyType(
    {
        "accept": Paper(("intake",), ("accept",)),
        "decline": Paper(("intake",), ("decline",)),
        "supplement": Paper(("intake",), ("report",)),
        "transfer": Paper(("intake",), ("transfer",)),
        "extend": Paper(("intake", "leader"), ("extend",)),
        "feedback": Paper(("intake",), ("feedback",)),
        "objection": Paper(("intake", "leader"), ("objection.decide", "objection.confirm")),
        "award": Paper(("payout", "leader"), ("award.propose",)),
        "notice": Paper(("payout",), ("award.notify",)),
        "receipt": Paper(("payout",), ("claim",)),
    }
)


async def number(casework: Casework, who: Reviewer, case: str, kind: str, year: int, now: float) -> tuple[str, bool]:
    """The paper's number, 〔2026〕3号, and whether it is new. Asked again it is the same number.

    Raises Rejected: not found for a case he may not see, wrong role, refused before the post it rests on.
    """
    today, paper = zone_day(now), PAPERS.get(kind)
    if paper is None:
        raise Rejected("malformed")
    loaded = await sighted(casework, who, case)
    if not any(loaded.row.channel in who.channels_as(casework.office, role) for role in paper.roles):
        raise Rejected("wrong_role")
    if not any(act.kind in paper.after for act in loaded.chain.acts):
        raise Rejected("refused", reason="state")
    if year != int(today[:4]):
        raise Rejected("refused", reason="clock")

    def draw(tx: Connection) -> tuple[int, int, bool]:
        audit.enter(tx, entry_of(casework, who, Look("paper", case), now, note=kind), folds=True)
        return papers.number(tx, case, kind, year)

    of, no, fresh = await casework.docket.db.write(draw)
    return register_number(of, no), fresh
