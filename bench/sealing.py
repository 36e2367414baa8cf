"""Real bodies, made before the clock starts: four items, six grants, each under a ticket of its own."""

from __future__ import annotations

import os
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from multiprocessing import get_context

from bench.scene import CHANNEL, Scene
from whistle.client import cards
from whistle.client.delivery import Delivery, Place
from whistle.client.sealing import Office, Party, Piece, plan, seal_items
from whistle.core.workflow import load
from whistle.crypto import work
from whistle.crypto.encoding import b64
from whistle.crypto.keys import KeyPair, case_id
from whistle.crypto.ticket import Ticket

TEXT = "砂光机的除尘管没有火花探测,灰斗也没有锁气卸灰,地上积灰有两指厚,电机外壳没有接地。" * 4


@dataclass(frozen=True)
class Sealed:
    """A report as it is uploaded, and what its reporter needs afterwards."""

    upload: bytes
    case: bytes
    pid: bytes
    authorization: str


def ticket(zone: bytes) -> Ticket:
    """A ticket's keys without its digits: the 0.14 s of deriving are the reporter's, no server sees them."""
    keys = KeyPair(os.urandom(32), os.urandom(32))
    return Ticket(keys, case_id(zone, keys.kem, keys.sig), os.urandom(32))


def seal(scene: Scene, _number: int = 0) -> Sealed:
    """One report, sealed by our own client's code."""
    mine = ticket(scene.zone)
    table = load()
    card = cards.card(TEXT, category="violation", sector="industry_trade", enterprise="沂蒙板材厂", place="砂光车间")
    pieces = [
        Piece("card", cards.pack(card), "application/json"),
        Piece("report", TEXT.encode(), "text/plain"),
        Piece("identity"),
        Piece("payout"),
    ]
    fields = {
        "reporter": {"kem": b64(mine.keys.kem), "sig": b64(mine.keys.sig)},
        "access": b64(mine.access_hash),
        "channel": CHANNEL,
        "source": "web",
        "urgent": False,
        "exclude": [],
        "sealed_by": "browser",
    }
    writer = Party(scene.zone, mine.case, "reporter", mine.keys)
    items = seal_items(writer, pieces)
    office = Office(scene.channel, table, reporter_kem=mine.keys.kem)
    delivery = Delivery(writer, "report", fields, items, "all")
    place = Place(0, b64(mine.case), b64(mine.case))
    delivery.sign(place, scene.directory, scene.day, plan(items, office, "report", to_reporter=False), office)
    return Sealed(delivery.upload(), mine.case, items.pid, mine.authorization)


def seal_many(scene: Scene, count: int) -> list[Sealed]:
    """As many, on all cores."""
    with ProcessPoolExecutor(os.cpu_count(), mp_context=get_context("spawn")) as pool:
        return list(pool.map(partial(seal, scene), range(count), chunksize=50))


def proof(challenge: bytes, one: Sealed) -> str:
    """The Whistle-Work header of a report."""
    bits = work.read_bits(challenge)
    return work.header(challenge, work.solve(challenge, one.case, one.pid, bits))


def sizes(sealed: Sequence[Sealed]) -> int:
    """The mean size of an upload."""
    return sum(len(one.upload) for one in sealed) // len(sealed)
