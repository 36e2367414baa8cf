"""A posted form taken apart in memory: url-encoded, or multipart with files (RFC 7578). Nothing is spooled to disk.

A form of which only the beginning was handed on keeps its words and the files that came whole: a page's words stand
before its files, so a photo that is too large costs the photo.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import parse_qsl

MOST_FIELDS = 32
FILE = "file"  # the one field of files
WORDS = 262_144  # bytes: a text of any length a person types arrives, is counted, and comes back to be shortened
_HEAD = re.compile(
    rb'\r\ncontent-disposition: *form-data; *name="([a-z_]{1,24})"(; *filename=[^\r\n]*)?((?:\r\n[!-9;-~]+:[^\r\n]*)*)',
    re.IGNORECASE,
)
_BOUNDARY = re.compile(r'multipart/form-data; *boundary="?([0-9A-Za-z\'()+_,./:=?-]{1,70})"?', re.ASCII)

Pair = tuple[str, str]


@dataclass(frozen=True)
class Posted:
    """Fields in their order, each as often as it came; the bytes of the files that came whole; `is_cut`: more came."""

    fields: tuple[Pair, ...]
    files: tuple[bytes, ...] = ()
    is_cut: bool = False


def read(media_type: str, data: bytes, is_cut: bool) -> Posted:
    """Raises ValueError for what is no form, or has more words than anybody types."""
    boundary = _BOUNDARY.fullmatch(media_type.strip())
    if boundary is None:
        if is_cut:
            raise ValueError
        return Posted(tuple(parse_qsl(data.decode(), True, True, max_num_fields=MOST_FIELDS)))
    fields: list[Pair] = []
    files: list[bytes] = []
    for name, is_file, body in _parts(boundary[1].encode(), data, is_cut):
        if not is_file:
            fields.append((name, body.decode()))
        elif name != FILE:
            raise ValueError
        elif body:  # an empty one: no file was chosen
            files.append(body)
        if len(fields) + len(files) > MOST_FIELDS:
            raise ValueError
    return Posted(tuple(fields), tuple(files), is_cut)


def _parts(boundary: bytes, data: bytes, is_cut: bool) -> Iterator[tuple[str, bool, bytes]]:
    """Name, whether it is a file, and bytes of each part that came whole."""
    first, *parts = (b"\r\n" + data).split(b"\r\n--" + boundary)
    last = parts.pop() if parts else b""
    if first or (not is_cut and last not in (b"--", b"--\r\n")):
        raise ValueError
    for part in parts:
        head, gap, body = part.partition(b"\r\n\r\n")
        found = _HEAD.fullmatch(head)
        if found is None or not gap:
            raise ValueError
        yield found[1].decode(), found[2] is not None, body
