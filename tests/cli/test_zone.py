"""The ceremony by command line, from an empty folder to a directory the server takes over."""

import json
import os
from pathlib import Path

import pytest

from tests.cli.shell import Ran, Shell
from whistle import zone
from whistle.crypto import fingerprint
from whistle.crypto.encoding import b64
from whistle.crypto.keys import reviewer_id, reviewer_keys
from whistle.settings import DOORS

PASSPHRASE = "gravel-otter-quilt-seven-lamp"


@pytest.fixture
def folder(shell: Shell, tmp_path: Path) -> Path:
    shell.env.setenv("WHISTLE_PASSPHRASE", PASSPHRASE)
    shell.done("zone", "init", tmp_path / "zone", "--name", "临港")
    shell.done("zone", "channel", tmp_path / "zone", "--id", "zone", "--label", "园区")
    for door in DOORS:
        list_door(shell, tmp_path / "zone", door)
    return tmp_path / "zone"


def list_door(shell: Shell, folder: Path, door: str, *options: str) -> Ran:
    return shell("zone", "door", folder, "--id", door, "--key", b64(reviewer_keys(os.urandom(32)).sig), *options)


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
    assert shell.done("zone", "sign", tmp_path / "zone", "--bare", "--json").json["no"] == 1


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
    assert "2" in shell.done("zone", "publish", folder, "--data", data, "--here").out
    assert "2" in shell.done("zone", "publish", folder, "--data", data, "--here").out


def test_only_what_is_signed_is_carried_to_the_server(shell: Shell, folder: Path, tmp_path: Path) -> None:
    data, stick = tmp_path / "data", tmp_path / "stick"
    shell.done("migrate", "--data", data)
    shell.done("zone", "sign", folder, "--accept", seat(shell, folder, "intake"))
    refused = shell("zone", "publish", folder, "--data", data)
    assert (refused.status, "zone carry" in refused.err) == (1, True)
    shell.done("zone", "carry", folder, "--out", stick)
    carried = {path.relative_to(stick) for path in stick.rglob("*") if path.is_file()}
    assert carried == {path.relative_to(folder) for path in (folder / "signed").rglob("*") if path.is_file()}
    assert "2" in shell.done("zone", "publish", stick, "--data", data).out


def test_a_name_that_is_known_is_asked_about(shell: Shell, folder: Path) -> None:
    first = shell.done("zone", "person", folder, "--name", "王芳").out.strip()
    assert shell("zone", "person", folder, "--name", "王芳").status == 1
    second = shell.done("zone", "person", folder, "--name", "王芳", "--another").out.strip()
    assert zone.people_named(folder, "王芳") == [first, second]


MISTYPED = ("3f2a 91bc", "0" * 31, "z" * 32, "\x1c" + "0" * 32)


@pytest.mark.parametrize("typed", MISTYPED)
def test_a_mistyped_fingerprint_blames_nobody_else(shell: Shell, folder: Path, typed: str) -> None:
    file = folder.parent / "key.json"
    keys = reviewer_keys(os.urandom(32))
    file.write_text(json.dumps({"kem": b64(keys.kem), "sig": b64(keys.sig)}), encoding="utf-8")
    person = shell.done("zone", "person", folder, "--name", "李强").out.strip()
    seated = ("--key", file, "--person", person, "--role", "intake", "--label", "受理员 1", "--channel", "zone")
    for command in (
        ("zone", "reader", folder, *seated, "--replaces", typed),
        ("zone", "remove", folder, "--channel", "zone", "--reader", typed),
        ("staff", "close", typed, "--data", folder.parent),
    ):
        ran = shell(*command)
        assert (ran.status, "32 hex digits" in ran.err) == (1, True), ran.err
    ran = shell("zone", "door", folder, "--id", "public", "--key", typed)
    assert (ran.status, "door-keys" in ran.err) == (1, True)


def test_a_key_replaces_one_of_the_same_person_by_its_printed_fingerprint(shell: Shell, folder: Path) -> None:
    old = seat(shell, folder, "intake")
    other = seat(shell, folder, "leader", "李强")
    person = zone.people_named(folder, "王芳")[0]
    keys, file = reviewer_keys(os.urandom(32)), folder.parent / "new.json"
    file.write_text(json.dumps({"kem": b64(keys.kem), "sig": b64(keys.sig)}), encoding="utf-8")
    seated = ("--key", file, "--person", person, "--role", "intake", "--label", "受理员 1", "--channel", "zone")
    for wrong in (other, "0" * 32):
        assert "--replaces" in shell("zone", "reader", folder, *seated, "--replaces", wrong).err
    shown = shell.done("zone", "reader", folder, *seated, "--replaces", old).out.strip()
    options = [word for one in (old, other, shown) for word in ("--accept", one)]
    shell.done("zone", "sign", folder, *options)
    readers = shell.done("zone", "show", folder, "--json").json["channels"][0]["readers"]
    assert {one["replaces"] for one in readers} == {"", b64(fingerprint.read(old))}


def test_a_wrong_folder_is_named_and_nothing_is_said_to_be_carried(shell: Shell, folder: Path, tmp_path: Path) -> None:
    wrong = tmp_path / "zoen"
    for words in (("sign", wrong), ("show", wrong), ("channel", wrong, "--id", "a", "--label", "b")):
        refused = shell("zone", *words)
        assert refused.status == 1
        assert str(wrong) in refused.err
        assert "zone init" in refused.err
    for words in (("carry", wrong, "--out", tmp_path / "stick"), ("publish", wrong)):
        refused = shell("zone", *words)
        assert (refused.status, refused.out) == (1, "")
        assert str(wrong) in refused.err
    assert not (tmp_path / "stick").exists()


@pytest.mark.parametrize("days", [("--from", "2021-3-18"), ("--from", "2021-03-18", "--to", "2020-01-01")])
def test_a_rule_packs_days_are_refused_where_they_are_typed(shell: Shell, folder: Path, days: tuple[str, ...]) -> None:
    refused = shell("zone", "pack", folder, "--id", "SD-REW-2021", *days)
    assert refused.status == 1
    assert "YYYY-MM-DD" in refused.err
    shell.done("zone", "pack", folder, "--id", "SD-REW-2021", "--from", "2021-03-18")
    assert shell.done("zone", "sign", folder, "--json").json["no"] == 1


def test_a_role_is_told_by_the_name_that_the_office_knows(shell: Shell, folder: Path) -> None:
    shell.env.setenv("WHISTLE_LANG", "zh_CN")
    warned = shell.done("zone", "sign", folder).err
    assert "受理岗（intake）不足两人" in warned


def test_a_directory_that_nobody_could_report_by_is_signed_only_by_who_says_so(shell: Shell, tmp_path: Path) -> None:
    shell.env.setenv("WHISTLE_PASSPHRASE", PASSPHRASE)
    folder = tmp_path / "zone"
    shell.done("zone", "init", folder, "--name", "临港")
    assert "zone channel" in shell("zone", "sign", folder).err
    shell.done("zone", "channel", folder, "--id", "zone", "--label", "园区")
    assert "public, review" in shell("zone", "sign", folder).err
    assert list_door(shell, folder, "public").status == 0
    refused = shell("zone", "sign", folder)
    assert (refused.status, "review" in refused.err, "public" in refused.err) == (1, True, False)
    assert len(zone.publish(folder)) == 1
    assert shell.done("zone", "sign", folder, "--bare", "--json").json["no"] == 1
    assert list_door(shell, folder, "review").status == 0
    assert shell.done("zone", "sign", folder, "--json").json["no"] == 2


def test_a_door_that_is_none_is_not_listed_but_a_witness_may_have_any_name(shell: Shell, folder: Path) -> None:
    refused = list_door(shell, folder, "publick")
    assert (refused.status, "publick" in refused.err, "public, review" in refused.err) == (1, True, True)
    assert list_door(shell, folder, "区审计局", "--use", "witness").status == 0
    shell.done("zone", "sign", folder)
    doors = shell.done("zone", "show", folder, "--json").json["doors"]
    assert [one["id"] for one in doors] == ["public", "review", "区审计局"]


def test_what_stands_signed_is_shown_in_the_words_of_the_reader(shell: Shell, folder: Path) -> None:
    shell.done("zone", "pack", folder, "--id", "SD-REW-2021", "--from", "2021-03-18", "--note", "演示用")
    shell.done("zone", "sign", folder, "--accept", seat(shell, folder, "intake"))
    english = shell.done("zone", "show", folder).out
    assert all(told in english for told in ("directory 1  ", "channel zone  ", "pack SD-REW-2021  ", "  intake\n"))
    shell.env.setenv("WHISTLE_LANG", "zh_CN")
    chinese = shell.done("zone", "show", folder).out
    assert "规则包 SD-REW-2021  2021-03-18 …   演示用" in chinese
    for told in ("名录 1  ", "通道 zone  园区", "  受理岗（intake）\n", "服务入口 public  签收"):
        assert told in chinese
