"""A real server between a client and a door, which loses, spoils or refuses what it carries."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import httpx

Answer = tuple[int, bytes]
# What becomes of a filing: given the way on to the door, the answer, or None for a connection that is cut.
Fate = Callable[[Callable[[], Answer]], Answer | None]

ENDS = ("content-length", "transfer-encoding", "connection", "host", "content-encoding")


def lost(on: Callable[[], Answer]) -> Answer | None:
    """It arrives; the answer does not."""
    on()
    return None


def spoiled(on: Callable[[], Answer]) -> Answer | None:
    """It arrives; a proxy answers with a page of its own."""
    on()
    return 502, b"<h1>Bad gateway</h1>"


def unproved(on: Callable[[], Answer]) -> Answer | None:
    """It arrives; what comes back is no receipt."""
    status, _ = on()
    return status, b"{}"


def refused(on: Callable[[], Answer]) -> Answer | None:
    """The door does not take it."""
    return 422, b'{"error": "refused", "reason": "state"}'


def busy(on: Callable[[], Answer]) -> Answer | None:
    """The door says that it has no room, each time."""
    return 503, b'{"error": "busy", "retry": 1}'


@contextmanager
def between(door: str, fate: Fate, paths: tuple[str, ...] = ("/api/posts", "/api/enter")) -> Iterator[str]:
    """The address of the server: everything goes through, what is filed meets its fate."""

    class Carrier(BaseHTTPRequestHandler):
        def log_message(self, *_: Any) -> None:
            return

        def do_GET(self) -> None:
            self._answer(self._on(b""))

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("content-length", 0)))
            if self.path in paths:
                return self._answer(fate(lambda: self._on(body)))
            return self._answer(self._on(body))

        def _on(self, body: bytes) -> Answer:
            headers = {name: value for name, value in self.headers.items() if name.lower() not in ENDS}
            with httpx.Client(trust_env=False, timeout=30) as http:
                answer = http.request(self.command, door + self.path, content=body, headers=headers)
            self.cookies = answer.headers.get_list("set-cookie")
            return answer.status_code, answer.content

        def _answer(self, answer: Answer | None) -> None:
            if answer is None:
                return self.connection.close()
            status, body = answer
            self.send_response(status)
            for cookie in getattr(self, "cookies", ()):
                self.send_header("Set-Cookie", cookie)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)
            return None

    server = ThreadingHTTPServer(("127.0.0.1", 0), Carrier)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
