"""What only the server can hold an act against: other cases, the process pack's days, the house's settings."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from whistle import docket
from whistle.casework.desk import Casework, Reviewer
from whistle.casework.reading import sighted
from whistle.core import case, deadlines, rulebook
from whistle.core.case import Case, Refused
from whistle.core.clock import zone_day
from whistle.crypto.encoding import b64
from whistle.crypto.posts import Post
from whistle.docket import Loaded, Rejected

NOT_FIRST = "NR07"
WAIVED = "NR16"
# States of an earlier case that was told it earns nothing: not effective, so the next one may be (rules.md 10.3).
WITHOUT_AWARD = frozenset({"not_accepted", "refused", "unverified", "unable", "closed"})
# Posts that tell the reporter of the earlier case how it ended.
RESULTS = frozenset({"feedback", "decline", "award.refuse", "award.notify", "close"})


@dataclass(frozen=True)
class Asked:
    """An act that the fold let through, with its case after it, and who asks for it when."""

    desk: Casework
    who: Reviewer
    loaded: Loaded
    folded: Case
    post: Post
    now: float

    def refused(self, code: str) -> Refused:
        return Refused(code, {"kind": self.post.kind, "seen": self.folded.seen})


async def check(asked: Asked) -> None:
    """Raises Refused with the standard that says no."""
    for standard in _STANDARDS.get(asked.post.kind, ()):
        await standard(asked)


Standard = Callable[[Asked], Awaitable[None]]


async def _is_within_the_extension(asked: Asked) -> None:
    """Beyond the regular day, and at most the days the pack adds (2018 art. 10(6): 60 + 30)."""
    book, until = asked.desk.docket, asked.post.fields["until"]
    step = asked.post.fields["step"]
    for clock in (each for each in asked.folded.clocks if each.step == step and not each.stop):
        first = deadlines.regular(clock, book.process, book.years)
        last = deadlines.furthest(clock, book.process, book.years)
        if not first.date < until <= last.date:
            raise asked.refused("until")


async def _follows_its_parent(asked: Asked) -> None:
    """Merged into another case, received before, that stands by itself and that he may see."""
    named, own = asked.post.fields["parent"], asked.loaded.row
    if named == own.case:
        raise asked.refused("parent_self")
    try:
        loaded = await sighted(asked.desk, asked.who, named)
    except Rejected:
        raise asked.refused("parent") from None
    parent = _folded(asked, loaded).parent
    if parent:
        raise asked.refused("parent_circle" if parent == own.case else "parent_merged")
    if loaded.row.seq > own.seq:
        raise asked.refused("parent_later")


async def _is_told_apart(asked: Asked) -> None:
    """"Not the first" is said only of a merged case, and only once the earlier result was told: until then
    nothing that the later reporter sees depends on there being an earlier report (design.md section 5)."""
    if asked.post.fields["reason"] != NOT_FIRST:
        return
    parent = asked.folded.parent and await docket.load(asked.desk.docket, asked.folded.parent)
    if not parent:
        raise asked.refused("not_merged")
    if not RESULTS & _folded(asked, parent).acted.keys():
        raise asked.refused("parent_untold")


async def _is_first_effective(asked: Asked) -> None:
    """One matter is rewarded once (2018 art. 12): a merged case only when the earlier one earned nothing, was told
    so, and its reporter can no longer object."""
    if not asked.folded.parent:
        return
    parent = await docket.load(asked.desk.docket, asked.folded.parent)
    assert parent is not None  # noqa: S101 - merge has seen it, and no case goes away
    earlier = _folded(asked, parent)
    if earlier.approved or earlier.awarded or earlier.reason == WAIVED:
        raise asked.refused("parent_awarded")
    if earlier.state not in WITHOUT_AWARD or not RESULTS & earlier.acted.keys():
        raise asked.refused("parent_undecided")
    if _may_object(asked, earlier):
        raise asked.refused("parent_may_object")


def _may_object(asked: Asked, earlier: Case) -> bool:
    book, today = asked.desk.docket, zone_day(asked.now)
    running = [clock for clock in earlier.clocks if clock.step == "objection" and not clock.stop]
    return any(deadlines.due_of(clock, book.process, book.years).date >= today for clock in running)


async def _is_cosigned(asked: Asked) -> None:
    if asked.desk.cosign and "cosign" not in asked.folded.marks:
        raise asked.refused("cosign")


async def _pins_what_is_there(asked: Asked) -> None:
    """A leader pins only packs of this house, in the bytes they have now. Whether one pays is the directory's."""
    for name, sha256 in asked.post.fields["packs"]:
        pack = asked.desk.packs.get(name)
        if pack is None:
            raise asked.refused("pack")
        if b64(rulebook.pack_hash(pack)) != sha256:
            raise asked.refused("pack_edited")


def _folded(asked: Asked, loaded: Loaded) -> Case:
    return case.fold(loaded.chain.acts, asked.desk.docket.workflow, zone_day(asked.now))


_STANDARDS: dict[str, tuple[Standard, ...]] = {
    "extend": (_is_within_the_extension,),
    "merge": (_follows_its_parent,),
    "award.refuse": (_is_told_apart,),
    "feedback": (_is_cosigned,),
    "award.propose": (_is_cosigned, _is_first_effective),
    "award.approve": (_is_first_effective,),
    "repin": (_pins_what_is_there,),
}
