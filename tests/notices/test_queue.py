"""The queue over real databases, a real mail server and workers in processes of their own."""

from __future__ import annotations

import signal
from email.message import EmailMessage

import pytest
from sqlalchemy import Connection

from tests.notices.conftest import Receiver, Start, arrived, relay, work
from tests.notices.smtp_server import PASSWORD, USER
from whistle.notices import schedule
from whistle.notices.delivery import SENTENCES
from whistle.storage import notices, tables
from whistle.storage.database import Database
from whistle.storage.notices import LEASE, Destination

SLOT = "2026-11-27 08:30"
NOW = schedule.moment(SLOT)
HOUR, DAY = 3600, 86_400


def person(n: int, **more: object) -> Destination:
    values = {"id": f"to-{n}", "rid": f"rid-{n}", "kind": "mail", "address": f"officer-{n:03}@office.example.cn"}
    return Destination(**values | {"secret": "", "label": "", "added": "2026-11-01"} | more)  # type: ignore[arg-type]


def fill(db: Database, people: int, slot: str = SLOT) -> None:
    def put(tx: Connection) -> None:
        for n in range(people):
            if not notices.find(tx, f"to-{n}"):
                notices.add(tx, person(n))
            notices.queue(tx, person(n), slot, int(NOW))

    db.write_sync(put)


def states(db: Database) -> list[str]:
    rows = db.read_sync(lambda tx: tx.execute(tables.notices.select()).mappings().all())
    return [row["state"] for row in rows]


def said(db: Database) -> set[str]:
    return {one.said for one in db.read_sync(notices.every)}


def text(letter: EmailMessage) -> str:
    return letter.get_content().strip()


def test_it_works(db: Database, url: str, mail: Receiver) -> None:
    fill(db, 1)
    assert arrived(work(url, NOW, relay(mail))) == 1
    (letter,) = mail.letters()
    assert (text(letter), letter["Subject"]) == (SENTENCES[""], SENTENCES[""])
    assert (letter["To"], letter["From"]) == ("officer-000@office.example.cn", "notice@office.example.cn")
    assert states(db) == ["sent"] and said(db) == {"sent"}


def test_several_workers_send_each_message_once(db: Database, url: str, mail: Receiver) -> None:
    fill(db, 40)
    workers = [work(url, NOW, relay(mail)) for _ in range(3)]
    assert sum(arrived(worker) for worker in workers) == 40
    letters = mail.letters()
    assert len(letters) == len({letter["Message-ID"] for letter in letters}) == 40
    assert {letter["To"] for letter in letters} == {person(n).address for n in range(40)}
    assert set(states(db)) == {"sent"}


def test_a_slot_is_queued_once_for_a_destination(db: Database) -> None:
    fill(db, 1)
    assert not db.write_sync(lambda tx: notices.queue(tx, person(0), SLOT, int(NOW)))
    assert db.write_sync(lambda tx: notices.queue(tx, person(0), "2026-11-27 14:00", int(NOW)))


def test_a_worker_killed_after_sending_sends_again_under_the_same_id(db: Database, url: str, mail: Receiver) -> None:
    fill(db, 1)
    mail.steer("hold")
    worker = work(url, NOW, relay(mail))
    mail.wait(1)
    worker.send_signal(signal.SIGKILL)
    worker.communicate()
    mail.steer("hold", on=False)
    assert states(db) == ["waiting"]
    assert arrived(work(url, NOW + 1, relay(mail))) == 0, "the dead worker's claim still stands"
    assert arrived(work(url, NOW + LEASE + 1, relay(mail))) == 1
    first, second = mail.raw()
    assert first == second and b"Message-ID" in first
    assert states(db) == ["sent"]


def test_a_relay_that_refuses_is_tried_again_later_and_the_message_keeps_its_id(
    db: Database, url: str, mail: Receiver
) -> None:
    fill(db, 1)
    mail.steer("refuse")
    worker = work(url, NOW, relay(mail))
    _, err = worker.communicate()
    assert err.strip() == "notice: refused"
    assert said(db) == {"refused"} and states(db) == ["waiting"]
    mail.steer("refuse", on=False)
    assert arrived(work(url, NOW + 1, relay(mail))) == 0, "not at once"
    db.close()
    assert arrived(work(url, NOW + schedule.FIRST_WAIT, relay(mail))) == 1, "a queue outlives whoever filled it"


def test_what_does_not_arrive_in_a_day_is_given_up(db: Database, url: str) -> None:
    fill(db, 1)
    nowhere = {"host": "127.0.0.1", "port": 1, "tls": "off", "sender": "notice@office.example.cn"}
    at = NOW
    while states(db) == ["waiting"]:
        worker = work(url, at, nowhere)
        _, err = worker.communicate()
        assert err.strip() in {"", "notice: unreachable"} and "office.example" not in err
        at += DAY / 4
    assert at - NOW >= DAY
    (to,) = db.read_sync(notices.every)
    assert (states(db), to.said, to.dropped) == (["dropped"], "unreachable", 1)
    assert db.read_sync(lambda tx: notices.standing(tx, SLOT)).dropped == 1


def test_what_is_over_a_day_old_is_not_sent_any_more(db: Database, url: str, mail: Receiver) -> None:
    """As after a restore, or when nothing ran for days."""
    fill(db, 1)
    assert arrived(work(url, NOW + DAY, relay(mail))) == 0
    assert (mail.raw(), states(db), said(db)) == ([], ["dropped"], {"late"})


def test_without_a_relay_mail_waits(db: Database, url: str) -> None:
    fill(db, 1)
    assert arrived(work(url, NOW, {})) == 0
    assert said(db) == {"no_relay"}


@pytest.mark.parametrize(
    ("more", "trusted", "code"),
    [
        ({"user": USER, "password": PASSWORD}, True, "sent"),
        ({"user": USER, "password": PASSWORD}, False, "tls"),
        ({"user": USER, "password": "wrong"}, True, "login"),
        ({"tls": "off"}, True, "sender"),
    ],
    ids=["signed in", "a certificate that nobody vouches for", "a wrong password", "in clear"],
)
def test_a_relay_is_spoken_to_under_tls(
    db: Database,
    url: str,
    receiver: Start,
    certificate: tuple,  # type: ignore[type-arg]
    more: dict[str, str],
    trusted: bool,
    code: str,
) -> None:
    mail = receiver("smtp_server", certificate)
    fill(db, 1)
    env = {"SSL_CERT_FILE": str(certificate[0])} if trusted else {}
    worker = work(url, NOW, relay(mail, host="localhost", **{"tls": "starttls"} | more), **env)
    _, err = worker.communicate()
    assert said(db) == {code}, err
    assert PASSWORD not in err and "office.example" not in err


def test_a_clock_that_was_wrong_locks_nothing(db: Database, url: str, mail: Receiver) -> None:
    """What was claimed or put off while the clock was a year ahead is free again when it is right."""
    fill(db, 2)
    ahead = int(NOW) + 365 * DAY
    taken = db.write_sync(lambda tx: notices.claim(tx, ahead, 2))
    db.write_sync(lambda tx: notices.put_off(tx, taken[0], "slow", ahead + HOUR))
    assert arrived(work(url, NOW, relay(mail))) == 2


def test_a_destination_goes_with_what_waits_for_it(db: Database, url: str, mail: Receiver) -> None:
    fill(db, 2)
    db.write_sync(lambda tx: notices.remove(tx, "to-0"))
    assert arrived(work(url, NOW, relay(mail))) == 1
    assert [one.id for one in db.read_sync(notices.every)] == ["to-1"]


def test_rows_of_urgent_messages_go_soon_and_those_of_digests_stay(db: Database, url: str, mail: Receiver) -> None:
    fill(db, 1)
    fill(db, 1, schedule.minute(NOW, schedule.URGENT))
    assert arrived(work(url, NOW, relay(mail))) == 2
    brief = schedule.minute(NOW + schedule.QUIET)
    db.write_sync(lambda tx: notices.purge(tx, brief, "2026-10-01"))
    left = db.read_sync(lambda tx: tx.execute(tables.notices.select()).mappings().all())
    assert [row["slot"] for row in left] == [SLOT]
