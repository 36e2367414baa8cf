"""Static files: read, hashed and compressed once at start; an address names its content and never changes."""

import base64
import gzip
import hashlib
import time
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from starlette.requests import Request
from starlette.responses import Response

from whistle.web.errors import Problem
from whistle.web.former import keep

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


def lasting(document: bytes | None) -> Response:
    """A JSON document that its address names by its hash: it never changes. Raises Problem("not_found") for none."""
    if document is None:
        raise Problem("not_found")
    return Response(document, media_type="application/json", headers={"Cache-Control": FOREVER})


@lru_cache(maxsize=4)
def listing(document: bytes) -> Asset:
    """A JSON document that is the same for everybody and changes seldom: browsers keep it and ask whether it holds."""
    return asset(document, "application/json", ASK_AGAIN)


@dataclass(frozen=True)
class StaticFile:
    """A file of the build, with the address and the integrity value that pages name it by."""

    url: str
    integrity: str
    asset: Asset


class StaticFiles:
    """One door's files under `folder`; `former` is where the files of builds before this one are kept
    (whistle/web/former.py)."""

    def __init__(self, folder: Path, door: str, former: Path | None = None) -> None:
        files = (path for path in sorted(folder.rglob("*")) if path.is_file())
        named = {path.relative_to(folder).as_posix(): path for path in files}
        self._files = {name: _read(name, path) for name, path in named.items() if _belongs(name, door)}
        mine = {file.url: file.asset.body for file in self._files.values()}
        self._former = keep(former, mine, time.time()) if former else {}

    def __getitem__(self, name: str) -> StaticFile:
        """Raises MissingAssetError at start rather than serving a page whose script is not there."""
        if name not in self._files:
            raise MissingAssetError(f"{name} is not among the built files: run make build")
        return self._files[name]

    def find(self, url: str) -> StaticFile | None:
        """The file at this exact address, of this build or of a former one; any other hash finds nothing."""
        name = url.removeprefix("/static/").partition("/")[2]
        found = self._files.get(name)
        if found and found.url == url:
            return found
        kept = self._former.get(url)
        return _former(name, kept) if kept and kept.is_file() else None


def _belongs(name: str, door: str) -> bool:
    parts = Path(name).parts
    other = {"public": "review", "review": "public"}[door]
    return Path(name).suffix in TYPES and not (parts[0] == "js" and other in parts)


def _read(name: str, path: Path) -> StaticFile:
    body = path.read_bytes()
    url = f"/static/{hashlib.sha256(body).hexdigest()[:8]}/{name}"
    integrity = "sha384-" + base64.b64encode(hashlib.sha384(body).digest()).decode()
    return StaticFile(url, integrity, asset(body, TYPES[path.suffix], FOREVER))


@lru_cache(maxsize=64)
def _former(name: str, path: Path) -> StaticFile:
    """A file of a former build, compressed once and not for each who asks: its folder is named by what lies in it."""
    return _read(name, path)
