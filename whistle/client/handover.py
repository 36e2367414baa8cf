"""A case is handed to a colleague 交接: who leaves, or helps one whose key is lost, grants what he holds of it to
another person of his role. What goes to one's own new key is a `regrant` (view.py)."""

from collections.abc import Iterable, Iterator
from typing import Any

from whistle.client.errors import ClientError
from whistle.client.sealing import Office, Wanted
from whistle.client.view import Fields, Handing, View, carried_items
from whistle.core.access import may_read, part
from whistle.core.custody import destroyed_items
from whistle.crypto.grants import WHOLE, Key

Reader = dict[str, Any]


def colleagues(readers: Iterable[Reader], person: str) -> list[Reader]:
    """The newest key of everybody else in a channel who has a role of this person's, by label."""
    listed = list(readers)
    held = {role for one in listed if one["person"] == person for role in one["roles"]}
    others = (one for one in _newest(listed) if one["person"] != person and held & set(one["roles"]))
    return sorted(others, key=lambda one: str(one["label"]))


def to_colleague(person: str, *, again: bool = False) -> Handing:
    """What the author holds of a case and this colleague lacks, to his newest keys; `again`: all that his role reads,
    for a grant says who was given a key and not that it opens.

    ClientError "refused": reason "colleague_role" where no role is shared in the case's channel, "colleague_barred"
    where the reporter excluded him or he stepped back, "colleague_has_all" where nothing is left to hand."""

    def handing(view: View, office: Office, fields: Fields, rid: str) -> Wanted:
        readers = list(office.channel["readers"])
        mine = next((one for one in readers if one["rid"] == rid), None)
        if mine is None:
            raise ClientError("wrong_role")
        keys = [one for one in _newest(readers) if one["person"] == person and _shared(mine, one)]
        if not keys or person == mine["person"]:
            raise ClientError("refused", reason="colleague_role")
        if person in view.chain.excluded:
            raise ClientError("refused", reason="colleague_barred")
        wanted = {one["rid"]: tuple(_lacking(view, office, one, _shared(mine, one), again)) for one in keys}
        found = {to: rows for to, rows in wanted.items() if rows}
        if not found:
            raise ClientError("refused", reason="colleague_has_all")
        return found

    return handing


def sole(view: View, office: Office, rid: str) -> list[str]:
    """The compartments of which this key could hand something on that opens for nobody else who may act on the case:
    they go to a colleague before he steps back."""
    readers = [one for one in office.channel["readers"] if one["person"] not in view.chain.excluded]
    mine = next((one for one in readers if one["rid"] == rid), None)
    if mine is None:
        return []
    others = [one for one in readers if one["person"] != mine["person"]]
    own = (held for held in _held(view, office) if _is_for(office, mine, *held))
    found = {held[0] for held in own if not any(_opens(view, office, one, *held) for one in others)}
    return [comp for comp in office.table["compartments"] if comp in found]


def _newest(readers: list[Reader]) -> list[Reader]:
    """The keys that no other key of the same person replaces: what is sealed goes to these."""
    replaced = {(one["person"], one["replaces"]) for one in readers if one["replaces"]}
    return [one for one in readers if (one["person"], one["rid"]) not in replaced]


def _shared(mine: Reader, other: Reader) -> list[str]:
    return [role for role in other["roles"] if role in mine["roles"]]


def _held(view: View, office: Office) -> Iterator[tuple[str, str, Key]]:
    """Compartment, carrying kind and key of everything this reader holds that was not destroyed."""
    gone = destroyed_items(view.acts, office.table["scopes"])
    for entry, kind in carried_items(view):
        if entry["id"] not in gone:
            yield from ((entry["comp"], kind, key) for key in view.held(entry["id"]))


def _lacking(view: View, office: Office, reader: Reader, roles: list[str], again: bool) -> Iterator[Key]:
    as_colleague = {**reader, "roles": roles}
    for comp, kind, key in _held(view, office):
        if _is_for(office, as_colleague, comp, kind, key) and _may_take(view, reader, key, again):
            yield key


def _is_for(office: Office, reader: Reader, comp: str, kind: str, key: Key) -> bool:
    """Whether a role of this reader's is one that this part of such an item is for."""
    reading = (role for role in reader["roles"] if may_read(comp, [role], office.table, kind))
    return key[1] in {part(comp, role, office.table) for role in reading}


def _opens(view: View, office: Office, reader: Reader, comp: str, kind: str, key: Key) -> bool:
    return _is_for(office, reader, comp, kind, key) and key[1] in view.chain.holds(reader["rid"], key[0])


def _may_take(view: View, reader: Reader, key: Key, again: bool) -> bool:
    """Not what this key was given already, unless it is given again; nor the other half of an identity of which he was
    ever given one."""
    item, number, _ = key
    if not again and number in view.chain.holds(reader["rid"], item):
        return False
    return number == WHOLE or not view.chain.halves(reader["person"], item) - {number}
