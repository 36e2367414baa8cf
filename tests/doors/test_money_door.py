"""Money at the review door: what may be proposed, approved, paid; once, by a rule that pays, from what there is."""

import csv
import dataclasses
import hashlib
import io
import json
import os
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import httpx
import openpyxl
import pytest

from tests.conftest import Demo
from tests.doors import later, reviewer
from tests.doors.hand import Hand, error
from tests.doors.office import FEN, PACK, PINNED, Team, facts_document
from whistle.client import ClientError, Office, Piece
from whistle.core import rulebook
from whistle.core.calendar import due
from whistle.core.clock import minute
from whistle.crypto.encoding import b64
from whistle.crypto.keys import reviewer_keys
from whistle.crypto.posts import facts_hash
from whistle.crypto.ticket import Ticket

CAP = rulebook.ceiling(rulebook.load(PACK))
OTHER = "CN-NAT-2018"


@pytest.fixture
def ticket(hand: Hand) -> Ticket:
    return hand.filed()


@pytest.fixture
def case(ticket: Ticket) -> str:
    return b64(ticket.case)


def reason(answer: httpx.Response) -> tuple[int, str]:
    return answer.status_code, answer.json().get("reason", answer.json()["error"])


def rows(team: Team, case: str) -> list[tuple[str, int]]:
    number = team.leader.case(case).number
    found = team.leader.ledger_rows()
    return [(row["kind"], row["fen"]) for row in found if row["case"] == number]


def balance(team: Team) -> dict[str, int]:
    found: dict[str, int] = reviewer.get(team.finance, "/api/ledger").json()["balance"]
    return found


def proposal(team: Team, case: str, **bent: Any) -> reviewer.Act:
    facts = facts_document()
    fields = {"pack": PACK, "pack_hash": PINNED[1], "fen": FEN, "facts": facts_hash(facts)}
    return reviewer.act(team.payout, case, "award.propose", fields | bent, [Piece("award", facts, "application/json")])


def approval(team: Team, case: str, **bent: Any) -> reviewer.Act:
    found = team.leader.case(case).fold.proposal
    assert found is not None
    return reviewer.act(team.leader, case, "award.approve", {"proposal": found.hash, "fen": found.fen} | bent)


def test_it_works(team: Team, hand: Hand, demo: Demo) -> None:
    filed = demo.reporter().submit("木工车间的电机外壳没有接地。", passphrase="青山不老")
    before = balance(team)
    team.to_notice(filed.case)
    assert rows(team, filed.case) == [("approve", FEN)]
    demo.reporter().claim(filed.ticket, payee="持码人", method="counter", declared=True, passphrase="青山不老")
    team.to_payment(filed.case)
    assert rows(team, filed.case) == [("approve", FEN), ("pay", FEN)]
    after = balance(team)
    assert {name: after[name] - before[name] for name in ("approved", "paid", "open")} == {
        "approved": FEN, "paid": FEN, "open": 0,
    }  # fmt: skip


# Proposals


def test_a_pack_the_directory_does_not_list_pays_nothing(team: Team, case: str) -> None:
    digest = b64(rulebook.pack_hash(rulebook.load(OTHER)))
    team.intake.accept(
        case,
        category="violation",
        sector="industry_trade",
        packs=[PINNED, (OTHER, digest)],
        received=team.intake.case(case).today,
    )
    team.intake.extract(case, {"line": "检查"}, "检查。")
    team.intake.assign(case, {"verifier": [team.person("verifier")]})
    team.verifier.finding(case, "verified", "属实。", facts_document())
    bent = {"pack": OTHER, "pack_hash": digest}
    assert reason(proposal(team, case, **bent).send()) == (422, "pack_not_listed")
    assert team.payout.case(case).fold.state == "verified"


BENT: dict[str, tuple[dict[str, Any], str]] = {
    "another hash of the pack": ({"pack_hash": b64(bytes(32))}, "pack_edited"),
    "a pack that was not pinned": ({"pack": OTHER}, "pack"),
    "nothing": ({"fen": 0}, "fen"),
    "above the cap": ({"fen": CAP + 1}, "cap"),
}


@pytest.mark.parametrize("how", BENT)
def test_a_bent_proposal_is_refused(team: Team, case: str, how: str) -> None:
    team.to_finding(case)
    bent, code = BENT[how]
    assert reason(proposal(team, case, **bent).send()) == (422, code)
    assert proposal(team, case).send().status_code == 201


# Approvals


def test_an_approval_names_the_proposal_and_its_sum(team: Team, case: str) -> None:
    team.to_proposal(case)
    for bent, code in (
        ({"fen": FEN - 1}, "fen"),
        ({"fen": FEN + 1}, "fen"),
        ({"proposal": b64(bytes(32))}, "proposal"),
    ):
        assert reason(approval(team, case, **bent).send()) == (422, code)
    assert rows(team, case) == []
    assert approval(team, case).send().status_code == 201


def test_a_replaced_proposal_can_no_longer_be_approved(team: Team, case: str) -> None:
    team.to_proposal(case)
    old = approval(team, case)
    team.payout.propose(case, *PINNED, FEN - 100, facts_document())
    assert error(old.send()) == (409, "conflict")
    newest = team.leader.case(case).chain
    again = old.upload(**newest.next("office"))
    assert reason(old.send(again)) == (422, "proposal")


def test_payout_does_not_approve_its_own(team: Team, case: str) -> None:
    team.to_proposal(case)
    found = team.payout.case(case).fold.proposal
    assert found is not None
    act = reviewer.act(team.payout, case, "award.approve", {"proposal": found.hash, "fen": found.fen})
    assert reason(act.send()) == (422, "wrong_role")


def test_two_tabs_approving_at_once_make_one_row(team: Team, case: str) -> None:
    team.to_proposal(case)
    acts = [approval(team, case) for _ in range(2)]
    with ThreadPoolExecutor(2) as tabs:
        statuses = sorted(answer.status_code for answer in tabs.map(reviewer.Act.send, acts))
    assert statuses == [201, 409]
    assert rows(team, case) == [("approve", FEN)]


def test_a_retried_approval_makes_one_row(team: Team, case: str) -> None:
    team.to_proposal(case)
    act = approval(team, case)
    upload = act.upload()
    assert [act.send(upload).status_code for _ in range(3)] == [201, 200, 200]
    assert rows(team, case) == [("approve", FEN)]


def test_an_empty_budget_holds_an_approval_without_a_row(team: Team, hand: Hand) -> None:
    """The cap is the year's budget: with anything spent, it does not bear another."""
    spent, case = b64(hand.filed().case), b64(hand.filed().case)
    team.to_notice(spent)
    team.to_proposal(case, CAP)
    before = balance(team)
    assert approval(team, case).send().status_code == 201
    assert (balance(team), rows(team, case)) == (before, [])
    until = due(team.payout.case(case).today, 60, "day", {}).date
    notice = reviewer.act(
        team.payout, case, "award.notify", {"fen": CAP, "claim_by": until}, [Piece("payout", b"x", "text/plain")]
    )
    answer = notice.send()
    assert reason(answer) == (422, "no_funds")
    assert set(answer.json()) == {"error", "reason"}
    assert (balance(team), rows(team, case)) == (before, [])


def test_a_refusal_after_approval_gives_the_sum_back(team: Team, case: str) -> None:
    team.to_proposal(case)
    team.leader.approve(case)
    left = balance(team)["left"]
    team.leader.refuse_award(case, "NR03")
    assert rows(team, case) == [("approve", FEN), ("revoke", FEN)]
    assert balance(team)["left"] == left + FEN


def test_a_refusal_before_approval_moves_no_money(team: Team, case: str) -> None:
    team.to_proposal(case)
    team.leader.refuse_award(case, "NR03")
    assert rows(team, case) == []


# Payment


def claimed(team: Team, demo: Demo) -> str:
    filed = demo.reporter().submit("叉车没有刹车。")
    team.to_notice(filed.case)
    demo.reporter().claim(filed.ticket, payee="持码人", method="counter", declared=True)
    return filed.case


def payment(team: Team, case: str, **bent: Any) -> reviewer.Act:
    today = team.finance.case(case).today
    return reviewer.act(team.finance, case, "pay", {"voucher": "凭-1", "treasury": "国-1", "day": today} | bent)


def test_nothing_is_paid_before_the_claim_was_checked(team: Team, demo: Demo) -> None:
    case = claimed(team, demo)
    assert reason(payment(team, case).send()) == (422, "needs")
    team.payout.check(case)
    assert reason(payment(team, case, voucher="").send()) == (422, "voucher")
    assert reason(payment(team, case, day="2020-01-01").send()) == (422, "day")
    assert rows(team, case) == [("approve", FEN)]


def test_two_tabs_paying_at_once_pay_once(team: Team, demo: Demo) -> None:
    case = claimed(team, demo)
    team.payout.check(case)
    acts = [payment(team, case) for _ in range(3)]
    with ThreadPoolExecutor(3) as tabs:
        statuses = sorted(answer.status_code for answer in tabs.map(reviewer.Act.send, acts))
    assert statuses == [201, 409, 409]
    assert rows(team, case) == [("approve", FEN), ("pay", FEN)]
    assert reason(payment(team, case).send()) == (422, "state")


def test_only_finance_pays(team: Team, demo: Demo) -> None:
    case = claimed(team, demo)
    team.payout.check(case)
    today = team.payout.case(case).today
    for office in (team.payout, team.leader):
        act = reviewer.act(office, case, "pay", {"voucher": "1", "treasury": "1", "day": today})
        assert reason(act.send()) == (422, "wrong_role")


@pytest.mark.parametrize("method", ["counter", "transfer", "voucher"])
def test_each_way_of_being_paid_takes_two_officers_and_names_nobody(team: Team, demo: Demo, method: str) -> None:
    one = demo.reporter().submit("配电箱没有门。")
    team.to_notice(one.case)
    demo.reporter().claim(one.ticket, payee="无名氏-7", method=method, declared=True, passphrase="青山不老")
    team.to_payment(one.case)
    persons = team.leader.case(one.case).fold.acted
    assert not persons["claim.check"] & persons["pay"]
    number = team.leader.case(one.case).number
    told = list(team.finance.ledger_rows())
    paid = [row for row in told if (row["case"], row["kind"]) == (number, "pay")]
    assert [row["method"] for row in paid] == [method]
    assert "无名氏-7" not in json.dumps(told, ensure_ascii=False)


def test_a_notice_names_the_sum_approved_and_a_day_to_come(team: Team, case: str) -> None:
    team.to_proposal(case)
    team.leader.approve(case)
    until = due(team.payout.case(case).today, 60, "day", {}).date
    for bent in ({"fen": FEN + 1, "claim_by": until}, {"fen": FEN, "claim_by": "2020-01-01"}):
        act = reviewer.act(team.payout, case, "award.notify", bent, [Piece("payout")])
        assert act.send().status_code == 422


# The budget and the files


BUDGETS: dict[str, tuple[dict[str, Any], int]] = {
    "text for a year": ({"year": "2026"}, 400),
    "true for a sum": ({"fen": True}, 400),
    "a sum below zero": ({"fen": -1}, 400),
    "no sum": ({"fen": 0}, 422),
    "a sum past counting": ({"fen": 10**30}, 400),
    "a year long gone": ({"year": 1999}, 422),
    "a year past counting": ({"year": 10**30}, 400),
    "a source with a break": ({"source": "a\nb"}, 400),
    "no source": ({"source": " "}, 422),
    "a source without end": ({"source": "长" * 100}, 422),
}


@pytest.mark.parametrize("how", BUDGETS)
def test_a_bent_budget_is_refused(team: Team, how: str) -> None:
    before = balance(team)
    bent, status = BUDGETS[how]
    told = {"year": 2027, "source": "经费", "fen": 100} | bent
    assert reviewer.book(team.finance, "budget", told).status_code == status
    assert balance(team) == before


def test_only_finance_opens_a_budget(team: Team) -> None:
    told = {"year": 2027, "source": "经费", "fen": 100}
    for office in (team.leader, team.payout, team.auditor, team.intake):
        assert error(reviewer.book(office, "budget", told)) == (403, "wrong_role")


def test_what_finance_enters_is_signed_by_its_key_and_by_no_session_alone(team: Team, demo: Demo) -> None:
    before, told = balance(team), {"year": 2027, "source": "经费", "fen": 100}
    stranger, other = reviewer_keys(os.urandom(32)), team.leader._keys
    for keys in (stranger, other):
        assert error(reviewer.book(team.finance, "budget", told, keys=keys)) == (422, "refused")
    answer = reviewer.post(team.finance, "/api/ledger/book", json={"booking": "{}", "sig": b64(bytes(64))})
    assert error(answer) == (400, "malformed")
    assert error(reviewer.book(team.finance, "budget", told, author=team.leader.rid)) == (422, "refused")
    assert error(reviewer.book(team.finance, "budget", told, zone=b64(bytes(16)))) == (422, "refused")
    assert error(reviewer.book(team.finance, "budget", told, dir=b64(bytes(32)))) == (409, "stale_directory")
    assert reason(reviewer.book(team.finance, "budget", told, when=minute(time.time() - 3600))) == (422, "clock")
    for unused in ({"no": 1}, {"memo": "x"}, {"month": "2026-01"}, {"approval": b64(bytes(32))}):
        assert error(reviewer.book(team.finance, "budget", told | unused)) == (400, "malformed")
    assert balance(team) == before


def test_a_booking_whose_answer_was_lost_is_entered_once(team: Team) -> None:
    told, pid, when = {"year": 2033, "source": "经费", "fen": 100}, b64(os.urandom(16)), minute(time.time())
    answers = [reviewer.book(team.finance, "budget", told, pid=pid, when=when).status_code for _ in range(2)]
    assert answers == [201, 201]
    assert [row["fen"] for row in ledger(team, "2033")["rows"]] == [100]
    another = reviewer.book(team.finance, "budget", told | {"fen": 200}, pid=pid, when=when)
    assert error(another) == (409, "conflict")


def ledger(team: Team, year: str = "0") -> dict[str, Any]:
    found: dict[str, Any] = reviewer.get(team.finance, "/api/ledger", params={"year": year}).json()
    return found


def source(team: Team, year: int, name: str) -> int:
    found = {one["source"]: one["fen"] for one in ledger(team, str(year))["sources"]}
    return int(found.get(name, 0))


def test_a_wrong_budget_row_is_taken_back_once_by_a_row_of_its_own(team: Team) -> None:
    before = source(team, 2031, "财政专项")
    team.finance.open_budget(2031, "财政专项", 500)
    wrong = ledger(team, "2031")["rows"][-1]
    team.finance.take_back(wrong["no"], "登记错误")
    back = ledger(team, "2031")["rows"][-1]
    assert (back["kind"], back["corrects"], back["source"], back["fen"]) == ("reverse", wrong["no"], "财政专项", 500)
    assert source(team, 2031, "财政专项") == before
    told = {"no": wrong["no"], "memo": "登记错误"}
    assert reason(reviewer.book(team.finance, "reverse", told)) == (422, "corrects_nothing")


BENT_REVERSALS: dict[str, tuple[dict[str, Any], int]] = {
    "no reason": ({"memo": " "}, 422),
    "a telephone for a reason": ({"memo": "13812345678"}, 422),
    "a row that is not there": ({"no": 10**9}, 422),
    "row nought": ({"no": 0}, 422),
    "a row past counting": ({"no": 10**40}, 400),
    "text for a row": ({"no": "1"}, 400),
    "true for a row": ({"no": True}, 400),
}


@pytest.mark.parametrize("how", BENT_REVERSALS)
def test_a_bent_reversal_is_refused(team: Team, how: str) -> None:
    team.finance.open_budget(2032, "经费", 100)
    before = balance(team)
    bent, status = BENT_REVERSALS[how]
    told = {"no": ledger(team, "2032")["rows"][-1]["no"], "memo": "登记错误"} | bent
    assert reviewer.book(team.finance, "reverse", told).status_code == status
    assert balance(team) == before


def test_an_award_is_not_taken_back_by_finance(team: Team, case: str) -> None:
    team.to_notice(case)
    row = next(row for row in ledger(team)["rows"] if row["kind"] == "approve")
    told = {"no": row["no"], "memo": "登记错误"}
    assert reason(reviewer.book(team.finance, "reverse", told)) == (422, "not_a_budget")


def month_before(day: str) -> str:
    return (date.fromisoformat(day).replace(day=1) - timedelta(days=1)).isoformat()[:7]


def test_a_month_is_locked_once_it_is_over_and_never_twice(team: Team) -> None:
    today = str(reviewer.get(team.finance, "/api/inbox").json()["today"])
    over = month_before(today)
    assert lock(team.finance, today[:7]) == (422, "month_not_over")
    if ledger(team)["locked"] < over:  # the demo is shared: another test may have locked it
        team.finance.lock_month(over)
    found = ledger(team)
    assert found["locked"] == over
    assert over in [row["memo"] for row in team.finance.ledger_rows() if row["kind"] == "lock"]
    for month in (over, month_before(f"{over}-01")):
        assert lock(team.finance, month) == (422, "locked_already")
    for month in ("2026-13", "2026-1", "", "2026-10-01", "٢٠٢٦-10"):
        assert lock(team.finance, month) == (422, "bad_entry")


def test_only_finance_locks_and_takes_back(team: Team) -> None:
    for office in (team.leader, team.payout, team.auditor, team.intake):
        assert lock(office, "2026-01") == (403, "wrong_role")
        answer = reviewer.book(office, "reverse", {"no": 1, "memo": "错"})
        assert error(answer) == (403, "wrong_role")


def lock(office: Office, month: str) -> tuple[int, str]:
    return reason(reviewer.book(office, "lock", {"month": month}))


@pytest.mark.parametrize("year", ["x", "-1", "1e3", "9" * 5_000, "٢٠٢٦", "12"])
def test_a_year_of_another_form_is_malformed(team: Team, year: str) -> None:
    for path in ("/api/ledger", "/api/ledger/export"):
        answer = reviewer.get(team.finance, path, params={"year": year, "format": "csv"})
        assert error(answer) == (400, "malformed")


def test_a_file_of_another_form_is_malformed(team: Team) -> None:
    for form in ("", "pdf", "../csv"):
        answer = reviewer.get(team.finance, "/api/ledger/export", params={"format": form})
        assert error(answer) == (400, "malformed")


def export(office: Office, form: str) -> httpx.Response:
    answer = reviewer.get(office, "/api/ledger/export", params={"format": form})
    assert hashlib.sha256(answer.content).hexdigest() == answer.headers["whistle-sha256"]
    assert f'filename="award-ledger.{form}"' in answer.headers["content-disposition"]
    assert answer.headers["cache-control"] == "no-store"
    assert int(answer.headers["content-length"]) == len(answer.content)
    return answer


def test_the_csv_shows_the_award_in_figures_and_in_words(team: Team, case: str) -> None:
    team.to_notice(case)
    answer = export(team.finance, "csv")
    assert answer.content.startswith(b"\xef\xbb\xbf")
    lines = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    (line,) = [line for line in lines if team.leader.case(case).number in line]
    assert {"22500.00", "贰万贰仟伍佰元整"} <= set(line)


def test_the_xlsx_shows_the_award_in_figures_and_in_words(team: Team, case: str) -> None:
    team.to_notice(case)
    sheet = openpyxl.load_workbook(io.BytesIO(export(team.auditor, "xlsx").content)).active
    assert sheet is not None
    number = team.leader.case(case).number
    (line,) = [cells for cells in sheet.iter_rows(values_only=True) if number in cells]
    assert 22500 in line and "贰万贰仟伍佰元整" in line


def test_the_anchor_of_the_door_is_the_ledgers_head(team: Team) -> None:
    answer = reviewer.get(team.auditor, "/api/ledger/anchor")
    assert "attachment" in answer.headers["content-disposition"]
    rows = [json.loads(line) for line in export(team.auditor, "jsonl").text.splitlines()]
    stood = answer.json()["ledger"]
    assert stood["count"] <= len(rows)  # others may have written since
    assert stood["head"] == b64(bytes.fromhex(rows[stood["count"] - 1]["hash"]))
    assert error(reviewer.get(team.intake, "/api/ledger/anchor")) == (403, "wrong_role")


def test_an_export_leaves_no_file_behind(team: Team) -> None:
    before = leftovers()
    export(team.finance, "csv")
    assert leftovers() <= before


def leftovers() -> set[str]:
    return {path.name for path in Path("/tmp").glob("tmp*.csv")}  # noqa: S108 (where the export is made)


def test_rows_and_balance_name_no_case_id_and_nobody(team: Team, case: str) -> None:
    team.to_notice(case)
    told = list(team.finance.ledger_rows())
    assert case not in json.dumps(told) + reviewer.get(team.finance, "/api/ledger").text
    assert told[0]["kind"] == "budget"


# What waits for money, and for the finance department


def waits(team: Team, case: str, where: str = "waiting") -> dict[str, Any] | None:
    number = team.leader.case(case).number
    found = {one["number"]: one for one in ledger(team)[where]["awards"]}
    return found.get(number)


def notice(team: Team, case: str, fen: int) -> reviewer.Act:
    until = due(team.payout.case(case).today, 60, "day", {}).date
    return reviewer.act(
        team.payout, case, "award.notify", {"fen": fen, "claim_by": until}, [Piece("payout", b"x", "text/plain")]
    )


def is_held(team: Team, case: str) -> bool:
    row = next(row for row in team.payout.inbox(state="reward_approved") if row["case"] == case)
    seen = reviewer.get(team.payout, "/api/case", headers={"Whistle-Case": case}).json()["held"]
    assert row["held"] is seen
    return bool(seen)


def test_finance_sees_what_waits_and_a_budget_lets_it_go_on(team: Team, hand: Hand) -> None:
    case = b64(hand.filed().case)
    team.to_proposal(case, CAP)
    year = int(team.leader.case(case).today[:4])
    before = ledger(team, str(year))
    assert before["balance"]["left"] < CAP  # the demo's budget is the cap, and no test puts in more
    assert approval(team, case).send().status_code == 201
    found = ledger(team, str(year))["waiting"]
    assert found["count"] == before["waiting"]["count"] + 1
    assert found["fen"] == before["waiting"]["fen"] + CAP
    assert found["since"] <= team.leader.case(case).today
    assert found["short"] == max(found["fen"] - before["balance"]["left"], 0) > 0
    one = waits(team, case)
    assert one is not None and (one["fen"], one["borne"]) == (CAP, False)
    assert is_held(team, case)
    assert reason(notice(team, case, CAP).send()) == (422, "no_funds")

    team.finance.open_budget(year, "追加", found["short"])
    one = waits(team, case)
    assert one is not None and one["borne"]
    assert not is_held(team, case)
    assert notice(team, case, CAP).send().status_code == 201
    assert waits(team, case) is None
    assert rows(team, case) == [("approve", CAP)]
    # put the shared budget back to what other tests expect: short of another cap
    team.leader.forfeit(case, "NR16")
    team.finance.take_back(list(team.finance.ledger_rows(year))[-3]["no"], "测试冲回")
    assert ledger(team, str(year))["balance"]["left"] == before["balance"]["left"]


def test_who_does_not_read_the_ledger_does_not_see_what_waits(team: Team) -> None:
    for office in (team.intake, team.verifier):
        assert error(reviewer.get(office, "/api/ledger")) == (403, "wrong_role")


def test_without_the_setting_no_award_is_large(team: Team, case: str) -> None:
    team.to_proposal(case)
    team.demo.fund()
    team.leader.approve(case)
    assert ledger(team)["large"] == {"from": 0, "awards": [], "next": ""}
    seen = team.leader.case(case)
    told = {"number": seen.number, "approval": seen.fold.approval, "memo": "1号"}
    assert reason(reviewer.book(team.finance, "concur", told)) == (422, "not_large")
    assert notice(team, case, FEN).send().status_code == 201


@pytest.fixture(scope="module")
def strict(demo: Demo) -> Iterator[Team]:
    """The same people at a door where an award of this sum is large."""
    with later.door(demo.data, "review", database=demo.database, large_sum=FEN) as url:
        team = Team(dataclasses.replace(demo, review_port=int(url.rsplit(":", 1)[1]), clients=[]))
        yield team
        for each in team.demo.clients:
            each.close()


def test_a_large_award_is_told_only_after_the_finance_department_concurred(strict: Team, case: str) -> None:
    strict.to_proposal(case)
    strict.demo.fund()
    strict.leader.approve(case)
    number = strict.leader.case(case).number
    asked = waits(strict, case, "large")
    assert asked is not None and asked["fen"] == FEN
    assert reason(notice(strict, case, FEN).send()) == (422, "concur")
    strict.finance.concur(number, "临港财〔2026〕12号")
    assert waits(strict, case, "large") is None
    assert notice(strict, case, FEN).send().status_code == 201
    assert rows(strict, case) == [("approve", FEN), ("concur", 0)]
    told = {"number": number, "approval": asked["approval"], "memo": "临港财〔2026〕12号"}
    assert reason(reviewer.book(strict.finance, "concur", told)) == (422, "not_large")


def test_a_large_award_told_before_the_setting_is_paid_only_after_it(team: Team, strict: Team, demo: Demo) -> None:
    case = claimed(team, demo)
    team.payout.check(case)
    assert reason(payment(strict, case).send()) == (422, "concur")
    strict.finance.concur(strict.leader.case(case).number, "临港财〔2026〕13号")
    assert payment(strict, case).send().status_code == 201
    assert [kind for kind, _ in rows(team, case)] == ["approve", "concur", "pay"]


def test_a_new_approval_asks_the_finance_department_anew(strict: Team, demo: Demo) -> None:
    filed = demo.reporter().submit("配电箱没有门。")
    strict.to_proposal(filed.case)
    strict.demo.fund()
    strict.leader.approve(filed.case)
    first = waits(strict, filed.case, "large")
    strict.finance.concur(strict.leader.case(filed.case).number, "临港财〔2026〕14号")
    demo.reporter().objection(filed.ticket, "feedback", "还有一处。")
    strict.leader.decide_objection(filed.case, "upheld", "重新核查。")
    strict.verifier.finding(filed.case, "verified", "又查一处。", facts_document())
    strict.intake.feedback(filed.case, "都查实了。")
    strict.payout.case(filed.case)
    strict.payout.propose(filed.case, *PINNED, FEN, facts_document())
    strict.leader.case(filed.case)
    strict.leader.approve(filed.case)
    asked = waits(strict, filed.case, "large")
    assert first is not None and asked is not None and asked["approval"] != first["approval"]
    told = {"number": asked["number"], "approval": first["approval"], "memo": "1号"}
    assert reason(reviewer.book(strict.finance, "concur", told)) == (422, "not_approved")


def test_only_finance_concurs_and_never_who_is_excluded(strict: Team, hand: Hand) -> None:
    case = b64(hand.filed(exclude=[strict.person("finance")]).case)
    strict.to_proposal(case)
    strict.demo.fund()
    strict.leader.approve(case)
    asked = waits(strict, case, "large")
    assert asked is not None
    told = {"number": asked["number"], "approval": asked["approval"], "memo": "临港财〔2026〕15号"}
    for office in (strict.leader, strict.payout, strict.auditor):
        assert error(reviewer.book(office, "concur", told)) == (403, "wrong_role")
    assert error(reviewer.book(strict.finance, "concur", told)) == (404, "not_found")


def test_a_concurrence_names_its_paper(strict: Team, case: str) -> None:
    strict.to_proposal(case)
    strict.demo.fund()
    strict.leader.approve(case)
    asked = waits(strict, case, "large")
    assert asked is not None
    told = {"number": asked["number"], "approval": asked["approval"]}
    for paper in ("", "  ", "13812345678", "长" * 22):
        answer = reviewer.book(strict.finance, "concur", {**told, "memo": paper})
        assert reason(answer) == (422, "bad_entry")


# Other papers of an award

ASKED = {"meeting": FEN, "filing": FEN, "cash": FEN - 1}
PAPERS = {"meeting": ("党组会纪要9号", ""), "filing": ("市应急备3号", ""), "cash": ("银审1号", "没有银行账户")}


@pytest.fixture(scope="module")
def formal(demo: Demo) -> Iterator[Team]:
    """The same people at a door where every paper is asked for."""
    sums = {"meeting_sum": FEN, "filing_sum": FEN, "cash_limit": FEN - 1}
    with later.door(demo.data, "review", database=demo.database, **sums) as url:
        team = Team(dataclasses.replace(demo, review_port=int(url.rsplit(":", 1)[1]), clients=[]))
        yield team
        for each in team.demo.clients:
            each.close()


def asks(team: Team, case: str) -> list[str]:
    """What the ledger page tells finance to enter for it, and the case page its reader."""
    number = team.payout.case(case).number
    listed = next((award["asks"] for award in team.finance.papers() if award["number"] == number), [])
    shown = reviewer.get(team.payout, "/api/case", headers={"Whistle-Case": case}).json()["lacks"]
    assert listed == shown
    return list(listed)


def test_by_default_no_other_paper_is_asked_for(team: Team, case: str) -> None:
    team.to_proposal(case)
    team.demo.fund()
    team.leader.approve(case)
    assert ledger(team)["papers"] == {"from": dict.fromkeys(PAPERS, 0), "awards": [], "next": ""}
    seen = team.leader.case(case)
    told = {"number": seen.number, "approval": seen.fold.approval, "memo": "1号"}
    assert reason(reviewer.book(team.finance, "meeting", told)) == (422, "not_asked")
    assert notice(team, case, FEN).send().status_code == 201


def test_an_award_is_told_and_paid_in_cash_once_its_papers_stand(formal: Team, demo: Demo) -> None:
    filed = demo.reporter().submit("护栏缺失。", category="violation", reward="yes")
    case = filed.case
    formal.to_proposal(case)
    formal.demo.fund()
    formal.leader.approve(case)
    number = formal.leader.case(case).number
    assert asks(formal, case) == ["meeting", "filing"]
    assert reason(notice(formal, case, FEN).send()) == (422, "meeting")
    formal.finance.enter_paper("meeting", number, *PAPERS["meeting"])
    assert notice(formal, case, FEN).send().status_code == 201
    demo.reporter().claim(filed.ticket, payee="持码人", method="counter", declared=True, passphrase="青山不老")
    formal.payout.case(case)
    formal.payout.check(case)
    assert asks(formal, case) == ["filing", "cash"]
    for kind in ("filing", "cash"):
        assert reason(payment(formal, case).send()) == (422, kind)
        formal.finance.enter_paper(kind, number, *PAPERS[kind])
    assert asks(formal, case) == []
    assert payment(formal, case).send().status_code == 201
    assert [kind for kind, _ in rows(formal, case)] == ["approve", "meeting", "filing", "cash", "pay"]
    line = next(line for line in formal.leader.award_lines() if line["number"] == number)
    assert line["note"].endswith("集体决定 党组会纪要9号 备案 市应急备3号 现金支付 银审1号 没有银行账户")


def test_awards_that_lack_a_paper_are_read_to_the_end_page_by_page(formal: Team, hand: Hand) -> None:
    cases = [b64(hand.filed().case) for _ in range(2)]
    for case in cases:
        formal.to_proposal(case)
        formal.demo.fund()
        formal.leader.approve(case)
    first = reviewer.get(formal.finance, "/api/ledger", params={"limit": 1}).json()["papers"]
    found, after = first["awards"], first["next"]
    while after:
        page = reviewer.get(formal.finance, "/api/ledger/papers", params={"limit": 1, "after": after}).json()
        assert len(page["awards"]) == 1
        found, after = found + page["awards"], page["next"]
    assert {formal.leader.case(case).number for case in cases} <= {award["number"] for award in found}
    assert found == list(formal.finance.papers())


def test_a_transfer_needs_no_ground_for_cash(formal: Team, demo: Demo) -> None:
    filed = demo.reporter().submit("护栏又缺失。", category="violation", reward="yes")
    formal.to_proposal(filed.case)
    formal.demo.fund()
    formal.leader.approve(filed.case)
    formal.finance.enter_paper("meeting", formal.leader.case(filed.case).number, "纪要1号")
    assert notice(formal, filed.case, FEN).send().status_code == 201
    demo.reporter().claim(filed.ticket, payee="李某", method="transfer", declared=True)
    assert asks(formal, filed.case) == ["filing"]


def test_a_paper_is_finances_alone_names_the_approval_and_is_entered_once(formal: Team, case: str) -> None:
    formal.to_proposal(case)
    formal.demo.fund()
    formal.leader.approve(case)
    seen = formal.leader.case(case)
    told = {"number": seen.number, "approval": seen.fold.approval, "memo": "纪要1号"}
    for office in (formal.leader, formal.payout, formal.auditor):
        assert error(reviewer.book(office, "meeting", told)) == (403, "wrong_role")
    for paper in ("", "  ", "13812345678", "长" * 22):
        assert reason(reviewer.book(formal.finance, "meeting", {**told, "memo": paper})) == (422, "bad_entry")
    assert reason(reviewer.book(formal.finance, "meeting", {**told, "approval": b64(bytes(32))})) == (
        422,
        "not_approved",
    )
    assert reason(reviewer.book(formal.finance, "cash", {**told, "source": "1号"})) == (422, "not_asked")
    assert reviewer.book(formal.finance, "meeting", told).status_code == 201
    assert reason(reviewer.book(formal.finance, "meeting", told)) == (422, "not_asked")


# Numbers corrected


def test_a_wrong_voucher_is_corrected_and_the_old_one_stays_readable(team: Team, demo: Demo) -> None:
    filed = demo.reporter().submit("木工车间的电机外壳没有接地。", passphrase="青山不老")
    team.to_notice(filed.case)
    demo.reporter().claim(filed.ticket, payee="持码人", method="counter", declared=True, passphrase="青山不老")
    team.to_payment(filed.case)
    number = team.leader.case(filed.case).number
    before = balance(team)
    pay = next(row for row in team.finance.ledger_rows() if row["case"] == number and row["kind"] == "pay")
    team.finance.amend(pay["no"], "凭-0101", "国库-0101", "号码抄错")
    after = list(team.finance.ledger_rows())
    assert balance(team) == before
    assert pay in after
    amended = after[-1]
    assert (amended["kind"], amended["corrects"], amended["voucher"]) == ("amend", pay["no"], "凭-0101")
    (line,) = [row for row in team.leader.award_lines() if row["number"] == number]
    assert (line["voucher"], line["treasury"]) == ("凭-0101", "国库-0101")
    assert "原凭证号 凭-0100，原国库支付号 国库-0100" in line["note"]
    for office in (team.leader, team.payout, team.auditor):
        with pytest.raises(ClientError, match="wrong_role"):
            office.amend(pay["no"], "x", "", "x")
    with pytest.raises(ClientError) as refused:
        team.finance.amend(1, "x", "", "x")
    assert refused.value.facts["reason"] == "not_amendable"
    for struck_out in (("凭-0101", ""), ("", "国库-0101")):
        with pytest.raises(ClientError) as refused:
            team.finance.amend(pay["no"], *struck_out, "抹去号码")
        assert refused.value.facts["reason"] == "bad_entry"


def test_a_number_that_another_payment_bears_is_asked_about_and_not_refused(team: Team, demo: Demo) -> None:
    """A slip of the pen and one transfer for two awards look the same: whoever pays is told, and decides."""
    cases = []
    for again in (True, False):
        filed = demo.reporter().submit("木工车间的电机外壳没有接地。")
        team.to_notice(filed.case)
        demo.reporter().claim(filed.ticket, payee="持码人", method="counter", declared=True)
        team.payout.check(filed.case)
        cases.append(filed.case)
        if again:
            team.finance.pay(filed.case, "凭-7001", "国库-7001", team.finance.case(filed.case).today)
    first, second = cases
    today = team.finance.case(second).today
    with pytest.raises(ClientError) as refused:
        team.finance.pay(second, "凭-7002", "国库－７００１", today)
    assert refused.value.facts == {"reason": "numbers", "cases": [team.leader.case(first).number]}
    team.finance.pay(second, "凭-7002", "国库-7001", today, again=True)
    assert team.finance.case(second).fold.state == "paid"
