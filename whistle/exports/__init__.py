"""Files an auditor accepts: registers as CSV, XLSX and JSON lines. Imports core, never storage."""

from whistle.exports.columns import Column, Heading, Register
from whistle.exports.registers import AWARDS
from whistle.exports.rows import AwardRow, Known, award_rows
from whistle.exports.writers import csv_file, jsonl_file, plain, write_digest, xlsx_file

__all__ = [
    "AWARDS",
    "AwardRow",
    "Column",
    "Heading",
    "Known",
    "Register",
    "award_rows",
    "csv_file",
    "jsonl_file",
    "plain",
    "write_digest",
    "xlsx_file",
]
