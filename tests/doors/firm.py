"""A firm's own office beside the zone's: the demo's people sit in it with the same keys."""

import time
from pathlib import Path

from tests.conftest import Demo, start
from tests.doors.office import PINNED, facts_document
from whistle import publishing, settings, zone
from whistle.client import Office
from whistle.client.reporter import Filed, Public
from whistle.core.clock import zone_day
from whistle.crypto import fingerprint
from whistle.crypto.encoding import unb64

FIRM, NAME = "hongyun", "宏运机械"
PLAN = {"owner": "车间主任", "measures": "加泄爆口", "money": "2 万元", "plan": "停机清灰"}
ROLES = ("intake", "verifier", "leader", "payout", "finance")


def founded(data: Path) -> Demo:
    """A running demo with the firm in its directory; to be killed by whoever asked for it."""
    running = start(data, WHISTLE_WORK_BITS="4")
    folder = running.data / "zone"
    zone.add_channel(folder, FIRM, NAME, policy=f"enterprise:{FIRM}")
    for one in running.reporter().trust.newest_channel()["readers"]:
        told = {name: one[name] for name in ("person", "roles", "label")}
        zone.add_reader(folder, FIRM, kem=unb64(one["kem"]), sig=unb64(one["sig"]), **told)
    zone.sign(folder, today=zone_day(time.time()), confirm=lambda one: fingerprint.show(unb64(one["rid"])))
    publishing.publish(settings.read({}, data=running.data), folder)
    return running


def at_the_firm(demo: Demo, role: str) -> Office:
    """This person of the demo, working for the firm."""
    office = demo.office(role)
    office.serve(FIRM)
    return office


def filed(alice: Public, **more: object) -> Filed:
    """A report to the firm, as its poster leads to it."""
    told = {"category": "unsafe_condition", "channel": FIRM, "source": "poster", "readback": True} | more
    return alice.submit("除尘器没有泄爆口，粉尘积了很厚。", **told)  # type: ignore[arg-type]


def verified(team: dict[str, Office], case: str, category: str = "unsafe_condition") -> None:
    """Taken up, extracted, seated, found true, and told."""
    today = team["intake"].case(case).today
    team["intake"].accept(case, category=category, sector="industry_trade", packs=[PINNED], received=today)
    team["intake"].extract(case, {"category": category, "line": "检查除尘器"}, "检查打磨间的除尘器。")
    seats = {role: [str(team[role].me["person"])] for role in ("verifier", "leader")}
    team["intake"].assign(case, seats)
    team["verifier"].finding(case, "verified", "属实。", facts_document())
    team["intake"].feedback(case, "查实了，正在改。")
