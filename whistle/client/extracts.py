"""An extract as it is written: what of her own words stands in it, and what else may point at her."""

from collections.abc import Iterable, Mapping

from whistle.client.reading import Opened
from whistle.core import telltale

HERS = ("report", "thread")  # compartments her words stand in
SHOWN = ("enterprise", "place", "line")  # of the second card, what is words
TEXT = "text"


def telltales(items: Iterable[Opened], card: Mapping[str, str], text: str) -> dict[str, list[str]]:
    """Passages to look at before these words are signed, by the line of the card or "text" they stand in."""
    opened = list(items)
    said = {name: card.get(name, "") for name in SHOWN} | {TEXT: text}
    found = {name: telltale.places(words, _originals(opened, name)) for name, words in said.items()}
    return {name: [said[name][at.start : at.end] for at in places] for name, places in found.items() if places}


def marks(items: Iterable[Opened]) -> dict[str, list[str]]:
    """The same passages in the newest extract, for whoever opens it: names, numbers and hours, and what it copies of
    her words that this person holds, such as her objection."""
    opened = list(items)
    signed = [item for item in opened if item.kind == "extract" and item.comp == "work"]
    mine = [item for item in signed if item.post == signed[-1].post]
    card: Mapping[str, str] = next((item.data for item in mine if item.document == "card"), {})
    return telltales(opened, card, next((item.text for item in mine if not item.document), ""))


def is_report(items: Iterable[Opened], text: str) -> bool:
    """Whether the text is something of hers, letter for letter."""
    return any(telltale.is_whole(text, words) for words in _originals(items, TEXT))


def _originals(items: Iterable[Opened], name: str) -> list[str]:
    """What she wrote; for the line of the card also the line of hers, which is the beginning of her text."""
    opened = list(items)
    words = [item.text for item in opened if item.comp in HERS and item.author == "reporter" and item.text]
    lines = [item.data.get("line", "") for item in opened if item.kind == "report" and item.document == "card"]
    return words + (lines if name == "line" else [])
