"""Which office a command is asked for, and what it is called."""

import json
from functools import partial

from sqlalchemy import Connection

from whistle.cli import console
from whistle.cli.entering import entered
from whistle.core.offices import AUTHORITY, ZONE, in_order, kind_of, office_of
from whistle.settings import Settings
from whistle.storage import directory
from whistle.storage.database import Database


def asked(db: Database, told: Settings, office: str, act: str, **entry: str) -> str:
    """The act is entered for this office before anything of it is told; its name. Fails as `name_of`, and then nothing
    is entered."""
    named = db.read_sync(partial(name_of, office=office, told=told))
    entered(db, act, office=office, **entry)
    return named


def name_of(tx: Connection, office: str, told: Settings) -> str:
    """The name of an office: the zone's own by the settings, any other by what the zone signed last. Fails for one that
    no channel ever belonged to: an empty ledger of a mistyped name would look like a sound one."""
    if office == ZONE:
        return told.office
    names = {office_of(each["policy"]): str(each["label"]) for each in map(json.loads, _channels(tx))}
    if office not in names:
        console.fail("office_unknown", name=office, names=console.listed(in_order({ZONE, *names})))
    return names[office]


def of_channel(tx: Connection, channel: str) -> str:
    """The office of a channel; the zone's own for one that nobody knows, and for none."""
    found = {str(each["id"]): office_of(each["policy"]) for each in map(json.loads, _channels(tx))}
    return found.get(channel, ZONE)


def kind_of_channel(tx: Connection, channel: str) -> str:
    """What kind of office a channel belongs to; an authority for one that nobody knows, and for none."""
    found = {str(each["id"]): kind_of(each["policy"]) for each in map(json.loads, _channels(tx))}
    return found.get(channel, AUTHORITY)


def _channels(tx: Connection) -> list[bytes]:
    """Every channel that a directory has listed, those of the newest directory last."""
    newest = directory.newest_directory(tx)
    listed = [name for _, name in json.loads(newest.bytes)["channels"]] if newest else []
    found = (directory.channel(tx, name) for name in listed)
    return [*directory.channels(tx), *(each for each in found if each)]
