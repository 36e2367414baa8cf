"""Login 登录: key slots, login by signature, sessions, enrolment of a new key."""

from __future__ import annotations

import hashlib
import hmac
import json
import secrets
from dataclasses import replace
from typing import Any

from sqlalchemy import Connection

from whistle.casework.looking import Look, entry_of
from whistle.casework.reviewers import Casework, Reviewer, reviewer, rids
from whistle.core.clock import zone_day, zone_minute
from whistle.core.offices import ZONE
from whistle.crypto import keys, slots
from whistle.crypto import login as signature
from whistle.crypto.encoding import b64, unb64
from whistle.crypto.errors import EnvelopeError
from whistle.docket import Rejected
from whistle.storage import appending, audit, sessions, staff
from whistle.storage.errors import Spent

CHALLENGE_SECONDS = 120
GONE = "gone"  # an account that was closed, though the directory may still list its key
_HALF = 16


async def key_slots(casework: Casework, name: str) -> list[dict[str, Any]]:
    """The sealed slots of a login name. An unknown name gets a stable, convincing one that opens nothing.

    Both are made every time, an account is read every time, and one is given: neither kind nor work tells a name that
    is invented. A key id is no login name: asking for the one in a slot would tell whether the slot was real. A key
    that no directory lists is not told either, for an invented slot always carries one that is listed."""
    found = await casework.docket.db.read_now(lambda tx: staff.staff_for_login(tx, name))
    listed = rids(await casework.docket.published.current())
    made_up = [_decoy(casework, listed, name)]
    known = found is not None and found.login == name and found.rid in listed and found.status != GONE
    return found.slots if found and known and found.slots else made_up


def _decoy(casework: Casework, listed: list[str], name: str) -> dict[str, Any]:
    """A key of the public directory stands in it, the same for the same name: one that is not there would tell."""
    drawn = {rid: _mac(casework, b"decoy", name.encode() + rid.encode()) for rid in listed}
    likely = min(drawn, key=drawn.__getitem__, default="")
    made = slots.decoy(casework.docket.published.zone, _mac(casework, b"slot", name.encode()))
    return made | ({"rid": likely} if likely else {})


def challenge(casework: Casework, now: float) -> dict[str, Any]:
    """A nonce of our own making, good once and for two minutes."""
    expires = int(now) + CHALLENGE_SECONDS
    return {
        "nonce": b64(_nonce(casework, secrets.token_bytes(_HALF), expires)),
        "expires": expires,
        "origin": casework.origin,
    }


def _nonce(casework: Casework, drawn: bytes, expires: int) -> bytes:
    return drawn + _mac(casework, b"nonce", drawn + str(expires).encode())[:_HALF]


def _mac(casework: Casework, use: bytes, data: bytes) -> bytes:
    """One secret, one use each: what a name draws is never a nonce's."""
    return hmac.digest(casework.secret, use + b"\0" + data, "sha256")


async def log_in(casework: Casework, said: dict[str, Any], now: float) -> tuple[Reviewer, bytes]:
    """Verifies a signed login and opens a session: who he is, and the session's token.

    Every failure is the same Rejected("not_signed_in"): it tells nobody whether a key is known.
    """
    try:
        who, nonce = await _recognise(casework, said, now)
    except (EnvelopeError, KeyError, TypeError, ValueError):
        raise Rejected("not_signed_in") from None
    token = secrets.token_bytes(32)

    def open_session(tx: Connection) -> None:
        member = staff.staff(tx, who.rid)
        if member is not None and member.status == GONE:
            raise Rejected("not_signed_in")
        appending.spend(tx, nonce, zone_day(now))
        sessions.open_session(tx, token, who.rid, who.expires)
        audit.enter(tx, replace(entry_of(casework, who, Look("login"), now), office=who.home))

    try:
        await casework.docket.db.write(open_session)
    except Spent:
        raise Rejected("not_signed_in") from None
    return who, token


async def _recognise(casework: Casework, said: dict[str, Any], now: float) -> tuple[Reviewer, bytes]:
    nonce, expires = unb64(said["nonce"], 32), said["expires"]
    fresh = isinstance(expires, int) and now <= expires <= now + CHALLENGE_SECONDS + 1
    if not fresh or not hmac.compare_digest(nonce, _nonce(casework, nonce[:_HALF], expires)):
        raise EnvelopeError("login")
    directories = await casework.docket.published.current()
    who = reviewer(directories, said["rid"], int(now) + casework.session_seconds)
    if who is None or said["dir"] != directories.newest_hash:
        raise EnvelopeError("login")
    reader = directories.reader(said["dir"], who.seats[0].channel, who.rid)
    if reader is None:
        raise EnvelopeError("login")
    signature.verify_login(
        unb64(reader["sig"], 32),
        zone=casework.docket.published.zone,
        origin=casework.origin,
        rid=unb64(who.rid),
        dir=unb64(said["dir"], 32),
        server_nonce=nonce,
        client_nonce=unb64(said["client_nonce"], 32),
        expires=expires,
        sig=unb64(said["sig"], 64),
    )
    return who, nonce


async def signed_in(casework: Casework, token: bytes, now: float) -> Reviewer:
    """Who holds this session, as the newest directory knows him. Raises Rejected("not_signed_in")."""
    held = await casework.docket.db.read_now(lambda tx: sessions.session(tx, token, int(now)))
    who = held and reviewer(await casework.docket.published.current(), held.rid, held.expires)
    if not who:
        raise Rejected("not_signed_in")
    return who


async def log_out(casework: Casework, token: bytes) -> None:
    """Ends a session."""
    await casework.docket.db.write(lambda tx: sessions.close_session(tx, token))


def invite_hash(invite: bytes) -> str:
    return b64(hashlib.sha256(b"invite\0" + invite).digest())


async def invited(casework: Casework, invite: str, now: float) -> dict[str, str]:
    """What an invitation is for. Raises Rejected("not_found") for one that is used, old or made up."""
    digest = invite_hash(_raw(invite))
    found = await casework.docket.db.read_now(lambda tx: staff.invite(tx, digest, zone_day(now)))
    if found is None:
        raise Rejected("not_found")
    return {"zone": b64(casework.docket.published.zone), "label": found.label, "login": found.login}


async def enrol(casework: Casework, said: dict[str, Any], now: float) -> str:
    """Keeps a new key until the zone signs it. The proof shows the key signs; the person is bound at the ceremony."""
    invite, zone, today = _raw(said["invite"]), casework.docket.published.zone, zone_day(now)
    kem, sig = unb64(said["kem"], keys.KEM_SIZE), unb64(said["sig"], 32)
    keys.check_kem_public(kem)
    proof = unb64(said["proof"], 64)
    signature.verify_enrol(zone=zone, kem=kem, sig=sig, invite=invite, proof=proof)
    rid = b64(keys.reviewer_id(zone, kem, sig))
    slot = slots.parse_slot(json.dumps(said["slot"], ensure_ascii=False, separators=(",", ":")).encode())
    if slot["rid"] != rid:
        raise EnvelopeError("slot")
    digest = invite_hash(invite)

    def keep(tx: Connection) -> None:
        found = staff.invite(tx, digest, today)
        if found is None:
            _finished(tx, digest, rid, slot)
            return
        staff.use_invite(tx, digest, rid, today)
        staff.add_staff(
            tx,
            staff.Staff(rid, found.login, found.label, kem, sig, proof, slots=[slot]),
        )
        audit.record(tx, day=today, minute=zone_minute(now), rid=rid, act="enrol", office=ZONE)

    await casework.docket.db.write(keep)
    return rid


def _finished(tx: Connection, digest: str, rid: str, slot: dict[str, Any]) -> None:
    """The same enrolment again, its answer was lost: it stands. Anything else finds the invitation used."""
    member = staff.staff(tx, rid)
    if member is None or staff.used_by(tx, digest) != rid or member.slots != [slot]:
        raise Rejected("not_found")


def _raw(invite: Any) -> bytes:
    try:
        return unb64(invite, 16)
    except EnvelopeError:
        raise Rejected("not_found") from None
