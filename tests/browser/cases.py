"""Cases brought by our own client to where a page test begins: the pages then do the one step under test."""

from __future__ import annotations

import time
from collections.abc import Iterable
from dataclasses import replace
from typing import TYPE_CHECKING

from whistle.client import Filed, Office
from whistle.core.clock import zone_day
from whistle.demo.samples import SAMPLES, Work

if TYPE_CHECKING:
    from tests.conftest import Demo

ROLES = ("intake", "verifier", "leader", "payout", "finance")
# Whose sample case stands in that state.
LIKE = {
    "received": "沂蒙板材厂",
    "verifying": "临港污水处理站",
    "reward_proposed": "东风机械加工厂",
    "notified": "恒泰钢构有限公司",
}


class Cases:
    """Files reports and takes them as far as the demo's sample of that state went."""

    def __init__(self, demo: Demo) -> None:
        self.demo = demo
        self.public = demo.reporter()
        self.staff: dict[str, Office] = {}

    def office(self, role: str) -> Office:
        if role not in self.staff:
            self.staff[role] = self.demo.office(role)
        return self.staff[role]

    def new(self, state: str, enterprise: str, text: str = "", place: str = "") -> Filed:
        """A fresh case of this enterprise in this state."""
        found = next(one for one in SAMPLES if one.enterprise == LIKE[state])
        sample = replace(found, enterprise=enterprise, text=text or found.text, place=place or found.place)
        filed = self.public.submit(
            sample.text, category=sample.category, sector=sample.sector, enterprise=enterprise, place=sample.place
        )
        staff = {role: self.office(role) for role in self._needed(sample.steps)}
        for step in sample.steps:
            step(Work(self.public, staff, filed, sample, zone_day(time.time())))
        return filed

    @staticmethod
    def _needed(steps: Iterable[object]) -> Iterable[str]:
        return ROLES if steps else ()
