"""Receipts, checkpoints, the logs they commit to."""

from typing import Any

import pytest

from tests.crypto.vectors import KEYS, X1, ZONE, directories, posts, raw
from whistle.crypto import receipts
from whistle.crypto.encoding import Tag, b64, tagged, unb64
from whistle.crypto.errors import EnvelopeError
from whistle.crypto.keys import RootKey, root_key

RECEIPT = X1["receipt"]
DOOR = root_key(raw(RECEIPT["door_seed"]))
DATA, SIG = RECEIPT["bytes"].encode(), raw(RECEIPT["sig"])
CHECKPOINT = X1["checkpoint"]


def test_it_works() -> None:
    document = receipts.verify_receipt(DOOR.public, DATA, SIG)
    receipts.check_receipt(document, posts()[0])
    assert receipts.sign_receipt(DOOR, document) == (DATA, SIG)
    assert receipts.receipt_keys(directories().newest, "public") == [DOOR.public]
    assert receipts.read_receipt(directories(), DATA, SIG) == document


def test_a_receipt_for_another_post_is_refused() -> None:
    document = receipts.verify_receipt(DOOR.public, DATA, SIG)
    with pytest.raises(EnvelopeError, match="wrong_receipt"):
        receipts.check_receipt(document, posts()[1])


def test_a_receipt_of_another_door_is_refused() -> None:
    with pytest.raises(EnvelopeError):
        receipts.verify_receipt(KEYS["intake1"].sig, DATA, SIG)
    assert receipts.receipt_keys(directories().newest, "review") == []


def test_the_place_in_the_order_is_committed_and_not_told() -> None:
    document = receipts.verify_receipt(DOOR.public, DATA, SIG)
    epoch, salt = unb64(document["epoch"]), raw(RECEIPT["salt"])
    assert b64(receipts.seq_commitment(ZONE, epoch, RECEIPT["seq"], salt)) == document["seqc"]
    assert b64(receipts.seq_commitment(ZONE, epoch, RECEIPT["seq"] + 1, salt)) != document["seqc"]
    for seq, bad in ((0, salt), (1, b"")):
        with pytest.raises(EnvelopeError):
            receipts.seq_commitment(ZONE, epoch, seq, bad)


def test_checkpoints_are_signed_by_the_door_and_witnessed_by_the_auditor() -> None:
    data, sig, witness = CHECKPOINT["bytes"].encode(), raw(CHECKPOINT["sig"]), raw(CHECKPOINT["witness"])
    document = receipts.verify_checkpoint(DOOR.public, data, sig)
    assert receipts.sign_checkpoint(DOOR, document) == (data, sig)
    auditor = KEYS["auditor1"]
    receipts.verify_witness(auditor.sig, data, witness)
    assert receipts.witness_checkpoint(RootKey(auditor.sig_seed), data) == witness
    with pytest.raises(EnvelopeError):
        receipts.verify_witness(auditor.sig, data, sig)
    assert len(unb64(receipts.checkpoint_hash(data))) == 32


def test_a_checkpoint_holds_the_roots_of_the_logs() -> None:
    document = receipts.verify_checkpoint(DOOR.public, CHECKPOINT["bytes"].encode(), raw(CHECKPOINT["sig"]))
    heads = [unb64(post.hash) for post in posts()]
    assert document["posts"] == {"count": 10, "root": b64(receipts.merkle_root(heads))}
    seqc = receipts.verify_receipt(DOOR.public, DATA, SIG)["seqc"]
    assert document["seqs"] == {"count": 1, "root": b64(receipts.merkle_root([unb64(seqc)]))}


@pytest.mark.parametrize("case", X1["merkle"], ids=lambda case: str(len(case["leaves"])))
def test_the_root_of_a_log(case: dict[str, Any]) -> None:
    assert receipts.merkle_root([raw(leaf) for leaf in case["leaves"]]).hex() == case["root"]


def test_a_ledger_row_is_chained() -> None:
    ledger = X1["ledger"]
    assert tagged(Tag.LEDGER, raw(ledger["previous"]) + ledger["row"].encode()).hex() == ledger["hash"]
