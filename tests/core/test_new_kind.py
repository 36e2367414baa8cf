"""What a kind costs that needs no new predicate: a row in each of the two tables. Shown on a copy of this house."""

import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
WIRE, RULES = "whistle/crypto/kinds.json", "whistle/core/workflow.json"
# A drill: a leader notes that the enterprise was called, on which number and when, with a reason of a list.
GRAMMAR = {"line": "name", "reason": "code", "day": "day"}
ROW = {
    **{
        "zh": "电话通知企业",
        "roles": ["leader"],
        "vis": "office",
        "rare": True,
        "items": ["work*"],
        "grants": "readers",
    },
    **{
        "from": ["verifying"],
        "to": "same",
        "mark": "call",
        "unless": ["call"],
        "other_person": {"accept": "same_person"},
    },
    "checks": [["reason", "is_listed_reason"], ["line", "is_written", "line"], ["day", "has_come", "day"]],
    **{"keeps": {"reason": "reason"}, "told": ""},
}
CALL = {"line": "12350", "reason": "CA01", "day": "2026-09-06"}
# Who calls, with which fields, and what comes of it.
CALLS = [
    ("leo", CALL, "verifying call extract CA01"),
    ("bob", CALL, "same_person"),
    ("leo", CALL | {"reason": "CA02"}, "reason"),
    ("leo", CALL | {"line": ""}, "line"),
    ("leo", CALL | {"day": "2026-09-30"}, "day"),
]
FOLD = """
import json, sys
from whistle.core.case import WORKFLOW, Refused, fold
from whistle.crypto.posts import draft_body, parse_body
from tests.core.histories import act, acts_of
for who, fields, _ in json.loads(sys.argv[1]):
    assert parse_body(draft_body("call", fields))["line"] == fields["line"]
    try:
        case = fold([*acts_of("verifying"), act(9, "call", who, "2026-09-06", fields)], WORKFLOW, "2026-12-01")
        print(case.state, *case.marks, case.reason)
    except Refused as refused:
        print(refused.code)
"""
FOLD_JS = """
import { readFileSync } from "node:fs";
import { fold } from "./static/js/core/case.js";
import { draftBody } from "./static/js/crypto/posts.js";
const read = (name) => JSON.parse(readFileSync(name, "utf8"));
const [table, { histories, people }] = [read("whistle/core/workflow.json"), read("tests/vectors/histories.json")];
const written = (name) => {
  const { after, acts } = histories.find((one) => one.name === name);
  return [...(after ? written(after) : []), ...acts];
};
const act = ({ kind, who, day, fields }, no) => {
  const mine = people[who][0] === "reporter";
  const [author, person] = mine ? ["reporter", ""] : [who, who];
  return { hash: `h${no}`, kind, vis: table.kinds[kind].vis, author, person, day, fields };
};
for (const [who, fields] of JSON.parse(process.argv[2])) {
  draftBody("call", fields, [], []);
  try {
    const acts = [...written("verifying"), { kind: "call", who, day: "2026-09-06", fields }].map(act);
    const folded = fold(acts, table, "2026-12-01");
    console.log(folded.state, ...folded.marks, folded.reason);
  } catch (error) {
    console.log(error.code);
  }
}
"""


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """This house with one kind more, by its two rows and its reasons alone."""
    house = tmp_path_factory.mktemp("house")
    for folder in (
        "whistle/core",
        "whistle/crypto",
        "static/js/core",
        "static/js/crypto",
        "tests/core",
        "tests/vectors",
    ):
        shutil.copytree(ROOT / folder, house / folder)
    for name in ("whistle/__init__.py", "package.json"):
        shutil.copy(ROOT / name, house / name)
    (house / "node_modules").symlink_to(ROOT / "node_modules")
    add(house / WIRE, "kinds", "call", GRAMMAR)
    add(house / RULES, "kinds", "call", ROW)
    add(house / RULES, "reasons", "call", ["CA01"])
    return house


def add(path: Path, table: str, name: str, row: Any) -> None:
    document = json.loads(path.read_text(encoding="utf-8"))
    document[table][name] = row
    path.write_text(json.dumps(document, ensure_ascii=False), encoding="utf-8")


def said(house: Path, *command: str) -> list[str]:
    env = {"PATH": "/usr/bin:/bin:/usr/local/bin", "PYTHONPATH": str(house)}
    done = subprocess.run([*command, json.dumps(CALLS)], cwd=house, env=env, capture_output=True, text=True, check=True)
    return done.stdout.splitlines()


def test_two_rows_make_a_kind_in_python(copy: Path) -> None:
    assert said(copy, sys.executable, "-c", FOLD) == [outcome for *_, outcome in CALLS]


def test_two_rows_make_a_kind_in_the_browser(copy: Path) -> None:
    (copy / "fold.mjs").write_text(FOLD_JS, encoding="utf-8")
    assert said(copy, "node", "fold.mjs") == [outcome for *_, outcome in CALLS]
