"""Which office a command is asked for, and what it is called."""

import json

from sqlalchemy import Connection

from whistle.cli import console
from whistle.core.offices import ZONE, office_of
from whistle.settings import Settings
from whistle.storage import directory


def name_of(tx: Connection, office: str, told: Settings) -> str:
    """The name of an office: the zone's own by the settings, any other by what the zone signed last. Fails for one that
    no channel ever belonged to: an empty ledger of a mistyped name would look like a sound one."""
    if office == ZONE:
        return told.office
    names = {office_of(each["policy"]): str(each["label"]) for each in map(json.loads, _channels(tx))}
    if office not in names:
        console.fail("office_unknown", name=office, names=console.listed(sorted({ZONE, *names})))
    return names[office]


def _channels(tx: Connection) -> list[bytes]:
    """Every channel that a directory has listed, those of the newest directory last."""
    newest = directory.newest_directory(tx)
    listed = [name for _, name in json.loads(newest.bytes)["channels"]] if newest else []
    found = (directory.channel(tx, name) for name in listed)
    return [*directory.channels(tx), *(each for each in found if each)]
