"""The staircase of the browser's modules: who may import whom, as whistle/ has it (docs/architecture.md)."""

import os
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

SCRIPTS = Path(__file__).parents[2] / "static" / "js"
ROOT = SCRIPTS.parents[1]
COMMON = {"dom", "bring", "combo", "pixels"}
GROUND = {"core", "crypto", "client", *COMMON}
MAY_IMPORT: dict[str, set[str]] = {
    "crypto": set(),
    "core": {"crypto"},
    "dom": {"core"},
    "bring": {"client", "dom"},
    "combo": {"core", "dom"},
    "pixels": set(),
    "shim": set(),
    "client": {"core", "crypto"},
    "public": GROUND,
    "review": GROUND,
    "review/people": {"review", *GROUND},
    "review/money": {"review", *GROUND},
    "review/registers": {"review", "review/people", *GROUND},
    "review/files": {"review", *GROUND},
    "review/search": {"review", *GROUND},
    "review/papers": {"review", "review/files", "review/money", *GROUND},
    "review/inbox": {"review", "review/people", *GROUND},
    "review/bulk": {
        "review",
        "review/case",
        "review/people",
        "review/registers",
        *GROUND,
    },
    "review/case/acts": {"review", "review/case", "review/money", *GROUND},
    "review/case": {
        "review",
        "review/case/acts",
        "review/files",
        "review/inbox",
        "review/money",
        "review/papers",
        "review/people",
        "review/search",
        *GROUND,
    },
}
PAGES = {"review/app.js", "review/enrol.js", "review/pdf.js"}
IMPORT = re.compile(r'^\s*(?:import|export)\s(?:[^"]*?\sfrom\s)?"(\.[^"]+)"', re.MULTILINE)


def modules() -> list[str]:
    return sorted(str(path.relative_to(SCRIPTS)) for path in SCRIPTS.rglob("*.js"))


def room(module: str) -> str:
    parts = module.removesuffix(".js").split("/")
    if parts[0] == "review":
        return "/".join(parts[:-1])
    return parts[0]


def imported(module: str) -> Iterator[str]:
    """Other modules by their path below static/js; the tables and documents of whistle/ are data, not modules."""
    for found in IMPORT.findall((SCRIPTS / module).read_text(encoding="utf-8")):
        path = Path(os.path.normpath(SCRIPTS / Path(module).parent / found))
        assert path.is_file(), f"{module}: {found}"
        if path.suffix == ".js":
            yield str(path.relative_to(SCRIPTS))


@pytest.mark.parametrize("module", modules())
def test_every_module_imports_only_from_the_floors_below(module: str) -> None:
    if module in PAGES:
        return
    assert {room(one) for one in imported(module)} <= MAY_IMPORT[room(module)] | {room(module)}


def test_no_modules_import_one_another_in_a_circle() -> None:
    left = {module: set(imported(module)) for module in modules()}
    while free := {module for module, needs in left.items() if not needs & left.keys()}:
        left = {module: needs for module, needs in left.items() if module not in free}
    assert not left
