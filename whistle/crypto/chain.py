"""The chain of a case: every post checked against all before it (envelope.md section 2, "Valid chain")."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from whistle.crypto.directory import Directories
from whistle.crypto.encoding import Tag, b64, unb64
from whistle.crypto.errors import EnvelopeError
from whistle.crypto.holdings import Giving, Holdings
from whistle.crypto.keys import case_id, seal, verify
from whistle.crypto.posts import REPORTER, Post
from whistle.crypto.strict import Document, day_number

Viewer = Literal["office", "reporter"]


@dataclass(frozen=True)
class Act:
    """A post that stands in its chain, as the fold and the screens read it; `kind` is "" without its body."""

    hash: str
    kind: str
    vis: str
    author: str
    person: str
    no: int
    when: str
    day: str
    fields: dict[str, Any] = field(repr=False)
    comps: tuple[str, ...]
    items: list[Document] = field(repr=False)
    grants: list[Document] = field(repr=False)
    dir: str
    pid: str


@dataclass(frozen=True)
class Opening:
    """What the first body fixes for the life of the case; no channel is None: that body is gone."""

    case: str
    reporter: Mapping[str, str]
    channel_id: str | None = None
    exclude: frozenset[str] = frozenset()


NOT_OPENED = Opening("", {})


@dataclass(frozen=True)
class Checked:
    """A post that may be the next of a chain: what the chain keeps of it."""

    act: Act
    post: Post
    readers: dict[str, Document] = field(repr=False)
    opening: Opening = field(repr=False)


class Chain:
    """A case as one of its two viewers sees it. `add` takes the next post or leaves everything as it was."""

    def __init__(
        self,
        zone: bytes,
        directories: Directories,
        table: Mapping[str, Any],
        viewer: Viewer = "office",
        reporter: Mapping[str, str] | None = None,
    ) -> None:
        """`table` is the parsed workflow.json; `reporter` the keys that are kept when body 0 is destroyed."""
        self.zone = zone
        self.viewer = viewer
        self.acts: list[Act] = []
        self.pids: set[str] = set()
        self.withheld: list[str] = []
        self.seats: list[Any] = []
        self.recused: frozenset[str] = frozenset()
        self._directories = directories
        self._kinds = table["kinds"]
        self._kept_reporter = reporter
        self._opening = NOT_OPENED
        self._holdings = Holdings(table)
        self._by_hash: dict[str, Act] = {}
        self._carriers: dict[str, tuple[Act, int]] = {}
        self._count = {"all": 0, "office": 0}
        self._last = ""
        self._dir_no = 0
        self._latest = 0

    @property
    def case(self) -> str:
        """The case id, "" before the first post."""
        return self._opening.case

    @property
    def reporter(self) -> Mapping[str, str]:
        """The reporter's keys `kem` and `sig`; the case id is their hash."""
        return self._opening.reporter

    @property
    def channel_id(self) -> str:
        """The case's channel, "" when its first body is gone."""
        return self._opening.channel_id or ""

    @property
    def excluded(self) -> frozenset[str]:
        """Persons who may neither read nor sign: those the report names and those who recused themselves."""
        return self._opening.exclude | self.recused

    @property
    def newest(self) -> str:
        """The hash of the newest head this viewer has, "" before the first."""
        return self.acts[-1].hash if self.acts else ""

    def next(self, vis: str) -> dict[str, Any]:
        """`no`, `prev`, `last` of the next post; a reporter's client takes `prev` from her challenge."""
        if not self.acts:
            raise EnvelopeError("empty_chain")
        self.check_signable()
        return {"no": self._count[vis], "prev": self.newest, "last": self._last}

    def holds(self, reader: str, item_id: str) -> frozenset[int]:
        """The parts of an item's key that grants of this chain gave to a rid, or to `reporter`."""
        return self._holdings.holds(reader, item_id)

    def halves(self, person: str, item_id: str) -> frozenset[int]:
        """The halves of an identity that grants of this chain gave to any key of a person."""
        return self._holdings.halves(person, item_id)

    def carrier(self, item_id: str) -> tuple[Act, int] | None:
        """The act that carries an item and its index there: what a granted item is opened with."""
        return self._carriers.get(item_id)

    def follow(self, directories: Directories) -> None:
        """Check later posts by a chain of directories that goes on from the one before."""
        self._directories = directories

    def check_signable(self) -> None:
        """A withheld body hides who acted, so nobody signs after it."""
        if self.withheld:
            raise EnvelopeError("withheld")

    def add(self, post: Post, trusted: bool = False) -> Act:
        """Check the next post against everything before it and keep it. Arguments as for `check`."""
        return self.keep(self.check(post, trusted))

    def check(self, post: Post, trusted: bool = False) -> Checked:
        """Check the next post against everything before it; nothing of it is kept yet.

        `trusted` leaves out signatures and key checks: only for posts this server has accepted itself.
        """
        opening = self._opening if self.acts else self._open(post)
        self._check_place(post, opening)
        self._check_time(post)
        author = self._author(post, opening)
        person = author["person"] if author else ""
        readers = self._readers(post, opening)
        if post.body_bytes is not None:
            self._check_kind(post, author)
            self._check_other_person(post, person)
            self._holdings.check_items(post)
            self._holdings.check_grants(self._giving(post, author, readers, opening))
        if not trusted:
            self._check_signature(post, opening, author)
        return Checked(_act(post, person), post, readers, opening)

    def keep(self, checked: Checked) -> Act:
        """Add a post that was checked against this chain as it stands now."""
        act, post = checked.act, checked.post
        self._opening = checked.opening
        self._holdings.keep(post, checked.readers)
        self._carriers |= {entry["id"]: (act, index) for index, entry in enumerate(act.items)}
        self._by_hash[act.hash] = act
        self.acts.append(act)
        self.pids.add(act.pid)
        self._count[act.vis] += 1
        self._last = act.hash if act.vis == "all" else self._last
        self._dir_no = self._directories.number(act.dir)
        self._latest = max(self._latest, day_number(act.day))
        if post.body_bytes is None:
            self.withheld.append(act.hash)
        if act.kind == "assign":
            self.seats = act.fields["seats"]
        if act.kind == "recuse":
            self.recused |= {act.person}
        return act

    def _open(self, post: Post) -> Opening:
        """The first post is a report whose keys hash to the case id; else the server could swap the keys."""
        if post.body_bytes is not None and post.kind != "report":
            raise EnvelopeError("not_a_report")
        reporter: Mapping[str, str] | None = post.fields.get("reporter", self._kept_reporter)
        if reporter is None:
            raise EnvelopeError("withheld")
        named = b64(case_id(self.zone, unb64(reporter["kem"]), unb64(reporter["sig"])))
        if post.author != REPORTER or post.head["case"] != named:
            raise EnvelopeError("wrong_case")
        exclude = frozenset(post.fields.get("exclude", ()))
        return Opening(named, reporter, post.fields.get("channel"), exclude)

    def _check_place(self, post: Post, opening: Opening) -> None:
        head = post.head
        if (head["zone"], head["case"]) != (b64(self.zone), opening.case):
            raise EnvelopeError("wrong_case")
        if self.viewer == REPORTER and post.vis != "all":
            raise EnvelopeError("not_shown")
        # She has no office heads, so only the first `prev` is hers to check.
        follows = (self.viewer == REPORTER and self.acts) or head["prev"] == (self.newest or opening.case)
        if not follows or head["no"] != self._count[post.vis] or head["last"] != (self._last or opening.case):
            raise EnvelopeError("wrong_place")
        if post.pid in self.pids:
            raise EnvelopeError("pid_repeated")

    def _check_time(self, post: Post) -> None:
        directory = self._directories.by_hash(post.head["dir"])
        if directory is None or self._directories.number(post.head["dir"]) < self._dir_no:
            raise EnvelopeError("wrong_directory")
        if day_number(post.day) + 1 < max(self._latest, day_number(directory["issued"])):
            raise EnvelopeError("back_dated")

    def _author(self, post: Post, opening: Opening) -> Document | None:
        """The author's entry in the case's channel of his directory; None for the reporter."""
        dir_hash = post.head["dir"]
        named = opening.channel_id
        if named is not None and self._directories.channel(dir_hash, named) is None:
            raise EnvelopeError("wrong_channel")
        if post.author == REPORTER:
            return None
        author = self._reader(dir_hash, opening.channel_id, post.author)
        if author is None:
            raise EnvelopeError("not_a_reader")
        if author["person"] in opening.exclude | self.recused:
            raise EnvelopeError("excluded")
        return author

    def _reader(self, dir_hash: str, channel_id: str | None, rid: str) -> Document | None:
        if channel_id is None:
            return next(iter(self._directories.readers(dir_hash, rid)), None)
        return self._directories.reader(dir_hash, channel_id, rid)

    def _readers(self, post: Post, opening: Opening) -> dict[str, Document]:
        named = {entry["to"] for entry in post.grants} - {REPORTER}
        found = {rid: self._reader(post.head["dir"], opening.channel_id, rid) for rid in named}
        return {rid: reader for rid, reader in found.items() if reader is not None}

    def _check_kind(self, post: Post, author: Document | None) -> None:
        if (post.kind == "report") != (not self.acts):
            raise EnvelopeError("not_a_report")
        kind = self._kinds[post.kind]
        if post.vis != kind["vis"]:
            raise EnvelopeError("wrong_vis")
        roles = kind["roles"]
        for name, by_value in kind.get("roles_by", {}).items():
            roles = by_value[post.fields[name]]
        if not set(roles) & set(author["roles"] if author else [REPORTER]):
            raise EnvelopeError("wrong_role")

    def _check_other_person(self, post: Post, person: str) -> None:
        others = self._kinds[post.kind].get("other_person", ())
        if any(act.kind in others and act.person == person for act in self.acts):
            raise EnvelopeError("same_person")

    def _giving(self, post: Post, author: Document | None, readers: dict[str, Document], opening: Opening) -> Giving:
        return Giving(
            post,
            author["person"] if author else "",
            readers,
            # A reporter cannot know who recused himself: in her posts his grant stands, served to nobody.
            barred=opening.exclude if post.author == REPORTER else opening.exclude | self.recused,
            roles=tuple(author["roles"]) if author else (),
            asker=self._asker(post) if post.kind == "identity.give" else "",
            blind=bool(self.withheld) or self.viewer == REPORTER,
        )

    def _asker(self, post: Post) -> str:
        ask = self._by_hash.get(post.fields["ask"])
        if ask is None or ask.kind not in ("identity.ask", ""):
            raise EnvelopeError("unknown_ask")
        return ask.author

    def _check_signature(self, post: Post, opening: Opening, author: Document | None) -> None:
        if not self.acts:
            # A key nobody can seal to would make every answer impossible: one trial, before it is taken.
            seal(unb64(opening.reporter["kem"]), b"", b"")
        public = author["sig"] if author else opening.reporter["sig"]
        verify(unb64(public, 32), Tag.POST, post.head_bytes, post.sig)


def _act(post: Post, person: str) -> Act:
    items = post.items
    return Act(
        hash=post.hash,
        kind=post.kind,
        vis=post.vis,
        author=post.author,
        person=person,
        no=post.no,
        when=post.when,
        day=post.day,
        fields=post.fields,
        comps=tuple(entry["comp"] for entry in items),
        items=items,
        grants=post.grants,
        dir=post.head["dir"],
        pid=post.pid,
    )
