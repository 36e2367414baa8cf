"""The official papers as the browser saves them, opened by the word processor that offices have."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests.office import convert_all, soffice  # noqa: F401 (fixture)

ROOT = Path(__file__).parents[2]
NODE = shutil.which("node") or str(ROOT / ".venv" / "bin" / "node")
OFFICE = "临港经济开发区安全生产监管办公室"
TEXT = "txt:Text (encoded):UTF8"
# A form has lines for a pen; these are the words before them.
PENS = {
    "award_a": "主要负责人",
    "award_b": "监封人：",
    "receipt": "领取人签名或代号",
    "waiver": "声明人（签名或者约定的代号，捺指印）：",
    "authority": "签名、指印",
    "delist": "批准销号",
}


@pytest.fixture(scope="module")
def opened(soffice: str, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:  # noqa: F811
    """Every paper of the sample case by its id: what it should hold, its text and its pages as Writer has them."""
    folder = tmp_path_factory.mktemp("papers")
    command = [NODE, "tests/js/papers_out.mjs", str(folder)]
    made = json.loads(subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout)
    for form in (TEXT, "pdf"):
        convert_all(soffice, sorted(folder.glob("*.docx")), form, folder)
    return {paper["id"]: paper | _seen(folder / "out", paper["id"]) for paper in made}


def _seen(out: Path, name: str) -> dict[str, Any]:
    pages = re.findall(rb"/Type\s*/Page\b", (out / f"{name}.pdf").read_bytes())
    return {"text": (out / f"{name}.txt").read_text("utf-8-sig"), "pages": len(pages)}


def test_every_paper_opens_under_its_title_and_number(opened: dict[str, Any]) -> None:
    assert len(opened) == 15
    for paper in opened.values():
        lines = paper["text"].splitlines()
        assert lines[0] == paper["title"]
        assert not paper["numbered"] or paper["number"] in paper["text"]


def test_a_letter_ends_with_the_office_the_day_and_the_seal(opened: dict[str, Any]) -> None:
    letters = [paper for paper in opened.values() if paper["signed"]]
    assert len(letters) == 8
    for paper in letters:
        ends = [line.strip() for line in paper["text"].splitlines() if line.strip()][-3:]
        assert ends == [OFFICE, "2026年11月23日", "（印章）"]


def test_a_form_keeps_its_lines_for_the_pen(opened: dict[str, Any]) -> None:
    for name, words in PENS.items():
        assert words in opened[name]["text"]


def test_a_letter_is_one_page_and_no_form_runs_away(opened: dict[str, Any]) -> None:
    """Twenty-eight characters a line and twenty-two lines hold them; a wrong grid made three pages of one."""
    pages = {name: paper["pages"] for name, paper in opened.items()}
    assert all(1 <= count <= 2 for count in pages.values()), pages
    assert {name for name, count in pages.items() if count > 1} <= {"award_a", "dossier", "transfer"}
