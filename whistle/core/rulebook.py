"""From facts to a sum: one function for every pack, in exact integers, with a trace of each step.

Order: base, floor, uplift, cap; rounded once, half up, to fen (rules.md section 2.5)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from whistle.core import calendar, yuan
from whistle.core.errors import PackError, RuleError
from whistle.core.facts import (
    KINDS,
    Facts,
    check_facts,
    facts_document,
    facts_from_yuan,
    parse_facts,
)
from whistle.core.formulas import (
    BASES,
    BP,
    CHOICES,
    DEFAULT,
    UNIT,
    TraceStep,
    exact_text,
    preface,
    show,
    trace_step,
)
from whistle.core.packfile import parse_pack
from whistle.core.packs import (
    FIGURES,
    Figure,
    Ground,
    Pack,
    Slab,
    Step,
    check_pack,
    pack_document,
    pack_from_document,
    pack_hash,
)

__all__ = [
    "FIGURES",
    "KINDS",
    "Award",
    "Facts",
    "Figure",
    "Ground",
    "Pack",
    "PackError",
    "RuleError",
    "Slab",
    "Step",
    "award",
    "ceiling",
    "check_facts",
    "deadline",
    "facts_document",
    "facts_from_yuan",
    "formula_of",
    "listed",
    "load",
    "overlay",
    "pack_document",
    "pack_from_document",
    "pack_hash",
    "parse_facts",
    "parse_pack",
    "shares",
    "shipped",
    "source_text",
]

_RULES = Path(__file__).parent / "rules"


@dataclass(frozen=True)
class Award:
    """A sum, what it rests on, and every step that led to it, ready for JSON."""

    fen: int
    pack: str
    formula: str
    clause: str
    trace: tuple[TraceStep, ...]


def award(facts: Facts, pack: Pack, trial: bool = False) -> Award:
    """The sum these facts earn under this pack. Raises RuleError when the pack says nothing of them, or when
    they contradict themselves. A trial (仅供试算) notes a missing officer's reason instead of refusing it."""
    check_facts(facts)
    _check_usable(pack)
    formula = _formula(facts, pack)
    base = BASES[formula](facts, pack, trial)
    steps = [*preface(facts), *base.steps]
    exact = _uplifted(base.exact, facts, pack, steps)
    exact = _capped(exact, pack.by_name.get(_CAPS.get(formula, "cap")), steps)
    fen = (2 * exact + UNIT) // (2 * UNIT)
    words = "exact" if fen * UNIT == exact else "rounded_half_up"
    steps.append(trace_step("round", words, DEFAULT, result=exact_text(fen * UNIT)))
    return Award(yuan.check_fen(fen), pack.id, formula, base.ground.article, tuple(steps))


def _check_usable(pack: Pack) -> None:
    if pack.use == "overlay":
        raise RuleError("overlay_alone", "an overlay changes another pack and pays nothing alone", pack=pack.id)
    if pack.use == "process":
        raise RuleError("pack_not_reward", "a process pack sets limits of time, no sums", pack=pack.id)
    if pack.is_empty:
        raise RuleError("pack_empty", "the figures of this pack are not known", pack=pack.id)


def _formula(facts: Facts, pack: Pack) -> str:
    name = next(name for name, applies in CHOICES if applies(facts, pack))
    for exclusion in pack.excluded:
        if exclusion.domain == facts.domain and name in exclusion.formulas:
            raise RuleError("domain_excluded", "rules of its own cover this domain", domain=facts.domain, pack=pack.id)
    return name


_CAPS = {"per_death": "cap_concealed"}


def _uplifted(exact: int, facts: Facts, pack: Pack, steps: list[TraceStep]) -> int:
    if not facts.employee:
        return exact
    uplift, least = pack.by_name.get("uplift"), pack.by_name.get("uplift_min")
    if uplift is None:
        steps.append(trace_step("uplift", "uplift_not_in_pack", DEFAULT, result=exact_text(exact)))
        return exact
    share = exact * uplift.value // BP  # exact: a base never has more than four decimals of a fen
    more = max(share, least.value * UNIT if least else 0)
    words, figure = ("uplift", uplift) if more == share or least is None else ("uplift_minimum", least)
    figures = {"uplift": show(uplift), "more": exact_text(more), "result": exact_text(exact + more)}
    steps.append(trace_step("uplift", words, figure.ground, **figures))
    return exact + more


def _capped(exact: int, cap: Figure | None, steps: list[TraceStep]) -> int:
    if cap is None:
        return exact
    held = min(exact, cap.value * UNIT)
    words = "cap_kept" if held == exact else "cap_applied"
    steps.append(trace_step("cap", words, cap.ground, cap=show(cap), result=exact_text(held)))
    return held


def overlay(base: Pack, over: Pack) -> Pack:
    """The base pack with the overlay's single figures, situations and steps in place of its own (slabs only
    as a whole). Each figure keeps the name of the instrument it came from."""
    if over.use != "overlay" or base.use == "overlay":
        raise RuleError("not_an_overlay", base=base.id, over=over.id)
    merged = replace(
        base,
        id=f"{base.id}+{over.id}",
        banner=" ".join(filter(None, (base.banner, over.banner))),
        figures=_merge(base.figures, over.figures, "name", tuple(FIGURES)),
        slabs=over.slabs or base.slabs,
        annex=_merge(base.annex, over.annex, "item"),
        excluded=_merge(base.excluded, over.excluded, "domain"),
        steps=_merge(base.steps, over.steps, "name"),
    )
    return check_pack(merged)


def _merge(base: tuple[Any, ...], over: tuple[Any, ...], key: str, order: tuple[str, ...] = ()) -> tuple[Any, ...]:
    rows = {getattr(row, key): row for row in (*base, *over)}
    return tuple(rows[name] for name in order if name in rows) if order else tuple(rows.values())


def deadline(
    pack: Pack,
    step: str,
    start: str,
    tables: calendar.Tables,
    pauses: Sequence[tuple[str, str]] = (),
) -> calendar.Due:
    """The last day of a step. An extension is counted from the start of what it extends: 60 + 30 days. Pauses,
    from day to day, are added in the unit of the limit. A limit in hours has no last day: `due_hours`."""
    limit = pack.step(step)
    days, unit = limit.limit, limit.unit
    if limit.extends:
        days += pack.step(limit.extends).limit
    paused = [calendar.paused_days(since, until, unit, tables) for since, until in pauses]
    found = calendar.due(start, days + sum(count for count, _ in paused), unit, tables)
    return replace(found, provisional=found.provisional or any(provisional for _, provisional in paused))


def ceiling(pack: Pack) -> int:
    """The highest sum this pack can pay for anything, in fen: all a server without the facts can hold to."""
    _check_usable(pack)
    held = {name: figure.value for name, figure in pack.by_name.items()}
    highest = [held[name] for name in ("cap", "cap_concealed") if name in held]
    if "cap" in held:
        return max(highest)
    loose = [held[name] for name in ("no_fine", "general_max") if name in held]
    loose += [item.fixed or item.high for item in pack.annex] + [_slab_top(slab) for slab in pack.slabs]
    tops = [_with_uplift(fen, held.get("uplift", 0), held.get("uplift_min", 0)) for fen in loose]
    return min(max(highest + tops), yuan.MAX_FEN)


def _slab_top(slab: Slab) -> int:
    end = slab.end or yuan.MAX_FEN
    return slab.fixed or -(-end * slab.rate // BP)


def _with_uplift(fen: int, uplift: int, least: int) -> int:
    return fen + max(-(-fen * uplift // BP), least)


_PARAGRAPHS = {
    "major_hazard": ("rate", "percent"),
    "violation": ("rate", "percent"),
    "general_hazard": ("general_min", "band"),
    "concealed_accident": ("death_ordinary", "per_death"),
}


def formula_of(category: str, pack: Pack) -> tuple[str, str]:
    """The formula and clause a category goes by, for registers made where the facts are sealed. A fined
    general hazard or a listed situation goes by another; the register made with a key is exact."""
    figure, formula = _PARAGRAPHS.get(category, ("", ""))
    if figure == "rate" and pack.slabs:
        return "slab", pack.slabs[0].ground.article
    if figure not in pack.by_name:
        return "", ""
    return formula, pack.by_name[figure].ground.article


def listed(entries: Iterable[Mapping[str, Any]], pack_id: str, pack_hash: str, day: str) -> bool:
    """Whether the root-signed directory lets this pack, in exactly these bytes, pay for a case received that
    day. Any other pack calculates only, 仅供试算."""
    return any(
        entry["id"] == pack_id
        and entry["sha256"] == pack_hash
        and entry["from"] <= day
        and (not entry["to"] or day <= entry["to"])
        for entry in entries
    )


def shares(fen: int, people: int) -> list[int]:
    """Advice on equal shares of a joint report; what does not divide is the first signatory's, who is paid (Q12)."""
    if people < 1:
        raise RuleError("people_range", people=people)
    each, rest = divmod(yuan.check_fen(fen), people)
    return [each + rest, *[each] * (people - 1)]


def shipped() -> tuple[str, ...]:
    """The ids of the packs this release came with."""
    return tuple(sorted(path.stem for path in _RULES.glob("*.toml")))


def source_text(pack_id: str) -> str:
    """The file of a shipped pack, for a lawyer to read."""
    if pack_id not in shipped():
        raise RuleError("pack_unknown")
    return (_RULES / f"{pack_id}.toml").read_text("utf-8")


def load(pack_id: str) -> Pack:
    """A shipped pack. Raises RuleError for an id that is not among them."""
    pack = parse_pack(source_text(pack_id))
    if pack.id != pack_id:
        raise PackError("id_differs", 1)
    return pack
