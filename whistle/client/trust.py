"""Which zone answers, and who its readers are: directories verified from number 0, channels by their hash."""

from collections.abc import Callable
from typing import Any

from whistle.client.errors import ClientError
from whistle.client.wire import Signed
from whistle.core.offices import is_one, kind_of
from whistle.crypto import fingerprint
from whistle.crypto.directory import DIRECTORY, Directories
from whistle.crypto.encoding import unb64
from whistle.crypto.errors import EnvelopeError
from whistle.crypto.strict import parse


class Trust:
    """The directories of one zone as one server tells them. Everything in it has been verified."""

    def __init__(self, directories: Callable[[], list[Signed]], channel: Callable[[str], bytes], pin: str = "") -> None:
        """`pin` is the zone's fingerprint from a poster; without one the first answer is believed."""
        self._ask_directories = directories
        self._ask_channel = channel
        self._pin = _read_pin(pin) if pin else b""
        self._known: Directories | None = None
        self._fetched: dict[str, bytes] = {}
        self.first_use = not pin

    @property
    def directories(self) -> Directories:
        return self._known if self._known is not None else self.refresh()

    @property
    def zone(self) -> bytes:
        return unb64(self.directories.newest["zone"], 16)

    @property
    def newest_hash(self) -> str:
        return self.directories.newest_hash

    def refresh(self) -> Directories:
        """Fetch and verify the directories again; never goes back to fewer than were seen."""
        signed = self._ask_directories()
        try:
            zone = self._pin or unb64(parse(DIRECTORY, signed[0][0])["zone"], 16)
            fresh = Directories.verify(zone, signed)
        except (EnvelopeError, IndexError):
            raise ClientError("pin" if self._pin and not self.first_use else "server_lies") from None
        if self._known is not None and not fresh.extends(self._known):
            raise ClientError("server_lies")
        self._pin = zone
        self._adopt(fresh)
        return fresh

    def channel(self, dir_hash: str, name: str) -> dict[str, Any] | None:
        """The channel of that directory, fetched when new; None when the directory lists no such channel."""
        document = self.directories.by_hash(dir_hash)
        if document is None:
            return None
        hashes = dict(document["channels"])
        if name not in hashes:
            return None
        self._load(hashes[name])
        if not is_one(one["policy"] for one in self.directories.versions(name)):
            raise ClientError("server_lies")  # a channel belongs to one office for ever
        return self.directories.channel(dir_hash, name)

    def office_kind(self, name: str) -> str:
        """What kind of office a channel belongs to that was fetched."""
        return kind_of(self.directories.versions(name)[-1]["policy"])

    def newest_channel(self, name: str = "") -> dict[str, Any]:
        """The channel of the newest directory (the first when none is named), to seal to."""
        listed = [one for one, _ in self.directories.newest["channels"]]
        found = self.channel(self.newest_hash, name or listed[0]) if listed else None
        if found is None:
            raise ClientError("no_reader")
        return found

    def _load(self, name: str) -> None:
        """Fetch a channel once; what does not hash so, or joins roles that must be apart, is refused."""
        if name in self._fetched:
            return
        data = self._ask_channel(name)
        try:
            self.directories.add_channel(data)
        except EnvelopeError:
            raise ClientError("server_lies") from None
        self._fetched[name] = data

    def _adopt(self, fresh: Directories) -> None:
        listed = {name for document in fresh.every() for _, name in document["channels"]}
        for name, data in self._fetched.items():
            if name in listed:
                fresh.add_channel(data)
        self._known = fresh


def _read_pin(text: str) -> bytes:
    try:
        return fingerprint.read(text)
    except EnvelopeError:
        raise ClientError("pin") from None
