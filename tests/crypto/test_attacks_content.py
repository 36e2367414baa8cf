"""Attacks on what is sealed: each works on the naive construction first, and is then refused."""

import base64
import hashlib
import json
import os

import pytest
from cryptography.cobblestone import Cobblestone256Decryptor, Cobblestone256Encryptor
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hpke
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from tests.crypto import cobblestone
from tests.crypto.salamander import two_faced
from tests.crypto.scene import FILING, FILING_GRANTS, Scene
from tests.crypto.vectors import CASE, KEYS, RIDS, ZONE
from whistle.crypto.encoding import b64
from whistle.crypto.errors import EnvelopeError
from whistle.crypto.grants import open_grant, seal_grant
from whistle.crypto.items import Part, item_context, open_item, seal_item, tree
from whistle.crypto.keys import _HPKE
from whistle.crypto.posts import facts_hash, pack_upload, unpack_upload

PID = bytes(16)
BOB, BETH = KEYS["intake1"], KEYS["intake2"]


def test_one_ciphertext_that_opens_to_two_texts_for_two_reviewers() -> None:
    bob, beth, context = os.urandom(32), os.urandom(32), item_context(ZONE, CASE, "reporter", PID, "card", 0)
    salt = os.urandom(24)
    (aes1, nonce1, commitment), (aes2, nonce2, _) = (cobblestone.chunk_keys(key, context, salt) for key in (bob, beth))
    words, other = b"valve 3 failed on Monday".ljust(2_032), b"nothing to see in here..".ljust(2_032)
    nonces = [nonce.to_bytes(12, "big") for nonce in (nonce1, nonce2)]
    chunk = two_faced((aes1, aes2), nonces, (words, other), 4_096)
    # Without a key commitment one signed ciphertext shows each reviewer what its author wants him to see.
    assert AESGCM(aes1).decrypt(nonces[0], chunk, None).startswith(words)
    assert other in AESGCM(aes2).decrypt(nonces[1], chunk, None)

    blob = salt + commitment + chunk
    entry = {"id": b64(commitment), "comp": "card", "len": len(blob), "tree": b64(tree(blob))}
    with pytest.raises(EnvelopeError, match="cannot_open"):
        open_item(ZONE, CASE, "reporter", PID, 0, entry, beth, blob)


def test_a_reader_who_holds_the_key_rewrites_the_item_under_the_same_id() -> None:
    sealed = seal_item(ZONE, CASE, "reporter", PID, 0, Part("card", body=b"guard bypassed"))
    context = item_context(ZONE, CASE, "reporter", PID, "card", 0)
    meta = b'{"name":"","type":"","size":14}'
    plain = (len(meta).to_bytes(4, "big") + meta + b"all is in order").ljust(4_096, b"\0")
    forged = cobblestone.seal(sealed.key, context, sealed.blob[:24], plain)
    # Same key, salt, commitment and so the same id: the library opens it without a word.
    opener = Cobblestone256Decryptor(sealed.key, context)
    assert b"all is in order" in opener.update(forged) + opener.finalize()
    assert b64(forged[24:56]) == sealed.entry["id"]

    with pytest.raises(EnvelopeError, match="wrong_item"):
        open_item(ZONE, CASE, "reporter", PID, 0, sealed.entry, sealed.key, forged)


def test_the_server_moves_an_item_to_another_place() -> None:
    key = os.urandom(32)
    sealer, opener = Cobblestone256Encryptor(key, b""), Cobblestone256Decryptor(key, b"")
    anywhere = sealer.update(b"payee") + sealer.finalize()
    # Without a context the same blob is a payout here and a report there.
    assert opener.update(anywhere) + opener.finalize() == b"payee"

    sealed = seal_item(ZONE, CASE, "reporter", PID, 3, Part("payout", body=b"payee"))
    moved = [
        (ZONE, CASE, "reporter", PID, 3, "thread"),
        (ZONE, CASE, "reporter", PID, 2, "payout"),
        (ZONE, CASE, "reporter", bytes(15) + b"\x01", 3, "payout"),
        (ZONE, CASE, RIDS["intake1"], PID, 3, "payout"),
        (ZONE, bytes(32), "reporter", PID, 3, "payout"),
        (bytes(16), CASE, "reporter", PID, 3, "payout"),
    ]
    for zone, case, author, pid, index, comp in moved:
        with pytest.raises(EnvelopeError, match="cannot_open"):
            open_item(zone, case, author, pid, index, sealed.entry | {"comp": comp}, sealed.key, sealed.blob)


def test_the_server_swaps_two_items_of_a_post() -> None:
    one, two = (seal_item(ZONE, CASE, "reporter", PID, i, Part("thread", body=b"%d" % i)) for i in (0, 1))
    served = {one.entry["id"]: two.blob}
    # A store that is asked by id and believed gives one text for the other.
    assert served[one.entry["id"]] == two.blob

    with pytest.raises(EnvelopeError, match="wrong_item"):
        open_item(ZONE, CASE, "reporter", PID, 0, one.entry, one.key, served[one.entry["id"]])


def test_the_server_hands_a_grant_to_another_reader_or_an_old_one_of_another_post() -> None:
    public = BOB._opener.public_key()
    old = _HPKE.encrypt(b"key of last week", public, info=b"")
    # A grant bound to nothing opens in any post that carries it.
    assert _HPKE.decrypt(old, BOB._opener, info=b"") == b"key of last week"
    assert isinstance(public, hpke.MLKEM768X25519PublicKey)

    row = (b64(bytes(32)), 0, b"k" * 32)
    entry, sealed = seal_grant(ZONE, CASE, "reporter", PID, RIDS["intake1"], BOB.kem, [row])
    later = os.urandom(16)
    for author, pid, reader, keys in (
        ("reporter", PID, RIDS["intake2"], BETH),
        ("reporter", PID, RIDS["intake2"], BOB),
        ("reporter", later, RIDS["intake1"], BOB),
        (RIDS["intake2"], PID, RIDS["intake1"], BOB),
    ):
        with pytest.raises(EnvelopeError, match="cannot_open"):
            open_grant(ZONE, CASE, author, pid, reader, keys, entry, sealed)
    other, _ = seal_grant(ZONE, CASE, "reporter", PID, RIDS["intake1"], BOB.kem, [row])
    with pytest.raises(EnvelopeError, match="wrong_grant"):
        open_grant(ZONE, CASE, "reporter", PID, RIDS["intake1"], BOB, other, sealed)


def looks_encrypted(data: bytes) -> bool:
    """A guess by letters and spread, as a gateway makes it."""
    return b" " not in data and len(set(data)) > 20


def test_text_that_merely_looks_encrypted_is_not_stored() -> None:
    clear = base64.b64encode("机器没有接地,皮带没有防护罩。".encode() * 60)
    assert looks_encrypted(clear) and "接地".encode() in base64.b64decode(clear)

    scene = Scene()
    post = scene.write("reporter", "report", scene.report_fields(), FILING, FILING_GRANTS)
    honest = {item_id: item.blob for item_id, item in scene.sealed.items()}
    grants = [sealed for _, sealed in scene.grants]
    for entry in post.items:
        disguised = clear.ljust(entry["len"], b"=")
        with pytest.raises(EnvelopeError, match="wrong_item"):
            unpack_upload(pack_upload(post, grants, honest | {entry["id"]: disguised}))
    unpack_upload(pack_upload(post, grants, honest))


def test_the_size_of_a_text_tells_nothing() -> None:
    short, long = "有".encode(), "厂房三楼西侧安全出口被锁".encode()
    # Compressed or merely encrypted, the length of Chinese text all but names it.
    assert len(AESGCM(bytes(32)).encrypt(bytes(12), short, None)) != len(
        AESGCM(bytes(32)).encrypt(bytes(12), long, None)
    )

    sealed = [seal_item(ZONE, CASE, "reporter", PID, 0, Part("report", body=body)) for body in (b"", short, long)]
    assert len({len(one.blob) for one in sealed}) == 1 == len({one.entry["len"] for one in sealed})


def test_the_fine_is_not_guessed_from_the_hash_of_the_facts() -> None:
    fines = range(0, 10_000_000, 10_000)

    def facts(fine: int) -> bytes:
        return json.dumps({"kind": "major_hazard", "fine": fine}, separators=(",", ":")).encode()

    unsalted = hashlib.sha256(facts(4_500_000)).digest()
    # A published fine names the enterprise; a thousand hashes find it.
    assert [fine for fine in fines if hashlib.sha256(facts(fine)).digest() == unsalted] == [4_500_000]

    salted = b'{"salt":"' + b64(os.urandom(32)).encode() + b'",' + facts(4_500_000)[1:]
    told = facts_hash(salted)
    guesses = (b'{"salt":"' + b64(bytes(32)).encode() + b'",' + facts(fine)[1:] for fine in fines)
    assert not any(facts_hash(guess) == told for guess in guesses)
    assert facts_hash(salted) == told


def test_a_blob_under_a_wrong_commitment_is_not_opened_by_the_library_either() -> None:
    sealed = seal_item(ZONE, CASE, "reporter", PID, 0, Part("card"))
    opener = Cobblestone256Decryptor(sealed.key, item_context(ZONE, CASE, "reporter", PID, "card", 0))
    with pytest.raises(InvalidTag):
        opener.update(sealed.blob[:24] + bytes(32) + sealed.blob[56:])
