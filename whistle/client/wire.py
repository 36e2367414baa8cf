"""The public door's API as a client sees it; the only module of the reporter's side that speaks HTTP."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar

import httpx

from whistle.client.errors import ClientError
from whistle.crypto.encoding import unb64
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

    def challenge(self, purpose: str, authorization: str = "") -> Challenge:
        """Work for a report, message or claim."""

    def post(self, upload: bytes, work: str, authorization: str = "") -> Signed:
        """Deliver a post; the receipt. The same head again gives the same receipt."""

    def case(self, authorization: str) -> dict[str, Any]:
        """The one case whose ticket is shown."""


class HttpWire:
    """`Wire` over HTTP. A lost answer is asked for again: a post is known by its head and kept once."""

    def __init__(self, url: str, http: httpx.Client, sleep: Callable[[float], None] = time.sleep) -> None:
        self._url = url.rstrip("/")
        self._http = http
        self._sleep = sleep

    def directory(self) -> list[Signed]:
        return signed_list(self.get("/api/directory").json())

    def channel(self, name: str) -> bytes:
        return self.get(f"/api/channels/{name}").content

    def challenge(self, purpose: str, authorization: str = "") -> Challenge:
        return challenge(
            self.get("/api/challenge", {"purpose": purpose}, headers=_ticket(authorization)).json()
        )

    def post(self, upload: bytes, work: str, authorization: str = "") -> Signed:
        headers = {"Content-Type": OCTETS} | ({"Whistle-Work": work} if work else {}) | _ticket(authorization)
        return receipt(self.send("POST", "/api/posts", content=upload, headers=headers).json())

    def case(self, authorization: str) -> dict[str, Any]:
        found: dict[str, Any] = self.get("/api/case", headers=_ticket(authorization)).json()
        return found

    def get(
        self, path: str, params: dict[str, str] | None = None, headers: dict[str, str] | None = None
    ) -> httpx.Response:
        """GET, with the retries and errors of `send`."""
        return self.send("GET", path, params=params, headers=headers)

    def send(self, method: str, path: str, **how: Any) -> httpx.Response:
        """One request, tried again while network or server is away. Raises ClientError on any refusal."""
        for attempt in range(TRIES):
            if attempt:
                self._sleep(PAUSE * 2**attempt)
            try:
                response = self._http.request(method, self._url + path, **how)
            except httpx.TransportError:
                continue
            if response.status_code not in {429, 502, 503, 504} or attempt == TRIES - 1:
                return _accepted(response)
        raise ClientError("offline")


def signed_list(answer: Any) -> list[Signed]:
    """The directories of an API answer."""
    return reading(lambda: [(one["bytes"].encode(), unb64(one["sig"], 64)) for one in answer["directories"]])


def challenge(answer: Any) -> Challenge:
    """The challenge of an API answer."""
    return reading(
        lambda: Challenge(unb64(answer["challenge"]), str(answer["day"]), str(answer.get("prev", "")))
    )


def receipt(answer: Any) -> Signed:
    """The receipt of an API answer."""
    return reading(lambda: (answer["bytes"].encode(), unb64(answer["sig"], 64)))


def reading(read: Callable[[], T]) -> T:
    """Run a reading of what the server sent; whatever is missing or misshapen is the server's fault."""
    try:
        return read()
    except (KeyError, TypeError, ValueError, AttributeError, IndexError, EnvelopeError):
        raise ClientError("server_lies") from None


def _accepted(response: httpx.Response) -> httpx.Response:
    if response.is_success:
        return response
    try:
        answer = response.json()
        code, facts = str(answer.pop("error")), answer
    except (ValueError, KeyError, AttributeError, TypeError):
        code, facts = "fault", {}
    raise ClientError(code, **{str(name): value for name, value in facts.items()})


def _ticket(authorization: str) -> dict[str, str]:
    return {"Authorization": authorization} if authorization else {}
