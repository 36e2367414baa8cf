"""The shared histories as acts that the fold reads (tests/vectors/histories.json)."""

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from whistle.core.case import WORKFLOW

FILE = json.loads((Path(__file__).parents[1] / "vectors" / "histories.json").read_text(encoding="utf-8"))
HISTORIES: dict[str, dict[str, Any]] = {history["name"]: history for history in FILE["histories"]}
PEOPLE: dict[str, list[str]] = FILE["people"]
TODAY: str = FILE["default_today"]


@dataclass(frozen=True)
class Act:
    hash: str
    kind: str
    vis: str
    author: str
    person: str
    day: str
    fields: dict[str, Any] = field(default_factory=dict)


def act(no: int, kind: str, who: str, day: str, fields: dict[str, Any]) -> Act:
    vis = WORKFLOW["kinds"].get(kind, {"vis": "all"})["vis"]
    reporter = PEOPLE[who] == ["reporter"]
    return Act(f"h{no}", kind, vis, "reporter" if reporter else who, "" if reporter else who, day, fields)


def written(name: str) -> list[dict[str, Any]]:
    history = HISTORIES[name]
    return [*(written(history["after"]) if "after" in history else []), *history["acts"]]


def acts_of(name: str) -> list[Act]:
    return [act(no, a["kind"], a["who"], a["day"], a["fields"]) for no, a in enumerate(written(name))]
