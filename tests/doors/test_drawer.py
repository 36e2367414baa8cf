"""The drawer at the door: one box for each key and office, put whole, never over one that somebody put meanwhile."""

from __future__ import annotations

import os

import pytest

from tests.conftest import Demo
from tests.doors.office import Team
from tests.doors.reviewer import post
from whistle.crypto.encoding import b64

OVERHEAD = 1_200


def box(size: int = 4_096) -> str:
    return b64(os.urandom(size + OVERHEAD))


def put(office, rev: object, sealed: object) -> tuple[int, dict[str, object]]:  # type: ignore[no-untyped-def]
    answer = post(office, "/api/drawer", json={"rev": rev, "sealed": sealed})
    return answer.status_code, answer.json()


def test_it_works_the_newest_box_lies_there_and_nobody_elses(team: Team, demo: Demo) -> None:
    assert team.finance.session.get("/api/drawer") == {"rev": 0, "sealed": ""}
    first, second = box(), box(16_384)
    assert put(team.finance, 0, first) == (200, {"rev": 1})
    assert put(team.finance, 1, second) == (200, {"rev": 2})
    assert team.finance.session.get("/api/drawer") == {"rev": 2, "sealed": second}
    assert team.payout.session.get("/api/drawer")["sealed"] != second


def test_who_was_slower_is_told_and_overwrites_nothing(team: Team) -> None:
    kept = team.auditor.session.get("/api/drawer")["rev"]
    mine = box()
    assert put(team.auditor, kept, mine)[0] == 200
    assert put(team.auditor, kept, box()) == (409, {"error": "conflict", "what": "drawer"})
    assert team.auditor.session.get("/api/drawer")["sealed"] == mine


@pytest.mark.parametrize(
    ("rev", "sealed"),
    [
        *((rev, "box") for rev in (-1, 1.0, "0", True, None, 2**31)),
        *((0, sealed) for sealed in ("", "A", "====", b64(bytes(4_096)), b64(bytes(9_000)), None, ["x"])),
    ],
)
def test_what_is_no_box_is_refused(team: Team, rev: object, sealed: object) -> None:
    assert put(team.verifier, rev, box() if sealed == "box" else sealed)[0] == 400


def test_more_than_the_largest_box_is_too_large(team: Team) -> None:
    assert put(team.verifier, 0, "A" * 140_000)[0] == 413
