"""One process for one form of the page without script: it reads the form, seals or opens, writes the page, and ends.

`python -m whistle.public.child FD` is their parent: it loads words and templates once, never sees a form, and forks a
child for every socket that the door hands it. A child has no database, writes no file and leaves no core; what it held
goes back to the system with it.
"""

from __future__ import annotations

import contextlib
import ctypes
import json
import os
import resource
import signal
import socket
import sys
from typing import Any

from whistle.client import Challenge, ClientError, Public, wire
from whistle.public import form, frames
from whistle.web.faults import place
from whistle.web.pages import Pages, given

SECONDS, CPU_SECONDS = 330, 60
_NOT_DUMPABLE = 4  # prctl.h: PR_SET_DUMPABLE, with 0


class Door:
    """The door at the other end of a socket."""

    def __init__(self, sock: socket.socket) -> None:
        self._sock = sock

    def send(self, kind: bytes, data: bytes = b"") -> None:
        self._sock.sendall(frames.packed(kind, data))

    def receive(self) -> tuple[bytes, bytes]:
        kind, size = frames.HEAD.unpack(self._exactly(frames.HEAD.size))
        return kind, self._exactly(size)

    def ask(self, kind: bytes, **asked: str) -> Any:
        """Raises ClientError for a refusal."""
        self.send(kind, json.dumps(asked).encode())
        kind, data = self.receive()
        said = json.loads(data)
        if kind == frames.REFUSED:
            raise ClientError(said["code"], **said["facts"])
        return said

    def _exactly(self, size: int) -> bytes:
        found = bytearray()
        while len(found) < size:
            piece = self._sock.recv(size - len(found))
            if not piece:
                raise EOFError
            found += piece
        return bytes(found)


class Wire:
    """A ``client.Wire`` through the door: sealed bytes go over it, and nothing that was typed."""

    def __init__(self, door: Door) -> None:
        self._door = door

    def directory(self) -> list[wire.Signed]:
        return wire.signed_list(self._verb("directory"))

    def channel(self, name: str) -> bytes:
        return frames.data(self._verb("channel", name=name)["bytes"])

    def challenge(self, purpose: str, authorization: str = "", size: int = 0) -> Challenge:
        return wire.challenge(self._verb("challenge", purpose=purpose, authorization=authorization))

    def post(self, upload: bytes, work: str, authorization: str = "") -> wire.Signed:
        return wire.receipt(self._verb("post", upload=frames.text(upload), work=work, authorization=authorization))

    def put_part(self, name: str, data: bytes, work: str, authorization: str) -> None:
        self._verb("put_part", name=name, data=frames.text(data), work=work, authorization=authorization)

    def drop_parts(self, name: str, authorization: str) -> None:
        self._verb("drop_parts", name=name, authorization=authorization)

    def case(self, authorization: str) -> dict[str, Any]:
        found: dict[str, Any] = self._verb("case", authorization=authorization)
        return found

    def _verb(self, verb: str, **asked: str) -> Any:
        return self._door.ask(frames.VERB, verb=verb, **asked)


def serve(sock: socket.socket, pages: Pages, pin: str) -> None:
    """One form, from its first piece to its page."""
    door = Door(sock)
    try:
        status, page = _page(door, pages, pin)
        door.send(frames.PAGE, frames.STATUS.pack(status) + page)
    except (EOFError, ConnectionError):
        return  # the door has hung up
    except Exception as error:
        door.send(frames.FAULT, place(error).encode())


def _page(door: Door, pages: Pages, pin: str) -> tuple[int, bytes]:
    setup = json.loads(door.receive()[1])
    data = bytearray()
    while (piece := door.receive())[0] == frames.PIECE:
        data += piece[1]
    came = (setup["type"], bytes(data), bool(piece[1]))

    def turn(visit: str) -> None:
        door.ask(frames.TURN, visit=visit)

    return form.answer(Public(Wire(door), pin), pages, setup["language"], came, turn)


def _confine() -> None:
    """No core, no file, no debugger, little time."""
    for what, most in ((resource.RLIMIT_CORE, 0), (resource.RLIMIT_FSIZE, 0), (resource.RLIMIT_CPU, CPU_SECONDS)):
        resource.setrlimit(what, (most, most))
    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL(None).prctl(_NOT_DUMPABLE, 0)
    signal.alarm(SECONDS)


def main(control: socket.socket) -> None:
    """Forks until the door is gone."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # the system forgets children that have ended
    setup = json.loads(Door(control).receive()[1])  # not a byte more: the next one brings a socket
    pages = given(setup["pages"])
    while True:
        _, fds, _, _ = socket.recv_fds(control, 1, 1)
        if not fds:
            return
        with socket.socket(fileno=fds[0]) as sock:
            if os.fork() == 0:
                control.close()
                _confine()
                serve(sock, pages, setup["pin"])
                os._exit(0)


if __name__ == "__main__":
    main(socket.socket(fileno=int(sys.argv[1])))
