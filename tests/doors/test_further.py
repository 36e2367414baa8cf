"""The acts off the straight way at the running doors: what only the server, its ledger and its other cases know."""

from __future__ import annotations

import time
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import Connection

from tests.conftest import Demo
from tests.doors import later, reviewer
from tests.doors.hand import Hand
from tests.doors.office import FEN, PINNED, Team, facts_document
from whistle import client
from whistle.casework import bulletin
from whistle.client import ClientError, Office
from whistle.core import calendar, rulebook, statistics, workflow
from whistle.core.clock import zone_day
from whistle.core.facts import Facts
from whistle.core.statistics import Terms
from whistle.crypto.encoding import b64
from whistle.storage.database import Database

DAY = 86_400
CAP = rulebook.ceiling(rulebook.load(PINNED[0]))


def filed(hand: Hand, **fields: Any) -> str:
    return b64(hand.filed(**fields).case)


def report(demo: Demo, **told: Any) -> client.Filed:
    return demo.reporter().submit("锯末堆在电机边上,已经冒烟。", category="violation", **told)


def after(day: str, days: int) -> str:
    return (date.fromisoformat(day) + timedelta(days=days)).isoformat()


def late(office: Office, limit: int) -> list[str]:
    """Every case of the list of what is late, page after page of that many cases in hand."""
    found: list[str] = []
    following = ""
    while True:
        page = reviewer.get(office, f"/api/overdue?limit={limit}&after={following}").json()
        found += [row["case"] for row in page["rows"]]
        if not (following := page["next"]):
            return found


def rows(team: Team, case: str) -> list[tuple[str, int]]:
    number = team.leader.case(case).number
    found = team.leader.ledger_rows()
    return [(row["kind"], row["fen"]) for row in found if row["case"] == number]


def is_balanced(team: Team) -> bool:
    found = reviewer.get(team.finance, "/api/ledger").json()["balance"]
    return bool(found["approved"] == found["paid"] + found["open"] + found["forfeited"] + found["revoked"])


def refused(code: str) -> Any:
    return pytest.raises(ClientError, check=lambda error: error.facts.get("reason") == code)


def row_of(office: Office, case: str) -> dict[str, Any]:
    return next(row for row in office.inbox() if row["case"] == case)


def clock(office: Office, case: str, step: str) -> dict[str, Any]:
    found = [each for each in office.case(case).clocks if each["step"] == step and not each["stop"]]
    return dict(found[-1])


def test_it_works_an_objection_brings_a_declined_report_back(team: Team, demo: Demo) -> None:
    one, alice = report(demo), demo.reporter()
    team.intake.decline(one.case, "NA03", reply="这是建议。")
    alice.objection(one.ticket, "decline", "这是隐患,不是建议。")
    assert alice.status(one.ticket).state == "objection"
    team.intake.extract(one.case, {"line": "异议"}, "举报人认为是隐患。")
    assert "举报人认为是隐患。" in [item.text for item in team.leader.case(one.case).items]
    team.leader.decide_objection(one.case, "upheld", "异议成立。")
    told = alice.status(one.ticket)
    assert told.state == "received"
    assert told.posts[-1].text == "异议成立。"
    team.accept(one.case)


def test_verification_is_extended_to_the_packs_last_day_and_not_beyond(team: Team, hand: Hand) -> None:
    case = filed(hand)
    team.to_verifier(case)
    regular = clock(team.leader, case, "verify")
    last = rulebook.deadline(
        rulebook.load("SD-RULE-2024"), "verify_extended", regular["start"], rulebook.calendar.shipped()
    ).date
    for until in (regular["due"], after(last, 1)):
        with refused("until"):
            team.leader.extend(case, until, "1号", "市局", "情况复杂。")
    team.leader.extend(case, last, "1号", "市应急管理局", "情况复杂。")
    assert clock(team.leader, case, "verify")["due"] == last


def test_a_pause_stops_the_clock_and_its_days_are_added(team: Team, hand: Hand) -> None:
    case = filed(hand)
    team.to_verifier(case)
    today = team.verifier.case(case).today
    before = row_of(team.verifier, case)
    with refused("asked"):
        team.verifier.pause(case, "PA01", today)
    team.verifier.pause(case, "PA02", today)
    paused = row_of(team.verifier, case)
    assert (before["step"], paused["step"], paused["due"], paused["level"]) == ("verify", "paused", "", "")
    assert clock(team.verifier, case, "verify")["paused"]
    team.verifier.resume(case, today)
    assert row_of(team.verifier, case)["due"] == before["due"]


def test_she_is_told_the_day_to_which_her_case_was_extended(team: Team, demo: Demo) -> None:
    one, alice = report(demo), demo.reporter()
    team.to_verifier(one.case)
    regular = alice.status(one.ticket).due
    until = after(regular, 20)
    team.leader.extend(one.case, until, "1号", "市应急管理局", "情况复杂。")
    told = alice.status(one.ticket)
    assert (told.due, told.step, told.posts[-1].fields["until"]) == (until, "verify", until)


def test_she_is_told_the_day_that_a_pause_has_moved(zone_demo: Demo) -> None:
    """Yesterday it was filed, accepted, assigned and paused; today it goes on, and her day is the office's."""
    then = -DAY
    with (
        later.door(zone_demo.data, "public", then) as public,
        later.door(zone_demo.data, "review", then) as review,
        later.client() as http,
    ):
        one = client.connect(public, http).submit("除尘管道漏粉。", category="violation")
        past = Team(zone_demo)
        for role in ("intake", "verifier"):
            office = Office(review, zone_demo.http(), *zone_demo.keys(role), clock=lambda: time.time() + then)
            office.login()
            setattr(past, role, office)
        past.accept(one.case)
        past.intake.assign(one.case, {"verifier": [past.verifier.me["person"]]})
        before = client.connect(public, http).status(one.ticket)
        past.verifier.pause(one.case, "PA02", past.verifier.case(one.case).today)
        assert client.connect(public, http).status(one.ticket).due == before.due
    verifier = zone_demo.office("verifier")
    verifier.resume(one.case, verifier.case(one.case).today)
    told = zone_demo.reporter().status(one.ticket)
    mine = clock(verifier, one.case, "verify")
    pause, tables = (mine["start"], after(mine["start"], 1)), rulebook.calendar.shipped()
    moved = rulebook.deadline(rulebook.load("SD-RULE-2024"), "verify", mine["start"], tables, [pause])
    assert (told.step, told.due, mine["due"]) == ("verify", moved.date, moved.date)
    assert told.due >= before.due  # the same only where a weekend swallows the day


def test_an_urgent_report_is_due_within_two_hours_and_red_until_then(team: Team, demo: Demo) -> None:
    one = report(demo, urgent=True)
    row, hours = row_of(team.intake, one.case), clock(team.intake, one.case, "dispatch")
    assert (row["step"], row["level"], 0 <= hours["hour"] <= 23) == ("dispatch", "red", True)
    team.intake.dispatch(one.case, "on_site", reply="已派人。")
    assert row_of(team.intake, one.case)["step"] == "accept"
    assert demo.reporter().status(one.ticket).posts[-1].kind == "dispatch"


def test_a_case_follows_only_one_received_before_it(team: Team, hand: Hand) -> None:
    first, second, third = filed(hand), filed(hand), filed(hand)
    for case, parent, code in [
        (second, second, "parent_self"),
        (first, second, "parent_later"),
        (second, b64(bytes(32)), "parent"),
    ]:
        with refused(code):
            team.intake.merge(case, parent)
    team.intake.merge(second, first)
    assert team.intake.case(second).fold.parent == first
    with refused("parent_circle"):
        team.intake.merge(first, second)
    with refused("parent_merged"):
        team.intake.merge(third, second)


def test_not_the_first_is_said_only_once_the_first_was_told(team: Team, hand: Hand) -> None:
    first, second = filed(hand), filed(hand)
    team.to_finding(second)
    with refused("not_merged"):
        team.leader.refuse_award(second, "NR07")
    team.intake.merge(second, first)
    with refused("parent_untold"):
        team.leader.refuse_award(second, "NR07")
    team.to_finding(first)
    with refused("parent_untold"):
        team.leader.refuse_award(second, "NR07")
    team.payout.propose(first, *PINNED, FEN, facts_document())
    team.demo.fund()
    team.leader.approve(first)
    with refused("parent_untold"):
        team.leader.refuse_award(second, "NR07")
    team.payout.notify(first, after(team.payout.case(first).today, 60), "请凭查询码申领。")
    team.leader.refuse_award(second, "NR07")
    assert team.leader.case(second).fold.state == "refused"


def test_an_award_beyond_the_budget_waits_for_funds(zone_demo: Demo) -> None:
    """Approved, no obligation yet, no notice; once finance has entered more the notice books it."""
    team, hand = Team(zone_demo), Hand(zone_demo)
    spent, case = filed(hand), filed(hand)
    team.to_notice(spent)
    team.to_proposal(case, CAP)
    team.leader.approve(case)
    assert (rows(team, case), row_of(team.payout, case)["held"]) == ([], True)
    until = after(team.payout.case(case).today, 60)
    with refused("no_funds"):
        team.payout.notify(case, until, "请申领。")
    team.finance.open_budget(int(until[:4]) - (until[5:7] < "03"), "追加", CAP)
    team.payout.notify(case, until, "请申领。")
    assert rows(team, case) == [("approve", CAP)]
    assert is_balanced(team)


def test_a_held_award_that_is_refused_moves_no_money(zone_demo: Demo) -> None:
    team, hand = Team(zone_demo), Hand(zone_demo)
    case = filed(hand)
    for more in (filed(hand), case):
        team.to_proposal(more, CAP)
        team.leader.approve(more)
    assert row_of(team.payout, case)["held"]
    team.leader.refuse_award(case, "NR04")
    assert rows(team, case) == []


def test_a_forfeited_award_is_reinstated_by_a_row_of_its_own(team: Team, hand: Hand) -> None:
    case = filed(hand)
    team.to_notice(case)
    team.leader.forfeit(case, "NR16")
    team.leader.reinstate(case, "RI01", after(team.leader.case(case).today, 30))
    assert rows(team, case) == [("approve", FEN), ("forfeit", FEN), ("reverse", FEN)]
    team.leader.forfeit(case, "NR16")
    assert rows(team, case)[-1] == ("forfeit", FEN)
    assert is_balanced(team)


def test_money_comes_back_in_parts_and_by_receipt(team: Team, demo: Demo) -> None:
    one = report(demo, passphrase="青山不老")
    team.to_notice(one.case)
    demo.reporter().claim(one.ticket, payee="持码人", method="counter", declared=True, passphrase="青山不老")
    team.to_payment(one.case)
    team.intake.close(one.case, "CL01")
    with refused("retired"):
        team.leader.clawback(one.case, "CB03", 1_000_000)
    due = after(team.leader.case(one.case).today, 30)
    demand = {"reason": "CB03", "fen": FEN, "due": due, "document": "31号"}
    team.leader.demand(one.case, **demand)
    assert ("clawback", FEN) not in rows(team, one.case), "what is asked back is not back yet"
    for receipt, fen in (("0012345", 1_000_000), ("0012346", FEN - 1_000_000)):
        today = team.finance.case(one.case).today
        team.finance.receive(one.case, receipt, fen, today)
    assert demo.reporter().status(one.ticket).state == "clawback"
    assert rows(team, one.case)[-2:] == [("clawback", 1_000_000), ("clawback", FEN - 1_000_000)]
    with pytest.raises(ClientError, match="refused"):
        team.leader.demand(one.case, **demand)
    assert is_balanced(team)


def test_an_objection_upheld_takes_the_approval_back(team: Team, demo: Demo) -> None:
    one = report(demo)
    team.to_proposal(one.case)
    team.leader.approve(one.case)
    demo.reporter().objection(one.ticket, "feedback", "还有一处没查。")
    team.leader.decide_objection(one.case, "upheld", "重新核查。")
    assert rows(team, one.case) == [("approve", FEN), ("revoke", FEN)]
    team.verifier.finding(one.case, "verified", "又查一处。", facts_document())
    team.intake.feedback(one.case, "都查实了。")
    team.payout.case(one.case)
    team.payout.propose(one.case, *PINNED, FEN, facts_document())
    team.leader.case(one.case)
    team.leader.approve(one.case)
    assert rows(team, one.case)[-1] == ("approve", FEN)
    team.leader.refuse_award(one.case, "NR03")
    assert rows(team, one.case)[-1] == ("revoke", FEN)
    assert is_balanced(team)


def test_an_objection_after_its_time_is_refused(team: Team, demo: Demo) -> None:
    one = report(demo)
    team.intake.decline(one.case, "NA03")
    door = later.door(demo.data, "public", ahead=40 * DAY, database=demo.database)
    with door as url, later.client() as http, refused("objection_late"):
        client.connect(url, http).objection(one.ticket, "decline", "晚了。")


def test_with_the_setting_on_a_finding_counts_once_a_second_has_signed(team: Team, demo: Demo, hand: Hand) -> None:
    case = filed(hand)
    team.to_verifier(case)
    team.verifier.finding(case, "verified", "属实。", facts_document(), second="周核")
    assert "第二核查人：周核" in "".join(item.text for item in team.leader.case(case).items)
    with refused("state"):
        team.verifier.cosign(case)
    with later.door(demo.data, "review", cosign=True, database=demo.database) as url, later.client() as http:
        strict = Office(url, http, *demo.keys("intake"))
        strict.login()
        with refused("cosign"):
            strict.feedback(case, "属实。")
    team.intake.feedback(case, "属实。")


def test_a_finding_that_counts_dead_waits_until_the_county_was_told(team: Team, hand: Hand) -> None:
    """The category says nothing of deaths and the facts are sealed: the client holds it back, as the browser does."""
    case = filed(hand)
    team.to_verifier(case)
    dead = facts_document(Facts(kind="concealed_accident", deaths=1, deaths_concealed=1))
    with refused("county"):
        team.verifier.finding(case, "verified", "一人死亡,未上报。", dead)
    assert team.leader.case(case).fold.state == "verifying"
    team.leader.escalate(case, "县人民政府", "1号", team.leader.case(case).today)
    team.verifier.finding(case, "verified", "一人死亡,未上报。", dead)
    assert team.leader.case(case).fold.state == "verified"


def test_a_hazard_listed_keeps_its_case_open_until_it_is_off_the_list(team: Team, demo: Demo) -> None:
    one = report(demo)
    team.to_finding(one.case)
    today = team.leader.case(one.case).today
    team.leader.list_hazard(one.case, "district", after(today, 60), "9号")
    team.leader.refuse_award(one.case, "NR03")
    with pytest.raises(ClientError, match="refused"):
        team.intake.close(one.case, "CL03")
    team.verifier.rectify(one.case, today, "复查3号")
    team.leader.delist(one.case, today, "12号")
    with refused("objection_open"):
        team.intake.close(one.case, "CL03")
    told = [line.kind for line in demo.reporter().status(one.ticket).posts]
    assert told[-4:] == ["list", "award.refuse", "rectify", "delist"]


def test_what_another_department_sends_back_is_received_again(team: Team, demo: Demo) -> None:
    one = report(demo)
    team.intake.transfer(one.case, "NA05", "住建局")
    today = team.intake.case(one.case).today
    team.intake.transfer_result(one.case, today, "returned", "不归他们管。")
    assert demo.reporter().status(one.ticket).state == "received"
    team.accept(one.case)


def test_what_is_late_is_listed_and_counted_in_its_month(team: Team, demo: Demo, hand: Hand) -> None:
    case = filed(hand)
    today = row_of(team.intake, case)
    assert today["level"] == ""
    with later.door(demo.data, "review", ahead=30 * DAY, database=demo.database) as url, later.client() as http:
        office = Office(url, http, *demo.keys("intake"))
        office.login()
        found = reviewer.get(office, "/api/overdue").json()
        (row,) = [row for row in found["rows"] if row["case"] == case]
        assert (row["step"], row["level"], row["due"]) == ("accept", "overdue", today["due"])
        rate = reviewer.get(office, "/api/rate").json()
        if rate["month"] == today["due"][:7]:
            assert 0 < rate["late"] <= rate["steps"]
        assert late(office, 7) == late(office, 200), "a page ends, the list does not"
        for wrong in ("x", "2026-01-01", "1_2_3", f"2026-01-01_{10**19 - 1}"):
            assert reviewer.get(office, f"/api/overdue?after={wrong}").status_code == 400
        verifier = Office(url, http, *demo.keys("verifier"))
        verifier.login()
        assert reviewer.get(verifier, "/api/overdue").status_code == 403
        assert reviewer.get(verifier, "/api/rate").status_code == 403


@pytest.mark.parametrize("ahead", [0, 30, 90])
def test_the_rate_of_the_month_is_that_of_all_cases(demo: Demo, database: dict[str, str], ahead: int) -> None:
    """Only the cases that may count are read: what the bulletin counts from all of them is the same."""
    today = after(zone_day(time.time()), ahead)
    terms = Terms(workflow.load(), rulebook.load("SD-RULE-2024"), calendar.shipped(), today)
    url = database.get("WHISTLE_DATABASE") or f"sqlite:///{demo.data / 'whistle.db'}"

    def counted(tx: Connection) -> list[tuple[int, int]]:
        both = (bulletin.facts(tx, terms), bulletin.timed_facts(tx, terms, today[:7]))
        months = (statistics.months([today[:7]], facts, (), terms)[0] for facts in both)
        return [(month.steps, month.late) for month in months]

    with Database.open(url) as db:
        whole, timed = db.read_sync(counted)
    assert timed == whole
