"""Looking for somebody's words: in every spelling they could have been kept in, in files and in a process's memory."""

import base64
import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from urllib.parse import quote

BLOCK, PAGE = 64 << 20, 4096


def spellings(words: str) -> set[bytes]:
    """Text as UTF-8, UTF-16, JSON with escapes, url-encoded; and all that in base64 wherever it may begin."""
    plain = {words.encode(), words.encode("utf-16-le"), words.encode("utf-16-be")}
    escaped = {json.dumps(words)[1:-1].encode(), quote(words).encode(), quote(words).lower().encode()}
    return plain | escaped | {form for one in plain for form in in_base64(one)}


def in_base64(data: bytes) -> set[bytes]:
    """What surely stands in the base64 of anything that holds these bytes, at each of the three alignments."""
    found = set()
    for before in range(3):
        whole = base64.b64encode(bytes(before) + data)
        inside = whole[(before * 8 + 5) // 6 : (before + len(data)) * 8 // 6]
        found |= {inside, inside.translate(bytes.maketrans(b"+/", b"-_"))}
    return found


def in_files(needles: Iterable[bytes], *places: Path) -> set[tuple[str, bytes]]:
    """(file, needle) for everything found under folders or in files."""
    files = [file for place in places for file in (sorted(place.rglob("*")) if place.is_dir() else [place])]
    wanted = list(needles)
    return {
        (file.name, needle)
        for file in files
        if file.is_file()
        for data in [file.read_bytes()]
        for needle in wanted
        if needle in data
    }


def in_memory(pid: int, needles: Iterable[bytes]) -> set[bytes]:
    """What a process holds of these in memory it can write to: its heaps, stacks, arenas, shared maps."""
    wanted, found = set(needles), set()
    for block in map(_said, _memory(pid)):
        found |= {needle for needle in wanted - found if needle in block}
    return found


def _said(block: bytes) -> bytes:
    """Without the pages of one byte alone, never used or wiped: a third to half of a door's memory, and no words."""
    pages = (block[at : at + PAGE] for at in range(0, len(block), PAGE))
    return b"".join(page for page in pages if page != page[:1] * len(page))


def _memory(pid: int) -> Iterator[bytes]:
    lines = Path(f"/proc/{pid}/maps").read_text(encoding="utf-8").splitlines()
    writable = (line.split()[0] for line in lines if "w" in line.split()[1] and "r" in line.split()[1])
    with Path(f"/proc/{pid}/mem").open("rb", buffering=0) as memory:
        for start, end in _joined(tuple(int(part, 16) for part in span.split("-")) for span in writable):
            yield from _blocks(memory, start, end)


def _blocks(memory: object, start: int, end: int) -> Iterator[bytes]:
    for at in range(start, end, BLOCK):
        memory.seek(at)  # type: ignore[attr-defined]
        try:
            yield memory.read(min(BLOCK + 4096, end - at))  # type: ignore[attr-defined]
        except OSError:  # a guard page, or gone meanwhile
            continue


def _joined(spans: Iterable[tuple[int, ...]]) -> Iterator[tuple[int, int]]:
    """Neighbours as one, so that nothing is cut where two maps meet."""
    begun: tuple[int, int] | None = None
    for start, end in spans:
        if begun and begun[1] == start:
            begun = (begun[0], end)
            continue
        if begun:
            yield begun
        begun = (start, end)
    if begun:
        yield begun
