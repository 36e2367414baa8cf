"""The X1 vectors of an independent implementation, as the tests read them (tests/vectors/x1.json)."""

import json
from pathlib import Path
from typing import Any

from whistle.core.case import WORKFLOW
from whistle.crypto.directory import Directories
from whistle.crypto.encoding import b64
from whistle.crypto.keys import KeyPair, reviewer_keys
from whistle.crypto.posts import Post, parse_post

X1: dict[str, Any] = json.loads((Path(__file__).parents[1] / "vectors" / "x1.json").read_text(encoding="utf-8"))
LATER: dict[str, Any] = json.loads((Path(__file__).parents[1] / "vectors" / "kinds.json").read_text(encoding="utf-8"))
TABLE = WORKFLOW
raw = bytes.fromhex

ZONE = raw(X1["zone"]["zone"])
CASE = raw(X1["ticket"]["case"])
REPORTER = KeyPair(raw(X1["ticket"]["kem_seed"]), raw(X1["ticket"]["sig_seed"]))
KEYS: dict[str, KeyPair] = {"reporter": REPORTER} | {
    who["name"]: reviewer_keys(raw(who["seed"])) for who in X1["reviewers"]
}
RIDS: dict[str, str] = {"reporter": "reporter"} | {who["name"]: b64(raw(who["rid"])) for who in X1["reviewers"]}


def directories() -> Directories:
    found = Directories.verify(ZONE, [(one["bytes"].encode(), raw(one["sig"])) for one in X1["directories"]])
    for one in X1["directories"]:
        for channel in one["channels"]:
            found.add_channel(channel.encode())
    return found


def post(one: dict[str, str]) -> Post:
    return parse_post(one["head"].encode(), raw(one["sig"]), one["body"].encode())


def posts(name: str = "posts") -> list[Post]:
    return [post(one) for one in X1[name]]


def rotation_posts() -> list[Post]:
    """The rotation vectors stand on a report of their own, signed anew over the same reporter's keys."""
    return posts("rotation_posts")
