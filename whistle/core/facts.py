"""The facts a sum rests on: sealed with a case, in fen; typed by people, in yuan."""

import base64
import json
import re
from collections.abc import Iterable
from dataclasses import asdict, dataclass, fields
from typing import Any

from whistle.core import strictjson, yuan
from whistle.core.errors import RuleError

KINDS = ("major_hazard", "violation", "general_hazard", "concealed_accident")
MAX_DEATHS = 100_000
SUMS = ("fine", "officer_value")  # in fen
# A fact that the kind of case has no use for is a slip of the pen: refused, never ignored.
_ONLY = {
    "officer_value": {"general_hazard"},
    "reason": {"general_hazard"},
    "deaths": {"concealed_accident"},
    "deaths_concealed": {"concealed_accident"},
    "annex_item": {"major_hazard", "violation", "general_hazard"},
}
# What a proposal takes over from the finding. Proof of employment, the officer's value inside its band and the reason
# for that value are payout's own.
TAKEN_OVER = ("kind", "fine", "deaths", "deaths_concealed", "annex_item", "domain")
_SIZES = {"reason": 600, "annex_item": 64}
_DOMAIN = re.compile(r"[a-z0-9_]{0,32}")


@dataclass(frozen=True)
class Facts:
    """What was found. `fine` is the sum decided for the reported matter, `deaths` fixes the accident's grade,
    `deaths_concealed` are paid for; `employee` is true only when employment is proven."""

    kind: str
    fine: int = 0
    employee: bool = False
    officer_value: int = 0
    reason: str = ""
    deaths: int = 0
    deaths_concealed: int = 0
    annex_item: str = ""
    domain: str = ""


_TYPES = {field.name: type(field.default) if field.name != "kind" else str for field in fields(Facts)}


def check_facts(facts: Facts) -> Facts:
    """The same facts, or RuleError with the code of what cannot be."""
    _check_types(facts)
    if facts.kind not in KINDS:
        raise RuleError("kind_unknown")
    for name in SUMS:
        yuan.check_fen(getattr(facts, name))
    if not 0 <= facts.deaths <= MAX_DEATHS:
        raise RuleError("deaths_range", deaths=facts.deaths)
    if not 0 <= facts.deaths_concealed <= facts.deaths:
        raise RuleError("more_concealed_than_dead", deaths=facts.deaths, concealed=facts.deaths_concealed)
    for name, kinds in _ONLY.items():
        if getattr(facts, name) and facts.kind not in kinds:
            raise RuleError("fact_unused", fact=name, kind=facts.kind)
    if facts.officer_value and facts.fine:
        raise RuleError("fact_unused", "a fined matter goes by the fine", fact="officer_value", kind=facts.kind)
    return facts


def differences(found: Facts | None, proposed: Facts) -> tuple[str, ...]:
    """The names of the facts that a proposal does not take over from its finding; all of them where the finding
    states none."""
    return tuple(name for name in TAKEN_OVER if found is None or getattr(found, name) != getattr(proposed, name))


def _check_types(facts: Facts) -> None:
    for name, wanted in _TYPES.items():
        if type(getattr(facts, name)) is not wanted:
            raise RuleError("fact_type", fact=name)
    for name, size in _SIZES.items():
        if not strictjson.is_plain(getattr(facts, name), size):
            raise RuleError("fact_text", fact=name)
    if not _DOMAIN.fullmatch(facts.domain):
        raise RuleError("fact_text", fact="domain")


def facts_from_yuan(text: str | bytes) -> Facts:
    """Facts as people write them: JSON with sums as text in yuan. Unknown or doubled keys are refused."""
    try:
        value = json.loads(text, object_pairs_hook=_no_doubles)
    except RuleError:
        raise
    except (ValueError, RecursionError) as error:
        raise RuleError("facts_json") from error
    if not isinstance(value, dict):
        raise RuleError("facts_json")
    _check_names(value)
    known: dict[str, Any] = {name: yuan.parse(x) if name in SUMS else x for name, x in value.items()}
    return check_facts(Facts(**known))


def _no_doubles(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    if len({name for name, _ in pairs}) != len(pairs):
        raise RuleError("fact_twice")
    return dict(pairs)


def _check_names(names: Iterable[str]) -> None:
    if "kind" not in names:
        raise RuleError("kind_missing")
    for name in names:
        if name not in _TYPES:
            raise RuleError("fact_unknown")


def facts_document(facts: Facts, salt: bytes) -> bytes:
    """The body of the `award` item: strict JSON. The salt keeps the fine from being guessed
    from the hash in the public fields."""
    if len(salt) != 32:
        raise RuleError("salt_size")
    return strictjson.dump({"salt": _b64(salt), **asdict(check_facts(facts))})


def parse_facts(data: bytes) -> tuple[Facts, bytes]:
    """A facts document back into facts and salt; anything but the one spelling is refused."""
    try:
        value = strictjson.load(data)
    except ValueError as error:
        raise RuleError("facts_json") from error
    if not isinstance(value, dict) or list(value) != ["salt", *_TYPES]:
        raise RuleError("facts_keys")
    salt = _unb64(value.pop("salt"))
    return check_facts(Facts(**value)), salt


def _b64(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def _unb64(text: object) -> bytes:
    try:
        salt = base64.urlsafe_b64decode(f"{text}=")
    except ValueError as error:
        raise RuleError("salt_size") from error
    if len(salt) != 32 or _b64(salt) != text:
        raise RuleError("salt_size")
    return salt
