"""The money vectors: packs by name, also BASE+OVERLAY, from the shipped files and those of the tests."""

import json
from pathlib import Path
from typing import Any

from whistle.core import rulebook
from whistle.core.rulebook import Pack

VECTORS = Path(__file__).parents[1] / "vectors"
TEST_PACKS = {path.stem: path for path in sorted((VECTORS / "packs").glob("*.toml"))}


def read(name: str) -> Any:
    return json.loads((VECTORS / name).read_text("utf-8"))


def pack(name: str) -> Pack:
    base, _, over = name.partition("+")
    found = rulebook.parse_pack(TEST_PACKS[base].read_text("utf-8")) if base in TEST_PACKS else rulebook.load(base)
    return rulebook.overlay(found, pack(over)) if over else found
