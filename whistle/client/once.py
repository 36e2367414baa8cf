"""A form that may arrive twice: what is drawn with the empty page and what was written in it make the ticket.

The same form sent again is the same ticket, so the same report; a letter changed is another. Nothing is kept for it
anywhere: who has the page without the words, or the words without the page, has nothing."""

import json
import os
from collections.abc import Mapping
from itertools import count

from whistle.client.errors import ClientError
from whistle.crypto.encoding import b64, mac, unb64
from whistle.crypto.errors import EnvelopeError
from whistle.crypto.ticket import new_ticket

_SIZE = 16


def draw() -> str:
    """What an empty form carries: 16 random bytes as text."""
    return b64(os.urandom(_SIZE))


def ticket(drawn: str, said: Mapping[str, str]) -> str:
    """The 25 digits of this form with these answers. Raises ClientError("malformed") for what was not drawn here."""
    try:
        key = unb64(drawn, _SIZE)
    except EnvelopeError:
        raise ClientError("malformed") from None
    seed = mac(key, json.dumps(sorted(said.items())).encode())
    blocks = (mac(seed, bytes([at])) for at in count())
    return new_ticket(lambda _: next(blocks))
