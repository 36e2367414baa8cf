"""`whistle bulletin` and the same at the review door, over a running house."""

import hashlib
import json
import re
import time
from pathlib import Path

import httpx
import openpyxl
import pytest

from tests.cli.shell import Shell
from tests.conftest import Demo
from whistle.client import Office
from whistle.core.clock import zone_day
from whistle.review.bulletin import shifted

MONTH = zone_day(time.time())[:7]


def written(shell: Shell, demo: Demo, out: Path, *options: str, month: str = MONTH) -> Path:
    form = out.suffix[1:]
    told = ("--data", demo.data, "--month", month, "--format", form, "--out", out, "--json", *options)
    assert shell.done("bulletin", *told).json["sha256"] == hashlib.sha256(out.read_bytes()).hexdigest()
    return out


def signed_in(demo: Demo, role: str) -> httpx.Client:
    keys, zone = demo.keys(role)
    http = demo.http()
    Office(demo.review, http, keys, zone).login()
    return http


def figure(found: dict[str, object], name: str) -> object:
    tables = found["tables"]
    assert isinstance(tables, list)
    return next(line["cells"][0]["value"] for line in tables[0]["lines"] if line["name"] == name)


def test_it_works(shell: Shell, demo: Demo, tmp_path: Path) -> None:
    found = json.loads(written(shell, demo, tmp_path / "b.json").read_text("utf-8"))
    assert (found["month"], found["published"]) == (MONTH, False)
    assert figure(found, "received") >= 4  # type: ignore[operator]
    door = signed_in(demo, "leader").get(f"{demo.review}/api/bulletin", params={"month": MONTH}).json()
    assert figure(door, "paid_fen") == figure(found, "paid_fen")


def test_a_page_of_its_own_fetches_and_runs_nothing(shell: Shell, demo: Demo, tmp_path: Path) -> None:
    page = written(shell, demo, tmp_path / "b.html").read_text("utf-8")
    assert "安全生产举报月通报" in page
    assert "<svg" in page
    assert not re.search(r"<script|<link|<img|src=|\bstyle=|url\(", page)


def test_a_workbook_holds_figures_as_numbers(shell: Shell, demo: Demo, tmp_path: Path) -> None:
    book = openpyxl.load_workbook(written(shell, demo, tmp_path / "b.xlsx"))
    assert book.sheetnames[:2] == ["主要指标", "接办件类型占比"]
    rows = {row[0].value: row[1] for row in book["主要指标"].iter_rows() if row[0].value}
    assert rows["接办件数"].data_type == "n"
    assert rows["发放奖励金额（元）"].number_format == "#,##0.00"
    assert not any(sheet.merged_cells.ranges for sheet in book)


def test_the_published_copy_is_marked(shell: Shell, demo: Demo, tmp_path: Path) -> None:
    page = written(shell, demo, tmp_path / "p.html", "--publish", month=shifted(MONTH, -1)).read_text("utf-8")
    assert "公开稿" in page
    assert "月末待领" not in page


def test_a_month_that_is_not_over_is_not_published(shell: Shell, demo: Demo, tmp_path: Path) -> None:
    out = tmp_path / "b.json"
    ran = shell("bulletin", "--data", demo.data, "--month", MONTH, "--format", "json", "--out", out, "--publish")
    assert ran.status == 1
    assert not out.exists()
    answer = signed_in(demo, "leader").get(f"{demo.review}/api/bulletin", params={"month": MONTH, "publish": "1"})
    assert (answer.status_code, answer.json()["reason"]) == (422, "month_open")


@pytest.mark.parametrize("month", ["2026-13", "2026-1", "x", "2026-11-01"])
def test_what_is_no_month_is_refused(shell: Shell, demo: Demo, tmp_path: Path, month: str) -> None:
    out = tmp_path / "b.json"
    ran = shell("bulletin", "--data", demo.data, "--month", month, "--format", "json", "--out", out)
    assert ran.status == 1
    assert not out.exists()
    asked = {"month": month}
    assert signed_in(demo, "auditor").get(f"{demo.review}/api/bulletin", params=asked).status_code == 400


@pytest.mark.parametrize("role", ["leader", "auditor", "finance"])
def test_those_who_answer_for_it_read_it(demo: Demo, role: str) -> None:
    http = signed_in(demo, role)
    for path in ("/bulletin", "/en/bulletin", "/bulletin?publish=1", f"/bulletin?month={MONTH}"):
        page = http.get(demo.review + path)
        assert page.status_code == 200
        assert not re.search(r"<script|\sstyle=|<style", page.text)
    sheet = http.get(f"{demo.review}/api/bulletin", params={"month": MONTH, "format": "xlsx"})
    assert sheet.headers["Whistle-SHA256"] == hashlib.sha256(sheet.content).hexdigest()


@pytest.mark.parametrize("role", ["intake", "verifier", "payout"])
def test_others_do_not(demo: Demo, role: str) -> None:
    http = signed_in(demo, role)
    assert http.get(f"{demo.review}/api/bulletin").status_code == 403
    assert http.get(f"{demo.review}/bulletin").status_code == 403


def test_without_a_session_the_page_says_what_to_do(demo: Demo) -> None:
    page = demo.http().get(f"{demo.review}/bulletin")
    assert page.status_code == 401
    assert "请先在办理台解锁" in page.text


def test_english_leaves_no_chinese_word_but_the_offices_own_name(demo: Demo) -> None:
    page = signed_in(demo, "leader").get(f"{demo.review}/en/bulletin?month={MONTH}").text
    article = page[page.index("<article") : page.index("</article>")]
    assert not re.search(r"[\u4e00-\u9fff]", re.sub(r'<p class="meta">.*?</p>', "", article))
