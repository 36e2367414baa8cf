"""`whistle ledger budget|reverse|lock`: finance at the review door with its key."""

from __future__ import annotations

import sqlite3
import time
from contextlib import closing
from datetime import date, timedelta
from pathlib import Path

import pytest

from tests.cli.shell import Shell
from tests.conftest import Demo
from whistle.cli.ledger import in_yuan
from whistle.cli.vouched import ROW
from whistle.core.clock import zone_day
from whistle.crypto.bookings import USES


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


SPOILED = {
    "another sum": (
        "UPDATE bookings SET document = CAST(replace(CAST(document AS TEXT), '\"fen\":700', '\"fen\":900') AS BLOB) "
        "WHERE no = ?",
        "is not what",
    ),
    "no signature": ("UPDATE bookings SET sig = zeroblob(64) WHERE no = ?", "is not what"),
    "taken away": ("DELETE FROM bookings WHERE no = ?", "nobody signed"),
}


@pytest.mark.parametrize("how", SPOILED)
def test_verify_finds_what_finance_did_not_sign(
    shell: Shell, demo: Demo, finance: list[object], tmp_path: Path, how: str
) -> None:
    statement, words = SPOILED[how]
    shell.done("ledger", "budget", *finance, "--year", "2042", "--source", "财政专项", "--sum", "5.00")
    shell.done("ledger", "budget", *finance, "--year", "2042", "--source", "财政专项", "--sum", "7.00")
    with (
        closing(sqlite3.connect(demo.data / "whistle.db")) as live,
        closing(sqlite3.connect(tmp_path / "whistle.db")) as copy,
    ):
        live.backup(copy)
        (last,) = copy.execute("SELECT max(no) FROM ledger").fetchone()
        assert shell.done("ledger", "verify", "--data", tmp_path, "--json").json["holds"]
        copy.execute(statement, (last,))
        copy.commit()
    ran = shell("ledger", "verify", "--data", tmp_path)
    assert (ran.status, words in ran.err) == (1, True), ran.err


def test_a_corrected_number_is_verified_as_finance_signed_it(shell: Shell, demo: Demo, finance: list[object]) -> None:
    rows = demo.office("finance").ledger_rows()
    paid = next(row for row in rows if row["kind"] == "pay")
    told = ["--no", paid["no"], "--voucher", paid["voucher"], "--treasury", paid["treasury"], "--memo", "号码抄错"]
    shell.done("ledger", "amend", *finance, *told)
    assert shell.done("ledger", "verify", "--data", demo.data, "--json").json["holds"]


def test_whatever_finance_can_sign_the_auditor_can_check() -> None:
    assert set(ROW) == set(USES)
    for act, names in ROW.items():
        assert set(names) == USES[act]


def test_a_month_that_is_not_over_is_not_locked(shell: Shell, finance: list[object]) -> None:
    ran = shell("ledger", "lock", *finance, "--month", "2099-12")
    assert (ran.status, ran.err.strip()) == (1, "Only a month that is over can be locked.")


def test_a_month_that_is_over_is_locked_and_shown(shell: Shell, demo: Demo, finance: list[object]) -> None:
    over = (date.fromisoformat(zone_day(time.time())).replace(day=1) - timedelta(days=1)).isoformat()[:7]
    ran = shell("ledger", "lock", *finance, "--month", over)
    assert ran.status == 0 or "locked already" in ran.err  # the demo is shared
    assert shell.done("ledger", "balance", "--data", demo.data, "--json").json["locked"] == over


def test_a_sum_that_is_none_is_refused_before_anybody_signs_in(shell: Shell, finance: list[object]) -> None:
    ran = shell("ledger", "budget", *finance, "--year", "2041", "--source", "经费", "--sum", "5000万")
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


@pytest.mark.parametrize("year", [0, 2026, 2041])
def test_obligations_and_cash_are_told_as_the_page_shows_them(shell: Shell, demo: Demo, year: int) -> None:
    shown = demo.office("finance").session.get("/api/ledger", {"year": str(year)})
    told = shell.done("ledger", "cash", "--data", demo.data, "--year", year, "--json").json
    assert [{**line, "spent": None} for line in in_yuan(shown["cash"]["lines"])] == [
        {**line, "spent": None} for line in told["lines"]
    ]
    assert in_yuan(shown["cash"]["total"]) == {name: each for name, each in told["total"].items() if name != "spent"}
    printed = shell.done("ledger", "cash", "--data", demo.data, "--year", year).out.splitlines()
    assert len(printed) == len(told["lines"]) + 2
    assert printed[-1].split() == [told["total"][name] for name in printed[0].split()[1:]]
    balance = shell.done("ledger", "balance", "--data", demo.data, "--json").json
    if not year:
        assert (told["total"]["spent"], told["total"]["carried"]) == (balance["paid"], balance["open"])


def test_a_paper_that_no_award_asks_for_is_refused_in_a_sentence(shell: Shell, finance: list[object]) -> None:
    told = ("ledger", "paper", *finance, "--number", "〔2026〕1号", "--document", "纪要9号")
    ran = shell(*told, "--kind", "meeting")
    assert (ran.status, "does not need that paper" in ran.err) == (1, True), ran.err
    for wrong in (("--kind", "cash"), ("--kind", "meeting", "--reason", "没有账户")):
        ran = shell(*told, *wrong)
        assert (ran.status, "--reason" in ran.err) == (1, True), ran.err
