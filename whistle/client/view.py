"""A case as one reviewer sees it: verified, folded, and opened as far as his keys go."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from whistle.client.reading import Carried, Keys, Opened, carried, open_items, open_keys, verify_chain
from whistle.client.sealing import Office, Party
from whistle.client.trust import Trust
from whistle.client.wire import reading
from whistle.core.case import Case, fold
from whistle.crypto.chain import Act, Chain
from whistle.crypto.encoding import b64, unb64
from whistle.crypto.grants import Key


@dataclass(frozen=True)
class View:
    """Everything a reviewer's client knows of one case."""

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

    def held(self, item: str) -> list[Key]:
        """The parts of one item's key that this reader holds, as rows to grant on."""
        return [(item, part, value) for part, value in sorted(self.keys.get(item, {}).items())]

    def last(self, kind: str) -> Act | None:
        """The newest act of a kind."""
        return next((act for act in reversed(self.acts) if act.kind == kind), None)


def see(trust: Trust, answer: Mapping[str, Any], table: Mapping[str, Any], reader: Party) -> View:
    """Verify and open a fetched case. Raises ClientError when the chain does not hold."""
    posts = carried(answer)
    chain, acts = verify_chain(trust, posts, table, "office", reader.case)
    today = reading(lambda: str(answer["today"]))
    mine = open_keys(reader, posts)
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
        items=open_items(reader, posts, mine),
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
