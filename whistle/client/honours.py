"""Honours: what a reporter is given beside money, or instead of it. Neither ledger nor state of the case changes."""

import json
from abc import abstractmethod

from whistle.client.custody import Custody
from whistle.client.receipt import Receipt
from whistle.client.sealing import Piece, words
from whistle.client.view import View
from whistle.core.contents import JSON
from whistle.crypto.encoding import b64


class Honours(Custody):
    """Verbs of honours. What the case knows is not asked for."""

    @abstractmethod
    def certified(self, view: View, text: str) -> tuple[bytes, bytes]:
        """A certificate of the case's honour, with this key's signature."""

    def propose_honour(self, case: str, honour: str, grounds: str) -> Receipt:
        """Propose one of the table's honours; why, is sealed for leader and auditor."""
        return self.act(case, "honour.propose", {"honour": honour}, [_document("award", {"grounds": grounds})])

    def approve_honour(self, case: str) -> Receipt:
        """Approve what another person proposed."""
        return self.act(case, "honour.approve", {"proposal": self.case(case).fold.honour_proposal})

    def return_honour(self, case: str, reason: str, note: str = "") -> Receipt:
        """Send a proposal back, approved or not: she was not told of it."""
        fields = {"proposal": self.case(case).fold.honour_proposal, "reason": reason}
        return self.act(case, "honour.return", fields, [words("work", note)])

    def tell_honour(self, case: str, text: str) -> Receipt:
        """Tell her, with a certificate of these words (at most 1,200 bytes) signed by this leader."""
        view = self.case(case)
        data, sig = self.certified(view, text)
        certificate = {"certificate": data.decode(), "sig": b64(sig)}
        return self.act(case, "honour.tell", {"honour": view.fold.honour}, [_document("thread", certificate)])

    def revoke_honour(self, case: str, reason: str) -> Receipt:
        """Take back an honour that was told; she sees why. Her copy of the certificate stays what it was."""
        return self.act(case, "honour.revoke", {"reason": reason})


def _document(comp: str, said: dict[str, str]) -> Piece:
    return Piece(comp, json.dumps(said, ensure_ascii=False).encode(), JSON)
