"""The ledger as files: `whistle ledger export` and the same over the review door."""

import hashlib
import json
from pathlib import Path

import httpx
import pytest

from tests.cli.shell import Shell
from tests.conftest import Demo
from whistle.client import Office
from whistle.core import ledger

FORMS = ["csv", "xlsx", "jsonl"]


def chain(path: Path) -> list[tuple[bytes, bytes]]:
    """The ledger's rows in a JSON lines file, spelled as they are stored."""
    every = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    lines = [line for line in every if "row" in line]
    spelled = [json.dumps(line["row"], ensure_ascii=False, separators=(",", ":")).encode() for line in lines]
    return [(row, bytes.fromhex(line["hash"])) for row, line in zip(spelled, lines, strict=True)]


def test_it_works(shell: Shell, demo: Demo, tmp_path: Path) -> None:
    out = tmp_path / "ledger.jsonl"
    shell.done("ledger", "export", "--data", demo.data, "--format", "jsonl", "--out", out)
    held = shell.done("ledger", "verify", "--data", demo.data, "--json").json
    head = ledger.verify(chain(out))
    assert (head.count, head.hash.hex()) == (held["rows"], held["head"])


@pytest.mark.parametrize("form", FORMS)
def test_the_digest_stands_beside_the_file(shell: Shell, demo: Demo, tmp_path: Path, form: str) -> None:
    out = tmp_path / f"ledger.{form}"
    told = shell.done("ledger", "export", "--data", demo.data, "--format", form, "--out", out, "--json").json
    digest = hashlib.sha256(out.read_bytes()).hexdigest()
    assert told["sha256"] == digest
    assert (tmp_path / f"ledger.{form}.sha256").read_text("utf-8") == f"{digest}  {out.name}\n"


def test_one_year_of_a_chain_is_refused(shell: Shell, demo: Demo, tmp_path: Path) -> None:
    out = tmp_path / "ledger.jsonl"
    ran = shell("ledger", "export", "--data", demo.data, "--format", "jsonl", "--year", "2026", "--out", out)
    assert ran.status == 1
    assert not out.exists()


@pytest.mark.parametrize("form", FORMS)
def test_the_door_gives_the_same_files_to_those_who_read_the_ledger(demo: Demo, form: str) -> None:
    for role in ("finance", "auditor", "leader"):
        answer = fetch(demo, role, form)
        assert answer.status_code == 200
        assert answer.headers["Whistle-SHA256"] == hashlib.sha256(answer.content).hexdigest()
    assert fetch(demo, "intake", form).status_code == 403


def test_the_door_refuses_a_year_of_the_chain_and_forms_it_does_not_know(demo: Demo) -> None:
    for query in ({"format": "jsonl", "year": "2026"}, {"format": "ods"}, {"format": "csv", "year": "x"}, {}):
        assert fetch(demo, "finance", **query).status_code == 400


def fetch(demo: Demo, role: str, format: str = "", year: str = "") -> httpx.Response:  # noqa: A002
    keys, zone = demo.keys(role)
    http = demo.http()
    Office(demo.review, http, keys, zone).login()
    asked = {name: value for name, value in (("format", format), ("year", year)) if value}
    return http.get(f"{demo.review}/api/ledger/export", params=asked)
