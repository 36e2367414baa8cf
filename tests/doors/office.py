"""The demo's people, signed in once: a key file costs more than everything they do with it."""

from __future__ import annotations

import os
from dataclasses import replace
from datetime import date, timedelta
from functools import cached_property

from tests.conftest import Demo
from whistle.client import Office
from whistle.core import rulebook
from whistle.core.facts import Facts
from whistle.core.offices import AUTHORITY
from whistle.crypto.encoding import b64

PACK = "SD-REW-2021"
PINNED = (PACK, b64(rulebook.pack_hash(rulebook.load(PACK))))
FACTS = Facts(kind="violation", fine=4_500_000)
FEN = 2_250_000


def facts_document(facts: Facts = FACTS) -> bytes:
    return rulebook.facts_document(facts, os.urandom(32))


class Team:
    """Everybody of the demo's office, each at his own desk."""

    def __init__(self, demo: Demo) -> None:
        self.demo = demo

    @cached_property
    def intake(self) -> Office:
        return self.demo.office("intake")

    @cached_property
    def verifier(self) -> Office:
        return self.demo.office("verifier")

    @cached_property
    def leader(self) -> Office:
        return self.demo.office("leader")

    @cached_property
    def payout(self) -> Office:
        return self.demo.office("payout")

    @cached_property
    def finance(self) -> Office:
        return self.demo.office("finance")

    @cached_property
    def auditor(self) -> Office:
        return self.demo.office("auditor")

    def every(self) -> list[Office]:
        return [self.intake, self.verifier, self.leader, self.payout, self.finance, self.auditor]

    def person(self, role: str) -> str:
        return str(getattr(self, role).me["person"])

    def accept(self, case: str) -> None:
        view = self.intake.case(case)
        today, category = view.today, "violation" if view.office_kind == AUTHORITY else "unsafe_condition"
        given = {"category": category, "sector": "industry_trade", "packs": [PINNED], "received": today}
        self.intake.accept(case, **given, reply="已受理。")

    def to_verifier(self, case: str) -> None:
        """Accepted, extracted, assigned."""
        self.accept(case)
        self.intake.extract(case, {"category": "violation", "line": "检查设备"}, "检查设备防护。")
        self.intake.assign(case, {role: [self.person(role)] for role in ("verifier", "leader")})

    def to_finding(self, case: str, facts: Facts = FACTS) -> None:
        self.to_verifier(case)
        self.verifier.finding(case, "verified", "属实。", facts_document(facts))
        self.intake.feedback(case, "属实,已责令整改。")

    def to_proposal(self, case: str, fen: int = FEN) -> None:
        facts = replace(FACTS, fine=2 * fen)
        self.to_finding(case, facts)
        self.payout.propose(case, *PINNED, fen, facts_document(facts))

    def to_notice(self, case: str) -> None:
        self.to_proposal(case)
        self.demo.fund()
        self.leader.approve(case)
        until = date.fromisoformat(self.payout.case(case).today) + timedelta(days=60)
        self.payout.notify(case, until.isoformat(), "请凭查询码申领。")

    def to_payment(self, case: str) -> None:
        """Claimed before: checked and paid, under the number that all these tests pay with."""
        self.payout.check(case)
        self.finance.pay(case, "凭-0100", "国库-0100", self.finance.case(case).today, again=True)
