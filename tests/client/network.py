"""Networks that misbehave, around the real one: answers get lost, changed, or somebody is quicker."""

from collections.abc import Callable

import httpx


class Losing(httpx.BaseTransport):
    """The request arrives, and the first `count` answers to a path are lost on the way back."""

    def __init__(self, path: str, count: int = 1) -> None:
        self.sent: list[bytes] = []
        self._path = path
        self._left = count
        self._real = httpx.HTTPTransport()

    def close(self) -> None:
        self._real.close()

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        answer = self._real.handle_request(request)
        if request.method == "POST" and request.url.path == self._path:
            self.sent.append(request.content)
            if self._left:
                self._left -= 1
                answer.close()
                raise httpx.ReadError("lost")
        return answer


class Interrupting(httpx.BaseTransport):
    """Just before the first post of this client arrives, somebody else does something."""

    def __init__(self, somebody: Callable[[], object]) -> None:
        self.sent: list[bytes] = []
        self._somebody: Callable[[], object] | None = somebody
        self._real = httpx.HTTPTransport()

    def close(self) -> None:
        self._real.close()

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        if request.method == "POST" and request.url.path == "/api/posts":
            self.sent.append(request.content)
            first, self._somebody = self._somebody, None
            if first is not None:
                first()
        return self._real.handle_request(request)


class Lying(httpx.BaseTransport):
    """A server that changes its answers to one path."""

    def __init__(self, path: str, change: Callable[[bytes], bytes]) -> None:
        self._path = path
        self._change = change
        self._real = httpx.HTTPTransport()

    def close(self) -> None:
        self._real.close()

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        answer = self._real.handle_request(request)
        if request.url.path != self._path:
            return answer
        answer.read()
        return httpx.Response(answer.status_code, content=self._change(answer.content))


class Silent(httpx.BaseTransport):
    """No network at all; counts who tried."""

    def __init__(self) -> None:
        self.tried = 0

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        self.tried += 1
        raise httpx.ConnectError("nobody")


def parts(upload: bytes) -> list[bytes]:
    """The pieces of an upload: head, signature, body, grants, items."""
    found, at = [], 0
    while at < len(upload):
        size = int.from_bytes(upload[at : at + 4], "big")
        found.append(upload[at + 4 : at + 4 + size])
        at += 4 + size
    return found
