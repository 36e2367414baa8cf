"""A small office with real keys and a case that grows: alice reports, bob reviews, charlie is nobody."""

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from whistle.core.case import WORKFLOW
from whistle.crypto import directory
from whistle.crypto.chain import Act, Chain
from whistle.crypto.directory import Directories, channel_hash, sign_directory
from whistle.crypto.encoding import b64
from whistle.crypto.grants import Key, item_key, seal_grant
from whistle.crypto.items import Part, SealedItem, seal_item
from whistle.crypto.keys import KeyPair, RootKey, case_id, reviewer_id, reviewer_keys, root_key, zone_id
from whistle.crypto.posts import Post, draft_body, parse_post, sign_post
from whistle.crypto.strict import dump

OFFICE = {
    "bob": ["intake"],
    "beth": ["intake"],
    "vera": ["verifier"],
    "lena": ["leader"],
    "leo": ["leader"],
    "paul": ["payout"],
    "pia": ["payout"],
    "finn": ["finance"],
    "ada": ["auditor"],
}
Give = Mapping[str, Sequence[tuple[int | str, int]]]
FILING = [
    Part("card", body=b"{}"),
    Part("report", body="机器没有接地。".encode()),
    Part("identity"),
    Part("payout"),
]
FILING_GRANTS: Give = {
    "bob": [(0, 0), (1, 0)],
    "beth": [(0, 0), (1, 0)],
    "lena": [(2, 1)],
    "leo": [(2, 1)],
    "paul": [(2, 2), (3, 0)],
    "pia": [(2, 2), (3, 0)],
}


@dataclass
class Staff:
    """A reviewer's key and who holds it."""

    keys: KeyPair
    rid: str
    person: str
    roles: list[str]
    replaces: str = ""

    def listed(self) -> dict[str, Any]:
        return {
            "rid": self.rid,
            "person": self.person,
            "suite": "X1",
            "kem": b64(self.keys.kem),
            "sig": b64(self.keys.sig),
            "roles": self.roles,
            "unit": "应急管理局",
            "label": "受理员 1",
            "replaces": self.replaces,
        }


@dataclass
class Scene:
    """A zone with one channel, a reporter, and the office's chain of her case."""

    root: RootKey = field(default_factory=lambda: root_key(os.urandom(32)))
    alice: KeyPair = field(default_factory=lambda: KeyPair(os.urandom(32), os.urandom(32)))
    signed: list[tuple[bytes, bytes]] = field(default_factory=list)
    channels: list[bytes] = field(default_factory=list)
    sealed: dict[str, SealedItem] = field(default_factory=dict)
    posts: list[Post] = field(default_factory=list)
    table: Any = field(default_factory=lambda: WORKFLOW)

    def __post_init__(self) -> None:
        self.zone = zone_id(self.root.public)
        self.case = case_id(self.zone, self.alice.kem, self.alice.sig)
        self.staff = {name: self.hire(roles) for name, roles in OFFICE.items()}
        self.charlie = self.hire(["intake"])
        self.issue()
        self.chain = Chain(self.zone, self.directories, self.table)

    def hire(self, roles: list[str], person: str = "", replaces: str = "") -> Staff:
        keys = reviewer_keys(os.urandom(32))
        rid = b64(reviewer_id(self.zone, keys.kem, keys.sig))
        return Staff(keys, rid, person or b64(os.urandom(16)), list(roles), replaces)

    def issue(self, issued: str = "2026-06-01", expires: str = "2026-11-28", **changes: Any) -> None:
        """Sign the next directory over the staff as it is now."""
        channel = {"id": "zone", "label": "临港", "policy": "default"}
        readers = [one.listed() for one in self.staff.values()]
        data = dump(directory.CHANNEL, channel | {"readers": readers})
        document = self.directory(issued, expires, data) | changes
        self.channels.append(data)
        self.signed.append(sign_directory(self.root, document))
        self.directories = self.told()
        if self.posts:
            self.chain = self.rebuilt()

    def directory(self, issued: str, expires: str, channel: bytes) -> dict[str, Any]:
        prev = directory.directory_hash(self.signed[-1][0]) if self.signed else bytes(32)
        return {
            "v": 1,
            "suite": "X1",
            "zone": b64(self.zone),
            "no": len(self.signed),
            "prev": b64(prev),
            "issued": issued,
            "expires": expires,
            "allow": ["X1"],
            "demo": True,
            "root": b64(self.root.public),
            "packs": [],
            "doors": [],
            "escrow": [],
            "roster": b64(bytes(32)),
            "channels": [["zone", b64(channel_hash(channel))]],
        }

    def told(self) -> Directories:
        found = Directories.verify(self.zone, self.signed)
        for data in self.channels:
            found.add_channel(data)
        return found

    def rebuilt(self, viewer: Any = "office", posts: Sequence[Post] | None = None) -> Chain:
        """A fresh chain over the posts so far, as this viewer is served them."""
        chain = Chain(self.zone, self.directories, self.table, viewer=viewer)
        for post in self.posts if posts is None else posts:
            if viewer == "office" or post.vis == "all":
                chain.add(post)
        return chain

    def keys(self, name: str) -> KeyPair:
        if name == "charlie":
            return self.charlie.keys
        return self.alice if name == "reporter" else self.staff[name].keys

    @property
    def first(self) -> dict[str, Any]:
        """Where the first post stands."""
        return {"no": 0, "prev": b64(self.case), "last": b64(self.case)}

    def rid(self, name: str) -> str:
        if name == "charlie":
            return self.charlie.rid
        return name if name == "reporter" else self.staff[name].rid

    def write(
        self,
        author: str,
        kind: str,
        fields: Mapping[str, Any] | None = None,
        parts: Sequence[Part] = (),
        give: Give | None = None,
        **head: Any,
    ) -> Post:
        """A signed post for the next place, not yet added. `head` replaces what the head would say."""
        pid = head.pop("pid", None) or os.urandom(16)
        name = self.rid(author)
        items = [seal_item(self.zone, self.case, name, pid, i, part) for i, part in enumerate(parts)]
        self.sealed |= {item.entry["id"]: item for item in items}
        rows = {to: [self.row(items, which, part) for which, part in rows] for to, rows in (give or {}).items()}
        self.grants = [
            seal_grant(self.zone, self.case, name, pid, self.rid(to), self.keys(to).kem, keys)
            for to, keys in rows.items()
        ]
        body = draft_body(kind, fields or {}, [item.entry for item in items], [entry for entry, _ in self.grants])
        return self.sign(author, kind, body, pid=b64(pid), **head)

    def sign(self, author: str, kind: str, body: bytes, **head: Any) -> Post:
        vis = head.get("vis", self.table["kinds"][kind]["vis"])
        place = self.chain.next(vis) if self.chain.acts else self.first
        when = "2026-06-10" if author == "reporter" else "2026-06-10T03:00Z"
        whole = {"zone": b64(self.zone), "case": b64(self.case), "vis": vis, "when": when} | place
        whole |= {"dir": self.directories.newest_hash, "author": self.rid(author), "pid": b64(os.urandom(16))}
        return sign_post(self.keys(author), whole | head, body)

    def row(self, items: list[SealedItem], which: int | str, part: int) -> Key:
        return item_key(items[which] if isinstance(which, int) else self.sealed[which], part)

    def add(self, *args: Any, **kwargs: Any) -> Act:
        return self.take(self.write(*args, **kwargs))

    def take(self, post: Post) -> Act:
        act = self.chain.add(post)
        self.posts.append(post)
        return act

    def report_fields(self, **changes: Any) -> dict[str, Any]:
        return {
            "reporter": {"kem": b64(self.alice.kem), "sig": b64(self.alice.sig)},
            "access": b64(os.urandom(32)),
            "channel": "zone",
            "source": "web",
            "urgent": False,
            "exclude": [],
            "sealed_by": "browser",
        } | changes

    def file(self, give: Give = FILING_GRANTS, **fields: Any) -> Act:
        """Alice files: the four items every report carries, granted as the table says."""
        return self.add("reporter", "report", self.report_fields(**fields), FILING, give)

    def accept(self) -> Act:
        fields = {"category": "violation", "sector": "fire", "packs": [], "received": "2026-06-10"}
        parts = [Part("work", body=b"noted"), Part("thread", body="已受理".encode())]
        give: Give = {"bob": [(0, 0), (1, 0)], "beth": [(0, 0), (1, 0)], "reporter": [(1, 0)]}
        return self.add("bob", "accept", fields, parts, give)

    def propose(self, author: str = "paul") -> Act:
        fields = {"pack": "p", "pack_hash": b64(bytes(32)), "fen": 5, "facts": b64(bytes(32))}
        give: Give = {"paul": [(0, 0)], "lena": [(0, 0)], "ada": [(0, 0)]}
        return self.add(author, "award.propose", fields, [Part("award", body=b"{}")], give)

    def items_of(self, act: Act) -> list[str]:
        return [entry["id"] for entry in act.items]

    def without_body(self, post: Post) -> Post:
        return parse_post(post.head_bytes, post.sig, None)


def filed() -> Scene:
    """An office in which alice has filed one report."""
    scene = Scene()
    scene.file()
    return scene
