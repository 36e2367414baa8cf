"""Static files: read, hashed and compressed once at start; an address names its content and never changes."""

import base64
import gzip
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from starlette.requests import Request
from starlette.responses import Response

TYPES = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".ico": "image/x-icon",
    ".txt": "text/plain; charset=utf-8",
}
FOREVER = "public, max-age=31536000, immutable"
ASK_AGAIN = "no-cache"


class MissingAssetError(LookupError):
    """A page names a file that was never built."""


@dataclass(frozen=True)
class Asset:
    """One answer that never changes: its bytes, the same compressed, and the headers both go out with."""

    body: bytes
    zipped: bytes
    headers: Mapping[str, str]
    status: int = 200

    def answer(self, request: Request) -> Response:
        """304 when the browser holds these bytes, else the bytes, compressed if it can read that."""
        if self.status == 200 and self.headers["ETag"] in request.headers.get("if-none-match", ""):
            return Response(status_code=304, headers=self.headers)
        if self.zipped and "gzip" in request.headers.get("accept-encoding", ""):
            return Response(self.zipped, self.status, {**self.headers, "Content-Encoding": "gzip"})
        return Response(self.body, self.status, self.headers)


def asset(body: bytes, content_type: str, cache: str, status: int = 200, **more: str) -> Asset:
    """Compressed only where that helps; time-free, so that two starts give the same bytes."""
    zipped = gzip.compress(body, 9, mtime=0)
    headers = {
        "Content-Type": content_type,
        "Cache-Control": cache,
        "Vary": "Accept-Encoding",
        "ETag": f'W/"{hashlib.sha256(body).hexdigest()[:24]}"',
        **more,
    }
    return Asset(body, zipped if len(zipped) < len(body) else b"", headers, status)


@dataclass(frozen=True)
class StaticFile:
    """A file of the build, with the address and the integrity value that pages name it by."""

    url: str
    integrity: str
    asset: Asset


class StaticFiles:
    """One door's files under `folder`; `instead` puts an operator's file in the place of a shipped one."""

    def __init__(self, folder: Path, door: str, instead: Mapping[str, Path] | None = None) -> None:
        files = (path for path in sorted(folder.rglob("*")) if path.is_file())
        named = {path.relative_to(folder).as_posix(): path for path in files} | dict(instead or {})
        self._files = {name: _read(name, path) for name, path in named.items() if _belongs(name, door)}

    def __getitem__(self, name: str) -> StaticFile:
        """Raises MissingAssetError at start rather than serving a page whose script is not there."""
        if name not in self._files:
            raise MissingAssetError(f"{name} is not among the built files: run make build")
        return self._files[name]

    def find(self, url: str) -> StaticFile | None:
        """The file at this exact address; a stale hash finds nothing."""
        found = self._files.get(url.removeprefix("/static/").partition("/")[2])
        return found if found and found.url == url else None


def _belongs(name: str, door: str) -> bool:
    parts = Path(name).parts
    other = {"public": "review", "review": "public"}[door]
    return Path(name).suffix in TYPES and not (parts[0] == "js" and other in parts)


def _read(name: str, path: Path) -> StaticFile:
    body = path.read_bytes()
    url = f"/static/{hashlib.sha256(body).hexdigest()[:8]}/{name}"
    integrity = "sha384-" + base64.b64encode(hashlib.sha384(body).digest()).decode()
    return StaticFile(url, integrity, asset(body, TYPES[path.suffix], FOREVER))
