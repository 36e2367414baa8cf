"""What the public door refuses says no more than what it serves: all of the reporter's kinds, after all histories."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

import pytest

from tests.core.histories import HISTORIES, TODAY, Act, acts_of
from whistle.core.case import WORKFLOW, Case, Refused, apply
from whistle.docket.joining import fold_with

HERS = [kind for kind, rule in WORKFLOW["kinds"].items() if "reporter" in rule["roles"]]
FIELDS: dict[str, list[dict[str, Any]]] = {
    "report": [{"channel": "c", "source": "web", "urgent": False, "exclude": []}],
    "message": [{"comp": "thread"}, {"comp": "payout"}],
    "claim": [{"method": "counter"}],
    "withdraw": [{"scope": "report"}, {"scope": "contact"}],
}
NAMING = {"withdraw.undo": "withdraw"}  # the field that names another post, where it is not `about`
Refusal = tuple[str, str]


def tries(acts: list[Act]) -> Iterator[Act]:
    """Every post she could send now; what names another names each post she was served, and one she was not."""
    served = [each.hash for each in acts if each.vis == "all"]
    hidden = [each.hash for each in acts if each.vis != "all"][-1:]
    for kind in HERS:
        name = NAMING.get(kind, "about")
        for fields in FIELDS.get(kind, [{name: each} for each in [*served, *hidden, "h-none"]]):
            yield Act("hers", kind, "all", "reporter", "", TODAY, fields)


def stands(acts: list[Act]) -> tuple[Case, Case]:
    seen, folded = Case(workflow=WORKFLOW, view="reporter"), Case(workflow=WORKFLOW)
    for each in acts:
        folded = apply(folded, each, TODAY)
        seen = apply(seen, each, TODAY) if each.vis == "all" else seen
    return seen, folded


def prefixes() -> Iterator[list[Act]]:
    for name, history in HISTORIES.items():
        acts = acts_of(name)
        yield from (acts[:n] for n in range(1, len(acts) + ("refused" not in history)))


def asked(acts: list[Act], attempt: Act) -> str:
    """What she was served and what she tries, spelled without the hashes: those number the office's posts as well."""
    served = [each for each in acts if each.vis == "all"]
    place = {each.hash: no for no, each in enumerate(served)}
    named = place.get(str(attempt.fields.get(NAMING.get(attempt.kind, "about"), "")), -1)
    said = [attempt.fields.get(name) for name in ("comp", "scope")]
    return repr(([_unnamed(each, place) for each in served], attempt.kind, named, said))


def _unnamed(each: Act, place: dict[str, int]) -> dict[str, Any]:
    """A served post with the posts it names by their place among what she is served."""
    fields = {name: place.get(value, value) if isinstance(value, str) else value for name, value in each.fields.items()}
    return asdict(each) | {"hash": "", "fields": fields}


def test_a_refusal_is_a_function_of_what_she_is_served() -> None:
    answers: dict[str, set[Refusal]] = defaultdict(set)
    for acts in prefixes():
        try:
            seen, folded = stands(acts)
        except Refused:
            continue  # a history that ends in a refusal: what comes before it was walked
        for attempt in tries(acts):
            try:
                fold_with(seen, folded, attempt, TODAY)
            except Refused as refused:
                answers[asked(acts, attempt)].add((refused.code, refused.facts["seen"]))
    assert len(answers) > 500
    assert {key: found for key, found in answers.items() if len(found) > 1} == {}


@pytest.mark.parametrize("kind", HERS)
def test_every_kind_of_hers_is_tried(kind: str) -> None:
    assert kind in {attempt.kind for attempt in tries(acts_of(next(iter(HISTORIES))))}
