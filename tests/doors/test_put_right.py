"""What has to be put right, and what two people decide: each new kind through the real door, by those it names."""

from __future__ import annotations

import dataclasses

import pytest

from tests.conftest import Demo
from tests.doors import later, reviewer
from tests.doors.hand import Hand
from tests.doors.office import FEN, Team
from tests.doors.test_further import filed, refused, report, rows
from whistle.client import ClientError, Office
from whistle.client.extracts import marks
from whistle.client.sealing import words


def said(office: Office, case: str, kind: str, comp: str) -> list[str]:
    """What this desk opens of the items that posts of this kind carry."""
    view = office.case(case)
    posts = {act.hash for act in view.acts if act.kind == kind}
    return [item.text for item in view.items if item.post in posts and item.comp == comp and item.text]


def free(team: Team, year: int) -> int:
    """What a year's budget bears beside what waits for it, in fen; below 0 when more waits than is left."""
    told = team.leader.session.get("/api/ledger", {"year": str(year)})
    return int(told["balance"]["left"]) - int(told["waiting"]["fen"])


def test_an_approval_with_the_wrong_sum_is_taken_back_before_anybody_is_told(team: Team, hand: Hand) -> None:
    case = filed(hand)
    team.to_proposal(case)
    team.demo.fund()
    year = int(team.leader.case(case).today[:4])
    left = free(team, year)
    team.leader.approve(case)
    assert free(team, year) == left - FEN
    assert team.leader.budget_left(year) == max(0, left - FEN)
    approval = team.leader.case(case).fold.approval
    with pytest.raises(ClientError, match="refused"):
        team.payout.act(case, "award.unapprove", {"approval": approval, "reason": "UA01"})
    team.leader.unapprove(case, "UA01", "多算了")
    assert rows(team, case) == [("approve", FEN), ("revoke", FEN)]
    assert free(team, year) == left
    assert team.leader.case(case).fold.state == "reward_proposed"
    assert {row["case"] for row in team.payout.inbox(mine="1")} >= {case}  # who proposed learns that it came back
    team.leader.approve(case)
    assert rows(team, case)[-1] == ("approve", FEN)


def test_an_award_she_was_told_is_cancelled_in_the_open_and_she_objects(team: Team, demo: Demo) -> None:
    one = report(demo)
    team.to_notice(one.case)
    team.payout.ask_cancel(one.case, "AC01")
    team.leader.cancel_award(one.case, "AC01", "金额算错。")
    assert rows(team, one.case)[-1] == ("revoke", FEN)
    status = demo.reporter().status(one.ticket)
    assert (status.state, status.posts[-1].kind, status.posts[-1].text) == ("refused", "award.cancel", "金额算错。")
    assert (status.posts[-1].role, status.cancelled) == ("leader", "AC01")
    demo.reporter().objection(one.ticket, "award.refuse", "我不同意。")
    assert said(team.leader, one.case, "objection", "thread") == ["我不同意。"]
    assert said(team.payout, one.case, "objection", "thread") == []
    with refused("state"):  # who cancelled does not decide: to him it is not offered
        team.leader.decide_objection(one.case, "rejected", "维持。")


def test_abuse_is_declined_by_two_who_both_read_an_extract(team: Team, hand: Hand) -> None:
    case = filed(hand)
    with refused("agreed"):
        team.intake.decline(case, "NA09")
    with refused("state"):
        team.intake.ask_decline(case, "NA09", "第五次")
    team.intake.extract(case, {"category": "violation", "line": "重复举报"}, "内容与前四件一样。")
    assert said(team.leader, case, "extract", "work") == []
    team.intake.ask_decline(case, "NA09", "第五次")
    assert "内容与前四件一样。" in said(team.leader, case, "extract", "work")
    assert said(team.leader, case, "decline.ask", "work") == ["第五次"]
    assert team.leader.case(case).fold.turn == ("intake", "leader")
    team.leader.agree_decline(case, "属实")
    team.intake.decline(case, "NA09")
    with refused("objection_open"):
        team.intake.close(case, "CL02")


def test_what_the_level_above_decided_is_entered_and_confirmed(team: Team, demo: Demo) -> None:
    one = report(demo)
    team.intake.decline(one.case, "NA03")
    demo.reporter().objection(one.ticket, "decline", "请再看看。")
    today = team.intake.case(one.case).today
    team.intake.record_objection(one.case, "市应急管理局", "复查7号", today, "upheld", "决定书全文")
    status = demo.reporter().status(one.ticket)
    assert (status.state, status.posts[-1].text) == ("objection", "决定书全文")
    team.leader.confirm_objection(one.case)
    assert demo.reporter().status(one.ticket).state == "received"


def test_a_merge_is_undone_and_a_classing_corrected(team: Team, hand: Hand) -> None:
    first, second = filed(hand), filed(hand)
    team.intake.classify(second, "other", "gas", "按内容")
    team.intake.merge(second, first)
    team.intake.unmerge(second, "UM01", "不是一件事")
    fold = team.intake.case(second).fold
    assert (fold.parent, fold.category, fold.sector) == ("", "other", "gas")


def test_a_class_on_an_old_place_is_a_conflict_and_the_same_one_again_says_so(team: Team, hand: Hand) -> None:
    case, fields = filed(hand), {"category": "other", "sector": "gas"}
    late = reviewer.act(team.intake, case, "classify", fields, [words("work", "")])
    team.intake.message(case, "请补充。")
    assert (late.send().status_code, late.send().json()["error"]) == (409, "conflict")
    assert team.intake.case(case).fold.sector == ""
    team.intake.classify(case, "other", "gas")
    again = reviewer.act(team.intake, case, "classify", fields, [words("work", "")]).send()
    assert (again.status_code, again.json()["reason"]) == (422, "classified")


def waits_for_leader(team: Team, case: str) -> bool:
    return case in [row["case"] for row in team.leader.inbox(mine="1")]


def test_a_class_she_was_told_is_corrected_before_her_eyes(team: Team, demo: Demo) -> None:
    """The acceptance told her a category: what holds now is told as well, dated; of what she was not told, nothing."""
    one = report(demo)
    team.intake.classify(one.case, "other", "gas", "按内容")
    assert [post.kind for post in demo.reporter().status(one.ticket).posts] == ["report"]
    team.accept(one.case)
    assert demo.reporter().status(one.ticket).category == "violation"
    fields = {"category": "major_hazard", "sector": "gas"}
    answer = reviewer.act(team.intake, one.case, "classify", fields, [words("work", "按内容")]).send()
    assert (answer.status_code, answer.json()["reason"]) == (422, "told_class")
    team.intake.classify(one.case, "major_hazard", "gas", "按内容", "现在按重大事故隐患办理。")
    status = demo.reporter().status(one.ticket)
    told = status.posts[-1]
    assert (status.category, told.kind, told.before) == ("major_hazard", "classify.tell", "violation")
    assert (told.text, told.role) == ("现在按重大事故隐患办理。", "intake")
    assert team.intake.case(one.case).fold.category == "major_hazard"


def test_taking_the_earlier_award_back_opens_her_objection_again(team: Team, hand: Hand) -> None:
    first, second = filed(hand), filed(hand)
    team.to_notice(first)
    team.to_finding(second)
    team.intake.merge(second, first)
    team.leader.refuse_award(second, "NR07")
    with refused("parent_awarded"):
        team.leader.reopen_objection(second, "OR01", "可再提异议。")
    team.payout.ask_cancel(first, "AC02")
    assert not waits_for_leader(team, second)
    team.leader.cancel_award(first, "AC02", "不符合条件。")
    assert waits_for_leader(team, second)
    team.leader.reopen_objection(second, "OR01", "可再提异议。")
    assert team.leader.case(second).fold.may_object
    assert not waits_for_leader(team, second)


def test_her_own_words_are_not_signed_as_an_extract(team: Team, demo: Demo) -> None:
    told = "夜班的开料锯没有防护罩,联系人王建国,电话13812345678。"
    case = demo.reporter().submit(told, enterprise="锯板厂", source="web").case
    with refused("extract_whole"):
        team.intake.extract(case, {"line": "检查"}, told.replace(",", ", "), looked=True)
    hasty = {"line": "夜班的开料锯没有防护罩"}, "问13812345678。"
    with refused("telltales"):
        team.intake.extract(case, *hasty)
    found = team.intake.telltales(case, *hasty)
    assert found == {"line": ["夜班", "夜班的开料锯没有防护罩"], "text": ["13812345678", "13812345678"]}
    team.intake.extract(case, *hasty, looked=True)


def test_who_reads_an_extract_is_shown_what_its_writer_was_shown(team: Team, demo: Demo) -> None:
    """Intake signs over a name and a telephone: the leader who is asked to agree sees them marked, and so does the one
    who decides an objection see what was copied of it."""
    told = "夜班的开料锯没有防护罩,联系人王建国,电话13812345678。"
    one = demo.reporter().submit(told, enterprise="锯板厂", source="web")
    team.intake.extract(one.case, {"line": "检查"}, "联系人王建国,电话13812345678。", looked=True)
    team.intake.ask_decline(one.case, "NA09", "第五次")
    shown = marks(team.leader.case(one.case).items)
    assert "13812345678" in shown["text"]
    team.intake.extract(one.case, {"line": "检查"}, "看设备防护。")
    team.intake.ask_decline(one.case, "NA09", "第五次")
    assert marks(team.leader.case(one.case).items) == {}
    team.leader.agree_decline(one.case, "属实")
    team.intake.decline(one.case, "NA09")
    words_of_hers = "那台开料锯每天都在用,请你们再去看看。"
    demo.reporter().objection(one.ticket, "decline", words_of_hers)
    team.intake.extract(one.case, {"line": "检查"}, f"来信说{words_of_hers}", looked=True)
    assert marks(team.leader.case(one.case).items)["text"]


def test_who_decides_an_objection_has_read_an_extract_and_the_objection(team: Team, demo: Demo) -> None:
    one = report(demo)
    team.intake.extract(one.case, {"line": "设备"}, "看设备防护。")
    team.intake.decline(one.case, "NA03")
    demo.reporter().objection(one.ticket, "decline", "请再看看。")
    with refused("extract"):
        team.leader.decide_objection(one.case, "upheld", "成立。")
    case = team.leader.case(one.case)
    assert case.fold.objection
    fields = {"objection": case.fold.objection.hash, "about": "decline", "outcome": "upheld"}
    answer = reviewer.act(team.leader, one.case, "objection.decide", fields, [words("thread", "成立。")]).send()
    assert (answer.status_code, answer.json()["reason"]) == (422, "extract")
    assert said(team.leader, one.case, "extract", "work") == []
    assert one.case in [row["case"] for row in team.intake.inbox(mine="1")]
    team.intake.extract(one.case, {"line": "设备"}, "看设备防护。")
    team.leader.decide_objection(one.case, "upheld", "成立。")


def test_a_case_that_is_not_accepted_is_classed_all_the_same(team: Team, demo: Demo) -> None:
    one = demo.reporter().submit("煤气味很重。", category="major_hazard", sector="gas", enterprise="灶具厂")
    team.intake.decline(one.case, "NA03")
    fold = team.intake.case(one.case).fold
    assert (fold.state, fold.category, fold.sector) == ("not_accepted", "major_hazard", "gas")
    assert [post.kind for post in demo.reporter().status(one.ticket).posts] == ["report", "decline"]


def test_where_the_level_above_decides_no_leader_is_let_to_sign(team: Team, demo: Demo) -> None:
    one = report(demo)
    team.intake.decline(one.case, "NA03")
    demo.reporter().objection(one.ticket, "decline", "请再看看。")
    team.intake.extract(one.case, {"line": "设备"}, "看设备防护。")
    with later.door(demo.data, "review", database=demo.database, review="above") as url:
        above = Team(dataclasses.replace(demo, review_port=int(url.rsplit(":", 1)[1]), clients=[]))
        assert above.leader.case(one.case).review == "above"
        with refused("review_above"):
            above.leader.decide_objection(one.case, "upheld", "成立。")
        for each in above.demo.clients:
            each.close()
