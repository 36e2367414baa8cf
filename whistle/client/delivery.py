"""One post on its way: what is sealed stays sealed, and only what a refusal made stale is made again."""

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import count
from typing import Any

from whistle.client.cards import claim_code
from whistle.client.errors import ClientError
from whistle.client.sealing import Grants, Items, Office, Party, Wanted, seal_grants
from whistle.crypto.encoding import SUITE, b64, mac, unb64
from whistle.crypto.errors import EnvelopeError
from whistle.crypto.posts import Post, draft_body, pack_upload, sign_post
from whistle.crypto.ticket import new_ticket


@dataclass(frozen=True)
class Place:
    """Where a post goes in the chain."""

    no: int
    prev: str
    last: str


class Delivery:
    """Items and grants bind the pid, not the place: after a conflict only the head is signed again.

    `own`: a reporter keeps a copy that her ticket opens.

    Asked twice for the same place it gives the same bytes, so that the server knows a retry by its head."""

    def __init__(
        self, writer: Party, kind: str, fields: Mapping[str, Any], items: Items, vis: str, own: bool = False
    ) -> None:
        self.kind = kind
        self.own = own
        self.fields = fields
        self.items = items
        self._vis = vis
        self._writer = writer
        self._wanted: Wanted | None = None
        self._grants = Grants((), ())
        self._body = b""
        self._signed: tuple[tuple[Place, str, str, bytes], Post] | None = None

    def sign(self, place: Place, directory: str, when: str, wanted: Wanted, office: Office) -> Post:
        """The post for this place, granted to these readers."""
        if self._wanted != wanted:
            self._grants = seal_grants(self._writer, self.items.pid, wanted, office)
            entries = list(self._grants.entries)
            self._body = draft_body(self.kind, dict(self.fields), self.items.entries, entries)
            self._wanted = wanted
        key = (place, directory, when, self._body)
        if self._signed is None or self._signed[0] != key:
            self._signed = (key, sign_post(self._writer.keys, self._head(place, directory, when), self._body))
        return self._signed[1]

    def upload(self) -> bytes:
        """The signed post with its grants and items, as the door takes it."""
        if self._signed is None:
            raise ClientError("malformed")
        return pack_upload(self._signed[1], list(self._grants.sealed), self.items.blobs)

    def _head(self, place: Place, directory: str, when: str) -> dict[str, Any]:
        return {
            "v": 1,
            "suite": SUITE,
            "zone": b64(self._writer.zone),
            "case": b64(self._writer.case),
            "no": place.no,
            "prev": place.prev,
            "last": place.last,
            "dir": directory,
            "author": self._writer.name,
            "pid": b64(self.items.pid),
            "vis": self._vis,
            "when": when,
        }


_DRAWN = 16


def draw_form() -> str:
    """What an empty form carries: 16 random bytes as text."""
    return b64(os.urandom(_DRAWN))


def form_ticket(drawn: str, said: Mapping[str, str]) -> str:
    """The 25 digits of this form with these answers. Raises ClientError("malformed") for what was not drawn here.

    A form may arrive twice: the same form sent again is the same ticket, so the same report; a letter changed is
    another. Nothing is kept for it anywhere: who has the page without the words, or the words without the page, has
    nothing."""
    seed = _seed(drawn, said)
    blocks = (mac(seed, bytes([at])) for at in count())
    return new_ticket(lambda _: next(blocks))


def form_pid(drawn: str, said: Mapping[str, str]) -> bytes:
    """The 16 bytes by which a post of this form with these answers is known when the form arrives again."""
    return mac(_seed(drawn, said), b"pid")[:_DRAWN]


def form_code(drawn: str, said: Mapping[str, str]) -> str:
    """The claim code of this form with these answers: the same for the same form sent again."""
    return claim_code(int.from_bytes(mac(_seed(drawn, said), b"code")))


def _seed(drawn: str, said: Mapping[str, str]) -> bytes:
    try:
        key = unb64(drawn, _DRAWN)
    except EnvelopeError:
        raise ClientError("malformed") from None
    return mac(key, json.dumps(sorted(said.items())).encode())
