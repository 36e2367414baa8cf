"""Round trips, and every parser fed mutated bytes: only EnvelopeError comes out."""

import os
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.crypto import vectors
from tests.crypto.scene import filed
from tests.crypto.test_posts import filing
from tests.crypto.test_slots import SLOT
from tests.crypto.vectors import CASE, KEYS, RIDS, X1, ZONE, raw
from whistle.crypto import directory, items, posts, receipts, slots, strict, ticket, work
from whistle.crypto.chain import Chain
from whistle.crypto.encoding import Tag, b64, lp, unb64
from whistle.crypto.errors import EnvelopeError
from whistle.crypto.grants import open_grant, seal_grant
from whistle.crypto.items import Part, open_item, seal_item
from whistle.crypto.keys import verify

quick = settings(
    max_examples=60,
    deadline=None,
    database=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
PID = bytes(16)
UPLOAD = filing()[1]
FIRST = X1["posts"][0]
HEADER = work.header(raw(X1["work"]["challenge"]), 3733).encode()
GRANT = X1["grants"][0]
SECRET = raw(X1["work"]["server_secret"])
SEALED = seal_item(ZONE, CASE, "reporter", PID, 0, Part("card", body=b"{}"))


def posted(head: bytes, body: bytes | None) -> Any:
    return posts.parse_post(head, raw(FIRST["sig"]), body)


PARSERS: dict[str, tuple[bytes, Callable[[bytes], Any]]] = {
    "head": (FIRST["head"].encode(), lambda data: posted(data, None)),
    "body": (FIRST["body"].encode(), posts.parse_body),
    "upload": (UPLOAD, posts.unpack_upload),
    "directory": (X1["directories"][0]["bytes"].encode(), lambda data: strict.parse(directory.DIRECTORY, data)),
    "directory chain": (
        X1["directories"][0]["bytes"].encode(),
        lambda data: directory.Directories.verify(ZONE, [(data, raw(X1["directories"][0]["sig"]))]),
    ),
    "channel": (
        X1["directories"][0]["channels"][0].encode(),
        lambda data: directory.parse_channel(ZONE, data),
    ),
    "roster": (X1["roster"]["bytes"].encode(), lambda data: strict.parse(directory.ROSTER, data)),
    "receipt": (X1["receipt"]["bytes"].encode(), lambda data: strict.parse(receipts.RECEIPT, data)),
    "checkpoint": (X1["checkpoint"]["bytes"].encode(), lambda data: strict.parse(receipts.CHECKPOINT, data)),
    "meta": (b'{"name":"a.jpg","type":"image/jpeg","size":9}', lambda data: strict.parse(items.META, data)),
    "slot": (strict.dump(slots.SLOT, SLOT), slots.parse_slot),
    "challenge": (raw(X1["work"]["challenge"]), work.peek),
    "own challenge": (raw(X1["work"]["challenge"]), lambda data: work.read_challenge(SECRET, data)),
    "work header": (HEADER, lambda data: work.parse_header(data.decode("latin-1"))),
    "authorization": (
        X1["ticket"]["authorization"].encode(),
        lambda data: ticket.parse_authorization(data.decode("latin-1")),
    ),
    "ticket": (X1["ticket"]["typed"].encode(), lambda data: ticket.normalise(data.decode("latin-1"))),
    "base64": (b64(os.urandom(40)).encode(), lambda data: unb64(data.decode("latin-1"))),
    "signature": (raw(FIRST["sig"]), lambda data: verify(KEYS["reporter"].sig, Tag.POST, b"{}", data)),
    "public key": (KEYS["reporter"].sig, lambda data: verify(data, Tag.POST, b"{}", raw(FIRST["sig"]))),
    "grant": (
        raw(GRANT["sealed"]),
        lambda data: open_grant(
            ZONE, CASE, "reporter", PID, RIDS["intake1"], KEYS["intake1"], GRANT["entry"] | sized(data), data
        ),
    ),
    "blob": (
        SEALED.blob,
        lambda data: open_item(
            ZONE, CASE, "reporter", PID, 0, SEALED.entry | named(data), SEALED.key, data
        ),
    ),
}  # fmt: skip


def sized(data: bytes) -> dict[str, Any]:
    """An entry that agrees with whatever arrives, so that the seal itself is what is tested."""
    from whistle.crypto.encoding import tagged

    return {"len": len(data), "hash": b64(tagged(Tag.GRANT, data))}


def named(data: bytes) -> dict[str, Any]:
    return {"len": len(data), "id": b64(data[24:56]), "tree": b64(items.tree(data))}


def mutated(data: bytes, how: tuple[int, int, bytes]) -> bytes:
    """A cut, an insertion or bytes written over, anywhere."""
    at, kind, new = how[0] % (len(data) + 1), how[1], how[2]
    if kind == 0:
        return data[:at] + new + data[at + len(new) :]
    if kind == 1:
        return data[:at] + new + data[at:]
    return data[:at] if kind == 2 else data[:at] + data[at + len(new) + 1 :]


JSON_BITS = [b'"', b"\\", b"{", b"[", b"]", b",", b":", b"1e9", b"-1", b"null", b"true", b"1.0", b"\xff", b"\\ud800"]
BITS = st.one_of(st.binary(min_size=1, max_size=6), st.sampled_from(JSON_BITS))
MUTATIONS = st.tuples(st.integers(0, 1_000_000), st.integers(0, 3), BITS)


@pytest.mark.parametrize("name", PARSERS)
@quick
@given(changes=st.lists(MUTATIONS, min_size=1, max_size=3))
def test_mutated_bytes_raise_the_one_error_or_are_read(name: str, changes: list[tuple[int, int, bytes]]) -> None:
    data, parser = PARSERS[name]
    for change in changes:
        data = mutated(data, change)
    try:
        parser(data)
    except EnvelopeError as refused:
        assert refused.code.replace("_", "").isalpha()


@pytest.mark.parametrize("name", PARSERS)
@quick
@given(data=st.binary(max_size=300))
def test_random_bytes_raise_the_one_error_or_are_read(name: str, data: bytes) -> None:
    try:
        PARSERS[name][1](data)
    except EnvelopeError as refused:
        assert refused.code


@quick
@given(text=st.text(max_size=60))
def test_any_text_is_a_ticket_or_the_one_error(text: str) -> None:
    for parser in (ticket.normalise, ticket.parse_authorization, work.parse_header, unb64):
        try:
            parser(text)
        except EnvelopeError as refused:
            assert refused.code


DOCUMENTS = {
    "head": posts.HEAD,
    "directory": directory.DIRECTORY,
    "roster": directory.ROSTER,
    "receipt": receipts.RECEIPT,
    "slot": slots.SLOT,
    "meta": items.META,
}


@pytest.mark.parametrize("name", DOCUMENTS)
@quick
@given(change=MUTATIONS)
def test_what_is_read_is_written_the_same(name: str, change: tuple[int, int, bytes]) -> None:
    data = mutated(PARSERS[name][0], change)
    try:
        document = strict.parse(DOCUMENTS[name], data)
        assert strict.dump(DOCUMENTS[name], document) == data
    except EnvelopeError as refused:
        assert refused.code


@quick
@given(fields=st.lists(st.binary(max_size=40), max_size=6), other=st.lists(st.binary(max_size=40), max_size=6))
def test_different_fields_are_different_bytes(fields: list[bytes], other: list[bytes]) -> None:
    assert (lp(*fields) == lp(*other)) == (fields == other)


@quick
@given(data=st.binary(max_size=100))
def test_base64_comes_back(data: bytes) -> None:
    assert unb64(b64(data), len(data)) == data


@quick
@given(
    body=st.binary(max_size=60_000),
    name=st.sampled_from(["", "照片.jpg"]),
    comp=st.sampled_from(items.COMPARTMENTS),
    index=st.integers(0, 3),
)
def test_an_item_comes_back(body: bytes, name: str, comp: str, index: int) -> None:
    part = Part(comp, name, "image/jpeg", body)
    try:
        sealed = seal_item(ZONE, CASE, "reporter", PID, index, part)
    except EnvelopeError as refused:
        assert refused.code in ("too_long", "bad_compartment")
        return
    items.check_length(comp, len(sealed.blob))
    meta, opened = open_item(ZONE, CASE, "reporter", PID, index, sealed.entry, sealed.key, sealed.blob)
    assert (meta["name"], meta["size"], opened) == (name, len(body), body)


@quick
@given(rows=st.lists(st.tuples(st.binary(min_size=32, max_size=32), st.integers(0, 2)), max_size=5))
def test_a_grant_comes_back(rows: list[tuple[bytes, int]]) -> None:
    bob = KEYS["intake1"]
    keys = [(b64(item), part, b"k" + item[1:]) for item, part in rows]
    entry, sealed = seal_grant(ZONE, CASE, "reporter", PID, RIDS["intake1"], bob.kem, keys)
    assert open_grant(ZONE, CASE, "reporter", PID, RIDS["intake1"], bob, entry, sealed) == keys


@quick
@given(size=st.integers(16_384, 2**40))
def test_padding_costs_at_most_an_eighth_and_settles(size: int) -> None:
    padded = items.padme(size)
    assert size <= padded <= size * 1.125 and items.padme(padded) == padded


@quick
@given(plain=st.integers(0, 2**40))
def test_only_blobs_of_permitted_plaintexts_have_a_permitted_length(plain: int) -> None:
    allowed = plain == 4_096 or (plain >= 16_384 and items.padme(plain) == plain)
    try:
        items.check_length("thread", items.blob_size(plain))
    except EnvelopeError:
        assert not allowed
    else:
        assert allowed


SCENE = filed()
SCENE.accept()
SCENE.propose()


@quick
@given(
    name=st.sampled_from(["no", "prev", "last", "dir", "author", "pid", "vis", "when", "case", "zone"]),
    value=st.sampled_from(
        [
            0,
            7,
            "all",
            "office",
            "reporter",
            "2026-06-10",
            "2026-06-10T03:00Z",
            RIDS["intake1"],
            b64(bytes(32)),
            b64(PID),
        ]
    ),
)
def test_a_changed_head_never_joins_the_chain(name: str, value: Any) -> None:
    post = SCENE.posts[-1]
    if post.head[name] == value:
        return
    chain = Chain(SCENE.zone, SCENE.directories, SCENE.table)
    for one in SCENE.posts[:-1]:
        chain.add(one)
    head = strict.utf8(strict._write(post.head | {name: value}))
    with pytest.raises(EnvelopeError):
        chain.add(posts.parse_post(head, post.sig, post.body_bytes))


@quick
@given(order=st.permutations(range(10)), shown=st.integers(1, 10))
def test_only_the_true_order_of_the_vectors_stands(order: list[int], shown: int) -> None:
    told = [vectors.posts()[i] for i in order[:shown]]
    chain = Chain(ZONE, vectors.directories(), vectors.TABLE)
    try:
        for post in told:
            chain.add(post)
    except EnvelopeError:
        assert order[:shown] != list(range(shown))
    else:
        assert order[:shown] == list(range(shown))


PROPOSAL = {"pack": "p", "pack_hash": b64(bytes(32)), "fen": 1, "facts": b64(bytes(32))}
ACTS: list[tuple[str, str, dict[str, Any], list[Part], dict[str, Any]]] = [
    ("bob", "message", {"comp": "thread"}, [Part("thread")], {"reporter": [(0, 0)], "beth": [(0, 0)]}),
    ("reporter", "message", {"comp": "thread"}, [Part("thread")], {"reporter": [(0, 0)], "beth": [(0, 0)]}),
    ("reporter", "message", {"comp": "payout"}, [Part("payout")], {"paul": [(0, 0)], "lena": [(0, 0)]}),
    ("bob", "extract", {}, [Part("card"), Part("work")], {"bob": [(0, 0), (1, 0)], "vera": [(1, 0)]}),
    ("beth", "recuse", {}, [], {}),
    ("bob", "assign", {"seats": []}, [], {"beth": [("card", 0)]}),
    ("vera", "finding", {"outcome": "verified"}, [Part("work"), Part("award")], {"paul": [(1, 0)], "lena": [(0, 0)]}),
    ("paul", "award.propose", PROPOSAL, [Part("award")], {}),
    ("lena", "award.approve", {"proposal": b64(bytes(32)), "fen": 1}, [], {}),
    ("paul", "award.notify", {"fen": 1, "claim_by": "2026-08-01"}, [Part("payout")], {"reporter": [(0, 0)]}),
    ("reporter", "claim", {"method": "counter"}, [Part("payout")], {"pia": [(0, 0)]}),
    ("paul", "identity.ask", {"reason": "ID01"}, [], {}),
    ("lena", "identity.give", {"ask": "newest"}, [], {"paul": [("identity", 1)]}),
    ("finn", "pay", {"voucher": "1", "treasury": "1", "day": "2026-06-10"}, [], {}),
    ("lena", "close", {"reason": "CL01"}, [], {}),
]  # fmt: skip


@settings(quick, max_examples=25)
@given(chosen=st.lists(st.sampled_from(range(len(ACTS))), min_size=1, max_size=10))
def test_every_chain_the_office_accepts_hers_accepts(chosen: list[int]) -> None:
    scene = filed()
    first = dict(zip(["card", "report", "identity", "payout"], scene.items_of(scene.chain.acts[0]), strict=True))
    for number in chosen:
        author, kind, fields, parts, give = ACTS[number]
        said = {name: scene.chain.newest if value == "newest" else value for name, value in fields.items()}
        rows = {to: [(first.get(str(which), which), part) for which, part in rows] for to, rows in give.items()}
        try:
            scene.add(author, kind, said, parts, rows)
        except EnvelopeError as refused:
            assert refused.code in ("wrong_role", "excluded", "same_person", "unknown_ask", "wrong_readers")
    shown = scene.rebuilt("reporter")
    assert [act.hash for act in shown.acts] == [post.hash for post in scene.posts if post.vis == "all"]
    assert scene.rebuilt().newest == scene.chain.newest
