"""The demo of `make run`: an authority, a department and two enterprises, each with its people and cases."""

import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest

from tests.conftest import free_port
from whistle import client
from whistle.client import Office
from whistle.demo.people import places


@pytest.fixture(scope="module")
def doors(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, int]]:
    data = tmp_path_factory.mktemp("demo") / "data"
    public, review, ready = free_port(), free_port(), data.parent / "ready"
    command = [sys.executable, "-m", "whistle", "demo", "--offices", "--data", str(data), "--ready-file", str(ready)]
    ports = ["--public-port", str(public), "--review-port", str(review)]
    with (data.parent / "log").open("wb") as log:
        process = subprocess.Popen([*command, *ports], stdout=log, stderr=log)
    until = time.monotonic() + 300
    while not ready.exists():
        assert process.poll() is None and time.monotonic() < until, (data.parent / "log").read_text(encoding="utf-8")
        time.sleep(0.1)
    yield data, review
    process.kill()
    process.wait()


@pytest.fixture
def desk(doors: tuple[Path, int]) -> Iterator[Callable[[str], Office]]:
    """Signs somebody of the demo in, by the passphrase its login page shows."""
    (data, review), opened = doors, list[httpx.Client]()

    def sign_in(login: str) -> Office:
        passphrase = (data / "staff" / f"{login}.passphrase").read_text(encoding="utf-8").strip()
        keys, _, zone = client.open_key_file(data / "staff" / f"{login}.key", passphrase)
        opened.append(httpx.Client(trust_env=False, timeout=30))
        office = Office(f"http://127.0.0.1:{review}", opened[-1], keys, zone)
        office.login()
        return office

    yield sign_in
    for one in opened:
        one.close()


def test_every_office_has_its_people_and_its_own_cases(doors: tuple[Path, int], desk: Callable[[str], Office]) -> None:
    found = {}
    for place in places(doors[0]):
        office = desk(place.people[0].login)
        found[place.channel] = {row["case"] for row in office.inbox()}
    assert list(found) == ["zone", "traffic", "hongyun", "dongfeng"]
    assert all(found.values())
    assert sum(map(len, found.values())) == len(set.union(*found.values()))


def test_an_enterprise_has_kept_a_promise_and_given_an_honour(desk: Callable[[str], Office]) -> None:
    head = desk("dongfeng-head")
    folds = [head.case(str(row["case"])).fold for row in head.inbox()]
    assert any({"rectify", "honour.tell"} <= set(fold.marks) for fold in folds)
    assert not head.names()


def test_the_login_page_shows_everybody(doors: tuple[Path, int]) -> None:
    data, review = doors
    shown = httpx.get(f"http://127.0.0.1:{review}/api/demo", trust_env=False).json()["people"]
    assert len(shown) == sum(len(place.people) for place in places(data)) == 18
    assert len({one["login"] for one in shown}) == 18
