"""A reviewer's verbs by name: what stands in the fields of each, and what is sealed in its items."""

from collections.abc import Mapping, Sequence

from whistle.client import cards
from whistle.client.claims import claim_of, receiver_of
from whistle.client.errors import ClientError
from whistle.client.further import Further
from whistle.client.receipt import Receipt
from whistle.client.sealing import JSON, Piece, note_and_reply, sheet, words
from whistle.core.entitlement import Confirmed, Receiver, confirmed_document, receiver_document
from whistle.core.errors import RuleError
from whistle.core.rulebook import parse_facts
from whistle.crypto.posts import facts_hash

WHOLE = Confirmed()


class Verbs(Further):
    """What a reviewer does to a case; `act` seals, signs and delivers."""

    def message(self, case: str, text: str, comp: str = "thread") -> Receipt:
        return self.act(case, "message", {"comp": comp}, [words(comp, text)])

    def accept(
        self,
        case: str,
        *,
        category: str,
        sector: str,
        packs: Sequence[tuple[str, str]],
        received: str,
        note: str = "",
        reply: str = "",
    ) -> Receipt:
        """`packs` are (id, hash) of the rule packs this case is judged by, pinned from now on."""
        pinned = [list(pack) for pack in packs]
        fields = {"category": category, "sector": sector, "packs": pinned, "received": received}
        return self.act(case, "accept", fields, note_and_reply(note, reply))

    def decline(self, case: str, reason: str, note: str = "", reply: str = "") -> Receipt:
        return self.act(case, "decline", {"reason": reason}, note_and_reply(note, reply))

    def transfer(self, case: str, reason: str, to: str, note: str = "", reply: str = "") -> Receipt:
        return self.act(case, "transfer", {"reason": reason, "to": to}, note_and_reply(note, reply))

    def assign(self, case: str, seats: Mapping[str, Sequence[str]]) -> Receipt:
        """Seat persons by role; whoever is newly seated is granted what this author holds for his role."""
        order = ("intake", "verifier", "leader", "payout", "finance", "auditor")
        listed = [[role, sorted(seats[role])] for role in order if role in seats]
        return self.act(case, "assign", {"seats": listed})

    def extract(self, case: str, card: Mapping[str, str], text: str) -> Receipt:
        """A second card and a redacted extract: what those may read who never hold her words."""
        document = cards.pack({name: card.get(name, "") for name in cards.CARD})
        parts = [Piece("card", document, JSON), Piece("work", document, JSON), words("work", text)]
        return self.act(case, "extract", {}, parts)

    def finding(
        self,
        case: str,
        outcome: str,
        text: str,
        facts: bytes = b"",
        second: str = "",
        criterion: str = "",
        penalty: str = "",
    ) -> Receipt:
        """`facts` is the rule book's facts document, salt and all; `second` names the other inspector; `criterion`
        is what makes the hazard a major one, `penalty` the number of the decision. Facts that count dead are held
        back until the county government was told (安全生产法 art. 73): no server can read them."""
        if facts and parse_facts(facts)[0].deaths and "escalate" not in self.case(case).fold.marks:
            raise ClientError("refused", reason="county")
        text = f"{text}\n\n第二核查人：{second}" if second else text
        award = Piece("award", facts, JSON) if facts else Piece("award")
        ground = sheet({"criterion": criterion, "penalty": penalty})
        return self.act(case, "finding", {"outcome": outcome}, [words("work", text), award, ground])

    def feedback(self, case: str, text: str) -> Receipt:
        return self.act(case, "feedback", {}, [words("thread", text)])

    def propose(
        self, case: str, pack: str, pack_hash: str, fen: int, facts: bytes, confirmed: Confirmed = WHOLE
    ) -> Receipt:
        """The sum by the pinned pack, the sealed facts it rests on, and which part of the report was confirmed."""
        parse_facts(facts)
        fields = {"pack": pack, "pack_hash": pack_hash, "fen": fen, "facts": facts_hash(facts)}
        parts = [Piece("award", facts, JSON), Piece("award", confirmed_document(confirmed), JSON)]
        return self.act(case, "award.propose", fields, parts)

    def approve(self, case: str) -> Receipt:
        """Approve the newest proposal for exactly its sum."""
        found = self.case(case).fold.proposal
        if found is None:
            raise ClientError("refused", reason="proposal")
        return self.act(case, "award.approve", {"proposal": found.hash, "fen": found.fen})

    def refuse_award(self, case: str, reason: str) -> Receipt:
        return self.act(case, "award.refuse", {"proposal": self.case(case).fold.answers, "reason": reason})

    def notify(self, case: str, claim_by: str, text: str) -> Receipt:
        """Tell the reporter the approved sum, the last day, and how to claim."""
        fields = {"fen": self.case(case).fold.approved, "claim_by": claim_by}
        return self.act(case, "award.notify", fields, [words("payout", text)])

    def check(self, case: str, receiver: Receiver | None = None) -> Receipt:
        """Code and passphrase are right, and who is paid; by the claim itself where no `receiver` is named.

        Without her declaration (in the claim, or before the officer) nothing is signed."""
        found = receiver or receiver_of(claim_of(self.case(case)))
        try:
            document = receiver_document(found)
        except RuleError as refused:
            raise ClientError("refused", reason=refused.code) from None
        return self.act(case, "claim.check", {}, [Piece("award", document, JSON)])

    def pay(self, case: str, voucher: str, treasury: str, day: str) -> Receipt:
        return self.act(case, "pay", {"voucher": voucher, "treasury": treasury, "day": day})

    def forfeit(self, case: str, reason: str) -> Receipt:
        return self.act(case, "forfeit", {"reason": reason})

    def close(self, case: str, reason: str) -> Receipt:
        return self.act(case, "close", {"reason": reason})

    def ask_identity(self, case: str, reason: str) -> Receipt:
        return self.act(case, "identity.ask", {"reason": reason})

    def give_identity(self, case: str) -> Receipt:
        """Hand half 1 to the author of the newest ask not yet given."""
        return self.act(case, "identity.give", {"ask": self._ask(case, given=False)})

    def opened_identity(self, case: str) -> Receipt:
        """Tell the reporter that her sealed identity was opened."""
        return self.act(case, "identity.opened", {"ask": self._ask(case, given=True)})

    def regrant(self, case: str) -> Receipt:
        """Hand what this key holds to the other keys of its own person."""
        return self.act(case, "regrant")

    def recuse(self, case: str) -> Receipt:
        return self.act(case, "recuse")

    def _ask(self, case: str, given: bool) -> str:
        asks = [ask for ask in self.case(case).fold.asks if ask.given is given and not ask.opened]
        if not asks:
            raise ClientError("refused", reason="ask")
        return asks[-1].hash
