"""A door that has emptied what was destroyed: the case as it then serves it, the signed destruction at its end.

The posts before it are the real door's own; the last is signed by somebody of the office who may sign it."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from tests.conftest import Demo
from whistle.client.delivery import Delivery, Place
from whistle.client.sealing import Office, Party, seal_items
from whistle.core.workflow import load
from whistle.crypto.encoding import b64
from whistle.crypto.ticket import find, open_ticket


def emptied(demo: Demo, ticket: str, scope: str, *, restored: bool = False) -> Callable[[bytes], bytes]:
    """What the door's answer about this case becomes once `scope` was destroyed in it; `restored`: from a backup made
    before, so that the destruction stands beside the chain."""
    public = demo.reporter()
    zone, opened = public.trust.zone, open_ticket(public.trust.zone, find(ticket))
    comps = load()["scopes"][scope]

    def change(data: bytes) -> bytes:
        answer = json.loads(data)
        if "posts" not in answer:
            return data
        gone = [drop(post, comps) for post in answer["posts"]]
        last = signed()
        if restored:
            answer |= {"posts": gone, "tombs": [{name: last[name] for name in ("head", "sig", "body")}]}
        else:
            answer["posts"] = [*gone, last]
        return json.dumps(answer).encode()

    def signed() -> dict[str, Any]:
        seen = public._fetch(opened)
        keys, _ = demo.keys("leader")
        writer = Party(zone, opened.case, demo.office("leader").rid, keys)
        delivery = Delivery(writer, "destroy", {"ask": b64(bytes(32)), "scope": scope}, seal_items(writer, []), "all")
        channel = public.trust.newest_channel(seen.chain.channel_id)
        office = Office(channel, load(), [], (), False, opened.keys.kem)
        upcoming = seen.chain.next("all")
        place = Place(upcoming["no"], upcoming["last"], upcoming["last"])
        post = delivery.sign(place, public.trust.newest_hash, f"{seen.answer['today']}T12:00Z", {}, office)
        receipt = {"bytes": seen.posts[-1].receipt[0].decode(), "sig": b64(seen.posts[-1].receipt[1])}
        return {
            "head": post.head_bytes.decode(),
            "sig": b64(post.sig),
            "body": (post.body_bytes or b"").decode(),
            "receipt": receipt,
            "grants": {},
            "items": {},
        }

    return change


def drop(post: dict[str, Any], comps: list[str]) -> dict[str, Any]:
    """The post without the items of these compartments, and without the grants that opened nothing else."""
    body = json.loads(post["body"])
    gone = {entry["id"] for entry in body["items"] if entry["comp"] in comps}
    grants = {
        row: sealed
        for row, sealed in post["grants"].items()
        if not {item for item, _ in body["grants"][int(row)]["items"]} <= gone
    }
    return post | {"items": {id_: blob for id_, blob in post["items"].items() if id_ not in gone}, "grants": grants}
