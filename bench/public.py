"""The public door: reports taken in, cases looked at."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from bench.peers import inserts
from bench.runs import Asked, Run, fetch, measure, request
from bench.scene import Scene, Server, door
from bench.sealing import Sealed, proof, seal_many
from whistle.crypto.encoding import unb64

TYPE = "application/octet-stream"
CHALLENGE = request("GET", "/api/challenge", {"Whistle-Purpose": "report"})


@dataclass(frozen=True)
class Counts:
    """How much is measured: reports per number of clients, reads per number of clients."""

    reports: dict[int, int]
    reads: dict[int, int]
    warm: int = 100


def run(scene: Scene, counts: Counts, folder: Path) -> list[Run]:
    """The rows of the public door; the bare inserts follow each row of reports, to meet the same neighbours."""
    sealed = seal_many(scene, counts.warm + sum(counts.reports.values()))
    with door(scene, "public") as server:
        rest, rows = iter(sealed), []
        submit(server, 8, [next(rest) for _ in range(counts.warm)], folder)
        for clients, count in counts.reports.items():
            some = [next(rest) for _ in range(count)]
            rows.append(submit(server, clients, some, folder))
            rows += inserts([one.upload for one in some], clients, folder)
        challenges = Asked("challenge", [CHALLENGE], max(counts.reads.values()))
        rows.append(measure(server, 8, challenges, folder))
        status = [request("GET", "/api/case", {"Authorization": one.authorization}) for one in sealed]
        for clients, count in counts.reads.items():
            rows.append(measure(server, clients, Asked("status read", status[:2000], count), folder))
    return rows


def submit(server: Server, clients: int, reports: Sequence[Sealed], folder: Path) -> Run:
    """Challenges are fetched and worked on before the clock starts: they are a row of their own."""
    challenges = fetch(server.port, [CHALLENGE] * len(reports))
    asked = [
        _upload(one, unb64(json.loads(answer)["challenge"])) for one, answer in zip(reports, challenges, strict=True)
    ]
    return measure(server, clients, Asked("accepted submissions", asked, len(asked), 201), folder)


def _upload(one: Sealed, challenge: bytes) -> bytes:
    headers = {"Content-Type": TYPE, "Whistle-Work": proof(challenge, one)}
    return request("POST", "/api/posts", headers, one.upload)
