"""The award ledger as files: opened again, sums are numbers, everything else is text, and nothing runs."""

import csv
import hashlib
import json
import tracemalloc
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from whistle.core import ledger
from whistle.core.ledger import Entry, Head, Row
from whistle.exports import (
    AwardRow,
    Heading,
    Known,
    Notice,
    award_rows,
    csv_file,
    jsonl_file,
    notices,
    plain,
    write_digest,
    xlsx_file,
)

HEADING = Heading("临港经济开发区应急管理局", period="2026年", made="2026-12-31", note="演示用")
ROW = AwardRow(
    "临港安举〔2026〕1号",
    2250000,
    category="violation",
    clause="SD-REW-2021",
    formula="percent",
    approved="2026-11-23",
    notified="2026-11-24",
    claim_by="2027-01-25",
    method="counter",
    paid="2026-12-01",
    voucher="0012",
    treasury="900719925474099312",
    source="区财政",
    left=17750000,
    state="paid",
)
DANGERS = [
    "=1+1",
    "+1",
    "-1",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    "\n=1",
    "＝1+1",
    "＋1",
    "－1",
    "＠A1",
    " =1",
    "\u3000=1",
    "\u200b=1",
    "\ufeff=1",
    "=cmd|' /C calc'!A0",
    '=HYPERLINK("http://x")',
]


def csv_rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def sheet(path: Path) -> Any:
    return openpyxl.load_workbook(path).active


def table(path: Path) -> list[dict[str, Any]]:
    """The rows under the heads, by head, down to the sum row."""
    rows = list(sheet(path).iter_rows(values_only=True))
    first = next(at for at, row in enumerate(rows) if row[0] == "序号")
    found = [dict(zip(rows[first], row, strict=True)) for row in rows[first + 1 :]]
    return found[: next(at for at, row in enumerate(found) if row["序号"] == "合计") + 1]


def test_it_works(tmp_path: Path) -> None:
    csv_file(tmp_path / "a.csv", [ROW])
    row, sums = csv_rows(tmp_path / "a.csv")
    assert (row["举报编号"], row["类别"], row["计算公式"]) == (
        "临港安举〔2026〕1号",
        "安全生产违法行为",
        "罚款金额乘比例",
    )
    assert (row["应奖金额(元)"], row["应奖金额(大写)"]) == ("22500.00", "贰万贰仟伍佰元整")
    assert (row["领取方式"], row["状态"], row["代扣个人所得税(元)"]) == ("柜台现金", "已发放", "0.00")
    assert (sums["序号"], sums["应奖金额(元)"]) == ("合计", "22500.00")


def test_a_csv_begins_with_the_mark_that_office_programs_look_for(tmp_path: Path) -> None:
    csv_file(tmp_path / "a.csv", [ROW])
    assert (tmp_path / "a.csv").read_bytes().startswith(b"\xef\xbb\xbf")


def test_a_sheet_holds_sums_as_numbers_and_everything_else_as_text(tmp_path: Path) -> None:
    xlsx_file(tmp_path / "a.xlsx", [ROW, replace(ROW, number="临港安举〔2026〕2号", fen=333334)], HEADING)
    first, second, sums = table(tmp_path / "a.xlsx")
    assert first["应奖金额(元)"] == 22500
    assert second["应奖金额(元)"] == 3333.34
    assert sums["应奖金额(元)"] == 25833.34
    assert sums["应奖金额(大写)"] == "贰万伍仟捌佰叁拾叁元叁角肆分"
    assert (first["凭证号"], first["国库支付号"], first["审批日"]) == (
        "0012",
        "900719925474099312",
        "2026-11-23",
    )
    assert sums["预算余额(元)"] is None
    formats = {cell.number_format for row in sheet(tmp_path / "a.xlsx") for cell in row if cell.data_type == "n"}
    assert "#,##0.00" in formats


def test_a_sheet_has_heading_and_signatures_and_merges_nothing(tmp_path: Path) -> None:
    xlsx_file(tmp_path / "a.xlsx", [ROW], HEADING)
    opened = sheet(tmp_path / "a.xlsx")
    column = [cell.value for cell in opened["A"]]
    assert column[:5] == [
        "安全生产举报奖励台账",
        "单位:临港经济开发区应急管理局",
        "期间:2026年",
        "制表日期:2026-12-31",
        "说明:演示用",
    ]
    assert "财税字〔1994〕020号" in column[5]
    assert column[-4:] == ["制表:", "复核:", "负责人:", "(盖章)    年    月    日"]
    assert not opened.merged_cells.ranges


@pytest.mark.parametrize("text", DANGERS)
def test_text_that_looks_like_a_formula_stays_text(tmp_path: Path, text: str) -> None:
    row = replace(ROW, voucher=text, source=text, note=text, number=text)
    csv_file(tmp_path / "a.csv", [row])
    for name in ("凭证号", "经费来源", "备注", "举报编号"):
        assert csv_rows(tmp_path / "a.csv")[0][name].startswith("'")
    xlsx_file(tmp_path / "a.xlsx", [row], Heading(text, note=text))
    cells = [cell for line in sheet(tmp_path / "a.xlsx") for cell in line if cell.value is not None]
    assert {cell.data_type for cell in cells} == {"s", "n"}
    assert not [cell for cell in cells if cell.hyperlink]
    # _x000D_ is how the format spells a carriage return.
    assert table(tmp_path / "a.xlsx")[0]["备注"] == text.replace("\r", "_x000D_")


@pytest.mark.parametrize("text", ["22500.00", "临港安举〔2026〕1号", "2026-11-23", "'=1", "A-1", "", "甲=乙"])
def test_harmless_text_is_left_as_it_is(text: str) -> None:
    assert plain(text) == text


def test_the_server_writes_no_enterprise_no_fine_and_no_person(tmp_path: Path) -> None:
    row = replace(ROW, finding="电机未接地", decision="某罚〔2026〕9号", fine=4500000, payee="张*", hands="甲/乙")
    csv_file(tmp_path / "blind.csv", [row])
    blind = (tmp_path / "blind.csv").read_text("utf-8-sig")
    for secret in ("电机未接地", "某罚", "45000", "张*", "甲/乙", "处罚金额", "收款人"):
        assert secret not in blind
    csv_file(tmp_path / "full.csv", [row], blind=False)
    full = csv_rows(tmp_path / "full.csv")
    assert (full[0]["处罚金额"], full[1]["处罚金额"], full[0]["查实事项"]) == (
        "45000.00",
        "45000.00",
        "电机未接地",
    )


def test_the_columns_stand_in_the_auditors_order(tmp_path: Path) -> None:
    csv_file(tmp_path / "full.csv", [ROW], blind=False)
    assert ",".join(csv_rows(tmp_path / "full.csv")[0]) == (
        "序号,举报编号,类别,查实事项,处罚文号,处罚金额,依据条款,计算公式,应奖金额(元),应奖金额(大写),上浮(内部员工),代扣个人所得税(元),"
        "审批日,通知日,领取截止,领取方式,收款人(脱敏),发放日,实发金额(元),凭证号,国库支付号,预算科目,经费来源,待发金额(元),放弃金额(元),撤销追回(元),"
        "预算余额(元),经办/复核,状态,与核查结论不一致,备注"
    )


def test_the_digest_is_that_of_the_file_and_stands_beside_it(tmp_path: Path) -> None:
    for name in ("a.csv", "a.xlsx"):
        path = tmp_path / name
        digest = csv_file(path, [ROW]) if name == "a.csv" else xlsx_file(path, [ROW], HEADING)
        assert digest == hashlib.sha256(path.read_bytes()).hexdigest()
        assert write_digest(path, digest).read_text("utf-8") == f"{digest}  {name}\n"


def test_the_same_rows_give_the_same_file(tmp_path: Path) -> None:
    assert csv_file(tmp_path / "a", [ROW]) == csv_file(tmp_path / "b", [ROW])
    assert xlsx_file(tmp_path / "a", [ROW], HEADING) == xlsx_file(tmp_path / "b", [ROW], HEADING)


def test_an_empty_ledger_is_a_file_with_a_sum_of_nothing(tmp_path: Path) -> None:
    csv_file(tmp_path / "a.csv", [])
    (sums,) = csv_rows(tmp_path / "a.csv")
    assert (sums["应奖金额(元)"], sums["应奖金额(大写)"]) == ("0.00", "零元整")
    xlsx_file(tmp_path / "a.xlsx", [], HEADING)
    assert table(tmp_path / "a.xlsx")[0]["应奖金额(元)"] == 0


def test_memory_does_not_grow_with_the_rows(tmp_path: Path) -> None:
    def rows(count: int) -> Iterator[AwardRow]:
        return (replace(ROW, number=f"〔2026〕{n}号", fen=n) for n in range(1, count))

    def peak(count: int) -> int:
        tracemalloc.start()
        csv_file(tmp_path / "a.csv", rows(count))
        xlsx_file(tmp_path / "a.xlsx", rows(count), HEADING)
        most = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return most

    peak(10)
    assert peak(2000) < peak(500) + 500_000


APPROVE = Entry("approve", "2026-11-23", 2026, 2250000, "一号", "A" * 43, "CN-NAT-2018", "第十一条第(一)项", "percent")
PAY = Entry("pay", "2026-12-01", 2026, 2250000, "一号", "B" * 43, method="counter", voucher="0012", treasury="T9")
BUDGET = Entry("budget", "2026-01-05", 2026, 10_000_000, source="区财政")


def chained(*entries: Entry) -> list[tuple[bytes, bytes]]:
    rows, head = [], ledger.START
    for entry in entries:
        row, digest = ledger.append(head, entry)
        rows.append((row, digest))
        head = Head(head.count + 1, digest)
    return rows


def parsed(*entries: Entry) -> list[Row]:
    return [ledger.parse_row(row) for row, _ in chained(*entries)]


def test_the_ledger_itself_can_be_verified_from_its_lines(tmp_path: Path) -> None:
    rows = chained(BUDGET, APPROVE, PAY)
    jsonl_file(tmp_path / "a.jsonl", rows)
    lines = [json.loads(line) for line in (tmp_path / "a.jsonl").read_text("utf-8").splitlines()]
    again = [
        (
            json.dumps(line["row"], ensure_ascii=False, separators=(",", ":")).encode(),
            bytes.fromhex(line["hash"]),
        )
        for line in lines
    ]
    assert again == rows
    assert ledger.verify(again).count == 3


def test_an_award_line_follows_its_case_through_the_ledger() -> None:
    known = {"一号": Known("violation", {APPROVE.post: Notice("2026-11-24", "2027-01-25")})}
    (line,) = award_rows(parsed(BUDGET, APPROVE, PAY), known)
    assert line == AwardRow(
        "一号",
        2250000,
        approval=APPROVE.post,
        category="violation",
        clause="CN-NAT-2018 第十一条第(一)项",
        formula="percent",
        approved="2026-11-23",
        notified="2026-11-24",
        claim_by="2027-01-25",
        method="counter",
        paid="2026-12-01",
        paid_fen=2250000,
        voucher="0012",
        treasury="T9",
        source="区财政",
        left=7_750_000,
        state="paid",
    )


def back(no: int, entry: Entry) -> Entry:
    return Entry("reverse", "2026-12-20", 2026, entry.fen, entry.case, corrects=no, corrects_kind=entry.kind)


FORFEIT, CLAW = replace(PAY, kind="forfeit", voucher=""), replace(PAY, kind="clawback", fen=250000)


@pytest.mark.parametrize(
    ("after", "state", "paid"),
    [
        ([], "open", ""),
        ([PAY], "paid", "2026-12-01"),
        ([FORFEIT], "forfeited", ""),
        ([replace(FORFEIT, kind="revoke")], "revoked", ""),
        ([PAY, CLAW], "clawed_part", "2026-12-01"),
        ([PAY, CLAW, replace(CLAW, fen=PAY.fen - CLAW.fen, post="D" * 43)], "clawed", "2026-12-01"),
        ([PAY, CLAW, back(4, CLAW)], "paid", "2026-12-01"),
        ([PAY, back(3, PAY)], "open", ""),
        ([FORFEIT, back(3, FORFEIT)], "open", ""),
        ([back(2, APPROVE)], "reversed", ""),
    ],
)
def test_an_award_line_says_what_became_of_it(after: list[Entry], state: str, paid: str) -> None:
    (line,) = award_rows(parsed(BUDGET, APPROVE, *after), {})
    assert (line.state, line.paid) == (state, paid)


@pytest.mark.parametrize("first", [True, False], ids=["before the money", "after it"])
def test_the_finance_departments_paper_stands_in_the_note_of_its_own_approval(first: bool) -> None:
    concur = Entry("concur", "2026-11-23", 2026, case=APPROVE.case, post=APPROVE.post, memo="临港财〔2026〕12号")
    again = replace(APPROVE, post="D" * 43)
    both = [concur, APPROVE] if first else [APPROVE, concur]
    old, new = award_rows(parsed(BUDGET, *both, replace(FORFEIT, kind="revoke"), again), {})
    assert "临港财〔2026〕12号" in old.note and "财政会签" not in new.note
    assert (old.state, new.state) == ("revoked", "open")


def test_a_paper_entered_after_new_year_stands_beside_its_award_of_the_year_before() -> None:
    late = Entry("meeting", "2027-01-08", 2027, case=APPROVE.case, post=APPROVE.post, memo="局务会纪要〔2027〕1号")
    rows = parsed(BUDGET, APPROVE, late)
    (line,) = award_rows(rows, {}, 2026)
    assert "集体决定 局务会纪要〔2027〕1号" in line.note
    assert list(award_rows(rows, {}, 2027)) == []


def test_every_source_that_still_gives_to_the_year_is_named() -> None:
    special, wrong = replace(BUDGET, source="财政专项"), replace(BUDGET, source="登记错的")
    (line,) = award_rows(parsed(BUDGET, special, wrong, back(3, wrong), APPROVE), {})
    assert line.source == "区财政、财政专项"


def test_an_award_taken_back_is_listed_but_not_summed(tmp_path: Path) -> None:
    lines = list(award_rows(parsed(BUDGET, APPROVE, back(2, APPROVE), replace(APPROVE, fen=100)), {}))
    csv_file(tmp_path / "a.csv", lines)
    found = csv_rows(tmp_path / "a.csv")
    assert [row["应奖金额(元)"] for row in found] == ["22500.00", "1.00", "1.00"]


def test_a_notice_belongs_to_the_approval_before_it() -> None:
    """The second award was never told: its line has no day of the first one's notice."""
    told = {"claim_by": "2027-01-25"}
    acts = [("award.approve", "A" * 43, "2026-11-23", {}), ("award.notify", "N" * 43, "2026-11-24", told)]
    again = [("award.approve", "D" * 43, "2026-12-01", {})]
    assert notices([*acts, *again]) == {"A" * 43: Notice("2026-11-24", "2027-01-25")}
    later = [("reinstate", "R" * 43, "2027-02-01", {"claim_by": "2027-03-01"})]
    assert notices([*acts, *later]) == {"A" * 43: Notice("2026-11-24", "2027-03-01")}
    revoke, second = replace(FORFEIT, kind="revoke"), replace(APPROVE, post="D" * 43)
    old, new = award_rows(parsed(BUDGET, APPROVE, revoke, second), {"一号": Known("violation", notices(acts))})
    assert (old.notified, new.notified) == ("2026-11-24", "")


def test_what_was_revoked_is_listed_and_in_no_sum(tmp_path: Path) -> None:
    """Approved, taken back, approved anew: the award and its fine count once, as the ledger counts them."""
    rows = parsed(BUDGET, APPROVE, replace(FORFEIT, kind="revoke"), replace(APPROVE, fen=100, post="D" * 43))
    lines = [replace(line, fine=4_500_000) for line in award_rows(rows, {})]
    csv_file(tmp_path / "a.csv", lines, blind=False)
    found = csv_rows(tmp_path / "a.csv")
    assert [row["应奖金额(元)"] for row in found] == ["22500.00", "1.00", "1.00"]
    assert [row["撤销追回(元)"] for row in found] == ["22500.00", "0.00", "0.00"]
    assert found[-1]["处罚金额"] == "45000.00"
    assert found[-1]["备注"] == "合计不含已撤销、已冲销的行", "above it stands a sum that is larger than the total"
    xlsx_file(tmp_path / "a.xlsx", lines, HEADING)
    *_, total = table(tmp_path / "a.xlsx")
    assert (total["撤销追回(元)"], total["备注"]) == (0, "合计不含已撤销、已冲销的行")
    balance = ledger.balance(row for row, _ in chained(BUDGET, APPROVE, replace(FORFEIT, kind="revoke")))
    assert (balance.approved, balance.revoked, balance.cancelled) == (0, 0, APPROVE.fen)


def test_a_correction_belongs_to_the_award_whose_row_it_corrects() -> None:
    """A revocation taken back stands with the award that was revoked, not with the newest."""
    revoke, again = replace(FORFEIT, kind="revoke"), replace(APPROVE, fen=100, post="D" * 43)
    old, new = award_rows(parsed(BUDGET, APPROVE, revoke, again, back(3, revoke)), {})
    assert (old.open_fen, old.state, new.open_fen) == (APPROVE.fen, "open", 100)


def test_one_year_at_a_time() -> None:
    other = replace(APPROVE, case="二号", year=2027, day="2027-03-01")
    rows = parsed(BUDGET, replace(BUDGET, year=2027), APPROVE, other)
    assert [line.number for line in award_rows(rows, {}, 2027)] == ["二号"]
    assert [line.number for line in award_rows(rows, {})] == ["一号", "二号"]


@pytest.mark.parametrize("state", ["open", "paid", "forfeited", "revoked", "clawed", "reversed"])
def test_every_state_has_its_word(tmp_path: Path, state: str) -> None:
    csv_file(tmp_path / "a.csv", [replace(ROW, state=state)])
    assert csv_rows(tmp_path / "a.csv")[0]["状态"] not in ("", state)


def test_a_sum_of_superseded_rules_carries_their_banner() -> None:
    (line,) = award_rows(parsed(BUDGET, replace(APPROVE, pack="SD-REW-2021")), {"一号": Known(note="演示")})
    assert line.note.startswith("演示 该标准已被鲁应急发〔2025〕12号")
