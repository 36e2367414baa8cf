"""`whistle handover`: the old key's cases, to the last one, and again where it was broken off."""

import json
import os
import time
from collections.abc import Iterator

import pytest

from tests.cli.shell import Shell
from tests.conftest import Demo, start
from whistle import publishing, settings, zone
from whistle.client import Office
from whistle.client.rotation import hand_over
from whistle.core.clock import zone_day
from whistle.crypto import fingerprint
from whistle.crypto.encoding import unb64
from whistle.crypto.keys import reviewer_keys

WORDS = "木工车间的电机外壳没有接地。"


@pytest.fixture(scope="module")
def moving(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    """A demo of its own, whose directory these tests change."""
    running = start(tmp_path_factory.mktemp("handover") / "data")
    yield running
    running.kill()


def new_key(demo: Demo, role: str) -> Office:
    """A second key of whoever has the role, in the next directory, signed in."""
    keys, folder = reviewer_keys(os.urandom(32)), demo.data / "zone"
    old = next(one for one in demo.reporter().trust.newest_channel()["readers"] if role in one["roles"])
    told = {"person": old["person"], "roles": [role], "label": "新钥", "replaces": old["rid"]}
    zone.add_reader(folder, "zone", kem=keys.kem, sig=keys.sig, **told)
    zone.sign(folder, today=zone_day(time.time()), confirm=lambda one: fingerprint.show(unb64(one["rid"])))
    publishing.publish(settings.read({}, data=demo.data), folder)
    fresh = Office(demo.review, demo.http(), keys, zone.load(folder).id)
    fresh.login()
    return fresh


def test_it_works(shell: Shell, moving: Demo) -> None:
    filed = [moving.reporter().submit(WORDS).case for _ in range(3)]
    shell.env.setenv("WHISTLE_PASSPHRASE", moving.passphrase("intake"))
    command = ("handover", "--server", moving.review, "--key", moving.data / "staff" / "intake.key")
    assert "sign the new one" in shell(*command).err
    fresh = new_key(moving, "intake")
    first = next(one for one in hand_over(moving.office("intake")) if one.came == "done")
    came = {one["case"]: one["came"] for one in json.loads(shell.done(*command, "--json").out)}
    assert came.pop(first.case) == "nothing"
    assert set(filed) - {first.case} <= {case for case, one in came.items() if one == "done"}
    for case in filed:
        assert WORDS in [item.text for item in fresh.case(case).items]
    again = json.loads(shell.done(*command, "--json").out)
    assert {one["came"] for one in again} == {"nothing"}
