"""A disk with no room, a real one: filing, jobs and backup say it in one sentence, and nothing is lost."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.doors import later, reviewer
from tests.doors.served import establish
from whistle.cli import run
from whistle.client import ClientError, HttpWire, Public

WORDS = "仓库的安全出口用铁链锁着,里面堆满纸箱。"


@pytest.fixture
def small(tmp_path: Path) -> Iterator[Path]:
    """A file system of a few megabytes."""
    at = tmp_path / "disk"
    at.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=12m", "tmpfs", str(at)]
    made = subprocess.run(mount, capture_output=True, check=False)
    if made.returncode:
        pytest.skip("no file system may be mounted here")
    yield at
    subprocess.run(["umount", "--lazy", str(at)], check=True)


def fill(ballast: Path) -> None:
    """Whatever room there is goes."""
    with ballast.open("wb", buffering=0) as file:
        for size in (1 << 16, 1 << 10, 1):
            try:
                while True:
                    file.write(bytes(size))
            except OSError:
                continue


def test_a_full_disk_refuses_by_one_sentence_and_loses_nothing(
    small: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    served = establish(small / "data")
    data, ballast = str(served.data), small / "ballast"
    with (
        later.door(served.data, "public") as url,
        later.door(served.data, "review") as review,
        later.client() as http,
    ):
        served.ports["review"] = int(review.rpartition(":")[2])
        bob = served.office("intake")
        alice = Public(HttpWire(url, http, sleep=lambda _: None))
        kept = alice.submit(WORDS)
        fill(ballast)
        with pytest.raises(ClientError) as refused:
            for _ in range(200):  # the log has a little room of its own
                alice.submit(WORDS * 200)
        assert refused.value.code in {"busy", "offline", "fault"}
        case = {"Whistle-Case": kept.case}
        shut = [reviewer.get(bob, "/api/case", headers=case) for _ in range(200)][-1]
        assert (shut.status_code, shut.json()) == (503, {"error": "unrecorded"}), "no entry, no content"
        capsys.readouterr()
        for command in (["jobs", "--once"], ["backup", "--out", str(small / "backup.zip")], ["doctor"]):
            assert run([*command, "--data", data]) != 0, command
            said = capsys.readouterr()
            assert "Traceback" not in said.err + said.out
            assert len(said.err.strip().splitlines()) == 1, said.err
        assert not (small / "backup.zip").exists()
        ballast.unlink()
        assert reviewer.get(bob, "/api/case", headers=case).status_code == 200
        assert alice.status(kept.ticket).state == "received"
        assert alice.submit(WORDS).ticket
        served.kill()
    assert run(["backup", "--out", str(tmp_path / "backup.zip"), "--data", data]) == 0
    assert (tmp_path / "backup.zip").stat().st_size > 0
