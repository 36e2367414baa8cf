"""Files an auditor accepts: registers as CSV, XLSX and JSON lines. Imports core, never storage."""

from whistle.exports.chain import Signed
from whistle.exports.columns import Column, Heading, Register
from whistle.exports.registers import AWARDS
from whistle.exports.rows import NOTICING, PAPERS, AwardRow, Known, Notice, Running, award_rows, notices
from whistle.exports.writers import csv_file, jsonl_file, lines_file, plain, write_digest, xlsx_file

__all__ = [
    "AWARDS",
    "NOTICING",
    "PAPERS",
    "AwardRow",
    "Column",
    "Heading",
    "Known",
    "Notice",
    "Register",
    "Running",
    "Signed",
    "award_rows",
    "csv_file",
    "jsonl_file",
    "lines_file",
    "notices",
    "plain",
    "write_digest",
    "xlsx_file",
]
