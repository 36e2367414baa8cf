"""What only the server can hold an act against: other cases, the process pack's days, the house's settings."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from whistle import uploads
from whistle.casework.reading import sighted
from whistle.casework.reviewers import Casework, Reviewer
from whistle.core import deadlines, newposts, retention, rulebook
from whistle.core.case import WORKFLOW, Case, Refused
from whistle.core.clock import zone_day
from whistle.core.custody import destroyed_items
from whistle.core.newposts import Now, open_until, reviewed_by
from whistle.core.offices import kind_of
from whistle.crypto.chain import Chain
from whistle.crypto.encoding import b64
from whistle.crypto.posts import Post
from whistle.docket import Joining, Rejected, channel_of, clocks, last_channel, load, received
from whistle.readership import is_last, readers_of
from whistle.storage.held import HeldCase, HeldItem

WAIVED = "NR16"
# States of an earlier case that was told it earns nothing: not effective, so the next one may be (rules.md 10.3).
WITHOUT_AWARD = frozenset({"not_accepted", "refused", "unverified", "unable", "closed"})
# Where the table rules new posts of a kind at all.
RULED = frozenset({"new", "retired", "offices", "from_by_office"})
# Posts that tell the reporter of the earlier case how it ended.
RESULTS = frozenset({"feedback", "decline", "award.refuse", "award.notify", "close"})


@dataclass(frozen=True)
class Asked:
    """An act that the fold let through, with its case after it, and who asks for it when."""

    casework: Casework
    who: Reviewer
    joining: Joining
    now: float
    strand: bool = False  # he was told that something opens for nobody afterwards, and does it all the same

    @property
    def folded(self) -> Case:
        return self.joining.folded

    @property
    def post(self) -> Post:
        return self.joining.post

    def refused(self, code: str) -> Refused:
        return Refused(code, {"kind": self.post.kind, "seen": self.folded.seen})


async def check(asked: Asked) -> None:
    """Raises Refused with the standard that says no, the table's rules for new posts first."""
    await _new_posts(asked)
    _hands_on_what_is_kept(asked)
    for standard in _STANDARDS.get(asked.post.kind, ()):
        await standard(asked)


def _hands_on_what_is_kept(asked: Asked) -> None:
    """Nobody puts a key of what was destroyed back into the store: it would open it in an older backup."""
    if not asked.folded.destroyed:
        return
    gone = destroyed_items(asked.joining.standing.chain.acts, asked.folded.workflow["scopes"])
    if any(item in gone for entry in asked.post.grants for item, _part in entry["items"]):
        raise asked.refused("destroyed")


async def _new_posts(asked: Asked) -> None:
    """The rows `new` of the table, on the case as it stood before this post (core/newposts)."""
    row = asked.folded.workflow["kinds"][asked.post.kind]
    if not RULED & row.keys():
        return
    directories = await asked.casework.docket.published.current()
    docket, before = asked.casework.docket, asked.joining.standing.folded
    channel = last_channel(directories, before.channel)
    parent = await load(docket, before.parent) if before.parent else None
    kind = kind_of(channel["policy"])
    now = Now(
        zone_day(asked.now),
        open_until=open_until(clocks(docket, channel, before)),
        parent=parent.folded if parent else None,
        review=reviewed_by(asked.casework.review, kind),
        office=kind,
    )
    code = newposts.refused(before, asked.post.kind, asked.post.fields, now)
    if code:
        raise asked.refused(code)


Standard = Callable[[Asked], Awaitable[None]]


async def _is_within_the_extension(asked: Asked) -> None:
    """Beyond the regular day, and at most the days the pack adds (2018 art. 10(6): 60 + 30)."""
    docket, until = asked.casework.docket, asked.post.fields["until"]
    step, process = asked.post.fields["step"], await _process(asked, asked.folded)
    for clock in (each for each in asked.folded.clocks if each.step == step and not each.stop):
        first = deadlines.regular(clock, process, docket.years)
        last = deadlines.furthest(clock, process, docket.years)
        if not first.date < until <= last.date:
            raise asked.refused("until")


async def _follows_its_parent(asked: Asked) -> None:
    """Merged into another case, received before, that stands by itself and that he may see."""
    named, own = asked.post.fields["parent"], asked.joining.row
    assert own is not None  # noqa: S101 - the table lets no case begin with a merge
    if named == own.case:
        raise asked.refused("parent_self")
    try:
        loaded = await sighted(asked.casework, asked.who, named)
    except Rejected:
        raise asked.refused("parent") from None
    parent = loaded.folded.parent
    if parent:
        raise asked.refused("parent_circle" if parent == own.case else "parent_merged")
    docket = asked.casework.docket
    if await received(docket, loaded.row) > await received(docket, own):
        raise asked.refused("parent_later")


async def _is_first_effective(asked: Asked) -> None:
    """One matter is rewarded once (2018 art. 12): a merged case only when the earlier one earned nothing, was told
    so, and its reporter can no longer object."""
    if not asked.folded.parent:
        return
    parent = await load(asked.casework.docket, asked.folded.parent)
    assert parent is not None  # noqa: S101 - merge has seen it, and no case goes away
    earlier = parent.folded
    if earlier.approved or earlier.awarded or earlier.reason == WAIVED:
        raise asked.refused("parent_awarded")
    if earlier.state not in WITHOUT_AWARD or not RESULTS & earlier.acted.keys():
        raise asked.refused("parent_undecided")
    if await _may_object(asked, earlier):
        raise asked.refused("parent_may_object")


async def _process(asked: Asked, folded: Case) -> deadlines.Limits:
    """The limits of time of the office that has the case."""
    docket = asked.casework.docket
    return docket.process_in(await docket.published.current(), folded.channel)


async def _may_object(asked: Asked, earlier: Case) -> bool:
    docket, today, process = asked.casework.docket, zone_day(asked.now), await _process(asked, earlier)
    running = [clock for clock in earlier.clocks if clock.step == "objection" and not clock.stop]
    return any(deadlines.due_of(clock, process, docket.years).date >= today for clock in running)


async def _is_cosigned(asked: Asked) -> None:
    if asked.casework.cosign and "cosign" not in asked.folded.marks:
        raise asked.refused("cosign")


async def _pins_what_is_there(asked: Asked) -> None:
    """A leader pins only packs of this house, in the bytes they have now. Whether one pays is the directory's."""
    for name, sha256 in asked.post.fields["packs"]:
        pack = asked.casework.packs.get(name)
        if pack is None:
            raise asked.refused("pack")
        if b64(rulebook.pack_hash(pack)) != sha256:
            raise asked.refused("pack_edited")


async def _nobody_is_sending(asked: Asked) -> None:
    """A file may be under way since today or yesterday; no finer time is kept."""
    row = asked.joining.row
    if row and await uploads.is_coming(asked.casework.uploads, row, asked.joining.today):
        raise asked.refused("uploading")


async def _said_why(asked: Asked) -> None:
    """Sealed for the leaders, in a post of its own before: of whoever has stepped back nothing is taken any more."""
    if asked.who.person not in asked.folded.acted.get("recuse.why", ()):
        raise asked.refused("why")


async def _leaves_a_reader(asked: Asked) -> None:
    """Of whoever has stepped back no handover is taken any more. A rule of the door and not of the fold: who is listed
    is the newest directory's, and a case that was read with an older one stays as it is."""
    chain, docket = asked.joining.standing.chain, asked.casework.docket
    listed = readers_of([channel_of(await docket.published.current(), chain.channel_id)])[chain.channel_id]
    if not asked.strand and is_last(_held(chain, listed), listed, asked.who.rid):
        raise asked.refused("last_reader")


def _held(chain: Chain, listed: Mapping[str, Mapping[str, Any]]) -> HeldCase:
    """The case as `storage.held` counts it, before this post."""
    gone = destroyed_items(chain.acts, WORKFLOW["scopes"])
    items = [
        HeldItem(entry["comp"], act.kind, _holders(chain, entry["id"], listed))
        for act in chain.acts
        for entry in act.items
        if entry["id"] not in gone
    ]
    hidden = frozenset(rid for rid, one in listed.items() if one["person"] in chain.excluded)
    return HeldCase(chain.channel_id, "", hidden, tuple(items))


def _holders(chain: Chain, item: str, listed: Iterable[str]) -> dict[int, frozenset[str]]:
    held = {rid: chain.holds(rid, item) for rid in listed}
    return {part: frozenset(rid for rid, parts in held.items() if part in parts) for part in (0, 1, 2)}


async def _its_term_is_over(asked: Asked) -> None:
    """Nothing goes before the day of the house's schedule, and the ask says by which row of it."""
    fields, before = asked.post.fields, asked.joining.standing.folded
    terms = retention.terms(before, asked.casework.schedule)
    term = next((each for each in terms if each.scope == fields["scope"]), None)
    if term is None or term.basis != fields["basis"]:
        raise asked.refused("schedule")
    if zone_day(asked.now) < term.until:
        raise asked.refused("kept_until")


_STANDARDS: dict[str, tuple[Standard, ...]] = {
    "close": (_nobody_is_sending,),
    "extend": (_is_within_the_extension,),
    "merge": (_follows_its_parent,),
    "feedback": (_is_cosigned,),
    "award.propose": (_is_cosigned, _is_first_effective),
    "award.approve": (_is_first_effective,),
    "repin": (_pins_what_is_there,),
    "recuse": (_said_why, _leaves_a_reader),
    "destroy.ask": (_its_term_is_over,),
}
