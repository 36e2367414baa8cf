"""Directories, channels, rosters: verified from number 0 to the pin."""

import os
from typing import Any

import pytest

from tests.crypto import vectors
from tests.crypto.scene import Scene
from tests.crypto.vectors import X1, ZONE, raw
from whistle.crypto import directory
from whistle.crypto.directory import (
    Directories,
    check_apart,
    parse_roster,
    recipients,
    sign_directory,
    sign_roster,
)
from whistle.crypto.encoding import Tag, b64
from whistle.crypto.errors import EnvelopeError
from whistle.crypto.keys import root_key

SIGNED = [(one["bytes"].encode(), raw(one["sig"])) for one in X1["directories"]]


def test_it_works() -> None:
    found = vectors.directories()
    hashes = [b64(raw(one["hash"])) for one in X1["directories"]]
    assert [found.number(one) for one in hashes] == [0, 1, 2]
    assert found.newest_hash == hashes[-1] and found.newest["no"] == 2
    assert found.by_hash(hashes[1]) == found.every()[1]
    reader = found.reader(hashes[0], "zone", vectors.RIDS["intake1"])
    assert reader is not None and reader["roles"] == ["intake", "verifier"]


def test_what_is_not_in_the_chain_is_not_found() -> None:
    found = vectors.directories()
    assert found.number(b64(bytes(32))) == -1 and found.by_hash(b64(bytes(32))) is None
    assert found.channel(found.newest_hash, "elsewhere") is None
    assert found.channel(b64(bytes(32)), "zone") is None
    assert found.reader(found.newest_hash, "zone", b64(bytes(16))) is None


def test_the_roster_of_the_vectors() -> None:
    first = vectors.directories().every()[0]
    data, sig = X1["roster"]["bytes"].encode(), raw(X1["roster"]["sig"])
    assert parse_roster(first, raw(X1["zone"]["root"]), data, sig)["people"][0]["name"] == "王芳"
    with pytest.raises(EnvelopeError):
        parse_roster(first, raw(X1["zone"]["root"]), data, sig[:-1] + b"\0")
    with pytest.raises(EnvelopeError, match="wrong_roster"):
        parse_roster(first | {"roster": b64(bytes(32))}, raw(X1["zone"]["root"]), data, sig)


def test_a_roster_of_another_directory_is_refused() -> None:
    root = root_key(os.urandom(32))
    document = {"v": 1, "suite": "X1", "zone": b64(ZONE), "no": 3, "salt": b64(bytes(16)), "people": []}
    data, sig = sign_roster(root, document)
    named = {"roster": b64(directory.roster_hash(data)), "zone": b64(ZONE), "no": 4}
    with pytest.raises(EnvelopeError, match="wrong_roster"):
        parse_roster(named, root.public, data, sig)


@pytest.mark.parametrize(
    ("told", "code"),
    [
        ([], "bad_directory"),
        (SIGNED[1:], "bad_directory"),
        ([SIGNED[0], SIGNED[2]], "bad_directory"),
        ([SIGNED[0], SIGNED[0]], "bad_directory"),
        ([(SIGNED[0][0], SIGNED[1][1])], "bad_signature"),
    ],
)
def test_a_chain_with_a_gap_or_another_signature_is_refused(told: Any, code: str) -> None:
    with pytest.raises(EnvelopeError, match=code):
        Directories.verify(ZONE, told)


def test_another_pin_is_another_zone() -> None:
    with pytest.raises(EnvelopeError, match="wrong_zone"):
        Directories.verify(bytes(16), SIGNED)


@pytest.mark.parametrize(
    "change",
    [
        {"no": 7},
        {"prev": b64(bytes(32))},
        {"zone": b64(bytes(16))},
        {"expires": "2026-06-01"},
        {"expires": "2028-06-01"},
        {"channels": [["zone", b64(bytes(32))], ["zone", b64(bytes(32))]]},
        {"escrow": ["x"]},
        {"allow": ["X0"]},
        {"suite": "X2"},
        {"root": b64(b"\x01" + bytes(31))},
        {"packs": [{"id": "p"}]},
    ],
)
def test_a_directory_that_is_not_the_next_is_refused(change: dict[str, Any]) -> None:
    scene = Scene()
    document = scene.directory("2026-06-05", "2026-12-01", scene.channels[-1]) | change
    data = directory.strict.utf8(directory.strict._write(document))
    with pytest.raises(EnvelopeError):
        Directories.verify(scene.zone, [*scene.signed, (data, scene.root.sign(Tag.DIRECTORY, data))])


def test_the_root_of_the_one_before_signs_the_next() -> None:
    scene, second, third = Scene(), root_key(os.urandom(32)), root_key(os.urandom(32))
    rotated = scene.directory("2026-06-05", "2026-12-01", scene.channels[-1]) | {"root": b64(second.public)}
    scene.signed.append(sign_directory(scene.root, rotated))
    after = scene.directory("2026-06-06", "2026-12-01", scene.channels[-1]) | {"root": b64(second.public)}
    Directories.verify(scene.zone, [*scene.signed, sign_directory(second, after)])
    for root in (scene.root, third):
        with pytest.raises(EnvelopeError, match="bad_signature"):
            Directories.verify(scene.zone, [*scene.signed, sign_directory(root, after)])


def test_a_channel_no_directory_names_is_refused() -> None:
    scene = Scene()
    with pytest.raises(EnvelopeError, match="wrong_channel"):
        scene.directories.add_channel(scene.channels[0].replace(b"default", b"another"))


@pytest.mark.parametrize(
    "spoil",
    [
        lambda readers: readers[0].update(rid=b64(bytes(16))),
        lambda readers: readers[0].update(sig=b64(b"\x01" + bytes(31))),
        lambda readers: readers[0].update(kem=b64(bytes(1216))),
        lambda readers: readers[0].update(roles=["verifier", "intake"]),
        lambda readers: readers[0].update(roles=["intake", "intake"]),
        lambda readers: readers.append(readers[0]),
    ],
)
def test_a_channel_with_an_unsound_reader_is_refused_even_signed(spoil: Any) -> None:
    scene = Scene()
    channel = directory.parse_channel(scene.zone, scene.channels[0])
    spoil(channel["readers"])
    data = directory.strict.dump(directory.CHANNEL, channel)
    signed = sign_directory(scene.root, scene.directory("2026-06-05", "2026-12-01", data))
    with pytest.raises(EnvelopeError):
        Directories.verify(scene.zone, [*scene.signed, signed]).add_channel(data)


def test_a_channel_under_another_name_is_refused() -> None:
    scene = Scene()
    data = scene.channels[0].replace(b'"id":"zone"', b'"id":"else"')
    signed = sign_directory(scene.root, scene.directory("2026-06-05", "2026-12-01", data))
    with pytest.raises(EnvelopeError, match="wrong_channel"):
        Directories.verify(scene.zone, [*scene.signed, signed]).add_channel(data)


def test_roles_kept_apart() -> None:
    assert [list(pair) for pair in directory.APART] == X1["apart"]
    for one, two in directory.APART:
        readers = [{"person": "p", "roles": [one]}, {"person": "p", "roles": [two]}]
        with pytest.raises(EnvelopeError, match="roles_apart"):
            check_apart([{"readers": readers[:1]}, {"readers": readers[1:]}])
    check_apart([{"readers": [{"person": "p", "roles": ["intake", "verifier"]}]}])


def test_one_person_with_two_keys_in_two_channels_is_seen_when_both_are_fetched() -> None:
    scene = Scene()
    scene.staff = {"bob": scene.staff["bob"], "bob2": scene.hire(["payout"], scene.staff["bob"].person)}
    with pytest.raises(EnvelopeError, match="roles_apart"):
        scene.issue("2026-06-05", "2026-12-01")


CHANNEL = vectors.directories().channel(vectors.directories().newest_hash, "zone")


@pytest.mark.parametrize("case", X1["recipients"])
def test_recipients(case: dict[str, Any]) -> None:
    assert CHANNEL is not None
    assert recipients(CHANNEL, case["role"], case["seats"], case["exclude"]) == case["out"]


def test_with_nobody_left_nothing_is_sealed() -> None:
    assert CHANNEL is not None
    everybody = {reader["person"] for reader in CHANNEL["readers"]}
    with pytest.raises(EnvelopeError, match="no_reader"):
        recipients(CHANNEL, "payout", [], everybody)


def test_somebody_elses_key_replaces_nothing() -> None:
    readers = [
        {"rid": b64(b"a" * 16), "person": "p", "roles": ["intake"], "replaces": ""},
        {"rid": b64(b"b" * 16), "person": "q", "roles": ["intake"], "replaces": b64(b"a" * 16)},
    ]
    assert len(recipients({"readers": readers}, "intake", [], [])) == 2
    readers[1]["person"] = "p"
    assert recipients({"readers": readers}, "intake", [], []) == [b64(b"b" * 16)]
