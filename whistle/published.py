"""What the zone has published, as this process knows it: directories, channels, working-day tables, enterprises."""

from __future__ import annotations

import json
import time
from collections.abc import Callable

from sqlalchemy import Connection

from whistle import almanac, enterprises
from whistle.core import calendar
from whistle.crypto.directory import Directories
from whistle.crypto.encoding import b64
from whistle.storage import directory as shelf
from whistle.storage.database import Database

YEARS_SECONDS = 60.0


class Published:
    """Holds the verified directory chain of one zone; ``current`` costs one small read.

    `years` are the working-day tables, at most a minute old: an administrator loads one without a restart.
    """

    def __init__(self, db: Database, zone: bytes, clock: Callable[[], float] = time.monotonic) -> None:
        self._db = db
        self.zone = zone
        self.years: calendar.Tables = calendar.shipped()
        self._known: Directories | None = None
        self._listed: tuple[str, bytes] = ("", b"")
        self._register = "", enterprises.EMPTY.encode()
        self._clock = clock
        self._looked = -YEARS_SECONDS

    async def current(self) -> Directories:
        """The verified chain up to the newest directory in the store. Raises EnvelopeError on a forged one."""
        if self._clock() - self._looked >= YEARS_SECONDS:
            self._looked = self._clock()
            self.years = await self._db.read_now(almanac.tables)
        newest = await self._db.read_now(shelf.newest_hash)
        if self._known is None or newest not in ("", self._known.newest_hash):
            self._known = await self._db.read_now(self._load)
        return self._known

    async def directories(self) -> list[dict[str, str]]:
        """Every directory from number 0 as both doors serve it: bytes and signature."""
        rows = await self._db.read_now(shelf.directories)
        return [{"bytes": row.bytes.decode(), "sig": b64(row.sig)} for row in rows]

    async def document(self) -> bytes:
        """The same as the JSON that both doors serve, made once for each newest directory."""
        newest = await self._db.read_now(shelf.newest_hash)
        if self._listed[0] != newest or not newest:
            listed = {"directories": await self.directories()}
            self._listed = newest, json.dumps(listed, separators=(",", ":")).encode()
        return self._listed[1]

    async def channel(self, digest: str) -> bytes | None:
        """A channel's bytes by their hash."""
        return await self._db.read_now(lambda tx: shelf.channel(tx, digest))

    async def enterprises(self) -> bytes:
        """The register of enterprises as JSON, the same for everybody; read again once another was loaded."""
        if await self._db.read_now(enterprises.mark) != self._register[0]:
            mark, document = await self._db.read(lambda tx: (enterprises.mark(tx), enterprises.document(tx)))
            self._register = mark, document.encode()
        return self._register[1]

    def _load(self, tx: Connection) -> Directories:
        rows = shelf.directories(tx)
        known = Directories.verify(self.zone, [(row.bytes, row.sig) for row in rows])
        for no, _ in enumerate(rows):
            for _, digest in known.every()[no]["channels"]:
                channel = shelf.channel(tx, digest)
                if channel is not None:
                    known.add_channel(channel)
        return known
