"""What runs is pinned apart from what builds and tests it: the image takes the first, and lacks nothing."""

import ast
import importlib
import re
import sys
import tomllib
from importlib.metadata import packages_distributions
from pathlib import Path

ROOT = Path(__file__).parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]


def plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def pinned(lock: str) -> dict[str, str]:
    """Versions by name."""
    found = re.findall(r"^([\w.-]+)==(\S+)", (ROOT / lock).read_text(encoding="utf-8"), re.MULTILINE)
    return {plain(name): version for name, version in found}


def named(requirements: list[str]) -> set[str]:
    return {plain(re.split(r"[\[<>=~! ]", one)[0]) for one in requirements}


def test_the_run_time_lock_holds_what_runs_and_nothing_that_only_tests() -> None:
    runs, all_ = pinned("requirements.lock"), pinned("requirements-dev.lock")
    assert named(PROJECT["dependencies"]) <= runs.keys()
    assert not named(PROJECT["optional-dependencies"]["dev"]) & runs.keys()
    assert named(PROJECT["optional-dependencies"]["dev"]) <= all_.keys()
    assert {name: all_.get(name) for name in runs} == runs


def test_every_package_that_whistle_imports_is_in_the_run_time_lock() -> None:
    owners = packages_distributions()
    imported = (
        {
            name.split(".")[0]
            for path in (ROOT / "whistle").rglob("*.py")
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
            for name in (
                [alias.name for alias in node.names]
                if isinstance(node, ast.Import)
                else [node.module or ""]
                if isinstance(node, ast.ImportFrom)
                else []
            )
        }
        - sys.stdlib_module_names
        - {"whistle"}
    )
    runs = pinned("requirements.lock")
    assert imported
    assert [one for one in sorted(imported) if not {plain(name) for name in owners[one]} & runs.keys()] == []


def test_the_image_installs_the_run_time_lock() -> None:
    last = (ROOT / "Dockerfile").read_text(encoding="utf-8").rpartition("FROM ")[2]
    assert "--require-hashes -r /wheels/requirements.lock" in last
    assert "requirements-dev" not in last and "node" not in last


def test_every_file_that_the_image_is_made_of_is_there() -> None:
    """Docker is not on every machine that tests: what its recipe names is held against the repository."""
    text = (ROOT / "Dockerfile").read_text(encoding="utf-8").replace("\\\n", " ")
    copies = [line.split()[1:] for line in text.splitlines() if line.startswith("COPY ")]
    stages = set(re.findall(r"^FROM \S+ AS (\S+)$", text, re.MULTILINE))
    assert len(copies) == 3
    for words in copies:
        taken = [word.removeprefix("--from=") for word in words if word.startswith("--from=")]
        assert set(taken) <= stages
        named = [] if taken else words[:-1]
        assert [one for one in named if not (ROOT / one).exists()] == []
    for target in re.findall(r"\bmake ([a-z]+)", text):
        assert re.search(rf"^{target}:", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
    (module, _, function) = PROJECT["scripts"]["whistle"].partition(":")
    assert callable(getattr(importlib.import_module(module), function)), "the entry point"


def test_the_wheel_carries_what_the_program_reads() -> None:
    hatch = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["hatch"]["build"]["targets"]
    included = hatch["wheel"]["force-include"]
    assert {Path(one).name for one in included.values()} == {"templates", "locale", "static"}
    assert [one for one in included if one != "build/static" and not (ROOT / one).is_dir()] == []
