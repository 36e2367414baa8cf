"""What a new post must satisfy beyond the fold, in both languages (tests/vectors/newposts.json)."""

import dataclasses
import json
from pathlib import Path
from typing import Any

import pytest

from tests.core.histories import acts_of
from whistle.core.case import WORKFLOW, fold
from whistle.core.errors import RuleError
from whistle.core.newposts import NEW, Now, check_new, open_until, refused
from whistle.core.offices import AUTHORITY

FOREVER = "2999-01-01"
POSTS = json.loads((Path(__file__).parents[1] / "vectors" / "newposts.json").read_text(encoding="utf-8"))["posts"]
EARLIER = fold(acts_of("notified"), WORKFLOW, FOREVER)


@pytest.mark.parametrize("post", POSTS, ids=lambda post: f"{post['kind']} after {post['after']}: {post['refused']}")
def test_a_new_post_is_held_to_the_tables_rules_for_new_posts(post: dict[str, Any]) -> None:
    parent = dataclasses.replace(EARLIER, **post["parent"]) if "parent" in post else None
    now = Now(post["today"], post.get("open_until", ""), parent, post.get("review", ""), post.get("office", AUTHORITY))
    case = fold(acts_of(post["after"]), WORKFLOW, FOREVER)
    assert refused(case, post["kind"], post["fields"], now) == post["refused"]


def test_every_rule_for_new_posts_is_asked_and_refuses_somewhere() -> None:
    named = {row[1]: row[0] for rule in WORKFLOW["kinds"].values() for row in rule.get("new", [])}
    assert set(named) == set(NEW)
    codes = {row[0] for rule in WORKFLOW["kinds"].values() for row in rule.get("new", [])}
    assert codes | {"retired", "not_here"} <= {post["refused"] for post in POSTS}


def test_a_case_is_held_open_by_the_last_day_of_every_objection_that_runs() -> None:
    clocks = [
        {"step": "objection", "due": "2026-10-05", "stop": ""},
        {"step": "objection", "due": "2026-10-25", "stop": "", "provisional": True},
        {"step": "objection", "due": "2026-12-01", "stop": "2026-09-30"},
        {"step": "verify", "due": "2026-12-01", "stop": ""},
    ]
    assert open_until(clocks) == "2026-10-25"
    assert open_until([]) == ""


def test_a_table_with_an_unknown_rule_for_new_posts_does_not_load() -> None:
    table = {**WORKFLOW, "kinds": {"close": {**WORKFLOW["kinds"]["close"], "new": [["x", "made_up"]]}}}
    with pytest.raises(RuleError, match="unknown"):
        check_new(table)
