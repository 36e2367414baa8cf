"""The docket: cases as stored, and the one way a checked post joins them.

Both doors' verbs stand on this room. It checks posts and never opens an item.
"""

from whistle.docket.joining import ITEMS, REFUSALS, Joining, join
from whistle.docket.loading import Loaded, empty, fold_in, load, rebuild
from whistle.docket.order import misordered, received
from whistle.docket.rows import cached, record, told
from whistle.docket.serving import clocks, register_number, register_place, shown, tombs
from whistle.docket.shelf import Shelf, Standing
from whistle.docket.state import (
    TRANSCRIBED,
    Channel,
    Docket,
    Kept,
    Rejected,
    Seal,
    channel_of,
    last_channel,
    receipt_text,
)

__all__ = [
    "ITEMS",
    "REFUSALS",
    "TRANSCRIBED",
    "Channel",
    "Docket",
    "Joining",
    "Kept",
    "Loaded",
    "Rejected",
    "Seal",
    "Shelf",
    "Standing",
    "cached",
    "channel_of",
    "clocks",
    "empty",
    "fold_in",
    "join",
    "last_channel",
    "load",
    "misordered",
    "rebuild",
    "receipt_text",
    "received",
    "record",
    "register_number",
    "register_place",
    "shown",
    "told",
    "tombs",
]
