"""Whole rounds over a house with people and cases: who is told, when, and that nothing of a case goes along."""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from sqlalchemy import delete, text

from tests.conftest import Demo, start
from tests.notices.conftest import Receiver, relay
from whistle import cli, house, notices, publishing, settings, zone
from whistle.client import ClientError
from whistle.core import calendar
from whistle.core.clock import zone_day
from whistle.crypto import fingerprint
from whistle.crypto.encoding import unb64
from whistle.docket import Docket
from whistle.notices import Notifier, Relay, allowed, schedule
from whistle.notices.delivery import SENTENCES
from whistle.storage import meta, staff, tables
from whistle.storage import notices as queue
from whistle.storage.database import Database
from whistle.storage.notices import Destination

DIGEST, URGENT = SENTENCES[""], SENTENCES[schedule.URGENT]
FRIDAY = "2026-11-27"
WORDS = "锻造车间的液压站漏油，已经淹到配电柜"
PLANT = "hongyun"


@pytest.fixture(scope="module")
def demo_house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    """A house of its own, with a channel of an enterprise beside the zone's."""
    running = start(tmp_path_factory.mktemp("notices") / "data", WHISTLE_WORK_BITS="4")
    folder = running.data / "zone"
    newest = running.reporter().trust.newest_channel()
    zone.add_channel(folder, PLANT, "鸿运机械", policy=f"enterprise:{PLANT}")
    for one in newest["readers"]:
        zone.add_reader(
            folder, PLANT, kem=unb64(one["kem"]), sig=unb64(one["sig"]), person=one["person"],
            roles=one["roles"], label=one["label"],
        )  # fmt: skip
    zone.sign(folder, today=zone_day(time.time()), confirm=lambda reader: fingerprint.show(unb64(reader["rid"])))
    publishing.publish(settings.read({}, data=running.data), folder)
    yield running
    running.kill()


@dataclass
class Office:
    """The house as its jobs see it, and a mail server."""

    docket: Docket
    mail: Receiver
    demo: Demo
    heard: int = 0
    people: dict[str, Destination] = field(default_factory=dict)

    def tell(self, role: str, *, urgent: bool = False) -> None:
        """This role's person has a destination from now on."""
        member = self.docket.db.read_sync(lambda tx: staff.staff_by_login(tx, role))
        assert member
        to = Destination(queue.new_id(), member.rid, "mail", f"{role}@office.example.cn", "", "", FRIDAY, urgent=urgent)
        self.docket.db.write_sync(lambda tx: queue.add(tx, to))
        self.people[role] = to

    def round(self, moment: str, *, after: float = 0) -> list[tuple[str, str]]:
        """What a round of the jobs at this moment sends: to whom, and what it says."""
        told = Notifier(("08:30", "14:00"), Relay(**relay(self.mail)), allowed((), plain=False))
        asyncio.run(notices.run(self.docket, told, schedule.moment(moment) + after))
        new = self.mail.letters()[self.heard :]
        self.heard += len(new)
        return sorted((letter["To"].partition("@")[0], letter.get_content().strip()) for letter in new)

    def file(self, *, urgent: bool = True, to: str = "zone") -> str:
        return self.demo.reporter().submit(WORDS, urgent=urgent, channel=to).case

    def settle(self) -> None:
        """What was filed before is no news."""
        now = schedule.moment(f"{zone_day(time.time())} 12:00")
        told = Notifier((), Relay(), allowed((), plain=False))
        asyncio.run(notices.run(self.docket, told, now))

    def rows(self) -> list[dict[str, Any]]:
        found = self.docket.db.read_sync(lambda tx: tx.execute(tables.notices.select()).mappings().all())
        return [dict(row) for row in found]


@pytest.fixture
def office(demo_house: Demo, mail: Receiver) -> Iterator[Office]:
    docket = house.open_house(settings.read({}, data=demo_house.data), "review").docket

    def clean(tx: Any) -> None:
        tx.execute(delete(tables.notices))
        tx.execute(delete(tables.destinations))
        meta.put(tx, "notices_digested", "")

    docket.db.write_sync(clean)
    made = Office(docket, mail, demo_house)
    made.settle()
    yield made
    docket.db.close()


def today(clock: str) -> str:
    """A moment of the day on which the tests' reports are filed."""
    return f"{zone_day(time.time())} {clock}"


# The digest


def test_it_works(office: Office) -> None:
    office.tell("intake")
    office.tell("auditor")
    assert office.round(f"{FRIDAY} 08:29") == []
    assert office.round(f"{FRIDAY} 08:30") == [("auditor", DIGEST), ("intake", DIGEST)]
    assert office.round(f"{FRIDAY} 08:31") == []
    assert office.round(f"{FRIDAY} 14:00") == [("auditor", DIGEST), ("intake", DIGEST)]


def test_a_digest_is_the_same_whatever_happened(office: Office) -> None:
    """One sentence, one size: with nothing new and with many new cases."""
    office.tell("intake")
    office.round("2026-11-25 08:30")
    for _ in range(4):
        office.file(urgent=False)
    office.round("2026-11-26 08:30")
    quiet, busy = office.mail.raw()
    assert len(quiet) == len(busy)
    assert [letter.get_content().strip() for letter in office.mail.letters()] == [DIGEST] * 2


@pytest.mark.parametrize(
    ("moments", "sent"),
    [
        (["08:29", "10:00"], 1),
        (["08:29", "16:00", "16:01"], 1),
        (["08:30", "08:10", "08:30", "08:31"], 1),
        (["14:00", "08:00", "08:30", "14:00"], 1),
        (["08:30", "14:00", "13:59", "14:01"], 2),
    ],
    ids=["jumped over", "over both", "set back over it", "set back over the earlier too", "back over the second"],
)
def test_a_clock_that_jumps_sends_no_slot_twice(office: Office, moments: list[str], sent: int) -> None:
    office.tell("intake")
    assert sum(len(office.round(f"{FRIDAY} {moment}")) for moment in moments) == sent


def test_a_clock_set_back_by_a_day_sends_no_slot_twice(office: Office) -> None:
    office.tell("intake")
    for moment in ("2026-11-26 08:30", "2026-11-27 08:30"):
        assert len(office.round(moment)) == 1
    for moment in ("2026-11-26 09:00", "2026-11-27 09:00"):
        assert office.round(moment) == []


def test_what_was_missed_yesterday_is_not_sent_today(office: Office) -> None:
    office.tell("intake")
    assert office.round("2026-11-26 08:00") == []
    assert office.round("2026-11-27 08:00") == []


@pytest.mark.parametrize("day", ["2026-11-28", "2026-10-01", "2026-02-17"])
def test_on_days_of_rest_nobody_is_told(office: Office, day: str) -> None:
    office.tell("intake")
    assert office.round(f"{day} 08:30") == office.round(f"{day} 14:00") == []


def test_who_is_new_at_noon_is_first_told_in_the_afternoon(office: Office) -> None:
    office.tell("intake")
    office.round(f"{FRIDAY} 08:30")
    office.tell("leader")
    assert office.round(f"{FRIDAY} 12:00") == []
    assert [to for to, _ in office.round(f"{FRIDAY} 14:00")] == ["intake", "leader"]


def test_whose_account_was_closed_is_told_no_more(office: Office) -> None:
    office.tell("intake")
    office.tell("leader")
    rid = office.people["leader"].rid
    office.docket.db.write_sync(lambda tx: staff.set_status(tx, rid, "gone"))
    assert [to for to, _ in office.round(f"{FRIDAY} 08:30")] == ["intake"]
    office.docket.db.write_sync(lambda tx: staff.set_status(tx, rid, "active"))


# Something urgent


def test_an_urgent_report_is_told_at_once_to_those_on_duty_who_want_it(office: Office) -> None:
    office.tell("intake", urgent=True)
    office.tell("leader")
    office.tell("verifier", urgent=True)
    office.file()
    assert office.round(today("03:00")) == [("intake", URGENT)]
    assert office.round(today("03:01")) == []


def test_a_calm_report_is_told_to_nobody(office: Office) -> None:
    office.tell("intake", urgent=True)
    office.file(urgent=False)
    assert office.round(today("03:00")) == []


def test_many_urgent_reports_are_one_message_until_it_is_quiet_again(office: Office) -> None:
    office.tell("intake", urgent=True)
    sent = []
    for minute in range(15):
        office.file()
        sent.append(len(office.round(today(f"03:{minute:02}"))))
    assert [minute for minute, count in enumerate(sent) if count] == [0, 10]
    assert len({len(raw) for raw in office.mail.raw()}) == 1


def test_an_urgent_report_in_a_quiet_time_is_told_when_it_is_over(office: Office) -> None:
    office.tell("intake", urgent=True)
    office.file()
    assert len(office.round(today("03:00"))) == 1
    office.file()
    assert office.round(today("03:05")) == []
    assert office.round(today("03:10")) == [("intake", URGENT)]


def test_while_nothing_gets_through_urgent_messages_do_not_pile_up(office: Office) -> None:
    office.tell("intake", urgent=True)
    office.mail.steer("refuse")
    for moment in ("03:00", "03:15", "03:30", "03:45"):
        office.file()
        assert office.round(today(moment)) == []
    assert len(office.rows()) == 1
    office.mail.steer("refuse", on=False)
    assert office.round(today("05:00")) == [("intake", URGENT)]
    office.file()
    assert office.round(today("05:01")) == [("intake", URGENT)], "the last message was an hour and more ago"


def test_an_enterprise_pushes_nothing_urgent(office: Office) -> None:
    office.tell("intake", urgent=True)
    with pytest.raises(ClientError):  # nobody is on duty there: it is not even taken as urgent
        office.file(to=PLANT)
    office.file(to=PLANT, urgent=False)
    assert office.round(today("03:00")) == []


def test_what_came_while_nothing_ran_is_told_afterwards(office: Office) -> None:
    office.tell("intake", urgent=True)
    office.file()
    days_later = schedule.minute(schedule.moment(today("03:00")) + 3 * 86_400)
    assert office.round(days_later)[0] == ("intake", URGENT)


def test_the_minute_of_an_urgent_report_does_not_stay(office: Office) -> None:
    office.tell("intake", urgent=True)
    office.file()
    office.round(today("03:00"))
    assert [row["slot"] for row in office.rows()] == [today("03:00 urgent")]
    office.round(today("03:11"))
    assert office.rows() == []


# Nothing of a case


def test_nothing_of_a_case_is_in_a_message_a_row_or_the_log(office: Office) -> None:
    """The real jobs, in a process of their own."""
    case = office.file()
    office.tell("intake", urgent=True)
    told = relay(office.mail)
    env = os.environ | {
        "WHISTLE_NOTICE_HOURS": "",
        "WHISTLE_SMTP_HOST": told["host"],
        "WHISTLE_SMTP_PORT": str(told["port"]),
        "WHISTLE_SMTP_TLS": "off",
        "WHISTLE_SMTP_FROM": told["sender"],
        "WHISTLE_LOG_LEVEL": "info",
        "WHISTLE_LANG": "en",
    }
    command = [sys.executable, "-m", "whistle", "jobs", "--once", "--data", str(office.demo.data)]
    ran = subprocess.run(command, env=env, capture_output=True, text=True, check=True)
    assert len(office.mail.letters()) == 1
    row = office.docket.db.read_sync(
        lambda tx: tx.execute(tables.cases.select().where(tables.cases.c.case == case)).mappings().one()
    )
    hers = [case, row["access"], row["head"], str(row["id"]), WORDS, "zone", row["state"]]
    letter = office.mail.letters()[0]
    kept = json.dumps(office.rows(), ensure_ascii=False)
    everything = (letter.get_content() + "".join(f"{name}{value}" for name, value in letter.items()), kept, ran.stderr)
    assert not [(word, where) for word in hers for where, said in enumerate(everything) if word in said]
    assert "office.example.cn" not in ran.stderr + ran.stdout


def test_a_house_keeps_its_queue_over_a_restart(office: Office) -> None:
    office.tell("intake")
    office.mail.steer("refuse")
    assert office.round(f"{FRIDAY} 08:30") == []
    (before,) = office.rows()
    office.docket.db.close()
    office.docket = house.open_house(settings.read({}, data=office.demo.data), "review").docket
    office.mail.steer("refuse", on=False)
    assert office.round(f"{FRIDAY} 08:31") == [("intake", DIGEST)]
    assert office.mail.letters()[0]["Message-ID"].startswith(f"<{before['message']}@")


def test_a_look_that_finds_nothing_writes_nothing(office: Office) -> None:
    office.tell("intake", urgent=True)
    office.round(f"{FRIDAY} 09:00")

    def version(db: Database) -> int:
        return db.read_sync(lambda tx: tx.execute(text("PRAGMA data_version")).scalar_one())

    with Database.open(office.docket.db.url) as other:
        before = version(other)
        for second in range(3):
            office.round(f"{FRIDAY} 09:00", after=second)
        assert version(other) == before


# Doctor


def findings(office: Office, capsys: pytest.CaptureFixture[str]) -> dict[str, dict[str, Any]]:
    capsys.readouterr()
    cli.run(["doctor", "--json", "--data", str(office.demo.data)])
    return {one["code"]: one for one in json.loads(capsys.readouterr().out)}


def test_doctor_names_the_roles_in_which_nobody_is_told(office: Office, capsys: pytest.CaptureFixture[str]) -> None:
    for role in ("intake", "leader", "auditor"):
        office.tell(role)
    found = findings(office, capsys)["untold"]
    assert (found["level"], found["facts"]) == ("amber", {"roles": ["finance", "payout", "verifier"]})
    for role in ("finance", "payout", "verifier"):
        office.tell(role)
    assert findings(office, capsys)["untold"]["level"] == "ok"


def test_doctor_tells_what_waits_for_over_an_hour_and_what_was_given_up(
    office: Office, capsys: pytest.CaptureFixture[str]
) -> None:
    office.tell("intake")
    assert findings(office, capsys)["notices"]["level"] == "ok"
    office.mail.steer("refuse")
    slot = schedule.minute(time.time() - 7200)
    to = office.people["intake"]
    office.docket.db.write_sync(lambda tx: queue.queue(tx, to, slot, 0))
    assert findings(office, capsys)["notices"]["facts"] == {"late": 1, "dropped": 0}
    told = Notifier((), Relay(**relay(office.mail)), allowed((), plain=False))
    asyncio.run(notices.deliver(office.docket.db, told, schedule.moment(slot) + schedule.DAY))
    found = findings(office, capsys)["notices"]
    assert (found["level"], found["facts"]) == ("amber", {"late": 0, "dropped": 1})
    office.mail.steer("refuse", on=False)
    office.docket.db.write_sync(lambda tx: queue.queue(tx, to, schedule.minute(time.time()), 0))
    asyncio.run(notices.deliver(office.docket.db, told, time.time()))
    assert findings(office, capsys)["notices"]["level"] == "ok", "what arrives again is well again"


def test_doctor_sees_that_no_jobs_run(office: Office) -> None:
    office.tell("intake")
    db, years = office.docket.db, calendar.shipped()

    def idle(moment: str) -> bool:
        at = schedule.moment(f"{FRIDAY} {moment}")
        return db.read_sync(lambda tx: notices.is_behind(tx, ("08:30", "14:00"), years, at))

    assert [idle(moment) for moment in ("08:00", "09:00", "09:31")] == [False, False, True]
    office.round(f"{FRIDAY} 09:31")
    assert not idle("09:32") and idle("15:01")
