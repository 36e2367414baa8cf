"""A case as one reviewer sees it: verified, folded, and opened as far as his keys go."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from whistle.client.errors import ClientError
from whistle.client.reading import Carried, Keys, Opened, carried, open_items, open_keys, verify_chain
from whistle.client.sealing import Office, Party, Wanted, readers_of
from whistle.client.tombs import buried
from whistle.client.trust import Trust
from whistle.client.wire import reading
from whistle.core.access import may_read
from whistle.core.case import Case, fold
from whistle.core.custody import destroyed_items
from whistle.core.offices import AUTHORITY
from whistle.crypto.chain import Act, Chain
from whistle.crypto.encoding import b64, unb64
from whistle.crypto.grants import Key


@dataclass(frozen=True)
class View:
    """Everything a reviewer's client knows of one case.

    `items` are those that opened; `broken` what was sealed for this reader and does not: shown with whose it is. What
    was destroyed is in neither, whatever is still served of it."""

    case: str
    number: str
    today: str
    clocks: tuple[Mapping[str, Any], ...]
    posts: list[Carried]
    chain: Chain
    acts: list[Act]
    fold: Case
    keys: Keys
    items: list[Opened]
    broken: list[Opened]
    review: str = ""  # who decides objections here: office, above, or "" for either
    buried: frozenset[str] = frozenset()  # compartments that were destroyed after the backup which this case is from
    kept: tuple[Mapping[str, Any], ...] = ()  # what may go, from which day, by which row of the schedule: its word
    office_kind: str = AUTHORITY  # what kind of office has the case, by the policy of its channel
    destroying: bool = False  # of what was destroyed something is still on the disk

    def held(self, item: str) -> list[Key]:
        """The parts of one item's key that this reader holds and that hold, as rows to grant on."""
        known = self.keys.get(item, {})
        listed = next((one for one in [*self.items, *self.broken] if one.id == item), None)
        wholes = (listed.key, *listed.spare) if listed else tuple(known.get(0, ()))[:1]
        halves = [(item, part, found[0]) for part, found in sorted(known.items()) if part]
        return [*((item, 0, whole) for whole in wholes if whole and 0 in known), *halves]

    def last(self, kind: str) -> Act | None:
        """The newest act of a kind."""
        return next((act for act in reversed(self.acts) if act.kind == kind), None)


def see(trust: Trust, answer: Mapping[str, Any], table: Mapping[str, Any], reader: Party) -> View:
    """Verify and open a fetched case. Raises ClientError when the chain does not hold."""
    posts = carried(answer)
    chain, acts = verify_chain(trust, posts, table, "office", reader.case)
    today = reading(lambda: str(answer["today"]))
    mine = open_keys(reader, posts)
    gone = destroyed_items(acts, table["scopes"])
    lost = buried(trust.directories, chain, reading(lambda: list(answer.get("tombs", ()))), table)
    opened = (one for one in open_items(reader, posts, mine) if one.id not in gone)
    listed = [one for one in opened if not (one.broken and one.comp in lost)]
    return View(
        case=b64(reader.case),
        number=reading(lambda: str(answer["number"])),
        today=today,
        clocks=reading(lambda: tuple(answer["clocks"])),
        posts=posts,
        chain=chain,
        acts=acts,
        fold=fold(acts, table, today),
        keys=mine,
        items=[one for one in listed if not one.broken],
        broken=[one for one in listed if one.broken],
        review=reading(lambda: str(answer.get("review", ""))),
        buried=lost,
        kept=reading(lambda: tuple(dict(each) for each in answer.get("kept", ()))),
        destroying=answer.get("destroying") is True,
        office_kind=trust.office_kind(chain.channel_id),
    )


def office(trust: Trust, view: View, table: Mapping[str, Any], seats: Any = None) -> Office:
    """Whom this case's items are sealed to: the newest channel, and the seats and exclusions of the chain."""
    return Office(
        channel=trust.newest_channel(view.chain.channel_id),
        table=table,
        seats=[list(one) for one in (view.fold.seats if seats is None else seats)],
        excluded=sorted(view.fold.excluded),
        assigned=view.fold.is_assigned or seats is not None,
        reporter_kem=_kem(view.chain),
    )


def _kem(chain: Chain) -> bytes:
    return unb64(chain.reporter["kem"])


Fields = dict[str, Any]
# Keys of earlier items that a post hands on: to newcomers by `assign`, to an asker, to one's own new key.
Handing = Callable[[View, Office, Fields, str], Wanted]


def newcomers(view: View, office: Office, fields: Fields, rid: str, *, again: bool = False) -> Wanted:
    """Every item the author holds, to whoever the new seats name for it and was not given it yet; `again`: to all of
    them, where a key that was given does not open.

    An identity half is never handed on by `assign` (envelope.md section 2, Grants are checkable)."""
    wanted: dict[str, list[Key]] = {}
    for entry, kind in carried_items(view):
        rows = [key for key in view.held(entry["id"]) if key[1] == 0]
        for reader in readers_of(entry["comp"], office, kind) if rows else ():
            if (again and reader != rid) or not view.chain.holds(reader, entry["id"]):
                wanted.setdefault(reader, []).extend(rows)
    return {reader: tuple(keys) for reader, keys in wanted.items()}


def shared(view: View, office: Office, kind: str, rid: str) -> Wanted:
    """Earlier items that a post of this kind hands on (`shares` of the table): to its roles, what they lack."""
    shares = office.table["kinds"][kind].get("shares", {})
    wanted: dict[str, list[Key]] = {}
    for entry, carrying in carried_items(view):
        kept = entry["comp"] in office.table["kinds"][carrying].get("only", {})  # for some roles, and no other
        rows = [key for key in view.held(entry["id"]) if key[1] == 0] if entry["comp"] in shares and not kept else []
        for reader in readers_of(entry["comp"], office, kind) if rows else ():
            if reader != rid and not view.chain.holds(reader, entry["id"]):
                wanted.setdefault(reader, []).extend(rows)
    return {reader: tuple(keys) for reader, keys in wanted.items()}


def to_asker(view: View, office: Office, fields: Fields, rid: str) -> Wanted:
    """Half 1 of the identity, to the author of the named ask and to nobody else."""
    ask = next((act for act in view.acts if act.hash == fields["ask"] and act.kind == "identity.ask"), None)
    halves = [
        key for entry in _entries(view) if entry["comp"] == "identity" for key in view.held(entry["id"]) if key[1] == 1
    ]
    if ask is None or not halves:
        raise ClientError("refused", reason="ask")
    return {ask.author: tuple(halves)}


def to_own(view: View, office: Office, fields: Fields, rid: str, *, again: bool = False) -> Wanted:
    """Everything the author holds that each other key of his own person may hold by its roles and was not given;
    `again`: whatever it was given."""
    readers = {one["rid"]: one for one in office.channel["readers"]}
    mine = readers.get(rid)
    if mine is None:
        raise ClientError("wrong_role")
    own = [one for one in readers.values() if one["person"] == mine["person"] and one["rid"] != rid]
    wanted = {one["rid"]: tuple(_for_key(view, office, one, again)) for one in own}
    return {reader: keys for reader, keys in wanted.items() if keys}


def _for_key(view: View, office: Office, reader: dict[str, Any], again: bool) -> Iterator[Key]:
    for entry, kind in carried_items(view):
        if not may_read(entry["comp"], reader["roles"], office.table, kind):
            continue
        known = frozenset() if again else view.chain.holds(reader["rid"], entry["id"])
        yield from (key for key in view.held(entry["id"]) if key[1] not in known)


def carried_items(view: View) -> Iterator[tuple[dict[str, Any], str]]:
    """Every item with the kind of the post that carries it."""
    return ((dict(entry), one.post.kind) for one in view.posts for entry in one.post.items)


def _entries(view: View) -> Iterator[dict[str, Any]]:
    return (entry for entry, _ in carried_items(view))


HANDINGS: dict[str, Handing] = {"assign": newcomers, "identity.give": to_asker, "regrant": to_own}
