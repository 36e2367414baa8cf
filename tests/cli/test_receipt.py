"""A receipt that was kept proves years later that a door of the zone took something on that day."""

import json
from pathlib import Path

import pytest

from tests.cli.shell import Shell
from tests.conftest import Demo
from whistle.client import mark
from whistle.crypto import fingerprint
from whistle.crypto.encoding import b64, unb64


@pytest.fixture(scope="module")
def kept(demo: Demo) -> tuple[str, str]:
    """Bytes and signature, as a reporter keeps them."""
    receipt = demo.reporter().submit("配电箱没有门。").receipt
    return receipt.data.decode(), b64(receipt.sig)


def file(folder: Path, text: str) -> Path:
    (folder / "receipt.txt").write_text(text, encoding="utf-8")
    return folder / "receipt.txt"


def test_it_works(shell: Shell, demo: Demo, kept: tuple[str, str], tmp_path: Path) -> None:
    pin = fingerprint.show(demo.reporter().trust.zone)
    ran = shell.done("receipt", "verify", file(tmp_path, "\n".join(kept)), "--server", demo.public, "--pin", pin)
    document = json.loads(kept[0])
    assert document["day"] in ran.out and mark(document["post"]) in ran.out
    assert document["case"] not in ran.out


@pytest.mark.parametrize("form", ["lines", "json", "command"])
def test_it_is_read_as_the_page_and_the_commands_give_it(
    shell: Shell, demo: Demo, kept: tuple[str, str], tmp_path: Path, form: str
) -> None:
    told = {"bytes": kept[0], "sig": kept[1]}
    text = {
        "lines": "\r\n".join(kept) + "\r\n",
        "json": json.dumps(told, indent=1),
        "command": json.dumps({"ticket": "", "receipt": told}),
    }[form]
    found = shell.done("receipt", "verify", file(tmp_path, text), "--server", demo.public, "--json").json
    assert found == json.loads(kept[0])


def test_a_changed_day_and_a_changed_signature_are_no_receipt(
    shell: Shell, demo: Demo, kept: tuple[str, str], tmp_path: Path
) -> None:
    data, sig = kept
    day = json.loads(data)["day"]
    flipped = b64(bytes([unb64(sig, 64)[0] ^ 1]) + unb64(sig, 64)[1:])
    for text in (f"{data.replace(day, '2020-01-01')}\n{sig}", f"{data}\n{flipped}"):
        ran = shell("receipt", "verify", file(tmp_path, text), "--server", demo.public)
        assert ran.status == 1 and "The receipt is false" in ran.err


@pytest.mark.parametrize("text", ["", "[]", "{}", "你好 世界", '{"receipt": 1}', '{"bytes": 1, "sig": 2}', "[" * 9000])
def test_what_is_no_receipt_gets_a_sentence(shell: Shell, demo: Demo, tmp_path: Path, text: str) -> None:
    ran = shell("receipt", "verify", file(tmp_path, text), "--server", demo.public)
    assert ran.status == 1 and "This is no receipt" in ran.err
