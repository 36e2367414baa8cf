"""What a stranger or a colleague sealed is read by one table and spoils only itself (tests/vectors/hostile.json)."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.client.hostile import CONTENTS, FILE
from whistle.client import ClientError, Piece
from whistle.client.sealing import Party, check_pieces
from whistle.client.trust import Trust
from whistle.client.view import View, see
from whistle.core import contents
from whistle.core.case import WORKFLOW, allowed
from whistle.core.errors import RuleError
from whistle.crypto.directory import channel_hash
from whistle.crypto.encoding import b64, unb64
from whistle.crypto.fingerprint import show
from whistle.crypto.keys import reviewer_keys

VECTORS: Any = json.loads(FILE.read_text(encoding="utf-8"))
CASE = VECTORS["case"]


def is_what(row: dict[str, Any]) -> str:
    """What the reading makes of an item: its document, "text", "empty", or "" when it is refused."""
    body = unb64(row["body"])
    try:
        said = contents.parse(row["kind"], row["comp"], {"name": "", "type": row["type"]}, body)
    except RuleError:
        return ""
    return said.document or ("text" if row["type"] else "empty")


@pytest.mark.parametrize("row", VECTORS["contents"], ids=lambda row: row["name"])
def test_an_item_is_what_the_table_allows_there_or_is_refused(row: dict[str, Any]) -> None:
    assert is_what(row) == row["is"]


def test_the_file_holds_every_case_of_its_maker() -> None:
    assert [row["name"] for row in VECTORS["contents"]] == [row[0] for row in CONTENTS]


def test_every_document_and_every_place_for_text_is_walked() -> None:
    """A row that is added to the table without a case here is noticed."""
    walked = {(row["comp"], row["kind"], row["is"]) for row in VECTORS["contents"]}
    for row in contents.TABLE["json"]:
        assert all(any((row["comp"], kind, name) in walked for name in row["documents"]) for kind in row["kinds"])
    assert set(contents.TABLE["documents"]) | set(contents.COMPUTED) <= {what for _, _, what in walked}


def opened(name: str) -> View:
    reader = CASE["readers"][name]
    signed = [(one["bytes"].encode(), unb64(one["sig"])) for one in CASE["directories"]]
    channels = {b64(channel_hash(data.encode())): data.encode() for data in CASE["channels"]}
    trust = Trust(lambda: signed, lambda found: channels[found], show(unb64(CASE["zone"])))
    party = Party(unb64(CASE["zone"]), unb64(CASE["id"]), reader["rid"], reviewer_keys(unb64(reader["seed"])))
    answer = {"posts": reader["posts"], "today": CASE["today"], "number": "2026-1", "clocks": []}
    return see(trust, answer, WORKFLOW, party)


@pytest.mark.parametrize("name", list(CASE["readers"]))
def test_a_case_with_spoiled_items_and_grants_opens_and_says_whose_they_are(name: str) -> None:
    view = opened(name)
    reads = CASE["readers"][name]["reads"]
    assert [[one.comp, one.kind, one.author, one.text] for one in view.items] == [r for r in reads if r[3] != "broken"]
    assert [[one.comp, one.kind, one.author, "broken"] for one in view.broken] == [r for r in reads if r[3] == "broken"]
    assert view.fold.state == "verifying"


def test_such_a_case_goes_on() -> None:
    """Intake may still write, merge and close what it cannot read."""
    assert {"message", "extract", "assign"} <= set(allowed(opened("bob").fold, ["intake"], "somebody"))


def test_only_keys_that_opened_something_are_handed_on() -> None:
    view = opened("bob")
    by_place = {(one.comp, one.kind, one.index): one for one in [*view.items, *view.broken]}
    report = by_place["report", "report", 1]
    assert view.held(report.id) == [(report.id, 0, report.key)]
    assert view.held(by_place["thread", "accept", 1].id) == []


@pytest.mark.parametrize("row", [row for row in VECTORS["contents"] if not row["is"]], ids=lambda row: row["name"])
def test_what_readers_would_refuse_is_not_sealed(row: dict[str, Any]) -> None:
    with pytest.raises(ClientError, match="malformed"):
        check_pieces(row["kind"], [Piece(row["comp"], unb64(row["body"]), row["type"])])
