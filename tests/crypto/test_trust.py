"""What a client believes of directories and receipts, one file of vectors for both languages."""

import json
from pathlib import Path
from typing import Any

import pytest

from whistle.client import ClientError
from whistle.client.trust import Trust
from whistle.crypto.directory import Directories, channel_hash
from whistle.crypto.encoding import b64, unb64
from whistle.crypto.errors import EnvelopeError
from whistle.crypto.receipts import read_receipt

VECTORS: dict[str, Any] = json.loads(
    (Path(__file__).parents[1] / "vectors" / "directories.json").read_text(encoding="utf-8")
)
SIGNED = [(one["bytes"].encode(), unb64(one["sig"])) for one in VECTORS["directories"]]


def told(places: list[int]) -> Directories:
    return Directories.verify(unb64(VECTORS["zone"]), [SIGNED[place] for place in places])


@pytest.mark.parametrize("case", VECTORS["seen"])
def test_directories_go_on_from_what_was_seen_or_go_back(case: dict[str, Any]) -> None:
    assert told(case["told"]).extends(told(case["before"])) is case["good"]


@pytest.mark.parametrize("case", VECTORS["expires"])
def test_a_directory_holds_through_its_last_day(case: dict[str, Any]) -> None:
    assert told(case["told"]).is_expired(case["today"]) is case["expired"]


@pytest.mark.parametrize("case", VECTORS["receipts"], ids=lambda case: case["what"])
def test_a_receipt_is_signed_by_a_key_its_directory_lists(case: dict[str, Any]) -> None:
    known, signed = told([0, 1, 2, 3]), (case["bytes"].encode(), unb64(case["sig"]))
    if case["good"]:
        assert read_receipt(known, *signed)["door"] == "public"
    else:
        with pytest.raises(EnvelopeError, match="unknown_door"):
            read_receipt(known, *signed)


@pytest.mark.parametrize("case", VECTORS["moved"], ids=lambda case: case["what"])
def test_a_channel_belongs_to_one_office_for_ever(case: dict[str, Any]) -> None:
    signed = [(one["bytes"].encode(), unb64(one["sig"])) for one in case["directories"]]
    channels = {b64(channel_hash(text.encode())): text.encode() for text in case["channels"]}
    trust = Trust(lambda: signed, channels.__getitem__, case["zone"])
    assert trust.channel(trust.directories.hash_of(0), "east") is not None
    if case["good"]:
        assert trust.newest_channel("east")["label"] == "东区二"
    else:
        with pytest.raises(ClientError, match="server_lies"):
            trust.newest_channel("east")
