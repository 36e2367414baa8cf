"""Makes tests/vectors/hostile.json: what a stranger or a colleague may have sealed, as both languages read it.

`python -m tests.client.hostile` writes it anew; its bytes are drawn, so it is made only when a case is added to it."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

from tests.crypto.scene import Scene, Staff
from whistle.crypto.encoding import Tag, b64, tagged
from whistle.crypto.grants import seal_grant
from whistle.crypto.items import Part, SealedItem, seal_item
from whistle.crypto.keys import reviewer_id, reviewer_keys
from whistle.crypto.posts import Post, draft_body

FILE = Path(__file__).parents[1] / "vectors/hostile.json"
JSON, TEXT = "application/json", "text/plain"
DEEP = b"[" * 5000 + b"]" * 5000
CARD = '{"category":"violation","enterprise":"沂岭木业","place":"二车间","line":"没有接地"}'.encode()
FACTS = (
    '{"salt":"'
    + b64(bytes(range(32)))
    + '","kind":"violation","fine":100,"employee":false,"officer_value":0,"reason":"",'
    '"deaths":0,"deaths_concealed":0,"annex_item":"","domain":""}'
).encode()

# name, kind, compartment, type, body, the document it is ("text" and "empty" for those; "" when it is refused)
CLAIM = b"A" * 43  # the hash of a post
CONTENTS: list[tuple[str, str, str, str, bytes, str]] = [
    ("a card", "report", "card", JSON, CARD, "card"),
    ("a card that says nothing", "report", "card", JSON, b"{}", "card"),
    ("a card with a number", "report", "card", JSON, b'{"enterprise":1}', ""),
    ("a card with null", "report", "card", JSON, b'{"enterprise":null}', ""),
    ("a card with a list", "report", "card", JSON, b'{"place":["x"]}', ""),
    ("a card with an unknown key", "report", "card", JSON, b'{"enterprise":"x","colour":"red"}', ""),
    ("a card with a key that every object has", "report", "card", JSON, b'{"__proto__":"x"}', ""),
    ("a card with the key constructor", "report", "card", JSON, b'{"constructor":"x"}', ""),
    ("a card that is a list", "report", "card", JSON, b"[]", ""),
    ("a card that is null", "report", "card", JSON, b"null", ""),
    ("a card that is a word", "report", "card", JSON, b'"card"', ""),
    ("a card that is no JSON", "report", "card", JSON, b"{enterprise:1}", ""),
    ("a card without an end", "report", "card", JSON, b'{"enterprise":"x"', ""),
    ("a card with a tail", "report", "card", JSON, b"{} {}", ""),
    ("a card with a byte order mark", "report", "card", JSON, b"\xef\xbb\xbf{}", ""),
    ("a card in UTF-16", "report", "card", JSON, "{}".encode("utf-16-le"), ""),
    ("a card that is no UTF-8", "report", "card", JSON, b'{"enterprise":"\xff"}', ""),
    ("a card with half a character", "report", "card", JSON, b'{"enterprise":"\\ud800"}', ""),
    ("a card with a pair of escapes", "report", "card", JSON, b'{"enterprise":"\\ud83d\\ude00"}', "card"),
    ("a card with not a number", "report", "card", JSON, b'{"enterprise":NaN}', ""),
    ("a card of brackets", "report", "card", JSON, DEEP, ""),
    ("a card with a bare control", "report", "card", JSON, b'{"enterprise":"a\x01b"}', ""),
    ("a card with a control in an escape", "report", "card", JSON, b'{"enterprise":"a\\u0001b"}', "card"),
    ("a card with a doubled key", "report", "card", JSON, b'{"enterprise":1,"enterprise":"x"}', "card"),
    ("a card with a long name", "report", "card", JSON, b'{"enterprise":"' + b"x" * 801 + b'"}', ""),
    ("a card with a name that just fits", "report", "card", JSON, b'{"enterprise":"' + b"x" * 800 + b'"}', "card"),
    ("a card with 267 characters of three bytes", "report", "card", JSON, f'{{"place":"{"危" * 267}"}}'.encode(), ""),
    ("a card with a category of words", "report", "card", JSON, '{"category":"隐患"}'.encode(), ""),
    ("a card with a category and a line end", "report", "card", JSON, b'{"category":"violation\\n"}', ""),
    ("a card with a day that is none", "report", "card", JSON, b'{"arrived":"yesterday"}', ""),
    ("a card with digits of another script", "report", "card", JSON, '{"arrived":"２０２６-01-01"}'.encode(), ""),
    ("a card as text", "report", "card", TEXT, CARD, ""),
    ("an empty card", "report", "card", "", b"", "empty"),
    ("a report", "report", "report", TEXT, "没有接地。".encode(), "text"),
    ("an empty report", "report", "report", "", b"", "empty"),
    ("a report with hidden characters", "report", "report", TEXT, "a\u200bb\u202ec\x00".encode(), "text"),
    ("a report with a byte order mark", "report", "report", TEXT, "\ufeff没有".encode(), "text"),
    ("a report that is no UTF-8", "report", "report", TEXT, b"\xff\xfe\x00", ""),
    ("a report with half a character", "report", "report", TEXT, b"\xed\xa0\x80", ""),
    ("a report as markup", "report", "report", "text/html", b"<script>alert(1)</script>", ""),
    ("a report as JSON", "report", "report", JSON, b"{}", ""),
    ("a report without a type", "report", "report", "", b"words", ""),
    ("a text with no words", "report", "report", TEXT, b"", "text"),
    ("an identity", "report", "identity", TEXT, "老李".encode(), "text"),
    ("an identity as JSON", "report", "identity", JSON, b'{"name":"x"}', ""),
    ("an agreed word", "report", "payout", JSON, '{"passphrase":"青山绿水"}'.encode(), "passphrase"),
    ("an agreed word that is a number", "report", "payout", JSON, b'{"passphrase":1234}', ""),
    ("a claim", "claim", "payout", JSON, '{"payee":"张某","code":"12345678","declared":"yes"}'.encode(), "claim"),
    ("a claim in a report", "report", "payout", JSON, b'{"payee":"x"}', ""),
    ("a claim with a short code", "claim", "payout", JSON, b'{"payee":"x","code":"1234"}', ""),
    ("a claim of a million", "claim", "payout", JSON, b'{"payee":"x","signatories":"1000000"}', ""),
    ("a claim with a negative number", "claim", "payout", JSON, b'{"payee":"x","signatories":"-1"}', ""),
    ("a claim declared with true", "claim", "payout", JSON, b'{"payee":"x","declared":true}', ""),
    ("a reply", "decline", "thread", TEXT, "不属于本部门。".encode(), "text"),
    ("a reply as JSON", "decline", "thread", JSON, b"{}", ""),
    ("a note", "pause", "work", TEXT, "等检验。".encode(), "text"),
    ("a note as a card", "pause", "work", JSON, CARD, ""),
    ("a second card", "extract", "card", JSON, CARD, "card"),
    ("a second card for the others", "extract", "work", JSON, CARD, "card"),
    ("a second card with a number", "extract", "work", JSON, b'{"line":0}', ""),
    ("a ground", "finding", "work", JSON, '{"criterion":"第三条","penalty":""}'.encode(), "ground"),
    ("a ground with figures", "finding", "work", JSON, b'{"criterion":"","fine":"45,000.00","deaths":"0"}', "ground"),
    ("a ground with a sum in words", "finding", "work", JSON, '{"fine":"四万五千"}'.encode(), ""),
    ("a ground that is a plan", "finding", "work", JSON, b'{"owner":"x"}', ""),
    ("a plan", "list", "work", JSON, b'{"owner":"x","measures":"y","money":"","plan":"z"}', "plan"),
    ("a plan with an object", "list", "work", JSON, b'{"owner":{}}', ""),
    ("facts", "finding", "award", JSON, FACTS, "facts"),
    ("facts of a proposal", "award.propose", "award", JSON, FACTS, "facts"),
    ("facts with a space", "finding", "award", JSON, FACTS.replace(b":100", b": 100"), ""),
    ("facts with a fraction", "finding", "award", JSON, FACTS.replace(b":100", b":100.5"), ""),
    ("facts with a sum below nothing", "finding", "award", JSON, FACTS.replace(b":100", b":-100"), ""),
    ("facts with words for a sum", "finding", "award", JSON, FACTS.replace(b":100", b':"100"'), ""),
    ("facts with another salt", "finding", "award", JSON, FACTS.replace(b'"salt":"', b'"salt":"!'), ""),
    ("facts without a salt", "finding", "award", JSON, FACTS.replace(b64(bytes(range(32))).encode(), b""), ""),
    ("facts without a kind", "finding", "award", JSON, FACTS.replace(b"violation", b""), ""),
    ("facts as text", "finding", "award", TEXT, FACTS, ""),
    ("no facts", "finding", "award", "", b"", "empty"),
    ("a part confirmed", "award.propose", "award", JSON, '{"part":"partial","text":"接地属实"}'.encode(), "confirmed"),
    ("a part confirmed in a finding", "finding", "award", JSON, b'{"part":"whole","text":""}', ""),
    ("a part nobody knows", "award.propose", "award", JSON, b'{"part":"half","text":""}', ""),
    ("a part that is a list", "award.propose", "award", JSON, b'{"part":[],"text":""}', ""),
    ("a basis", "award.propose", "award", JSON, b'{"finding":"' + b"A" * 43 + b'","reason":""}', "basis"),
    ("a basis on nothing", "award.propose", "award", JSON, b'{"finding":"","reason":""}', ""),
    ("a basis of a list", "award.propose", "award", JSON, b'{"finding":[],"reason":""}', ""),
    (
        "a receiver", "claim.check", "award", JSON,
        b'{"signatories":1,"recipient":"first","authority":"","declared":"claim"}', "receiver",
    ),
    (
        "a receiver that is an object", "claim.check", "award", JSON,
        b'{"signatories":1,"recipient":{},"authority":"","declared":"claim"}', "",
    ),
    ("a receiver of no one", "claim.check", "award", JSON, b"{}", ""),
    ("which claim counts", "claim.check", "award", JSON, b'{"claim":"' + CLAIM + b'","by":"answer"}', "standing"),
    ("which claim, and not by what", "claim.check", "award", JSON, b'{"claim":"' + CLAIM + b'"}', ""),
    ("no claim's hash", "claim.check", "award", JSON, b'{"claim":"x","by":"answer"}', ""),
    ("by a list", "claim.check", "award", JSON, b'{"claim":"' + CLAIM + b'","by":["answer"]}', ""),
    ("a promise to mend", "commit", "work", JSON, b'{"owner":"x","measures":"y","money":"2","plan":"z"}', "plan"),
    ("a promise with a number", "commit", "work", JSON, b'{"owner":1}', ""),
    ("why an honour is proposed", "honour.propose", "award", JSON, b'{"grounds":"x"}', "grounds"),
    ("grounds with a list", "honour.propose", "award", JSON, b'{"grounds":["x"]}', ""),
    ("grounds with an unknown key", "honour.propose", "award", JSON, b'{"grounds":"x","fen":"1"}', ""),
    ("a certificate", "honour.tell", "thread", JSON, b'{"certificate":"{}","sig":"x"}', "certificate"),
    ("a certificate without its signature", "honour.tell", "thread", JSON, b'{"certificate":"{}"}', ""),
    ("a certificate that is null", "honour.tell", "thread", JSON, b"null", ""),
    ("a certificate elsewhere", "message", "thread", JSON, b'{"certificate":"{}","sig":"x"}', ""),
]  # fmt: skip


class Hostile(Scene):
    """A case in which a stranger and then colleagues seal what does not open. Seeds are kept for the readers."""

    seeds: dict[str, bytes]

    def hire(self, roles: list[str], person: str = "", replaces: str = "") -> Staff:
        seed = os.urandom(32)
        keys = reviewer_keys(seed)
        rid = b64(reviewer_id(self.zone, keys.kem, keys.sig))
        self.__dict__.setdefault("seeds", {})[rid] = seed
        return Staff(keys, rid, person or b64(os.urandom(16)), list(roles), replaces)

    def post(
        self,
        author: str,
        kind: str,
        fields: dict[str, Any],
        parts: list[Part],
        give: dict[str, list[tuple[str | int, int]]],
        spoil: dict[str, str] | None = None,
        elsewhere: bool = False,
    ) -> list[SealedItem]:
        """`spoil` says of whose grant what is wrong: "bytes" that nothing opens, or a "key" of zeros and ones."""
        pid, name = os.urandom(16), self.rid(author)
        sealed_under = os.urandom(16) if elsewhere else pid
        items = [seal_item(self.zone, self.case, name, sealed_under, i, one) for i, one in enumerate(parts)]
        self.sealed |= {item.entry["id"]: item for item in items}
        entries, sealed = [], []
        for to, rows in give.items():
            wrong = (spoil or {}).get(to, "")
            keys = [self.row(items, which, part) for which, part in rows]
            keys = [(item, part, os.urandom(32)) for item, part, _ in keys] if wrong == "key" else keys
            entry, data = seal_grant(self.zone, self.case, name, pid, self.rid(to), self.keys(to).kem, keys)
            if wrong == "bytes":
                data = os.urandom(len(data))
                entry |= {"hash": b64(tagged(Tag.GRANT, data))}
            entries.append(entry)
            sealed.append(data)
        body = draft_body(kind, fields, [item.entry for item in items], entries)
        post = self.sign(author, kind, body, pid=b64(pid))
        self.take(post)
        self.__dict__.setdefault("carried", []).append((post, sealed, {item.entry["id"]: item.blob for item in items}))
        return items

    def served(self, reader: str) -> list[dict[str, Any]]:
        """The posts as the review door shows them to this reader."""
        rid = self.rid(reader)
        mine = {
            item for post, _, _ in self.carried for one in post.grants if one["to"] == rid for item, _ in one["items"]
        }
        return [_served(post, sealed, blobs, rid, mine) for post, sealed, blobs in self.carried]


def _served(post: Post, sealed: list[bytes], blobs: dict[str, bytes], rid: str, mine: set[str]) -> dict[str, Any]:
    return {
        "head": post.head_bytes.decode(),
        "sig": b64(post.sig),
        "body": (post.body_bytes or b"").decode(),
        "receipt": {"bytes": "{}", "sig": b64(bytes(64))},
        "grants": {str(i): b64(sealed[i]) for i, entry in enumerate(post.grants) if entry["to"] == rid},
        "items": {name: b64(blob) for name, blob in blobs.items() if name in mine},
    }


def scene() -> tuple[Hostile, dict[str, list[tuple[str, str, str, str]]]]:
    """The case, and for each reader what stands in it: compartment, kind, author's name, and how it reads."""
    made = Hostile()
    filing = [
        Part("card", "", JSON, b'{"enterprise":1}'),
        Part("report", "", TEXT, "电机没有接地。".encode()),
        Part("identity", "", TEXT, "老李".encode()),
        Part("payout", "", JSON, b'{"passphrase":1}'),
        Part("report", "照片.jpg", "image/jpeg", b"\xff\xd8"),
    ]
    fields = made.report_fields(access=b64(os.urandom(32)))
    bob: list[tuple[str | int, int]] = [(0, 0), (1, 0), (4, 0)]
    give = {
        "bob": bob,
        "beth": bob,
        "lena": [(2, 1)],
        "leo": [(2, 1)],
        "paul": [(2, 2), (3, 0)],
        "pia": [(2, 2), (3, 0)],
    }
    first = made.post("reporter", "report", fields, filing, give, {"lena": "key"})
    note = [Part("work", "", TEXT, "已核对。".encode()), Part("thread", "", TEXT, "已受理。".encode())]
    intake = {"bob": [(0, 0), (1, 0)], "beth": [(0, 0), (1, 0)], "reporter": [(1, 0)]}
    accepted = {"category": "violation", "sector": "fire", "packs": [], "received": "2026-06-10"}
    made.post("beth", "accept", accepted, note, dict(intake), {"bob": "bytes", "reporter": "bytes"})
    one = {"bob": [(0, 0)], "beth": [(0, 0)], "reporter": [(0, 0)]}
    talk = [Part("thread", "", TEXT, "请补充。".encode())]
    made.post("beth", "message", {"comp": "thread"}, talk, dict(one), elsewhere=True)
    card = [Part("card", "", JSON, CARD), Part("work", "", JSON, b"[]"), Part("work", "", TEXT, b"\xff")]
    made.post("beth", "extract", {}, card, {"bob": [(0, 0), (1, 0), (2, 0)], "beth": [(0, 0), (1, 0), (2, 0)]})
    words = first[1].entry["id"]
    seats = [["verifier", [made.staff["vera"].person]]]
    made.post("beth", "assign", {"seats": seats}, [], {"bob": [(words, 0)]}, {"bob": "key"})
    made.post("bob", "message", {"comp": "thread"}, talk, dict(one))
    return made, EXPECTED


EXPECTED = {
    "bob": [
        ("card", "report", "reporter", "broken"),
        ("report", "report", "reporter", "电机没有接地。"),
        ("report", "report", "reporter", ""),
        ("work", "accept", "beth", "broken"),
        ("thread", "accept", "beth", "broken"),
        ("thread", "message", "beth", "broken"),
        ("card", "extract", "beth", CARD.decode()),
        ("work", "extract", "beth", "broken"),
        ("work", "extract", "beth", "broken"),
        ("thread", "message", "bob", "请补充。"),
    ],
    "lena": [("identity", "report", "reporter", "broken")],
    "leo": [],
    "paul": [("payout", "report", "reporter", "broken")],
}


def document() -> dict[str, Any]:
    made, expected = scene()
    readers = {
        name: {
            "seed": b64(made.seeds[made.rid(name)]),
            "rid": made.rid(name),
            "posts": made.served(name),
            "reads": [[comp, kind, made.rid(author), says] for comp, kind, author, says in reads],
        }
        for name, reads in expected.items()
    }
    rows = [
        {"name": name, "kind": kind, "comp": comp, "type": kind_of, "body": b64(body), "is": document}
        for name, kind, comp, kind_of, body, document in CONTENTS
    ]
    return {
        "contents": rows,
        "case": {
            "zone": b64(made.zone),
            "id": b64(made.case),
            "today": "2026-06-10",
            "directories": [{"bytes": data.decode(), "sig": b64(sig)} for data, sig in made.signed],
            "channels": [data.decode() for data in made.channels],
            "readers": readers,
        },
    }


if __name__ == "__main__":
    FILE.write_text(json.dumps(document(), ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
