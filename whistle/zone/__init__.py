"""The offline ceremony: root key, channels, readers, roster, and the directories they are signed into.

Works on files in a folder and never on the network; what it signs is carried to the server by `publish`.
"""

from whistle.zone.ceremony import Published, Signed, init, last_readers, publish, sign
from whistle.zone.checks import refuse_moved
from whistle.zone.errors import ZoneError
from whistle.zone.folder import (
    Zone,
    add_channel,
    add_door,
    add_pack,
    add_person,
    add_reader,
    load,
    people_named,
    remove_door,
    remove_pack,
    remove_reader,
)
from whistle.zone.root import has_root
from whistle.zone.show import describe, to_be_listed
from whistle.zone.signed import carry, zone_of

__all__ = [
    "Published",
    "Signed",
    "Zone",
    "ZoneError",
    "add_channel",
    "add_door",
    "add_pack",
    "add_person",
    "add_reader",
    "carry",
    "describe",
    "has_root",
    "init",
    "last_readers",
    "load",
    "people_named",
    "publish",
    "refuse_moved",
    "remove_door",
    "remove_pack",
    "remove_reader",
    "sign",
    "to_be_listed",
    "zone_of",
]
