"""The offline ceremony: root key, channels, readers, roster, and the directories they are signed into.

Works on files in a folder and never on the network; what it signs is carried to the server by `publish`.
"""

from whistle.zone.ceremony import Published, Signed, init, publish, sign
from whistle.zone.errors import ZoneError
from whistle.zone.folder import (
    Zone,
    add_channel,
    add_door,
    add_pack,
    add_person,
    add_reader,
    load,
    remove_door,
    remove_pack,
    remove_reader,
)
from whistle.zone.show import describe

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
    "describe",
    "init",
    "load",
    "publish",
    "remove_door",
    "remove_pack",
    "remove_reader",
    "sign",
]
