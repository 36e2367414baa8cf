"""A real receiver of webhooks, a process of its own: `python -m tests.notices.http_server PORT FOLDER [CERT]`.

What it is sent it writes into the folder, a file a request. The path says how it answers."""

from __future__ import annotations

import http.server
import itertools
import json
import ssl
import sys
import threading
from pathlib import Path
from typing import Any

NUMBERS = itertools.count(1)
ANSWERS: dict[str, tuple[int, bytes]] = {
    "/ok": (200, b"{}"),
    "/wecom": (200, b'{"errcode":0,"errmsg":"ok"}'),
    "/wecom-says-no": (200, b'{"errcode":93000,"errmsg":"invalid webhook url"}'),
    "/feishu": (200, b'{"code":0,"msg":"success"}'),
    "/missing": (404, b""),
    "/broken": (502, b""),
    "/redirect": (302, b""),
    "/endless": (200, b""),
}


class Handler(http.server.BaseHTTPRequestHandler):
    """Keeps what comes."""

    folder: Path
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        path = self.path.partition("?")[0]
        kept = self.folder / f"{next(NUMBERS):06}.part"
        said = {"path": self.path, "headers": dict(self.headers), "body": body.decode()}
        kept.write_text(json.dumps(said), encoding="utf-8")
        kept.rename(kept.with_suffix(".json"))
        if path == "/hang" and (self.folder / "hang").exists():
            threading.Event().wait()
        status, answer = ANSWERS.get(path, (200, b"{}"))
        self.send_response(status)
        if status == 302:
            self.send_header("Location", "/ok")
        if path == "/endless":
            self.send_header("Content-Length", str(1 << 40))
            self.end_headers()
            while True:
                self.wfile.write(bytes(65_536))
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, *_: Any) -> None:
        return


class Server(http.server.ThreadingHTTPServer):
    """Says nothing of clients that go."""

    def handle_error(self, *_: Any) -> None:
        return


def main(port: str, folder: str, certificate: str = "") -> None:
    Handler.folder = Path(folder)
    server = Server(("127.0.0.1", int(port)), Handler)
    if certificate:
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(certificate)
        server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    (Handler.folder / "ready").touch()
    sys.stdin.read()  # until whoever started it is gone


if __name__ == "__main__":
    main(*sys.argv[1:])
