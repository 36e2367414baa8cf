"""What is kept of a case and until when, and carrying a signed destruction out."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection

from whistle.casework.reviewers import Casework
from whistle.core import retention
from whistle.core.custody import DESTROY, destroyed_items, kept_scopes
from whistle.core.retention import Term
from whistle.crypto.encoding import b64
from whistle.docket import Joining, Loaded
from whistle.storage import destroyedlog, destroying


def carry_out(tx: Connection, joining: Joining, now: float) -> None:
    """Beside a `destroy`, in its transaction: the bytes of everything that this and earlier ones name."""
    if joining.post.kind != DESTROY:
        return
    acts = [*joining.standing.chain.acts, joining.checked.act]
    gone = destroyed_items(acts, joining.folded.workflow["scopes"])
    destroying.empty(tx, joining.post.head["case"], gone, int(now))


def terms(casework: Casework, loaded: Loaded) -> list[Term]:
    """What of the case may go, and from which day; nothing that it never had."""
    has = kept_scopes(loaded.chain.acts, loaded.folded.workflow["scopes"])
    return [term for term in retention.terms(loaded.folded, casework.schedule) if term.scope in has]


def shown(tx: Connection, casework: Casework, loaded: Loaded) -> dict[str, Any]:
    """What the case page says: each scope that is kept yet, from which day it may go and by what; and whether of what
    was destroyed something is still on the disk; and the signed posts that its chain lacks since a restore."""
    kept = [{"scope": each.scope, "until": each.until, "basis": each.basis} for each in terms(casework, loaded)]
    tombs = [
        {"head": each.head.decode(), "sig": b64(each.sig), "body": each.body.decode()}
        for each in destroyedlog.tombs(tx, loaded.row.id)
    ]
    return {"kept": kept, "destroying": destroying.is_waiting(tx, loaded.row.id)} | ({"tombs": tombs} if tombs else {})
