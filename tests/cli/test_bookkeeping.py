"""`whistle ledger budget|reverse|lock`: finance at the review door with its key."""

from __future__ import annotations

import time
from datetime import date, timedelta

import pytest

from tests.cli.shell import Shell
from tests.conftest import Demo
from whistle.cli.ledger import in_yuan
from whistle.core.clock import zone_day


@pytest.fixture
def finance(shell: Shell, demo: Demo) -> list[object]:
    shell.env.setenv("WHISTLE_PASSPHRASE", demo.passphrase("finance"))
    return ["--server", demo.review, "--key", demo.data / "staff" / "finance.key"]


def sources(shell: Shell, demo: Demo, year: int) -> dict[str, str]:
    told = shell.done("ledger", "balance", "--data", demo.data, "--year", year, "--json").json
    return {one["source"]: one["fen"] for one in told["sources"]}


def test_it_works(shell: Shell, demo: Demo, finance: list[object]) -> None:
    shell.done("ledger", "budget", *finance, "--year", "2041", "--source", "财政专项", "--sum", "5000.00")
    assert sources(shell, demo, 2041) == {"财政专项": "5000.00"}
    head = shell.done("ledger", "verify", "--data", demo.data, "--json").json["rows"]
    shell.done("ledger", "reverse", *finance, "--no", head, "--memo", "登记错误", "--json")
    assert sources(shell, demo, 2041) == {"财政专项": "0.00"}
    ran = shell("ledger", "reverse", *finance, "--no", head, "--memo", "登记错误")
    assert (ran.status, ran.err.strip()) == (1, "There is no such row left to take back.")


def test_a_month_that_is_not_over_is_not_locked(shell: Shell, finance: list[object]) -> None:
    ran = shell("ledger", "lock", *finance, "--month", "2099-12")
    assert (ran.status, ran.err.strip()) == (1, "Only a month that is over can be locked.")


def test_a_month_that_is_over_is_locked_and_shown(shell: Shell, demo: Demo, finance: list[object]) -> None:
    over = (date.fromisoformat(zone_day(time.time())).replace(day=1) - timedelta(days=1)).isoformat()[:7]
    ran = shell("ledger", "lock", *finance, "--month", over)
    assert ran.status == 0 or "locked already" in ran.err  # the demo is shared
    assert shell.done("ledger", "balance", "--data", demo.data, "--json").json["locked"] == over


def test_a_sum_that_is_none_is_refused_before_anybody_signs_in(shell: Shell, finance: list[object]) -> None:
    ran = shell("ledger", "budget", *finance, "--year", "2041", "--source", "经费", "--sum", "5000")
    assert ran.status == 1


@pytest.mark.parametrize("year", [0, 2026, 2041])
def test_balance_tells_a_program_what_the_ledger_page_shows(
    shell: Shell, demo: Demo, finance: list[object], year: int
) -> None:
    shell.done("ledger", "budget", *finance, "--year", "2041", "--source", "追加", "--sum", "1.00")
    shown = demo.office("finance").session.get("/api/ledger", {"year": str(year)})
    told = shell.done("ledger", "balance", "--data", demo.data, "--year", year, "--json").json
    assert {name: told[name] for name in shown["balance"]} == in_yuan(shown["balance"])
    for name in ("sources", "months", "locked", "waiting", "large"):
        assert told[name] == in_yuan(shown[name]), name
    assert told["waiting"]["count"] == len(told["waiting"]["awards"])
