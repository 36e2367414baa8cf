"""Telling reviewers that there is something to look at: one fixed sentence, to addresses of their own, never of a case.

`schedule` says when, `addresses` where to, `mail` and `webhooks` how; `delivery` is the round that `jobs` runs.
"""

from whistle.notices.addresses import KINDS, Allowed, allowed, check, shown
from whistle.notices.delivery import Notifier, deliver, is_behind, run, say
from whistle.notices.errors import BadAddress, Undelivered
from whistle.notices.mail import Relay

__all__ = [
    "KINDS",
    "Allowed",
    "BadAddress",
    "Notifier",
    "Relay",
    "Undelivered",
    "allowed",
    "check",
    "deliver",
    "is_behind",
    "run",
    "say",
    "shown",
]
