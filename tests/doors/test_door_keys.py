"""A door changes its receipt key while people file: nothing stored is called a lie, and no ticket is hidden."""

import contextlib
import json
import os
import re
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.conftest import Demo
from tests.doors import later
from tests.doors.test_plain import REPORT, Page
from tests.doors.test_zone_changes import sign
from whistle import intake, zone
from whistle.cli import run
from whistle.client import ClientError, HttpWire, Public, draw_form
from whistle.crypto.encoding import unb64
from whistle.crypto.keys import RootKey, root_key
from whistle.crypto.ticket import new_ticket, show
from whistle.storage.errors import Busy

WORDS = "升降机的门没有联锁，人可以伸手进去。"


@pytest.fixture
def fresh(zone_demo: Demo) -> Iterator[RootKey]:
    """A new key of the public door, in the place of the one the running demo holds in memory."""
    at, seed = zone_demo.data / "secrets" / "public.key", os.urandom(32)
    before, doors = at.read_bytes(), zone.describe(zone_demo.data / "zone")["doors"]
    at.write_bytes(seed)
    yield root_key(seed)
    at.write_bytes(before)
    sign(zone_demo, lambda folder: _relist(folder, doors))


def _relist(folder: Path, doors: list[dict[str, str]]) -> None:
    for one in zone.describe(folder)["doors"]:
        zone.remove_door(folder, one["id"], unb64(one["sig"]))
    for one in doors:
        zone.add_door(folder, one["id"], unb64(one["sig"]), one["use"])


@contextlib.contextmanager
def at(demo: Demo) -> Iterator[tuple[str, httpx.Client]]:
    with later.door(demo.data, "public") as url, later.client() as http:
        yield url, http


def test_a_door_signs_with_either_key_while_both_are_listed(zone_demo: Demo, fresh: RootKey) -> None:
    folder, alice = zone_demo.data / "zone", zone_demo.reporter()
    before = alice.submit(WORDS)
    old = unb64(zone.describe(folder)["doors"][0]["sig"])
    sign(zone_demo, lambda _: zone.add_door(folder, "public", fresh.public))
    with at(zone_demo) as (url, http):
        bob = Public(HttpWire(url, http))
        filed = [alice.submit(WORDS), bob.submit(WORDS)]
        with pytest.raises(zone.ZoneError, match="door_several"):
            zone.remove_door(folder, "public")
        sign(zone_demo, lambda _: zone.remove_door(folder, "public", old))
        assert bob.submit(WORDS).ticket
        # Receipts from before hold for ever; under the later directory the withdrawn key signs nothing.
        for each in (before, *filed):
            assert bob.filed(each.ticket).case == each.case
        with pytest.raises(ClientError, match="receipt"):
            zone_demo.reporter().submit(WORDS)


def test_whoever_filed_under_an_unlisted_key_has_the_ticket(
    zone_demo: Demo, fresh: RootKey, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    digits = new_ticket()
    (tmp_path / "report.txt").write_text(WORDS, encoding="utf-8")
    with at(zone_demo) as (url, http):
        alice = Public(HttpWire(url, http))
        with pytest.raises(ClientError, match="receipt"):
            alice.submit(WORDS, digits=digits)
        page = Page(http.post(f"{url}/plain", data=REPORT | {"once": draw_form()}))
        assert run(["submit", "--server", url, "--text", str(tmp_path / "report.txt")]) == 1
        (told,) = re.findall(r"(?:[0-9]{5} ){4}[0-9]{5}", capsys.readouterr().err)
        assert "回执却核对不上" in page.text and "收到了。" not in page.text
        for ticket in (show(digits), page.ticket, told):
            assert alice.status(ticket).state == "received"


def test_a_ticket_is_shown_though_the_case_cannot_be_read_back(
    zone_demo: Demo, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def busy(*_: object) -> None:
        raise Busy

    monkeypatch.setattr(intake, "view", busy)
    with at(zone_demo) as (url, http):
        page = Page(http.post(f"{url}/plain", data=REPORT | {"once": draw_form()}))
    assert "收到了。" in page.text
    assert zone_demo.reporter().status(page.ticket).state == "received"


def red_doors(demo: Demo, capsys: pytest.CaptureFixture[str]) -> list[str]:
    """The doors whose key doctor finds in no directory."""
    capsys.readouterr()
    run(["doctor", "--data", str(demo.data), "--json"])
    found = json.loads(capsys.readouterr().out)
    keys = {one["facts"]["door"]: one["level"] for one in found if one["code"] == "door_key"}
    assert keys.keys() == {"public", "review"}
    return [door for door, level in keys.items() if level == "red"]


def test_the_manuals_way_to_a_new_key_is_red_in_doctor_until_a_directory_lists_it(
    zone_demo: Demo, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    """docs/operating.md, a door's new key, step by step and by its own commands."""
    at_home, folder = zone_demo.data / "secrets" / "public.key", zone_demo.data / "zone"
    doors = zone.describe(folder)["doors"]
    (old,) = [one["sig"] for one in doors if one["id"] == "public"]
    assert red_doors(zone_demo, capsys) == []
    aside = at_home.rename(tmp_path / "public.key")
    try:
        assert run(["zone", "door-keys", "--data", str(zone_demo.data)]) == 0
        new = dict(line.split()[:2] for line in capsys.readouterr().out.splitlines())["public"]
        assert new != old
        assert red_doors(zone_demo, capsys) == ["public"]
        sign(zone_demo, lambda _: run(["zone", "door", str(folder), "--id", "public", "--key", new]))
        assert red_doors(zone_demo, capsys) == []
        with at(zone_demo) as (url, http):
            receipt = Public(HttpWire(url, http)).submit(WORDS).receipt
            sign(zone_demo, lambda _: run(["zone", "remove", str(folder), "--door", "public", "--key", old]))
            assert red_doors(zone_demo, capsys) == []
            assert receipt.document["door"] == "public"
            assert Public(HttpWire(url, http)).submit(WORDS).ticket
    finally:
        aside.replace(at_home)
        sign(zone_demo, lambda _: _relist(folder, doors))
    assert red_doors(zone_demo, capsys) == []
