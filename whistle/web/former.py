"""Static files of former builds: a page that was loaded before an upgrade still finds its scripts for seven days.

Each build that a door ran with lies in a folder of its own, named by the addresses of its files; the mark `ended` in it
is as old as the first start with another build.
"""

import hashlib
import logging
import os
import shutil
import tempfile
from collections.abc import Iterable, Mapping
from pathlib import Path

KEPT_SECONDS = 7 * 24 * 3600
ENDED = "ended"
_LOG = logging.getLogger("whistle")


def keep(folder: Path, files: Mapping[str, bytes], now: float) -> dict[str, Path]:
    """Keep this build's files, bytes by address, let go of what ended longer ago than seven days, and return the files
    of former builds by address. A disk that takes nothing keeps nothing: the door serves all the same."""
    mine = folder / hashlib.sha256("\n".join(sorted(files)).encode()).hexdigest()[:16]
    try:
        _write(mine, files)
        (mine / ENDED).unlink(missing_ok=True)
        others = [each for each in folder.iterdir() if each.is_dir() and each != mine]
        return dict(_found(each for each in others if not _is_over(each, now) and not each.suffix))
    except OSError:
        _LOG.warning("Static files of former builds are not kept: their folder cannot be written.")
        return {}


def _write(build: Path, files: Mapping[str, bytes]) -> None:
    """All of it or nothing: what a door that was killed meanwhile leaves has a suffix, and is never served."""
    if build.exists():
        return
    build.parent.mkdir(parents=True, exist_ok=True)
    made = Path(tempfile.mkdtemp(prefix=f"{build.name}.", dir=build.parent))
    for url, body in files.items():
        path = made / url.lstrip("/")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(body)
    try:
        made.rename(build)
    except OSError:  # another process of the same build was first
        shutil.rmtree(made)


def _is_over(build: Path, now: float) -> bool:
    """Whether a build ended too long ago; then it is gone. What is half written has no mark, only its own day: nothing
    may come into it while another process writes it, or takes it away."""
    mark = build if build.suffix else build / ENDED
    if not build.suffix and not mark.exists():
        mark.touch()
        os.utime(mark, (now, now))
    try:
        over = now - mark.stat().st_mtime > KEPT_SECONDS
    except FileNotFoundError:  # put in its place, or taken away, by the process that wrote it
        return True
    if over:
        shutil.rmtree(build)
    return over


def _found(builds: Iterable[Path]) -> Iterable[tuple[str, Path]]:
    for build in builds:
        for path in build.rglob("*.*"):
            yield "/" + path.relative_to(build).as_posix(), path
