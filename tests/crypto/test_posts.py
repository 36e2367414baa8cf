"""Posts and uploads: the vectors, then each refusal."""

import json
import os
from typing import Any

import pytest

from tests.crypto import vectors
from tests.crypto.scene import FILING, FILING_GRANTS, Scene, filed
from tests.crypto.test_items import vector_blob
from tests.crypto.vectors import LATER, RIDS, X1, raw
from whistle.crypto import posts
from whistle.crypto.encoding import b64, digest
from whistle.crypto.errors import EnvelopeError
from whistle.crypto.items import Part
from whistle.crypto.posts import Upload, draft_body, facts_hash, pack_upload, parse_post, unpack_upload


def filing() -> tuple[Scene, bytes]:
    """A report as alice's client uploads it."""
    scene = Scene()
    post = scene.write("reporter", "report", scene.report_fields(), FILING, FILING_GRANTS)
    return scene, pack_upload(post, [sealed for _, sealed in scene.grants], blobs(scene))


def blobs(scene: Scene) -> dict[str, bytes]:
    return {item_id: item.blob for item_id, item in scene.sealed.items()}


def test_it_works() -> None:
    scene, data = filing()
    upload = unpack_upload(data)
    assert isinstance(upload, Upload)
    assert (upload.post.kind, upload.post.author, upload.post.no) == ("report", "reporter", 0)
    assert set(upload.items) == set(scene.sealed) and len(upload.grants) == 6
    assert pack_upload(upload.post, upload.grants, upload.items) == data
    scene.take(upload.post)


@pytest.mark.parametrize("name", ["posts", "rotation_posts"])
def test_the_vectors_hash_to_what_they_say(name: str) -> None:
    for one, post in zip(X1[name], vectors.posts(name), strict=True):
        assert post.hash == b64(raw(one["hash"]))


def test_the_upload_of_the_vectors() -> None:
    post = vectors.posts()[X1["upload"]["post"]]
    grants = [raw(grant["sealed"]) for grant in X1["grants"] if grant["post"] == X1["upload"]["post"]]
    items = {item["entry"]["id"]: vector_blob(item) for item in X1["items"]}
    data = pack_upload(post, grants, items)
    assert (len(data), digest(data).hex()) == (X1["upload"]["length"], X1["upload"]["sha256"])
    assert unpack_upload(data).post.hash == post.hash


def test_the_facts_of_the_vectors() -> None:
    assert facts_hash(X1["facts"]["body"].encode()) == b64(raw(X1["facts"]["facts"]))


def test_every_kind_can_be_written_with_its_fields() -> None:
    hashed = b64(bytes(32))
    values: dict[str, Any] = {
        "reporter": {"kem": b64(bytes(1216)), "sig": hashed}, "access": hashed, "channel": "zone",
        "source": "web", "urgent": True, "exclude": [b64(bytes(16))], "sealed_by": "cli", "comp": "thread",
        "category": "fire", "sector": "gas", "packs": [["p", hashed]], "received": "2026-06-03",
        "reason": "NA03", "to": "市局", "seats": [["intake", []], ["leader", [b64(bytes(16))]]],
        "outcome": "unable", "pack": "p", "pack_hash": hashed, "fen": 2**53 - 1, "facts": hashed,
        "proposal": hashed, "claim_by": "2026-08-01", "method": "counter", "voucher": "v", "treasury": "t",
        "day": "2026-06-03", "ask": hashed, "step": "verify", "until": "2026-08-01", "document": "文",
        "approved_by": "市局", "action": "on_site", "parent": hashed, "about": "decline", "objection": hashed,
        "result": "handled", "level": "city", "due": "2026-08-01", "finding": hashed,
        "old": [["p", hashed], ["q", hashed]], "approval": hashed, "record": hashed, "body": "市局", "receipt": "1",
            "withdraw": hashed, "honour": "praise", "basis": "default:1", "registers": [hashed],
    }  # fmt: skip
    for kind, fields in posts.FIELDS.items():
        here = values | ({"outcome": "upheld"} if kind.startswith("objection.") else {})
        here["scope"] = "report" if kind == "withdraw" else "identity"
        body = posts.parse_body(draft_body(kind, {name: here[name] for name in fields}))
        assert list(body) == ["v", "salt", "kind", *fields, "items", "grants"]


@pytest.mark.parametrize("vector", LATER["valid"], ids=lambda vector: vector["kind"])
def test_the_bodies_of_later_kinds_are_those_of_the_vectors(vector: dict[str, str]) -> None:
    body = posts.parse_body(vector["body"].encode())
    fields = {name: body[name] for name in posts.FIELDS[vector["kind"]]}
    again = json.loads(draft_body(vector["kind"], fields)) | {"salt": body["salt"]}
    assert json.dumps(again, ensure_ascii=False, separators=(",", ":")) == vector["body"]


@pytest.mark.parametrize("vector", LATER["invalid"], ids=lambda vector: vector["name"])
def test_bodies_that_no_language_takes(vector: dict[str, str]) -> None:
    with pytest.raises(EnvelopeError, match="malformed"):
        posts.parse_body(vector["body"].encode())


def test_two_bodies_of_the_same_words_are_not_the_same() -> None:
    assert draft_body("feedback", {}) != draft_body("feedback", {})


@pytest.mark.parametrize(
    ("kind", "fields"),
    [
        ("feedback", {"more": 1}),
        ("message", {}),
        ("message", {"comp": "report"}),
        ("gossip", {}),
        ("assign", {"seats": [["leader", []], ["intake", []]]}),
        ("assign", {"seats": [["leader", []], ["leader", []]]}),
        ("decline", {"reason": "x" * 65}),
        ("decline", {"reason": "e\u0301"}),
        ("transfer", {"reason": "", "to": "一" * 201}),
    ],
)
def test_fields_that_are_not_those_of_the_kind_are_refused(kind: str, fields: dict[str, Any]) -> None:
    with pytest.raises(EnvelopeError):
        draft_body(kind, fields)


def entry(**changes: Any) -> dict[str, Any]:
    return {"id": b64(bytes(32)), "comp": "card", "len": 4_168, "tree": b64(bytes(32))} | changes


@pytest.mark.parametrize(
    "change",
    [
        {"len": 4_169},
        {"comp": "identity"},
        {"halves": [b64(bytes(32))] * 2},
        {"comp": "diary"},
        {"id": "AA"},
        {"x": 1},
    ],
)
def test_an_item_entry_that_says_something_else_is_refused(change: dict[str, Any]) -> None:
    draft_body("feedback", {}, [entry()])
    with pytest.raises(EnvelopeError):
        draft_body("feedback", {}, [entry(**change)])


@pytest.mark.parametrize("change", [{"len": 1_200}, {"to": "boss"}, {"items": [[b64(bytes(32)), 3]]}, {"hash": ""}])
def test_a_grant_entry_that_says_something_else_is_refused(change: dict[str, Any]) -> None:
    grant = {"to": "reporter", "items": [[b64(bytes(32)), 0]], "len": 1_201, "hash": b64(bytes(32))}
    draft_body("feedback", {}, [], [grant])
    with pytest.raises(EnvelopeError):
        draft_body("feedback", {}, [], [grant | change])


def head(**changes: Any) -> bytes:
    return json.dumps(json.loads(X1["posts"][0]["head"]) | changes, ensure_ascii=False, separators=(",", ":")).encode()


@pytest.mark.parametrize(
    "change",
    [
        {"v": 2},
        {"suite": "X2"},
        {"author": "somebody"},
        {"author": RIDS["intake1"]},
        {"when": "2026-06-02T03:00Z"},
        {"when": "yesterday"},
        {"vis": "some"},
        {"no": -1},
        {"pid": b64(bytes(17))},
        {"more": ""},
    ],
)
def test_a_head_that_says_something_else_is_refused(change: dict[str, Any]) -> None:
    parse_post(head(), bytes(64), None)
    with pytest.raises(EnvelopeError):
        parse_post(head(**change), bytes(64), None)


def test_a_body_of_another_head_is_refused() -> None:
    one, two = X1["posts"][:2]
    with pytest.raises(EnvelopeError, match="wrong_body"):
        parse_post(one["head"].encode(), raw(one["sig"]), two["body"].encode())


def test_a_signature_of_another_length_is_refused() -> None:
    with pytest.raises(EnvelopeError):
        parse_post(head(), bytes(63), None)


def test_a_post_without_its_body_has_no_kind() -> None:
    post = parse_post(head(), bytes(64), None)
    assert (post.kind, post.fields, post.items, post.grants) == ("", {}, [], [])


def repacked(data: bytes, spoil: Any) -> bytes:
    parts = posts._split(data)
    spoil(parts)
    return b"".join(len(part).to_bytes(4, "big") + part for part in parts)


@pytest.mark.parametrize(
    "spoil",
    [
        lambda parts: parts.pop(),
        lambda parts: parts.append(b""),
        lambda parts: parts.insert(3, parts.pop(4)),
        lambda parts: parts.insert(9, parts.pop(10)),
        lambda parts: parts.__setitem__(9, bytes(len(parts[9]))),
        lambda parts: parts.__setitem__(1, parts[1] + b"\0"),
        lambda parts: parts.clear(),
    ],
)
def test_an_upload_that_is_not_what_its_body_names_is_refused(spoil: Any) -> None:
    _, data = filing()
    assert repacked(data, lambda parts: None) == data
    with pytest.raises(EnvelopeError):
        unpack_upload(repacked(data, spoil))


def test_an_upload_is_not_packed_with_a_part_missing() -> None:
    scene, data = filing()
    upload = unpack_upload(data)
    for post, grants, items in (
        (upload.post, upload.grants[1:], upload.items),
        (upload.post, upload.grants, {}),
        (scene.without_body(upload.post), [], {}),
    ):
        with pytest.raises(EnvelopeError):
            pack_upload(post, grants, items)


@pytest.mark.parametrize("cut", [1, 3, 100, 40_000])
def test_a_truncated_upload_is_refused(cut: int) -> None:
    _, data = filing()
    with pytest.raises(EnvelopeError):
        unpack_upload(data[:-cut])


def test_a_large_item_is_there_before_and_not_in_the_upload() -> None:
    scene = filed()
    photo = Part("thread", "照片.jpg", "image/jpeg", os.urandom(100_000))
    post = scene.write("reporter", "message", {"comp": "thread"}, [Part("thread"), photo], {"bob": [(0, 0), (1, 0)]})
    upload = unpack_upload(pack_upload(post, [sealed for _, sealed in scene.grants], blobs(scene)))
    assert list(upload.items) == [post.items[0]["id"]]


def test_text_that_is_not_nfc_is_refused_on_arrival_only() -> None:
    scene = Scene()
    post = scene.write("reporter", "report", scene.report_fields(source="é"), [], {})
    assert post.body_bytes is not None
    body = post.body_bytes.replace("é".encode(), "e\u0301".encode())
    changed = json.loads(post.head_bytes) | {"body": posts.body_hash(body)}
    loose = parse_post(json.dumps(changed, separators=(",", ":")).encode(), post.sig, body)
    with pytest.raises(EnvelopeError, match="not_nfc"):
        unpack_upload(pack_upload(loose, [], {}))
