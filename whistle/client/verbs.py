"""A reviewer's verbs by name: what stands in the fields of each, and what is sealed in its items."""

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from whistle.client import cards
from whistle.client.basis import facts_in, rests
from whistle.client.claims import claims_of, fault, receiver_of
from whistle.client.errors import ClientError
from whistle.client.extracts import is_report, telltales
from whistle.client.handover import to_colleague
from whistle.client.receipt import Receipt
from whistle.client.sealing import JSON, Piece, note_and_reply, sheet, words
from whistle.client.view import Handing, View, newcomers, to_own
from whistle.core.entitlement import (
    Basis,
    Confirmed,
    Receiver,
    basis_document,
    confirmed_document,
    receiver_document,
)
from whistle.core.errors import RuleError
from whistle.core.facts import differences
from whistle.core.newposts import listed
from whistle.core.rulebook import parse_facts
from whistle.crypto.kinds import ROLES
from whistle.crypto.posts import facts_hash

WHOLE = Confirmed()


class Verbs(ABC):
    """What a reviewer does to a case; `act` seals, signs and delivers."""

    @abstractmethod
    def act(
        self,
        case: str,
        kind: str,
        fields: Mapping[str, Any] | None = None,
        parts: Sequence[Piece] = (),
        *,
        handing: Handing | None = None,
        strand: bool = False,
    ) -> Receipt:
        """Post one act of the table; `handing`: what it hands on, where the kind alone does not say; `strand`: though
        something of the case opens for nobody afterwards."""

    @abstractmethod
    def case(self, case: str) -> View:
        """The case, verified, folded and opened, as it is shown to this person."""

    @property
    @abstractmethod
    def me(self) -> dict[str, Any]:
        """What the door says of this person."""

    @abstractmethod
    def sole(self, view: View) -> list[str]:
        """The compartments of a case of which something opens for this person alone."""

    @abstractmethod
    def readers(self, view: View) -> list[dict[str, Any]]:
        """Everybody in the case's channel, as the zone has signed them."""

    @abstractmethod
    def kinds(self, view: View) -> list[str]:
        """What this person may post on this case now."""

    @abstractmethod
    def weighed(self, case: str, kind: str) -> View:
        """The case as money is signed on it; ClientError "overtaken" for what came in since it was shown."""

    @abstractmethod
    def borne(self, voucher: str, treasury: str) -> list[str]:
        """The cases whose payments bear one of these numbers already."""

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

    def classify(self, case: str, category: str, sector: str, note: str = "", reply: str = "") -> Receipt:
        """What the case is about from today on; what was published before stays as it was. Who was told a class with
        the acceptance is told the new one, with `reply`."""
        fields = {"category": category, "sector": sector}
        if "accept" not in self.case(case).fold.acted:
            return self.act(case, "classify", fields, [words("work", note)])
        return self.act(case, "classify.tell", fields, [words("thread", reply), words("work", note)])

    def write_note(self, case: str, note: str) -> Receipt:
        """Words to the colleagues who read the work of the case; nobody else is shown them, whoever they name."""
        return self.act(case, "note", {}, [words("work", note)])

    def decline(self, case: str, reason: str, note: str = "", reply: str = "") -> Receipt:
        """A case that nobody classed is classed first, as she said: else its category stays sealed in her card."""
        self._classed(case)
        return self.act(case, "decline", {"reason": reason}, note_and_reply(note, reply))

    def transfer(self, case: str, reason: str, to: str, note: str = "", reply: str = "") -> Receipt:
        self._classed(case)
        return self.act(case, "transfer", {"reason": reason, "to": to}, note_and_reply(note, reply))

    def _classed(self, case: str) -> None:
        view = self.case(case)
        if not view.fold.category and "classify" in self.kinds(view):
            said: Mapping[str, str] = next((item.data for item in view.items if item.document == "card"), {})
            try:
                categories = listed(view.fold.workflow, view.office_kind, "categories")
                self.classify(case, *cards.classes(said, categories, view.fold.workflow["sectors"]))
            except ClientError as error:
                if error.code != "overtaken":  # a colleague has classed it meanwhile: that stands
                    raise

    def assign(self, case: str, seats: Mapping[str, Sequence[str]], *, again: bool = False) -> Receipt:
        """Seat persons by role; whoever is newly seated is granted what this author holds for his role. `again`:
        whoever is seated, as if he had been given nothing."""
        listed = [[role, sorted(seats[role])] for role in ROLES if role in seats]
        return self.act(case, "assign", {"seats": listed}, handing=partial(newcomers, again=again))

    def telltales(self, case: str, card: Mapping[str, str], text: str) -> dict[str, list[str]]:
        """What in an extract may point at the reporter, by the part of it: to be looked at before it is signed."""
        return telltales(self.case(case).items, card, text)

    def extract(self, case: str, card: Mapping[str, str], text: str, *, looked: bool = False) -> Receipt:
        """A second card and a redacted extract: what those may read who never hold her words. ClientError "refused",
        reason "extract_whole": it is the report itself; "telltales": see `telltales`, until `looked` says that this
        person was shown them."""
        items = self.case(case).items
        if is_report(items, text):
            raise ClientError("refused", reason="extract_whole")
        if not looked and telltales(items, card, text):
            raise ClientError("refused", reason="telltales")
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
        said = parse_facts(facts)[0] if facts else None
        if said and said.deaths and "escalate" not in self.case(case).fold.marks:
            raise ClientError("refused", reason="county")
        text = f"{text}\n\n第二核查人：{second}" if second else text
        award = Piece("award", facts, JSON) if facts else Piece("award")
        ground = sheet({"criterion": criterion, "penalty": penalty})
        return self.act(case, "finding", {"outcome": outcome}, [words("work", text), award, ground])

    def feedback(self, case: str, text: str) -> Receipt:
        return self.act(case, "feedback", {}, [words("thread", text)])

    def propose(
        self,
        case: str,
        pack: str,
        pack_hash: str,
        fen: int,
        facts: bytes,
        confirmed: Confirmed = WHOLE,
        reason: str = "",
    ) -> Receipt:
        """The sum by the pinned pack, the sealed facts it rests on, and which part of the report was confirmed. What
        is not taken over from the finding needs a `reason`, which the leader and the auditor read beside it: without
        one nothing is signed (ClientError "refused", reason "basis")."""
        own, view = parse_facts(facts)[0], self.weighed(case, "award.propose")
        finding = view.fold.finding
        if differences(facts_in(view.items, finding), own) and not reason:
            raise ClientError("refused", reason="basis")
        basis = Basis(finding, reason)
        fields = {"pack": pack, "pack_hash": pack_hash, "fen": fen, "facts": facts_hash(facts)}
        documents = (facts, confirmed_document(confirmed), basis_document(basis))
        return self.act(case, "award.propose", fields, [Piece("award", each, JSON) for each in documents])

    def approve(self, case: str, *, differing: bool = False) -> Receipt:
        """Approve the newest proposal for exactly its sum. `differing` says that this person was shown what differs
        from the finding and the reason given: without it such a proposal is not signed, and without a reason never."""
        view = self.weighed(case, "award.approve")
        found = view.fold.proposal
        if found is None:
            raise ClientError("refused", reason="proposal")
        standing = rests(view.acts, view.items, found.hash)
        if not standing.is_explained or (standing.differs and not differing):
            raise ClientError("refused", reason="basis")
        return self.act(case, "award.approve", {"proposal": found.hash, "fen": found.fen})

    def return_award(self, case: str, reason: str, note: str) -> Receipt:
        """Send the newest proposal back to payout, who proposes anew. `note` says what has to change and is sealed to
        leaders and payout alone. ClientError "overtaken": another proposal came in since this one was shown."""
        found = self.weighed(case, "award.return").fold.proposal
        if found is None:
            raise ClientError("refused", reason="proposal")
        return self.act(case, "award.return", {"proposal": found.hash, "reason": reason}, [words("work", note)])

    def refuse_award(self, case: str, reason: str) -> Receipt:
        return self.act(case, "award.refuse", {"proposal": self.case(case).fold.answers, "reason": reason})

    def notify(self, case: str, claim_by: str, text: str) -> Receipt:
        """Tell the reporter the approved sum, the last day, and how to claim."""
        fields = {"fen": self.case(case).fold.approved, "claim_by": claim_by}
        return self.act(case, "award.notify", fields, [words("payout", text)])

    def check(self, case: str, receiver: Receiver | None = None, *, claim: str = "", by: str = "") -> Receipt:
        """Code and passphrase are right, and who is paid; by the claim itself where no `receiver` is named.

        Without her declaration (in the claim, or before the officer) nothing is signed. Nor of several claims, unless
        `claim` names the post of the one that counts and `by` how it is known to be hers: "passphrase", "answer"."""
        view = self.case(case)
        if wrong := fault(view, claim, by):
            raise ClientError("refused", reason=wrong)
        claims = claims_of(view)
        standing = [Piece("award", cards.pack({"claim": claim, "by": by}), JSON)] if len(claims) > 1 else []
        newest = next(reversed(claims.values()), {})
        found = receiver or receiver_of(claims.get(claim, newest))
        try:
            document = receiver_document(found)
        except RuleError as refused:
            raise ClientError("refused", reason=refused.code) from None
        return self.act(case, "claim.check", {}, [Piece("award", document, JSON), *standing])

    def pay(self, case: str, voucher: str, treasury: str, day: str, *, again: bool = False) -> Receipt:
        """Enter the payment. ClientError "refused", reason "numbers", with `cases`: other payments bear one of these
        numbers; `again` says that this person was told so and that one transfer pays them all."""
        if not again and (cases := self.borne(voucher, treasury)):
            raise ClientError("refused", reason="numbers", cases=cases)
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

    def regrant(self, case: str, *, again: bool = False) -> Receipt:
        """Hand what this key holds to the other keys of its own person; `again`: what they were given as well."""
        return self.act(case, "regrant", handing=partial(to_own, again=again))

    def hand_over(self, case: str, colleague: str, *, again: bool = False) -> Receipt:
        """Hand what this key holds of a case to a colleague of the same role, by his person id; `again`: also what he
        was given before, because it does not open for him."""
        return self.act(case, "handover", handing=to_colleague(colleague, again=again))

    def recuse(self, case: str, why: str, *, strand: bool = False) -> Receipt:
        """Step back from the case for good. `why` is read by the leaders alone and stands before: afterwards nothing of
        this person's is taken. ClientError "refused", reason "why": nothing was said; "last_reader": something opens
        for this person alone, and for nobody afterwards, until `strand` says that he knows."""
        view = self.case(case)
        if not strand and self.sole(view):
            raise ClientError("refused", reason="last_reader")
        if self.me["person"] not in view.fold.acted.get("recuse.why", ()):
            if not why.strip():
                raise ClientError("refused", reason="why")
            self.act(case, "recuse.why", {}, [words("work", why)])
        return self.act(case, "recuse", strand=strand)

    def remaining(self, view: View) -> dict[str, list[str]]:
        """Who else can act for each role this person has on the case, once he has stepped back: labels by role. Where
        there is nobody, somebody is seated first."""
        mine = self.me["person"]
        listed = [one for one in self.readers(view) if one["person"] not in view.fold.excluded]
        roles = [role for role in ROLES if any(role in one["roles"] for one in listed if one["person"] == mine)]
        return {
            role: sorted({one["label"] for one in listed if role in one["roles"] and one["person"] != mine})
            for role in roles
        }

    def _ask(self, case: str, given: bool) -> str:
        asks = [ask for ask in self.case(case).fold.asks if ask.given is given and not ask.opened]
        if not asks:
            raise ClientError("refused", reason="ask")
        return asks[-1].hash

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
        """`outcome` upheld or rejected; `text` tells the reporter the grounds. ClientError "refused", reason "unread":
        this key does not open the objection itself."""
        view = self.case(case)
        found = view.fold.objection
        if found is None:
            raise ClientError("refused", reason="objection")
        if not any(item.post == found.hash for item in view.items):
            raise ClientError("refused", reason="unread")
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

    def commit(self, case: str, due: str, owner: str, measures: str, money: str, plan: str) -> Receipt:
        """What an enterprise promises: who mends the hazard, how, with what money and plan, sealed; until `due`."""
        said = sheet({"owner": owner, "measures": measures, "money": money, "plan": plan})
        return self.act(case, "commit", {"due": due}, [said])

    def delist(self, case: str, day: str, document: str) -> Receipt:
        return self.act(case, "delist", {"day": day, "document": document})

    def reinstate(self, case: str, reason: str, claim_by: str) -> Receipt:
        return self.act(case, "reinstate", {"reason": reason, "claim_by": claim_by})

    def clawback(self, case: str, reason: str, fen: int) -> Receipt:
        return self.act(case, "clawback", {"reason": reason, "fen": fen})

    def ask_decline(self, case: str, reason: str, note: str) -> Receipt:
        """Ask a leader to agree that the case is declined for abuse or as handled before; an extract comes first."""
        return self.act(case, "decline.ask", {"reason": reason}, [words("work", note)])

    def agree_decline(self, case: str, note: str = "") -> Receipt:
        return self.act(case, "decline.agree", {"ask": self.case(case).fold.decline_ask}, [words("work", note)])

    def unmerge(self, case: str, reason: str, note: str = "") -> Receipt:
        return self.act(case, "unmerge", {"reason": reason}, [words("work", note)])

    def unapprove(self, case: str, reason: str, note: str = "") -> Receipt:
        """Take back an approval that nobody was told of; the award is weighed anew."""
        fields = {"approval": self.case(case).fold.approval, "reason": reason}
        return self.act(case, "award.unapprove", fields, [words("work", note)])

    def ask_cancel(self, case: str, reason: str) -> Receipt:
        return self.act(case, "award.cancel.ask", {"reason": reason})

    def cancel_award(self, case: str, reason: str, text: str) -> Receipt:
        """Take back an award she was told of; `text` tells her why, and she may object."""
        fields = {"ask": self.case(case).fold.cancel_ask, "reason": reason}
        return self.act(case, "award.cancel", fields, [words("thread", text)])

    def record_objection(self, case: str, body: str, document: str, day: str, outcome: str, text: str) -> Receipt:
        """What the level above decided about her objection: who, by which paper, when; `text` tells her."""
        found = self.case(case).fold.objection
        if found is None:
            raise ClientError("refused", reason="objection")
        fields = {"objection": found.hash, "about": found.about, "outcome": outcome}
        return self.act(
            case, "objection.record", fields | {"body": body, "document": document, "day": day}, [words("thread", text)]
        )

    def confirm_objection(self, case: str) -> Receipt:
        """The record agrees with the paper: what the level above decided holds."""
        fold = self.case(case).fold
        fields = {"record": fold.record, "about": fold.objected, "outcome": fold.recorded}
        return self.act(case, "objection.confirm", fields)

    def reopen_objection(self, case: str, reason: str, text: str) -> Receipt:
        return self.act(case, "objection.reopen", {"reason": reason}, [words("thread", text)])

    def demand(self, case: str, reason: str, fen: int, due: str, document: str) -> Receipt:
        """Ask a paid sum, or a part of it, back by a day."""
        fields = {"reason": reason, "fen": fen, "due": due, "document": document}
        return self.act(case, "recover.demand", fields)

    def receive(self, case: str, receipt: str, fen: int, day: str) -> Receipt:
        """Money that came back, by the number of the receipt given for it."""
        return self.act(case, "recover.receipt", {"receipt": receipt, "fen": fen, "day": day})

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
