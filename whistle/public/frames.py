"""What a door and the child of a form say to each other over their socket: frames of a kind and bytes.

The door sends the form in pieces; the child asks for its turn, for verbs of the public door, and sends the page.
"""

from __future__ import annotations

import base64
import struct

HEAD = struct.Struct(">cI")
MOST = 16 << 20  # bytes of a frame: a page, a sealed post as JSON
# From the door: what form it is (JSON), a piece of it, its end ("cut" when more came); the answer of a verb, its
# refusal.
BEGIN, PIECE, END, ANSWER, REFUSED = b"B", b"P", b"E", b"A", b"R"
# From the child: it wants its turn, a verb, here is the page, something nobody foresaw.
TURN, VERB, PAGE, FAULT = b"T", b"V", b"H", b"F"
STATUS = struct.Struct(">H")  # the first bytes of a page


def packed(kind: bytes, data: bytes = b"") -> bytes:
    return HEAD.pack(kind, len(data)) + data


def text(data: bytes) -> str:
    """Bytes within a frame's JSON."""
    return base64.b64encode(data).decode()


def data(text: str) -> bytes:
    return base64.b64decode(text, validate=True)
