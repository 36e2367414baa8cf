"""A real SMTP server, a process of its own: `python -m tests.notices.smtp_server PORT FOLDER [CERT]`.

What it takes it writes into the folder, a file a message. Files in the folder steer it: `refuse` answers 451, `hold`
keeps the answer to a message that was taken back."""

from __future__ import annotations

import asyncio
import itertools
import ssl
import sys
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, LoginPassword

USER, PASSWORD = "whistle", "a-password-of-the-relay"


class Handler:
    """Keeps what comes."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.numbers = folder, itertools.count(1)

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802 - aiosmtpd's name
        if (self.folder / "refuse").exists():
            return "451 4.7.1 not now"
        kept = self.folder / f"{next(self.numbers):06}.part"
        kept.write_bytes(envelope.rcpt_tos[0].encode() + b"\r\n" + envelope.content)
        kept.rename(kept.with_suffix(".eml"))
        while (self.folder / "hold").exists():
            await asyncio.sleep(0.05)
        return "250 2.0.0 taken"


def authenticate(_server: Any, _session: Any, _envelope: Any, _mechanism: str, given: Any) -> AuthResult:
    known = isinstance(given, LoginPassword) and (given.login, given.password) == (USER.encode(), PASSWORD.encode())
    return AuthResult(success=known, handled=False)


def main(port: str, folder: str, certificate: str = "") -> None:
    more: dict[str, Any] = {}
    if certificate:
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(certificate)
        more = {"tls_context": context, "require_starttls": True, "auth_required": True, "authenticator": authenticate}
    controller = Controller(Handler(Path(folder)), "127.0.0.1", int(port), **more)
    controller.start()
    (Path(folder) / "ready").touch()
    sys.stdin.read()  # until whoever started it is gone
    controller.stop()


if __name__ == "__main__":
    main(*sys.argv[1:])
