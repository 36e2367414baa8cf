"""What a reader's browser searches: the words of his own cases, in pages, and one entry of the audit for all."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from functools import partial
from typing import Any

import pytest

from tests.doors import later, reviewer
from tests.doors.office import Team
from tests.doors.served import Served, establish, team
from tests.doors.test_audit import ask, entries, refusing
from whistle import client
from whistle.casework import auditing, searching
from whistle.client import Office
from whistle.storage import audit
from whistle.storage.audit import DONE, Entry
from whistle.storage.database import Database

WORDS = "三号车间的除尘管道一直没有清理。"
Line = dict[str, Any]


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A house of this module's own, both doors open over it."""
    made = establish(tmp_path_factory.mktemp("searching") / "data")
    with later.door(made.data, "public") as public, later.door(made.data, "review") as review:
        made.ports = {"public": int(public.rpartition(":")[2]), "review": int(review.rpartition(":")[2])}
        yield made
        made.kill()


@pytest.fixture(scope="module")
def people(house: Served) -> Team:
    return team(house)


def filed(house: Served) -> str:
    return client.connect(house.public, house.http()).submit(WORDS, passphrase="青山绿水").case


def pages(office: Office) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    while not found or found[-1]["next"]:
        after = found[-1]["next"] if found else ""
        answer = reviewer.get(office, "/api/search", params={"after": after})
        assert answer.status_code == 200, answer.text
        found.append(answer.json())
    return found


def lines(office: Office) -> dict[str, Line]:
    return {line["case"]: line for page in pages(office) for line in page["cases"]}


def held(office: Office) -> set[str]:
    return {str(row["case"]) for row in office.inbox()}


def searches(house: Served, office: Office) -> list[Entry]:
    return [each for each in entries(house) if each.rid == office.rid and each.act == "search"]


def test_it_works(house: Served, people: Team) -> None:
    case = filed(house)
    found = lines(people.intake)[case]
    opened = reviewer.get(people.intake, "/api/case", headers={"Whistle-Case": case}).json()
    assert [post["head"] for post in found["posts"]] == [post["head"] for post in opened["posts"]]
    comps = {item.id: item.comp for item in people.intake.case(case).items}
    assert {comps[item] for post in found["posts"] for item in post["items"]} == {"card", "report"}
    assert (found["state"], found["number"]) == ("received", opened["number"])


@pytest.mark.parametrize("role", ["intake", "verifier", "leader", "payout", "finance", "auditor"])
def test_nobody_is_served_an_identity_the_money_or_what_he_could_not_open(
    house: Served, people: Team, role: str
) -> None:
    case = filed(house)
    people.to_proposal(case)
    office = getattr(people, role)
    answer = reviewer.get(office, "/api/case", headers={"Whistle-Case": case})
    found = lines(office)
    if case not in held(office):
        assert case not in found
        return
    comps = {item.id: item.comp for item in office.case(case).items}
    served = {item for post in found[case]["posts"] for item in post["items"]}
    words = {item for item, comp in comps.items() if comp in searching.SEARCHED}
    assert served <= words, "of what he may open, words alone"
    assert served == {
        item.id for item in office.case(case).items if item.comp in searching.SEARCHED and not item.meta["name"]
    }
    mine = {sealed for post in answer.json()["posts"] for sealed in post["grants"].values()}
    assert {sealed for post in found[case]["posts"] for sealed in post["grants"].values()} <= mine


def test_whoever_recused_himself_is_served_nothing_of_the_case(house: Served, people: Team) -> None:
    case = filed(house)
    people.accept(case)
    assert case in lines(people.leader)
    people.leader.recuse(case, "厂长是我连襟。", strand=True)
    assert case not in lines(people.leader)


def test_all_of_it_is_one_entry_that_names_no_case(house: Served, people: Team) -> None:
    cases = [filed(house) for _ in range(3)]
    before = [each for each in entries(house) if each.rid == people.intake.rid and each.act == "case"]
    for _ in range(2):
        assert set(cases) <= set(lines(people.intake))
    made = searches(house, people.intake)
    assert {(each.case, each.item, each.minute, each.outcome) for each in made} == {("", "", "", DONE)}
    assert len({each.note for each in made}) == len(made), "the same again on one day is one row"
    assert [each for each in entries(house) if each.rid == people.intake.rid and each.act == "case"] == before


def test_a_report_that_comes_changes_no_count(house: Served, people: Team) -> None:
    """Else two searches of one day would say between which of them it came."""
    filed(house)
    lines(people.intake)
    before = searches(house, people.intake)
    filed(house)
    lines(people.intake)
    assert searches(house, people.intake) == before
    people.accept(filed(house))
    lines(people.intake)
    added = [each for each in searches(house, people.intake) if each not in before]
    assert [int(each.note) for each in added] == [max(int(each.note) for each in before) + 1]


def test_a_case_named_in_the_request_is_neither_singled_out_nor_entered(house: Served, people: Team) -> None:
    """An entry that named one case would hide that all others were read."""
    one, other = filed(house), filed(house)
    people.accept(one)
    answer = ask(people.intake, "/api/search", one)
    assert {one, other} <= {line["case"] for line in answer.json()["cases"]}
    assert not [each for each in entries(house) if each.act == "search" and each.case]


def test_long_lists_come_in_pages_without_a_hole_or_a_double(
    house: Served, people: Team, monkeypatch: pytest.MonkeyPatch
) -> None:
    wanted = held(people.intake) | {filed(house) for _ in range(3)}
    for name, few in (("PAGE", 2), ("MOST", 50_000)):
        with monkeypatch.context() as patch:
            patch.setattr(searching, name, few)
            found = [line["case"] for page in pages(people.intake) for line in page["cases"]]
        assert len(found) == len(set(found)) and set(found) == wanted
    assert {page["all"] for page in pages(people.intake)} == {len(wanted)}


@pytest.mark.parametrize("after", ["x", "-1", "1_2", str(2**63), "9" * 20])
def test_a_place_in_the_list_that_is_none_is_refused(house: Served, people: Team, after: str) -> None:
    assert reviewer.get(people.intake, "/api/search", params={"after": after}).status_code == 400


def test_while_nothing_can_be_entered_nothing_is_answered(house: Served, people: Team) -> None:
    with refusing(house):
        answer = reviewer.get(people.verifier, "/api/search")
        assert (answer.status_code, answer.json()) == (503, {"error": "unrecorded"})


def test_who_opened_a_case_names_those_who_searched_while_they_held_a_key_of_it(house: Served, people: Team) -> None:
    case = filed(house)
    people.accept(case)
    for office in (people.intake, people.verifier):
        lines(office)
    seen = ask(people.leader, "/api/openings", case).json()["rows"]
    assert "intake" in {row["label"] for row in seen if row["act"] == "search"}
    assert "verifier" not in {row["label"] for row in seen if row["act"] == "search"}, "he holds no key of it"


def test_who_searched_is_read_back_to_the_first_and_none_is_left_out(house: Served, people: Team) -> None:
    case = filed(house)
    people.accept(case)
    day, made = people.leader.case(case).today, [str(number) for number in range(1, 2 * auditing.PAGE + 6)]
    tomorrow = (date.fromisoformat(day) + timedelta(days=1)).isoformat()
    with Database.open(house.database) as db:
        for note in made:
            db.write_sync(partial(audit.record, day=day, rid=people.intake.rid, act="search", note=f"made {note}"))
        db.write_sync(partial(audit.gather, before_day=tomorrow))
    found: list[Line] = []
    before = ""
    while True:
        page = reviewer.get(
            people.leader, "/api/openings", params={"before": before}, headers={"Whistle-Case": case}
        ).json()
        found, before = found + page["rows"], page["next"]
        if not before:
            break
    assert {row["note"].removeprefix("made ") for row in found if row["note"].startswith("made")} == set(made)
    numbers = [row["no"] for row in found if row["no"]]
    assert numbers == sorted(set(numbers), reverse=True)
    wrong = {"params": {"before": "-1"}, "headers": {"Whistle-Case": case}}
    assert reviewer.get(people.leader, "/api/openings", **wrong).status_code == 400
