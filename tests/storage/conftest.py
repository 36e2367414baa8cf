"""Real databases: an SQLite file in tmp_path, a scratch database of the real PostgreSQL; no mocks."""

from __future__ import annotations

import subprocess
import sys
import time
import uuid
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests import ready
from tests.conftest import free_port
from tests.postgres import NewDatabase
from whistle.storage.blobs import Blobs, open_blobs
from whistle.storage.database import Database

START_SECONDS = 60
KEYS = {"AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test", "AWS_REGION": "us-east-1"}


@pytest.fixture(scope="session")
def s3() -> Iterator[str]:
    """The address of moto's S3 server, a process of its own."""
    port = free_port()
    command = [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)]
    server = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    address, deadline = f"http://127.0.0.1:{port}", time.monotonic() + START_SECONDS
    with httpx.Client(trust_env=False) as http:
        while not _answers(http, address):
            assert server.poll() is None and time.monotonic() < deadline
            time.sleep(0.1)
    yield address
    server.kill()
    server.wait()


def _answers(http: httpx.Client, address: str) -> bool:
    try:
        return http.get(address).is_success
    except httpx.TransportError:
        return False


@pytest.fixture(params=["folder", "s3"])
def blobs(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Blobs:
    if request.param == "folder":
        return open_blobs("", tmp_path / "blobs")
    address, bucket = request.getfixturevalue("s3"), f"b{uuid.uuid4().hex}"
    with httpx.Client(trust_env=False) as http:
        assert http.put(f"{address}/{bucket}").is_success
    for name, value in {**KEYS, "AWS_ENDPOINT": address, "AWS_ALLOW_HTTP": "true"}.items():
        monkeypatch.setenv(name, value)
    return open_blobs(f"s3://{bucket}", tmp_path)


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def where(request: pytest.FixtureRequest) -> str:
    """Where a database may be: SQLite and PostgreSQL, one after the other."""
    return str(request.param)


@pytest.fixture
def empty_url(where: str, request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A place for a database, with nothing in it."""
    if where == "sqlite":
        return str(tmp_path / "whistle.db")
    new: NewDatabase = request.getfixturevalue("postgres")
    return new()


@pytest.fixture
def url(where: str, request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A database at the newest version."""
    if where == "sqlite":
        return ready.file(tmp_path / "whistle.db")
    new: NewDatabase = request.getfixturevalue("postgres")
    return new(ready=True)


@pytest.fixture
def db(url: str) -> Iterator[Database]:
    with Database.open(url) as opened:
        yield opened
