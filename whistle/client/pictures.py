"""Pictures without what they say about their maker: segments with metadata are cut, the pixels stay as they are.

JPEG (ITU T.81 annex B), PNG (RFC 2083 and the PNG specification's chunk list), WebP (RFC 9649). Twin of
`static/js/client/pictures.js`; `tests/vectors/pictures.json` is read by both.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass


class NotAPicture(Exception):
    """The bytes are not a whole picture of the type they begin as."""


@dataclass(frozen=True)
class Size:
    """Width and height in pixels as the header says, before anything is decoded."""

    width: int
    height: int

    @property
    def pixels(self) -> int:
        return self.width * self.height


def kind_of(data: bytes) -> str:
    """`image/jpeg`, `image/png`, `image/webp` by the first bytes, "" for anything else."""
    if data[:3] == b"\xff\xd8\xff":
        return "image/jpeg"
    if data[:8] == _PNG:
        return "image/png"
    return "image/webp" if data[:4] == b"RIFF" and data[8:12] == b"WEBP" else ""


def is_cleanable(media_type: str) -> bool:
    """Whether `cleaned` knows this type."""
    return media_type in ("image/jpeg", "image/png", "image/webp")


def cleaned(data: bytes) -> bytes:
    """The same picture without metadata and without anything behind its end. Raises NotAPicture."""
    cut = {"image/jpeg": _jpeg, "image/png": _png, "image/webp": _webp}.get(kind_of(data))
    if cut is None:
        raise NotAPicture
    return cut(data)


def size_of(data: bytes) -> Size:
    """What the header says. Raises NotAPicture."""
    look = {"image/jpeg": _jpeg_size, "image/png": _png_size, "image/webp": _webp_size}.get(kind_of(data))
    if look is None:
        raise NotAPicture
    return look(data)


# JPEG

_SOS, _EOI = 0xDA, 0xD9
_ALONE = {0x01, *range(0xD0, 0xD8)}  # markers without a length
_FRAMES = {0xC0, 0xC1, 0xC2, 0xC3, 0xC5, 0xC6, 0xC7, 0xC9, 0xCA, 0xCB, 0xCD, 0xCE, 0xCF}
# Tables, frames and scans; of the application's segments only Adobe's, which says how colours are coded.
_KEPT = {0xC4, 0xCC, _SOS, 0xDB, 0xDC, 0xDD, 0xDE, 0xDF} | _FRAMES
_ADOBE = 0xEE
_EXIF = 0xE1
_TURNED = 0x0112  # Exif's tag for which way up


def _jpeg(data: bytes) -> bytes:
    out = [b"\xff\xd8"]
    turned = 0
    for marker, segment, scan in _segments(data):
        if marker == _EXIF:
            turned = turned or _orientation(segment)
        elif marker in _KEPT or (marker == _ADOBE and segment[:5] == b"Adobe"):
            if turned:
                out.append(_turn(turned))
                turned = 0
            out += (bytes((0xFF, marker)), (len(segment) + 2).to_bytes(2, "big"), segment, scan)
    return b"".join((*out, b"\xff\xd9"))


def _segments(data: bytes) -> Iterator[tuple[int, bytes, bytes]]:
    """Marker, payload and, behind a scan's header, the coded scan; up to the end of the picture."""
    at = 2
    while True:
        if data[at : at + 1] != b"\xff":
            raise NotAPicture
        while data[at + 1 : at + 2] == b"\xff":
            at += 1  # fill bytes
        if at + 2 > len(data):
            raise NotAPicture
        marker, at = data[at + 1], at + 2
        if marker == _EOI:
            return
        if marker in _ALONE:
            continue
        length = int.from_bytes(data[at : at + 2], "big")
        if length < 2 or at + length > len(data):
            raise NotAPicture
        segment, at = data[at + 2 : at + length], at + length
        end = _scan_end(data, at) if marker == _SOS else at
        yield marker, segment, data[at:end]
        at = end


def _scan_end(data: bytes, at: int) -> int:
    """Where the coded scan ends: at a marker that is neither a stuffed byte nor a restart."""
    while True:
        at = data.find(b"\xff", at)
        if at < 0 or at + 1 >= len(data):
            raise NotAPicture
        if data[at + 1] != 0 and not 0xD0 <= data[at + 1] <= 0xD7 and data[at + 1] != 0xFF:
            return at
        at += 1 if data[at + 1] == 0xFF else 2


def _orientation(segment: bytes) -> int:
    """2…8 when Exif says that the picture lies on its side, else 0."""
    if segment[:6] != b"Exif\0\0":
        return 0
    tiff = segment[6:]
    if tiff[:4] not in (b"II*\0", b"MM\0*"):
        return 0

    def number(at: int, size: int) -> int:
        return int.from_bytes(tiff[at : at + size], "little" if tiff[:1] == b"I" else "big")

    start = number(4, 4)
    for row in range(start + 2, start + 2 + 12 * min(number(start, 2), 100), 12):
        if number(row, 2) == _TURNED and number(row + 2, 2) == 3:
            value = number(row + 8, 2)
            return value if 2 <= value <= 8 else 0
    return 0


def _turn(orientation: int) -> bytes:
    """The smallest Exif there is: which way up, nothing else."""
    tiff = b"MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01" + bytes((0, orientation)) + b"\0\0" + b"\0\0\0\0"
    segment = b"Exif\0\0" + tiff
    return b"\xff\xe1" + (len(segment) + 2).to_bytes(2, "big") + segment


def _jpeg_size(data: bytes) -> Size:
    for marker, segment, _scan in _segments(data):
        if marker in _FRAMES and len(segment) >= 5:
            return Size(int.from_bytes(segment[3:5], "big"), int.from_bytes(segment[1:3], "big"))
    raise NotAPicture


# PNG

_PNG = b"\x89PNG\r\n\x1a\n"
# What the pixels need; text, times, Exif, profiles and unknown chunks are left out.
_CHUNKS = {b"IHDR", b"PLTE", b"IDAT", b"IEND", b"tRNS", b"gAMA", b"cHRM", b"sRGB", b"sBIT", b"acTL", b"fcTL", b"fdAT"}


def _png(data: bytes) -> bytes:
    return b"".join((_PNG, *(whole for name, whole in _chunks(data) if name in _CHUNKS)))


def _chunks(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Name and bytes of each chunk up to IEND."""
    at, name = 8, b""
    while name != b"IEND":
        length, name = int.from_bytes(data[at : at + 4], "big"), data[at + 4 : at + 8]
        end = at + 12 + length
        if len(name) < 4 or end > len(data) or (at == 8 and name != b"IHDR"):
            raise NotAPicture
        yield name, data[at:end]
        at = end


def _png_size(data: bytes) -> Size:
    _name, header = next(_chunks(data))
    return Size(int.from_bytes(header[8:12], "big"), int.from_bytes(header[12:16], "big"))


# WebP

_FRAMES_OF_WEBP = {b"VP8 ", b"VP8L", b"VP8X", b"ALPH", b"ANIM", b"ANMF"}
_SAYS_METADATA = 0x20 | 0x08 | 0x04  # VP8X: profile, Exif, XMP


def _webp(data: bytes) -> bytes:
    kept = []
    for name, body in _riff(data):
        if name in _FRAMES_OF_WEBP:
            flagged = bytes((body[0] & ~_SAYS_METADATA,)) + body[1:] if name == b"VP8X" and body else body
            kept.append(name + len(flagged).to_bytes(4, "little") + flagged + b"\0" * (len(flagged) % 2))
    whole = b"WEBP" + b"".join(kept)
    if len(whole) == 4:
        raise NotAPicture
    return b"RIFF" + len(whole).to_bytes(4, "little") + whole


def _riff(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Name and body of each chunk within the length that the header says."""
    at, end = 12, 8 + int.from_bytes(data[4:8], "little")
    if end > len(data):
        raise NotAPicture
    while at + 8 <= end:
        length = int.from_bytes(data[at + 4 : at + 8], "little")
        if at + 8 + length > end:
            raise NotAPicture
        yield data[at : at + 4], data[at + 8 : at + 8 + length]
        at += 8 + length + length % 2


def _webp_size(data: bytes) -> Size:
    name, body = next(_riff(data), (b"", b""))
    if name == b"VP8X" and len(body) >= 10:
        return Size(int.from_bytes(body[4:7], "little") + 1, int.from_bytes(body[7:10], "little") + 1)
    if name == b"VP8L" and len(body) >= 5:
        bits = int.from_bytes(body[1:5], "little")
        return Size((bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1)
    if name == b"VP8 " and len(body) >= 10:
        return Size(int.from_bytes(body[6:8], "little") & 0x3FFF, int.from_bytes(body[8:10], "little") & 0x3FFF)
    raise NotAPicture
