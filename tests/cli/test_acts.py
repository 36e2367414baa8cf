"""`whistle act`: whatever somebody may post to a case has a way by command, and what is sealed is never an argument."""

from __future__ import annotations

import inspect
from pathlib import Path

import pytest
from PIL import Image
from PIL.PngImagePlugin import PngInfo
from typer.main import get_command

from tests.cli.shell import Ran, Shell
from tests.conftest import Demo
from tests.doors.office import Team
from whistle.cli import acts
from whistle.cli.program import program
from whistle.client import ClientError, attachment
from whistle.core.workflow import load

KINDS = load()["kinds"]
# What a reporter posts has commands of its own, which take her ticket and not a key file.
HERS = {
    "report": "submit",
    "message": "say",
    "evidence": "attach",
    "objection": "object",
    "claim": "claim",
    "withdraw": "withdraw",
    "withdraw.undo": "withdraw",
}


@pytest.fixture(scope="module")
def team(demo: Demo) -> Team:
    return Team(demo)


@pytest.fixture
def words(tmp_path: Path) -> str:
    (tmp_path / "words.txt").write_text("不符合条件。\n", encoding="utf-8")
    return f"@{tmp_path / 'words.txt'}"


def does(shell: Shell, demo: Demo, role: str, case: str, *arguments: str) -> Ran:
    shell.env.setenv("WHISTLE_PASSPHRASE", demo.passphrase(role))
    key = demo.data / "staff" / f"{role}.key"
    return shell("act", *arguments, "--server", demo.review, "--key", key, "--case", case)


def test_every_kind_that_a_person_may_post_has_a_way_by_command() -> None:
    office = {kind for kind, row in KINDS.items() if row["roles"] != ["reporter"] and not row.get("retired")}
    assert acts.WAYS.keys() | acts.ALONG.keys() == office
    assert set(acts.ALONG.values()) <= acts.WAYS.keys()
    commands = get_command(program()).commands  # type: ignore[attr-defined]
    assert HERS.keys() == {kind for kind, row in KINDS.items() if "reporter" in row["roles"]}
    assert {"act", *HERS.values()} <= commands.keys()


@pytest.mark.parametrize("kind", acts.WAYS)
def test_every_answer_can_be_given_as_text_or_as_a_file(kind: str) -> None:
    read = {*acts.VALUES, *acts.DOCUMENTS, *acts.SWITCHES}
    for name, one in list(inspect.signature(acts.WAYS[kind], eval_str=True).parameters.items())[2:]:
        assert one.annotation is str or name in read, name


@pytest.mark.parametrize("kind", acts.WAYS)
def test_what_an_act_seals_is_asked_for_as_a_file(kind: str) -> None:
    sealed = {*acts.WORDS, *acts.DOCUMENTS, "comp"}
    asks = bool(sealed & acts.parameters(kind).keys())
    assert asks or not [item for item in KINDS[kind]["items"] if not item.endswith("*")]


def test_an_award_that_was_told_is_taken_back_by_command(shell: Shell, demo: Demo, team: Team, words: str) -> None:
    case = demo.reporter().submit("皮带没有防护罩。", category="violation", reward="yes").case
    team.to_notice(case)
    offered = does(shell, demo, "payout", case).out
    assert "award.cancel.ask  申请撤销奖励  reason" in offered
    asked = does(shell, demo, "payout", case, "award.cancel.ask", "reason=AC02", "--json")
    assert asked.json == {"case": case, "kind": "award.cancel.ask"}
    for arguments, said in (
        (("award.cancel", "reason=AC02", "text=不符合条件。"), "text is sealed"),
        (("award.cancel", "reason=AC02"), "award.cancel needs text"),
        (("award.cancel", "reason=AC02", f"text={words}", "fen=1"), "award.cancel has nothing named fen"),
        (("award.uncancel",), "There is no act award.uncancel"),
        (("award.approve",), "You cannot do award.approve now"),
    ):
        assert said in does(shell, demo, "leader", case, *arguments).err
    done = does(shell, demo, "leader", case, "award.cancel", "reason=AC02", f"text={words}")
    assert (done.status, done.out) == (0, "Signed: award.cancel.\n")
    view = team.leader.case(case)
    assert (view.fold.state, [act.kind for act in view.acts][-2:]) == ("refused", ["award.cancel.ask", "award.cancel"])


def test_a_proposal_is_returned_to_payout_by_command(shell: Shell, demo: Demo, team: Team, words: str) -> None:
    case = demo.reporter().submit("护栏断了。", category="violation", reward="yes").case
    team.to_proposal(case)
    assert "award.return  退回重报  reason note" in does(shell, demo, "leader", case).out
    unsaid = does(shell, demo, "leader", case, "award.return", "reason=UA01")
    assert "award.return needs note" in unsaid.err
    done = does(shell, demo, "leader", case, "award.return", "reason=UA01", f"note={words}")
    assert (done.status, done.out) == (0, "Signed: award.return.\n"), done.err
    view = team.payout.case(case)
    assert (view.fold.state, view.items[-1].text) == ("verified", "不符合条件。")


def test_packs_seats_and_days_are_typed_as_people_know_them(shell: Shell, demo: Demo, team: Team, words: str) -> None:
    case = demo.reporter().submit("配电箱没有门。", category="general_hazard").case
    today = team.intake.case(case).today
    accepted = does(
        *(shell, demo, "intake", case, "accept", "category=general_hazard", "sector=industry_trade"),
        *("packs=SD-REW-2021", f"received={today}", f"reply={words}"),
    )
    assert accepted.status == 0, accepted.err
    label = next(one["label"] for one in team.intake.readers(team.intake.case(case)) if "verifier" in one["roles"])
    assert "Nobody cannot sit as verifier" in does(shell, demo, "intake", case, "assign", "seats=verifier=Nobody").err
    assigned = does(shell, demo, "intake", case, "assign", f"seats=verifier={label}")
    assert assigned.status == 0, assigned.err
    paused = does(shell, demo, "verifier", case, "pause", "reason=PA02")
    assert paused.status == 0, paused.err
    fold = team.intake.case(case).fold
    assert (dict(fold.seats), fold.paused_on) == ({"verifier": (team.person("verifier"),)}, today)


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    path = tmp_path / "张三家的配电箱.png"
    said = PngInfo()
    said.add_text("Comment", "GPS 35.3N 118.9E")
    Image.new("RGB", (2, 2), "red").save(path, pnginfo=said)
    return path


def test_files_go_along_with_an_act_each_in_its_compartment(
    shell: Shell, demo: Demo, team: Team, words: str, photo: Path
) -> None:
    """A photo for the office and one for her, beside the letter to her: the table wants the office's first."""
    case = demo.reporter().submit("配电箱没有门。", category="general_hazard").case
    told = ("category=general_hazard", "sector=industry_trade", "packs=SD-REW-2021", f"reply={words}")
    told = (*told, f"received={team.intake.case(case).today}")
    unsaid = does(shell, demo, "intake", case, "accept", *told, "--attach", str(photo))
    assert "work, thread" in unsaid.err
    done = does(
        shell, demo, "intake", case, "accept", *told, "--attach", f"work={photo}", "--attach", f"thread={photo}"
    )
    assert done.status == 0, done.err
    items = [item for item in team.intake.case(case).items if item.kind == "accept"]
    assert [(item.comp, item.meta["name"]) for item in items] == [
        ("work", ""),
        ("work", "图片 1.png"),
        ("thread", ""),
        ("thread", "图片 2.png"),
    ]
    assert all(b"118.9E" not in item.body for item in items)
    assert does(shell, demo, "intake", case, "message", f"text={words}", "--attach", str(photo)).status == 0
    assert team.intake.case(case).items[-1].meta["name"] == "图片 1.png"


def test_a_file_of_a_refused_act_does_not_go_along_with_the_next(demo: Demo, team: Team, photo: Path) -> None:
    one, other = (demo.reporter().submit("配电箱没有门。", category="general_hazard").case for _ in range(2))
    files = [("thread", attachment(photo))]
    with pytest.raises(ClientError), team.intake.enclosing(one, "message", files):
        team.intake.decline(one, "no such reason")
    for case in (one, other):
        team.intake.message(case, "请补充。")
        assert not [item for item in team.intake.case(case).items if item.meta["name"]]


def test_an_act_without_room_for_files_says_so(shell: Shell, demo: Demo, photo: Path, tmp_path: Path) -> None:
    case = demo.reporter().submit("配电箱没有门。", category="general_hazard").case
    none = does(shell, demo, "finance", case, "pay", "voucher=1", "treasury=2", "--attach", str(photo))
    assert (none.status, "pay takes no files" in none.err) == (1, True), none.err
    (tmp_path / "a.exe").write_bytes(b"MZ")
    other = does(shell, demo, "intake", case, "classify", "--attach", str(tmp_path / "a.exe"))
    assert other.status == 1


def test_a_recusal_says_who_remains_and_what_comes_first_where_nobody_does(
    shell: Shell, demo: Demo, team: Team, words: str
) -> None:
    case = demo.reporter().submit("电线裸露。", category="general_hazard").case
    alone = does(shell, demo, "intake", case, "recuse", f"why={words}")
    assert alone.status == 1
    assert "You are the only intake of this case" in alone.err
    assert "recuse.why" not in [act.kind for act in team.intake.case(case).acts]


def test_a_sum_is_reckoned_and_what_differs_from_the_finding_is_shown_before_it_is_approved(
    shell: Shell, demo: Demo, team: Team, tmp_path: Path, words: str
) -> None:
    case = demo.reporter().submit("锯片没有罩子。", category="violation", reward="yes").case
    team.to_finding(case)
    facts = tmp_path / "facts.json"
    facts.write_text('{"kind": "violation", "fine": "30000.00"}', encoding="utf-8")
    proposal = ("award.propose", "pack=SD-REW-2021", f"facts=@{facts}")
    assert "The facts differ from the finding without a reason" in does(shell, demo, "payout", case, *proposal).err
    assert does(shell, demo, "payout", case, *proposal, f"why={words}").status == 0
    assert team.leader.case(case).fold.proposal.fen == 1_500_000  # type: ignore[union-attr]
    demo.fund()
    blind = does(shell, demo, "leader", case, "award.approve")
    assert (blind.status, blind.out) == (
        1,
        "Differs from the finding: fine, found 45,000.00, award 30,000.00\n不符合条件。\n",
    )
    assert does(shell, demo, "leader", case, "award.approve", "differing=yes").status == 0


def test_a_number_that_another_payment_bears_is_shown_before_the_next_is_entered(
    shell: Shell, demo: Demo, team: Team
) -> None:
    reporter = demo.reporter()
    filed = [reporter.submit("皮带没有罩子。", category="violation", reward="yes", passphrase="青山不老") for _ in "ab"]
    cases = [one.case for one in filed]
    for one in filed:
        team.to_notice(one.case)
        reporter.claim(one.ticket, payee="持码人", method="counter", declared=True, passphrase="青山不老")
        team.payout.check(one.case)
    day = team.finance.case(cases[0]).today
    number = f"国库-{cases[0][:6]}"
    typed = ("pay", f"voucher=记-{cases[0][:6]}", f"treasury={number}", f"day={day}")
    assert does(shell, demo, "finance", cases[0], *typed).status == 0
    asked = does(shell, demo, "finance", cases[1], *typed)
    paid = team.finance.case(cases[0]).number
    assert (asked.status, f"The payments of {paid} bear this voucher" in asked.out + asked.err) == (1, True)
    assert does(shell, demo, "finance", cases[1], *typed, "again=yes").status == 0
