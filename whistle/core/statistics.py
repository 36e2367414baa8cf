"""A month in figures 月通报: counted from what is public of cases and from the ledger, without any key.

Every figure is as of the month's last day: what was posted later changes nothing, so that a bulletin can be made
again. What each figure means stands in docs/registers.md."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from types import MappingProxyType

from whistle.core import calendar, deadlines
from whistle.core.books import Row
from whistle.core.record import Clock
from whistle.core.timekeeping import Timekeeper
from whistle.core.workflow import Workflow

PROVEN = ("verified", "awaiting_penalty")
OUTCOMES = ("proven", "unverified", "unable")
# A violation of the law by its category: the fine itself is sealed.
PUNISHED = ("violation", "concealed_accident", "retaliation")
ENDS = ("decline", "transfer", "feedback", "close")
CLEARED = ("rectify", "delist")
CLASSING = (
    "accept",
    "classify",
    "classify.tell",
)  # what intake classes a case by, and corrects it by, from that day on
MONEY = ("approved", "paid", "forfeited", "clawed")


@dataclass(frozen=True, slots=True)
class Post:
    """One post as the statistics need it: an act without its person. `fields` only where a clock reads them."""

    kind: str
    day: str
    fields: Mapping[str, object] = field(default_factory=dict)
    hash: str = ""
    vis: str = "office"
    author: str = ""
    person: str = ""


@dataclass(frozen=True, slots=True)
class CaseFacts:
    """A case as the statistics need it: its posts in order, and what it is classed as now ("" before it is)."""

    number: str
    category: str
    sector: str
    posts: tuple[Post, ...]
    office: str = ""  # whose case it is, where offices run by other limits of time

    def until(self, last: str) -> "CaseFacts":
        """The case as it stood on this day, classed as intake had it by then: a correction counts from its day."""
        posts = self.posts if self.posts[-1].day <= last else tuple(post for post in self.posts if post.day <= last)
        if not any("category" in post.fields for post in self.posts if post.kind in CLASSING):
            return replace(self, posts=posts)
        classed = [post.fields for post in posts if post.kind in CLASSING]
        category, sector = (str(classed[-1][name]) for name in ("category", "sector")) if classed else ("", "")
        return replace(self, category=category, sector=sector, posts=posts)


@dataclass(frozen=True, slots=True)
class Sum:
    """How many, and how much in fen."""

    count: int = 0
    fen: int = 0

    def __add__(self, other: "Sum") -> "Sum":
        return Sum(self.count + other.count, self.fen + other.fen)


@dataclass
class Month:
    """The figures of one month. Counters are by category or sector; "" is not classed yet."""

    month: str
    categories: tuple[str, ...] = ()
    received: Counter[str] = field(default_factory=Counter)
    sectors: Counter[str] = field(default_factory=Counter)
    outcomes: Counter[tuple[str, str]] = field(default_factory=Counter)
    in_hand: int = 0
    ended: int = 0
    ended_days: int = 0
    steps: int = 0
    late: int = 0
    cleared: int | None = None  # None: the workflow has no such kind
    money: dict[str, Sum] = field(default_factory=lambda: dict.fromkeys(MONEY, Sum()))
    paid_by_category: dict[str, Sum] = field(default_factory=dict)
    paid_by_sector: dict[str, Sum] = field(default_factory=dict)
    largest: int = 0
    open: Sum = Sum()
    provisional: bool = False

    @property
    def last(self) -> str:
        """As late as a day of the month can be, as text sorts."""
        return f"{self.month}-31"

    @property
    def concluded(self) -> int:
        return sum(self.outcomes.values())

    @property
    def by_type(self) -> dict[str, list[int]]:
        """Conclusions by type: proven, unverified, unable. Every type has its line, so that none says more by
        being there than by not being there."""
        names = [*self.categories, *sorted({name for name, _ in self.outcomes} - {*self.categories})]
        return {name: [self.outcomes[name, outcome] for outcome in OUTCOMES] for name in names}

    @property
    def proven(self) -> int:
        return sum(n for (_, outcome), n in self.outcomes.items() if outcome == "proven")

    @property
    def punished(self) -> int:
        return sum(self.outcomes[category, "proven"] for category in PUNISHED)


class Terms:
    """What the figures are computed with: the table, its clocks, the limits of time, the working days; and today,
    for a month that is not over. `others`: the offices that run by other limits of time, by their id."""

    def __init__(
        self,
        workflow: Workflow,
        process: deadlines.Limits,
        years: calendar.Tables,
        today: str,
        others: Mapping[str, deadlines.Limits] = MappingProxyType({}),
    ) -> None:
        self.today = today
        self.workflow, self.keeper, self.years = workflow, Timekeeper(workflow), years
        self._others = others
        self._due = lru_cache(maxsize=None)(
            lambda clock, office: deadlines.due_of(clock, others.get(office, process), years)
        )
        self.worked = lru_cache(maxsize=None)(lambda after, upto: calendar.working_days(after, upto, years))

    def due(self, clock: Clock, office: str = "") -> calendar.Due:
        """The day a clock of this office's case ends, whenever it was stopped."""
        return self._due(replace(clock, stop=""), office if office in self._others else "")

    @property
    def read(self) -> frozenset[str]:
        """The kinds whose public fields are needed; of all others kind and day are enough."""
        return self.keeper.read | {"finding", *CLASSING}


def year_before(month: str) -> str:
    return f"{int(month[:4]) - 1:04d}{month[4:]}"


def months(names: Iterable[str], cases: Iterable[CaseFacts], rows: Iterable[Row], terms: Terms) -> list[Month]:
    """The figures of these months in one pass over the ledger and one over the cases."""
    counted = [_Counting(Month(name, tuple(terms.workflow["categories"])), terms) for name in names]
    for row in rows:
        for one in counted:
            one.enter(row)
    for facts in cases:
        for one in counted:
            one.take(facts)
    return [one.close() for one in counted]


@dataclass(frozen=True, slots=True)
class _Paid:
    case: str
    fen: int


class _Counting:
    """A month while it is being counted: the ledger first, for the cases then say what a payment was for."""

    def __init__(self, month: Month, terms: Terms) -> None:
        self.month, self.terms = month, terms
        self._now = min(month.last, terms.today)
        self._pays: dict[int, _Paid] = {}
        self._paid: dict[str, Sum] = {}
        self._open: dict[str, int] = {}
        if any(kind in terms.workflow["kinds"] for kind in CLEARED):
            month.cleared = 0

    def enter(self, row: Row) -> None:
        """A row of the ledger, in order."""
        if row.day > self.month.last or not row.case:
            return
        self._owe(row)
        if row.day[:7] != self.month.month:
            return
        sign, kind = (-1, row.corrects_kind) if row.kind == "reverse" else (1, row.kind)
        name = _MONEY.get(kind, "")
        if name:
            moved = Sum(sign, sign * row.fen)
            self.month.money[name] += moved
            if name == "paid":
                self._paid[row.case] = self._paid.get(row.case, Sum()) + moved
                self._largest(row)

    def _largest(self, row: Row) -> None:
        if row.kind == "reverse":
            self._pays.pop(row.corrects, None)
        else:
            self._pays[row.no] = _Paid(row.case, row.fen)

    def _owe(self, row: Row) -> None:
        """What is approved and not settled yet: unclaimed 未领."""
        sign, kind = (-1, row.corrects_kind) if row.kind == "reverse" else (1, row.kind)
        left = self._open.get(row.case, 0) + sign * row.fen * _OWES.get(kind, 0)
        if left:
            self._open[row.case] = left
        else:
            self._open.pop(row.case, None)

    def take(self, facts: CaseFacts) -> None:
        """A case, with its posts up to the end of the month."""
        month = self.month
        if paid := self._paid.pop(facts.number, None):
            self._share(facts.until(month.last), paid)
        first, last = facts.posts[0].day, facts.posts[-1]
        if first > month.last or (last.kind == "close" and last.day < month.month):
            return
        facts = facts.until(month.last)
        posts = facts.posts
        if first[:7] == month.month:
            month.received[facts.category] += 1
            month.sectors[facts.sector] += 1
        self._conclude(facts, posts)
        self._end(first, posts)
        self._clear(posts)
        self._keep_time(facts)

    def _share(self, facts: CaseFacts, paid: Sum) -> None:
        for shares, name in ((self.month.paid_by_category, facts.category), (self.month.paid_by_sector, facts.sector)):
            shares[name] = shares.get(name, Sum()) + paid

    def _conclude(self, facts: CaseFacts, posts: tuple[Post, ...]) -> None:
        """Counted once, in the month of its first conclusion, as the last one up to the month's end has it."""
        findings = [post for post in posts if post.kind == "finding"]
        if findings and findings[0].day[:7] == self.month.month:
            outcome = str(findings[-1].fields["outcome"])
            self.month.outcomes[facts.category, "proven" if outcome in PROVEN else outcome] += 1
        kinds = {post.kind for post in posts}
        if not findings and "accept" in kinds and not kinds & {"transfer", "close"}:
            self.month.in_hand += 1

    def _end(self, first: str, posts: tuple[Post, ...]) -> None:
        """Ended 办结: the first day on which the reporter was told how it went."""
        ended = next((post.day for post in posts if post.kind in ENDS), "")
        if ended[:7] == self.month.month:
            self.month.ended += 1
            days, provisional = self.terms.worked(first, ended)
            self.month.ended_days += days
            self.month.provisional |= provisional

    def _clear(self, posts: tuple[Post, ...]) -> None:
        """A hazard is gone once, when it is first accepted as rectified or struck off the list."""
        cleared = next((post.day for post in posts if post.kind in CLEARED), "")
        if self.month.cleared is not None and cleared[:7] == self.month.month:
            self.month.cleared += 1

    def _keep_time(self, facts: CaseFacts) -> None:
        """Steps of the office that ended in the month, late or not, and those that run on past their day.

        One that runs and still has time says nothing yet."""
        for clock in self.terms.keeper.clocks(facts.posts):
            if clock.stop and clock.stop[:7] != self.month.month:
                continue
            due = self.terms.due(clock, facts.office)
            late = due.date < (clock.stop or self._now) and not clock.is_paused
            if clock.stop or late:
                self.month.steps += 1
                self.month.late += late
                # A calendar that is not loaded makes a day too early: only what is called late may be wrong.
                self.month.provisional |= late and due.provisional

    def close(self) -> Month:
        """The month when everything is counted; a payment whose case was not among them is shared out to none."""
        for paid in self._paid.values():
            self._share(CaseFacts("", "", "", ()), paid)
        self.month.largest = max((paid.fen for paid in self._pays.values()), default=0)
        self.month.open = Sum(len(self._open), sum(self._open.values()))
        return self.month


_MONEY = {"approve": "approved", "pay": "paid", "forfeit": "forfeited", "clawback": "clawed"}
_OWES = {"approve": 1, "pay": -1, "forfeit": -1, "revoke": -1}
