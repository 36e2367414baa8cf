"""Real databases: an SQLite file in tmp_path, a scratch database of the real PostgreSQL; no mocks."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.postgres import NewDatabase
from whistle.storage.database import Database
from whistle.storage.migrations import migrate


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Where a database may be: SQLite and PostgreSQL, one after the other."""
    if request.param == "sqlite":
        return str(tmp_path / "whistle.db")
    new: NewDatabase = request.getfixturevalue("postgres")
    return new()


@pytest.fixture
def url(empty_url: str) -> str:
    migrate(empty_url)
    return empty_url


@pytest.fixture
def db(url: str) -> Iterator[Database]:
    with Database.open(url) as opened:
        yield opened
