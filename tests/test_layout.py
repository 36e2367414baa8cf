"""A house with cases in every state goes to the earlier layout, back, and through a night: nothing of it changes."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Iterator
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection

from tests.conftest import start
from tests.storage.people import ours
from whistle import house, jobs, settings
from whistle.casework import awaiting, bulletin, refold, statement
from whistle.cli import run
from whistle.core import calendar, rulebook, workflow
from whistle.core.clock import zone_day
from whistle.core.statistics import Terms
from whistle.docket import Docket, misordered, received
from whistle.jobs import Chores
from whistle.keystore import ORDER_KEY, secret
from whistle.settings import NotReady
from whistle.storage import cases, checks, ledger, meta, moving, numbered
from whistle.storage.database import Database
from whistle.storage.migrations import HEAD, migrate

DAY = 86_400
MONTH = zone_day(time.time())[:7]
TERMS = Terms(workflow.load(), rulebook.load("SD-RULE-2024"), calendar.shipped(), zone_day(time.time()))


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The folder of a demo that was stopped."""
    running = start(tmp_path_factory.mktemp("layout") / "data")
    running.kill()
    yield running.data


def opened(data: Path) -> Docket:
    return house.open_house(settings.read({}, data=data), "review").docket


def told(docket: Docket) -> dict[str, Any]:
    """Everything a reader can see of the store, without what only the store knows."""

    def look(tx: Connection) -> dict[str, Any]:
        rows = cases.iter_cases(tx)
        return {
            "posts": {row.case: cases.load_posts(tx, row.case) for row in rows},
            "grants": {row.case: cases.grants_for(tx, row.case, "reporter") for row in rows},
            "cases": {row.case: (row.head, row.state, row.due, row.told, row.year, row.number) for row in rows},
            "ledger": [(row.bytes, row.hash) for row in ledger.every(ours(tx))],
            "anchor": statement.anchor(ours(tx), "2026-11-27"),
            "bulletin": asdict(bulletin.make(tx, TERMS, MONTH)),
            "register": [
                (row.year, row.number, *rest) for row, *rest in numbered.every(tx, "zone", "accept", "award.notify")
            ],
            "funds": awaiting.for_funds(ours(tx), int(MONTH[:4])),
        }

    return docket.db.read_sync(look)


def reds(docket: Docket) -> list[str]:
    known = asyncio.run(docket.published.current())
    found = checks.check(docket.db.url, refold=refold.checker(docket, known), order=partial(misordered, docket))
    return [finding.code for finding in found if finding.level == "red"]


def order_of(docket: Docket) -> dict[str, int]:
    rows = docket.db.read_sync(cases.iter_cases)
    return {row.case: asyncio.run(received(docket, row)) for row in rows}


def test_down_up_and_over_a_night_every_case_stays_what_it_was(data: Path) -> None:
    docket = opened(data)
    before, order = told(docket), order_of(docket)
    url = docket.db.url
    docket.db.close()
    key = partial(secret, data, ORDER_KEY)
    for version in ("0005", HEAD):
        migrate(url, version, key)
    docket = opened(data)
    assert (told(docket), order_of(docket), reds(docket)) == (before, order, [])
    given = settings.read({}, data=data)
    chores = Chores(docket, house.uploads_of(given, docket.db), house.notifier_of(given), given.destroyed_log)
    asyncio.run(jobs.run_once(chores, time.time() + DAY))
    assert docket.db.read_sync(lambda tx: meta.get(tx, moving.MOVED)) == docket.db.read_sync(cases.newest_day)
    after = told(docket)
    dates = {case: (*facts[:2], *facts[4:]) for case, facts in before.pop("cases").items()}
    assert {case: (*facts[:2], *facts[4:]) for case, facts in after.pop("cases").items()} == dates, "but for due days"
    anchors = [json.loads(one.pop("anchor")) for one in (before, after)]
    counts = [one.pop("audit")["count"] for one in anchors]
    assert counts[1] > counts[0], "the openings of the day have joined, and the day is closed"
    assert anchors[0] == anchors[1]
    assert (after, order_of(docket), reds(docket)) == (before, order, [])
    docket.db.close()


def test_another_key_is_told_and_invents_no_order(data: Path) -> None:
    docket = opened(data)
    mine = (data / "secrets" / ORDER_KEY).read_bytes()
    docket.db.close()
    (data / "secrets" / ORDER_KEY).write_bytes(bytes(32))
    docket = opened(data)
    assert "order" in reds(docket)
    docket.db.close()
    (data / "secrets" / ORDER_KEY).write_bytes(mine)
    docket = opened(data)
    assert not reds(docket)
    docket.db.close()


def test_a_lost_key_is_not_drawn_anew_beside_stored_cases(data: Path) -> None:
    path = data / "secrets" / ORDER_KEY
    mine = path.read_bytes()
    path.unlink()
    with pytest.raises(NotReady, match="order_key_lost"):
        opened(data)
    assert not path.exists()
    path.write_bytes(mine)
    opened(data).db.close()


def test_the_order_of_receipt_comes_with_a_backup(data: Path, tmp_path: Path) -> None:
    docket = opened(data)
    before = order_of(docket)
    docket.db.close()
    assert run(["backup", "--data", str(data), "--out", str(tmp_path / "copy")]) == 0
    assert run(["restore", str(tmp_path / "copy"), "--data", str(tmp_path / "new")]) == 0
    restored = opened(tmp_path / "new")
    assert (order_of(restored), [code for code in reds(restored) if code == "order"]) == (before, [])
    restored.db.close()


def test_the_keys_of_the_store_say_nothing_of_the_order(data: Path) -> None:
    with Database.open(settings.read({}, data=data).database_url) as db:
        ids = [row.id for row in db.read_sync(cases.iter_cases)]
    assert ids == sorted(ids)
    assert max(ids) > 2**50
