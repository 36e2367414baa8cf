"""What the page without script says of a case: every post and state of the one table has its sentence."""

import re
from dataclasses import dataclass, replace
from typing import Any

import pytest

from tests.web.conftest import LANGUAGES, ROOT
from whistle.client.status import Line, Status, role_of
from whistle.core.case import WORKFLOW
from whistle.crypto.kinds import FIELDS as GRAMMAR
from whistle.public import form
from whistle.public.told import case_facts, day_in_words
from whistle.web.pages import Pages
from whistle.web.words import Words


@dataclass(frozen=True)
class Author:
    """Of a reviewer's post, what its role follows from."""

    kind: str
    comp: str = "thread"
    author: str = "reviewer"

    @property
    def fields(self) -> dict[str, str]:
        return {"comp": self.comp}


# What the client says of a post beside its own fields.
MORE: dict[str, Any] = {
    "withdraw": {"until": "2026-12-02", "scope": "report"}, "withdraw.undo": {"scope": "contact"},
    "withdraw.take": {"scope": "report"}, "destroy": {"scope": "content"},
}  # fmt: skip
SAID = [(2, "reviewer", "intake"), (3, "reporter", "")]
SHOWN = [kind for kind, rule in WORKFLOW["kinds"].items() if rule["vis"] == "all"]
SEEN = sorted({state["seen"] for state in WORKFLOW["states"].values()})
# A value for every public field that a sentence may name.
FIELDS: dict[str, Any] = {
    "comp": "thread", "category": "violation", "reason": "NR03", "to": "住建局", "fen": 2_250_000,
    "claim_by": "2026-12-31", "method": "counter", "until": "2026-12-02", "document": "5号",
    "approved_by": "市应急管理局", "action": "on_site", "outcome": "upheld", "result": "returned",
    "level": "city", "honour": "praise", "due": "2026-12-31",
}  # fmt: skip


def words(language: str) -> dict[str, Any]:
    folders = [ROOT / "templates/public/words", ROOT / "templates/shared/words"]
    return dict(Words(ROOT / "locale", language).tables(folders, "common", "terms", "case"))


def status(kind: str, state: str = "received") -> Status:
    fields = {name: FIELDS[name] for name in GRAMMAR[kind] if name in FIELDS} | MORE.get(kind, {})
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
    for fact in ("2026 年 12 月 2 日", "5号", "市应急管理局"):
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
    day = day_in_words(table, "2026-12-31")
    assert told == table["due"][step].format(day=day)
    assert (day in told) == (step != "dispatch")  # the two hours have no day


def test_once_she_was_told_the_result_she_is_not_told_that_somebody_is_looking() -> None:
    facts = case_facts(replace(status("feedback", "verifying"), is_told=True), words("zh_CN"))
    assert facts["title"] == "已反馈"


@pytest.mark.parametrize(("may_object", "offered"), [(False, False), (True, True)])
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_case_whose_material_is_destroyed_takes_nothing_to_add_to_it(
    pages: Pages, language: str, may_object: bool, offered: bool
) -> None:
    gone = replace(status("destroy", "closed"), destroyed=("content",), may=frozenset({"message", "evidence"}))
    shown = replace(gone, about="decline") if may_object else gone
    facts = case_facts(shown, words(language))
    assert facts["emptied"] and not case_facts(replace(shown, destroyed=("award",)), words(language))["emptied"]
    page = form.page(pages, language, {"view": "case", "case": facts}).decode()
    assert ('id="say"' in page) is offered and ("data-emptied" in page) is not offered
    assert 'name="act" value="attach"' not in page


def test_an_award_that_was_cancelled_is_not_told_as_one_the_rules_do_not_give() -> None:
    """She was told a sum: that it was approved, that it is gone, why, and how to object."""
    cancelled = replace(status("award.cancel", "refused"), cancelled="AC01", about="award.refuse")
    facts = case_facts(cancelled, words("zh_CN"))
    assert facts["title"] == "奖励已撤销"
    for told in ("批准过", "撤销", "金额或依据有误", "提出异议，请求复查"):
        assert told in facts["text"]
    assert "按规定没有奖励" not in facts["text"]
    assert "提出异议" not in case_facts(replace(cancelled, about=""), words("zh_CN"))["text"]
    assert "按规定没有奖励" in case_facts(status("award.refuse", "refused"), words("zh_CN"))["text"]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("state", ["not_accepted", "refused"])
def test_a_review_is_offered_only_while_she_may_ask_for_one(state: str, language: str) -> None:
    """Not after the review was decided, nor when its days are over: the form is gone then."""
    table = words(language)
    shut = case_facts(status("report", state), table)["text"]
    open_ = case_facts(replace(status("report", state), about="decline"), table)["text"]
    assert open_ == shut + table["seen"][state]["object"]
    for offer in ("请求复查", "請求複查", "ask for a review"):
        assert offer not in shut


@pytest.mark.parametrize("language", LANGUAGES)
def test_who_writes_to_her_is_named_by_the_role_he_writes_in(language: str) -> None:
    """A decision of the person in charge is not headed by the officer who took the report in."""
    table = words(language)
    roles = {kind: role_of(Author(kind), WORKFLOW) for kind in SHOWN if kind not in ("report", "claim", "evidence")}
    assert roles | {"award.cancel": "leader", "objection.decide": "leader", "extend": "leader"} == roles
    assert roles | {"award.notify": "payout", "feedback": "intake", "objection.record": "intake"} == roles
    assert (role_of(Author("message", "thread"), WORKFLOW), role_of(Author("message", "payout"), WORKFLOW)) == (
        "intake",
        "payout",
    )
    spoken = {
        kind for kind in SHOWN if {"thread", "payout"} & {item.rstrip("*") for item in WORKFLOW["kinds"][kind]["items"]}
    }
    assert all(table["who"][role] for kind, role in roles.items() if kind in spoken and role)


def test_an_award_is_told_as_people_write_sums() -> None:
    """On the card on top, in the prize and in the history."""
    noticed = replace(
        status("award.notify", "notified"), award="22500.00", claim_by="2026-12-31", may=frozenset({"claim"})
    )
    facts = case_facts(noticed, words("zh_CN"))
    assert facts["wanted"] == ["请在 2026 年 12 月 31 日（含）前申请领奖：22,500.00 元。"]
    assert facts["award"] == "22,500.00" and "22,500.00 元" in facts["events"][0]["text"]
    claimed = case_facts(replace(noticed, state="claimed"), words("zh_CN"))
    assert (claimed["wanted"], claimed["award"]) == ([], "22,500.00")
    assert case_facts(replace(noticed, state="forfeited"), words("zh_CN"))["award"] == ""
    assert case_facts(replace(noticed, may=frozenset()), words("zh_CN"))["wanted"] == []


def test_the_newest_stands_first_and_each_message_says_who_and_when() -> None:
    said = [Line(n, "message", f"2026-09-0{n}", author, "好", {"comp": "thread"}, role) for n, author, role in SAID]
    facts = case_facts(replace(status("report"), posts=tuple(said)), words("zh_CN"))
    assert [event["day"] for event in facts["events"]] == ["2026 年 9 月 3 日", "2026 年 9 月 2 日"]
    assert [one["who"] for one in facts["said"]] == ["受理员 · 2026 年 9 月 2 日", "您 · 2026 年 9 月 3 日"]


def test_a_corrected_class_says_what_she_was_told_before() -> None:
    line = Line(1, "classify.tell", "2026-09-05", "reviewer", "", {"category": "violation", "sector": "gas"}, "intake")
    told = replace(status("report"), category="violation", posts=(replace(line, before="other"),))
    facts = case_facts(told, words("zh_CN"))
    assert facts["class"] == "按“安全生产违法行为”办理"
    assert facts["events"][0]["text"] == "类别更正为：安全生产违法行为。原来告诉您的是：其他。"
    same = replace(told, posts=(replace(line, before="violation"),))
    assert case_facts(same, words("zh_CN"))["events"][0]["text"] == "归类作了更正，类别还是：安全生产违法行为。"
