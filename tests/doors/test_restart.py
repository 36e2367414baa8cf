"""The doors are killed, stopped and opened again in the middle of everything, and nothing accepted is lost."""

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
import uvloop

from tests.conftest import Demo, free_port, start
from tests.doors import reviewer
from tests.doors.hand import OCTETS, Draft, Hand
from tests.doors.office import Team
from tests.doors.served import Served, establish, team
from tests.storage.people import ours
from whistle import house, keystore, settings
from whistle.casework import refold
from whistle.core import ledger
from whistle.core.clock import zone_day
from whistle.crypto.encoding import b64
from whistle.demo import samples
from whistle.demo.people import CHANNEL
from whistle.storage import cases, checks
from whistle.storage import ledger as books
from whistle.storage.database import Database

WRITERS = 6


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    made = establish(tmp_path_factory.mktemp("served") / "data")
    made.open("public", "review")
    yield made
    made.kill()


@pytest.fixture(scope="module")
def people(served: Served) -> Team:
    return team(served)


def hand(served: Served) -> Hand:
    return Hand(served)  # type: ignore[arg-type]  # it asks for an address and a client


class Storm:
    """Reporters who file one after another, each remembering what was sent and which receipt came back."""

    def __init__(self, served: Served) -> None:
        self.receipted: list[tuple[Draft, bytes, str]] = []
        self.unanswered: list[tuple[Draft, bytes, str]] = []
        self._stop = threading.Event()
        self._threads = [threading.Thread(target=self._file, args=(hand(served),)) for _ in range(WRITERS)]
        for thread in self._threads:
            thread.start()

    def _file(self, hand: Hand) -> None:
        while not self._stop.is_set():
            try:
                draft = hand.report()
                sent = draft, draft.upload(), hand.work(draft)
            except Exception:
                return
            try:
                answer = hand.send(*sent)
            except httpx.HTTPError:
                self.unanswered.append(sent)
                return
            assert answer.status_code == 201, answer.text
            self.receipted.append((*sent[:2], answer.text))

    def wait(self, count: int) -> None:
        while len(self.receipted) < count:
            time.sleep(0.01)

    def over(self) -> None:
        self._stop.set()
        for thread in self._threads:
            thread.join(30)


def red(served: Served) -> list[checks.Finding]:
    """What `whistle doctor` would call red."""
    told = settings.read({}, data=served.data)
    docket = house.open_house(told, "review").docket
    directories = uvloop.run(docket.published.current())
    again = refold.checker(docket, directories)
    found = checks.check(told.database_url, refold=again)
    docket.db.close()
    return [one for one in found if one.level == "red"]


def test_every_receipt_given_out_before_kill_9_is_there_after_it(served: Served) -> None:
    storm = Storm(served)
    storm.wait(60)
    served.stop("public", signal.SIGKILL)
    storm.over()
    served.open("public")
    again = hand(served)
    for draft, upload, receipt in storm.receipted:
        answer = again.http.post(f"{served.public}/api/posts", content=upload, headers=OCTETS)
        assert (answer.status_code, answer.text) == (200, receipt)
        assert len(again.case(draft.ticket).json()["posts"]) == 1
    for draft, upload, proof in storm.unanswered:
        # The same try again: either it was kept and has its receipt, or it is kept now.
        assert again.send(draft, upload, proof).status_code in {200, 201}
        assert len(again.case(draft.ticket).json()["posts"]) == 1
    assert red(served) == []


def test_an_approval_and_its_ledger_row_are_there_together_or_not_at_all(served: Served, people: Team) -> None:
    reporter = hand(served)
    people.finance.open_budget(int(zone_day(time.time())[:4]), "经费", 50_000_000)
    ready = [b64(reporter.filed().case) for _ in range(5)]
    for case in ready:
        people.to_proposal(case)
    acts = [_approval(people, case) for case in ready]
    threads = [threading.Thread(target=_try, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    while not _approved(served):
        time.sleep(0.001)
    served.stop("review", signal.SIGKILL)
    for thread in threads:
        thread.join()
    with Database.open(f"sqlite:///{served.data / 'whistle.db'}") as db:
        rows = db.read_sync(lambda tx: [ledger.parse_row(row.bytes).kind for row in books.every(ours(tx))])
    assert rows.count("approve") == _approved(served) >= 1
    served.open("review")
    assert [act.send(act.upload()).status_code for act in acts]
    assert red(served) == []


def _approval(people: Team, case: str) -> reviewer.Act:
    found = people.leader.case(case).fold.proposal
    assert found is not None
    return reviewer.act(people.leader, case, "award.approve", {"proposal": found.hash, "fen": found.fen})


def _try(act: reviewer.Act) -> None:
    try:
        act.send()
    except httpx.HTTPError:
        return


def _approved(served: Served) -> int:
    with Database.open(f"sqlite:///{served.data / 'whistle.db'}") as db:
        return db.read_sync(lambda tx: sum(row.state == "reward_approved" for row in cases.iter_cases(tx)))


def test_a_session_outlives_a_restart(served: Served, people: Team) -> None:
    assert people.intake.inbox()
    served.stop("review", signal.SIGTERM)
    served.open("review")
    assert people.intake.inbox()


def test_who_was_being_served_when_the_door_closed_gets_an_answer(served: Served) -> None:
    reporter = hand(served)
    draft = reporter.report()
    upload, proof = draft.upload(), reporter.work(draft)
    head = (
        f"POST /api/posts HTTP/1.1\r\nHost: x\r\nContent-Type: application/octet-stream\r\n"
        f"Whistle-Work: {proof}\r\nContent-Length: {len(upload)}\r\n\r\n"
    )
    with socket.create_connection(("127.0.0.1", served.ports["public"]), timeout=20) as line:
        line.sendall(head.encode() + upload[:20_000])
        time.sleep(0.2)
        served.doors["public"].send_signal(signal.SIGTERM)
        time.sleep(0.5)
        line.sendall(upload[20_000:])
        answer = b"".join(iter(lambda: line.recv(65_536), b""))
    assert answer.startswith(b"HTTP/1.1 201")
    assert served.doors["public"].wait(20) in {0, -signal.SIGTERM}
    served.open("public")
    assert len(hand(served).case(draft.ticket).json()["posts"]) == 1


def test_a_storm_ends_in_peace(served: Served) -> None:
    before = served.log.stat().st_size
    storm = Storm(served)
    storm.wait(20)
    assert served.stop("public", signal.SIGTERM) in {0, -signal.SIGTERM}
    storm.over()
    served.open("public")
    again = hand(served)
    for draft, _, receipt in storm.receipted:
        shown = again.case(draft.ticket).json()["posts"]
        assert [post["receipt"]["bytes"] in receipt.replace('\\"', '"') for post in shown] == [True]
    assert served.log.read_bytes()[before:] == b""


def test_a_demo_whose_first_start_was_cut_off_goes_on_with_it(tmp_path: Path) -> None:
    data = tmp_path / "data"
    command = [sys.executable, "-m", "whistle", "demo", "--data", str(data)]
    ports = ["--public-port", str(free_port()), "--review-port", str(free_port())]
    with subprocess.Popen([*command, *ports], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as first:
        while not _count(data):
            time.sleep(0.02)
        first.kill()
    zones = [each for each in samples.SAMPLES if each.channel == CHANNEL]
    assert _count(data) < len(zones)
    again = start(data)
    try:
        assert len(again.office("intake").inbox()) == len(zones)
    finally:
        again.kill()


def _count(data: Path) -> int:
    if not (data / "demo").exists():
        return 0
    with Database.open(f"sqlite:///{data / 'whistle.db'}") as db:
        return len(db.read_sync(cases.iter_cases))


# What is refused at the start


def whistle(*words: str, **environ: str) -> tuple[int, str]:
    command = [sys.executable, "-m", "whistle", *words]
    told = {**os.environ, **environ}
    done = subprocess.run(command, check=False, env=told, capture_output=True, text=True, timeout=60)
    return done.returncode, done.stdout + done.stderr


def test_a_demo_is_not_put_into_a_folder_that_is_somebodys(tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("Dear", encoding="utf-8")
    status, said = whistle("demo", "--data", str(tmp_path), "--public-port", "1", "--review-port", "2")
    assert status == 1
    assert "not a demo" in said
    assert [path.name for path in tmp_path.iterdir()] == ["letter.txt"]


def test_serve_refuses_plain_http_for_the_world(served: Served) -> None:
    for door in ("public", "review"):
        status, said = whistle("serve", door, WHISTLE_DATA=str(served.data))
        assert status == 1
        assert f"WHISTLE_{door.upper()}_ORIGIN" in said
        assert "Traceback" not in said


def test_serve_refuses_a_demos_data_wherever_it_was_moved(zone_demo: Demo, tmp_path: Path) -> None:
    told = {"WHISTLE_PLAIN_HTTP": "on"}
    status, said = whistle("serve", "public", WHISTLE_DATA=str(zone_demo.data), **told)
    assert (status, "demo" in said) == (1, True)
    moved = {"WHISTLE_DATA": str(tmp_path), "WHISTLE_DATABASE": f"sqlite:///{zone_demo.data / 'whistle.db'}"}
    status, said = whistle("serve", "public", **moved, **told)
    assert (status, "demo" in said) == (1, True)


def test_serve_says_what_to_do_first(tmp_path: Path) -> None:
    told = {"WHISTLE_DATA": str(tmp_path / "new"), "WHISTLE_PLAIN_HTTP": "on"}
    status, said = whistle("serve", "public", **told)
    assert (status, "migrate" in said, "Traceback" in said) == (1, True, False)
    assert whistle("migrate", **told)[0] == 0
    status, said = whistle("serve", "public", **told)
    assert (status, "publish" in said, "Traceback" in said) == (1, True, False)


def test_a_damaged_door_key_stops_the_start(tmp_path: Path) -> None:
    (tmp_path / "secrets").mkdir()
    (tmp_path / "secrets" / "public.key").write_bytes(b"short")
    with pytest.raises(settings.NotReady, match="secret_damaged"):
        keystore.door_key(tmp_path, "public")


def test_one_secret_of_two_purposes_becomes_two_and_invented_slots_stay_as_they_were(tmp_path: Path) -> None:
    folder = tmp_path / "secrets"
    folder.mkdir()
    (folder / "session.secret").write_bytes(b"s" * 32)
    for _ in range(2):
        assert keystore.login_secret(tmp_path) == b"s" * 32
        assert keystore.secret(tmp_path, "cookie.secret") != b"s" * 32
    assert {path.name for path in folder.iterdir()} == {"login.secret", "cookie.secret"}
    (folder / "session.secret").write_bytes(b"t" * 32)  # an older release drew one meanwhile
    assert keystore.login_secret(tmp_path) == b"s" * 32


def test_processes_that_start_together_agree_on_their_secret(tmp_path: Path) -> None:
    found: list[bytes] = []
    ready = threading.Barrier(8)

    def start() -> None:
        ready.wait()
        found.append(keystore.secret(tmp_path, "work.secret"))

    threads = [threading.Thread(target=start) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(found)) == 1
    assert (tmp_path / "secrets" / "work.secret").stat().st_mode & 0o777 == 0o600
    assert len(list((tmp_path / "secrets").iterdir())) == 1
