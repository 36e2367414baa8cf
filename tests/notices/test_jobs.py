"""The real `whistle jobs`, several at once and by itself, over a house in SQLite and one in PostgreSQL."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import pytest

from tests.conftest import Demo, start
from tests.notices.conftest import Receiver, relay
from tests.postgres import NewDatabase
from whistle import settings
from whistle.notices import schedule
from whistle.notices.delivery import SENTENCES
from whistle.storage import notices as queue
from whistle.storage import staff
from whistle.storage.database import Database
from whistle.storage.notices import Destination

URGENT = SENTENCES[schedule.URGENT]


@pytest.fixture(scope="module", params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def house(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    more: dict[str, Any] = {}
    if request.param == "postgresql":
        new: NewDatabase = request.getfixturevalue("postgres")
        more = {"WHISTLE_DATABASE": new()}
    running = start(tmp_path_factory.mktemp("jobs") / "data", WHISTLE_WORK_BITS="4", **more)
    yield running
    running.kill()


def environ(house: Demo, mail: Receiver, **more: str) -> dict[str, str]:
    told = relay(mail)
    return os.environ | {
        "WHISTLE_DATA": str(house.data),
        "WHISTLE_DATABASE": house.database,
        "WHISTLE_NOTICE_HOURS": "",
        "WHISTLE_SMTP_HOST": told["host"],
        "WHISTLE_SMTP_PORT": str(told["port"]),
        "WHISTLE_SMTP_TLS": told["tls"],
        "WHISTLE_SMTP_FROM": told["sender"],
        **more,
    }


def jobs(env: dict[str, str], *arguments: str) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "whistle", "jobs", *arguments]
    return subprocess.Popen(command, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)


def tell(house: Demo, *roles: str, **more: Any) -> None:
    """These persons alone have a destination, and want what is urgent."""
    told = settings.read({"WHISTLE_DATABASE": house.database}, data=house.data)
    with Database.open(told.database_url) as db:
        for one in db.read_sync(queue.every):
            db.write_sync(lambda tx, one=one: queue.remove(tx, one.id))
        for role in roles:
            member = db.read_sync(lambda tx, role=role: staff.staff_by_login(tx, role))
            assert member
            values = {"kind": "mail", "address": f"{role}@office.example.cn", "secret": "", "label": ""} | more
            to = Destination(queue.new_id(), member.rid, added="2026-11-27", urgent=True, **values)
            db.write_sync(lambda tx, to=to: queue.add(tx, to))


def test_several_jobs_at_once_tell_each_person_once(house: Demo, mail: Receiver) -> None:
    tell(house, "intake", "leader")
    for _ in range(3):
        house.reporter().submit("锻造车间的液压站漏油", urgent=True)
    env = environ(house, mail)
    running = [jobs(env, "--once") for _ in range(3)]
    said = [each.communicate() for each in running]
    # Emptying the log at once, one may find it held: it does that in an hour, and has told everybody all the same.
    assert all(each.returncode == 0 or b"traces: Busy" in err for each, (_, err) in zip(running, said, strict=True)), (
        said
    )
    letters = mail.letters()
    assert sorted(letter["To"] for letter in letters) == ["intake@office.example.cn", "leader@office.example.cn"]
    assert {letter.get_content().strip() for letter in letters} == {URGENT}


def test_a_webhook_inside_is_reached_where_the_operator_allows_it(house: Demo, mail: Receiver, hooks: Receiver) -> None:
    tell(house, "intake", kind="json", address=f"http://127.0.0.1:{hooks.port}/ok")
    house.reporter().submit("锻造车间的液压站漏油", urgent=True)
    env = environ(house, mail, WHISTLE_PLAIN_HTTP="on")
    _, err = jobs(env, "--once").communicate()
    assert b"notice: private" in err and b"127.0.0.1" not in err
    assert hooks.requests() == []
    house.reporter().submit("锻造车间的液压站还在漏油", urgent=True)
    tell(house, "intake", kind="json", address=f"http://127.0.0.1:{hooks.port}/ok")
    jobs(env | {"WHISTLE_NOTICE_REACH": "127.0.0.1"}, "--once").communicate()
    assert len(hooks.requests()) == 1


def test_jobs_that_run_tell_of_an_urgent_report_by_themselves(house: Demo, mail: Receiver) -> None:
    tell(house, "intake")
    jobs(environ(house, mail), "--once").communicate()
    before = len(mail.raw())
    running = jobs(environ(house, mail))
    try:
        house.reporter().submit("锻造车间的液压站漏油", urgent=True)
        mail.wait(before + 1)
    finally:
        running.kill()
        running.communicate()
    assert mail.letters()[-1].get_content().strip() == URGENT
