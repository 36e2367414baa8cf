"""另向监管部门举报: she reported inside her company before, and proves to the authority that she did, and no more."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import Demo
from tests.doors.firm import NAME, at_the_firm, filed, founded
from whistle.cli import run
from whistle.client import ClientError
from whistle.client.onward import NAME as FILE
from whistle.client.onward import verified
from whistle.client.reporter import Filed, Public
from whistle.core.case import WORKFLOW
from whistle.crypto.encoding import Tag, b64, unb64
from whistle.crypto.errors import EnvelopeError
from whistle.crypto.ticket import find, open_ticket


@pytest.fixture(scope="module")
def firm(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    running = founded(tmp_path_factory.mktemp("firm") / "data")
    yield running
    running.kill()


@pytest.fixture
def alice(firm: Demo) -> Public:
    return firm.reporter()


def outside(alice: Public) -> Filed:
    return alice.submit("单位两个月没有改，粉尘还是很厚。", category="violation", readback=True)


def proof(firm: Demo, case: str) -> bytes:
    """The file as the authority's intake opens it."""
    view = firm.office("intake").case(case)
    return next(item.body for item in view.items if item.meta["name"] == FILE)


def test_the_authority_sees_that_she_reported_inside_and_when(firm: Demo, alice: Public) -> None:
    old, new = filed(alice), outside(alice)
    alice.prove_onward(new.ticket, old.ticket)
    intake = firm.office("intake")
    found = intake.inside(intake.case(new.case))
    assert found and (found.office, found.day) == (NAME, intake.case(new.case).today)
    held = proof(firm, new.case).decode()
    assert old.ticket.replace(" ", "") not in held and "粉尘" not in held


def test_the_companys_view_is_the_same_to_the_byte(firm: Demo, alice: Public) -> None:
    old = filed(alice)
    theirs = at_the_firm(firm, "intake")
    before = theirs.session.case(old.case)
    alice.prove_onward(outside(alice).ticket, old.ticket)
    assert theirs.session.case(old.case) == before


def test_a_proof_is_good_for_its_own_case_alone(firm: Demo, alice: Public) -> None:
    old, new, other = filed(alice), outside(alice), outside(alice)
    alice.prove_onward(new.ticket, old.ticket)
    data = proof(firm, new.case)
    trust = firm.office("intake").trust
    assert verified(trust, WORKFLOW, new.case, data).office == NAME
    for case in (other.case, old.case):
        with pytest.raises(EnvelopeError):
            verified(trust, WORKFLOW, case, data)


def test_nothing_of_a_proof_can_be_changed(firm: Demo, alice: Public) -> None:
    old, new, other = filed(alice), outside(alice), filed(alice)
    alice.prove_onward(new.ticket, old.ticket)
    said = json.loads(proof(firm, new.case))
    trust = firm.office("intake").trust
    mallory = open_ticket(trust.zone, find(other.ticket))
    stated = ["X1", trust.zone, unb64(old.case), unb64(new.case)]
    forged = {
        "zone": b64(bytes(16)),
        "head": said["head"].replace('"no":0', '"no":1'),
        "head_sig": b64(bytes(64)),
        "body": said["body"].replace('"poster"', '"web"'),
        "receipt": said["receipt"].replace(said["receipt"].split('"day":"')[1][:10], "2020-01-01"),
        "receipt_sig": b64(bytes(64)),
        "sig": b64(mallory.keys.sign(Tag.ONWARD, stated)),
    }
    for name, value in forged.items():
        data = json.dumps(said | {name: value}, ensure_ascii=False, separators=(",", ":")).encode()
        assert data != proof(firm, new.case), name
        with pytest.raises((EnvelopeError, ClientError)):
            verified(trust, WORKFLOW, new.case, data)
    for data in (b"", b"{}", b"x" * 100_000):
        with pytest.raises(EnvelopeError):
            verified(trust, WORKFLOW, new.case, data)


def test_an_earlier_report_to_the_authority_proves_nothing(alice: Public) -> None:
    with pytest.raises(ClientError) as caught:
        alice.prove_onward(outside(alice).ticket, outside(alice).ticket)
    assert caught.value.code == "onward"


def test_what_the_company_took_down_for_her_proves_nothing(firm: Demo, alice: Public) -> None:
    theirs = at_the_firm(firm, "intake")
    taken = theirs.transcribe("电话里说粉尘很厚。", source="phone", category="unsafe_condition")
    with pytest.raises(ClientError) as caught:
        alice.prove_onward(outside(alice).ticket, taken.ticket)
    assert caught.value.code == "onward"


def test_a_code_nobody_knows_is_told_so(alice: Public) -> None:
    with pytest.raises(ClientError) as caught:
        alice.prove_onward(outside(alice).ticket, "12345 67890 12345 67890 12346")
    assert caught.value.code in {"unknown_ticket", "ticket_check"}


def test_the_same_proof_again_is_one_post(alice: Public) -> None:
    old, new = filed(alice), outside(alice)
    pid = bytes(range(16))
    first = alice.prove_onward(new.ticket, old.ticket, pid=pid)
    assert alice.prove_onward(new.ticket, old.ticket, pid=pid).document == first.document
    assert [line.kind for line in alice.status(new.ticket).posts].count("evidence") == 1


def test_by_commands_alone(firm: Demo, alice: Public, tmp_path: Path) -> None:
    old, new = filed(alice), outside(alice)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("WHISTLE_TICKET", new.ticket)
        patch.setenv("WHISTLE_INSIDE", old.ticket)
        assert run(["onward", "--server", firm.public]) == 0
        patch.setenv("WHISTLE_INSIDE", new.ticket)
        assert run(["onward", "--server", firm.public]) == 1
        patch.setenv("WHISTLE_PASSPHRASE", firm.passphrase("intake"))
        key = str(firm.data / "staff" / "intake.key")
        with (tmp_path / "out").open("w", encoding="utf-8") as out:
            patch.setattr("sys.stdout", out)
            assert run(["open", "--server", firm.review, "--key", key, "--case", new.case, "--json"]) == 0
    (opened,) = json.loads((tmp_path / "out").read_text(encoding="utf-8"))
    assert opened["inside"]["office"] == NAME
