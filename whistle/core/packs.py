"""Rule packs: the figures of one instrument as data, what makes them whole, and their one document."""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields
from functools import cached_property
from typing import Any

from whistle.core import strictjson, yuan
from whistle.core.errors import PackError, RuleError

# Every figure a pack may hold, and its unit: fen, or basis points (1 % = 100).
FIGURES = {
    "rate": "bp",
    "floor": "fen",
    "cap": "fen",
    "no_fine": "fen",
    "death_ordinary": "fen",
    "death_larger": "fen",
    "death_major": "fen",
    "death_extreme": "fen",
    "cap_concealed": "fen",
    "general_min": "fen",
    "general_max": "fen",
    "uplift": "bp",
    "uplift_min": "fen",
}
STEPS = (
    *("accept", "verify", "verify_extended", "feedback", "award"),
    *("notice", "claim", "objection", "review", "dispatch"),
)
USES = ("reward", "process", "overlay")
UNITS = ("day", "working_day", "hour")
SOURCES = ("text", "default")
MARKS = ("A", "B", "C", "D")
FORMULAS = ("per_death", "annex", "band", "no_fine", "slab", "percent")
MAX_BP = 100_000
# What must stand together: half a formula is a hole.
_TOGETHER = (
    ("rate", "floor", "cap"),
    ("death_ordinary", "death_larger", "death_major", "death_extreme", "cap_concealed"),
    ("general_min", "general_max"),
)
_NEEDS = (("uplift_min", "uplift"),)
_ORDERED = (("floor", "cap"), ("no_fine", "cap"), ("general_min", "general_max"), ("general_max", "cap"))


@dataclass(frozen=True)
class Ground:
    """Where a figure stands: `article` and `mark` when read in the text (source "text"), neither when it is
    the platform's own default; `origin` is the pack it came from, also after an overlay."""

    article: str
    mark: str
    source: str
    origin: str
    note: str


@dataclass(frozen=True)
class Figure:
    name: str
    value: int
    ground: Ground


@dataclass(frozen=True)
class Slab:
    """Fines of `start` up to, not including, `end` (0: no end) earn `rate`, or `fixed` when that is set."""

    start: int
    end: int
    rate: int
    fixed: int
    ground: Ground


@dataclass(frozen=True)
class AnnexItem:
    """A listed situation: a fixed sum, or the pack's rate held between two limits."""

    item: str
    title: str
    low: int
    high: int
    fixed: int
    ground: Ground


@dataclass(frozen=True)
class Exclusion:
    """A domain that these formulas do not cover, because its own rules do."""

    domain: str
    formulas: tuple[str, ...]
    ground: Ground


@dataclass(frozen=True)
class Step:
    """A limit of time. One that extends another is added to it, from the same start."""

    name: str
    limit: int
    unit: str
    extends: str
    ground: Ground


@dataclass(frozen=True)
class Pack:
    """One instrument. `parse_pack`, `pack_from_document` and `overlay` build it and check it is whole."""

    id: str
    title: str
    document: str
    issued: str
    use: str
    banner: str
    note: str
    figures: tuple[Figure, ...] = ()
    slabs: tuple[Slab, ...] = ()
    annex: tuple[AnnexItem, ...] = ()
    excluded: tuple[Exclusion, ...] = ()
    steps: tuple[Step, ...] = ()

    @cached_property
    def by_name(self) -> dict[str, Figure]:
        return {figure.name: figure for figure in self.figures}

    @cached_property
    def by_item(self) -> dict[str, AnnexItem]:
        return {item.item: item for item in self.annex}

    @property
    def is_empty(self) -> bool:
        return not (self.figures or self.slabs or self.annex)

    def on(self, day: str) -> "Pack":
        """A pack by itself holds for every day; see core/process."""
        return self

    def step(self, name: str) -> Step:
        """A step's limit. Raises RuleError when this instrument sets none."""
        for step in self.steps:
            if step.name == name:
                return step
        raise RuleError("step_unknown", pack=self.id)


Lines = Callable[..., int]


def check_pack(pack: Pack, line: Lines = lambda *path: 0) -> Pack:
    """The same pack if it is whole; PackError at the line of the first hole, overlap or contradiction."""
    if pack.use != "overlay":
        _check_figures(pack, line)
        _check_formulas(pack, line)
    _check_slabs(pack.slabs, line)
    for index, item in enumerate(pack.annex):
        _check_annex_item(item, line("annex", index))
    _check_unique([item.item for item in pack.annex], "annex", line)
    _check_unique([item.domain for item in pack.excluded], "excluded", line)
    if pack.use == "process" and not pack.is_empty:
        raise PackError("process_with_figures", line("use"))
    return pack


def _check_figures(pack: Pack, line: Lines) -> None:
    held = {figure.name: figure.value for figure in pack.figures}
    for group in _TOGETHER:
        present = [name for name in group if name in held]
        if present and len(present) < len(group):
            missing = next(name for name in group if name not in held)
            raise PackError("hole", line("figures", present[0]), f"{present[0]} without {missing}", figure=missing)
    for name, needed in _NEEDS:
        if name in held and needed not in held:
            raise PackError("hole", line("figures", name), f"{name} without {needed}", figure=needed)
    for low, high in _ORDERED:
        if low in held and high in held and held[low] > held[high]:
            raise PackError("overlap", line("figures", low), f"{low} is above {high}", figure=low)


def _check_formulas(pack: Pack, line: Lines) -> None:
    if "rate" in pack.by_name and pack.slabs:
        raise PackError("overlap", line("slabs", 0), "a rate and slabs for the same fines")
    for index, item in enumerate(pack.annex):
        if not item.fixed and "rate" not in pack.by_name:
            raise PackError("hole", line("annex", index), "limits without a rate", figure="rate")
    for index, step in enumerate(pack.steps):
        if step.extends and step.extends not in {other.name for other in pack.steps[:index]}:
            raise PackError("hole", line("steps", step.name), "extends a step that is not here")


def _check_slabs(slabs: Sequence[Slab], line: Lines) -> None:
    edge = 0
    for index, slab in enumerate(slabs):
        where = line("slabs", index)
        if slab.start < edge or (index and not edge):
            raise PackError("overlap", where, "this slab begins before the last one ends")
        if slab.start > edge:
            raise PackError("hole", where, "fines between two slabs belong to neither")
        if slab.end and slab.end <= slab.start:
            raise PackError("overlap", where, "this slab ends before it begins")
        if bool(slab.rate) == bool(slab.fixed):
            raise PackError("one_of", where, "a slab has a rate or a fixed sum, not both")
        edge = slab.end
    if slabs and edge:
        raise PackError("hole", line("slabs", len(slabs) - 1), "the last slab must have no end")


def _check_annex_item(item: AnnexItem, where: int) -> None:
    if bool(item.fixed) == bool(item.high):
        raise PackError("one_of", where, "a situation has a fixed sum or limits, not both")
    if item.low > item.high:
        raise PackError("overlap", where, "the lower limit is above the upper one")


def _check_unique(names: Sequence[str], table: str, line: Lines) -> None:
    for index, name in enumerate(names):
        if name in names[:index]:
            raise PackError("twice", line(table, index), "the same entry stands above")


def pack_document(pack: Pack) -> bytes:
    """The pack as strict JSON: what the browser is served, and what the directory's hash is over."""
    return strictjson.dump({"v": 1, **_plain(pack)})


def pack_hash(pack: Pack) -> bytes:
    """SHA-256 of the document."""
    return hashlib.sha256(pack_document(pack)).digest()


def _plain(value: Any) -> Any:
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    if not hasattr(value, "__dataclass_fields__"):
        return value
    plain: dict[str, Any] = {}
    for field in fields(value):
        inner = _plain(getattr(value, field.name))
        plain |= inner if field.name == "ground" else {field.name: inner}
    return plain


_ROWS: dict[str, Callable[..., Any]] = {
    "figures": Figure,
    "slabs": Slab,
    "annex": AnnexItem,
    "excluded": Exclusion,
    "steps": Step,
}
_GROUND = tuple(field.name for field in fields(Ground))


def pack_from_document(data: bytes) -> Pack:
    """A document back into the pack it was made of. Raises PackError for anything else."""
    try:
        value = strictjson.load(data)
        pack = Pack(**{name: _rebuild(name, inner) for name, inner in value.items() if name != "v"})
        rows = (*pack.figures, *pack.slabs, *pack.annex, *pack.excluded, *pack.steps)
        same = pack_document(pack) == data and all(map(_is_sound, rows))
    except (ValueError, TypeError, AttributeError, KeyError) as error:
        raise PackError("not_a_pack", 0) from error
    if not same or pack.use not in USES:
        raise PackError("not_a_pack", 0)
    return check_pack(pack)


def _rebuild(name: str, value: Any) -> Any:
    if name not in _ROWS:
        if type(value) is not str:
            raise TypeError(name)
        return value
    return tuple(_row(_ROWS[name], item) for item in value)


def _row(make: Callable[..., Any], item: dict[str, Any]) -> Any:
    ground = Ground(**{name: item.pop(name) for name in _GROUND})
    return make(**{name: tuple(x) if isinstance(x, list) else x for name, x in item.items()}, ground=ground)


# What the words of a document may be; any other text is free, any number a sum, a rate or a limit.
_ALLOWED: dict[str, Sequence[str]] = {"source": SOURCES, "mark": ("", *MARKS), "unit": UNITS}
_NUMBERS = {"value", "start", "end", "rate", "fixed", "low", "high", "limit"}


def _is_sound(row: Any) -> bool:
    known = not isinstance(row, Figure) or row.name in FIGURES
    return known and all(_is_sound_field(*pair) for pair in (vars(row) | vars(row.ground)).items())


def _is_sound_field(name: str, value: Any) -> bool:
    if name == "ground":
        return True
    if name in _NUMBERS:
        return type(value) is int and 0 <= value <= yuan.MAX_FEN
    if name == "formulas":
        return isinstance(value, tuple) and all(word in FORMULAS for word in value)
    return type(value) is str and value in _ALLOWED.get(name, (value,))
