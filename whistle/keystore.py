"""The secrets of one installation, in the folder `secrets` of its data: door keys and what is drawn beside them."""

from __future__ import annotations

import contextlib
import os
import secrets
import tempfile
from pathlib import Path

from whistle.crypto.keys import RootKey, root_key
from whistle.settings import NotReady

SECRET = 32
LIMITS_KEY = "limits.key"  # blinds the clients whom several processes count together (web/limits.py, web/shared.py)
ORDER_KEY = "order.key"  # seals the order in which reports and posts came (crypto/order.py)


def secret(data: Path, name: str) -> bytes:
    """A 32-byte secret of this installation, drawn when it is first asked for; readable by the owner only."""
    path = data / "secrets" / name
    if not path.exists():
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        _draw(path)
    found = path.read_bytes()
    if len(found) != SECRET:
        raise NotReady("secret_damaged", name=name)
    return found


def order_key(data: Path, *, may_draw: bool) -> bytes:
    """The key of the order of receipt. Only where nothing was sealed yet it may be drawn: another one beside the first
    would leave an order that no key opens whole. Raises NotReady."""
    if not may_draw and not (data / "secrets" / ORDER_KEY).exists():
        raise NotReady("order_key_lost")
    return secret(data, ORDER_KEY)


def _draw(path: Path) -> None:
    """Whole or not at all, and once: processes that start together agree on whose came first."""
    with tempfile.NamedTemporaryFile(dir=path.parent) as file:  # mode 0600
        file.write(secrets.token_bytes(SECRET))
        file.flush()
        os.fsync(file.fileno())
        with contextlib.suppress(FileExistsError):
            os.link(file.name, path)


def login_secret(data: Path) -> bytes:
    """What login nonces and invented key slots are drawn from.

    Earlier releases used `session.secret` for these and for cookies. That file becomes this one, so that the slot of
    an invented name stays the same over the upgrade; cookies get a secret of their own, and people sign in again."""
    before, now = (data / "secrets" / name for name in ("session.secret", "login.secret"))
    with contextlib.suppress(FileExistsError, FileNotFoundError):
        os.link(before, now)
    before.unlink(missing_ok=True)
    return secret(data, now.name)


def door_key(data: Path, door: str) -> RootKey:
    """The key that signs a door's receipts; its public half stands in the directory."""
    return root_key(secret(data, f"{door}.key"))


def known_door_key(data: Path, door: str) -> bytes:
    """The public half of a door's key, b"" where this machine has none; none is drawn."""
    return door_key(data, door).public if (data / "secrets" / f"{door}.key").exists() else b""
