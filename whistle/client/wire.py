"""The public door's API as a client sees it; the only module of the reporter's side that speaks HTTP."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar

import httpx

from whistle.client.errors import ClientError
from whistle.crypto.encoding import b64, unb64
from whistle.crypto.errors import EnvelopeError

T = TypeVar("T")
Signed = tuple[bytes, bytes]

TRIES = 3
PAUSE = 0.5
OCTETS = "application/octet-stream"


@dataclass(frozen=True)
class Challenge:
    """Work to do before a post, the zone's day to write into it, and the newest head to sign after."""

    challenge: bytes
    day: str
    prev: str = ""


class Wire(Protocol):
    """What a reporter's client asks of the public door; the no-script page answers it without a network."""

    def directory(self) -> list[Signed]:
        """Every directory from number 0, as (bytes, sig)."""

    def channel(self, name: str) -> bytes:
        """The bytes of the channel with this hash."""

    def challenge(self, purpose: str, authorization: str = "", size: int = 0) -> Challenge:
        """Work for a report, message or claim with `size` bytes of sealed items."""

    def post(self, upload: bytes, work: str, authorization: str = "") -> Signed:
        """Deliver a post; the receipt. The same head again gives the same receipt."""

    def case(self, authorization: str) -> dict[str, Any]:
        """The one case whose ticket is shown."""

    def put_part(self, name: str, data: bytes, work: str, authorization: str) -> None:
        """Deliver one part of a large item, named as in the header Whistle-Part."""

    def drop_parts(self, name: str, authorization: str) -> None:
        """Take back the parts of an item that was not posted."""


class HttpWire:
    """`Wire` over HTTP. A lost answer is asked for again: a post is known by its head and kept once."""

    def __init__(self, url: str, http: httpx.Client, sleep: Callable[[float], None] = time.sleep) -> None:
        self._url = url.rstrip("/")
        self._http = http
        self._sleep = sleep
        self.always: dict[str, str] = {}  # headers of every request

    def directory(self) -> list[Signed]:
        return signed_list(self.get("/api/directory").json())

    def channel(self, name: str) -> bytes:
        return self.get(f"/api/channels/{name}").content

    def challenge(self, purpose: str, authorization: str = "", size: int = 0) -> Challenge:
        asked = {"Whistle-Purpose": purpose, "Whistle-Size": str(size)} | _ticket(authorization)
        return challenge(self.get("/api/challenge", headers=asked).json())

    def post(self, upload: bytes, work: str, authorization: str = "") -> Signed:
        headers = {"Content-Type": OCTETS} | ({"Whistle-Work": work} if work else {}) | _ticket(authorization)
        return receipt(self.send("POST", "/api/posts", content=upload, headers=headers).json())

    def case(self, authorization: str) -> dict[str, Any]:
        found: dict[str, Any] = self.get("/api/case", headers=_ticket(authorization)).json()
        return found

    def put_part(self, name: str, data: bytes, work: str, authorization: str) -> None:
        headers = {"Content-Type": OCTETS, "Whistle-Part": name} | ({"Whistle-Work": work} if work else {})
        self.send("PUT", "/api/parts", content=data, headers=headers | _ticket(authorization))

    def drop_parts(self, name: str, authorization: str) -> None:
        self.send("DELETE", "/api/parts", headers={"Whistle-Part": name} | _ticket(authorization))

    def get(
        self, path: str, params: dict[str, str] | None = None, headers: dict[str, str] | None = None
    ) -> httpx.Response:
        """GET, with the retries and errors of `send`."""
        return self.send("GET", path, params=params, headers=headers)

    def send(self, method: str, path: str, **how: Any) -> httpx.Response:
        """One request, tried again while network or server is away. Raises ClientError on any refusal; `lost` where one
        of the tries went out and was not answered."""
        how["headers"] = self.always | (how.get("headers") or {})
        lost = False
        for attempt in range(TRIES):
            if attempt:
                self._sleep(PAUSE * 2**attempt)
            try:
                response = self._http.request(method, self._url + path, **how)
            except httpx.TransportError as error:
                lost |= not isinstance(error, _NEVER_SENT)
                continue
            lost |= not response.is_success and not _is_answer(response)
            if response.status_code not in {429, 502, 503, 504} or attempt == TRIES - 1:
                return _accepted(response, lost)
        raise _refused("offline", {}, lost)


def signed_list(answer: Any) -> list[Signed]:
    """The directories of an API answer."""
    return reading(lambda: [(one["bytes"].encode(), unb64(one["sig"], 64)) for one in answer["directories"]])


def challenge(answer: Any) -> Challenge:
    """The challenge of an API answer."""

    def read() -> Challenge:
        sealed, prev = unb64(answer["challenge"]), str(answer.get("prev", ""))
        if not sealed:
            raise ValueError
        return Challenge(sealed, str(answer["day"]), b64(unb64(prev, 32)) if prev else "")

    return reading(read)


def receipt(answer: Any) -> Signed:
    """The receipt of an API answer."""
    return reading(lambda: (answer["bytes"].encode(), unb64(answer["sig"], 64)))


def reading(read: Callable[[], T]) -> T:
    """Run a reading of what the server sent; whatever is missing or misshapen is the server's fault."""
    try:
        return read()
    except (KeyError, TypeError, ValueError, AttributeError, IndexError, EnvelopeError):
        raise ClientError("server_lies") from None


# No byte of the request left this machine.
_NEVER_SENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.UnsupportedProtocol)
_FAULT = "fault"


def _accepted(response: httpx.Response, lost: bool) -> httpx.Response:
    if response.is_success:
        return response
    code, facts = _refusal(response)
    raise _refused(code, facts, lost)


def _is_answer(response: httpx.Response) -> bool:
    """Whether the door itself refused: what a proxy says in its place, or a door that broke, is no answer."""
    return _refusal(response)[0] != _FAULT


def _refusal(response: httpx.Response) -> tuple[str, dict[str, Any]]:
    try:
        answer = response.json()
        return str(answer.pop("error")), answer
    except (ValueError, KeyError, AttributeError, TypeError):
        return _FAULT, {}


def _refused(code: str, facts: dict[str, Any], lost: bool) -> ClientError:
    error = ClientError(code, **{str(name): value for name, value in facts.items()})
    error.lost = lost
    return error


def _ticket(authorization: str) -> dict[str, str]:
    return {"Authorization": authorization} if authorization else {}
