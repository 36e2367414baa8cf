"""The register of enterprises as the store keeps it: one document that both doors serve, and the one before it."""

from __future__ import annotations

import hashlib
import json

from sqlalchemy import Connection

from whistle.core.enterprises import Changes, Enterprise, changes
from whistle.core.errors import RuleError
from whistle.storage import meta

NOW, BEFORE, MARK = "enterprises", "enterprises_before", "enterprises_mark"
EMPTY = '{"enterprises":[],"traditional":{}}'


def document(tx: Connection) -> str:
    """The register as JSON (whistle/spelling.py); an empty one where none was loaded, which is no fault."""
    return meta.get(tx, NOW) or EMPTY


def mark(tx: Connection) -> str:
    """Another for each register, "" for one that was never loaded: costs one small read."""
    return meta.get(tx, MARK)


def listed(tx: Connection) -> list[Enterprise]:
    """The enterprises of the register, in its own order."""
    return _enterprises(document(tx))


def put(tx: Connection, made: str) -> Changes:
    """Takes `made` in the place of the whole register, and keeps the one before for one undo. The same again changes
    nothing, and leaves what undo would bring back."""
    was = document(tx)
    if made != was:
        meta.put(tx, BEFORE, was)
        _keep(tx, made)
    return changes(_enterprises(was), _enterprises(made))


def undo(tx: Connection) -> Changes:
    """Puts the register back that the last load replaced. Raises RuleError("enterprises_no_undo")."""
    earlier = meta.get(tx, BEFORE)
    if not earlier:
        raise RuleError("enterprises_no_undo")
    was = listed(tx)
    meta.put(tx, BEFORE, "")
    _keep(tx, earlier)
    return changes(was, _enterprises(earlier))


def _keep(tx: Connection, made: str) -> None:
    meta.put(tx, NOW, made)
    meta.put(tx, MARK, hashlib.sha256(made.encode()).hexdigest())


def _enterprises(made: str) -> list[Enterprise]:
    return [Enterprise(name, place) for name, place, _ in json.loads(made)["enterprises"]]
