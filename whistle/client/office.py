"""The reviewer's client: inbox, case, and any act of the table, sealed and signed with his own key."""

import os
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from typing import Any

import httpx

from whistle.client.attaching import Attachment, seal_with
from whistle.client.basis import OVERTAKERS, came_in
from whistle.client.delivery import Delivery, Place
from whistle.client.errors import ClientError
from whistle.client.fetching import Fetched, fetched
from whistle.client.handover import colleagues, sole, to_colleague
from whistle.client.honours import Honours
from whistle.client.listrow import open_card
from whistle.client.onward import Inside, inside
from whistle.client.reading import Opened
from whistle.client.receipt import Receipt, checked
from whistle.client.repeats import STATES, Repeat, repeats
from whistle.client.reporter import Filed, Public
from whistle.client.sealing import Party, Piece, check_pieces, plan
from whistle.client.session import Session
from whistle.client.transcribing import Transcriber
from whistle.client.trust import Trust
from whistle.client.view import HANDINGS, Handing, View, office, see, shared, to_own
from whistle.client.wire import reading
from whistle.core import newposts, vouchers
from whistle.core.case import Case, allowed
from whistle.core.clock import minute, zone_day
from whistle.core.ledger import Row
from whistle.core.newposts import Now, open_until
from whistle.core.offices import in_order, office_of
from whistle.core.workflow import load
from whistle.crypto.bookings import draft, sign_booking
from whistle.crypto.directory import ROSTER, roster_hash
from whistle.crypto.encoding import b64, unb64
from whistle.crypto.errors import EnvelopeError
from whistle.crypto.honours import sign_certificate
from whistle.crypto.keys import KeyPair, reviewer_id
from whistle.crypto.strict import parse

ATTEMPTS = 10
MENDED = frozenset({"stale_directory", "conflict"})

Json = dict[str, Any]


class Office(Honours):
    """One reviewer at one review door. Every case it returns has been verified from its first post."""

    def __init__(
        self,
        url: str,
        http: httpx.Client,
        keys: KeyPair,
        zone: str,
        *,
        origin: str = "",
        clock: Callable[[], float] = time.time,
        table: Mapping[str, Any] | None = None,
        serves: str = "",
    ) -> None:
        """`zone` comes from the key file and is the pin. `serves`: the office that is worked for, by its id; "" for the
        zone's own if this key sits there, else for its first."""
        self.session = Session(url, http, origin)
        self.serves = serves
        self.trust = Trust(self.session.directory, self.session.channel, zone)
        self.rid = b64(reviewer_id(unb64(zone, 16), keys.kem, keys.sig))
        self._keys = keys
        self._clock = clock
        self._table = table or load()
        self.may_stand = False  # whether the report taken down last may be on disk
        self._enclosed: dict[tuple[str, str], Sequence[tuple[str, Attachment]]] = {}
        self._shown: dict[str, str] = {}  # by case: the newest post that was shown to this person

    @property
    def me(self) -> Json:
        return self.session.me

    def login(self) -> Json:
        """Sign in. A login names the newest directory, so one that came meanwhile is fetched once."""
        before = self.trust.newest_hash
        try:
            return self._login()
        except ClientError as error:
            self.trust.refresh()
            if error.code != "not_signed_in" or self.trust.newest_hash == before:
                raise
        return self._login()

    def logout(self) -> None:
        self.session.logout()

    def inbox(self, **filters: str) -> list[Json]:
        """Rows of every case this key may see."""
        return self.session.inbox(filters)

    def transcribe(self, text: str, *, source: str, arrived: str = "", paper: str = "", **more: Any) -> Filed:
        """Take a report down for a caller: `source` phone, letter, counter or hotline, `arrived` the day it came,
        `paper` its file number; `more` as for `Public.submit`. The ticket is the caller's, and kept nowhere."""
        caller = Public(Transcriber(self.session, self._clock), b64(self.trust.zone), self._table)
        here = self.channels()[0]
        taken = {"arrived": arrived, "paper": paper}
        try:
            return caller.submit(text, source=source, taken=taken, **({"channel": here} | more))
        finally:
            self.may_stand = caller.may_stand

    def open_budget(self, year: int, source: str, fen: int) -> Json:
        """Enter the opening budget of a year; the ledger refuses awards beyond it. Finance only."""
        return self._book("budget", year=year, source=source, fen=fen)

    def budget_left(self, year: int) -> int:
        """What a year's budget still bears, in fen, less the awards that are approved and wait for money this year. For
        the leader before he approves, and for whoever answers for the money."""
        answer = self.session.get("/api/ledger", {"year": str(year)})
        return max(0, int(answer["balance"]["left"]) - int(answer["waiting"]["fen"]))

    def borne(self, voucher: str, treasury: str) -> list[str]:
        """The cases whose payments bear one of these numbers already, by their register numbers."""
        paid = vouchers.payments(reading(lambda: [Row(**row) for row in self.ledger_rows()]))
        year = int(zone_day(self._clock())[:4])
        found = vouchers.bearing(paid, year, voucher, treasury)
        return sorted({paid.case for one in found for paid in one.payments})

    def take_back(self, no: int, memo: str) -> Json:
        """Take a wrong budget row back by a row of its own, dated today; `memo` says why. Finance only."""
        return self._book("reverse", no=no, memo=memo)

    def amend(self, no: int, voucher: str, treasury: str, memo: str) -> Json:
        """State voucher and treasury number of a payment as they hold from now on; the row stays as it is, and `memo`
        says why. Finance only."""
        return self._book("amend", no=no, number=voucher, source=treasury, memo=memo)

    def concur(self, number: str, document: str) -> Json:
        """The finance department concurs in the large award of a case, by the number of its paper. Finance only."""
        found = next((award["approval"] for award in self.large() if award["number"] == number), None)
        if found is None:
            raise ClientError("refused", reason="not_large")
        return self._book("concur", number=number, approval=found, memo=document)

    def ledger_rows(self, year: int = 0) -> Iterator[Json]:
        """The blind rows of a fiscal year, 0 for all, in order."""
        return self.session.pages("/api/ledger", "rows", {"year": str(year)})

    def award_lines(self, year: int = 0) -> Iterator[Json]:
        """The lines of the blind award ledger, in order."""
        return self.session.pages("/api/ledger/awards", "rows", {"year": str(year)})

    def large(self) -> Iterator[Json]:
        """The awards that wait for the finance department, the oldest first."""
        return self.session.pages("/api/ledger/large", "awards")

    def papers(self) -> Iterator[Json]:
        """The awards that lack another paper, each with what it lacks, the oldest first."""
        return self.session.pages("/api/ledger/papers", "awards")

    def enter_paper(self, kind: str, number: str, document: str, reason: str = "") -> Json:
        """Enter the paper of an award, "meeting", "filing", or "cash" with its reason, by its number. Finance only."""
        found = next((award["approval"] for award in self.papers() if award["number"] == number), None)
        if found is None:
            raise ClientError("refused", reason="not_asked")
        said = {"source": document, "memo": reason} if kind == "cash" else {"memo": document}
        return self._book(kind, number=number, approval=found, **said)

    def lock_month(self, month: str) -> Json:
        """Close a month, "2026-11", and those before it: no row may be dated in them any more. Finance only."""
        return self._book("lock", month=month)

    def _book(self, act: str, **said: Any) -> Json:
        """Sign and enter one of finance's own entries; under a directory that came meanwhile it is signed again."""
        pid = b64(os.urandom(16))
        try:
            return self._signed_booking(pid, act, said)
        except ClientError as error:
            if error.code != "stale_directory":
                raise
        self.trust.refresh()
        return self._signed_booking(pid, act, said)

    def _signed_booking(self, pid: str, act: str, said: Mapping[str, Any]) -> Json:
        here = {"zone": b64(self.trust.zone), "dir": self.trust.newest_hash, "author": self.rid}
        document = draft(here | {"pid": pid, "when": minute(self._clock())}, act, said)
        try:
            return self.session.book(*sign_booking(self._keys, document))
        except EnvelopeError:
            raise ClientError("refused", reason="bad_entry") from None

    def names(self) -> dict[str, str]:
        """Names of colleagues by person, {} where the zone has no roster and for an enterprise's staff, who get labels
        alone. The signed directory names the roster by its hash."""
        try:
            answer = self.session.get("/api/roster")
        except ClientError as error:
            if error.code == "not_found":
                return {}
            raise
        if "labels" in answer:
            return {}
        data = reading(lambda: str(answer["bytes"]).encode())
        if b64(roster_hash(data)) != self.trust.directories.newest["roster"]:
            raise ClientError("server_lies")
        return {one["person"]: one["name"] for one in reading(lambda: parse(ROSTER, data))["people"]}

    def letterhead(self) -> str:
        """The office as its papers and registers name it."""
        return reading(lambda: str(self.session.get("/api/letterhead")["office"]))

    def card(self, row: Mapping[str, Any]) -> Mapping[str, str] | None:
        """The opened card of a list row, None when this reader has none or it does not open."""
        return open_card(self.trust, row, self.rid, self._keys)

    def case(self, case: str) -> View:
        """The case, verified, folded and opened, as it is shown to this person."""
        view = self._fetched(case)
        self._shown[case] = view.chain.newest
        return view

    def fetch(self, view: View, item: Opened) -> Fetched:
        """A large file of a case, to be read piece by piece. Raises ClientError."""
        hashes = self.session.slices(view.case, item.id)
        piece = partial(self.session.piece, view.case, item.id)
        return fetched(view, item, hashes, piece, self.trust.zone)

    def weighed(self, case: str, kind: str) -> View:
        """The case as money is signed on it; ClientError "overtaken" for what came in since it was shown."""
        view = self._fetched(case)
        self._refuse_overtaken(view, kind)
        return view

    def _fetched(self, case: str) -> View:
        reader = Party(self.trust.zone, unb64(case, 32), self.rid, self._keys)
        return see(self.trust, self.session.case(case), self._table, reader)

    def repeats(self, case: str) -> list[Repeat]:
        """Earlier cases this key opens that share payee, account, merge or facts with this one: look before you
        propose or check. Every such case is fetched and compared here."""
        rows = [row for state in STATES for row in self.inbox(state=state) if row["case"] != case]
        return list(repeats(self.case(case), (self.case(str(row["case"])) for row in rows)))

    def other_keys(self) -> list[str]:
        """Key ids of this person's other keys in the newest channels: whom a regrant would reach."""
        channels = [self.trust.newest_channel(name) for name in self.channels()]
        listed = [one for channel in channels for one in channel["readers"]]
        return sorted({one["rid"] for one in listed if one["person"] == self.me["person"]} - {self.rid})

    def owed(self, view: View, *, again: bool = False) -> int:
        """How many keys of items another key of this person may hold and lacks; `again`: lacking or not."""
        return sum(map(len, to_own(view, office(self.trust, view, self._table), {}, self.rid, again=again).values()))

    def colleagues(self) -> list[Json]:
        """Whom this person may hand cases to: the newest keys of everybody else with a role of his in his channels."""
        channels = [self.trust.newest_channel(one["id"]) for one in self.me["channels"]]
        return [one for channel in channels for one in colleagues(channel["readers"], self.me["person"])]

    def due_to(self, view: View, person: str, *, again: bool = False) -> int:
        """How many items of a case a handover would give this colleague. Raises ClientError, as `to_colleague` does."""
        wanted = to_colleague(person, again=again)(view, office(self.trust, view, self._table), {}, self.rid)
        return len({item for rows in wanted.values() for item, _, _ in rows})

    def sole(self, view: View) -> list[str]:
        """The compartments of a case of which something opens for this person alone: handed over before he goes."""
        return sole(view, office(self.trust, view, self._table), self.rid)

    def kinds(self, view: View) -> list[str]:
        """What this person may post on this case now."""
        mine = self._reader(view)
        may = allowed(view.fold, mine["roles"], mine["person"])
        return [kind for kind in may if newposts.is_here(view.fold, kind, view.office_kind)]

    @contextmanager
    def enclosing(self, case: str, kind: str, files: Sequence[tuple[str, Attachment]]) -> Iterator[None]:
        """Files, each with its compartment, for the act of this kind that is made on this case meanwhile, whichever
        verb makes it. One that is refused leaves none behind for a later act."""
        self._enclosed = {(case, kind): files}
        try:
            yield
        finally:
            self._enclosed = {}

    def act(
        self,
        case: str,
        kind: str,
        fields: Mapping[str, Any] | None = None,
        parts: Sequence[Piece] = (),
        files: Sequence[tuple[str, Attachment]] = (),
        handing: Handing | None = None,
        strand: bool = False,
    ) -> Receipt:
        """Seal, grant, sign and deliver one post; returns its receipt. `files`: each with its compartment, behind its
        texts; the table says which kinds take them. `handing`: what it hands on, where the kind alone does not say;
        `strand`: though something of the case opens for nobody afterwards.

        After a conflict the case is read again, the act checked anew and only the head signed again. Money is not
        signed over a finding or a repin that came in since the case was shown: ClientError "overtaken" names the
        `kinds`, and the case is to be shown again."""
        check_pieces(kind, parts)
        writer = Party(self.trust.zone, unb64(case, 32), self.rid, self._keys)
        vis = self._table["kinds"][kind]["vis"]
        slots = self._table["kinds"][kind]["items"]
        enclosed = (*files, *self._enclosed.pop((case, kind), ()))
        items = seal_with(writer, parts, enclosed, _Sending(self.session, case), slots=slots)
        delivery = Delivery(writer, kind, dict(fields or {}), items, vis)
        handing = handing or HANDINGS.get(kind)
        refused = ClientError("conflict")
        for _ in range(ATTEMPTS):
            view = self._fetched(case)
            if stands := self._stands(view, delivery):
                return stands
            self._refuse_overtaken(view, kind)
            try:
                return self._attempt(view, delivery, handing, strand)
            except ClientError as error:
                if error.code not in MENDED:
                    raise
                refused = error
            if refused.code == "stale_directory":
                self.trust.refresh()
        raise refused

    def _refuse_overtaken(self, view: View, kind: str) -> None:
        """Raise for what came in unseen and changes what this act rests on. Who was shown nothing begins here."""
        if kind in OVERTAKERS:
            shown = self._shown.setdefault(view.case, view.chain.newest)
            if changed := came_in(view.acts, kind, shown):
                raise ClientError("overtaken", kinds=[act.kind for act in changed])

    def _attempt(self, view: View, delivery: Delivery, handing: Handing | None, strand: bool) -> Receipt:
        if view.chain.withheld:
            raise ClientError("withheld")
        if self.trust.directories.is_expired(zone_day(self._clock())):
            raise ClientError("expired_directory")
        if delivery.kind not in self.kinds(view):
            raise ClientError("refused", reason="state")
        now = Now(view.today, open_until(view.clocks), self._parent(view), view.review, view.office_kind)
        if code := newposts.refused(view.fold, delivery.kind, delivery.fields, now):
            raise ClientError("refused", reason=code)
        readers = office(self.trust, view, self._table, delivery.fields.get("seats"))
        wanted = plan(delivery.items, readers, delivery.kind, to_reporter=True)
        for reader, keys in shared(view, readers, delivery.kind, self.rid).items():
            wanted[reader] = (*wanted.get(reader, ()), *keys)
        if handing:
            wanted |= handing(view, readers, dict(delivery.fields), self.rid)
        upcoming = view.chain.next(self._table["kinds"][delivery.kind]["vis"])
        place = Place(upcoming["no"], upcoming["prev"], upcoming["last"])
        post = delivery.sign(place, self.trust.newest_hash, minute(self._clock()), wanted, readers)
        return checked(self.trust, post, self.session.post(delivery.upload(), strand=strand))

    def _parent(self, view: View) -> Case | None:
        """The case this one is merged into; None where it is merged into none or this key may not see it: then the
        door alone knows."""
        try:
            return self._fetched(view.fold.parent).fold if view.fold.parent else None
        except ClientError:
            return None

    def _stands(self, view: View, delivery: Delivery) -> Receipt | None:
        """The receipt of our own post when it is on disk already: its answer was lost on the way."""
        for one in view.posts:
            if one.post.author == self.rid and one.post.pid == b64(delivery.items.pid):
                return checked(self.trust, one.post, one.receipt)
        return None

    def inside(self, view: View) -> Inside | None:
        """What is proven of her having reported inside a company before, by a file of this case."""
        return inside(self.trust, self._table, view.case, view.items)

    def certified(self, view: View, text: str) -> tuple[bytes, bytes]:
        said = {
            "zone": b64(self.trust.zone),
            "dir": self.trust.newest_hash,
            "channel": view.chain.channel_id,
            "author": self.rid,
            "day": view.today,
            "honour": view.fold.honour,
            "text": " ".join(text.split()),
        }
        try:
            return sign_certificate(self._keys, said)
        except EnvelopeError:
            raise ClientError("content") from None

    def readers(self, view: View) -> list[Json]:
        """Everybody in the case's channel, as the zone has signed them."""
        return [dict(one) for one in self.trust.newest_channel(view.chain.channel_id)["readers"]]

    def _reader(self, view: View) -> Json:
        for reader in self.readers(view):
            if reader["rid"] == self.rid:
                return reader
        raise ClientError("wrong_role")

    def offices(self) -> list[str]:
        """The offices in which this key sits, by what the zone signed; the zone's own first."""
        return in_order(self._office_of(one["id"]) for one in self.me["channels"])

    def channels(self) -> list[str]:
        """The channels of the office that is worked for in which this key sits."""
        return [one["id"] for one in self.me["channels"] if self._office_of(one["id"]) == self.serves]

    def serve(self, office: str) -> None:
        """Work for this office from now on. Raises ClientError("wrong_role") where this key has no seat in it."""
        if office not in self.offices():
            raise ClientError("wrong_role")
        self.serves = office
        self.session.serve(office)

    def _office_of(self, channel: str) -> str:
        return office_of(self.trust.newest_channel(channel)["policy"])

    def _login(self) -> Json:
        me = self.session.login(self._keys, b64(self.trust.zone), self.rid, self.trust.newest_hash)
        self.serve(self.serves or self.offices()[0])
        return me


@dataclass(frozen=True)
class _Sending:
    """A reviewer's parts at the review door."""

    session: Session
    case: str

    def put(self, name: str, data: bytes, pid: bytes, length: int) -> None:
        self.session.put_part(self.case, name, data)
