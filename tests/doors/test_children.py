"""A form of the page without script is served by a process of its own, which ends with it; and turns are fair."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from urllib.parse import urlparse

import httpx

from tests.conftest import Demo
from tests.doors import later

MALLORY, ALICE = "203.0.113.66", "203.0.113.77"
LOOK = {"act": "look", "ticket": "1"}
PATIENCE = 60


def test_their_parent_loads_no_store() -> None:
    """A child has none to ask, and the door waits for its parent."""
    look = "import sys, whistle.public.child; print({'sqlalchemy', 'whistle.storage'} & sys.modules.keys())"
    assert subprocess.run([sys.executable, "-c", look], capture_output=True, text=True, check=True).stdout == "set()\n"


def look(url: str, address: str = ALICE) -> httpx.Response:
    with httpx.Client(trust_env=False, timeout=PATIENCE, headers={"X-Forwarded-For": address}) as http:
        return http.post(f"{url}/plain", data=LOOK)


def parents_of_children() -> list[int]:
    """The processes of this one's doors that fork for forms."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdecimal():
            try:
                told = (entry / "cmdline").read_bytes().split(b"\0")
                above = int((entry / "stat").read_text().rpartition(")")[2].split()[1])
            except OSError:
                continue
            if b"whistle.public.child" in told and above == os.getpid():
                found.append(int(entry.name))
    return found


def children(parent: int) -> list[int]:
    return [int(pid) for pid in Path(f"/proc/{parent}/task/{parent}/children").read_text().split()]


def becomes(true: Callable[[], bool]) -> bool:
    deadline = time.monotonic() + PATIENCE
    while not true() and time.monotonic() < deadline:
        time.sleep(0.05)
    return true()


def begin(url: str, address: str) -> socket.socket:
    """A form that begins and does not go on."""
    sock = socket.create_connection(("127.0.0.1", urlparse(url).port or 0), timeout=PATIENCE)
    sock.sendall(
        f"POST /plain HTTP/1.1\r\nhost: door\r\nx-forwarded-for: {address}\r\n"
        "content-type: application/x-www-form-urlencoded\r\ncontent-length: 200000\r\n\r\nact=look&".encode()
    )
    return sock


def test_a_child_lives_as_long_as_its_form(zone_demo: Demo) -> None:
    with later.door(zone_demo.data, "public") as url:
        assert look(url).status_code == 422
        (parent,) = parents_of_children()
        assert becomes(lambda: children(parent) == [])
        form = begin(url, ALICE)
        assert becomes(lambda: len(children(parent)) == 1)
        form.close()
        assert becomes(lambda: children(parent) == [])
    assert parents_of_children() == []


def test_a_child_writes_no_file_and_leaves_no_core(zone_demo: Demo) -> None:
    with later.door(zone_demo.data, "public") as url:
        look(url)
        (parent,) = parents_of_children()
        assert becomes(lambda: not children(parent))  # the look's own has ended
        with closing(begin(url, ALICE)):
            assert becomes(lambda: len(children(parent)) == 1)
            (child,) = children(parent)
            assert becomes(lambda: "Max file size             0 " in Path(f"/proc/{child}/limits").read_text())
            assert "Max core file size        0 " in Path(f"/proc/{child}/limits").read_text()


def test_when_their_parent_is_gone_the_door_starts_another(zone_demo: Demo) -> None:
    with later.door(zone_demo.data, "public") as url:
        look(url)
        (parent,) = parents_of_children()
        os.kill(parent, signal.SIGKILL)
        assert becomes(lambda: look(url).status_code == 422)
        assert parents_of_children() not in ([], [parent])


def test_24_connections_of_one_address_keep_nobody_else_from_the_page(zone_demo: Demo) -> None:
    with later.door(zone_demo.data, "public", proxy="127.0.0.1") as url:
        look(url)
        (parent,) = parents_of_children()
        forms = [begin(url, MALLORY) for _ in range(24)]
        assert becomes(lambda: len(children(parent)) == 6)
        assert look(url, ALICE).status_code == 422
        for form in forms:
            form.close()


def test_a_page_that_is_switched_off_has_no_children(zone_demo: Demo) -> None:
    with later.door(zone_demo.data, "public", plain_page=False) as url, later.client() as http:
        assert http.get(f"{url}/plain").status_code == 200
        assert parents_of_children() == []
