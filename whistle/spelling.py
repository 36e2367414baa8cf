"""How a name may be typed: by the initials of its pinyin, and in traditional characters.

Only what makes a register loads these tables: a door that serves one finds both written in it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable

from opencc import OpenCC
from pypinyin import Style, lazy_pinyin

from whistle.core.enterprises import Enterprise

HAN = [chr(code) for code in (*range(0x3400, 0x4DC0), *range(0x4E00, 0xA000))]
# Hong Kong's and Taiwan's shapes beside the common ones (衞, 裡, 台): the first that simplifies a character does.
DIALECTS = ("hk2s", "tw2s")


def register(enterprises: Iterable[Enterprise]) -> str:
    """The register as both doors serve it: {"enterprises": [[name, place, initials], …], "traditional": {"業": "业"}};
    `traditional` has every other shape of the characters of these names and places. The same list gives the same text
    while the tables are the same."""
    simple = _simplified()
    shapes = str.maketrans(dict[str, str | int | None](simple))
    rows = [[one.name, one.place, initials(one.name.translate(shapes))] for one in enterprises]
    used = {char for name, place, _ in rows for char in (name + place).translate(shapes)}
    table = {other: plain for other, plain in simple.items() if plain in used}
    return json.dumps({"enterprises": rows, "traditional": table}, ensure_ascii=False, separators=(",", ":"))


def initials(name: str) -> str:
    """The first letter of each character's pinyin, as the words it stands in are read; letters and digits as they are:
    ylmy for 沂岭木业. What has no sound is left out."""
    return re.sub(r"[^a-z0-9]", "", "".join(lazy_pinyin(name, style=Style.FIRST_LETTER)).lower())


def _simplified() -> dict[str, str]:
    """Every character that has a simpler shape, with that shape."""
    found: dict[str, str] = {}
    for dialect in reversed(DIALECTS):
        turned = OpenCC(dialect).convert("\n".join(HAN)).split("\n")
        found |= {char: plain for char, plain in zip(HAN, turned, strict=True) if plain != char}
    return found
