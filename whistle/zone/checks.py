"""What is looked at before a directory is signed: roles that must be apart, new keys, thin seats."""

from collections.abc import Callable, Iterable
from typing import Any

from whistle.core.offices import is_authority, is_one, office_of
from whistle.crypto import fingerprint
from whistle.crypto.directory import APART, check_apart
from whistle.crypto.encoding import unb64
from whistle.zone.errors import ZoneError

Document = dict[str, Any]
Confirm = Callable[[Document], str]

# Losing the only reader of a compartment loses its cases (envelope.md, section 4).
TWO_NEEDED = ("intake", "leader", "payout")


def refuse_joined(channels: list[Document]) -> None:
    """Nobody holds two roles that must be apart, by person over all channels (envelope.md, section 2)."""
    held: dict[str, set[str]] = {}
    for reader in readers(channels):
        mine = held.setdefault(reader["person"], set())
        mine.update(reader["roles"])
        for one, other in APART:
            if one in mine and other in mine:
                raise ZoneError("roles_apart", label=reader["label"], one=one, other=other)
    check_apart(channels)


def refuse_moved(channels: list[Document], before: list[list[Document]]) -> None:
    """A channel belongs to one office for ever: else its cases and its money would change hands with a signature."""
    first = {one["id"]: one["policy"] for earlier in reversed(before) for one in earlier}
    for channel in channels:
        was = str(first.get(channel["id"], channel["policy"]))
        if not is_one((was, channel["policy"])):
            raise ZoneError("channel_moved", channel=channel["id"], office=office_of(was))


def confirm_new(channels: list[Document], known: set[str], confirm: Confirm) -> None:
    """The signer types the fingerprint of every key no earlier directory listed, as its owner shows it.

    Else whoever carries the files invents a reviewer (envelope.md, section 3)."""
    for reader in readers(channels):
        if reader["rid"] in known:
            continue
        if not fingerprint.same(confirm(reader), unb64(reader["rid"], 16)):
            raise ZoneError("fingerprint", label=reader["label"])
        known.add(reader["rid"])


def warnings(channels: list[Document], before: list[list[Document]]) -> list[tuple[str, dict[str, str]]]:
    """Codes and facts of what is allowed but should be known before signing."""
    return [*_thin(channels), *_enterprises(channels), *_turned(channels, before)]


def last_readers(
    before: list[Document], channels: list[Document], sole: list[tuple[frozenset[str], int]]
) -> list[tuple[str, dict[str, str]]]:
    """Who leaves with these channels though something of so many open cases opens for his keys alone (`sole`)."""
    labels = {one["rid"]: one["label"] for one in readers(before)}
    left = labels.keys() - {one["rid"] for one in readers(channels)}
    leaving = ((rids, cases) for rids, cases in sole if rids and rids <= left)
    return [("last_reader", {"label": labels[min(rids)], "cases": str(cases)}) for rids, cases in leaving]


def readers(channels: Iterable[Document]) -> Iterable[Document]:
    """Every listed key of every channel."""
    return (reader for channel in channels for reader in channel["readers"])


def _thin(channels: list[Document]) -> Iterable[tuple[str, dict[str, str]]]:
    for channel in channels:
        for role in TWO_NEEDED:
            if len({one["person"] for one in channel["readers"] if role in one["roles"]}) < 2:
                yield "few_readers", {"channel": channel["id"], "role": role}


def _enterprises(channels: list[Document]) -> Iterable[tuple[str, dict[str, str]]]:
    # Two subordinates of one boss are not two persons: whoever signs it shall know what it may not be trusted with.
    for channel in channels:
        if not is_authority(channel["policy"]):
            yield "enterprise_office", {"channel": channel["id"]}


def _turned(channels: list[Document], before: list[list[Document]]) -> Iterable[tuple[str, dict[str, str]]]:
    # He keeps what he opened as intake: the words, beside the payee (envelope.md, section 5).
    was = {one["person"] for earlier in before for one in readers(earlier) if "intake" in one["roles"]}
    now = {one["person"]: one["label"] for one in readers(channels) if "payout" in one["roles"]}
    for person in sorted(was & set(now)):
        yield "intake_to_payout", {"label": now[person]}
