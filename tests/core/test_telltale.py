"""What in an extract points at the reporter, in both languages (tests/vectors/telltale.json)."""

import json
from pathlib import Path
from typing import Any

import pytest

from whistle.core import telltale

TEXTS = json.loads((Path(__file__).parents[1] / "vectors" / "telltale.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("one", TEXTS, ids=lambda one: one["name"])
def test_what_points_at_her_is_marked(one: dict[str, Any]) -> None:
    found = telltale.places(one["text"], [one["original"]])
    assert [[place.start, place.end, place.why] for place in found] == one["places"]
    assert telltale.is_whole(one["text"], one["original"]) is one["whole"]


def test_every_pattern_marks_something_of_the_vectors() -> None:
    assert {why for one in TEXTS for _, _, why in one["places"]} == {
        telltale.COPIED,
        "phone",
        "id",
        "work",
        "plate",
        "time",
        "name",
    }


def test_nothing_is_no_copy() -> None:
    assert telltale.places("", ["", "甲"]) == []
    assert not telltale.is_whole("。", ",")
