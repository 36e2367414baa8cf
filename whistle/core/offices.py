"""Whose a channel is. A channel says who can open; an office says who they are and whose cases, numbers and money they
are. A channel belongs to one office for ever, by its policy: kind ":" office."""

from __future__ import annotations

import re
from collections.abc import Iterable

ZONE = "zone"  # the zone's own office
AUTHORITY = "authority"
ENTERPRISE = "enterprise"
KINDS = (AUTHORITY, ENTERPRISE)
_NAME = re.compile("[a-z0-9][a-z0-9-]{0,31}", re.ASCII)


def is_name(text: str) -> bool:
    """Whether an office may be called so: lower-case letters, digits and hyphens, at most 32."""
    return _NAME.fullmatch(text) is not None


def in_order(offices: Iterable[str]) -> list[str]:
    """Offices as they are listed, each once: the zone's own first."""
    return sorted(set(offices), key=lambda office: (office != ZONE, office))


def is_policy(text: str) -> bool:
    """Whether a channel may have this policy: kind ":" office, or "default" for the zone's own."""
    kind, colon, office = text.partition(":")
    return text == "default" or bool(colon and kind in KINDS and is_name(office))


def spelled(policy: str) -> str:
    """A policy with kind and office; without a colon it is the zone's own, and to spell that out is no move."""
    return policy if ":" in policy else f"{AUTHORITY}:{ZONE}"


def office_of(policy: str) -> str:
    """The office of a channel with this policy."""
    return spelled(policy).partition(":")[2]


def kind_of(policy: str) -> str:
    """What kind of office a channel with this policy belongs to."""
    return spelled(policy).partition(":")[0]


def is_authority(policy: str) -> bool:
    """Whether a channel with this policy is an authority's."""
    return kind_of(policy) == AUTHORITY


def is_one(policies: Iterable[str]) -> bool:
    """Whether these, of one channel in every directory that lists it, name one office."""
    return len(set(map(spelled, policies))) <= 1
