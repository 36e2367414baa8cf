"""`enter`: intake takes a report down, and hands over the ticket."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.shell import Shell
from tests.cli.test_cases import opened
from tests.conftest import Demo
from whistle.crypto.ticket import normalise

WORDS = "来电人说:仓库的应急灯都不亮。"


@pytest.fixture
def text(tmp_path: Path) -> Path:
    (tmp_path / "call.txt").write_text(WORDS, encoding="utf-8")
    return tmp_path / "call.txt"


def command(demo: Demo, role: str, text: Path, *more: str) -> list[object]:
    key = demo.data / "staff" / f"{role}.key"
    return ["enter", "--server", demo.review, "--key", key, "--source", "letter", "--text", text, *more]


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
