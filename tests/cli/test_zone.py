"""The ceremony by command line, from an empty folder to a directory the server takes over."""

import json
import os
from pathlib import Path

import pytest

from tests.cli.shell import Shell
from whistle import zone
from whistle.crypto import fingerprint
from whistle.crypto.encoding import b64
from whistle.crypto.keys import reviewer_id, reviewer_keys

PASSPHRASE = "gravel-otter-quilt-seven-lamp"


@pytest.fixture
def folder(shell: Shell, tmp_path: Path) -> Path:
    shell.env.setenv("WHISTLE_PASSPHRASE", PASSPHRASE)
    shell.done("zone", "init", tmp_path / "zone", "--name", "临港")
    shell.done("zone", "channel", tmp_path / "zone", "--id", "zone", "--label", "园区")
    return tmp_path / "zone"


def seat(shell: Shell, folder: Path, role: str, name: str = "王芳") -> str:
    """A person with a fresh key in the channel; returns the fingerprint."""
    keys = reviewer_keys(os.urandom(32))
    file = folder.parent / f"{role}-{name}.json"
    file.write_text(json.dumps({"kem": b64(keys.kem), "sig": b64(keys.sig)}), encoding="utf-8")
    person = shell.done("zone", "person", folder, "--name", name).out.strip()
    options = ("--key", file, "--person", person, "--role", role, "--label", "受理员 1", "--channel", "zone")
    shown = shell.done("zone", "reader", folder, *options).out.strip()
    assert fingerprint.read(shown) == reviewer_id(zone.load(folder).raw, keys.kem, keys.sig)
    return shown


def test_it_works(shell: Shell, folder: Path) -> None:
    shown = seat(shell, folder, "intake")
    shell.done("zone", "pack", folder, "--id", "SD-REW-2021", "--from", "2021-03-18", "--note", "演示用")
    signed = shell.done("zone", "sign", folder, "--accept", shown, "--json")
    told = shell.done("zone", "show", folder, "--json").json
    assert signed.json["no"] == told["directory"]["no"] == 1
    assert [one["fingerprint"] for one in told["channels"][0]["readers"]] == [shown]
    assert told["packs"][0]["id"] == "SD-REW-2021"
    assert told["unsigned"] is False


def test_a_new_key_is_not_signed_on_the_word_of_nobody(shell: Shell, folder: Path) -> None:
    seat(shell, folder, "intake")
    assert shell("zone", "sign", folder).status == 1
    assert shell("zone", "sign", folder, "--accept", "0" * 32).status == 1
    assert len(zone.publish(folder)) == 1


def test_a_generated_passphrase_is_shown_once_and_opens_the_root(shell: Shell, tmp_path: Path) -> None:
    made = shell.done("zone", "init", tmp_path / "zone", "--name", "临港").out
    shell.env.setenv("WHISTLE_PASSPHRASE", made.splitlines()[-1])
    assert shell.done("zone", "sign", tmp_path / "zone", "--json").json["no"] == 1


def test_a_plain_root_key_is_for_a_demo_only(shell: Shell, tmp_path: Path) -> None:
    refused = shell("zone", "init", tmp_path / "zone", "--name", "临港", "--plain")
    assert (refused.status, (tmp_path / "zone").exists()) == (1, False)
    shell.done("zone", "init", tmp_path / "zone", "--name", "临港", "--plain", "--demo")


def test_a_wrong_passphrase_signs_nothing(shell: Shell, folder: Path) -> None:
    shell.env.setenv("WHISTLE_PASSPHRASE", "something else")
    ran = shell("zone", "sign", folder)
    assert (ran.status, "something else" in ran.err) == (1, False)


def test_warnings_go_to_the_side_and_do_not_stop(shell: Shell, folder: Path) -> None:
    ran = shell.done("zone", "sign", folder, "--accept", seat(shell, folder, "intake"), "--json")
    assert ran.json["warnings"] == ["few_readers", "few_readers", "few_readers"]
    assert ran.err.count("\n") == 3


def test_what_was_taken_out_is_in_no_new_directory(shell: Shell, folder: Path) -> None:
    shown = seat(shell, folder, "intake")
    shell.done("zone", "sign", folder, "--accept", shown)
    shell.done("zone", "remove", folder, "--channel", "zone", "--reader", shown)
    shell.done("zone", "sign", folder)
    assert shell.done("zone", "show", folder, "--json").json["channels"][0]["readers"] == []


def test_the_server_takes_over_what_was_signed(shell: Shell, folder: Path, tmp_path: Path) -> None:
    data = tmp_path / "data"
    shell.done("migrate", "--data", data)
    for door, key in shell.done("zone", "door-keys", "--data", data, "--json").json.items():
        shell.done("zone", "door", folder, "--id", door, "--key", key)
    shell.done("zone", "sign", folder)
    assert "2" in shell.done("zone", "publish", folder, "--data", data).out
    assert "2" in shell.done("zone", "publish", folder, "--data", data).out
