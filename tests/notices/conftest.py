"""A real mail server, a real receiver of webhooks and workers, each a process of its own; real databases."""

from __future__ import annotations

import email
import email.policy
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from tests.conftest import free_port
from tests.storage import conftest as stores

ROOT = Path(__file__).parents[2]
PATIENCE = 60


@dataclass
class Receiver:
    """A server's process and the folder of what it was sent."""

    folder: Path
    port: int
    process: subprocess.Popen[bytes]
    authority: Path | None = None

    def steer(self, word: str, *, on: bool = True) -> None:
        (self.folder / word).touch() if on else (self.folder / word).unlink(missing_ok=True)

    def raw(self) -> list[bytes]:
        """What came, in order."""
        return [path.read_bytes() for path in sorted(self.folder.glob("0*.*")) if path.suffix != ".part"]

    def letters(self) -> list[EmailMessage]:
        parsed = (email.message_from_bytes(raw.partition(b"\r\n")[2], policy=email.policy.SMTP) for raw in self.raw())
        return [one for one in parsed if isinstance(one, EmailMessage)]

    def requests(self) -> list[dict[str, Any]]:
        return [json.loads(raw) for raw in self.raw()]

    def wait(self, count: int) -> None:
        """Until this many have come."""
        deadline = time.monotonic() + PATIENCE
        while len(self.raw()) < count:
            assert time.monotonic() < deadline, f"{len(self.raw())} of {count} came"
            time.sleep(0.02)


Start = Callable[..., Receiver]
where, url, db = stores.where, stores.url, stores.db


@pytest.fixture
def receiver(tmp_path: Path) -> Iterator[Start]:
    """Starts a server of this module in a process of its own."""
    started: list[Receiver] = []

    def start(module: str, certificate: tuple[Path, Path] | None = None) -> Receiver:
        folder = tmp_path / f"received-{len(started)}"
        folder.mkdir()
        port = free_port()
        command = [sys.executable, "-m", f"tests.notices.{module}", str(port), str(folder)]
        command += [str(certificate[1])] if certificate else []
        env = os.environ | {"PYTHONPATH": str(ROOT)}
        process = subprocess.Popen(command, stdin=subprocess.PIPE, stderr=subprocess.DEVNULL, env=env)
        started.append(Receiver(folder, port, process, certificate[0] if certificate else None))
        deadline = time.monotonic() + PATIENCE
        while not (folder / "ready").exists():
            assert process.poll() is None and time.monotonic() < deadline
            time.sleep(0.02)
        return started[-1]

    yield start
    for one in started:
        one.process.kill()
        one.process.communicate()


@pytest.fixture
def mail(receiver: Start) -> Receiver:
    return receiver("smtp_server")


@pytest.fixture
def hooks(receiver: Start) -> Receiver:
    return receiver("http_server")


def relay(mail: Receiver, **more: Any) -> dict[str, Any]:
    """The settings of a relay that talks to this server, in clear."""
    return {"host": "127.0.0.1", "port": mail.port, "tls": "off", "sender": "notice@office.example.cn"} | more


def work(store: str, now: float, told: dict[str, Any], **env: str) -> subprocess.Popen[str]:
    """A worker that sends what is due at `now`."""
    command = [sys.executable, "-m", "tests.notices.worker", store, str(now), json.dumps(told)]
    environ = os.environ | {"PYTHONPATH": str(ROOT)} | env
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environ)


def arrived(worker: subprocess.Popen[str]) -> int:
    """How many messages it brought to their place."""
    out, err = worker.communicate(timeout=PATIENCE)
    assert worker.returncode == 0, err
    return int(out)


@pytest.fixture(scope="session")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """An authority of our own, and a server's key and certificate for `localhost` and `hook.example.cn` by it."""
    folder = tmp_path_factory.mktemp("certificate")
    root, key = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    issuer = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "an authority")])
    now = datetime.now(UTC)

    def made(subject: x509.Name, public: Any, *extensions: tuple[x509.ExtensionType, bool]) -> bytes:
        builder = (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(issuer)
            .public_key(public)
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - timedelta(days=400))
            .not_valid_after(now + timedelta(days=400))
        )
        for extension, critical in extensions:
            builder = builder.add_extension(extension, critical)
        return builder.sign(root, hashes.SHA256()).public_bytes(serialization.Encoding.PEM)

    identifier = x509.SubjectKeyIdentifier.from_public_key(root.public_key())
    usage = x509.KeyUsage(
        digital_signature=True, content_commitment=False, key_encipherment=False, data_encipherment=False,
        key_agreement=False, key_cert_sign=True, crl_sign=True, encipher_only=False, decipher_only=False,
    )  # fmt: skip
    authority = made(
        issuer,
        root.public_key(),
        (x509.BasicConstraints(ca=True, path_length=None), True),
        (identifier, False),
        (usage, True),
    )
    names = x509.SubjectAlternativeName([x509.DNSName("localhost"), x509.DNSName("hook.example.cn")])
    by = x509.AuthorityKeyIdentifier.from_issuer_subject_key_identifier(identifier)
    leaf = made(
        x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")]), key.public_key(), (names, False), (by, False)
    )
    secret = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    (folder / "authority.pem").write_bytes(authority)
    (folder / "server.pem").write_bytes(secret + leaf)
    return folder / "authority.pem", folder / "server.pem"
