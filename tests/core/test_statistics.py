"""A month counted from kinds and days: every figure, and that the past stays as it was."""

from dataclasses import replace

import pytest

from whistle.core import calendar, ledger, rulebook, statistics
from whistle.core.ledger import Entry, Head, Row
from whistle.core.statistics import CaseFacts, Month, Post, Sum, Terms
from whistle.core.workflow import load

TERMS = Terms(load(), rulebook.load("SD-RULE-2024"), calendar.shipped(), "2027-06-01")
HASH = "A" * 43


def post(kind: str, when: str, **fields: object) -> Post:
    return Post(kind, f"2026-{when}", fields)


def finding(day: str, outcome: str = "verified") -> Post:
    return post("finding", day, outcome=outcome)


def case(*posts: Post, number: str = "〔2026〕1号", category: str = "violation", sector: str = "gas") -> CaseFacts:
    return CaseFacts(number, category, sector, posts)


STRAIGHT = (post("report", "10-09"), post("accept", "10-12"), post("assign", "10-12"), finding("11-02"))
PROVEN = case(*STRAIGHT, post("feedback", "11-04"))


def rows(*entries: Entry) -> list[Row]:
    made, head = [], ledger.START
    for entry in entries:
        row, digest = ledger.append(head, entry)
        head = Head(head.count + 1, digest)
        made.append(ledger.parse_row(row))
    return made


CLASSED = {"category": "violation", "sector": "gas"}
MAJOR = {"category": "major_hazard", "sector": "chemicals"}


def test_a_class_counts_from_its_day_and_a_past_bulletin_stays_as_it_was() -> None:
    begun = (post("report", "10-09"), post("accept", "11-02", **CLASSED), finding("11-05"))
    early, late = case(*begun), case(*begun, post("classify", "12-01", **MAJOR))
    for month in ("2026-10", "2026-11"):
        before, after = of(month, early), of(month, late)
        assert (before.received, before.outcomes) == (after.received, after.outcomes)
    assert of("2026-10", late).received == {"": 1}, "in October nobody had classed it yet"
    assert of("2026-11", late).outcomes == {("violation", "proven"): 1}
    paid = rows(BUDGET, APPROVE, replace(PAY, day="2026-12-05"))
    (december,) = statistics.months(["2026-12"], [late], paid, TERMS)
    assert december.paid_by_category == {"major_hazard": Sum(1, 500_000)}


def test_a_class_corrected_before_her_eyes_counts_from_its_day() -> None:
    begun = post("report", "10-09"), post("accept", "10-12", category="violation", sector="gas")
    told = case(*begun, post("classify.tell", "11-02", **MAJOR))
    assert of("2026-10", told).received == {"violation": 1}
    assert of("2026-10", case(*begun, post("classify.tell", "10-30", **MAJOR))).received == {"major_hazard": 1}


def test_a_case_declined_or_transferred_is_classed_before_it() -> None:
    for end in ("decline", "transfer"):
        found = of("2026-10", case(post("report", "10-09"), post("classify", "10-10", **MAJOR), post(end, "10-10")))
        assert (found.received, found.sectors) == ({"major_hazard": 1}, {"chemicals": 1})


BUDGET = Entry("budget", "2026-01-05", 2026, 10_000_000, source="区财政")
APPROVE = Entry("approve", "2026-11-10", 2026, 500_000, "〔2026〕1号", HASH, "SD-REW-2021")
PAY = Entry("pay", "2026-11-20", 2026, 500_000, "〔2026〕1号", HASH, method="counter")


def of(month: str, *cases: CaseFacts, entries: tuple[Entry, ...] = ()) -> Month:
    (found,) = statistics.months([month], cases, rows(*entries), TERMS)
    return found


def test_it_works() -> None:
    november = of("2026-11", PROVEN, entries=(BUDGET, APPROVE, PAY))
    assert (november.received.total(), november.concluded, november.proven, november.punished) == (0, 1, 1, 1)
    assert (november.ended, november.money["paid"], november.largest) == (1, Sum(1, 500_000), 500_000)
    assert november.paid_by_category == {"violation": Sum(1, 500_000)}
    assert november.paid_by_sector == {"gas": Sum(1, 500_000)}
    october = of("2026-10", PROVEN)
    assert (october.received, october.sectors, october.in_hand) == ({"violation": 1}, {"gas": 1}, 1)


def test_a_case_is_concluded_once_by_its_last_conclusion_of_that_month() -> None:
    twice = case(*STRAIGHT[:3], finding("11-02", "unable"), finding("11-20"), finding("12-03", "unverified"))
    assert of("2026-11", twice).outcomes == {("violation", "proven"): 1}
    assert of("2026-12", twice).concluded == 0


def test_waiting_for_the_penalty_counts_as_proved() -> None:
    assert of("2026-11", case(*STRAIGHT[:3], finding("11-02", "awaiting_penalty"))).proven == 1


@pytest.mark.parametrize("kind", ["decline", "transfer", "feedback", "close"])
def test_the_days_to_the_end_are_working_days(kind: str) -> None:
    """Over the October holidays: 9 to 12 October 2026 is a Friday to a Monday, and the Saturday is worked."""
    ended = of("2026-10", case(post("report", "10-09"), post(kind, "10-12")))
    assert (ended.ended, ended.ended_days) == (1, calendar.working_days("2026-10-09", "2026-10-12", TERMS.years)[0])


def test_a_step_is_late_the_day_after_its_last() -> None:
    due = rulebook.deadline(rulebook.load("SD-RULE-2024"), "accept", "2026-11-02", TERMS.years).date
    report = post("report", "11-02")
    in_time = of("2026-11", case(report, Post("accept", due)))
    assert (in_time.steps, in_time.late) == (1, 0)
    never = of("2026-11", case(report))
    assert (never.steps, never.late) == (1, 1)
    still = of("2026-11", case(replace(report, day="2026-11-27")))
    assert (still.steps, still.late) == (0, 0)


def test_each_office_is_late_by_its_own_limits() -> None:
    """Two working days of an enterprise are late where an authority still has time."""
    packs = (rulebook.load("SD-RULE-2024"), {"hongyun": rulebook.load("EN-PROC")})
    terms = Terms(load(), packs[0], calendar.shipped(), "2026-11-05", packs[1])
    report = case(post("report", "11-02"))
    cases = [replace(report, number=office, office=office) for office in ("zone", "hongyun")]
    (month,) = statistics.months(["2026-11"], cases, [], terms)
    assert (month.steps, month.late) == (1, 1)
    (month,) = statistics.months(["2026-11"], cases[:1], [], terms)
    assert (month.steps, month.late) == (0, 0)


def test_in_a_month_that_is_not_over_only_what_is_past_today_is_late() -> None:
    report = post("report", "11-02")
    for today, late in (("2026-11-05", 0), ("2026-11-30", 1)):
        terms = Terms(load(), rulebook.load("SD-RULE-2024"), calendar.shipped(), today)
        (month,) = statistics.months(["2026-11"], [case(report)], [], terms)
        assert (month.steps, month.late) == (late, late)


def test_a_pause_stops_the_clock_and_an_extension_moves_it() -> None:
    start = (post("report", "08-03"), post("accept", "08-04"))
    assert of("2026-11", case(*start)).late == 1
    paused = case(*start, post("pause", "08-10", reason="PA01", day="2026-08-10"))
    assert of("2026-11", paused).late == 0
    longer = case(*start, post("extend", "10-09", step="verify", until="2026-12-31"))
    assert of("2026-11", longer).late == 0


def test_a_hazard_is_removed_once() -> None:
    cleared = case(*PROVEN.posts, post("rectify", "11-20"), post("delist", "11-25"), post("rectify", "12-02"))
    assert of("2026-11", cleared).cleared == 1
    assert of("2026-12", cleared).cleared == 0


def test_a_table_without_such_a_kind_says_that_it_does_not_count_them() -> None:
    kinds = {name: rule for name, rule in load()["kinds"].items() if name not in statistics.CLEARED}
    bare = Terms({**load(), "kinds": kinds}, rulebook.load("SD-RULE-2024"), calendar.shipped(), "2027-06-01")
    (month,) = statistics.months(["2026-11"], [PROVEN], [], bare)
    assert month.cleared is None


def test_a_payment_taken_back_is_not_the_largest() -> None:
    back = Entry("reverse", "2026-11-21", 2026, 500_000, "〔2026〕1号", corrects=3, corrects_kind="pay")
    month = of("2026-11", PROVEN, entries=(BUDGET, APPROVE, PAY, back))
    assert (month.money["paid"], month.largest, month.open) == (Sum(0, 0), 0, Sum(1, 500_000))


def test_what_is_not_claimed_is_counted_when_forfeited_and_at_the_months_end() -> None:
    lapsed = replace(PAY, kind="forfeit", method="", day="2026-12-01")
    assert of("2026-11", PROVEN, entries=(BUDGET, APPROVE, lapsed)).open == Sum(1, 500_000)
    december = of("2026-12", PROVEN, entries=(BUDGET, APPROVE, lapsed))
    assert (december.money["forfeited"], december.open) == (Sum(1, 500_000), Sum())


def test_what_happens_later_changes_no_month_of_the_past() -> None:
    later = (post("award.notify", "12-01"), post("objection", "12-02"), post("close", "12-20"))
    for month in ("2026-10", "2026-11"):
        assert of(month, case(*PROVEN.posts, *later)) == of(month, PROVEN)


def test_a_closed_case_of_the_past_is_in_no_figure() -> None:
    assert of("2026-11", case(post("report", "08-03"), post("decline", "08-04"), post("close", "08-05"))) == of(
        "2026-11"
    )


def test_a_year_before() -> None:
    assert statistics.year_before("2026-02") == "2025-02"
