"""The exported ledger read back, so that it can be verified away from the server that wrote it."""

import re
from collections.abc import Iterator
from pathlib import Path

from whistle.core.errors import LedgerError

_LINE = re.compile(rb'\{"row":(\{.*\}),"hash":"([0-9a-f]{64})"\}\n')


def jsonl_rows(path: Path) -> Iterator[tuple[bytes, bytes]]:
    """Rows and hashes as `jsonl_file` wrote them, one by one. Raises LedgerError "bad_row" at a line that it did not
    write."""
    with path.open("rb") as file:
        for no, line in enumerate(file, 1):
            found = _LINE.fullmatch(line)
            if found is None:
                raise LedgerError("bad_row", no)
            yield found[1], bytes.fromhex(found[2].decode())
