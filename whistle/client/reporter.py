"""The reporter's client: file, follow, talk and claim by ticket. Nothing leaves it unsealed."""

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from types import MappingProxyType
from typing import Any

import httpx

from whistle.client import cards
from whistle.client.attaching import Attachment, seal_with
from whistle.client.certificates import certificate_of
from whistle.client.delivery import Delivery, Place
from whistle.client.errors import ClientError
from whistle.client.onward import file_of, verified
from whistle.client.reading import Carried, carried, open_items, open_keys, verify_chain
from whistle.client.receipt import Receipt, checked
from whistle.client.sealing import REPORTER, Items, Office, Party, Piece, check_pieces, plan, seal_items
from whistle.client.status import Status, status_of
from whistle.client.tombs import buried
from whistle.client.trust import Trust
from whistle.client.wire import Challenge, HttpWire, Wire, reading
from whistle.core import newposts
from whistle.core.case import fold
from whistle.core.offices import ZONE, is_authority, office_of
from whistle.core.workflow import load
from whistle.crypto import work
from whistle.crypto.chain import Act, Chain
from whistle.crypto.encoding import b64
from whistle.crypto.errors import EnvelopeError
from whistle.crypto.onward import prove
from whistle.crypto.posts import Post
from whistle.crypto.ticket import Ticket, find, new_ticket, normalise, open_ticket, show

ATTEMPTS = 10
JSON = "application/json"
TEXT = "text/plain"
# What another try may mend; anything else is told to the person at once.
# What is asked for, and worked for, as a message: WORK knows three purposes. She keeps a copy of her words.
PURPOSES = dict.fromkeys(("objection", "evidence", "withdraw", "withdraw.undo"), "message")
WORKED_AS = {"file": "message"}
OWN_COPY = frozenset({"message", "objection"})
MENDED = frozenset({"stale_directory", "work", "conflict"})
# After these a post may stand: what came back was no refusal, or says that something stands in its place.
UNHEARD = frozenset({"fault", "server_lies", "conflict"})


@dataclass(frozen=True)
class Filed:
    """A report that is on the server's disk. The ticket is the only credential and is kept nowhere else."""

    ticket: str
    case: str
    receipt: Receipt


@dataclass(frozen=True)
class Claimed:
    """A claim that is on disk, and the code to show at the counter."""

    code: str
    receipt: Receipt


@dataclass(frozen=True)
class Seen:
    """Her case as fetched and verified."""

    answer: Mapping[str, Any]
    posts: list[Carried]
    chain: Chain
    acts: list[Act]


def connect(url: str, http: httpx.Client, pin: str = "") -> "Public":
    """The public door at `url`; `pin` is the zone's fingerprint from a poster."""
    return Public(HttpWire(url, http), pin)


class Public:
    """One public door, verified against one zone."""

    def __init__(self, wire: Wire, pin: str = "", table: Mapping[str, Any] | None = None) -> None:
        self._wire = wire
        self._table = table or load()
        self.trust = Trust(wire.directory, wire.channel, pin)
        # Whether what was posted last may be on the server's disk, with a receipt or without one.
        self.may_stand = False

    @property
    def trusted_first_use(self) -> bool:
        """True when no pin was given: the zone that answered was believed."""
        return self.trust.first_use

    def expired(self, today: str) -> bool:
        """Whether the newest directory is past its day; a reporter may still file, after one sentence."""
        return self.trust.directories.is_expired(today)

    def submit(
        self,
        text: str,
        *,
        category: str = "general_hazard",
        sector: str = "",
        enterprise: str = "",
        place: str = "",
        since: str = "",
        relation: str = "",
        reward: str = "",
        contact: str = "",
        passphrase: str = "",
        channel: str = "",
        source: str = "web",
        urgent: bool = False,
        exclude: Sequence[str] = (),
        sealed_by: str = "cli",
        digits: str = "",
        readback: bool = False,
        taken: Mapping[str, str] = MappingProxyType({}),
    ) -> Filed:
        """Seal and file a report. Returns only with a receipt that verifies; raises ClientError otherwise.

        `taken` is what the office adds to the card of a report it takes down: see `Office.enter`.

        An enterprise's office holds no sealed identity: `contact` is ClientError("no_identity") there.

        `digits` is a ticket made before (a retry of the same person); else a new one is drawn. `readback`: the ticket
        opens what was written, too."""
        channel = channel or str(self.trust.newest_channel()["id"])
        if contact and not is_authority(self.trust.newest_channel(channel)["policy"]):
            raise ClientError("no_identity")
        digits = normalise(digits or new_ticket())
        ticket = open_ticket(self.trust.zone, digits)
        card = cards.card(
            text,
            category=category,
            sector=sector,
            enterprise=enterprise,
            place=place,
            since=since,
            relation=relation,
            reward=reward,
            **taken,
        )
        fields = {
            "reporter": {"kem": b64(ticket.keys.kem), "sig": b64(ticket.keys.sig)},
            "access": b64(ticket.access_hash),
            "channel": channel,
            "source": source,
            "urgent": urgent,
            "exclude": sorted(exclude),
            "sealed_by": sealed_by,
        }
        pieces = [
            Piece("card", cards.pack(card), JSON),
            _text("report", text),
            _text("identity", contact),
            Piece("payout", cards.pack({"passphrase": passphrase}), JSON) if passphrase else Piece("payout"),
        ]
        receipt = self._post(ticket, "report", fields, pieces, own=readback)
        return Filed(show(digits), b64(ticket.case), receipt)

    def status(self, ticket: str) -> Status:
        """Her case as the office told it, every post verified."""
        return self._told(open_ticket(self.trust.zone, find(ticket)))

    def filed(self, ticket: str) -> Filed:
        """Her report as it stands on disk, with its receipt: for whom the first answer never reached."""
        digits = find(ticket)
        opened = open_ticket(self.trust.zone, digits)
        first = self._fetch(opened).posts[0]
        return Filed(show(digits), b64(opened.case), checked(self.trust, first.post, first.receipt))

    def message(self, ticket: str, text: str, comp: str = "thread", pid: bytes = b"") -> Receipt:
        """A message to intake (thread) or to payout. `pid`: the post is known by it, here and in the verbs below, and
        stands once however often it is sent."""
        opened = open_ticket(self.trust.zone, find(ticket))
        return self._post(opened, "message", {"comp": comp}, [_text(comp, text)], pid=pid)

    def objection(self, ticket: str, about: str, text: str) -> Receipt:
        """Object to what was decided (decline, feedback or award.refuse); another person looks again."""
        opened = open_ticket(self.trust.zone, find(ticket))
        return self._post(opened, "objection", {"about": about}, [_text("thread", text)])

    def object_to_last(self, ticket: str, text: str, pid: bytes = b"") -> Receipt:
        """Object to the decision she was told last; `refused` when there is none, or her one objection is used up."""
        opened = open_ticket(self.trust.zone, find(ticket))
        if pid and (stands := self._stands(opened, pid)):
            return stands
        about = self._told(opened).about
        if not about:
            raise ClientError("refused", reason="objection")
        return self._post(opened, "objection", {"about": about}, [_text("thread", text)], pid=pid)

    def withdraw(self, ticket: str, scope: str, pid: bytes = b"") -> Receipt:
        """Take back the report, or the name and telephone alone (`scope`: report, contact). It waits until the fourth
        day, and can be undone until it is taken; `refused` once the result was told."""
        opened = open_ticket(self.trust.zone, find(ticket))
        return self._post(opened, "withdraw", {"scope": scope}, [], pid=pid)

    def undo_withdrawal(self, ticket: str, pid: bytes = b"") -> Receipt:
        """Undo the withdrawal that waits; `refused` when there is none."""
        opened = open_ticket(self.trust.zone, find(ticket))
        if pid and (stands := self._stands(opened, pid)):
            return stands
        acts = self._fetch(opened).acts
        waiting = fold(acts, self._table, acts[-1].day, view="reporter").withdrawal
        if not waiting:
            raise ClientError("refused", reason="withdraw")
        return self._post(opened, "withdraw.undo", {"withdraw": waiting}, [], pid=pid)

    def claim(
        self,
        ticket: str,
        *,
        payee: str,
        method: str,
        declared: bool,
        passphrase: str = "",
        note: str = "",
        signatories: int = 1,
        code: str = "",
        pid: bytes = b"",
    ) -> Claimed:
        """Claim the award; the returned code is shown at the counter, the ticket never.

        `declared`: she says that she is nobody whom 2018 art. 7 excludes; `signatories` of a joint report; `code` was
        drawn, and shown, before; else it is drawn here."""
        opened = open_ticket(self.trust.zone, find(ticket))
        claim = cards.claim(payee, code or cards.claim_code(), passphrase, note, signatories, declared)
        piece = Piece("payout", cards.pack(claim), JSON)
        return Claimed(claim["code"], self._post(opened, "claim", {"method": method}, [piece], pid=pid))

    def attach(self, ticket: str, file: Attachment, pid: bytes = b"") -> Receipt:
        """Add a file to the case, one post a file. Raises ClientError; the words of the case are not touched."""
        opened = open_ticket(self.trust.zone, find(ticket))
        if pid and (stands := self._stands(opened, pid)):
            return stands
        pid, sending = pid or os.urandom(16), _Sending(self._wire, self.trust.zone, opened)
        seal = partial(seal_with, self._writer(opened), [], [("report", file)], sending, pid)
        try:
            items = seal()
        except ClientError as refused:
            if refused.code != "part_differs":
                raise
            # An earlier try under this pid sealed the file with another key and never posted it.
            self._wire.drop_parts(f"{b64(pid)}.0", opened.authorization)
            items = seal()
        return self._deliver(opened, self._delivery(opened, "evidence", {}, items))

    def prove_onward(self, ticket: str, inside: str, pid: bytes = b"") -> Receipt:
        """Add to this case the proof that its reporter reported inside a company before, with the ticket of that report
        (`inside`), which is not sent. ClientError "onward": that ticket proves nothing here; `unknown_ticket`."""
        opened, earlier = (open_ticket(self.trust.zone, find(each)) for each in (ticket, inside))
        if pid and (stands := self._stands(opened, pid)):
            return stands
        first = self._fetch(earlier).posts[0]
        try:
            proof = prove(earlier.keys, b64(self.trust.zone), first.post, first.receipt, b64(opened.case))
            verified(self.trust, self._table, b64(opened.case), proof)
        except (EnvelopeError, UnicodeDecodeError):
            raise ClientError("onward") from None
        pid, sending = pid or os.urandom(16), _Sending(self._wire, self.trust.zone, opened)
        items = seal_with(self._writer(opened), [], [("report", file_of(proof))], sending, pid)
        return self._deliver(opened, self._delivery(opened, "evidence", {}, items))

    def _told(self, ticket: Ticket) -> Status:
        seen = self._fetch(ticket)
        reader = Party(self.trust.zone, ticket.case, REPORTER, ticket.keys)
        items = open_items(reader, seen.posts, open_keys(reader, seen.posts))
        tombs = reading(lambda: list(seen.answer.get("tombs", ())))
        lost = buried(self.trust.directories, seen.chain, tombs, self._table)
        status = status_of(b64(ticket.case), seen.acts, items, seen.answer, self._table, lost)
        channel = seen.acts[0].fields["channel"]
        methods = newposts.listed(self._table, self.trust.office_kind(channel), "methods")
        folded = fold(seen.acts, self._table, status.today, view="reporter")
        certificate = certificate_of(self.trust, folded, seen.acts, items)
        return replace(status, office=self._office_of(channel), methods=tuple(methods), certificate=certificate)

    def _office_of(self, channel: str) -> str:
        known = self.trust.directories.versions(channel)
        return str(known[-1]["label"]) if known and office_of(known[-1]["policy"]) != ZONE else ""

    def _fetch(self, ticket: Ticket) -> Seen:
        answer = self._wire.case(ticket.authorization)
        posts = carried(answer)
        chain, acts = verify_chain(self.trust, posts, self._table, "reporter", ticket.case)
        return Seen(answer, posts, chain, acts)

    def _post(
        self,
        ticket: Ticket,
        kind: str,
        fields: Mapping[str, Any],
        pieces: Sequence[Piece],
        *,
        own: bool = False,
        pid: bytes = b"",
    ) -> Receipt:
        """Seal once; grant, sign and deliver until a receipt stands or a refusal cannot be mended."""
        self.may_stand = False
        check_pieces(kind, pieces)
        if pid and (stands := self._stands(ticket, pid)):
            return stands
        items = seal_items(self._writer(ticket), pieces, pid)
        return self._deliver(ticket, self._delivery(ticket, kind, fields, items, own))

    def _writer(self, ticket: Ticket) -> Party:
        return Party(self.trust.zone, ticket.case, REPORTER, ticket.keys)

    def _delivery(
        self, ticket: Ticket, kind: str, fields: Mapping[str, Any], items: Items, own: bool = False
    ) -> Delivery:
        vis = self._table["kinds"][kind]["vis"]
        return Delivery(self._writer(ticket), kind, fields, items, vis, own or kind in OWN_COPY)

    def _deliver(self, ticket: Ticket, delivery: Delivery) -> Receipt:
        refused = ClientError("offline")
        for _ in range(ATTEMPTS):
            try:
                return self._attempt(ticket, delivery)
            except ClientError as error:
                refused = error
            # The same post once more, from a second tap or a page read again, is refused for what the first one did.
            if refused.code in {"conflict", "refused"} and (stands := self._stands(ticket, delivery.items.pid)):
                return stands
            if refused.code not in MENDED:
                raise refused
            if refused.code == "stale_directory":
                self.trust.refresh()
            if refused.code == "conflict" and delivery.kind == "report":
                raise refused  # a report's only conflict is with itself: an earlier one under the same ticket arrived
        raise refused

    def _attempt(self, ticket: Ticket, delivery: Delivery) -> Receipt:
        first = delivery.kind == "report"
        authorization = "" if first else ticket.authorization
        seen = None if first else self._fetch(ticket)
        purpose = PURPOSES.get(delivery.kind, delivery.kind)
        challenge = _asked(self._wire, self.trust.zone, purpose, authorization, delivery.items.inline_size)
        office = self._office(ticket, delivery, seen)
        wanted = plan(delivery.items, office, delivery.kind, delivery.own, REPORTER)
        post = delivery.sign(
            self._place(ticket, seen, challenge), self.trust.newest_hash, challenge.day, wanted, office
        )
        done = _work(challenge, ticket.case, delivery.items.pid)
        return self._sent(post, delivery.upload(), done, authorization)

    def _sent(self, post: Post, upload: bytes, work: str, authorization: str) -> Receipt:
        """From the first byte until the door has refused it the post may stand."""
        before, self.may_stand = self.may_stand, True
        try:
            answer = self._wire.post(upload, work, authorization)
        except ClientError as error:
            self.may_stand = before or error.lost or error.code in UNHEARD
            raise
        return checked(self.trust, post, answer)

    def _office(self, ticket: Ticket, delivery: Delivery, seen: Seen | None) -> Office:
        if seen is None:
            channel = self.trust.newest_channel(delivery.fields["channel"])
            excluded, seats, assigned = delivery.fields["exclude"], [], False
        else:
            channel = self.trust.newest_channel(seen.chain.channel_id)
            excluded, seats = sorted(seen.chain.excluded), list(seen.chain.seats)
            assigned = any(act.kind == "assign" for act in seen.acts)
        return Office(channel, self._table, seats, excluded, assigned, ticket.keys.kem)

    def _place(self, ticket: Ticket, seen: Seen | None, challenge: Challenge) -> Place:
        if seen is None:
            return Place(0, b64(ticket.case), b64(ticket.case))
        if seen.chain.withheld:
            raise ClientError("withheld")
        upcoming = seen.chain.next("all")
        # Office posts are not shown to her; the newest head to sign after comes with the challenge.
        return Place(upcoming["no"], challenge.prev, upcoming["last"])

    def _stands(self, ticket: Ticket, pid: bytes) -> Receipt | None:
        """The receipt of our own post when it is on disk already: its answer was lost on the way."""
        try:
            seen = self._fetch(ticket)
        except ClientError:
            return None
        for one in seen.posts:
            if one.post.author == REPORTER and one.post.pid == b64(pid):
                return checked(self.trust, one.post, one.receipt)
        return None


@dataclass(frozen=True)
class _Sending:
    """Her parts at the public door; the first is worked for."""

    wire: Wire
    zone: bytes
    ticket: Ticket

    def put(self, name: str, data: bytes, pid: bytes, length: int) -> None:
        shown, work = self.ticket.authorization, ""
        if name.split(".")[2] == "0":
            work = _work(_asked(self.wire, self.zone, "file", shown, length), self.ticket.case, pid)
        self.wire.put_part(name, data, work, shown)


def _asked(wire: Wire, zone: bytes, purpose: str, authorization: str, size: int) -> Challenge:
    """What the door asks, when an honest one asks it: for this zone, this purpose and the day it says. Raises
    ClientError("busy") for work without end, "server_lies" for anything else. A wire in the same process asks none."""
    challenge = wire.challenge(purpose, authorization, size)
    if not challenge.challenge:
        return challenge
    asked = reading(lambda: work.peek(challenge.challenge))
    why = work.wrong(asked, zone, WORKED_AS.get(purpose, purpose), challenge.day)
    if why == "busy":
        raise ClientError("busy", retry=60)
    if why:
        raise ClientError("server_lies")
    return challenge


def _work(challenge: Challenge, case: bytes, pid: bytes) -> str:
    """The Whistle-Work header; "" when none is asked (a door in the same process)."""
    if not challenge.challenge:
        return ""
    bits = work.read_bits(challenge.challenge)
    return work.header(challenge.challenge, work.solve(challenge.challenge, case, pid, bits))


def _text(comp: str, text: str) -> Piece:
    return Piece(comp, text.encode(), TEXT) if text else Piece(comp)
