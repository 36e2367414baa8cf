"""`whistle ledger yearly` and the same at the review door, over a house with a ledger of three years."""

import hashlib
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import openpyxl
import pytest

from tests.cli.shell import Shell
from tests.conftest import Demo, start
from tests.doors import years
from whistle.client import Office

ACCOUNTS = "2240109 应急管理@2024; hongyun:2240199 别家的科目"


@pytest.fixture(autouse=True)
def told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WHISTLE_BUDGET_ACCOUNT", ACCOUNTS)


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    made = start(tmp_path_factory.mktemp("years") / "data", WHISTLE_BUDGET_ACCOUNT=ACCOUNTS)
    years.fill(made.data)
    yield made
    made.kill()


def written(shell: Shell, house: Demo, out: Path, year: int = 2024) -> Path:
    told = ("--data", house.data, "--year", year, "--format", out.suffix[1:], "--out", out, "--json")
    assert shell.done("ledger", "yearly", *told).json["sha256"] == hashlib.sha256(out.read_bytes()).hexdigest()
    return out


def signed_in(house: Demo, role: str) -> httpx.Client:
    keys, zone = house.keys(role)
    http = house.http()
    Office(house.review, http, keys, zone).login()
    return http


def funds(document: dict[str, Any]) -> dict[str, int]:
    table = next(table for table in document["tables"] if table["id"] == "funds")
    return {line["name"]: line["cells"][0]["value"] for line in table["lines"]}


def test_it_works(shell: Shell, house: Demo, tmp_path: Path) -> None:
    told = json.loads(written(shell, house, tmp_path / "y.json").read_text("utf-8"))
    door = signed_in(house, "auditor").get(f"{house.review}/api/yearly", params={"year": "2024"}).json()
    assert told == door
    assert (funds(told)["budget"], funds(told)["spent"], funds(told)["carried"]) == (5_500_000, 1_250_002, 2_000_000)


def test_it_agrees_with_the_ledgers_own_commands(shell: Shell, house: Demo, tmp_path: Path) -> None:
    for year in (2023, 2024, 2025):
        shown = funds(json.loads(written(shell, house, tmp_path / f"{year}.json", year).read_text("utf-8")))
        cash = shell.done("ledger", "cash", "--data", house.data, "--year", year, "--json").json["total"]
        for name in ("brought", "approved", "cancelled", "forfeited", "paid", "carried", "returned", "spent"):
            assert shown[name] == fen(cash[name]), (year, name)


def fen(text: str) -> int:
    return int(text.replace(".", ""))


def test_the_workbook_opened_again_adds_up_to_the_ledger(shell: Shell, house: Demo, tmp_path: Path) -> None:
    """Every sheet's own lines, summed to the fen, are its last line, and that is the ledger's."""
    book = openpyxl.load_workbook(written(shell, house, tmp_path / "y.xlsx"))
    balance = shell.done("ledger", "balance", "--data", house.data, "--year", 2024, "--json").json
    assert book.sheetnames == [
        "预算及变动",
        "资金使用总表",
        "权责与收付对照",
        "按月发生额",
        "按计算方法",
        "绩效自评表",
    ]
    sums = {name: totals(book[name]) for name in book.sheetnames if name not in ("资金使用总表", "绩效自评表")}
    for name, (lines, last) in sums.items():
        assert lines == last, name
    assert sums["预算及变动"][1]["金额（元）"] == fen(balance["budget"]) == 5_500_000
    passed = sums["权责与收付对照"][1]
    for name in ("批准", "撤销", "放弃", "支付", "收回"):
        assert sums["按月发生额"][1][f"{name}（元）"] == passed[f"本年{name}"]
    assert (sums["按计算方法"][1]["批准金额（元）"], sums["按计算方法"][1]["支付金额（元）"]) == (
        passed["本年批准"],
        passed["本年支付"],
    )
    rows = {row[0].value: row[1] for row in book["资金使用总表"].iter_rows() if row[0].value}
    assert round(rows["净支出（支付减收回）"].value * 100) == passed["净支出"] == 1_250_002
    assert rows["年末预算"].number_format == "#,##0.00"
    assert not any(sheet.merged_cells.ranges for sheet in book)


def totals(sheet: Any) -> tuple[dict[str, int], dict[str, int]]:
    """What the lines of a sheet add up to by column, in fen, and what its last line says."""
    lines = [[cell.value for cell in row] for row in sheet.iter_rows()]
    last = next(at for at, line in enumerate(lines) if line[0] == "合计")
    first = next(at for at, line in enumerate(lines) if line[1] is not None)
    numbers = [at for at, value in enumerate(lines[last]) if isinstance(value, int | float)]
    heads = {at: str(lines[first][at]) for at in numbers}
    assert heads
    added = {heads[at]: sum(round(line[at] * 100) for line in lines[first + 1 : last]) for at in numbers}
    return added, {heads[at]: round(lines[last][at] * 100) for at in numbers}


def test_a_page_of_its_own_fetches_and_runs_nothing(shell: Shell, house: Demo, tmp_path: Path) -> None:
    page = written(shell, house, tmp_path / "y.html").read_text("utf-8")
    assert "奖励资金使用情况年度报告" in page
    assert not re.search(r"<script|<link|<img|src=|\bstyle=|url\(", page)


@pytest.mark.parametrize("year", [1999, 2099, 2100, 0, -1])
def test_a_year_that_no_ledger_has_is_refused_in_a_sentence(
    shell: Shell, house: Demo, tmp_path: Path, year: int
) -> None:
    out = tmp_path / "y.json"
    ran = shell("ledger", "yearly", "--data", house.data, "--year", year, "--format", "json", "--out", out)
    assert ran.status == 1
    assert "2000" in ran.err
    assert not out.exists()
    assert signed_in(house, "auditor").get(f"{house.review}/api/yearly", params={"year": str(year)}).status_code == 400


@pytest.mark.parametrize("role", ["leader", "auditor", "finance"])
def test_those_who_answer_for_the_money_read_it(house: Demo, role: str) -> None:
    http = signed_in(house, role)
    for path in ("/yearly", "/en/yearly", "/yearly?year=2024", "/yearly?year=2025"):
        page = http.get(house.review + path)
        assert page.status_code == 200
        assert not re.search(r"<script|\sstyle=|<style", page.text)
    sheet = http.get(f"{house.review}/api/yearly", params={"year": "2024", "format": "xlsx"})
    assert sheet.headers["Whistle-SHA256"] == hashlib.sha256(sheet.content).hexdigest()
    assert http.get(f"{house.review}/api/yearly", params={"year": "2024", "format": "csv"}).status_code == 400


@pytest.mark.parametrize("role", ["intake", "verifier", "payout"])
def test_others_do_not(house: Demo, role: str) -> None:
    http = signed_in(house, role)
    assert http.get(f"{house.review}/api/yearly").status_code == 403
    assert http.get(f"{house.review}/yearly").status_code == 403


def test_without_a_session_the_page_says_what_to_do(house: Demo) -> None:
    page = house.http().get(f"{house.review}/yearly")
    assert page.status_code == 401
    assert "请先在办理台解锁" in page.text


def test_english_leaves_no_chinese_word_but_the_offices_own(house: Demo) -> None:
    page = signed_in(house, "leader").get(f"{house.review}/en/yearly?year=2025").text
    article = page[page.index("<article") : page.index("</article>")]
    assert not re.search(r"[\u4e00-\u9fff]", re.sub(r'<p class="meta">.*?</p>', "", article))


def heads(sheet: Any) -> list[str]:
    return [str(cell.value) for cell in sheet["A"] if cell.value]


def test_the_budget_account_stands_for_its_years_and_elsewhere_is_said_to_be_unset(
    shell: Shell, house: Demo, tmp_path: Path
) -> None:
    told = {}
    for year in (2023, 2024):
        told[year] = written(shell, house, tmp_path / f"{year}.html", year).read_text("utf-8")
        book = openpyxl.load_workbook(written(shell, house, tmp_path / f"{year}.xlsx", year))
        (said,) = (line for line in heads(book.active) if line.startswith("说明"))
        assert ("2240109 应急管理" in told[year]) == ("2240109 应急管理" in said) == (year == 2024)
    assert "预算科目：未设置" in told[2023]
    assert "别家的科目" not in "".join(told.values())
    http = signed_in(house, "finance")
    for year, account in {"2023": "", "2024": "2240109 应急管理"}.items():
        shown = http.get(f"{house.review}/api/ledger", params={"year": year}).json()["account"]
        assert shown == {"now": account, "set": True}


def test_the_budget_account_stands_in_the_export_line_by_line(shell: Shell, house: Demo, tmp_path: Path) -> None:
    out = tmp_path / "a.xlsx"
    shell.done("ledger", "export", "--data", house.data, "--format", "xlsx", "--out", out)
    accounts = {line["举报编号"]: line["预算科目"] for line in table(openpyxl.load_workbook(out).active)}
    assert accounts["〔2023〕1号"] is None
    assert accounts["〔2024〕1号"] == "2240109 应急管理"
    rows = signed_in(house, "auditor").get(f"{house.review}/api/ledger/awards", params={"year": "2024"}).json()["rows"]
    assert {row["account"] for row in rows} == {"2240109 应急管理"}
    assert {row["source"] for row in rows} == {"区财政", "区财政、财政专项追加"}


def test_an_export_says_that_no_account_is_set(
    shell: Shell, house: Demo, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WHISTLE_BUDGET_ACCOUNT", "")
    out = tmp_path / "a.xlsx"
    shell.done("ledger", "export", "--data", house.data, "--format", "xlsx", "--out", out)
    sheet = openpyxl.load_workbook(out).active
    assert "说明:预算科目未设置，该列留空，由财务手填" in heads(sheet)
    assert {line["预算科目"] for line in table(sheet)} == {None}


def table(sheet: Any) -> list[dict[str, Any]]:
    lines = [[cell.value for cell in row] for row in sheet.iter_rows()]
    first = next(at for at, line in enumerate(lines) if line[0] == "序号")
    return [dict(zip(lines[first], line, strict=True)) for line in lines[first + 1 :] if isinstance(line[0], int)]


def test_the_register_made_with_a_key_has_the_account_too(shell: Shell, house: Demo, tmp_path: Path) -> None:
    shell.env.setenv("WHISTLE_PASSPHRASE", house.passphrase("leader"))
    key = house.data / "staff" / "leader.key"
    out = tmp_path / "r.xlsx"
    shell.done("register", "awards", "--server", house.review, "--key", key, "--format", "xlsx", "--out", out)
    accounts = {line["举报编号"]: line["预算科目"] for line in table(openpyxl.load_workbook(out).active)}
    assert (accounts["〔2023〕1号"], accounts["〔2024〕1号"]) == (None, "2240109 应急管理")
