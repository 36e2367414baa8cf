"""A run without PostgreSQL or Redis says which of its tests could not be run, and why; in CI it fails."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


def ran(*what: str, **environ: str) -> subprocess.CompletedProcess[str]:
    plain = {name: value for name, value in os.environ.items() if name != "CI" and not name.startswith("PYTEST_")}
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *what]
    return subprocess.run(command, cwd=ROOT, env=plain | environ, capture_output=True, text=True, check=False)


def test_a_run_without_a_server_says_what_it_did_not_look_at() -> None:
    nowhere = "postgresql://postgres@127.0.0.1:1/postgres"
    run = ran("-m", "postgres", "tests/storage/test_privacy.py", WHISTLE_TEST_POSTGRES=nowhere)
    assert run.returncode == 0, run.stdout
    said = run.stdout.partition("NOT TESTED ON THIS MACHINE")[2]
    assert "tests: PostgreSQL does not answer: what is said of it was not tested" in said


@pytest.mark.parametrize(("ci", "status"), [("", 0), ("true", 1)])
def test_a_run_without_redis_says_so_and_fails_in_ci(ci: str, status: int) -> None:
    path = str(Path(sys.executable).parent)  # where no redis-server is
    run = ran("-k", "over_all_processes", "tests/web/test_shared.py", PATH=path, CI=ci)
    assert run.returncode == status, run.stdout
    assert "redis-server is not on this machine: limits that processes count together were not tested" in run.stdout
