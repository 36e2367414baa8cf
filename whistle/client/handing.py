"""Keys of earlier items that a post hands on: to newcomers by `assign`, to an asker, to one's own new key."""

from collections.abc import Callable, Iterator
from typing import Any

from whistle.client.errors import ClientError
from whistle.client.sealing import Office, Wanted, readers_of
from whistle.client.view import View
from whistle.crypto.grants import Key

Fields = dict[str, Any]
Handing = Callable[[View, Office, Fields, str], Wanted]


def newcomers(view: View, office: Office, fields: Fields, rid: str) -> Wanted:
    """Every item the author holds, to whoever the new seats name for it and does not hold it yet.

    An identity half is never handed on by `assign` (envelope.md section 2, Grants are checkable)."""
    wanted: dict[str, list[Key]] = {}
    for entry in _entries(view):
        rows = [key for key in view.held(entry["id"]) if key[1] == 0]
        for reader in readers_of(entry["comp"], office) if rows else ():
            if not view.chain.holds(reader, entry["id"]):
                wanted.setdefault(reader, []).extend(rows)
    return {reader: tuple(keys) for reader, keys in wanted.items()}


def to_asker(view: View, office: Office, fields: Fields, rid: str) -> Wanted:
    """Half 1 of the identity, to the author of the named ask and to nobody else."""
    ask = next((act for act in view.acts if act.hash == fields["ask"] and act.kind == "identity.ask"), None)
    halves = [
        key
        for entry in _entries(view)
        if entry["comp"] == "identity"
        for key in view.held(entry["id"])
        if key[1] == 1
    ]
    if ask is None or not halves:
        raise ClientError("refused", reason="ask")
    return {ask.author: tuple(halves)}


def to_own(view: View, office: Office, fields: Fields, rid: str) -> Wanted:
    """Everything the author holds that each other key of his own person may hold by its roles."""
    readers = {one["rid"]: one for one in office.channel["readers"]}
    mine = readers.get(rid)
    if mine is None:
        raise ClientError("wrong_role")
    own = [one for one in readers.values() if one["person"] == mine["person"] and one["rid"] != rid]
    wanted = {one["rid"]: tuple(_for_key(view, office, one)) for one in own}
    return {reader: keys for reader, keys in wanted.items() if keys}


def _for_key(view: View, office: Office, reader: dict[str, Any]) -> Iterator[Key]:
    for entry in _entries(view):
        roles = office.table["compartments"][entry["comp"]]["roles"]
        if not set(roles) & set(reader["roles"]):
            continue
        known = view.chain.holds(reader["rid"], entry["id"])
        yield from (key for key in view.held(entry["id"]) if key[1] not in known)


def _entries(view: View) -> Iterator[dict[str, Any]]:
    return (dict(entry) for one in view.posts for entry in one.post.items)


HANDINGS: dict[str, Handing] = {"assign": newcomers, "identity.give": to_asker, "regrant": to_own}
