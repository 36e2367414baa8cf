"""A reviewer's posts made by hand at the review door: sealed by the client's own parts, bent before they are sent."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import httpx

from whistle.client import Office, Piece
from whistle.client.sealing import Party, Wanted, plan, seal_grants, seal_items
from whistle.client.view import office as readers_of
from whistle.core.clock import minute
from whistle.crypto.bookings import draft
from whistle.crypto.encoding import Tag, b64, unb64
from whistle.crypto.keys import KeyPair
from whistle.crypto.posts import draft_body, pack_upload, sign_post


@dataclass(frozen=True)
class Act:
    """A reviewer's post before it is signed and sent."""

    office: Office
    head: dict[str, Any]
    body: bytes
    grants: tuple[bytes, ...]
    blobs: Mapping[str, bytes] = field(repr=False)

    def upload(self, keys: KeyPair | None = None, **head: Any) -> bytes:
        post = sign_post(keys or self.office._keys, self.head | head, self.body)
        return pack_upload(post, list(self.grants), self.blobs)

    def send(self, upload: bytes | None = None, **headers: str) -> httpx.Response:
        data = self.upload() if upload is None else upload
        told = {"Content-Type": "application/octet-stream", **headers}
        return post(self.office, "/api/posts", content=data, headers=told)


def act(
    office: Office,
    case: str,
    kind: str,
    fields: Mapping[str, Any] | None = None,
    pieces: Sequence[Piece] = (),
    when: float = 0.0,
    give: Wanted | None = None,
) -> Act:
    """What the client would post now, without asking whether it may; `give`: what it grants instead."""
    view = office.case(case)
    writer = Party(office.trust.zone, unb64(case, 32), office.rid, office._keys)
    items = seal_items(writer, pieces)
    readers = readers_of(office.trust, view, office._table)
    wanted = plan(items, readers, kind, to_reporter=True) if give is None else give
    grants = seal_grants(writer, items.pid, wanted, readers)
    vis = office._table["kinds"][kind]["vis"]
    head = {
        "zone": b64(office.trust.zone),
        "case": case,
        **view.chain.next(vis),
        "dir": office.trust.newest_hash,
        "author": office.rid,
        "pid": b64(items.pid),
        "vis": vis,
        "when": minute(office._clock() + when),
    }
    body = draft_body(kind, dict(fields or {}), items.entries, list(grants.entries))
    return Act(office, head, body, grants.sealed, items.blobs)


def http_of(office: Office) -> httpx.Client:
    """The signed-in browser of a reviewer."""
    return office.session._wire._http


def url_of(office: Office) -> str:
    return office.session._wire._url


def get(office: Office, path: str, **how: Any) -> httpx.Response:
    return http_of(office).get(url_of(office) + path, **_served(office, how))


def book(
    office: Office, act: str, said: Mapping[str, Any], *, keys: KeyPair | None = None, **head: str
) -> httpx.Response:
    """One of finance's own entries, signed as it is said: what our own client would refuse goes to the door as well."""
    document = draft(
        {
            "zone": b64(office.trust.zone),
            "dir": office.trust.newest_hash,
            "author": office.rid,
            "pid": b64(os.urandom(16)),
            "when": minute(time.time()),
        }
        | head,
        act,
        said,
    )
    data = json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode()
    sig = (keys or office._keys).sign(Tag.BOOKING, data)
    return post(office, "/api/ledger/book", json={"booking": data.decode(), "sig": b64(sig)})


def post(office: Office, path: str, **how: Any) -> httpx.Response:
    return http_of(office).post(url_of(office) + path, **_served(office, how))


def _served(office: Office, how: dict[str, Any]) -> dict[str, Any]:
    """Asked for the office that he works for, as his client does."""
    return how | {"headers": office.session._wire.always | (how.get("headers") or {})}
