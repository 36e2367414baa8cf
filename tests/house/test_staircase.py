"""The staircase: who may import whom (docs/architecture.md)."""

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

HOUSE = Path(__file__).parents[2] / "whistle"
MAY_IMPORT: dict[str, set[str]] = {
    "core": set(),
    "crypto": set(),
    "settings": set(),
    "web": set(),
    "posters": set(),
    "keystore": {"crypto", "settings"},
    "storage": {"core"},
    "exports": {"core"},
    "almanac": {"core", "storage"},
    "enterprises": {"core", "storage"},
    "spelling": {"core"},
    "process_packs": {"core", "crypto", "storage"},
    "published": {"core", "crypto", "storage", "almanac", "enterprises"},
    "docket": {"core", "crypto", "storage", "published"},
    "rulings": {"core", "crypto"},
    "refusals": {"rulings", "storage", "docket"},
    "uploads": {"crypto", "storage", "docket"},
    "intake": {"core", "crypto", "storage", "docket", "uploads"},
    "casework": {"almanac", "core", "crypto", "storage", "docket", "exports", "readership", "uploads"},
    "notices": {"casework", "core", "crypto", "docket", "storage"},
    "client": {"core", "crypto"},
    "zone": {"core", "crypto"},
    "readership": {"core", "storage"},
    "publishing": {"core", "crypto", "readership", "settings", "storage", "zone"},
    "evidence": {"core", "crypto", "storage", "docket", "intake", "uploads"},
    "public": {
        "intake",
        "evidence",
        "refusals",
        "rulings",
        "published",
        "client",
        "crypto",
        "settings",
        "uploads",
        "web",
    },
    "review": {
        "casework",
        "core",
        "crypto",
        "notices",
        "refusals",
        "published",
        "exports",
        "settings",
        "uploads",
        "web",
    },
    "wallclock": {"core", "docket", "storage"},
    "jobs": {"wallclock", "casework", "core", "docket", "notices", "storage", "uploads"},
}
OUTSIDE = {"crypto": {"cryptography"}, "core": set[str](), "settings": set[str]()}
OPENERS = {"client", "public/form.py", "crypto"}
TOP = {"cli", "demo", "house", "serving"}


def modules() -> Iterator[Path]:
    yield from sorted(HOUSE.rglob("*.py"))


def room(path: Path) -> str:
    return path.relative_to(HOUSE).parts[0].removesuffix(".py")


def imports(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path.name}: imports are written in full"
            base = node.module or ""
            yield from ([f"{base}.{alias.name}" for alias in node.names] if base == "whistle" else [base])


def rooms_imported(path: Path) -> set[str]:
    return {name.split(".")[1] for name in imports(path) if name.startswith("whistle.")} - {room(path)}


@pytest.mark.parametrize("path", list(modules()), ids=lambda path: str(path.relative_to(HOUSE)))
def test_every_module_imports_only_from_the_floors_below(path: Path) -> None:
    if room(path) in TOP | {"__init__", "__main__"}:
        return
    assert rooms_imported(path) <= MAY_IMPORT[room(path)]


def test_the_pure_floors_import_nothing_but_what_they_declare() -> None:
    for path in modules():
        if room(path) in OUTSIDE:
            packages = {name.split(".")[0] for name in imports(path)} - {"whistle"}
            assert packages - set(sys.stdlib_module_names) <= OUTSIDE[room(path)], path


def test_only_the_client_and_the_page_without_script_open_items() -> None:
    for path in modules():
        where = str(path.relative_to(HOUSE))
        if room(path) not in OPENERS and where not in OPENERS and room(path) not in TOP:
            source = path.read_text(encoding="utf-8")
            assert "open_item" not in source and "open_grant" not in source, where
