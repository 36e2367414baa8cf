"""What the page without script says of a case: every post and state of the one table has its sentence."""

import re
from dataclasses import replace
from typing import Any

import pytest

from tests.web.conftest import LANGUAGES, ROOT
from whistle.client.status import Line, Status
from whistle.core.case import WORKFLOW
from whistle.public.told import case_facts
from whistle.web.words import Words

SHOWN = [kind for kind, rule in WORKFLOW["kinds"].items() if rule["vis"] == "all"]
SEEN = sorted({state["seen"] for state in WORKFLOW["states"].values()})
# A value for every public field that a sentence may name.
FIELDS: dict[str, Any] = {
    "comp": "thread", "category": "violation", "reason": "NR03", "to": "住建局", "fen": 2_250_000,
    "claim_by": "2026-12-31", "method": "counter", "until": "2026-12-02", "document": "5号",
    "approved_by": "市应急管理局", "action": "on_site", "outcome": "upheld", "result": "returned",
    "level": "city", "due": "2026-12-31",
}  # fmt: skip


def words(language: str) -> dict[str, Any]:
    folders = [ROOT / "templates/public/words", ROOT / "templates/shared/words"]
    return dict(Words(ROOT / "locale", language).tables(folders, "common", "terms", "case"))


def status(kind: str, state: str = "received") -> Status:
    fields = {name: FIELDS[name] for name in WORKFLOW["kinds"][kind]["fields"] if name in FIELDS}
    line = Line(0, kind, "2026-09-01", "reviewer", "", fields)
    return Status("case", state, "2026-12-31", False, (line,), "", "", "2026-09-01", step="verify")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", SHOWN)
def test_every_post_she_is_shown_is_told_in_a_whole_sentence(kind: str, language: str) -> None:
    (event,) = case_facts(status(kind), words(language))["events"]
    assert event["title"] and event["text"]
    assert not re.search(r"[{}]|：[，。]|  ", event["text"])


def test_an_extension_names_the_day_the_paper_and_who_approved() -> None:
    (event,) = case_facts(status("extend"), words("zh_CN"))["events"]
    for fact in ("2026-12-02", "5号", "市应急管理局"):
        assert fact in event["text"]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("state", SEEN)
def test_every_state_says_where_it_stands_and_what_comes_next(state: str, language: str) -> None:
    facts = case_facts(status("report", state), words(language))
    assert facts["title"] and facts["text"] and facts["due"]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("step", sorted({clock["step"] for clock in WORKFLOW["clocks"]}))
def test_the_day_is_told_of_the_step_that_ends_on_it(step: str, language: str) -> None:
    table = words(language)
    told = case_facts(replace(status("report"), step=step), table)["due"]
    assert told == table["due"][step].format(day="2026-12-31")
    assert ("2026-12-31" in told) == (step != "dispatch")  # the two hours have no day


def test_once_she_was_told_the_result_she_is_not_told_that_somebody_is_looking() -> None:
    facts = case_facts(replace(status("feedback", "verifying"), is_told=True), words("zh_CN"))
    assert facts["title"] == "已反馈"
