"""The reviewer's client: inbox, case, and any act of the table, sealed and signed with his own key."""

import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import httpx

from whistle.client.delivery import Delivery, Place
from whistle.client.entering import Counter
from whistle.client.errors import ClientError
from whistle.client.handing import HANDINGS
from whistle.client.listrow import open_card
from whistle.client.receipt import Receipt, checked
from whistle.client.repeats import STATES, Repeat, repeats
from whistle.client.reporter import Filed, Public
from whistle.client.sealing import Party, Piece, plan, seal_items
from whistle.client.session import Session
from whistle.client.trust import Trust
from whistle.client.verbs import Verbs
from whistle.client.view import View, office, see
from whistle.core.case import allowed
from whistle.core.clock import minute, zone_day
from whistle.core.workflow import load
from whistle.crypto.encoding import b64, unb64
from whistle.crypto.keys import KeyPair, reviewer_id

ATTEMPTS = 6
MENDED = frozenset({"stale_directory", "conflict"})

Json = dict[str, Any]


class Office(Verbs):
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
    ) -> None:
        """`zone` comes from the key file and is the pin."""
        self.session = Session(url, http, origin)
        self.trust = Trust(self.session.directory, self.session.channel, zone)
        self.rid = b64(reviewer_id(unb64(zone, 16), keys.kem, keys.sig))
        self._keys = keys
        self._clock = clock
        self._table = table or load()

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

    def enter(self, text: str, *, source: str, arrived: str = "", paper: str = "", **told: Any) -> Filed:
        """Take a report down for a caller: `source` phone, letter, counter or hotline, `arrived` the day it came,
        `paper` its file number; `told` as for `Public.submit`. The ticket is the caller's, and kept nowhere."""
        counter = Public(Counter(self.session, self._clock), b64(self.trust.zone), self._table)
        here = self.me["channels"][0]["id"]
        taken = {"arrived": arrived, "paper": paper}
        return counter.submit(text, source=source, taken=taken, **({"channel": here} | told))

    def open_budget(self, year: int, source: str, fen: int) -> Json:
        """Enter the opening budget of a year; the ledger refuses awards beyond it. Finance only."""
        return self.session.open_budget(year, source, fen)

    def take_back(self, no: int, memo: str) -> Json:
        """Take a wrong budget row back by a row of its own, dated today; `memo` says why. Finance only."""
        return self.session.take_back(no, memo)

    def concur(self, number: str, document: str) -> Json:
        """The finance department concurs in the large award of a case, by the number of its paper. Finance only."""
        asked = self.session.get("/api/ledger")["large"]["awards"]
        found = [award["approval"] for award in asked if award["number"] == number]
        if not found:
            raise ClientError("refused", reason="not_large")
        return self.session.concur(number, found[0], document)

    def lock_month(self, month: str) -> Json:
        """Close a month, "2026-11", and those before it: no row may be dated in them any more. Finance only."""
        return self.session.lock_month(month)

    def card(self, row: Mapping[str, Any]) -> dict[str, object] | None:
        """The opened card of a list row, None when this reader has none or it does not open."""
        return open_card(self.trust, row, self.rid, self._keys)

    def case(self, case: str) -> View:
        """The case, verified, folded and opened."""
        reader = Party(self.trust.zone, unb64(case, 32), self.rid, self._keys)
        return see(self.trust, self.session.case(case), self._table, reader)

    def repeats(self, case: str) -> list[Repeat]:
        """Earlier cases this key opens that share payee, account, merge or facts with this one: look before you
        propose or check. Every such case is fetched and compared here."""
        rows = [row for state in STATES for row in self.inbox(state=state) if row["case"] != case]
        return list(repeats(self.case(case), (self.case(str(row["case"])) for row in rows)))

    def kinds(self, view: View) -> list[str]:
        """What this person may post on this case now."""
        mine = self._reader(view)
        return allowed(view.fold, mine["roles"], mine["person"])

    def act(
        self, case: str, kind: str, fields: Mapping[str, Any] | None = None, parts: Sequence[Piece] = ()
    ) -> Receipt:
        """Seal, grant, sign and deliver one post; returns its receipt.

        After a conflict the case is read again, the act checked anew and only the head signed again."""
        writer = Party(self.trust.zone, unb64(case, 32), self.rid, self._keys)
        vis = self._table["kinds"][kind]["vis"]
        delivery = Delivery(writer, kind, dict(fields or {}), seal_items(writer, parts), vis)
        refused = ClientError("conflict")
        for _ in range(ATTEMPTS):
            view = self.case(case)
            if stands := self._stands(view, delivery):
                return stands
            try:
                return self._attempt(view, delivery)
            except ClientError as error:
                if error.code not in MENDED:
                    raise
                refused = error
            if refused.code == "stale_directory":
                self.trust.refresh()
        raise refused

    def _attempt(self, view: View, delivery: Delivery) -> Receipt:
        if view.chain.withheld:
            raise ClientError("withheld")
        if self.trust.directories.newest["expires"] < zone_day(self._clock()):
            raise ClientError("expired_directory")
        if delivery.kind not in self.kinds(view):
            raise ClientError("refused", reason="state")
        readers = office(self.trust, view, self._table, delivery.fields.get("seats"))
        wanted = plan(delivery.items, readers, to_reporter=True)
        if delivery.kind in HANDINGS:
            wanted |= HANDINGS[delivery.kind](view, readers, dict(delivery.fields), self.rid)
        upcoming = view.chain.next(self._table["kinds"][delivery.kind]["vis"])
        place = Place(upcoming["no"], upcoming["prev"], upcoming["last"])
        post = delivery.sign(place, self.trust.newest_hash, minute(self._clock()), wanted, readers)
        return checked(self.trust, post, self.session.post(delivery.upload()))

    def _stands(self, view: View, delivery: Delivery) -> Receipt | None:
        """The receipt of our own post when it is on disk already: its answer was lost on the way."""
        for one in view.posts:
            if one.post.author == self.rid and one.post.pid == b64(delivery.items.pid):
                return checked(self.trust, one.post, one.receipt)
        return None

    def _reader(self, view: View) -> Json:
        channel = self.trust.newest_channel(view.chain.channel_id)
        for reader in channel["readers"]:
            if reader["rid"] == self.rid:
                return dict(reader)
        raise ClientError("wrong_role")

    def _login(self) -> Json:
        return self.session.login(self._keys, b64(self.trust.zone), self.rid, self.trust.newest_hash)
