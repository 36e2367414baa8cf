"""Where the files of an act stand among its texts: as the table's items of its kind say, whichever texts there are."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Iterator
from itertools import combinations
from pathlib import Path

from whistle.client.attaching import Attachment, _placed
from whistle.client.sealing import Piece
from whistle.core.workflow import load
from whistle.crypto.holdings import items_fit

ROOT = Path(__file__).parents[2]
NODE = shutil.which("node") or str(ROOT / ".venv" / "bin" / "node")
KINDS = {kind: row["items"] for kind, row in load()["kinds"].items() if any("*" in slot for slot in row["items"])}
FILE = Attachment("图片 1.jpg", "image/jpeg", 1, True, lambda: iter([b"x"]))


def written(slots: list[str]) -> Iterator[list[str]]:
    """The texts that may be written: those that must be, with any of those that may."""
    may = [at for at, slot in enumerate(slots) if slot.endswith("*")]
    for count in range(len(may) + 1):
        for chosen in combinations(may, count):
            yield [slot.rstrip("*") for at, slot in enumerate(slots) if at in chosen or at not in may]


def cases() -> list[tuple[list[str], list[str], list[str]]]:
    """Slots, texts, and the compartments of files."""
    found = []
    for slots in KINDS.values():
        room = [slot.rstrip("*") for slot in slots if slot.endswith("*")]
        found += [(slots, texts, files) for texts in written(slots) for files in (room, room[::-1], room * 2)]
    return found


def fits(slots: list[str], comps: list[str]) -> bool:
    return items_fit(slots, [comp.replace("$comp", "thread") for comp in comps], "thread")


def test_files_stand_where_the_table_has_room_for_them() -> None:
    for slots, texts, files in cases():
        placed = _placed([Piece(comp) for comp in texts], [(comp, FILE) for comp in files], slots)
        assert fits(slots, [comp for comp, _ in placed]), (slots, texts, files)


def test_the_browser_puts_them_in_the_same_places() -> None:
    script = """
        import { placed } from "./static/js/client/enclosing.js";
        const cases = JSON.parse(process.argv[1]);
        const named = (comps) => comps.map((comp) => ({ comp }));
        const all = cases.map(([slots, parts, files]) => placed({ slots, parts: named(parts), files: named(files) }));
        console.log(JSON.stringify(all.map((found) => found.map(({ comp }) => comp))));
    """
    command = [NODE, "--input-type=module", "-e", script, json.dumps(cases())]
    made = json.loads(subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout)
    for (slots, texts, files), found in zip(cases(), made, strict=True):
        ours = _placed([Piece(comp) for comp in texts], [(comp, FILE) for comp in files], slots)
        assert found == [comp for comp, _ in ours]
