"""`whistle notices`: the operator adds a destination, tries it, sees how it goes, and takes it out."""

import json
from pathlib import Path

import pytest

from tests import ready
from tests.cli.shell import Ran, Shell
from tests.conftest import free_port
from whistle.storage.database import Database
from whistle.storage.staff import Staff, add_staff

HOOK = "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=693a1b"


class Operator:
    """At the server."""

    def __init__(self, shell: Shell, data: Path) -> None:
        self.shell, self.data = shell, data

    def __call__(self, verb: str, *more: object) -> Ran:
        return self.shell("notices", verb, *more, "--data", self.data)

    def add(self, kind: str, address: str, *more: object, login: str = "wangli") -> Ran:
        return self("add", "--login", login, "--kind", kind, "--address", address, *more)


@pytest.fixture
def operator(shell: Shell, tmp_path: Path) -> Operator:
    with Database.open(ready.file(tmp_path / "whistle.db")) as db:
        db.write_sync(lambda tx: add_staff(tx, Staff("rid", "wangli", "受理员 1", b"kem", b"sig", status="active")))
    return Operator(shell, tmp_path)


def test_it_works(operator: Operator) -> None:
    made = operator.add("mail", "wangli@office.example.cn", "--urgent")
    id_ = made.out.strip()
    (listed,) = operator("list", "--json").json
    assert (listed["id"], listed["login"], listed["kind"], listed["urgent"]) == (id_, "wangli", "mail", True)
    assert operator("list").out.split() == [
        id_, "wangli", "mail", "wangli@office.example.cn", "nothing", "sent", "yet", "urgent", "too",
    ]  # fmt: skip
    assert operator("remove", id_).status == 0
    assert operator("list").out == "Nobody has a destination.\n"


def test_a_webhook_is_not_told_again(operator: Operator) -> None:
    assert operator.add("wecom", HOOK).status == 0
    assert "key" not in operator("list").out and "https://qyapi.weixin.qq.com/…3a1b" in operator("list").out


@pytest.mark.parametrize(
    ("kind", "address", "word"),
    [
        ("pigeon", "x", "mail, wecom"),
        ("mail", "wangli", "no mail address"),
        ("json", "http://hook.example.cn/x", "https://"),
        ("json", "https://127.0.0.1/x", "internal network"),
        ("json", "hook", "https://"),
    ],
)
def test_what_is_no_destination_is_refused_with_one_sentence(
    operator: Operator, kind: str, address: str, word: str
) -> None:
    refused = operator.add(kind, address)
    assert (refused.status, refused.err.count("\n")) == (1, 1)
    assert word in refused.err
    assert operator("list").out == "Nobody has a destination.\n"


def test_nobody_by_that_login_and_no_such_destination_are_said(operator: Operator) -> None:
    assert operator.add("mail", "x@example.cn", login="nobody").status == 1
    assert "no such destination" in operator("remove", "x").err
    assert "no such destination" in operator("test", "x").err


def test_a_message_that_is_tried_says_how_it_went(operator: Operator) -> None:
    id_ = operator.add("mail", "wangli@office.example.cn").out.strip()
    assert "WHISTLE_SMTP_HOST" in operator("test", id_).err
    operator.shell.env.setenv("WHISTLE_SMTP_HOST", "127.0.0.1")
    operator.shell.env.setenv("WHISTLE_SMTP_PORT", str(free_port()))
    operator.shell.env.setenv("WHISTLE_SMTP_FROM", "notice@office.example.cn")
    tried = operator("test", id_)
    assert (tried.status, tried.err) == (1, "The other side cannot be reached.\n")


def test_what_waits_is_counted(operator: Operator) -> None:
    assert json.loads(operator("status", "--json").out) == {"waiting": 0, "late": 0, "dropped": 0}
    assert operator("status").out.startswith("0 messages wait")
