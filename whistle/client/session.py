"""A reviewer's session at the review door: login by signature, then its API. No key leaves here."""

import os
from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Any

import httpx

from whistle.client.wire import OCTETS, HttpWire, Signed, reading, receipt, signed_list
from whistle.crypto.encoding import b64, unb64
from whistle.crypto.keys import KeyPair
from whistle.crypto.login import sign_login

Json = dict[str, Any]


class Session:
    """The review door's API, signed in as one key."""

    def __init__(self, url: str, http: httpx.Client, origin: str = "") -> None:
        """`origin` is the one this client was configured with; what the server says counts for nothing."""
        self._wire = HttpWire(url, http)
        self._origin = origin or url.rstrip("/")
        self.me: Json = {}

    def login(self, keys: KeyPair, zone: str, rid: str, directory: str) -> Json:
        """Sign the server's nonce and ours for this origin, zone and directory (envelope.md section 2)."""
        asked = self._send("/api/login/challenge", {})
        nonce, expires = reading(lambda: (unb64(asked["nonce"], 32), int(asked["expires"])))
        ours = os.urandom(32)
        sig = sign_login(
            keys, unb64(zone, 16), self._origin, unb64(rid, 16), unb64(directory, 32), nonce, ours, expires
        )
        said = {
            "rid": rid,
            "dir": directory,
            "nonce": b64(nonce),
            "client_nonce": b64(ours),
            "expires": expires,
        }
        self.me = self._send("/api/login", said | {"sig": b64(sig)})
        return self.me

    def serve(self, office: str) -> None:
        """Ask everything from now on for this office."""
        self._wire.always = {"Whistle-Office": office}

    def logout(self) -> None:
        """End the session on the server."""
        self._send("/api/logout", {})
        self.me = {}

    def directory(self) -> list[Signed]:
        return signed_list(self.get("/api/directory"))

    def channel(self, name: str) -> bytes:
        return self._wire.get(f"/api/channels/{name}").content

    def case(self, case: str) -> Json:
        found: Json = self._wire.get("/api/case", headers={"Whistle-Case": case}).json()
        return found

    def inbox(self, filters: dict[str, str]) -> list[Json]:
        """Every row."""
        return list(self.pages("/api/inbox", "rows", filters))

    def pages(self, path: str, name: str, filters: Mapping[str, str] = MappingProxyType({})) -> Iterator[Json]:
        """Everything that an address lists under this name, page after page to the end."""
        after = ""
        while True:
            page = self.get(path, {**filters, "after": after})
            yield from page.get(name, [])
            after = str(page.get("next", ""))
            if not after:
                return

    def post(self, upload: bytes, *, strand: bool = False) -> Signed:
        """`strand`: the door is told that he steps back though something opens for nobody afterwards."""
        headers = {"Content-Type": OCTETS, "Origin": self._origin} | ({"Whistle-Strand": "yes"} if strand else {})
        return receipt(self._wire.send("POST", "/api/posts", content=upload, headers=headers).json())

    def transcribe(self, upload: bytes) -> Signed:
        """A report taken down for a caller; the receipt."""
        headers = {"Content-Type": OCTETS, "Origin": self._origin}
        return receipt(self._wire.send("POST", "/api/enter", content=upload, headers=headers).json())

    def put_part(self, case: str, name: str, data: bytes) -> None:
        """Deliver one part of a large item, named as in the header Whistle-Part."""
        headers = {"Content-Type": OCTETS, "Origin": self._origin, "Whistle-Case": case, "Whistle-Part": name}
        self._wire.send("PUT", "/api/parts", content=data, headers=headers)

    def slices(self, case: str, item: str) -> bytes:
        """The hashes of an item's slices, 32 bytes each."""
        return self._wire.get("/api/slices", headers={"Whistle-Case": case, "Whistle-Item": item}).content

    def piece(self, case: str, item: str, first: int, last: int) -> bytes:
        """Bytes first…last of an item's blob."""
        named = {"Whistle-Case": case, "Whistle-Item": item, "Range": f"bytes={first}-{last}"}
        return self._wire.get("/api/item", headers=named).content

    def seen(self, case: str, head: str) -> None:
        """Mark a case read up to a head."""
        self._send("/api/seen", {"case": case, "head": head})

    def book(self, booking: bytes, sig: bytes) -> Json:
        """Enter what finance signed."""
        return self._send("/api/ledger/book", {"booking": booking.decode(), "sig": b64(sig)})

    def get(self, path: str, params: dict[str, str] | None = None) -> Json:
        """GET some JSON."""
        found: Json = self._wire.get(path, params).json()
        return found

    def _send(self, path: str, document: Json) -> Json:
        response = self._wire.send("POST", path, json=document, headers={"Origin": self._origin})
        answer = response.json() if response.content else {}
        return answer if isinstance(answer, dict) else {}
