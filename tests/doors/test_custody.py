"""What is kept and what is destroyed: withdrawals taken, holds, asks and signatures; and then the bytes are gone."""

from __future__ import annotations

import asyncio
import contextlib
import json
import shutil
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import delete, select, update

from tests.cli.test_handover import hired
from tests.conftest import Demo, start
from tests.doors import later, reviewer
from tests.doors.office import Team
from tests.doors.test_files import film
from whistle import house, jobs, settings
from whistle.casework import expired, refold
from whistle.cli import run
from whistle.client import ClientError, Office, Public
from whistle.client.sealing import Wanted
from whistle.client.tombs import buried
from whistle.core.clock import zone_day
from whistle.crypto.encoding import b64
from whistle.docket import Docket
from whistle.jobs import Chores
from whistle.storage import cases, checks, destroyedlog, destroying, meta, tables
from whistle.storage.database import Database
from whistle.storage.engine import sqlite_path
from whistle.storage.errors import Mismatch
from whistle.storage.objects import broken

DAY = 86_400
WEEK = 7
REGISTERS = [b64(bytes(32))]
WORDS = "除尘器没有泄爆口，粉尘积了两指厚，班长不让说。"
PAPER = {"reason": "HO01", "document": "审〔2026〕1号"}
# A house that keeps nothing longer than it must: the terms themselves are tested in core.
AT_ONCE = "\n".join(
    [
        'id = "AT-ONCE"\nsource = "default"',
        *(
            f"[{outcome}]\nidentity = 0\npayout = 0\naward = 0\ncontent = 0"
            for outcome in ("withdrawn", "not_investigated", "without_award", "with_award")
        ),
    ]
)
At = Callable[[str, int], Office]


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    """A house of its own: here the days go on."""
    running = start(tmp_path_factory.mktemp("custody") / "data", WHISTLE_WORK_BITS="4", WHISTLE_RETENTION=AT_ONCE)
    yield running
    running.kill()


@pytest.fixture(scope="module")
def team(own: Demo) -> Team:
    return Team(own)


@pytest.fixture(scope="module")
def at(own: Demo) -> Iterator[At]:
    """Somebody of the office at his desk, so many days from now: a door for each day."""
    with contextlib.ExitStack() as open_doors:
        doors: dict[int, str] = {}
        desks: dict[tuple[str, int], Office] = {}

        def desk(role: str, days: int) -> Office:
            ahead = days * DAY
            if days not in doors:
                doors[days] = open_doors.enter_context(later.door(own.data, "review", ahead, retention=AT_ONCE))
            if (role, days) not in desks:
                keys, zone = own.keys(role)
                http = open_doors.enter_context(later.client())
                desks[role, days] = Office(doors[days], http, keys, zone, clock=lambda: time.time() + ahead)
                desks[role, days].login()
            return desks[role, days]

        yield desk


@pytest.fixture
def docket(own: Demo) -> Iterator[Docket]:
    opened = house.open_house(settings.read({}, data=own.data), "review").docket
    yield opened
    opened.db.close()


def chores(docket: Docket, own: Demo) -> Chores:
    told = settings.read({}, data=own.data)
    return Chores(docket, house.uploads_of(told, docket.db), house.notifier_of(told), told.destroyed_log)


def filed(own: Demo) -> tuple[Public, str, str]:
    public = own.reporter()
    made = public.submit(WORDS)
    return public, made.ticket, made.case


def refused(act: Callable[[], object]) -> str:
    with pytest.raises(ClientError) as caught:
        act()
    return str(caught.value.facts.get("reason", caught.value.code))


def at_door(office: Office, case: str, kind: str, fields: dict[str, object]) -> str:
    """What the door answers to an act that no client of ours would sign."""
    answer = reviewer.act(office, case, kind, fields).send().json()
    return str(answer.get("reason", answer["error"]))


def closed(team: Team, case: str, at: At) -> None:
    """Declined and put away, once her time to object is over: half a year would be too long for the directory."""
    team.intake.decline(case, "NA03", reply="不属于受理范围。")
    at("intake", 35).close(case, "CL02")


def ciphertext(docket: Docket, case: str, *comps: str) -> dict[str, bytes]:
    """The sealed bytes of every small item of a case in these compartments."""

    def read(tx):  # type: ignore[no-untyped-def]
        row = cases.find_case(tx, case)
        where = (tables.items.c.case_id == row.id) & tables.items.c.comp.in_(comps)
        return {one.id: one.blob for one in tx.execute(select(tables.items).where(where)) if one.blob}

    return docket.db.read_sync(read)


def grants(docket: Docket, case: str) -> dict[str, bytes]:
    return {
        f"{post} {row}": sealed
        for (post, row), sealed in docket.db.read_sync(lambda tx: cases.every_grant(tx, case)).items()
    }


def found(folder: Path, sought: dict[str, bytes]) -> set[str]:
    """Which of these bytes stand in any file of the folder."""
    return set(places(folder, sought))


def places(folder: Path, sought: dict[str, bytes]) -> dict[str, str]:
    """The same with the file that holds them, for whoever has to find out why."""
    there = {}
    for path in (path for path in folder.rglob("*") if path.is_file()):
        data = path.read_bytes()
        there |= {
            name: f"{path.name} at {data.index(one[100:132])}" for name, one in sought.items() if one[100:132] in data
        }
    return there


def doctor(docket: Docket, code: str) -> str:
    directories = asyncio.run(docket.published.current())
    path = sqlite_path(docket.db.url)
    assert path
    blobs = house.blobs_of(settings.read({}, data=path.parent))
    said = checks.check(docket.db.url, refold=refold.checker(docket, directories), blobs=blobs)
    return next(one.level for one in said if one.code == code)


def test_it_works_after_two_signatures_the_bytes_are_in_no_file(own: Demo, team: Team, at: At, docket: Docket) -> None:
    public, ticket, case = filed(own)
    public.attach(ticket, film())
    public.message(ticket, "靠门的那一台。")
    closed(team, case, at)
    content = ciphertext(docket, case, "card", "report", "thread", "work")
    kept = ciphertext(docket, case, "identity", "payout")
    held = grants(docket, case)
    film_bytes = {path.name: path.read_bytes() for path in (own.data / "blobs").rglob("*") if path.is_file()}
    assert found(own.data, content) == set(content) and len(content) >= 4
    at("leader", 35).ask_destruction(case, "content", REGISTERS)
    assert found(own.data, content) == set(content)  # an ask alone destroys nothing
    at("auditor", 35 + WEEK).destroy(case, "content")
    assert asyncio.run(jobs.run_once(chores(docket, own), time.time()))["destroyed"] >= 1
    assert places(own.data, content) == {}
    assert found(own.data, kept) == set(kept)
    left = grants(docket, case)
    assert found(own.data, {name: one for name, one in held.items() if name not in left}) == set()
    assert 0 < len(left) < len(held)
    assert not [name for name in film_bytes if name != "owner" and (own.data / "blobs" / name).exists()]
    assert docket.db.read_sync(destroying.waiting) == []


def test_the_case_stands_and_verifies_for_everybody_after_it(own: Demo, team: Team, at: At, docket: Docket) -> None:
    case = filed(own)[2]
    closed(team, case, at)
    before = docket.db.read_sync(lambda tx: [post.hash for post in cases.load_posts(tx, case)])
    at("leader", 35).ask_destruction(case, "content", REGISTERS)
    at("auditor", 35 + WEEK).destroy(case, "content")
    view = at("intake", 35 + WEEK).case(case)
    assert [post.hash for post in docket.db.read_sync(lambda tx: cases.load_posts(tx, case))][: len(before)] == before
    assert (view.fold.state, view.fold.destroyed, view.broken) == ("closed", ("content",), [])
    assert not [item for item in view.items if item.comp in {"card", "report", "thread", "work"}]
    assert doctor(docket, "sealed") == doctor(docket, "cache") == doctor(docket, "items") == "ok"
    row = next(one for one in at("intake", 35 + WEEK).inbox(state="closed") if one["case"] == case)
    assert row["card"] is None and row["number"]


def test_what_a_grant_opens_beside_what_was_destroyed_it_opens_still(
    own: Demo, team: Team, at: At, docket: Docket
) -> None:
    """Payout's one grant holds the second half of her identity and the key of where money goes."""
    case = filed(own)[2]
    closed(team, case, at)
    at("leader", 35).ask_destruction(case, "identity")
    at("auditor", 35 + WEEK).destroy(case, "identity")
    assert [item.comp for item in at("payout", 35 + WEEK).case(case).items] == ["payout"]
    assert doctor(docket, "sealed") == "ok"
    at("leader", 35 + WEEK).ask_destruction(case, "payout")
    at("auditor", 35 + 2 * WEEK).destroy(case, "payout")
    rows = docket.db.read_sync(lambda tx: cases.grants_for(tx, case, at("payout", 0).rid))
    assert rows == [] and doctor(docket, "sealed") == "ok"


def test_before_its_term_is_over_nothing_is_asked(own: Demo, team: Team) -> None:
    """The house's own schedule here keeps nothing; with the default one the same ask is too early."""
    case = filed(own)[2]
    team.intake.decline(case, "NA03", reply="不属于受理范围。")
    with (
        later.door(own.data, "review", 35 * DAY) as url,
        contextlib.closing(later.client()) as http,
    ):
        desks = {}
        for role in ("intake", "leader"):
            keys, zone = own.keys(role)
            desks[role] = Office(url, http, keys, zone, clock=lambda: time.time() + 35 * DAY)
        desks["intake"].login()
        desks["intake"].close(case, "CL02")
        desks["leader"].login()
        kept = {each["scope"]: each["until"] for each in desks["leader"].case(case).kept}
        assert kept["identity"] > zone_day(time.time() + 150 * DAY)
        assert refused(lambda: desks["leader"].ask_destruction(case, "identity")) == "kept_until"
        named = desks["leader"].case(case).kept[0]["basis"].replace("identity", "payout")
        told = {"scope": "identity", "basis": named, "registers": []}
        assert refused(lambda: desks["leader"].act(case, "destroy.ask", told)) == "schedule"


def test_a_destruction_asked_stands_in_the_list_of_who_signs_it(own: Demo, team: Team, at: At, docket: Docket) -> None:
    """The auditor holds no key of the case; who asked has done his part, and a hold takes it from everybody's list."""
    case = filed(own)[2]
    closed(team, case, at)

    def listed() -> set[str]:
        roles = ("intake", "leader", "auditor", "finance")
        return {role for role in roles if any(row["case"] == case for row in at(role, 35).inbox(mine="1"))}

    assert listed() == set()
    at("leader", 35).ask_destruction(case, "identity")
    assert listed() == {"auditor"}
    row = next(row for row in at("auditor", 35).inbox(mine="1") if row["case"] == case)
    assert (row["state"], row["card"], bool(row["number"])) == ("closed", None, True)
    assert at("auditor", 35).case(case).fold.destructions
    assert not any(each["case"] == case for each in at("auditor", 35).inbox())
    at("auditor", 35).audit_hold(case, **PAPER)
    assert listed() == set()
    at("auditor", 35).audit_release(case, "HR01", "文")
    assert listed() == {"auditor"}
    at("auditor", 35 + WEEK).destroy(case, "identity")
    assert listed() == set()


def test_what_was_asked_before_the_table_knew_of_it_is_listed_by_the_jobs(
    own: Demo, team: Team, at: At, docket: Docket
) -> None:
    case = filed(own)[2]
    closed(team, case, at)
    at("leader", 35).ask_destruction(case, "identity")
    mine = update(tables.readers).where(tables.readers.c.rid == at("auditor", 35).rid).values(mine=False)
    docket.db.write_sync(lambda tx: [tx.execute(mine), meta.put(tx, refold.SEATED, "an earlier release")])
    assert not any(row["case"] == case for row in at("auditor", 35).inbox(mine="1"))
    assert asyncio.run(refold.reseat(docket)) >= 1
    assert any(row["case"] == case for row in at("auditor", 35).inbox(mine="1"))
    assert asyncio.run(refold.reseat(docket)) == 0


def test_a_hold_placed_while_a_destruction_waits_stands_before_it(own: Demo, team: Team, at: At) -> None:
    case = filed(own)[2]
    closed(team, case, at)
    at("leader", 35).ask_destruction(case, "identity")
    at("auditor", 35).audit_hold(case, **PAPER)
    ask = at("auditor", 35 + WEEK).case(case).fold.destructions[0].hash
    told = {"ask": ask, "scope": "identity"}
    assert at_door(at("auditor", 35 + WEEK), case, "destroy", told) == "unless"
    released = {"reason": "HR01", "document": "文"}
    assert at_door(at("leader", 35 + WEEK), case, "release", released) == "after"
    assert at_door(at("leader", 35 + WEEK), case, "audit.release", released) == "wrong_role"
    at("auditor", 35 + WEEK).audit_release(case, "HR01", "文")
    at("auditor", 35 + WEEK).destroy(case, "identity")


def test_two_who_sign_one_list_destroy_once(own: Demo, team: Team, at: At) -> None:
    case = filed(own)[2]
    closed(team, case, at)
    at("leader", 35).ask_destruction(case, "identity")
    ask = at("auditor", 35 + WEEK).case(case).fold.destructions[0].hash
    at("auditor", 35 + WEEK).destroy(case, "identity")
    again = {"ask": ask, "scope": "identity"}
    assert at_door(at("auditor", 35 + WEEK), case, "destroy", again) == "ask"
    assert refused(lambda: at("auditor", 35 + WEEK).destroy(case, "identity")) == "ask"


def test_an_award_is_recomputed_before_its_basis_goes_and_the_ledger_verifies_after(
    own: Demo, team: Team, at: At, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    public, ticket, case = filed(own)
    team.to_notice(case)
    public.claim(ticket, payee="持码人", method="counter", declared=True)
    team.to_payment(case)
    at("intake", 35).close(case, "CL01")
    assert refused(lambda: at("leader", 35).ask_destruction(case, "award", REGISTERS)) == "recomputed"
    at("auditor", 35).recompute_award(case)
    at("leader", 35).ask_destruction(case, "award", REGISTERS)
    at("auditor", 35 + WEEK).destroy(case, "award")
    assert not [item for item in at("auditor", 35 + WEEK).case(case).items if item.comp == "award"]
    assert refused(lambda: at("auditor", 35 + WEEK).recompute_award(case)) == "sum"
    monkeypatch.setenv("WHISTLE_PASSPHRASE", own.passphrase("auditor"))
    monkeypatch.setenv("WHISTLE_LANG", "en")
    key = own.data / "staff" / "auditor.key"
    capsys.readouterr()
    assert run(["ledger", "verify", "--data", str(own.data), "--key", str(key)]) == 0, capsys.readouterr()
    assert "an auditor signed" in capsys.readouterr().out


def test_what_may_go_is_listed_to_leader_and_auditor_alone(own: Demo, team: Team, at: At) -> None:
    case = filed(own)[2]
    closed(team, case, at)
    for role in ("leader", "auditor"):
        rows = every_row(at(role, 35))
        mine = [row for row in rows if row["case"] == case]
        has = ["identity", "payout", "content"]  # and no award's: nobody ever weighed one
        assert [each["scope"] for row in mine for each in row["terms"]] == has
        assert [each["scope"] for each in at(role, 35).case(case).kept] == has
    for role in ("intake", "verifier", "payout", "finance"):
        assert refused(lambda role=role: at(role, 35).session.get("/api/retention")) == "wrong_role"  # type: ignore[misc]
    assert refused(lambda: at("leader", 35).session.get("/api/retention", {"after": "x"})) == "malformed"


def test_a_long_list_comes_page_by_page_and_names_each_case_once(
    own: Demo, team: Team, at: At, monkeypatch: pytest.MonkeyPatch
) -> None:
    closed(team, filed(own)[2], at)
    whole = every_row(at("leader", 35))
    monkeypatch.setattr(expired, "PAGE", 1)
    assert every_row(at("leader", 35)) == whole and len(whole) > 1
    for odd in ("-1", "9223372036854775808", "１"):
        assert refused(lambda odd=odd: at("leader", 35).session.get("/api/retention", {"after": odd})) == "malformed"  # type: ignore[misc]


def every_row(office: Office) -> list[dict[str, object]]:
    rows, after = [], ""
    while True:
        answer = office.session.get("/api/retention", {"after": after})
        rows += answer["rows"]
        after = answer["next"]
        if not after:
            return rows


@pytest.mark.parametrize("change", [{"blob": None}, {"blob": None, "gone": True}])
def test_what_is_missing_without_a_signed_destruction_is_red(
    own: Demo, docket: Docket, change: dict[str, object]
) -> None:
    case = filed(own)[2]
    (name, blob), *_ = ciphertext(docket, case, "report").items()
    one = update(tables.items).where(tables.items.c.id == name)
    assert doctor(docket, "sealed") == "ok"
    docket.db.write_sync(lambda tx: tx.execute(one.values(**change)))
    assert doctor(docket, "sealed") == "red"
    docket.db.write_sync(lambda tx: tx.execute(one.values(blob=blob, gone=False)))
    assert doctor(docket, "sealed") == "ok"


def test_a_destruction_that_is_stuck_is_told(own: Demo, docket: Docket) -> None:
    late = int(time.time()) - 3 * 3600
    (row,) = docket.db.read_sync(lambda tx: cases.iter_cases(tx, 0, 1))
    docket.db.write_sync(lambda tx: tx.execute(delete(tables.removals)))
    stuck = {"case_id": row.id, "object": "", "since": late}
    docket.db.write_sync(lambda tx: tx.execute(tables.removals.insert().values(**stuck)))
    assert doctor(docket, "destroying") == "red"
    docket.db.write_sync(lambda tx: tx.execute(delete(tables.removals)))
    assert doctor(docket, "destroying") == "ok"


def test_large_files_that_were_destroyed_are_not_told_as_broken(own: Demo, docket: Docket) -> None:
    assert broken(docket.db, house.blobs_of(settings.read({}, data=own.data))) == 0


def test_a_withdrawal_is_taken_from_the_fourth_day_and_her_identity_may_go(own: Demo, at: At, docket: Docket) -> None:
    public, ticket, case = filed(own)
    public.withdraw(ticket, "contact")
    assert at("intake", 0).case(case).fold.withdraws == "contact"
    assert case in [row["case"] for row in at("intake", 0).inbox(mine="1")]
    assert refused(lambda: at("intake", 3).take_withdrawal(case)) == "waited"
    at("intake", 4).take_withdrawal(case)
    assert case in [row["case"] for row in at("leader", 4).inbox(mine="1")]
    name = ciphertext(docket, case, "identity")
    at("leader", 4).ask_destruction(case, "identity")
    assert refused(lambda: at("leader", 4).ask_destruction(case, "payout")) == "not_yet"
    (row,) = [row for row in every_row(at("auditor", 4 + WEEK)) if row["case"] == case]  # no key of it was ever his
    assert (row["closed"], [each["scope"] for each in row["terms"]]) == ("", ["identity"])  # type: ignore[attr-defined]
    at("auditor", 4 + WEEK).destroy(case, "identity")
    asyncio.run(jobs.run_once(chores(docket, own), time.time()))
    assert found(own.data, name) == set() and at("intake", 4 + WEEK).case(case).fold.state == "received"


def test_an_older_backup_is_brought_up_to_the_log_before_a_door_opens(
    own: Demo, team: Team, at: At, docket: Docket, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    public, ticket, case = filed(own)
    public.attach(ticket, film())
    closed(team, case, at)
    sealed = ciphertext(docket, case, "card", "report", "thread", "work")
    saved = tmp_path / "before.whistle"
    assert run(["backup", "--data", str(own.data), "--out", str(saved)]) == 0
    assert found(tmp_path, sealed) == set(sealed)
    at("leader", 35).ask_destruction(case, "content", REGISTERS)
    at("auditor", 35 + WEEK).destroy(case, "content")
    asyncio.run(jobs.run_once(chores(docket, own), time.time()))
    log = own.data / "destroyed.log"
    assert log.stat().st_mode & 0o777 == 0o600 and case in {entry.case for entry in destroyedlog.read(log)}

    house2 = tmp_path / "house"
    shutil.copytree(own.data / "secrets", house2 / "secrets")
    shutil.copyfile(log, house2 / "destroyed.log")
    capsys.readouterr()
    assert run(["restore", str(saved), "--data", str(house2), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["destroyed"] >= 1
    assert found(house2, sealed) == set()
    assert not [path for path in (house2 / "blobs").rglob("*") if path.is_file() and path.name != "owner"]
    with Database.open(settings.read({}, data=house2).database_url) as db:
        restored = replace(docket, db=db)
        assert doctor(restored, "sealed") == doctor(restored, "files") == "ok"
        assert db.read_sync(destroying.waiting) == []
    with later.door(house2, "review", (35 + WEEK) * DAY, retention=AT_ONCE) as url, later.client() as http:
        keys, zone = own.keys("intake")
        intake = Office(url, http, keys, zone, clock=lambda: time.time() + (35 + WEEK) * DAY)
        intake.login()
        view = intake.case(case)
        assert view.broken == [] and view.buried == {"card", "report", "thread", "work"}
        assert "destroy" not in view.fold.acted


def test_a_destruction_that_nobody_signed_hides_nothing(own: Demo, team: Team, at: At, docket: Docket) -> None:
    """What the server serves beside a case is believed as far as it is signed, for this case, by who may."""
    case, other = filed(own)[2], filed(own)[2]
    for one in (case, other):
        closed(team, one, at)
    at("leader", 35).ask_destruction(other, "content", REGISTERS)
    at("auditor", 35 + WEEK).destroy(other, "content")
    (entry,) = docket.db.read_sync(lambda tx: destroyedlog.entries(tx, [cases.find_case(tx, other).id]))  # type: ignore[union-attr]
    intake = at("intake", 35 + WEEK)
    intake.trust.refresh()
    chain, table = intake.case(other).chain, intake._table
    tomb = {"head": entry.head.decode(), "sig": b64(entry.sig), "body": entry.body.decode()}
    assert buried(intake.trust.directories, chain, [tomb], table) == {"card", "report", "thread", "work"}
    ask = next(post for post in intake.case(other).posts if post.post.kind == "close").post
    lies = [
        tomb | {"sig": b64(bytes(64))},
        tomb | {"body": tomb["body"].replace("content", "payout")},
        tomb | {"body": "{}"},
        {"head": tomb["head"]},
        {"head": ask.head_bytes.decode(), "sig": b64(ask.sig), "body": (ask.body_bytes or b"").decode()},
    ]
    assert all(buried(intake.trust.directories, chain, [lie], table) == frozenset() for lie in lies)
    assert buried(intake.trust.directories, intake.case(case).chain, [tomb], table) == frozenset()


def test_what_a_kill_left_of_the_logs_last_line_is_no_entry(tmp_path: Path, own: Demo) -> None:
    log = tmp_path / "destroyed.log"
    entries = destroyedlog.read(own.data / "destroyed.log")
    destroyedlog.append(log, entries)
    whole = log.read_bytes()
    log.write_bytes(whole[:-20])
    assert destroyedlog.read(log) == entries[:-1]
    destroyedlog.append(log, entries)
    assert (log.read_bytes(), destroyedlog.read(log)) == (whole, entries)
    log.write_bytes(b"not a log\n")
    with pytest.raises(Mismatch):
        destroyedlog.read(log)


def test_nobody_hands_on_a_key_of_what_was_destroyed(own: Demo, team: Team, at: At, docket: Docket) -> None:
    """Whoever remembers one would put it back beside the backups that still hold the bytes."""
    case = filed(own)[2]
    closed(team, case, at)
    before = at("intake", 35).case(case)
    at("leader", 35).ask_destruction(case, "content", REGISTERS)
    at("auditor", 35 + WEEK).destroy(case, "content")
    colleague = hired(own, "intake", label="受理员 9")  # last: a new directory stands beside the doors of later days
    keys = tuple(key for item in before.items if item.comp == "report" for key in before.held(item.id))
    assert keys

    def remembered(*_: object) -> Wanted:
        return {colleague.rid: keys}

    intake = at("intake", 35 + WEEK)
    intake.trust.refresh()
    assert refused(lambda: intake.act(case, "handover", handing=remembered)) == "destroyed"
    assert doctor(docket, "sealed") == "ok"
