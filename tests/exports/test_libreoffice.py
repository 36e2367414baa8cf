"""Our workbooks opened by the program that auditors have."""

from pathlib import Path

from tests.office import OpenSheet, convert, open_sheet, soffice  # noqa: F401 (fixtures)
from whistle.core.bulletin import bulletin
from whistle.core.statistics import Month
from whistle.exports import AwardRow, Heading, xlsx_file
from whistle.exports import bulletin as papers
from whistle.exports.registers import HAZARDS, REPORTS
from whistle.settings import assets
from whistle.web.words import SOURCE, Words

HEADING = Heading("临港经济开发区应急管理局", period="2026年", made="2026-12-31")
TYPES = ("violation", "other")
ROW = AwardRow(
    "〔2026〕1号", 2250000, category="violation", formula="percent", approved="2026-11-23", voucher="0012",
    treasury="900719925474099312", note="=1+1", left=17750000, state="paid",
)  # fmt: skip


def said(rows: list[list[str]], head: str, at: int = 1) -> str:
    """The cell under a head, so many rows further down."""
    line = next(n for n, row in enumerate(rows) if row[0] == "序号")
    return rows[line + at][rows[line].index(head)]


def test_it_works(open_sheet: OpenSheet, tmp_path: Path) -> None:  # noqa: F811
    xlsx_file(tmp_path / "awards.xlsx", [ROW, ROW], HEADING)
    rows = open_sheet(tmp_path / "awards.xlsx")
    assert rows[0][0] == "安全生产举报奖励台账"
    assert (said(rows, "应奖金额(元)"), said(rows, "应奖金额(元)", 3)) == ("22,500.00", "45,000.00")
    assert (said(rows, "凭证号"), said(rows, "国库支付号")) == ("0012", "900719925474099312")
    assert (said(rows, "审批日"), said(rows, "备注")) == ("2026-11-23", "=1+1")


def test_registers_open_with_every_column(open_sheet: OpenSheet, tmp_path: Path) -> None:  # noqa: F811
    for register in (REPORTS, HAZARDS):
        row = {column.key: "=HYPERLINK(1)" for column in register.columns} | {"fine": 100}
        path = tmp_path / f"{register.sheet}.xlsx"
        xlsx_file(path, [row], HEADING, False, register)
        rows = open_sheet(path)
        heads = next(row for row in rows if row[0] == "序号")
        assert [head for head in heads if head] == [column.head for column in register.columns]
        assert "=HYPERLINK(1)" in rows[rows.index(heads) + 1]


def test_a_bulletin_opens_and_prints(soffice: str, open_sheet: OpenSheet, tmp_path: Path) -> None:  # noqa: F811
    folder = assets()
    words = Words(folder / "locale", SOURCE).tables([folder / "templates/review/words"], "common", "bulletin")
    made = bulletin(Month("2026-11", TYPES, ended=3, ended_days=10), Month("2025-11", TYPES))
    papers.xlsx_file(tmp_path / "b.xlsx", made, HEADING, words)
    rows = {row[0]: row[1:] for row in open_sheet(tmp_path / "b.xlsx")}
    assert (rows["办结（件）"][0], rows["平均办结工作日"][0], rows["发放奖励金额（元）"][0]) == ("3", "3.3", "0.00")
    convert(soffice, tmp_path / "b.xlsx", "pdf", tmp_path)
    assert (tmp_path / "out" / "b.pdf").read_bytes().startswith(b"%PDF")
