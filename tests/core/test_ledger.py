"""The ledger: what may be written, what is seen when a row was tampered with, and sums that always agree."""

import hashlib
import json
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from whistle.core import ledger
from whistle.core.ledger import START, Entry, Head, LedgerError
from whistle.core.summary import summarise

CASE = "〔2026〕1号"
APPROVING, PAYING, OTHER = ("A" * 43, "B" * 43, "C" * 43)
APPROVE = Entry("approve", "2026-11-23", 2026, 2250000, case=CASE, post=APPROVING, pack="SD-REW-2021")
PAY = Entry("pay", "2026-12-01", 2026, 2250000, case=CASE, post=PAYING, voucher="0012", treasury="T-9")


def budget(fen: int = 10_000_000, year: int = 2026) -> Entry:
    return Entry("budget", f"{year}-01-05", year, fen, source="区财政")


class Office:
    """A ledger kept as the server keeps it: admitted, then appended."""

    def __init__(self, *entries: Entry) -> None:
        self.rows: list[tuple[bytes, bytes]] = []
        for entry in entries:
            self.write(entry)

    @property
    def head(self) -> Head:
        return Head(len(self.rows), self.rows[-1][1]) if self.rows else START

    def of(self, case: str) -> list[bytes]:
        return [row for row, _ in self.rows if ledger.parse_row(row).case == case]

    def locked(self) -> str:
        rows = map(ledger.parse_row, self.of(""))
        return max((row.memo for row in rows if row.kind == "lock"), default="")

    def balance(self, year: int = 0) -> ledger.Balance:
        return ledger.balance((row for row, _ in self.rows), year)

    def write(self, entry: Entry) -> None:
        ledger.admit(entry, self.of(entry.case), self.balance(entry.year).left, self.locked())
        self.rows.append(ledger.append(self.head, entry))

    def refuses(self, entry: Entry) -> str:
        with pytest.raises(LedgerError) as refusal:
            self.write(entry)
        return refusal.value.code


def verdict(rows: list[tuple[bytes, bytes]], anchor: Head | None = None) -> tuple[str, int]:
    with pytest.raises(LedgerError) as refusal:
        ledger.verify(rows, anchor)
    return refusal.value.code, refusal.value.no


def reverse(no: int, of: Entry, **changes: object) -> Entry:
    same = {"case": of.case, "year": of.year, "fen": of.fen, "corrects": no, "corrects_kind": of.kind}
    return Entry("reverse", "2026-12-20", **{**same, **changes})  # type: ignore[arg-type]


def test_it_works() -> None:
    office = Office(budget(), APPROVE, PAY)
    assert ledger.verify(office.rows) == office.head
    sums = office.balance()
    assert (sums.budget, sums.approved, sums.paid, sums.open, sums.left) == (
        10_000_000,
        2250000,
        2250000,
        0,
        7_750_000,
    )


def test_the_worked_example_h3_adds_up() -> None:
    office = Office(budget(20_000_000))
    for number, (yuan, kind) in enumerate(((22500, "pay"), (27500, "pay"), (5000, "forfeit"), (50000, ""))):
        case = f"〔2026〕{number + 1}号"
        office.write(replace(APPROVE, case=case, fen=yuan * 100))
        if kind:
            office.write(replace(PAY, kind=kind, case=case, fen=yuan * 100))
    sums = asdict(office.balance())
    assert {name: sums[name] // 100 for name in ("approved", "paid", "forfeited", "open")} == {
        "approved": 105000,
        "paid": 50000,
        "forfeited": 5000,
        "open": 50000,
    }


def test_the_hash_of_a_row_is_that_of_the_envelope() -> None:
    text = (Path(__file__).parents[1] / "vectors" / "x1.json").read_text("utf-8")
    vector = json.loads(text)["ledger"]
    previous, row = bytes.fromhex(vector["previous"]), vector["row"].encode()
    assert ledger.row_hash(previous, row).hex() == vector["hash"]
    assert hashlib.sha256(b"ledger v1\0" + previous + row).hexdigest() == vector["hash"]


def test_a_row_has_one_spelling_and_a_fixed_order() -> None:
    row, _ = ledger.append(START, APPROVE)
    assert row.decode() == (
        '{"no":1,"kind":"approve","day":"2026-11-23","year":2026,"fen":2250000,"case":"〔2026〕1号",'
        f'"post":"{APPROVING}","pack":"SD-REW-2021","clause":"","formula":"","corrects":0,"corrects_kind":"",'
        '"source":"","method":"","voucher":"","treasury":"","memo":""}'
    )
    assert ledger.parse_row(row) == ledger.Row(no=1, **asdict(APPROVE))


@pytest.mark.parametrize(
    ("before", "entry", "code"),
    [
        ([APPROVE], replace(APPROVE, post=OTHER), "approved_twice"),
        ([APPROVE, PAY], replace(APPROVE, post=OTHER), "approved_twice"),
        ([], PAY, "not_approved"),
        ([APPROVE, PAY], replace(PAY, post=OTHER), "paid_twice"),
        ([APPROVE, PAY], PAY, "post_twice"),
        ([APPROVE], replace(PAY, fen=2250001), "pays_too_much"),
        ([APPROVE], replace(PAY, fen=2249999), "pays_in_part"),
        ([APPROVE], replace(PAY, year=2027), "wrong_year"),
        ([APPROVE], replace(PAY, kind="clawback"), "nothing_paid"),
        ([APPROVE, PAY], replace(PAY, kind="clawback", fen=2250001), "more_than_held"),
        ([APPROVE], replace(PAY, kind="forfeit", fen=1), "in_part"),
        ([APPROVE, PAY], replace(PAY, kind="forfeit", post=OTHER), "already_paid"),
        ([APPROVE, replace(PAY, kind="forfeit")], replace(PAY, post=OTHER), "nothing_open"),
        ([], replace(APPROVE, fen=10_000_001), "no_funds"),
        ([], replace(APPROVE, year=2027), "no_funds"),
        ([APPROVE], reverse(9, APPROVE), "corrects_nothing"),
        ([APPROVE], reverse(2, APPROVE, fen=1), "corrects_differently"),
        ([APPROVE], reverse(2, APPROVE, corrects_kind="pay"), "corrects_differently"),
        ([APPROVE, PAY], reverse(2, APPROVE), "correct_later_rows_first"),
        ([APPROVE, reverse(2, APPROVE)], reverse(2, APPROVE), "corrects_nothing"),
        ([APPROVE], reverse(1, budget()), "no_funds"),
    ],
)
def test_the_books_refuse(before: list[Entry], entry: Entry, code: str) -> None:
    assert Office(budget(), *before).refuses(entry) == code


@pytest.mark.parametrize(
    ("entry", "field"),
    [
        (replace(APPROVE, kind="gift"), "kind"),
        (replace(APPROVE, year=1999), "year"),
        (replace(APPROVE, year=True), "year"),
        (replace(APPROVE, day="2026-02-29"), "day"),
        (replace(APPROVE, day="2026-2-9"), "day"),
        (replace(APPROVE, fen=-1), "fen"),
        (replace(APPROVE, fen=0), "fen"),
        (replace(APPROVE, fen=10**14 + 1), "fen"),
        (replace(APPROVE, fen=22500.0), "fen"),
        (replace(APPROVE, case=""), "case"),
        (replace(APPROVE, post=""), "post"),
        (replace(APPROVE, post="A" * 42), "post"),
        (replace(APPROVE, corrects=1), "corrects"),
        (replace(APPROVE, corrects_kind="pay"), "corrects_kind"),
        (replace(APPROVE, voucher="1" * 65), "voucher"),
        (replace(APPROVE, voucher="\u202e1"), "voucher"),
        (replace(APPROVE, memo="13812345678"), "memo"),
        (replace(APPROVE, memo="a\nb"), "memo"),
        (replace(budget(), case=CASE), "case"),
        (Entry("reverse", "2026-12-20", 2026, 1, case=CASE), "corrects"),
        (
            Entry("reverse", "2026-12-20", 2026, 1, case=CASE, corrects=1, corrects_kind="reverse"),
            "corrects_kind",
        ),
        (Entry("lock", "2026-12-01", 2026, memo="2026-13"), "memo"),
        (Entry("lock", "2026-12-01", 2026, 5, memo="2026-11"), "fen"),
        (Entry("lock", "2026-12-01", 2025, memo="2026-11"), "memo"),
        (Entry("concur", "2026-12-01", 2026, case=CASE, post=OTHER), "memo"),
        (Entry("concur", "2026-12-01", 2026, memo="1号", post=OTHER), "case"),
        (Entry("concur", "2026-12-01", 2026, 5, case=CASE, post=OTHER, memo="1号"), "fen"),
    ],
)
def test_a_malformed_entry_is_never_written(entry: Entry, field: str) -> None:
    with pytest.raises(LedgerError) as refusal:
        ledger.append(START, entry)
    assert (refusal.value.code, refusal.value.facts["field"]) == ("bad_entry", field)


def test_a_forfeit_can_be_taken_back_and_then_paid() -> None:
    forfeit = replace(PAY, kind="forfeit", memo="NR14")
    office = Office(budget(), APPROVE, forfeit, reverse(3, forfeit, memo="FR01"), PAY)
    assert office.balance() == Office(budget(), APPROVE, PAY).balance()


def test_a_returned_transfer_is_reversed_and_paid_again_under_the_same_post() -> None:
    office = Office(budget(), APPROVE, PAY, reverse(3, PAY), replace(PAY, voucher="0013"))
    assert office.balance().paid == 2250000
    assert ledger.verify(office.rows) == office.head


def test_a_clawback_in_two_parts_counts_as_revoked() -> None:
    claw = replace(PAY, kind="clawback", post=OTHER, fen=1000000)
    office = Office(budget(), APPROVE, PAY, claw, replace(claw, post=APPROVING, fen=1250000))
    sums = office.balance()
    assert (sums.paid, sums.revoked, sums.approved, sums.left) == (0, 2250000, 2250000, 10_000_000)


def test_a_reversed_approval_frees_its_money_for_another_case() -> None:
    office = Office(budget(2250000), APPROVE, reverse(2, APPROVE))
    assert office.balance().approved == 0
    office.write(replace(APPROVE, case="〔2026〕2号", post=OTHER))


def test_a_correction_goes_to_the_source_it_corrects_and_to_its_own_month() -> None:
    special = replace(budget(3_000_000), source="财政专项")
    office = Office(budget(), special, reverse(2, special), replace(APPROVE, day="2026-12-21"))
    summary = summarise(ledger.parse_row(row) for row, _ in office.rows)
    assert [(one.source, one.fen) for one in summary.sources] == [("区财政", 10_000_000), ("财政专项", 0)]
    moved = {month.month: (month.moved.budget, month.moved.approved) for month in summary.months}
    assert moved == {"2026-01": (13_000_000, 0), "2026-12": (-3_000_000, 2250000)}
    assert summarise((ledger.parse_row(row) for row, _ in office.rows), 2025).sources == ()


def test_an_award_of_one_year_is_paid_in_the_next_from_its_own_budget() -> None:
    office = Office(budget(), APPROVE, replace(PAY, day="2027-01-05"))
    assert office.balance(2026).paid == 2250000
    assert office.balance(2027) == ledger.Balance(0, 0, 0, 0, 0, 0, 0)


NUMBERS: dict[str, Any] = {"voucher": "0013", "treasury": "T-9", "memo": "号码抄错"}
AMEND = Entry("amend", "2026-12-02", 2026, case=CASE, corrects=3, corrects_kind="pay", **NUMBERS)


def test_the_numbers_of_a_payment_are_corrected_by_a_row_that_moves_nothing() -> None:
    office = Office(budget(), APPROVE, PAY)
    before = office.balance(2026)
    office.write(AMEND)
    office.write(replace(AMEND, voucher="0014"))
    assert office.balance(2026) == before
    assert ledger.verify(office.rows) == office.head
    kept = [ledger.parse_row(row) for row, _ in office.rows]
    assert [(row.kind, row.voucher) for row in kept[2:]] == [("pay", "0012"), ("amend", "0013"), ("amend", "0014")]


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"corrects": 9}, "corrects_nothing"),
        ({"corrects": 2}, "corrects_differently"),
        ({"corrects_kind": "clawback"}, "corrects_differently"),
        ({"year": 2027}, "corrects_differently"),
        ({"corrects_kind": "approve"}, "bad_entry"),
        ({"corrects": 0, "corrects_kind": ""}, "bad_entry"),
        ({"voucher": "", "treasury": ""}, "bad_entry"),
        ({"memo": ""}, "bad_entry"),
        ({"case": ""}, "bad_entry"),
        ({"fen": 1}, "bad_entry"),
    ],
)
def test_an_amendment_that_corrects_nothing_right_is_refused(changes: dict[str, object], code: str) -> None:
    office = Office(budget(), APPROVE, PAY)
    assert office.refuses(replace(AMEND, **changes)) == code  # type: ignore[arg-type]


def test_a_payment_taken_back_is_not_amended() -> None:
    back = Entry("reverse", "2026-12-02", 2026, PAY.fen, CASE, corrects=3, corrects_kind="pay")
    assert Office(budget(), APPROVE, PAY, back).refuses(AMEND) == "corrects_nothing"


def test_a_locked_month_takes_no_more_rows() -> None:
    office = Office(budget(), APPROVE, Entry("lock", "2026-12-01", 2026, memo="2026-11"))
    assert office.refuses(replace(PAY, day="2026-11-30")) == "month_locked"
    office.write(PAY)
    assert ledger.verify(office.rows) == office.head


@pytest.mark.parametrize(
    ("day", "month", "code"),
    [
        ("2026-12-01", "2026-12", "month_not_over"),
        ("2026-12-31", "2027-01", "month_not_over"),
        ("2026-12-01", "2026-10", "locked_already"),
        ("2026-12-01", "2026-11", "locked_already"),
        ("2026-11-30", "2026-10", "month_locked"),
    ],
)
def test_only_a_month_that_is_over_and_open_is_locked(day: str, month: str, code: str) -> None:
    office = Office(budget(), Entry("lock", "2026-12-01", 2026, memo="2026-11"))
    assert office.refuses(Entry("lock", day, int(month[:4]), memo=month)) == code


def test_a_lock_closes_every_month_before_it() -> None:
    office = Office(budget(), Entry("lock", "2026-12-01", 2026, memo="2026-11"))
    for day in ("2026-11-30", "2026-03-01", "2025-12-31"):
        assert office.refuses(replace(APPROVE, day=day)) == "month_locked"


def test_a_mistake_of_a_locked_month_is_reversed_in_an_open_one() -> None:
    office = Office(budget(), Entry("lock", "2026-12-01", 2026, memo="2026-11"))
    office.write(reverse(1, budget(), memo="登记错误"))
    office.write(replace(budget(9_000_000), day="2026-12-20"))
    assert office.balance().budget == 9_000_000
    assert ledger.verify(office.rows) == office.head


def test_a_row_slipped_into_a_locked_month_is_found_though_its_chain_fits() -> None:
    office = Office(budget(), Entry("lock", "2026-12-01", 2026, memo="2026-11"))
    office.rows.append(ledger.append(office.head, replace(APPROVE, day="2026-11-30")))
    assert verdict(office.rows) == ("month_locked", 3)


def test_a_concurrence_moves_nothing_and_is_given_once() -> None:
    concur = Entry("concur", "2026-11-23", 2026, case=CASE, post=APPROVING, memo="财会签1号")
    office = Office(budget(), APPROVE)
    before = office.balance()
    office.write(concur)
    assert office.balance() == before
    assert office.refuses(concur) == "post_twice"
    office.write(PAY)
    assert ledger.verify(office.rows) == office.head


@pytest.mark.parametrize("kind", ["meeting", "filing", "cash"])
def test_another_paper_of_an_award_moves_nothing_and_is_entered_once(kind: str) -> None:
    numbered = {"voucher": "银审1号"} if kind == "cash" else {}
    paper = Entry(kind, "2026-11-24", 2026, case=CASE, post=APPROVING, memo="1号", **numbered)  # type: ignore[arg-type]
    office = Office(budget(), APPROVE)
    before = office.balance()
    office.write(paper)
    assert office.balance() == before
    assert office.refuses(paper) == "post_twice"
    assert office.refuses(replace(paper, post=OTHER, memo="")) == "bad_entry"
    if kind == "cash":
        assert office.refuses(replace(paper, post=OTHER, voucher="")) == "bad_entry"
    office.write(PAY)
    assert ledger.verify(office.rows) == office.head


def test_a_concurrence_may_come_before_the_money() -> None:
    office = Office(Entry("concur", "2026-11-23", 2026, case=CASE, post=APPROVING, memo="财会签1号"))
    assert office.refuses(APPROVE) == "no_funds"
    office.write(budget())
    office.write(APPROVE)
    assert office.refuses(replace(PAY, post="", kind="pay")) == "bad_entry"
    office.write(PAY)
    assert ledger.verify(office.rows) == office.head


def ten_rows() -> Office:
    office = Office(budget())
    for number in range(1, 10):
        office.write(replace(APPROVE, case=f"〔2026〕{number}号", fen=1000 + number))
    return office


def test_an_edited_row_is_named() -> None:
    rows = ten_rows().rows
    rows[4] = (rows[4][0].replace(b'"fen":1004', b'"fen":9004'), rows[4][1])
    assert verdict(rows) == ("edited", 5)


def test_an_edited_row_with_its_hash_made_anew_is_seen_at_the_next() -> None:
    rows = ten_rows().rows
    forged = rows[4][0].replace(b'"fen":1004', b'"fen":9004')
    rows[4] = (forged, ledger.row_hash(rows[3][1], forged))
    assert verdict(rows) == ("edited", 6)


def test_a_chain_made_anew_from_the_edit_on_is_seen_against_an_anchor() -> None:
    office = ten_rows()
    anchor, head, rows = office.head, START, []
    for row, _ in office.rows:
        data = row.replace(b'"fen":1004', b'"fen":9004')
        rows.append((data, ledger.row_hash(head.hash, data)))
        head = Head(head.count + 1, rows[-1][1])
    assert ledger.verify(rows) == head
    assert verdict(rows, anchor) == ("anchor", 10)


def test_a_dropped_row_is_named() -> None:
    rows = ten_rows().rows
    assert verdict(rows[:4] + rows[5:]) == ("dropped", 5)


def test_two_exchanged_rows_are_named() -> None:
    rows = ten_rows().rows
    rows[4], rows[5] = rows[5], rows[4]
    assert verdict(rows) == ("reordered", 5)


def test_a_doubled_row_is_named() -> None:
    rows = ten_rows().rows
    assert verdict(rows[:5] + rows[4:]) == ("reordered", 6)


def test_a_truncated_ledger_is_seen_against_an_anchor_only() -> None:
    office = ten_rows()
    short = office.rows[:8]
    assert ledger.verify(short).count == 8
    assert verdict(short, office.head) == ("truncated", 9)


def test_a_ledger_that_grew_since_the_anchor_is_well() -> None:
    office = ten_rows()
    assert ledger.verify(office.rows, Head(4, office.rows[3][1])) == office.head


def test_rows_that_only_our_own_server_could_chain_are_still_checked_against_the_books() -> None:
    office = Office(budget(), APPROVE)
    office.rows.append(ledger.append(office.head, replace(PAY, fen=2250001)))
    assert verdict(office.rows) == ("pays_too_much", 3)


@pytest.mark.parametrize(
    "spoil",
    [
        lambda row: row + b" ",
        lambda row: row.replace(b'"memo":""', b'"memo":null'),
        lambda row: row.replace(b',"memo":""', b""),
        lambda row: row.replace(b'"fen":2250000', b'"fen":2250000.0'),
        lambda row: row.replace(b'"no":1', b'"no":0'),
        lambda row: row.replace(b'"no":1', b'"no":true'),
        lambda row: row.replace(b'"memo":""', b'"memo":"","note":""'),
        lambda row: row.replace(b'"kind":"approve"', b'"kind":["approve"]'),
        lambda row: row[:-1],
        lambda row: b"\xff" + row,
        lambda row: b"[" * 100_000,
        lambda row: json.dumps(list(json.loads(row))).encode(),
        lambda row: row.replace(b'"memo":""', b'"memo":[]'),
        lambda row: row.replace(b'"memo":""', b'"memo":"\\ud800"'),
        lambda row: row.replace(b'"fen":2250000', b'"fen":true'),
        lambda row: row.replace(b'"no":1,', b'"no":1,"no":1,'),
        lambda row: row.replace(b'"no":1,', b'"no":01,'),
        lambda row: row.replace(b'"no":1,', b'"no":1e0,'),
        lambda row: row.replace(b'"no":1,', b'"no":-1,'),
        lambda row: row.replace(b'"no":1,', '"no":١,'.encode()),
        lambda row: row.replace(b'"no":1,', b'"no":9999999999999999,'),
        lambda row: row.replace(b'"memo":""', b'"memo":"\\u0041"'),
        lambda row: row.replace(b'"memo":""', b'"memo":"\\/"'),
        lambda row: row.replace(b'"memo":""', b'"memo":"a\nb"'),
        lambda row: row.replace(b'"memo":""', b'"memo":"\\"'),
        lambda row: row + b"\n",
    ],
)
def test_a_row_we_could_not_have_written_is_a_bad_row(spoil) -> None:  # type: ignore[no-untyped-def]
    data = spoil(ledger.append(START, APPROVE)[0])
    assert verdict([(data, ledger.row_hash(START.hash, data))]) == ("bad_row", 1)


TEXTS = st.text(st.characters(codec="utf-8"), max_size=20)


@settings(deadline=None, max_examples=300)
@given(TEXTS, TEXTS, TEXTS)
def test_every_text_that_may_be_written_is_read_back_and_has_the_one_spelling_of_json(
    source: str, voucher: str, memo: str
) -> None:
    entry = replace(APPROVE, source=source, voucher=voucher, memo=memo)
    try:
        row, _ = ledger.append(START, entry)
    except LedgerError:
        return
    assert ledger.parse_row(row) == ledger.Row(no=1, **asdict(entry))
    assert json.dumps(json.loads(row), ensure_ascii=False, separators=(",", ":")).encode() == row


def test_quotes_and_backslashes_are_read_back() -> None:
    entry = replace(APPROVE, source='a"b\\c\\"', voucher="\\\\", memo='"')
    assert ledger.parse_row(ledger.append(START, entry)[0]) == ledger.Row(no=1, **asdict(entry))


KINDS = st.sampled_from(["approve", "pay", "forfeit", "revoke", "clawback", "reverse", "budget", "lock", "concur"])
MOVE = st.tuples(KINDS, st.integers(0, 3), st.integers(1, 4), st.sampled_from([2026, 2027]), st.integers(1, 30))


def entry_of(move: tuple[str, int, int, int, int], turn: int, office: Office) -> Entry:
    kind, case, fen, year, corrects = move
    post, day = f"{turn:043d}", f"2026-{6 + turn // 10:02d}-23"
    if kind == "budget":
        return Entry("budget", day, year, fen, source=f"来源{corrects % 2}")
    if kind == "lock":
        return Entry("lock", day, 2026, memo=f"2026-{1 + corrects % 12:02d}")
    if kind == "concur":
        return Entry("concur", day, year, case=str(case), post=post, memo="财会签1号")
    if kind == "reverse" and corrects <= len(office.rows):
        found = ledger.parse_row(office.rows[corrects - 1][0])
        return Entry(
            "reverse",
            day,
            found.year,
            found.fen,
            found.case,
            post,
            corrects=corrects,
            corrects_kind=found.kind,
        )
    if kind == "reverse":
        return Entry("reverse", day, year, fen, str(case), post, corrects=corrects, corrects_kind="pay")
    return Entry(kind, day, year, fen, case=str(case), post=post)


@settings(deadline=None, max_examples=150)
@given(st.lists(MOVE, max_size=40))
def test_the_sums_agree_after_any_history(history: list[tuple[str, int, int, int, int]]) -> None:
    office = Office(budget(6), replace(budget(4, 2027), day="2026-01-05"))
    for turn, move in enumerate(history):
        try:
            office.write(entry_of(move, turn, office))
        except LedgerError:
            continue
    for year in (0, 2026, 2027):
        sums = office.balance(year)
        assert sums.approved == sums.paid + sums.open + sums.forfeited + sums.revoked
        assert sums.left == sums.budget - sums.paid - sums.open >= 0
        assert min(asdict(sums).values()) >= 0
        summary = summarise([ledger.parse_row(row) for row, _ in office.rows], year)
        assert summary.balance == sums
        assert sum(source.fen for source in summary.sources) == sums.budget
        for name in ("budget", "approved", "paid", "open", "forfeited", "revoked", "left"):
            assert sum(getattr(month.moved, name) for month in summary.months) == getattr(sums, name)
    assert summary.locked == office.locked()
    assert all(month.is_locked == (month.month <= summary.locked) for month in summary.months)
    assert ledger.verify(office.rows, office.head) == office.head


@settings(deadline=None, max_examples=150)
@given(st.data())
def test_any_tampering_is_seen_at_or_before_the_anchor(data: st.DataObject) -> None:
    office = ten_rows()
    rows, anchor = list(office.rows), office.head
    at = data.draw(st.integers(0, 9))
    how = data.draw(st.sampled_from(["edit", "drop", "swap", "cut"]))
    if how == "edit":
        row, stored = rows[at]
        place = data.draw(st.integers(0, len(row) - 1))
        rows[at] = (
            row[:place] + bytes([row[place] ^ data.draw(st.integers(1, 255))]) + row[place + 1 :],
            stored,
        )
    elif how == "drop":
        del rows[at]
    elif how == "swap":
        other = data.draw(st.integers(0, 9).filter(lambda n: n != at))
        rows[at], rows[other] = rows[other], rows[at]
    else:
        rows = rows[:at]
    with pytest.raises(LedgerError):
        ledger.verify(rows, anchor)


def test_totals_from_a_database_give_the_same_balance() -> None:
    office = Office(budget(), APPROVE, PAY, reverse(3, PAY))
    rows = [ledger.parse_row(row) for row, _ in office.rows]
    assert ledger.balance_from((row.kind, row.corrects_kind, row.fen) for row in rows) == office.balance()
