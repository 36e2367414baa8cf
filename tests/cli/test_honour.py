"""A certificate of honour: she writes it from the command line, and whoever she shows it verifies it there."""

import json
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.shell import Shell
from tests.conftest import Demo, start
from tests.doors.firm import FIRM, NAME, ROLES, at_the_firm, filed, founded, verified
from whistle.client.reporter import Filed
from whistle.crypto import fingerprint
from whistle.crypto.encoding import b64, unb64
from whistle.crypto.honours import sign_certificate
from whistle.crypto.keys import reviewer_keys

WORDS = "报告及时，授予安全标兵。"


@pytest.fixture(scope="module")
def firm(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    running = founded(tmp_path_factory.mktemp("honoured") / "data")
    yield running
    running.kill()


@pytest.fixture(scope="module")
def honoured(firm: Demo) -> Filed:
    """A report of hers for which she was honoured."""
    team = {role: at_the_firm(firm, role) for role in ROLES}
    filing = filed(firm.reporter())
    verified(team, filing.case)
    team["payout"].propose_honour(filing.case, "model", "多次报告。")
    team["leader"].approve_honour(filing.case)
    team["leader"].tell_honour(filing.case, WORDS)
    return filing


@pytest.fixture(scope="module")
def held(firm: Demo, honoured: Filed) -> dict[str, str]:
    """What her page saves."""
    found = firm.reporter().status(honoured.ticket).certificate
    assert found
    return {"certificate": found.bytes, "sig": found.sig}


def pin(demo: Demo) -> str:
    return fingerprint.show(demo.reporter().trust.zone)


def file(folder: Path, text: str | bytes) -> Path:
    (folder / "honour.json").write_bytes(text if isinstance(text, bytes) else text.encode())
    return folder / "honour.json"


def test_she_writes_it_and_whoever_sees_it_verifies_it(
    shell: Shell, firm: Demo, honoured: Filed, held: dict[str, str], tmp_path: Path
) -> None:
    out = tmp_path / "honour.json"
    ran = shell.done("status", "--server", firm.public, "--ticket", honoured.ticket, "--certificate", out)
    assert "Model of safety" in ran.out and WORDS in ran.out and "is who wrote the report" in ran.out
    assert json.loads(out.read_bytes()) == held
    shown = shell.done("honour", "verify", out, "--server", firm.public, "--pin", pin(firm))
    assert shown.out.splitlines() == [
        f"The certificate is genuine: a leader of {NAME} signed it on {json.loads(held['certificate'])['day']}.",
        *("Model of safety", f"  {WORDS}"),
    ]
    assert shown.err == ""
    assert honoured.case not in shown.out and honoured.ticket not in shown.out


def test_a_program_reads_it(shell: Shell, firm: Demo, honoured: Filed, held: dict[str, str], tmp_path: Path) -> None:
    found = shell.done("honour", "verify", file(tmp_path, json.dumps(held)), "--server", firm.public, "--json").json
    assert (found["office"], found["honour"], found["text"]) == (NAME, "model", WORDS)
    told = shell.done("status", "--server", firm.public, "--ticket", honoured.ticket, "--json").json
    assert told["honour"] == found


def test_what_stands_is_not_overwritten_and_what_is_not_there_is_not_written(
    shell: Shell, firm: Demo, honoured: Filed, tmp_path: Path
) -> None:
    there = file(tmp_path, "hers")
    ran = shell("status", "--server", firm.public, "--ticket", honoured.ticket, "--certificate", there)
    assert ran.status == 1 and there.read_text() == "hers"
    other, out = filed(firm.reporter()), tmp_path / "none.json"
    ran = shell("status", "--server", firm.public, "--ticket", other.ticket, "--certificate", out)
    assert ran.status == 1 and "There is no certificate to write" in ran.err and not out.exists()
    assert shell.done("status", "--server", firm.public, "--ticket", other.ticket, "--json").json["honour"] is None


def forged(firm: Demo, held: dict[str, str]) -> dict[str, dict[str, str]]:
    """Each as somebody would forge it: other words, another's signature, by payout, in a directory nobody knows."""
    text, sig = held["certificate"], held["sig"]
    said = {name: value for name, value in json.loads(text).items() if name not in ("v", "suite")}

    def signed(role: str, **other: str) -> dict[str, str]:
        data, made = sign_certificate(firm.keys(role)[0], said | other)
        return {"certificate": data.decode(), "sig": b64(made)}

    payout = at_the_firm(firm, "payout").me["rid"]
    stranger, by_him = sign_certificate(reviewer_keys(os.urandom(32)), said)
    return {
        "words": {"certificate": text.replace("安全标兵", "劳动模范"), "sig": sig},
        "honour": {"certificate": text.replace('"model"', '"praise"'), "sig": sig},
        "signature": {"certificate": text, "sig": b64(bytes([unb64(sig, 64)[0] ^ 1]) + unb64(sig, 64)[1:])},
        "short signature": {"certificate": text, "sig": b64(unb64(sig, 64)[:63])},
        "stranger": {"certificate": stranger.decode(), "sig": b64(by_him)},
        "payout": signed("payout", author=payout),
        "leader's name": signed("payout"),
        "directory": signed("leader", dir=b64(bytes(32))),
        "zone": signed("leader", zone=b64(bytes(16))),
        "channel": signed("leader", channel="nobody"),
        "no certificate": {"certificate": "{}", "sig": sig},
        "a list": {"certificate": "[]", "sig": sig},
        "deep": {"certificate": "[" * 9_000, "sig": sig},
        "half a character": {"certificate": json.dumps({"dir": "x", "channel": FIRM, "text": "?"}), "sig": sig},
        "spaced": {"certificate": text + " ", "sig": sig},
    }


def test_none_that_was_forged_is_believed(shell: Shell, firm: Demo, held: dict[str, str], tmp_path: Path) -> None:
    for why, one in forged(firm, held).items():
        text = json.dumps(one).replace("?", "\\ud800")
        ran = shell("honour", "verify", file(tmp_path, text), "--server", firm.public, "--pin", pin(firm))
        assert (ran.status, ran.out, ran.err.count("\n")) == (1, "", 1), why
        assert "The certificate is false" in ran.err, why


@pytest.mark.parametrize(
    "content",
    [
        *("", "[]", "{}", "null", "你好", "[" * 9_000, '{"certificate": 1, "sig": 2}', '{"certificate": "{}"}'),
        *(b"\xff\xfe\x00", b"\0" * 100_000, '{"certificate": "' + "x" * 40_000 + '", "sig": ""}'),
    ],
    ids=range(11),
)
def test_what_is_no_certificate_gets_a_sentence(shell: Shell, firm: Demo, tmp_path: Path, content: str | bytes) -> None:
    ran = shell("honour", "verify", file(tmp_path, content), "--server", firm.public)
    assert (ran.status, ran.out, ran.err.count("\n")) == (1, "", 1)
    assert "This is no certificate" in ran.err


def test_another_zone_and_no_file_are_refused(shell: Shell, firm: Demo, held: dict[str, str], tmp_path: Path) -> None:
    kept = file(tmp_path, json.dumps(held))
    elsewhere = start(tmp_path / "elsewhere")
    try:
        ran = shell("honour", "verify", kept, "--server", elsewhere.public, "--pin", pin(elsewhere))
        assert ran.status == 1 and "The certificate is false" in ran.err
        ran = shell("honour", "verify", kept, "--server", elsewhere.public, "--pin", fingerprint.show(bytes(16)))
        assert ran.status == 1 and "fingerprint" in ran.err
    finally:
        elsewhere.kill()
    ran = shell("honour", "verify", tmp_path / "none.json", "--server", firm.public)
    assert (ran.status, ran.err.count("\n")) == (1, 1)


def register(shell: Shell, firm: Demo, role: str, out: Path, *more: str) -> list[dict[str, object]]:
    """The register of honours of the firm, as this role's key makes it for programs."""
    shell.env.setenv("WHISTLE_PASSPHRASE", firm.passphrase(role))
    told = ("--server", firm.review, "--key", firm.data / "staff" / f"{role}.key", "--office", FIRM, *more)
    shell.done("register", "honours", *told, "--format", "jsonl", "--out", out)
    return [json.loads(line) for line in out.read_text("utf-8").splitlines()]


def test_the_register_of_honours_says_who_did_what_and_not_who_reported(
    shell: Shell, firm: Demo, honoured: Filed, tmp_path: Path
) -> None:
    team = {role: at_the_firm(firm, role) for role in ROLES}
    other = filed(firm.reporter())
    verified(team, other.case)
    team["payout"].propose_honour(other.case, "praise", "先拟的。")
    team["leader"].return_honour(other.case, "HT01", "再具体些")
    team["payout"].propose_honour(other.case, "certificate", "报告准确。")
    team["leader"].approve_honour(other.case)
    waiting = [row["state"] for row in register(shell, firm, "auditor", tmp_path / "w.jsonl") if row["grounds"]]
    assert "待授予" in waiting
    team["leader"].tell_honour(other.case, "特发此证。")
    team["leader"].revoke_honour(other.case, "HV01")
    rows = register(shell, firm, "payout", tmp_path / "h.jsonl")
    number, today = team["leader"].case(other.case).number, team["leader"].case(other.case).today
    first, second = [row for row in rows if row["number"] == number]
    assert (first["honour"], first["state"], first["reason"]) == ("通报表扬", "已退回", "理由写得不够")
    assert (first["approved"], first["told"], first["revoked"], first["awarded"]) == ("", "", "", "")
    assert (second["honour"], second["category"], second["state"]) == ("表彰证书", "设备设施隐患", "已撤销")
    assert [second[name] for name in ("day", "approved", "told", "revoked")] == [today] * 4
    assert second["by"] and second["approver"] and second["by"] != second["approver"]
    (hers,) = [row for row in rows if row["number"] == team["leader"].case(honoured.case).number]
    assert (hers["honour"], hers["state"], hers["revoked"], hers["grounds"]) == ("安全标兵", "已授予", "", "多次报告。")
    assert other.case not in (tmp_path / "h.jsonl").read_text("utf-8")
    assert register(shell, firm, "leader", tmp_path / "n.jsonl", "--year", "2020") == []
