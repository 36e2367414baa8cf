"""Numbers of official papers at the review door: drawn once, by those whose paper it is, written into the audit."""

from __future__ import annotations

import json

import pytest

from tests.conftest import Demo
from whistle.client import ClientError, Office
from whistle.storage import audit
from whistle.storage.database import Database


@pytest.fixture(scope="module")
def accepted(demo: Demo) -> str:
    """A case of this module's own, accepted."""
    office = demo.office("intake")
    case = office.transcribe("三号车间的安全出口上了锁,里面有人。", source="phone").case
    today = office.case(case).today
    office.accept(case, category="violation", sector="unknown", packs=[], received=today)
    return case


def draw(office: Office, case: str, kind: str, year: int = 0) -> str:
    """As the browser asks."""
    today = office.session._wire.get("/api/case", headers={"Whistle-Case": case}).json()["today"]
    headers = {"Origin": office.session._origin, "Whistle-Case": case}
    asked = {"kind": kind, "year": year or int(today[:4])}
    return str(office.session._wire.send("POST", "/api/paper-number", json=asked, headers=headers).json()["number"])


def test_it_works(demo: Demo, accepted: str) -> None:
    office = demo.office("intake")
    number = draw(office, accepted, "accept")
    assert number.endswith("号")
    assert draw(office, accepted, "accept") == number
    assert office.session.case(accepted)["papers"] == {"accept": number}


def test_each_drawing_stands_once_in_the_audit(demo: Demo, accepted: str, database: dict[str, str]) -> None:
    office = demo.office("intake")
    for _ in range(2):
        draw(office, accepted, "supplement")
    url = database.get("WHISTLE_DATABASE") or f"sqlite:///{demo.data / 'whistle.db'}"
    with Database.open(url) as db:
        rows = [json.loads(row.bytes) for row in db.read_sync(lambda tx: list(audit.every(tx)))]
    mine = [row for row in rows if row["case"] == accepted and row["act"] == "paper" and row["note"] == "supplement"]
    assert [row["rid"] for row in mine] == [office.rid]


@pytest.mark.parametrize("kind", ["decline", "feedback", "transfer", "extend", "objection"])
def test_no_number_before_the_act_it_rests_on(demo: Demo, accepted: str, kind: str) -> None:
    with pytest.raises(ClientError) as refused:
        draw(demo.office("intake"), accepted, kind)
    assert (refused.value.code, refused.value.facts["reason"]) == ("refused", "state")


@pytest.mark.parametrize(("role", "kind"), [("intake", "award"), ("intake", "notice"), ("intake", "receipt")])
def test_another_roles_paper_is_not_his(demo: Demo, accepted: str, role: str, kind: str) -> None:
    with pytest.raises(ClientError) as refused:
        draw(demo.office(role), accepted, kind)
    assert refused.value.code == "wrong_role"


@pytest.mark.parametrize("role", ["verifier", "finance"])
def test_a_case_he_may_not_see_is_not_found(demo: Demo, accepted: str, role: str) -> None:
    with pytest.raises(ClientError) as refused:
        draw(demo.office("intake"), "A" * 43, "accept")
    assert refused.value.code == "not_found"
    with pytest.raises(ClientError) as hidden:
        draw(demo.office(role), accepted, "accept", year=2026)
    assert hidden.value.code == "not_found"


@pytest.mark.parametrize("kind", ["case", "paper.accept", "", "delist", "waiver"])
def test_what_has_no_number_of_its_own_gets_none(demo: Demo, accepted: str, kind: str) -> None:
    with pytest.raises(ClientError) as refused:
        draw(demo.office("intake"), accepted, kind)
    assert refused.value.code == "malformed"


@pytest.mark.parametrize("year", [1999, 2999])
def test_numbers_are_of_this_year(demo: Demo, accepted: str, year: int) -> None:
    with pytest.raises(ClientError) as refused:
        draw(demo.office("intake"), accepted, "supplement", year)
    assert refused.value.facts["reason"] == "clock"


def test_the_letterhead_names_the_office_and_the_code_its_numbers_begin_with(demo: Demo) -> None:
    head = demo.office("intake").session._wire.get("/api/letterhead").json()
    assert head == {"office": "临港经济开发区安全生产监管办公室", "agency": "临港安"}
