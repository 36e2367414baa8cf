"""`transcribe`: intake takes a report down, and hands over the ticket."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from tests.cli.shell import Shell
from tests.cli.test_cases import opened
from tests.conftest import Demo
from whistle.client import ClientError
from whistle.client.session import Session
from whistle.crypto.ticket import normalise

WORDS = "来电人说:仓库的应急灯都不亮。"


@pytest.fixture
def text(tmp_path: Path) -> Path:
    (tmp_path / "call.txt").write_text(WORDS, encoding="utf-8")
    return tmp_path / "call.txt"


def command(demo: Demo, role: str, text: Path, *more: str) -> list[object]:
    key = demo.data / "staff" / f"{role}.key"
    return ["transcribe", "--server", demo.review, "--key", key, "--source", "letter", "--text", text, *more]


def test_it_works(shell: Shell, demo: Demo, text: Path) -> None:
    shell.env.setenv("WHISTLE_PASSPHRASE", demo.passphrase("intake"))
    filed = shell.done(*command(demo, "intake", text, "--paper", "收文12号", "--arrived", "2026-01-05", "--json")).json
    assert len(normalise(filed["ticket"])) == 25
    (case,) = opened(shell, demo, "intake", "--case", filed["case"])
    items = {item["comp"]: item["text"] for item in case["items"]}  # type: ignore[attr-defined]
    assert items["report"] == WORDS
    assert json.loads(items["card"])["paper"] == "收文12号"


def test_the_ticket_is_read_out_in_groups(shell: Shell, demo: Demo, text: Path) -> None:
    shell.env.setenv("WHISTLE_PASSPHRASE", demo.passphrase("intake"))
    ran = shell.done(*command(demo, "intake", text))
    assert len(ran.out.splitlines()[-1].split()) == 5


def test_another_role_is_refused(shell: Shell, demo: Demo, text: Path) -> None:
    shell.env.setenv("WHISTLE_PASSPHRASE", demo.passphrase("payout"))
    assert shell(*command(demo, "payout", text)).status == 1


def test_an_empty_text_is_no_report(shell: Shell, demo: Demo, tmp_path: Path) -> None:
    (tmp_path / "empty.txt").write_text(" \n", encoding="utf-8")
    assert shell(*command(demo, "intake", tmp_path / "empty.txt")).status == 1


def lost_after(shell: Shell, verb: str) -> None:
    """The request of this verb arrives; its answer does not."""
    real = getattr(Session, verb)

    def losing(self: Session, *told: object) -> object:
        real(self, *told)
        error = ClientError("offline")
        error.lost = True
        raise error

    shell.env.setattr(Session, verb, losing)


@pytest.mark.parametrize("verb", ["transcribe", "logout"])
def test_a_lost_answer_does_not_cost_the_caller_her_ticket(shell: Shell, demo: Demo, text: Path, verb: str) -> None:
    """Of the report, or only of the session's end: it is on disk, and the ticket is kept nowhere else."""
    shell.env.setenv("WHISTLE_PASSPHRASE", demo.passphrase("intake"))
    lost_after(shell, verb)
    ran = shell(*command(demo, "intake", text))
    shown = re.search("([0-9]{5} ){4}[0-9]{5}", ran.out + ran.err)
    assert ran.status == 1
    assert shown
    assert demo.reporter().status(shown[0]).state == "received"
