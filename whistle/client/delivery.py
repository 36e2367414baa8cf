"""One post on its way: what is sealed stays sealed, and only what a refusal made stale is made again."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from whistle.client.errors import ClientError
from whistle.client.sealing import Grants, Items, Office, Party, Wanted, seal_grants
from whistle.crypto.encoding import SUITE, b64
from whistle.crypto.posts import Post, draft_body, pack_upload, sign_post


@dataclass(frozen=True)
class Place:
    """Where a post goes in the chain."""

    no: int
    prev: str
    last: str


class Delivery:
    """Items and grants bind the pid, not the place: after a conflict only the head is signed again.

    Asked twice for the same place it gives the same bytes, so that the server knows a retry by its head."""

    def __init__(self, writer: Party, kind: str, fields: Mapping[str, Any], items: Items, vis: str) -> None:
        self.kind = kind
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
