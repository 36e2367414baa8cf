"""Inviting people by command line."""

from pathlib import Path

import pytest

from tests.cli.shell import Shell
from whistle.storage import staff
from whistle.storage.database import Database
from whistle.storage.staff import Staff

FANG = Staff("A" * 22, "fang", "受理员 1", b"kem", b"sig")


@pytest.fixture
def data(shell: Shell, tmp_path: Path) -> Path:
    shell.done("migrate", "--data", tmp_path / "data")
    return tmp_path / "data"


def database(data: Path) -> Database:
    return Database.open(f"sqlite:///{data / 'whistle.db'}")


def invite(data: Path, login: str, *options: str) -> tuple[object, ...]:
    return ("staff", "invite", "--label", "受理员 1", "--login", login, "--data", data, *options)


def test_a_login_is_invited_twice_only_by_who_says_so(shell: Shell, data: Path) -> None:
    until = shell.done(*invite(data, "fang", "--json")).json["expires"]
    refused = shell(*invite(data, "fang"))
    assert (refused.status, refused.out) == (1, "")
    assert all(told in refused.err for told in ("fang", until, "--again"))
    assert "#" in shell.done(*invite(data, "fang", "--again")).out
    shell.done(*invite(data, "li"))


def test_a_login_that_has_a_key_is_invited_for_a_new_one_only_by_who_says_so(shell: Shell, data: Path) -> None:
    with database(data) as db:
        db.write_sync(lambda tx: staff.add_staff(tx, FANG))
    refused = shell(*invite(data, "fang"))
    assert (refused.status, refused.out) == (1, "")
    assert "--again" in refused.err
    shell.done(*invite(data, "fang", "--again"))


@pytest.mark.parametrize(("language", "words"), [("zh_CN", "待签入名录"), ("en", "invited")])
def test_where_an_account_stands_is_told_in_the_words_of_the_reader(
    shell: Shell, data: Path, language: str, words: str
) -> None:
    with database(data) as db:
        db.write_sync(lambda tx: staff.add_staff(tx, FANG))
    shell.env.setenv("WHISTLE_LANG", language)
    assert f"  {words}  fang" in shell.done("staff", "list", "--data", data).out
    assert shell.done("staff", "list", "--data", data, "--json").json[0]["status"] == "invited"
