"""The acts off the straight way: time, urgency, merging, objections, supervision of the hazard, money reopened."""

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from typing import Any

from whistle.client.errors import ClientError
from whistle.client.receipt import Receipt
from whistle.client.sealing import Piece, note_and_reply, sheet, words
from whistle.client.view import View


class Further(ABC):
    """A reviewer's rarer verbs; `act` seals, signs and delivers."""

    @abstractmethod
    def act(
        self, case: str, kind: str, fields: Mapping[str, Any] | None = None, parts: Sequence[Piece] = ()
    ) -> Receipt:
        """Post one act of the table."""

    @abstractmethod
    def case(self, case: str) -> View:
        """The case, verified, folded and opened."""

    def extend(self, case: str, until: str, document: str, approved_by: str, text: str) -> Receipt:
        """More time to verify, by whose approval; `text` tells the reporter why."""
        fields = {"step": "verify", "until": until, "document": document, "approved_by": approved_by}
        return self.act(case, "extend", fields, [words("thread", text)])

    def pause(self, case: str, reason: str, day: str, note: str = "") -> Receipt:
        return self.act(case, "pause", {"reason": reason, "day": day}, [words("work", note)])

    def resume(self, case: str, day: str) -> Receipt:
        return self.act(case, "resume", {"day": day})

    def dispatch(self, case: str, action: str, note: str = "", reply: str = "") -> Receipt:
        return self.act(case, "dispatch", {"action": action}, note_and_reply(note, reply))

    def merge(self, case: str, parent: str, note: str = "") -> Receipt:
        """`parent` is the case received first; its reporter's place in the order is kept."""
        return self.act(case, "merge", {"parent": parent}, [words("work", note)])

    def decide_objection(self, case: str, outcome: str, text: str) -> Receipt:
        """`outcome` upheld or rejected; `text` tells the reporter the grounds."""
        found = self.case(case).fold.objection
        if found is None:
            raise ClientError("refused", reason="objection")
        fields = {"objection": found.hash, "about": found.about, "outcome": outcome}
        return self.act(case, "objection.decide", fields, [words("thread", text)])

    def transfer_result(self, case: str, day: str, result: str, text: str, note: str = "") -> Receipt:
        return self.act(case, "transfer.result", {"day": day, "result": result}, note_and_reply(note, text))

    def list_hazard(
        self,
        case: str,
        level: str,
        due: str,
        document: str,
        owner: str = "",
        measures: str = "",
        money: str = "",
        plan: str = "",
    ) -> Receipt:
        """五落实: who answers for the rectification, how, with what money and emergency plan; `due` is its limit."""
        fields = {"level": level, "due": due, "document": document}
        said = sheet({"owner": owner, "measures": measures, "money": money, "plan": plan})
        return self.act(case, "list", fields, [said])

    def rectify(self, case: str, day: str, document: str, note: str = "") -> Receipt:
        return self.act(case, "rectify", {"day": day, "document": document}, [words("work", note)])

    def delist(self, case: str, day: str, document: str) -> Receipt:
        return self.act(case, "delist", {"day": day, "document": document})

    def reinstate(self, case: str, reason: str, claim_by: str) -> Receipt:
        return self.act(case, "reinstate", {"reason": reason, "claim_by": claim_by})

    def clawback(self, case: str, reason: str, fen: int) -> Receipt:
        return self.act(case, "clawback", {"reason": reason, "fen": fen})

    def cosign(self, case: str, note: str = "") -> Receipt:
        """Put a second inspector's name to the finding that counts."""
        return self.act(case, "cosign", {"finding": self.case(case).fold.finding}, [words("work", note)])

    def escalate(self, case: str, to: str, document: str, day: str, note: str = "") -> Receipt:
        fields = {"to": to, "document": document, "day": day}
        return self.act(case, "escalate", fields, [words("work", note)])

    def repin(self, case: str, reason: str, packs: Sequence[tuple[str, str]], note: str) -> Receipt:
        """Judge the case by other rule packs, as (id, hash), from now on; `note` says why. A proposal falls."""
        fields = {"reason": reason, "old": _listed(self.case(case).fold.packs), "packs": _listed(packs)}
        return self.act(case, "repin", fields, [words("work", note)])


def _listed(packs: Sequence[tuple[str, str]]) -> list[list[str]]:
    return [list(pack) for pack in packs]
