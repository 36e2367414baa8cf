"""The real PostgreSQL: scratch databases of the server at the standard port, made and dropped by the tests."""

from __future__ import annotations

import os
import uuid
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

import psycopg
import pytest

from whistle.storage.migrations import migrate, new_epoch
from whistle.storage.rights import ROLES

SERVER = os.environ.get("WHISTLE_TEST_POSTGRES", "postgresql://postgres@127.0.0.1:5432/postgres")
DOOR_ROLES = tuple(f"whistle_{role}" for role in ROLES)
ROLES_LOCK = 0x5748495354  # one number for all runs against this server
MADE_HERE = "made by the tests of Whistle"
NewDatabase = Callable[..., str]
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
    """The doors' roles, which belong to the whole server: made when it has none, dropped by the last run that leaves.

    Runs beside each other hold one lock together; only who can have it alone is the last.
    """
    server.execute("SELECT pg_advisory_lock_shared(%s)", (ROLES_LOCK,))
    for name in DOOR_ROLES:
        with suppress(psycopg.errors.DuplicateObject, psycopg.errors.UniqueViolation):
            server.execute(f"CREATE ROLE {name} LOGIN")
            server.execute(f"COMMENT ON ROLE {name} IS '{MADE_HERE}'")
    yield
    server.execute("SELECT pg_advisory_unlock_shared(%s)", (ROLES_LOCK,))
    if server.execute("SELECT pg_try_advisory_lock(%s)", (ROLES_LOCK,)).fetchone() != (True,):
        return
    for name in filter(lambda name: _made_here(server, name), DOOR_ROLES):
        with suppress(psycopg.errors.DependentObjectsStillExist):
            server.execute(f"DROP ROLE {name}")


@pytest.fixture(scope="session")
def postgres(server: Server, door_roles: None) -> Iterator[NewDatabase]:
    """Makes databases and drops them at the end, before the roles that have rights in them: empty ones, or `ready` ones
    at the newest version, each a copy of the first under an epoch of its own."""
    made: list[str] = []
    first: list[str] = []

    def new(*, ready: bool = False) -> str:
        if ready and not first:
            first.append(new())
            migrate(first[0])
        made.append(f"whistle_test_{uuid.uuid4().hex[:12]}")
        server.execute(f'CREATE DATABASE "{made[-1]}"' + (f' TEMPLATE "{_name(first[0])}"' if ready else ""))
        url = SERVER.rpartition("/")[0] + f"/{made[-1]}"
        if ready:
            with psycopg.connect(url, autocommit=True) as copy:
                copy.execute("UPDATE meta SET value = %s WHERE key = 'epoch'", (new_epoch(),))
        return url

    yield new
    with ThreadPoolExecutor(8) as hands:  # each waits for a checkpoint, and those who wait together share one
        list(hands.map(_drop, made))


def _name(url: str) -> str:
    return url.rpartition("/")[2]


def _drop(name: str) -> None:
    with psycopg.connect(SERVER, autocommit=True) as connection:
        connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


def _made_here(server: Server, name: str) -> bool:
    said = "SELECT shobj_description(oid, 'pg_authid') FROM pg_roles WHERE rolname = %s"
    return server.execute(said, (name,)).fetchone() == (MADE_HERE,)
