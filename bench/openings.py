"""What the audit of reads costs: cases opened for the first time, which enters each, and again at once, which does not;
beside bare durable commits in the same folder. The first over the second is the price of an entry."""

from __future__ import annotations

import sqlite3
import time
from contextlib import closing
from pathlib import Path

import httpx

from bench.inbox import sign_in
from bench.runs import Asked, Run, measure, request, timed
from bench.scene import Scene, Server, door
from whistle.client import Office
from whistle.crypto.encoding import b64
from whistle.crypto.keys import reviewer_keys

WORDS = "仓库的安全出口用铁链锁着，里面堆满纸箱。" * 8


def run(scene: Scene, cases: int, folder: Path) -> list[Run]:
    """Cases before the office's first act, whose entries wait for the night, and after it, in the chain."""
    with door(scene, "review") as server, httpx.Client(trust_env=False, timeout=60) as http:
        intake = reviewer_keys(scene.people["intake"].seed)
        office = Office(scene.settings.origin("review"), http, intake, b64(scene.zone))
        office.login()
        made = [office.transcribe(WORDS, source="phone").case for _ in range(cases)]
        rows = _twice(scene, server, made, "waiting", folder)
        for case in made:
            office.decline(case, "NA03")
    with door(scene, "review") as server:  # another process knows of no entry of the first
        return [*rows, *_twice(scene, server, made, "in the chain", folder), bare(cases, folder)]


def _twice(scene: Scene, server: Server, made: list[str], where: str, folder: Path) -> list[Run]:
    """By a leader; somebody else has opened them before, so that all are on the shelf both times."""
    for role in ("intake", "leader"):
        cookie = sign_in(scene, role)
        asked = [request("GET", "/api/case", {"Cookie": cookie, "Whistle-Case": case}) for case in made]
        rows = [
            measure(server, 1, Asked(f"case opened, {how}, {where}", asked, len(made)), folder)
            for how in ("entered", "entered before")
        ]
    return rows


def bare(count: int, folder: Path) -> Run:
    """One row in each commit, by one process and nothing else."""
    with closing(sqlite3.connect(folder / "bare-openings.db", isolation_level=None)) as db:
        db.execute("PRAGMA journal_mode=WAL")
        db.execute("PRAGMA synchronous=FULL")
        db.execute("CREATE TABLE audit (no INTEGER PRIMARY KEY, document BLOB, hash BLOB)")
        began = time.perf_counter()
        for _ in range(count):
            db.execute("INSERT INTO audit (document, hash) VALUES (?, ?)", (bytes(200), bytes(32)))
        spent = time.perf_counter() - began
    return timed("bare durable commits", count, spent)
