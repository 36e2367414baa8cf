"""An enterprise's own office: its classes and reasons, its promise to mend, its honours; and what it cannot do."""

import json
import os
import time
from collections.abc import Iterator
from dataclasses import replace

import pytest
import uvloop

from tests.conftest import Demo
from tests.doors.firm import FIRM, PLAN, ROLES, at_the_firm, filed, founded, verified
from tests.doors.office import PINNED
from whistle import house, publishing, settings, zone
from whistle.casework.refold import checker
from whistle.cli import run
from whistle.client import ClientError, Office, View
from whistle.client.reporter import Public
from whistle.core import calendar, newposts
from whistle.core.clock import zone_day
from whistle.crypto import fingerprint
from whistle.crypto.encoding import unb64
from whistle.crypto.errors import EnvelopeError
from whistle.crypto.honours import sign_certificate, verify_certificate
from whistle.crypto.keys import reviewer_keys
from whistle.storage import cases


@pytest.fixture(scope="module")
def firm(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    running = founded(tmp_path_factory.mktemp("firm") / "data")
    yield running
    running.kill()


@pytest.fixture(scope="module")
def team(firm: Demo) -> dict[str, Office]:
    return {role: at_the_firm(firm, role) for role in ROLES}


@pytest.fixture
def alice(firm: Demo) -> Public:
    return firm.reporter()


def test_a_hazard_is_reported_promised_mended_honoured_and_put_away_without_money(
    firm: Demo, team: dict[str, Office], alice: Public
) -> None:
    filing = filed(alice)
    case = filing.case
    verified(team, case)
    team["verifier"].commit(case, due="2099-01-10", **PLAN)
    with pytest.raises(ClientError, match="refused"):
        team["intake"].close(case, "CL01")
    team["verifier"].rectify(case, day=zone_day(time.time()), document="验收1号")
    team["payout"].propose_honour(case, "praise", "及时报告，避免了粉尘爆炸。")
    team["leader"].approve_honour(case)
    team["leader"].tell_honour(case, "报告及时，授予通报表扬。")
    status = alice.status(filing.ticket)
    assert [line.kind for line in status.posts if line.kind in ("commit", "rectify", "honour.tell")] == [
        *("commit", "rectify", "honour.tell")
    ]
    assert status.methods == ("payroll", "counter")
    assert not status.award


def test_the_certificate_names_neither_case_nor_code_and_proves_who_gave_it(
    team: dict[str, Office], alice: Public
) -> None:
    filing = filed(alice)
    verified(team, filing.case)
    team["payout"].propose_honour(filing.case, "model", "多次报告。")
    team["leader"].approve_honour(filing.case)
    team["leader"].tell_honour(filing.case, "授予安全标兵。")
    view = team["leader"].case(filing.case)
    held = certificate(view)
    assert filing.case not in held["certificate"] and filing.ticket not in held["certificate"]
    data, sig = held["certificate"].encode(), unb64(held["sig"])
    told = verify_certificate(team["leader"].trust.directories, data, sig)
    assert (told["channel"], told["honour"], told["text"]) == (FIRM, "model", "授予安全标兵。")
    for forged in (data.replace("安全标兵".encode(), "劳动模范".encode()), data.replace(b'"model"', b'"praise"')):
        with pytest.raises(EnvelopeError):
            verify_certificate(team["leader"].trust.directories, forged, sig)


def certificate(view: View) -> dict[str, str]:
    found = [item for item in view.items if item.document == "certificate"]
    return dict(json.loads(found[-1].text))


def test_a_certificate_of_somebody_who_is_no_leader_is_none(team: dict[str, Office], alice: Public) -> None:
    filing = filed(alice)
    verified(team, filing.case)
    team["payout"].propose_honour(filing.case, "praise", "报告及时。")
    view = team["payout"].case(filing.case)
    data, sig = team["payout"].certified(view, "我自己发的。")
    with pytest.raises(EnvelopeError):
        verify_certificate(team["payout"].trust.directories, data, sig)
    other = replace_keys(team["leader"], view)
    with pytest.raises(EnvelopeError):
        verify_certificate(team["leader"].trust.directories, *other)


def replace_keys(leader: Office, view: View) -> tuple[bytes, bytes]:
    """A leader's certificate, signed with a key that is not his."""
    data, _ = leader.certified(view, "冒名。")
    document = {name: value for name, value in json.loads(data).items() if name not in ("v", "suite")}
    return sign_certificate(reviewer_keys(os.urandom(32)), document)


def test_an_honour_is_sent_back_or_taken_back_and_proposed_anew(team: dict[str, Office], alice: Public) -> None:
    filing = filed(alice)
    verified(team, filing.case)
    team["payout"].propose_honour(filing.case, "praise", "报告及时。")
    team["leader"].return_honour(filing.case, "HT01", "理由太简单")
    team["payout"].propose_honour(filing.case, "certificate", "报告及时，细节准确。")
    team["leader"].approve_honour(filing.case)
    team["leader"].tell_honour(filing.case, "特发此证。")
    team["leader"].revoke_honour(filing.case, "HV02")
    kinds = [line.kind for line in alice.status(filing.ticket).posts]
    assert kinds[-2:] == ["honour.tell", "honour.revoke"]
    assert "honour.propose" not in kinds
    team["payout"].propose_honour(filing.case, "praise", "再拟。")


def test_what_is_an_authoritys_is_refused_here_by_client_and_door(
    firm: Demo, team: dict[str, Office], alice: Public
) -> None:
    filing = filed(alice)
    with pytest.raises(ClientError) as caught:
        team["intake"].transfer(filing.case, "NA05", "住建局")
    assert caught.value.code == "refused"
    verified(team, filing.case)
    assert not {"list", "escalate", "identity.ask", "dispatch"} & set(
        team["leader"].kinds(team["leader"].case(filing.case))
    )
    told = {"level": "city", "due": "2099-01-01", "document": "1号"}
    assert at_the_door(team["leader"], filing.case, "list", told) == "not_here"
    assert at_the_door(team["payout"], filing.case, "identity.ask", {"reason": "ID01"}) == "not_here"


def at_the_door(office: Office, case: str, kind: str, fields: dict[str, object]) -> str:
    """What the door says to a client that does not ask the rule itself."""
    with pytest.MonkeyPatch.context() as patch, pytest.raises(ClientError) as caught:
        patch.setattr(newposts, "refused", lambda *asked: "")
        patch.setattr(newposts, "is_here", lambda *asked: True)
        office.act(case, kind, fields)
    return str(caught.value.facts.get("reason", caught.value.code))


def test_a_class_a_reason_and_a_way_to_pay_are_of_the_office_that_has_the_case(
    team: dict[str, Office], alice: Public
) -> None:
    filing = filed(alice)
    for category, code in (("violation", "category"), ("retaliation", "category")):
        with pytest.raises(ClientError) as caught:
            told = {"category": category, "sector": "industry_trade", "received": zone_day(time.time())}
            team["intake"].accept(filing.case, **told, packs=[PINNED])
        assert caught.value.facts["reason"] == code
    with pytest.raises(ClientError) as caught:
        team["intake"].decline(filing.case, "NA03", reply="不是。")
    assert caught.value.facts["reason"] == "reason"
    team["intake"].decline(filing.case, "NE04", reply="请向监管部门举报。")


def test_nothing_is_urgent_where_nobody_is_on_duty(firm: Demo, alice: Public) -> None:
    with pytest.raises(ClientError) as caught:
        filed(alice, urgent=True)
    assert caught.value.code == "refused"
    assert alice.submit("正在漏气，随时会炸。", urgent=True, category="major_hazard").case


DAYS = {"accept": 1, "verify": 3, "feedback": 5}  # of an enterprise, working days


def later(days: int, day: str = "") -> str:
    return calendar.due(day or zone_day(time.time()), days, "working_day", calendar.shipped()).date


def clocks(office: Office, case: str) -> dict[str, str]:
    """The running clocks of a case as its office is shown them."""
    return {str(clock["step"]): str(clock["due"]) for clock in office.case(case).clocks if not clock["stop"]}


def test_an_enterprise_runs_by_its_own_limits_of_time_and_an_authority_by_its_own(
    firm: Demo, team: dict[str, Office], alice: Public
) -> None:
    hers, theirs = filed(alice), alice.submit("除尘器没有泄爆口，粉尘积了很厚。", category="general_hazard")
    assert (alice.status(hers.ticket).due, alice.status(hers.ticket).step) == (later(1), "accept")
    assert alice.status(theirs.ticket).due == later(7)
    ours = firm.office("intake")
    assert clocks(team["intake"], hers.case)["accept"] == later(1)
    assert clocks(ours, theirs.case)["accept"] == later(7)
    for office, case, category in ((team["intake"], hers.case, "environment"), (ours, theirs.case, "general_hazard")):
        today = office.case(case).today
        office.accept(case, category=category, sector="industry_trade", packs=[PINNED], received=today)
    assert clocks(team["intake"], hers.case)["verify"] == later(3)
    sixty = calendar.due(zone_day(time.time()), 60, "day", calendar.shipped()).date
    assert clocks(ours, theirs.case)["verify"] == sixty == alice.status(theirs.ticket).due
    assert alice.status(hers.ticket).due == later(3)
    rows = {row["case"]: row for one in (team["intake"], ours) for row in one.inbox()}
    assert (rows[hers.case]["due"], rows[theirs.case]["due"]) == (later(3), sixty)


def test_what_is_extended_and_objected_to_is_held_against_the_firms_days(
    team: dict[str, Office], alice: Public
) -> None:
    filing = filed(alice)
    today = team["intake"].case(filing.case).today
    told = {"category": "environment", "sector": "industry_trade", "received": today}
    team["intake"].accept(filing.case, **told, packs=[PINNED])
    team["intake"].extract(filing.case, {"category": "environment"}, "看看。")
    team["intake"].assign(filing.case, {role: [str(team[role].me["person"])] for role in ("verifier", "leader")})
    for until in (later(3), later(11)):
        with pytest.raises(ClientError) as caught:
            team["leader"].extend(filing.case, until, "1号", "安委会", "要再看。")
        assert caught.value.facts["reason"] == "until"
    team["leader"].extend(filing.case, later(10), "1号", "安委会", "要再看。")
    assert clocks(team["intake"], filing.case)["verify"] == later(10)


def test_doctor_folds_both_kinds_of_office_again_to_the_same_days(
    firm: Demo, alice: Public, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    filed(alice)
    monkeypatch.setenv("WHISTLE_LANG", "en")
    run(["doctor", "--data", str(firm.data), "--json"])
    found = {one["code"]: one["level"] for one in json.loads(capsys.readouterr().out)}
    assert (found["cache"], found["dates"]) == ("ok", "ok"), found


def test_other_limits_of_enterprises_move_their_days_and_none_of_an_authority(firm: Demo, alice: Public) -> None:
    filed(alice), alice.submit("除尘器没有泄爆口，粉尘积了很厚。", category="general_hazard")
    docket = house.open_house(settings.read({}, data=firm.data), "review").docket
    other = replace(docket, processes=docket.processes | {"enterprise": docket.processes["authority"]})
    with docket.db as db:
        differs = checker(other, uvloop.run(docket.published.current()))
        found = db.read_sync(lambda tx: [(row.channel == FIRM, differs(tx, row)) for row in cases.iter_cases(tx)])
    assert {why for is_firms, why in found if not is_firms} == {""}
    assert "dates" in {why for is_firms, why in found if is_firms}


def test_an_authority_promises_nothing_and_closes_nothing_found_true(firm: Demo, alice: Public) -> None:
    ours = {role: firm.office(role) for role in ROLES}
    filing = alice.submit("除尘器没有泄爆口，粉尘积了很厚。", category="general_hazard")
    verified(ours, filing.case, "general_hazard")
    assert "commit" not in ours["verifier"].kinds(ours["verifier"].case(filing.case))
    assert "close" not in ours["intake"].kinds(ours["intake"].case(filing.case))


def test_no_name_goes_to_an_enterprise(alice: Public) -> None:
    with pytest.raises(ClientError) as caught:
        filed(alice, contact="李四 13800000000")
    assert caught.value.code == "no_identity"


def test_the_zone_signs_the_authorities_channels_first(firm: Demo) -> None:
    """A form without a poster stops at the first enterprise, however many there are."""
    folder = firm.data / "zone"
    zone.add_channel(folder, "traffic", "交通运输局", policy="authority:traffic")
    zone.sign(folder, today=zone_day(time.time()), confirm=lambda one: fingerprint.show(unb64(one["rid"])))
    publishing.publish(settings.read({}, data=firm.data), folder)
    newest = firm.reporter().trust.directories.newest
    assert [name for name, _ in newest["channels"]] == ["zone", "traffic", FIRM]
