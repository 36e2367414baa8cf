"""代录: what came by phone, letter, visit or hotline becomes the caller's own case; the audit names the officer."""

from __future__ import annotations

import json
from dataclasses import asdict

import httpx
import pytest

from tests.conftest import Demo
from whistle.client import ClientError, Filed
from whistle.client.reporter import Public
from whistle.client.transcribing import Transcriber
from whistle.crypto.encoding import b64
from whistle.storage import audit
from whistle.storage.database import Database

WORDS = "来电人说:二号车间的电机外壳没有接地。"
LETTER = {"arrived": "2026-01-05", "paper": "收文〔2026〕12号"}


def transcribed(demo: Demo, **told: str) -> Filed:
    told = {"source": "phone", **told}
    return demo.office("intake").transcribe(
        WORDS, category="violation", enterprise="某木业", passphrase="青山绿水", **told
    )


def rows_of_audit(demo: Demo, database: dict[str, str]) -> list[dict[str, str]]:
    """Those of the chain, and those that wait for the night: a row beside the office's would date the report."""
    url = database.get("WHISTLE_DATABASE") or f"sqlite:///{demo.data / 'whistle.db'}"
    with Database.open(url) as db:
        rows = [json.loads(row.bytes) for row in db.read_sync(lambda tx: list(audit.every(tx)))]
        return rows + [asdict(entry) for entry in db.read_sync(audit.waiting)]


def test_it_works(demo: Demo) -> None:
    filed = transcribed(demo, source="letter", **LETTER)
    seen = demo.office("intake").case(filed.case)
    assert seen.fold.source == "letter"
    assert [act.author for act in seen.acts] == ["reporter"]
    card = next(item for item in seen.items if item.comp == "card")
    assert {name: json.loads(card.body)[name] for name in LETTER} == LETTER
    assert demo.reporter().status(filed.ticket).state == "received"


def test_the_caller_goes_on_alone_with_the_ticket_that_was_read_out(demo: Demo) -> None:
    filed = transcribed(demo)
    demo.reporter().message(filed.ticket, "我又想起来一点。")
    texts = [item.text for item in demo.office("intake").case(filed.case).items if item.comp == "thread"]
    assert texts == ["我又想起来一点。"]


def test_the_audit_names_the_officer_and_the_source_and_no_ticket(demo: Demo, database: dict[str, str]) -> None:
    filed = transcribed(demo, source="hotline")
    office = demo.office("intake")
    mine = [row for row in rows_of_audit(demo, database) if row["case"] == filed.case]
    told = [(row["act"], row["rid"], row["note"], row["minute"]) for row in mine]
    assert told == [("enter", office.rid, "hotline", "")]
    assert "no" not in mine[0], "it waits for the night"
    assert "".join(filed.ticket.split()) not in json.dumps(mine)


def test_the_same_post_again_is_one_case_and_one_row(demo: Demo, database: dict[str, str]) -> None:
    office = demo.office("intake")
    sent: list[bytes] = []

    class Twice(Transcriber):
        def post(self, upload: bytes, work: str, authorization: str = "") -> tuple[bytes, bytes]:
            sent.append(upload)
            first = super().post(upload, work)
            assert super().post(upload, work) == first
            return first

    public = Public(Twice(office.session, office._clock), b64(office.trust.zone))
    filed = public.submit(WORDS, source="counter")
    assert len(sent) == 1
    assert len([row for row in rows_of_audit(demo, database) if row["case"] == filed.case]) == 1


@pytest.mark.parametrize("role", ["verifier", "leader", "payout", "finance", "auditor"])
def test_only_intake_takes_reports_down(demo: Demo, role: str) -> None:
    with pytest.raises(ClientError) as refused:
        demo.office(role).transcribe(WORDS, source="phone")
    assert refused.value.code == "wrong_role"


def test_nobody_without_a_session_does(demo: Demo) -> None:
    headers = {"Content-Type": "application/octet-stream", "Origin": demo.review}
    with httpx.Client(trust_env=False) as http:
        answer = http.post(f"{demo.review}/api/enter", content=b"", headers=headers)
    assert (answer.status_code, answer.json()["error"]) == (401, "not_signed_in")


def test_another_sites_page_does_not(demo: Demo) -> None:
    headers = {"Content-Type": "application/octet-stream", "Origin": "https://elsewhere.example"}
    with httpx.Client(trust_env=False) as http:
        assert http.post(f"{demo.review}/api/enter", content=b"", headers=headers).status_code == 403


@pytest.mark.parametrize("source", ["web", "poster"])
def test_what_a_reporter_files_herself_is_not_transcribed(demo: Demo, source: str) -> None:
    with pytest.raises(ClientError) as refused:
        transcribed(demo, source=source)
    assert refused.value.facts["reason"] == "source"


@pytest.mark.parametrize("source", ["phone", "letter", "counter", "hotline"])
def test_nobody_outside_says_that_the_office_took_it_down(demo: Demo, source: str) -> None:
    """What the register says of a source, the office vouches for."""
    with pytest.raises(ClientError) as refused:
        demo.reporter().submit(WORDS, source=source)
    assert refused.value.facts["reason"] == "source"


def test_a_channel_where_he_is_not_intake_is_not_his_to_fill(demo: Demo) -> None:
    with pytest.raises(ClientError):
        transcribed(demo, channel="elsewhere")


def test_an_officer_whom_the_caller_excludes_does_not_file_it(demo: Demo) -> None:
    """Sealing refuses already when nobody of intake is left; the door refuses the officer named."""
    office = demo.office("intake")
    with pytest.raises(ClientError) as refused:
        office.transcribe(WORDS, source="phone", exclude=[office.me["person"]])
    assert refused.value.code in {"no_reader", "wrong_role"}


def test_garbage_is_refused_and_nothing_is_kept(demo: Demo, database: dict[str, str]) -> None:
    office, before = demo.office("intake"), len(rows_of_audit(demo, database))
    with pytest.raises(ClientError) as refused:
        office.session.transcribe(b"\0" * 64)
    assert refused.value.code in {"malformed", "refused"}
    assert len(rows_of_audit(demo, database)) == before


def test_a_reviewers_act_does_not_slip_in_by_this_door(demo: Demo) -> None:
    """A signed post of a reviewer is no report, whatever the address it is sent to."""
    office = demo.office("intake")
    filed = transcribed(demo)
    door = office.session.transcribe
    office.session.post = lambda upload, **_: door(upload)  # type: ignore[method-assign,misc]
    with pytest.raises(ClientError) as refused:
        office.message(filed.case, "写给举报人")
    assert refused.value.code == "wrong_role"


def test_a_report_entered_goes_the_common_way(demo: Demo) -> None:
    filed = transcribed(demo, source="counter")
    office = demo.office("intake")
    office.accept(filed.case, category="violation", sector="unknown", packs=[], received=office.case(filed.case).today)
    assert demo.reporter().status(filed.ticket).state == "accepted"
