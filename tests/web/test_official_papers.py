"""The table of official papers: what the page says of it, and what the door draws numbers for, is the same table."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterator
from typing import Any

import pytest

from tests.web.conftest import ROOT
from whistle.casework.papers import PAPERS
from whistle.core.workflow import ROLES, load

TABLE: list[dict[str, Any]] = json.loads((ROOT / "static/js/review/papers/papers.json").read_text(encoding="utf-8"))
WORDS = tomllib.loads((ROOT / "templates/review/words/papers.toml").read_text(encoding="utf-8"))
CSS = " ".join((ROOT / "static/css/review.css").read_text(encoding="utf-8").split())


def numbered() -> dict[str, tuple[set[str], set[str]]]:
    """Kind of number to its makers and the acts of which one is enough; both halves of the approval share one."""
    found: dict[str, tuple[set[str], set[str]]] = {}
    for paper in TABLE:
        if paper["code"]:
            roles, _ = found.get(paper.get("number", paper["id"]), (set(), set()))
            found[paper.get("number", paper["id"])] = (roles | set(paper["roles"]), set(paper["after"]))
    return found


def places(paper: dict[str, Any]) -> Iterator[str]:
    asked = {ask["name"] for ask in paper["asks"]}
    yield from (name for name in re.findall(r"\{(\w+)\}", json.dumps(paper["body"])) if name not in asked)


def test_the_door_draws_numbers_for_exactly_the_papers_that_carry_one() -> None:
    assert {kind: (set(paper.roles), set(paper.after)) for kind, paper in PAPERS.items()} == numbered()


@pytest.mark.parametrize("paper", TABLE, ids=lambda paper: paper["id"])
def test_a_paper_rests_on_acts_and_roles_of_the_one_table(paper: dict[str, Any]) -> None:
    table = load()
    assert set(paper["after"]) <= set(table["kinds"])
    assert set(paper["roles"]) <= set(ROLES)


@pytest.mark.parametrize("paper", TABLE, ids=lambda paper: paper["id"])
def test_the_page_has_words_for_a_paper_and_its_questions(paper: dict[str, Any]) -> None:
    assert paper["id"] in WORDS["paper"]
    assert {ask["name"] for ask in paper["asks"]} <= set(WORDS["ask"])


@pytest.mark.parametrize("paper", TABLE, ids=lambda paper: paper["id"])
def test_what_may_be_missing_has_a_name(paper: dict[str, Any]) -> None:
    facts = (ROOT / "static/js/review/papers/facts.js").read_text(encoding="utf-8")
    empty = set(re.findall(r'"(\w+)"', facts.partition("MAY_BE_EMPTY = new Set([")[2].partition("]")[0]))
    optional = {name for block in paper["body"] if "if" in block for name in re.findall(r"\{(\w+)\}|$", str(block))}
    assert empty
    assert set(places(paper)) - empty - optional <= set(WORDS["paperfact"])


def test_every_width_of_a_table_has_its_style() -> None:
    blocks = [block for paper in TABLE for block in paper["body"] if isinstance(block, dict)]
    wide = {width for block in blocks for width in block.get("widths", [])}
    assert {width for width in wide if f".w{width} {{ width: {width}%; }}" not in CSS} == set()


def test_the_sheet_has_the_margins_of_the_standard() -> None:
    """GB/T 9704: A4, 37 above, 35 below, 28 left, 26 right; 仿宋 of 16 points on lines of 28."""
    assert "@page letter { size: A4; margin: 37mm 26mm 35mm 28mm;" in CSS
    assert re.search(r"\.a4 \{[^}]*font-size: 16pt; line-height: 28pt;[^}]*仿宋_GB2312", CSS)
