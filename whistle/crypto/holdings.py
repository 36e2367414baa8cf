"""Who holds which key of a case, and whether a post may carry these items and give these grants.

envelope.md section 2: "Grants are checkable", "Two-person identity", "What the reporter may read back".
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, NamedTuple

from whistle.crypto.errors import EnvelopeError
from whistle.crypto.grants import FIRST_HALF, SECOND_HALF, WHOLE
from whistle.crypto.posts import REPORTER, Post
from whistle.crypto.strict import Document


@dataclass(frozen=True)
class Carried:
    """An item where it stands: compartment, the author and the kind of the post that carries it."""

    comp: str
    author: str
    kind: str


@dataclass(frozen=True)
class Giving:
    """What the chain knows about a post whose grants are checked."""

    post: Post
    person: str
    readers: Mapping[str, Document]
    barred: frozenset[str]
    roles: tuple[str, ...] = ()
    asker: str = ""
    blind: bool = False  # a body is withheld or never shown: unknown items and possession cannot be checked


class Row(NamedTuple):
    """One row of a grant entry, and whether the same post carries its item."""

    to: str
    item_id: str
    part: int
    carried: bool


def items_fit(items: Iterable[str], comps: Iterable[str], comp: str = "") -> bool:
    """Whether compartments stand as a kind's `items` say; `comp` is the message's field, `*` means any number."""
    return _grammar(tuple(items), comp).fullmatch("".join(f"{each} " for each in comps)) is not None


@lru_cache(maxsize=256)
def _grammar(items: tuple[str, ...], comp: str) -> re.Pattern[str]:
    names = [(token.rstrip("*").replace("$comp", comp), token.endswith("*")) for token in items]
    return re.compile("".join(f"(?:{name} )*" if many else f"{name} " for name, many in names))


class Holdings:
    """Items of a case by id, and the parts of their keys each reader was given."""

    def __init__(self, table: Mapping[str, Any]) -> None:
        self._kinds = table["kinds"]
        self._compartments = table["compartments"]
        self._items: dict[str, Carried] = {}
        self._parts: dict[tuple[str, str], set[int]] = {}
        self._halves: dict[tuple[str, str], set[int]] = {}

    def holds(self, reader: str, item_id: str) -> frozenset[int]:
        """The parts of this item's key that grants gave to this reader (a rid, or `reporter`)."""
        return frozenset(self._parts.get((reader, item_id), ()))

    def halves(self, person: str, item_id: str) -> frozenset[int]:
        """The halves of an identity that grants gave to any key this person has or had."""
        return frozenset(self._halves.get((item_id, person), ()))

    def check_items(self, post: Post) -> None:
        """The compartments the kind allows, in its order; an id occurs once per case."""
        comps = [entry["comp"] for entry in post.items]
        if not items_fit(self._kinds[post.kind]["items"], comps, post.fields.get("comp", "")):
            raise EnvelopeError("wrong_items")
        ids = [entry["id"] for entry in post.items]
        if len(set(ids)) != len(ids) or any(one in self._items for one in ids):
            raise EnvelopeError("item_repeated")

    def check_grants(self, giving: Giving) -> None:
        """Each reader named once, live, not barred; each row an item he may read and the author holds."""
        post, mode = giving.post, self._kinds[giving.post.kind]["grants"]
        named = [entry["to"] for entry in post.grants]
        if len(set(named)) != len(named) or (named and mode == "none"):
            raise EnvelopeError("wrong_readers")
        if mode == "asker" and named != [giving.asker]:
            raise EnvelopeError("wrong_readers")
        if mode == "colleague":
            _check_colleague(giving)
        carried = {entry["id"]: Carried(entry["comp"], post.author, post.kind) for entry in post.items}
        for entry in post.grants:
            _check_reader(giving, entry["to"], mode)
            for item_id, part in entry["items"]:
                item = carried.get(item_id) or self._items.get(item_id)
                row = Row(entry["to"], item_id, part, item_id in carried)
                self._check_known(giving, row, item)
                if item is not None:
                    self._check_role(giving, mode, row, item)
                    self._check_half(giving, mode, row)

    def _check_known(self, giving: Giving, row: Row, item: Carried | None) -> None:
        """The author holds what he gives: his post carries it, or an earlier grant gave him that part."""
        if giving.blind or row.carried:
            return
        if item is None:
            raise EnvelopeError("unknown_item")
        if row.part not in self._parts.get((giving.post.author, row.item_id), ()):
            raise EnvelopeError("not_held")

    def _check_role(self, giving: Giving, mode: str, row: Row, item: Carried) -> None:
        if row.to == REPORTER:
            allowed = row.part == WHOLE and self._she_may_read(giving.post, row, item)
        elif mode == "asker":
            allowed = item.comp == "identity" and row.part == FIRST_HALF
        else:
            allowed = row.part in self._parts_for(giving, row.to, mode, item)
        if not allowed:
            raise EnvelopeError("wrong_role")

    def _parts_for(self, giving: Giving, to: str, mode: str, item: Carried) -> set[int]:
        # Beyond the compartment's roles those that the carrying kind names: leaders read what an objection carries.
        # What a kind keeps for some of them is never for the others: why somebody stepped back is for leaders alone.
        kind = self._kinds.get(item.kind, {})
        by_role = dict.fromkeys(kind.get("also", {}).get(item.comp, ()), WHOLE) | self._compartments[item.comp]["roles"]
        only = kind.get("only", {}).get(item.comp, by_role)
        by_role = {role: part for role, part in by_role.items() if role in only}
        roles = giving.readers[to]["roles"]
        # A colleague stands in for what the author is here: another role of his brings him nothing.
        roles = [role for role in roles if role in giving.roles] if mode == "colleague" else roles
        parts = {by_role[role] for role in roles if role in by_role}
        # Payout that was given half 1 on request moves both his halves to his own new key.
        return {FIRST_HALF, SECOND_HALF} if parts and mode == "own" and item.comp == "identity" else parts

    def _she_may_read(self, post: Post, row: Row, item: Carried) -> bool:
        """What reviewers wrote to her; her own only as the copy she takes in the post that carries it."""
        if item.author != REPORTER:
            return bool(self._compartments[item.comp]["reporter"])
        return row.carried and item.comp in self._kinds[post.kind].get("own_copy", ())

    def _check_half(self, giving: Giving, mode: str, row: Row) -> None:
        """Never two parts to one person, whatever keys he has or had, but by identity.give and regrant."""
        if row.part == WHOLE or mode not in ("readers", "colleague"):
            return
        # In one post he cannot get both either: no directory makes him leader and payout.
        if self.halves(giving.readers[row.to]["person"], row.item_id) - {row.part}:
            raise EnvelopeError("both_halves")

    def keep(self, post: Post, readers: Mapping[str, Document]) -> None:
        """Record the items and grants of a post that was accepted."""
        for entry in post.items:
            self._items[entry["id"]] = Carried(entry["comp"], post.author, post.kind)
        for entry in post.grants:
            for item_id, part in entry["items"]:
                self._parts.setdefault((entry["to"], item_id), set()).add(part)
                if part != WHOLE and entry["to"] in readers:
                    self._halves.setdefault((item_id, readers[entry["to"]]["person"]), set()).add(part)


def _check_colleague(giving: Giving) -> None:
    """A handover hands something, and to one other person: the timeline says to whom a case went."""
    persons = {giving.readers[entry["to"]]["person"] for entry in giving.post.grants if entry["to"] in giving.readers}
    empty = not giving.post.grants or not all(entry["items"] for entry in giving.post.grants)
    if empty or giving.person in persons or len(persons) > 1:
        raise EnvelopeError("wrong_readers")


def _check_reader(giving: Giving, to: str, mode: str) -> None:
    if to == REPORTER:
        if mode != "readers":
            raise EnvelopeError("wrong_readers")
        return
    reader = giving.readers.get(to)
    if reader is None:
        raise EnvelopeError("not_a_reader")
    if reader["person"] in giving.barred:
        raise EnvelopeError("excluded")
    if mode == "own" and reader["person"] != giving.person:
        raise EnvelopeError("wrong_readers")
