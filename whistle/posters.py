"""Posters: what hangs in the workshop, with the address in its QR code and the fingerprint that the site must show.

The code names the channel and the enterprise, never a spot: where few people pass, who scans is who reports. All of it
stands in the address's fragment, which no server sees.
"""

from __future__ import annotations

import io
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal
from urllib.parse import quote, urlsplit

import segno
import typst

Size = Literal["A4", "A3"]
LONGEST = 1_200  # letters that a code of level H still shows large enough for an old phone


class TooLong(Exception):
    """The address with this name is too long for a code that an old phone reads."""


@dataclass(frozen=True)
class Place:
    """Where a poster leads: the public site's origin, the zone's pin as it is typed, and the channel."""

    origin: str
    pin: str
    channel: str = ""

    def address(self, enterprise: str = "") -> str:
        """The address in the code. Only the fragment says whom it is about."""
        said = {"pin": self.pin.replace(" ", ""), "channel": self.channel, "enterprise": enterprise}
        fragment = "&".join(f"{name}={quote(value, safe='')}" for name, value in said.items() if value)
        return f"{self.origin}/#{fragment}"


def code(address: str) -> str:
    """The QR code of an address as SVG, level H: a third of it may be scratched or covered."""
    if len(address) > LONGEST:
        raise TooLong
    drawn = io.BytesIO()
    segno.make(address, error="h", boost_error=False).save(drawn, kind="svg", border=4, scale=4, dark="#000")
    return drawn.getvalue().decode()


def told(place: Place, words: Mapping[str, Any], enterprises: Sequence[str], size: Size) -> dict[str, Any]:
    """What the template prints: the words, and a page for each enterprise, "" for the office's own."""
    pages = [{"enterprise": name, "code": code(place.address(name))} for name in enterprises or [""]]
    shown = {"size": size, "address": urlsplit(place.origin).netloc, "fingerprint": place.pin}
    return {**words, **shown, "pages": pages}


def draw(template: Path, facts: Mapping[str, Any], form: Literal["pdf", "png"] = "pdf") -> bytes | list[bytes]:
    """The posters as one PDF, or a PNG for each page. The same facts give the same bytes: no time is written."""
    said = {"told": json.dumps(facts, ensure_ascii=False)}
    made: bytes | list[bytes] = typst.compile(
        template.read_bytes(), format=form, sys_inputs=said, ppi=100.0, timestamp=0
    )
    return made
