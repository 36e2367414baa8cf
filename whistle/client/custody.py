"""What a reviewer does about how long a case is kept: withdrawals, holds, the last recomputation, destruction."""

from collections.abc import Sequence

from whistle.client.basis import sum_of
from whistle.client.errors import ClientError
from whistle.client.receipt import Receipt
from whistle.client.verbs import Verbs
from whistle.client.view import View
from whistle.core.record import Destruction
from whistle.crypto.posts import facts_hash


class Custody(Verbs):
    """Verbs of custody. What the case knows is not asked for."""

    def take_withdrawal(self, case: str) -> Receipt:
        """Carry out what the reporter has withdrawn, from the fourth day after it on."""
        return self.act(case, "withdraw.take", {"withdraw": self.case(case).fold.withdrawal})

    def hold(self, case: str, reason: str, document: str) -> Receipt:
        """Nothing of the case is destroyed until it is released."""
        return self.act(case, "hold", {"reason": reason, "document": document})

    def release(self, case: str, reason: str, document: str) -> Receipt:
        return self.act(case, "release", {"reason": reason, "document": document})

    def audit_hold(self, case: str, reason: str, document: str) -> Receipt:
        """The same by an auditor: no leader releases it."""
        return self.act(case, "audit.hold", {"reason": reason, "document": document})

    def audit_release(self, case: str, reason: str, document: str) -> Receipt:
        return self.act(case, "audit.release", {"reason": reason, "document": document})

    def recompute_award(self, case: str) -> Receipt:
        """An auditor's signature that the sealed facts give the sum that was awarded, before they are destroyed.
        ClientError "refused", reason "sum" when they do not."""
        view = self.case(case)
        proposal = view.fold.proposal
        named = (item for item in view.items if proposal and item.post == proposal.hash and not item.index)
        facts = next((item.body for item in named), b"")
        if proposal is None or sum_of(proposal, facts) != view.fold.awarded:
            raise ClientError("refused", reason="sum")
        return self.act(case, "award.recomputed", {"fen": view.fold.awarded, "facts": facts_hash(facts)})

    def ask_destruction(self, case: str, scope: str, registers: Sequence[str] = ()) -> Receipt:
        """Ask that `scope` be destroyed: identity, payout, award, content. `registers`: SHA-256 (b64u) of the archived
        registers that name the case, needed for award and content."""
        named = next((each["basis"] for each in self.case(case).kept if each["scope"] == scope), None)
        if named is None:
            raise ClientError("refused", reason="not_yet")
        return self.act(case, "destroy.ask", {"scope": scope, "basis": named, "registers": list(registers)})

    def stop_destruction(self, case: str, scope: str, reason: str) -> Receipt:
        """Take such an ask back, whoever made it."""
        return self.act(case, "destroy.stop", {"ask": _asked(self.case(case), scope).hash, "reason": reason})

    def destroy(self, case: str, scope: str) -> Receipt:
        """Destroy for good what another person asked for seven days ago or longer. It cannot be taken back."""
        return self.act(case, "destroy", {"ask": _asked(self.case(case), scope).hash, "scope": scope})


def _asked(view: View, scope: str) -> Destruction:
    found = next((each for each in view.fold.destructions if each.scope == scope), None)
    if found is None:
        raise ClientError("refused", reason="ask")
    return found
