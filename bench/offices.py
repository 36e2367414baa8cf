"""`python -m bench.offices`: many offices in one house, what the ceremony, the list and a reporter's first visit cost.

The zone's own office has all the cases, which is the longest list that anybody is shown; the other offices are signed
beside it with five people each, one of every role that a report or its award needs."""

from __future__ import annotations

import argparse
import json
import os
import shutil
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import httpx

from bench import inbox, machine
from bench.scene import Scene, door, establish, published
from whistle import publishing, zone
from whistle.crypto.encoding import unb64
from whistle.crypto.fingerprint import show
from whistle.crypto.keys import reviewer_keys

ROLES = ("intake", "verifier", "leader", "payout", "finance")
HERE = Path(__file__).parent


def main() -> None:
    options = argparse.ArgumentParser(prog="python -m bench.offices", description=__doc__)
    options.add_argument("--offices", type=int, default=300)
    options.add_argument("--cases", type=int, default=20_000)
    options.add_argument("--asked", type=int, default=400, help="inbox pages")
    options.add_argument("--out", type=Path, default=HERE / "offices.json")
    options.add_argument("--data", type=Path, default=HERE.parent / "build", help="where the house is made and removed")
    told = options.parse_args()
    told.data.mkdir(exist_ok=True)
    folder = Path(tempfile.mkdtemp(prefix="bench-", dir=told.data.resolve()))
    try:
        found = {"machine": machine.describe(folder), **measured(folder, told.offices, told.cases, told.asked)}
    finally:
        shutil.rmtree(folder)
    told.out.write_text(json.dumps(found, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    print(json.dumps(found, indent=1, ensure_ascii=False))


def measured(folder: Path, offices: int, cases: int, asked: int) -> dict[str, object]:
    """The figures, beside those of the same house before the other offices came."""
    alone = establish(folder / "data")
    one = first_visit(alone)
    seat(alone, offices)
    root = alone.settings.data / "zone"
    signed = seconds(lambda: resign(root, alone.day))
    carried = seconds(lambda: publishing.publish(alone.settings, root))
    directories = published(root)
    channel = directories.channel(directories.newest_hash, alone.channel["id"])
    assert channel is not None
    scene = replace(alone, channel=channel, directory=directories.newest_hash)
    many = first_visit(scene)
    pages = inbox.run(scene, cases, asked, folder)
    return {
        "offices": offices,
        "people": offices * len(ROLES),
        "cases": cases,
        "sign_seconds": signed,
        "publish_seconds": carried,
        "first_visit_alone": one,
        "first_visit": many,
        "inbox": pages,
        "load_after": machine.load(),
    }


def seat(scene: Scene, offices: int) -> None:
    """So many departments, each with its channel and one person in each role."""
    folder = scene.settings.data / "zone"
    for number in range(1, offices + 1):
        name = f"d{number}"
        zone.add_channel(folder, name, f"部门 {number}", f"authority:{name}")
        for role in ROLES:
            keys = reviewer_keys(os.urandom(32))
            told = {"person": zone.add_person(folder, f"{role} {number}"), "roles": [role], "label": role}
            zone.add_reader(folder, name, kem=keys.kem, sig=keys.sig, **told)  # type: ignore[arg-type]


def resign(folder: Path, day: str) -> None:
    secret = (folder / "passphrase").read_text(encoding="utf-8")
    zone.sign(folder, today=day, passphrase=secret, confirm=lambda reader: show(unb64(reader["rid"])))


def first_visit(scene: Scene) -> dict[str, int]:
    """Bytes that a reporter's browser fetches before it can seal: the page, the directories, and every channel that may
    be chosen; compressed as the door sends them."""
    with door(scene, "public"), httpx.Client(trust_env=False, timeout=60) as http:
        origin = scene.settings.origin("public")
        page = _bytes(http, f"{origin}/")
        chain = _bytes(http, f"{origin}/api/directory")
        directories = published(scene.settings.data / "zone")
        named = [sha for _, sha in directories.newest["channels"]]
        channels = [_bytes(http, f"{origin}/api/channels/{sha}") for sha in named]
    return {"page": page, "directories": chain, "channels": len(channels), "one": max(channels), "all": sum(channels)}


def _bytes(http: httpx.Client, url: str) -> int:
    with http.stream("GET", url) as answer:
        answer.raise_for_status()
        return sum(len(part) for part in answer.iter_raw())


def seconds(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return round(time.perf_counter() - start, 2)


if __name__ == "__main__":
    main()
