"""The shelf holds the cases used last, and never more posts than it may."""

from dataclasses import dataclass, field
from typing import Any, cast

from whistle.core.case import WORKFLOW, Case
from whistle.crypto.chain import Chain
from whistle.docket import Shelf, Standing


@dataclass
class Posts:
    """A chain as the shelf sees one: by the number of its acts."""

    acts: list[Any] = field(default_factory=list)


def standing(posts: int) -> Standing:
    nothing = Case(workflow=WORKFLOW)
    return Standing(cast(Chain, Posts([None] * posts)), nothing, nothing)


def test_the_case_not_used_for_longest_goes_first() -> None:
    shelf = Shelf(most=10)
    for name in ("a", "b", "c"):
        shelf.put(name, standing(3))
    assert shelf.get("a")
    shelf.put("d", standing(3))
    assert [name for name in "abcd" if shelf.get(name)] == ["a", "c", "d"]


def test_a_case_longer_than_all_is_held_alone() -> None:
    shelf = Shelf(most=10)
    shelf.put("a", standing(3))
    shelf.put("long", standing(700))
    assert [name for name in ("a", "long") if shelf.get(name)] == ["long"]


def test_a_case_that_grew_counts_with_what_it_has_now() -> None:
    shelf, grows = Shelf(most=10), standing(3)
    shelf.put("grows", grows)
    shelf.put("b", standing(3))
    grows.chain.acts.extend(cast(list[Any], [None] * 7))
    shelf.put("grows", grows)
    assert [name for name in ("grows", "b") if shelf.get(name)] == ["grows"]
