"""A reporter's posts made by hand at the public door: every part can be bent before it is sent.

Her keys are drawn directly: a ticket's derivation costs more than everything the door does with a post.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import httpx

from tests.conftest import Demo
from whistle.client import Challenge, HttpWire, Piece, Public
from whistle.client.reporter import OWN_COPY, PURPOSES
from whistle.client.sealing import Office, Party, plan, seal_grants, seal_items
from whistle.crypto import work
from whistle.crypto.encoding import Tag, b64
from whistle.crypto.keys import KeyPair, case_id
from whistle.crypto.posts import draft_body, pack_upload, sign_post
from whistle.crypto.ticket import Ticket

OCTETS = {"Content-Type": "application/octet-stream"}
WORDS = "仓库的安全出口用铁链锁着,里面堆满纸箱。"
Head = dict[str, Any]


@dataclass(frozen=True)
class Draft:
    """A post before it is signed and sent."""

    ticket: Ticket
    kind: str
    head: Head
    pid: bytes
    body: bytes
    grants: tuple[bytes, ...]
    blobs: Mapping[str, bytes] = field(repr=False)

    def upload(self, keys: KeyPair | None = None, **head: Any) -> bytes:
        """As the door takes it; `head` bends fields of the head before it is signed, `keys` sign in her place."""
        post = sign_post(keys or self.ticket.keys, self.head | head, self.body)
        return pack_upload(post, list(self.grants), self.blobs)

    def respelled(self, change: Callable[[bytes], bytes]) -> bytes:
        """The head's bytes changed and signed again: what no client of ours would write."""
        parts = split(self.upload())
        parts[0] = change(parts[0])
        parts[1] = self.ticket.keys.sign(Tag.POST, parts[0])
        return join(parts)


class Hand:
    """One reporter after another at one public door."""

    def __init__(self, demo: Demo) -> None:
        self.url = demo.public
        self.http = demo.http()
        self.wire = HttpWire(demo.public, self.http)
        self.public = Public(self.wire)

    @property
    def zone(self) -> bytes:
        return self.public.trust.zone

    def somebody(self) -> Ticket:
        keys = KeyPair(os.urandom(32), os.urandom(32))
        return Ticket(keys, case_id(self.zone, keys.kem, keys.sig), os.urandom(32))

    def report(
        self,
        ticket: Ticket | None = None,
        exclude: tuple[str, ...] = (),
        files: Sequence[bytes] = (),
        to: str = "",
        **fields: Any,
    ) -> Draft:
        """A report as the client would file it, with these files, to this channel; `fields` bend the body."""
        ticket = ticket or self.somebody()
        channel = self.public.trust.newest_channel(*([to] if to else []))
        given = {
            "reporter": {"kem": b64(ticket.keys.kem), "sig": b64(ticket.keys.sig)},
            "access": b64(ticket.access_hash),
            "channel": channel["id"],
            "source": "web",
            "urgent": False,
            "exclude": list(exclude),
            "sealed_by": "browser",
        }
        pieces = [Piece("card", b"{}", "application/json"), Piece("report", WORDS.encode(), "text/plain")]
        pieces += [
            Piece("identity"),
            Piece("payout"),
            *(Piece("report", each, "image/jpeg", "1.jpg") for each in files),
        ]
        office = Office(channel, self.public._table, [], exclude, False, ticket.keys.kem)
        place = {"no": 0, "prev": b64(ticket.case), "last": b64(ticket.case)}
        return self._draft(
            ticket,
            "report",
            given | fields,
            pieces,
            office,
            place,
        )

    def message(self, ticket: Ticket, words: str = "夜班也锁。", **fields: Any) -> Draft:
        """A message after whatever stands in her case now."""
        return self.further(
            ticket, "message", {"comp": "thread", **fields}, Piece("thread", words.encode(), "text/plain")
        )

    def claim(self, ticket: Ticket) -> Draft:
        """A claim, whether there is anything to claim or not."""
        return self.further(ticket, "claim", {"method": "counter"}, Piece("payout", b"{}", "application/json"))

    def further(self, ticket: Ticket, kind: str, fields: Head, *pieces: Piece) -> Draft:
        """A post of hers after whatever stands in her case now, allowed or not."""
        seen = self.public._fetch(ticket)
        channel = self.public.trust.newest_channel()
        office = Office(channel, self.public._table, [], sorted(seen.chain.excluded), False, ticket.keys.kem)
        upcoming = seen.chain.next("all")
        prev = self.challenge(PURPOSES.get(kind, kind), ticket.authorization).prev
        place = {"no": upcoming["no"], "prev": prev, "last": upcoming["last"]}
        return self._draft(ticket, kind, fields, list(pieces), office, place)

    def _draft(
        self, ticket: Ticket, kind: str, fields: Head, pieces: list[Piece], office: Office, place: Head
    ) -> Draft:
        writer = Party(self.zone, ticket.case, "reporter", ticket.keys)
        items = seal_items(writer, pieces)
        grants = seal_grants(writer, items.pid, plan(items, office, kind, to_reporter=kind in OWN_COPY), office)
        head = {
            "zone": b64(self.zone),
            "case": b64(ticket.case),
            **place,
            "dir": self.public.trust.newest_hash,
            "author": "reporter",
            "pid": b64(items.pid),
            "vis": "all",
            "when": self.challenge(PURPOSES.get(kind, kind)).day,
        }
        body = draft_body(kind, fields, items.entries, list(grants.entries))
        return Draft(ticket, kind, head, items.pid, body, grants.sealed, items.blobs)

    def challenge(self, purpose: str, authorization: str = "", size: int = 0) -> Challenge:
        return self.wire.challenge(purpose, authorization, size)

    def work(self, draft: Draft, purpose: str = "", challenge: Challenge | None = None) -> str:
        """The Whistle-Work header for a post, done for a fresh challenge unless one is given."""
        asked = (challenge or self.challenge(purpose or PURPOSES.get(draft.kind, draft.kind))).challenge
        return work.header(asked, work.solve(asked, draft.ticket.case, draft.pid, work.read_bits(asked)))

    def send(
        self, draft: Draft, upload: bytes | None = None, proof: str | None = None, **headers: str
    ) -> httpx.Response:
        """Her post, with fresh work unless some is given; a ticket goes along with what is not a report."""
        told = {**OCTETS, "Whistle-Work": self.work(draft) if proof is None else proof}
        if draft.kind != "report":
            told["Authorization"] = draft.ticket.authorization
        data = draft.upload() if upload is None else upload
        return self.http.post(f"{self.url}/api/posts", content=data, headers=told | headers)

    def filed(self, **fields: Any) -> Ticket:
        """A report on disk."""
        draft = self.report(**fields)
        answer = self.send(draft)
        assert answer.status_code == 201, answer.text
        return draft.ticket

    def case(self, ticket: Ticket) -> httpx.Response:
        return self.get("/api/case", ticket.authorization)

    def get(self, path: str, authorization: str = "", purpose: str = "") -> httpx.Response:
        """`purpose` is what a challenge is asked for."""
        told = {"Authorization": authorization, "Whistle-Purpose": purpose}
        headers = {name: value for name, value in told.items() if value}
        return self.http.get(self.url + path, headers=headers)


def error(answer: httpx.Response) -> tuple[int, str]:
    """Status and code of a refusal."""
    return answer.status_code, str(answer.json()["error"])


def split(upload: bytes) -> list[bytes]:
    """The pieces of an upload: head, signature, body, grants, items."""
    found, at = [], 0
    while at < len(upload):
        size = int.from_bytes(upload[at : at + 4], "big")
        found.append(upload[at + 4 : at + 4 + size])
        at += 4 + size
    return found


def join(parts: list[bytes]) -> bytes:
    return b"".join(len(part).to_bytes(4, "big") + part for part in parts)
