"""The real PostgreSQL: scratch databases of the server at the standard port, made and dropped by the tests."""

from __future__ import annotations

import os
import uuid
from collections.abc import Callable, Iterator
from contextlib import suppress

import psycopg
import pytest

from whistle.storage.rights import ROLES

SERVER = os.environ.get("WHISTLE_TEST_POSTGRES", "postgresql://postgres@127.0.0.1:5432/postgres")
NewDatabase = Callable[[], str]
Server = psycopg.Connection[tuple[object, ...]]


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    """The real server. CI must have one; elsewhere the tests say what they could not look at."""
    try:
        connection = psycopg.connect(SERVER, autocommit=True, connect_timeout=3)
    except psycopg.OperationalError:
        missing = "PostgreSQL does not answer: what is said of it was not tested"
        (pytest.fail if os.environ.get("CI") == "true" else pytest.skip)(missing)
    with connection:
        yield connection


@pytest.fixture(scope="session")
def door_roles(server: Server) -> Iterator[None]:
    """The doors' roles, which belong to the whole server: made when it has none, dropped when nobody needs them."""
    missing = [f"whistle_{role}" for role in ROLES if not _has_role(server, f"whistle_{role}")]
    for name in missing:
        with suppress(psycopg.errors.DuplicateObject, psycopg.errors.UniqueViolation):
            server.execute(f"CREATE ROLE {name} LOGIN")
    yield
    for name in missing:
        with suppress(psycopg.errors.DependentObjectsStillExist, psycopg.errors.UndefinedObject):
            server.execute(f"DROP ROLE {name}")


@pytest.fixture(scope="session")
def postgres(server: Server, door_roles: None) -> Iterator[NewDatabase]:
    """Makes empty databases and drops them at the end, before the roles that have rights in them."""
    made: list[str] = []

    def new() -> str:
        made.append(f"whistle_test_{uuid.uuid4().hex[:12]}")
        server.execute(f'CREATE DATABASE "{made[-1]}"')
        return SERVER.rpartition("/")[0] + f"/{made[-1]}"

    yield new
    for name in made:
        server.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


def _has_role(server: Server, name: str) -> bool:
    return server.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", (name,)).fetchone() is not None
