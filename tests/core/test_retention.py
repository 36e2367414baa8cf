"""How long what is sealed is kept: the schedule's data, and what it says of a case."""

from dataclasses import replace
from pathlib import Path

import pytest

from tests.core.histories import HISTORIES, TODAY, acts_of
from whistle.core import retention
from whistle.core.case import WORKFLOW, Case, fold
from whistle.core.errors import RuleError

DEFAULT = retention.default_schedule()
WRITTEN = (Path(retention.__file__).with_name("retention.toml")).read_text(encoding="utf-8")


def office(name: str) -> Case:
    return fold(acts_of(name), WORKFLOW, HISTORIES[name].get("today", TODAY))


def until(name: str) -> dict[str, tuple[str, str]]:
    return {term.scope: (term.until, term.basis) for term in retention.terms(office(name), DEFAULT)}


def test_it_works() -> None:
    assert until("closed") == {
        "identity": ("2027-11-20", "DEFAULT-2026:with_award:identity"),
        "payout": ("2027-11-20", "DEFAULT-2026:with_award:payout"),
        "award": ("2056-11-20", "DEFAULT-2026:with_award:award"),
        "content": ("2036-11-20", "DEFAULT-2026:with_award:content"),
    }


@pytest.mark.parametrize(
    ("name", "outcome"),
    [
        ("declined and closed", "not_investigated"),
        ("transferred and closed", "not_investigated"),
        ("not true, told and closed", "without_award"),
        ("refused and closed", "without_award"),
        ("forfeited and closed", "without_award"),
        ("clawed back in parts", "with_award"),
    ],
)
def test_a_case_is_kept_by_how_it_ended(name: str, outcome: str) -> None:
    assert {basis.split(":")[1] for _, basis in until(name).values()} == {outcome}


@pytest.mark.parametrize("name", ["filed", "accepted", "paid", "withdrawn", "withdrawn and undone"])
def test_of_an_open_case_that_is_not_withdrawn_nothing_may_go(name: str) -> None:
    assert until(name) == {}


def test_what_is_withdrawn_may_go_at_once_and_nothing_else_of_an_open_case() -> None:
    assert until("contact taken back") == {"identity": ("2026-09-13", "DEFAULT-2026:withdrawn:identity")}
    assert list(until("taken back from the fourth day")) == ["identity", "payout"]


def test_what_is_destroyed_has_no_term_any_more() -> None:
    assert list(until("destroyed")) == ["payout", "award", "content"]


def test_a_scope_that_the_schedule_does_not_name_is_kept() -> None:
    bare = replace(DEFAULT, months={**DEFAULT.months, "with_award": {"identity": 1}})
    assert [term.scope for term in retention.terms(office("closed"), bare)] == ["identity"]


@pytest.mark.parametrize(
    ("day", "months", "then"),
    [
        ("2026-11-20", 0, "2026-11-20"),
        ("2026-08-31", 6, "2027-02-28"),
        ("2027-08-31", 6, "2028-02-29"),
        ("2026-12-31", 12, "2027-12-31"),
        ("2026-01-01", 11, "2026-12-01"),
    ],
)
def test_months_end_on_the_same_day_or_the_last_of_the_month(day: str, months: int, then: str) -> None:
    assert retention.later(day, months) == then


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('id = "DEFAULT-2026"', 'id = "default"'),
        ('id = "DEFAULT-2026"', ""),
        ('source = "default"', 'source = ""'),
        ("identity = 12", "identity = -1"),
        ("identity = 12", "identity = 1201"),
        ("identity = 12", "identity = 1.5"),
        ("identity = 12", "identity = true"),
        ("identity = 12", "name = 12"),
        ("[with_award]", "[paid]"),
        ("[with_award]", "[with_award"),
    ],
)
def test_a_schedule_that_is_not_exactly_one_is_refused(old: str, new: str) -> None:
    assert retention.read(WRITTEN) == DEFAULT and old in WRITTEN
    with pytest.raises(RuleError):
        retention.read(WRITTEN.replace(old, new, 1))


def test_every_outcome_of_the_default_names_every_scope() -> None:
    assert tuple(DEFAULT.months) == retention.OUTCOMES
    assert all(row.keys() == WORKFLOW["scopes"].keys() for row in DEFAULT.months.values())
