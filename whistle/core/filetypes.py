"""What a file is, told by its first bytes and never by its name: one table, read by both languages.

The name a file had on her phone says too much (a place, a date, a person): it gets a plain one.
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

TABLE = Path(__file__).with_name("filetypes.json")
LOOKED_AT = 8_192  # bytes that are enough to tell


@cache
def table() -> dict[str, Any]:
    """Sorts with the most bytes of each, types with sort and ending, and how each begins."""
    loaded: dict[str, Any] = json.loads(TABLE.read_text(encoding="utf-8"))
    return loaded


def type_of(start: bytes) -> str:
    """The media type that the first bytes tell, "" for what is not taken: pages, scripts, archives, the unknown."""
    rows = (row["type"] for row in table()["begins"] if _begins(start[:LOOKED_AT], row))
    return next((str(found) for found in rows), "")


def _begins(start: bytes, row: dict[str, Any]) -> bool:
    at, mark = row["at"], bytes.fromhex(row["hex"])
    if start[at : at + len(mark)] != mark:
        return False
    return _begins(start, row["and"]) if "and" in row else row.get("holds", "").encode() in start


def sort_of(media_type: str) -> str:
    """picture, film, sound or document; "" for a type that is not in the table."""
    return str(table()["types"].get(media_type, {}).get("sort", ""))


def plain_name(media_type: str, number: int, language: str = "zh") -> str:
    """图片 1.jpg: sort, number, ending. For a type that is not in the table 文件 1.bin."""
    row = table()["types"].get(media_type, {"sort": "document", "ext": "bin"})
    return f"{table()['sorts'][row['sort']][language]} {number}.{row['ext']}"
