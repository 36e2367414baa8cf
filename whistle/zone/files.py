"""Reading and writing the ceremony's files so that a broken-off step leaves the old file whole."""

import json
import os
from pathlib import Path
from typing import Any

from whistle.zone.errors import ZoneError


def write(path: Path, data: bytes, mode: int = 0o644) -> None:
    """Replace the file in one step."""
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_name(path.name + ".new")
    handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode)
    with os.fdopen(handle, "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(path)


def write_private(path: Path, data: bytes) -> None:
    """As `write`, readable by its owner only."""
    write(path, data, 0o600)


def read(path: Path) -> bytes:
    """The file's bytes, or a refusal that names it."""
    try:
        return path.read_bytes()
    except OSError:
        raise ZoneError("file_missing", name=path.name) from None


def read_json(path: Path) -> dict[str, Any]:
    """The file's JSON object, or a refusal that names it."""
    try:
        value = json.loads(read(path))
    except (ValueError, RecursionError):
        raise ZoneError("file_broken", name=path.name) from None
    if not isinstance(value, dict):
        raise ZoneError("file_broken", name=path.name)
    return value
