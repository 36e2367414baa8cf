"""What may stand in an opened item, by the one table contents.json: whoever sealed it may have sealed anything.

Nothing that came out of decryption is read before `parse` took it. The twin is static/js/core/contents.js; both run
tests/vectors/hostile.json."""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

from whistle.core.entitlement import parse_basis, parse_confirmed, parse_receiver
from whistle.core.errors import RuleError
from whistle.core.facts import parse_facts

TEXT: Final = "text/plain"
JSON: Final = "application/json"
TABLE: Final[Mapping[str, Any]] = MappingProxyType(
    json.loads(Path(__file__).with_name("contents.json").read_text(encoding="utf-8"))
)
# Documents that rules compute with have parsers of their own; the table says where they may stand.
COMPUTED: Final[Mapping[str, Callable[[bytes], Any]]] = MappingProxyType(
    {"facts": parse_facts, "confirmed": parse_confirmed, "basis": parse_basis, "receiver": parse_receiver}
)
if set(TABLE["computed"]) != set(COMPUTED):
    raise RuntimeError("contents.json names a document that nothing here parses")


@dataclass(frozen=True)
class Content:
    """An item's words as text ("" for a file), and for JSON the name of its document and what it says."""

    text: str = ""
    document: str = ""
    data: Any = None


def parse(kind: str, comp: str, meta: Mapping[str, Any], body: bytes) -> Content:
    """What an item of a post of this kind says; `meta` is its name, type and size. RuleError("content") for what no
    writer of ours seals there. A file is whatever it is: it is offered for saving and never read."""
    if meta["name"] or not (meta["type"] or body):
        return Content()
    text = _text(body)
    if meta["type"] == TEXT and comp in TABLE["text"]:
        return Content(text)
    if meta["type"] == JSON:
        return _document(kind, comp, text, body)
    raise RuleError("content")


def _text(body: bytes) -> str:
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError:
        raise RuleError("content") from None


def _document(kind: str, comp: str, text: str, body: bytes) -> Content:
    """The first of the documents that may stand there and that this is."""
    for row in TABLE["json"]:
        if row["comp"] != comp or kind not in row["kinds"]:
            continue
        for name in row["documents"]:
            try:
                return Content(text, name, COMPUTED[name](body) if name in COMPUTED else _flat(name, text))
            except RuleError:
                continue
    raise RuleError("content")


def _flat(name: str, text: str) -> dict[str, str]:
    """A document of strings by name. What a writer left out is absent, but of a whole one nothing is; what the table
    does not name is refused."""
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        raise RuleError("content") from None
    fields = TABLE["documents"][name]
    if not isinstance(value, dict) or not all(key in fields and _fits(fields[key], value[key]) for key in value):
        raise RuleError("content")
    if name in TABLE["whole"] and value.keys() != fields.keys():
        raise RuleError("content")
    return value


def _fits(form: str, value: object) -> bool:
    rule = TABLE["forms"][form]
    if not isinstance(value, str) or any("\ud800" <= char <= "\udfff" for char in value):
        return False
    if rule["pattern"] and not re.fullmatch(rule["pattern"], value):
        return False
    return len(value.encode()) <= int(rule["most"])
