"""A database replaced under open doors: `restore` does not do it, and a door it is done to gives no receipt."""

from __future__ import annotations

import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, suppress
from pathlib import Path

import httpx
import psycopg
import pytest

from tests.doors.hand import Hand
from tests.doors.served import Served, establish
from tests.postgres import NewDatabase
from whistle.core.clock import zone_day
from whistle.crypto.encoding import b64
from whistle.storage import cases
from whistle.storage.database import Database


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def served(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Served]:
    new: NewDatabase | None = request.getfixturevalue("postgres") if request.param == "postgresql" else None
    made = establish(tmp_path / "data", new() if new else "")
    made.open("public")
    yield made
    made.kill()


def whistle(served: Served, *words: str) -> tuple[int, str]:
    command = [sys.executable, "-m", "whistle", *words]
    told = served.environ(WHISTLE_LANG="zh")
    done = subprocess.run(command, check=False, env=told, capture_output=True, text=True, timeout=120)
    return done.returncode, done.stdout + done.stderr


def stored(served: Served) -> set[str]:
    with Database.open(served.database) as db:
        return {row.case for row in db.read_sync(cases.iter_cases)}


def test_a_restore_under_an_open_door_is_refused_and_what_it_replaces_is_kept(served: Served) -> None:
    saved = served.data / "saved.whistle"
    before = b64(Hand(served).filed().case)  # type: ignore[arg-type]
    assert whistle(served, "backup", "--out", str(saved))[0] == 0
    after = b64(Hand(served).filed().case)  # type: ignore[arg-type]
    assert whistle(served, "restore", "--force", str(saved)) == (
        1,
        "服务入口、jobs 或别的命令还在使用这份数据：请先全部停掉，再试一次。\n",
    )
    third = b64(Hand(served).filed().case)  # type: ignore[arg-type]
    served.stop("public", signal.SIGKILL)
    assert stored(served) == {before, after, third}
    status, said = whistle(served, "restore", "--force", str(saved))
    told, destroyed, until = said.splitlines()
    assert "没有找到销毁记录" in destroyed  # nothing tells the program whether there was one
    kept = told.removeprefix("备份已恢复，原来的另存为 ").removesuffix("。")
    assert status == 0, said
    assert f"最后一天的记录是 {zone_day(time.time())}" in until
    assert stored(served) == {before}
    assert set(kept_in(served, kept)) == {before, after, third}
    day = zone_day(time.time())
    assert f"注意  {day} 恢复过备份，备份里最后一天的记录是 {day}" in whistle(served, "doctor")[1]
    served.open("public")
    Hand(served).filed()  # type: ignore[arg-type]


def kept_in(served: Served, kept: str) -> list[str]:
    if served.database.startswith("postgresql"):
        with psycopg.connect(served.database) as server:
            server.execute("SELECT set_config('search_path', %s, false)", (kept,))
            return [str(row[0]) for row in server.execute('SELECT "case" FROM cases')]
    with Database.open(str(served.data / kept)) as db:
        return [row.case for row in db.read_sync(cases.iter_cases)]


def test_a_door_whose_database_was_replaced_gives_no_receipt_and_stops(served: Served) -> None:
    reporter = Hand(served)  # type: ignore[arg-type]
    filed = {b64(reporter.filed().case)}
    draft = reporter.report()
    upload, proof = draft.upload(), reporter.work(draft)
    replace(served)
    given = None
    with suppress(httpx.HTTPError):  # it may stop quicker than it is asked
        given = reporter.send(draft, upload, proof).status_code
    assert given in {503, None}
    assert served.doors["public"].wait(30) == 1
    assert "another database" in served.log.read_text(encoding="utf-8").lower()
    assert stored(served) == filed


def replace(served: Served) -> None:
    """Done by hand, past every command."""
    if served.database.startswith("postgresql"):
        with psycopg.connect(served.database) as server:
            server.execute("UPDATE meta SET value = 'another' WHERE key = 'epoch'")
        return
    path = served.data / "whistle.db"
    with closing(sqlite3.connect(path)) as live, closing(sqlite3.connect(served.data / "other.db")) as other:
        live.backup(other)
    (served.data / "other.db").replace(path)
