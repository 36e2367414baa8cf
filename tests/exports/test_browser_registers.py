"""What the browser writes is what Python writes: the same columns, cell for cell, and LibreOffice opens it."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from dataclasses import asdict
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from tests.office import OpenSheet, open_sheet, soffice  # noqa: F401 (fixtures)
from whistle.exports import AwardRow, Heading, Register, csv_file, lines_file, xlsx_file
from whistle.exports.registers import AWARDS, HAZARDS, HONOURS, REPORTS

ROOT = Path(__file__).parents[2]
NODE = shutil.which("node") or str(ROOT / ".venv" / "bin" / "node")
HEADING = Heading("临港经济开发区应急管理局", period="2026年", made="2026-12-31")
# Formulas plain, in full width and behind blanks; quotes, commas, lines; markup; controls; a long number.
ODD = ["=1+1", "＝1+1", "\u3000=1", "\ufeff@A", '说"有",没有', "两\n行", "<b>&", "900719925474099312", "\x1c-1", ""]
# What a workbook spells in its own way, and what looks as if it were.
ODD += ["_x0041_", "_x000D_", "_x0041_x0042_", "_x0041\x01", "一\r\n二", "_x005F_", "_X0041_"]
REGISTERS: dict[str, Register] = {"reports": REPORTS, "awards": AWARDS, "hazards": HAZARDS, "honours": HONOURS}


def texts(register: Register, n: int) -> dict[str, Any]:
    """A row of odd words: no column may make anything of them."""
    return {column.key: ODD[(n + at) % len(ODD)] for at, column in enumerate(register.columns) if column.key}


def rows(name: str) -> list[Any]:
    if name == "awards":
        sums = {"fen": 2_250_000, "fine": 4_500_005, "left": 17_750_000}
        states = ("paid", "reversed", "open")
        odd = (texts(AWARDS, n) for n in range(3))
        return [AwardRow(**(one | sums | {"state": state})) for one, state in zip(odd, states, strict=True)]
    fine = {"reports": {"fine": 1}, "honours": {"awarded": 90_000}}.get(name, {})
    return [texts(REGISTERS[name], n) | fine for n in range(len(ODD))]


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with what the browser writes of these rows."""
    folder = tmp_path_factory.mktemp("browser")
    told = {name: [row if isinstance(row, dict) else asdict(row) for row in rows(name)] for name in REGISTERS}
    (folder / "rows.json").write_text(json.dumps({"heading": asdict(HEADING), "registers": told}), "utf-8")
    command = [NODE, "tests/js/registers_out.mjs", str(folder / "rows.json"), str(folder)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    return folder


@pytest.mark.parametrize("name", REGISTERS)
def test_the_csv_is_the_same_bytes(written: Path, tmp_path: Path, name: str) -> None:
    csv_file(tmp_path / "python.csv", rows(name), False, REGISTERS[name])
    assert (written / f"{name}.csv").read_bytes() == (tmp_path / "python.csv").read_bytes()


@pytest.mark.parametrize("name", REGISTERS)
def test_the_lines_are_the_same_bytes_and_change_no_text(written: Path, tmp_path: Path, name: str) -> None:
    lines_file(tmp_path / "python.jsonl", rows(name), REGISTERS[name])
    assert (written / f"{name}.jsonl").read_bytes() == (tmp_path / "python.jsonl").read_bytes()
    said = [json.loads(line) for line in (tmp_path / "python.jsonl").read_text("utf-8").split("\n") if line]
    assert len(said) == len(rows(name))
    for row, line in zip(rows(name), said, strict=True):
        assert texts_of(REGISTERS[name], row) <= set(line.values())


@pytest.mark.parametrize("name", REGISTERS)
def test_the_workbook_has_the_same_cells(written: Path, tmp_path: Path, name: str) -> None:
    xlsx_file(tmp_path / "python.xlsx", rows(name), HEADING, False, REGISTERS[name])
    both = (written / f"{name}.xlsx", tmp_path / "python.xlsx")
    ours, python = (openpyxl.load_workbook(path).active for path in both)
    assert cells(ours) == cells(python)
    assert not ours.merged_cells.ranges
    assert (ours.title, ours.freeze_panes, ours.print_title_rows) == (
        python.title,
        python.freeze_panes,
        python.print_title_rows,
    )
    assert (ours.page_setup.orientation, ours.page_setup.paperSize) == ("landscape", 8)


def cells(sheet: Any) -> dict[str, tuple[Any, str]]:
    """Each cell with its number format; controls are left out as no office program shows them."""
    every = (cell for row in sheet for cell in row if cell.value not in (None, ""))
    return {cell.coordinate: (shown(cell.value), cell.number_format) for cell in every}


def shown(value: Any) -> Any:
    """As office programs read the spelling of a cell (ECMA-376 part 1, ST_Xstring); openpyxl leaves it."""
    return re.sub("_x([0-9A-F]{4})_", lambda found: chr(int(found[1], 16)), value) if isinstance(value, str) else value


@pytest.mark.parametrize("name", REGISTERS)
def test_no_text_is_changed(written: Path, tmp_path: Path, name: str) -> None:
    register = REGISTERS[name]
    xlsx_file(tmp_path / "python.xlsx", rows(name), HEADING, False, register)
    for path in (written / f"{name}.xlsx", tmp_path / "python.xlsx"):
        found = {value for value, _ in cells(openpyxl.load_workbook(path).active).values()}
        asked = {value for row in rows(name) for value in texts_of(register, row)}
        assert asked - {""} <= found


def texts_of(register: Register, row: Any) -> set[str]:
    read = [column.key for column in register.columns if column.key and not column.words]
    values = [row[key] if isinstance(row, dict) else getattr(row, key) for key in read]
    return {value for value in values if isinstance(value, str)}


def test_what_a_cell_cannot_hold_goes_on_below(tmp_path: Path) -> None:
    """Neither writer cuts: 70,000 signs, some of two units, stand in the cell and the lines under it."""
    long = "字" * 32_766 + "𠮷" * 20_000
    row = {column.key: "" for column in HAZARDS.columns} | {"text": long, "enterprise": "某厂"}
    xlsx_file(tmp_path / "python.xlsx", [row, row], HEADING, False, HAZARDS)
    told = {"heading": asdict(HEADING), "registers": {"hazards": [row, row]}}
    (tmp_path / "rows.json").write_text(json.dumps(told), "utf-8")
    command = [NODE, "tests/js/registers_out.mjs", str(tmp_path / "rows.json"), str(tmp_path)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    for name in ("python", "hazards"):
        page = openpyxl.load_workbook(tmp_path / f"{name}.xlsx").active
        cut = [str(cell.value) for cell in page["E"] if cell.value and set(str(cell.value)) <= {"字", "𠮷"}]
        assert "".join(cut) == 2 * long
        assert all(len(one.encode("utf-16-le")) <= 2 * 32_767 for one in cut)
        assert [cell.value for cell in page["A"] if isinstance(cell.value, int)] == [1, 2]


@pytest.mark.parametrize("name", REGISTERS)
def test_libreoffice_opens_it(open_sheet: OpenSheet, written: Path, name: str) -> None:  # noqa: F811
    seen = open_sheet(written / f"{name}.xlsx")
    heads = next(row for row in seen if row[0] == "序号")
    assert [head for head in heads if head] == [column.head for column in REGISTERS[name].columns]
    assert seen[0][0] == REGISTERS[name].title
    first = seen[seen.index(heads) + 1]
    assert "=1+1" in first or "＝1+1" in first
    assert [row[0] for row in seen if row[0]][-4:] == ["制表:", "复核:", "负责人:", "(盖章)    年    月    日"]
    if name == "awards":
        total = next(row for row in seen if row[0] == "合计")
        assert total[heads.index("应奖金额(元)")] == "45,000.00", "what was taken back is listed and not counted"
        assert total[heads.index("备注")] == "合计不含已撤销、已冲销的行"
