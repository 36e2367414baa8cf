"""Grants: the keys of some items for one reader."""

from typing import Any

import pytest

from tests.crypto.vectors import CASE, KEYS, RIDS, X1, ZONE, posts, raw
from whistle.crypto.encoding import b64, unb64
from whistle.crypto.errors import EnvelopeError
from whistle.crypto.grants import check_grant, grant_info, grant_size, item_key, open_grant, seal_grant
from whistle.crypto.items import Part, seal_item

PID = bytes(16)
BOB, RID = KEYS["intake1"], RIDS["intake1"]


def granting_post(grant: dict[str, Any]) -> Any:
    if isinstance(grant["post"], int):
        return posts()[grant["post"]]
    name, _, number = grant["post"].partition(" ")
    return posts(f"{name}_posts")[int(number)]


@pytest.mark.parametrize("grant", X1["grants"], ids=lambda grant: f"{grant['post']}-{grant['to']}")
def test_the_samples_open(grant: dict[str, Any]) -> None:
    post, reader = granting_post(grant), grant["to"]
    assert grant["entry"] in post.grants
    pid = unb64(post.pid)
    assert grant_info(ZONE, CASE, post.author, pid, RIDS[reader]).hex() == grant["info"]
    opened = open_grant(ZONE, CASE, post.author, pid, RIDS[reader], KEYS[reader], grant["entry"], raw(grant["sealed"]))
    keys = {item["entry"]["id"]: raw(item["key"]) for item in X1["items"]}
    assert [[item_id, part] for item_id, part, _ in opened] == grant["entry"]["items"]
    assert all(value == keys[item_id] for item_id, part, value in opened if part == 0)


def test_it_works() -> None:
    item = seal_item(ZONE, CASE, "reporter", PID, 0, Part("card"))
    entry, sealed = seal_grant(ZONE, CASE, "reporter", PID, RID, BOB.kem, [item_key(item, 0)])
    assert entry["len"] == len(sealed) == grant_size(1)
    assert open_grant(ZONE, CASE, "reporter", PID, RID, BOB, entry, sealed) == [(item.entry["id"], 0, item.key)]


def test_a_row_holds_one_half_of_a_name() -> None:
    item = seal_item(ZONE, CASE, "reporter", PID, 0, Part("identity"))
    assert item.halves is not None
    assert item_key(item, 2) == (item.entry["id"], 2, item.halves[1])


@pytest.mark.parametrize("change", [{"len": 9}, {"hash": b64(bytes(32))}])
def test_bytes_the_body_does_not_name_are_refused(change: dict[str, Any]) -> None:
    entry, sealed = seal_grant(ZONE, CASE, "reporter", PID, RID, BOB.kem, [])
    check_grant(entry, sealed)
    with pytest.raises(EnvelopeError, match="wrong_grant"):
        open_grant(ZONE, CASE, "reporter", PID, RID, BOB, entry | change, sealed)


def test_rows_other_than_those_listed_are_refused() -> None:
    row = (b64(bytes(32)), 0, b"k" * 32)
    entry, sealed = seal_grant(ZONE, CASE, "reporter", PID, RID, BOB.kem, [row])
    for listed in ([], [[b64(b"x" * 32), 0]], [[b64(bytes(32)), 1]]):
        with pytest.raises(EnvelopeError, match="wrong_grant"):
            open_grant(ZONE, CASE, "reporter", PID, RID, BOB, entry | {"items": listed}, sealed)


@pytest.mark.parametrize(
    "row", [(b64(bytes(32)), 3, b"k" * 32), (b64(bytes(32)), 0, b"k"), (b64(bytes(32)), 1, bytes(32))]
)
def test_no_writer_grants_what_no_reader_takes(row: Any) -> None:
    with pytest.raises(EnvelopeError):
        seal_grant(ZONE, CASE, "reporter", PID, RID, BOB.kem, [row])


def test_a_zero_half_from_a_lying_writer_is_refused() -> None:
    info = grant_info(ZONE, CASE, "reporter", PID, RID)
    from whistle.crypto.encoding import Tag, tagged
    from whistle.crypto.keys import seal

    sealed = seal(BOB.kem, bytes(32) + b"\x01" + bytes(32), info)
    entry = {
        "to": RID,
        "items": [[b64(bytes(32)), 1]],
        "len": len(sealed),
        "hash": b64(tagged(Tag.GRANT, sealed)),
    }
    with pytest.raises(EnvelopeError, match="bad_half"):
        open_grant(ZONE, CASE, "reporter", PID, RID, BOB, entry, sealed)
