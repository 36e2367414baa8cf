"""`submit`, `status`, `open`, `ledger`, `doctor`, `backup` over a running house."""

import csv
import json
import os
import re
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from tests.cli.between import Fate, between, busy, lost, refused, spoiled, unproved
from tests.cli.shell import Shell
from tests.client.gone import emptied
from tests.client.test_office import to_notice
from tests.conftest import Demo
from tests.doors.office import Team
from whistle.client import HttpWire
from whistle.crypto import fingerprint
from whistle.crypto.ticket import normalise, open_ticket

WORDS = "木工车间的电机外壳没有接地。"


@pytest.fixture
def text(tmp_path: Path) -> Path:
    (tmp_path / "report.txt").write_text(WORDS, encoding="utf-8")
    return tmp_path / "report.txt"


@pytest.fixture(scope="module")
def team(demo: Demo) -> Team:
    return Team(demo)


def opened(shell: Shell, demo: Demo, role: str, *options: str) -> list[dict[str, object]]:
    shell.env.setenv("WHISTLE_PASSPHRASE", demo.passphrase(role))
    key = demo.data / "staff" / f"{role}.key"
    found: list[dict[str, object]] = shell.done("open", "--server", demo.review, "--key", key, *options, "--json").json
    return found


def test_it_works(shell: Shell, demo: Demo, text: Path) -> None:
    filed = shell.done(
        *("submit", "--server", demo.public, "--text", text, "--category", "violation"),
        *("--enterprise", "某木业", "--place", "木工车间", "--contact", "张三", "--json"),
    ).json
    assert set(filed) == {"ticket", "case", "receipt", "not_attached"}
    assert filed["not_attached"] == []
    assert len(normalise(filed["ticket"])) == 25
    shell.env.setenv("WHISTLE_TICKET", filed["ticket"])
    told = shell.done("status", "--server", demo.public, "--json").json
    assert set(told) == {"case", "state", "due", "posts", "award", "withdrawal", "honour"}
    assert (told["case"], told["state"], told["award"]) == (filed["case"], "received", "")
    assert told["posts"] == [{"no": 0, "kind": "report", "day": told["posts"][0]["day"], "text": ""}]
    (case,) = opened(shell, demo, "intake", "--case", filed["case"])
    assert set(case) == {"case", "number", "state", "items"}
    items = {item["comp"]: item["text"] for item in case["items"]}  # type: ignore[attr-defined]
    assert items["report"] == WORDS
    assert json.loads(items["card"])["enterprise"] == "某木业"


def test_files_go_along_and_are_saved_under_plain_names(shell: Shell, demo: Demo, text: Path, tmp_path: Path) -> None:
    """A photo of a letter, large enough to come in parts, and a document; nothing is overwritten."""
    letter, bad = tmp_path / "张三的合同.pdf", tmp_path / "run.sh"
    letter.write_bytes(b"%PDF-1.7\n" + os.urandom(1_200_000))
    bad.write_bytes(b"#!/bin/sh\n")
    submit = ("submit", "--server", demo.public, "--text", text)
    assert shell(*submit, "--attach", bad).status == 1
    filed = shell.done(*submit, "--attach", letter, "--json").json
    assert filed["not_attached"] == []
    folder = tmp_path / "saved"
    opened(shell, demo, "intake", "--case", filed["case"], "--save", str(folder))
    (saved,) = folder.rglob("*.*")
    assert saved.name == "document-1.pdf" and saved.read_bytes() == letter.read_bytes()
    shell.env.setenv("WHISTLE_TICKET", filed["ticket"])
    assert "1 file" in shell.done("attach", letter, "--server", demo.public).out


def test_a_person_reads_the_ticket_in_groups(shell: Shell, demo: Demo, text: Path) -> None:
    pin = fingerprint.show(demo.reporter().trust.zone)
    ran = shell.done("submit", "--server", demo.public, "--text", text, "--pin", pin)
    assert ran.err == ""
    assert len(ran.out.splitlines()[-1].split()) == 5


def test_without_a_pin_the_fingerprint_that_was_believed_is_named(shell: Shell, demo: Demo, text: Path) -> None:
    ran = shell.done("submit", "--server", demo.public, "--text", text)
    assert fingerprint.show(demo.reporter().trust.zone) in ran.err


def test_another_zone_is_refused(shell: Shell, demo: Demo, text: Path) -> None:
    ran = shell("submit", "--server", demo.public, "--text", text, "--pin", "0" * 32, "--json")
    assert (ran.status, ran.out) == (1, "")


def test_an_empty_report_is_not_filed(shell: Shell, demo: Demo, tmp_path: Path) -> None:
    (tmp_path / "empty.txt").write_text(" \n", encoding="utf-8")
    assert shell("submit", "--server", demo.public, "--text", tmp_path / "empty.txt").status == 1


def test_an_unknown_ticket_is_refused_without_repeating_it(shell: Shell, demo: Demo) -> None:
    ran = shell("status", "--server", demo.public, "--ticket", "0" * 25)
    assert (ran.status, ran.out) == (1, "")
    assert "00000" not in ran.err


def test_an_objection_is_made_by_ticket_once_for_each_decision(shell: Shell, demo: Demo, text: Path) -> None:
    one = demo.reporter().submit(WORDS, category="violation")
    told = ("--server", demo.public, "--ticket", one.ticket)
    assert shell("object", *told, "--text", text).status == 1
    demo.office("intake").decline(one.case, "NA03", reply="这是建议。")
    receipt = shell.done("object", *told, "--text", text, "--json").json["receipt"]
    assert set(receipt) == {"bytes", "sig"}
    seen = shell.done("status", *told, "--json").json
    assert (seen["state"], seen["posts"][-1]["kind"], seen["posts"][-1]["text"]) == ("objection", "objection", WORDS)
    again = shell("object", *told, "--text", text)
    assert (again.status, again.out) == (1, "")
    assert one.ticket not in again.err


def test_a_case_is_told_in_the_words_of_the_readers_language(shell: Shell, demo: Demo) -> None:
    one = demo.reporter().submit(WORDS, category="violation")
    told = ("status", "--server", demo.public, "--ticket", one.ticket)
    assert "State: received" in shell.done(*told).out
    shell.env.setenv("WHISTLE_LANG", "zh")
    said = shell.done(*told).out
    assert "状态：已接报" in said and "  举报\n" in said
    shell.env.setenv("WHISTLE_PASSPHRASE", demo.passphrase("intake"))
    seen = shell.done(
        "open", "--server", demo.review, "--key", demo.data / "staff" / "intake.key", "--case", one.case
    ).out
    assert f"已接报  {one.case}" in seen and f"举报原文: {WORDS}" in seen


def test_a_report_is_taken_back_by_ticket_and_the_same_ticket_undoes_it(shell: Shell, demo: Demo) -> None:
    one = demo.reporter().submit(WORDS)
    told = ("--server", demo.public)
    shell.env.setenv("WHISTLE_TICKET", one.ticket)
    nothing = shell("withdraw", *told, "--undo")
    assert (nothing.status, nothing.out) == (1, "") and "nothing to undo" in nothing.err
    ran = shell.done("withdraw", *told)
    waits = shell.done("status", *told, "--json").json["withdrawal"]
    assert (waits["waits"], waits["taken"]) == ("report", "") and waits["taken_from"] in ran.out
    assert "no reward is paid" in ran.out and ran.out.strip() in shell.done("status", *told).out
    assert shell("withdraw", *told, "--contact", "--undo").status == 1
    again = shell("withdraw", *told, "--contact")
    assert again.status == 1 and f"waits already and is carried out from {waits['taken_from']}" in again.err
    assert "undone" in shell.done("withdraw", *told, "--undo").out
    receipt = shell.done("withdraw", *told, "--contact", "--json").json["receipt"]
    assert set(receipt) == {"bytes", "sig"}
    seen = shell.done("status", *told, "--json").json
    assert seen["withdrawal"]["waits"] == "contact"
    assert [post["kind"] for post in seen["posts"]] == ["report", "withdraw", "withdraw.undo", "withdraw"]
    shell.env.setenv("WHISTLE_LANG", "zh")
    assert "联系方式在规定的保存期满后才可以销毁" in shell.done("status", *told).out
    assert one.ticket not in ran.out + ran.err + nothing.err


def test_what_was_destroyed_is_called_so(shell: Shell, demo: Demo, monkeypatch: pytest.MonkeyPatch) -> None:
    alice = demo.reporter()
    one = alice.submit(WORDS)
    alice.message(one.ticket, "夜班也这样。")
    told = ("status", "--server", demo.public, "--ticket", one.ticket)
    assert "夜班也这样。" in shell.done(*told).out
    shown = open_ticket(alice.trust.zone, normalise(one.ticket)).authorization
    served = json.dumps(HttpWire(demo.public, demo.http()).case(shown)).encode()
    answer = json.loads(emptied(demo, one.ticket, "content")(served))
    monkeypatch.setattr(HttpWire, "case", lambda *_: answer)
    assert "message  (destroyed as prescribed)" in shell.done(*told).out


def test_an_empty_objection_is_not_sent(shell: Shell, demo: Demo, tmp_path: Path) -> None:
    (tmp_path / "empty.txt").write_text(" \n", encoding="utf-8")
    told = ("--server", demo.public, "--ticket", "0" * 25)
    assert shell("object", *told, "--text", tmp_path / "empty.txt").status == 1


def test_nobody_opens_with_a_wrong_passphrase(shell: Shell, demo: Demo) -> None:
    shell.env.setenv("WHISTLE_PASSPHRASE", "nearly right")
    ran = shell("open", "--server", demo.review, "--key", demo.data / "staff" / "intake.key", "--json")
    assert (ran.status, ran.out) == (1, "")
    assert "nearly" not in ran.err


def test_open_shows_every_case_of_the_key_and_only_its_compartments(shell: Shell, demo: Demo) -> None:
    cases = opened(shell, demo, "payout")
    assert cases
    items = [item for case in cases for item in case["items"]]  # type: ignore[attr-defined]
    assert {item["comp"] for item in items}.isdisjoint({"card", "report", "thread"})
    assert {item["kind"] for item in items if item["comp"] == "work"} <= {"award.return"}  # why, told to payout itself


def test_the_ledger_verifies_balances_and_exports(shell: Shell, demo: Demo, tmp_path: Path) -> None:
    one = demo.reporter().submit(WORDS, category="violation")
    to_notice(demo, one.case)
    held = shell.done("ledger", "verify", "--data", demo.data, "--json").json
    assert held["rows"] > 0
    sums = shell.done("ledger", "balance", "--data", demo.data, "--json").json
    assert {"approved", "paid", "open", "forfeited", "revoked", "sources", "months", "locked"} <= set(sums)
    assert float(sums["open"]) >= 22500
    shell.done("ledger", "export", "--data", demo.data, "--format", "csv", "--out", tmp_path / "out.csv")
    written = (tmp_path / "out.csv").read_bytes()
    assert written.startswith(b"\xef\xbb\xbf")
    assert "贰万贰仟伍佰元整" in "".join(
        cell for row in csv.reader(written.decode("utf-8-sig").splitlines()) for cell in row
    )
    shell.done("ledger", "export", "--data", demo.data, "--format", "xlsx", "--out", tmp_path / "out.xlsx")
    assert (tmp_path / "out.xlsx").read_bytes().startswith(b"PK")


def test_the_auditor_computes_every_sum_again(shell: Shell, demo: Demo) -> None:
    one = demo.reporter().submit(WORDS, category="violation")
    to_notice(demo, one.case)
    shell.env.setenv("WHISTLE_PASSPHRASE", demo.passphrase("auditor"))
    key = demo.data / "staff" / "auditor.key"
    found = shell.done("ledger", "verify", "--data", demo.data, "--key", key, "--json").json
    assert found["sums"] > 0
    assert found["wrong"] == 0


def test_a_key_without_the_facts_recomputes_nothing(shell: Shell, demo: Demo) -> None:
    one = demo.reporter().submit(WORDS, category="violation")
    to_notice(demo, one.case)
    shell.env.setenv("WHISTLE_PASSPHRASE", demo.passphrase("finance"))
    ran = shell("ledger", "verify", "--data", demo.data, "--key", demo.data / "staff" / "finance.key", "--json")
    assert ran.status == 1
    assert ran.json["wrong"] == ran.json["sums"]
    assert "does not open the sealed facts" in ran.err, "nobody is accused on the word of a key that opens nothing"
    assert "do not agree" not in ran.err


def test_doctor_finds_a_whole_house_and_warns_of_single_readers(shell: Shell, demo: Demo) -> None:
    found = shell("doctor", "--data", demo.data, "--json").json
    # Other tests step back from cases of this house, where each role has one person: these nobody can act on any more.
    whole = [one for one in found if one["code"] not in ("readership", "unattended")]
    assert {one["level"] for one in whole} <= {"ok", "amber"}
    alone = {one["facts"]["role"] for one in found if one["code"] == "few_readers"}
    assert alone == {"intake", "verifier", "leader", "payout", "finance"}


def test_doctor_is_red_where_nobody_takes_reports(shell: Shell, tmp_path: Path) -> None:
    zone, data = tmp_path / "zone", tmp_path / "data"
    shell.done("zone", "init", zone, "--name", "空区", "--plain", "--demo")
    shell.done("zone", "channel", zone, "--id", "zone", "--label", "园区")
    shell.done("migrate", "--data", data)
    for line in shell.done("zone", "door-keys", "--data", data).out.splitlines():
        door, key = line.split()
        shell.done("zone", "door", zone, "--id", door, "--key", key)
    shell.done("zone", "sign", zone)
    shell.done("zone", "publish", zone, "--here", "--data", data)
    ran = shell("doctor", "--data", data, "--json")
    empty = [one for one in ran.json if one["code"] == "few_readers"]
    assert ran.status == 1
    assert {one["level"] for one in empty} == {"red"}


def test_a_backup_is_restored_with_a_new_epoch(shell: Shell, demo: Demo, tmp_path: Path) -> None:
    shell.done("backup", "--data", demo.data, "--out", tmp_path / "copy")
    assert (tmp_path / "copy").stat().st_mode & 0o077 == 0
    assert shell("backup", "--data", demo.data, "--out", tmp_path / "copy").status == 1
    first = shell.done("restore", tmp_path / "copy", "--data", tmp_path / "new", "--json").json["epoch"]
    assert shell("restore", tmp_path / "copy", "--data", tmp_path / "new").status == 1
    again = shell.done("restore", tmp_path / "copy", "--data", tmp_path / "new", "--force", "--json").json["epoch"]
    assert first != again
    assert (tmp_path / "new" / "secrets" / "public.key").read_bytes() == (
        demo.data / "secrets" / "public.key"
    ).read_bytes()
    assert shell.done("ledger", "verify", "--data", tmp_path / "new", "--json").json["rows"] > 0


def test_staff_are_invited_listed_and_closed(shell: Shell, demo: Demo, tmp_path: Path) -> None:
    made = shell.done("staff", "invite", "--label", "受理员 2", "--login", "second", "--data", demo.data, "--json").json
    assert "#" in made["url"]
    listed = shell.done("staff", "list", "--data", demo.data, "--json").json
    assert {one["login"] for one in listed} >= {"intake", "auditor"}
    shell.done("staff", "keys", "--out", tmp_path / "keys", "--data", demo.data)
    assert shell("staff", "close", "0" * 32, "--data", demo.data).status == 1


def test_an_edited_ledger_row_is_found(shell: Shell, demo: Demo, tmp_path: Path) -> None:
    shell.done("backup", "--data", demo.data, "--out", tmp_path / "copy")
    shell.done("restore", tmp_path / "copy", "--data", tmp_path / "new")
    with closing(sqlite3.connect(tmp_path / "new" / "whistle.db")) as db:
        for (trigger,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            db.execute(f"DROP TRIGGER {trigger}")
        (row,) = db.execute("SELECT document FROM ledger WHERE no = 1").fetchone()
        db.execute("UPDATE ledger SET document = ? WHERE no = 1", (row.replace(b'"fen":5', b'"fen":6'),))
        db.commit()
    ran = shell("ledger", "verify", "--data", tmp_path / "new")
    assert (ran.status, ran.out) == (1, "")
    assert "row 1" in ran.err


CODE = re.compile("([0-9]{5} ){4}[0-9]{5}")


@pytest.mark.parametrize("fate", [lost, spoiled, unproved])
def test_the_ticket_of_a_report_that_may_be_stored_is_never_hidden(
    shell: Shell, demo: Demo, text: Path, fate: Fate
) -> None:
    """It reached the disk and no receipt came back: without the ticket nobody ever finds it again."""
    shell.env.setattr("whistle.client.wire.PAUSE", 0)
    with between(demo.public, fate) as server:
        ran = shell("submit", "--server", server, "--text", text)
    shown = CODE.search(ran.err)
    assert (ran.status, ran.out) == (1, "")
    assert shown
    assert demo.reporter().status(shown[0]).state == "received"


@pytest.mark.parametrize("fate", [refused, busy])
def test_no_ticket_is_shown_for_what_was_not_stored(shell: Shell, demo: Demo, text: Path, fate: Fate) -> None:
    shell.env.setattr("whistle.client.wire.PAUSE", 0)
    with between(demo.public, fate) as server:
        ran = shell("submit", "--server", server, "--text", text)
    assert (ran.status, ran.out) == (1, "")
    assert ran.err
    assert not CODE.search(ran.err)


def test_no_ticket_is_shown_for_what_could_not_be_sealed_or_sent(shell: Shell, demo: Demo, tmp_path: Path) -> None:
    shell.env.setattr("whistle.client.wire.PAUSE", 0)
    (tmp_path / "long").write_text("很长" * 100_000, encoding="utf-8")
    (tmp_path / "short").write_text("门锁着。", encoding="utf-8")
    for server, words in ((demo.public, "long"), ("http://127.0.0.1:9", "short")):
        ran = shell("submit", "--server", server, "--text", tmp_path / words)
        assert (ran.status, ran.out) == (1, "")
        assert not CODE.search(ran.err)


def test_the_ticket_stands_there_before_files_are_sent_whatever_becomes_of_them(
    shell: Shell, demo: Demo, text: Path, tmp_path: Path
) -> None:
    """Somebody presses Ctrl+C while a film is on its way: the report is on disk, and so is its ticket."""

    def pressed(*_: object) -> None:
        raise KeyboardInterrupt

    shell.env.setattr("whistle.client.Public.attach", pressed)
    (tmp_path / "paper.pdf").write_bytes(b"%PDF-1.4\n%%EOF\n")
    told = ("submit", "--server", demo.public, "--text", text, "--attach", tmp_path / "paper.pdf")
    for more in ((), ("--json",)):
        ran = shell(*told, *more)
        assert ran.status != 0
        assert CODE.search(ran.out), more


def test_a_message_reaches_whom_it_is_for(shell: Shell, demo: Demo, team: Team, tmp_path: Path) -> None:
    filed = demo.reporter().submit(WORDS)
    (tmp_path / "said").write_text("周三下午方便。", encoding="utf-8")
    shell.env.setenv("WHISTLE_TICKET", filed.ticket)
    shell.done("say", "--server", demo.public, "--text", tmp_path / "said")
    shell.done("say", "--server", demo.public, "--text", tmp_path / "said", "--to", "payout")
    read = {item.comp for item in team.intake.case(filed.case).items if item.text == "周三下午方便。"}
    assert read == {"thread"}
    assert shell("say", "--server", demo.public, "--text", "/dev/null").err == "There is nothing to say.\n"


def test_an_award_is_claimed_and_its_code_shown_before_anything_is_sent(shell: Shell, demo: Demo, team: Team) -> None:
    filed = demo.reporter().submit(WORDS)
    team.to_notice(filed.case)
    shell.env.setenv("WHISTLE_TICKET", filed.ticket)
    shell.env.setenv("WHISTLE_PASSPHRASE", "青山不老")
    how = ("claim", "--server", demo.public, "--payee", "代号七号", "--method", "voucher")
    assert "--declare" in shell(*how).err
    lost = shell(*how[:2], "http://127.0.0.1:9", *how[3:], "--declare")
    assert (lost.status, len(re.findall("[0-9]{8}", lost.err))) == (1, 1)
    ran = shell.done(*how, "--declare", "--json")
    assert ran.json["code"] in ran.err
    (claim,) = [item.data for item in team.payout.case(filed.case).items if item.document == "claim"]
    assert (claim["code"], claim["payee"], claim["declared"]) == (ran.json["code"], "代号七号", "yes")
