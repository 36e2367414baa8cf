"""The real LibreOffice: what an auditor's machine makes of our files. Where there is none, the tests say so."""

from __future__ import annotations

import csv
import os
import shutil
import subprocess
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

Rows = list[list[str]]
OpenSheet = Callable[[Path], Rows]
# Comma, UTF-8, from the first line, cells as a person sees them: the filter's own numbers (CSV filter options).
AS_SHOWN = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true"


@pytest.fixture(scope="session")
def soffice() -> str:
    """The program. A machine that says it has one must have it; elsewhere the tests say what was not looked at."""
    found = shutil.which("soffice") or shutil.which("libreoffice")
    if not found:
        missing = "LibreOffice is not installed: that files open in it was not tested"
        (pytest.fail if os.environ.get("WHISTLE_TEST_OFFICE") else pytest.skip)(missing)
    return found


@pytest.fixture
def open_sheet(soffice: str, tmp_path: Path) -> OpenSheet:
    """Opens a file in LibreOffice and gives the first sheet's cells as a person sees them."""

    def opened(path: Path) -> Rows:
        convert(soffice, path, AS_SHOWN, tmp_path)
        (made,) = (tmp_path / "out").glob(f"{path.stem}*.csv")
        with made.open(encoding="utf-8", newline="") as file:
            return list(csv.reader(file))

    return opened


def convert(soffice: str, path: Path, form: str, tmp_path: Path) -> None:
    """One file, into the folder `out`."""
    convert_all(soffice, [path], form, tmp_path)


def convert_all(soffice: str, paths: Sequence[Path], form: str, tmp_path: Path) -> None:
    """In a profile of its own, so that nobody's settings count."""
    profile = f"-env:UserInstallation=file://{tmp_path / 'profile'}"
    command = [soffice, profile, "--headless", "--convert-to", form, "--outdir", str(tmp_path / "out")]
    subprocess.run([*command, *map(str, paths)], check=True, capture_output=True, timeout=120)
