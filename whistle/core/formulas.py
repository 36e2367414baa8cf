"""The formulas of rule packs: what a case earns before uplift and cap, and the words of each step."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from whistle.core import yuan
from whistle.core.errors import RuleError
from whistle.core.facts import Facts
from whistle.core.packs import FIGURES, Figure, Ground, Pack

BP = 10**4
# A rate times an uplift has eight decimals of a fen: sums are held in units that keep all of them.
UNIT = BP * BP
_GRADES = ((30, "death_extreme"), (10, "death_major"), (3, "death_larger"), (1, "death_ordinary"))
DEFAULT = Ground("", "", "default", "", "")

TraceStep = dict[str, Any]


@dataclass(frozen=True)
class Base:
    exact: int
    ground: Ground
    steps: tuple[TraceStep, ...]


# Read from the top: the first that fits decides. A fined general hazard goes by the fine (local practice).
CHOICES: tuple[tuple[str, Callable[[Facts, Pack], bool]], ...] = (
    ("per_death", lambda facts, pack: facts.deaths_concealed > 0),
    ("annex", lambda facts, pack: facts.annex_item != ""),
    ("band", lambda facts, pack: facts.kind == "general_hazard" and facts.fine == 0),
    ("no_fine", lambda facts, pack: facts.fine == 0 and "no_fine" in pack.by_name),
    ("slab", lambda facts, pack: bool(pack.slabs)),
    ("percent", lambda facts, pack: True),
)


def preface(facts: Facts) -> list[TraceStep]:
    """No article covers a concealed accident without concealed dead: doubt Q5, as a violation."""
    if facts.kind == "concealed_accident" and not facts.deaths_concealed:
        return [trace_step("path", "concealed_without_dead", DEFAULT)]
    return []


def _per_death(facts: Facts, pack: Pack, trial: bool) -> Base:
    name = next(name for least, name in _GRADES if facts.deaths >= least)
    figure = _need(pack, name)
    exact = facts.deaths_concealed * figure.value * UNIT
    figures = {"deaths": str(facts.deaths), "concealed": str(facts.deaths_concealed), "each": show(figure)}
    return _base(exact, figure.ground, [trace_step("base", name, figure.ground, **figures, result=exact_text(exact))])


def _annex(facts: Facts, pack: Pack, trial: bool) -> Base:
    item = pack.by_item.get(facts.annex_item)
    if item is None:
        raise RuleError("annex_unknown", "this pack lists no such situation", pack=pack.id)
    if item.fixed:
        exact = item.fixed * UNIT
        step = trace_step("base", "annex_fixed", item.ground, item=item.item, result=exact_text(exact))
        return _base(exact, item.ground, [step])
    raw, first = _share_of_fine(facts, _need(pack, "rate"))
    exact = min(max(raw, item.low * UNIT), item.high * UNIT)
    limits = {"item": item.item, "min": yuan.text(item.low), "max": yuan.text(item.high)}
    words = "annex_limits_kept" if exact == raw else "annex_limits_applied"
    return _base(
        exact,
        item.ground,
        [first, trace_step("floor", words, item.ground, **limits, result=exact_text(exact))],
    )


def _band(facts: Facts, pack: Pack, trial: bool) -> Base:
    low, high = _need(pack, "general_min"), _need(pack, "general_max")
    limits = {"min": show(low), "max": show(high)}
    if not low.value <= facts.officer_value <= high.value:
        raise RuleError("outside_band", "the officer's sum lies outside the band", **limits)
    if not facts.reason and not trial:
        raise RuleError("reason_missing", "a sum inside the band needs its reason")
    words = "officer_value" if facts.reason else "officer_value_without_reason"
    exact = facts.officer_value * UNIT
    return _base(exact, low.ground, [trace_step("base", words, low.ground, **limits, result=exact_text(exact))])


def _no_fine(facts: Facts, pack: Pack, trial: bool) -> Base:
    figure = _need(pack, "no_fine")
    exact = figure.value * UNIT
    return _base(exact, figure.ground, [trace_step("base", "no_fine", figure.ground, result=exact_text(exact))])


def _slab(facts: Facts, pack: Pack, trial: bool) -> Base:
    slab = next(slab for slab in reversed(pack.slabs) if facts.fine >= slab.start)
    exact = slab.fixed * UNIT if slab.fixed else facts.fine * slab.rate * BP
    words, how = ("slab_rate", {"rate": _percent_text(slab.rate)}) if slab.rate else ("slab_fixed", {})
    edges = {
        "fine": yuan.text(facts.fine),
        "from": yuan.text(slab.start),
        "to": yuan.text(slab.end) if slab.end else "",
    }
    return _base(exact, slab.ground, [trace_step("base", words, slab.ground, **edges, **how, result=exact_text(exact))])


def _percent(facts: Facts, pack: Pack, trial: bool) -> Base:
    rate, floor = _need(pack, "rate"), _need(pack, "floor")
    raw, first = _share_of_fine(facts, rate)
    exact = max(raw, floor.value * UNIT)
    words = "floor_kept" if exact == raw else "floor_applied"
    second = trace_step("floor", words, floor.ground, floor=show(floor), result=exact_text(exact))
    return _base(exact, rate.ground, [first, second])


BASES: dict[str, Callable[[Facts, Pack, bool], Base]] = {
    "per_death": _per_death,
    "annex": _annex,
    "band": _band,
    "no_fine": _no_fine,
    "slab": _slab,
    "percent": _percent,
}


def _share_of_fine(facts: Facts, rate: Figure) -> tuple[int, TraceStep]:
    raw = facts.fine * rate.value * BP
    figures = {"fine": yuan.text(facts.fine), "rate": show(rate), "result": exact_text(raw)}
    return raw, trace_step("base", "percent_of_fine", rate.ground, **figures)


def _need(pack: Pack, name: str) -> Figure:
    figure = pack.by_name.get(name)
    if figure is None:
        raise RuleError("formula_missing", "this pack has no figure for such a case", pack=pack.id, figure=name)
    return figure


def _base(exact: int, ground: Ground, steps: list[TraceStep]) -> Base:
    return Base(exact, ground, tuple(steps))


def trace_step(step: str, words: str, ground: Ground, **figures: str) -> TraceStep:
    head = {"step": step, "words": words, "clause": ground.article, "mark": ground.mark}
    return {**head, "source": ground.source, "origin": ground.origin, "figures": figures}


def show(figure: Figure) -> str:
    return _percent_text(figure.value) if FIGURES[figure.name] == "bp" else yuan.text(figure.value)


def _percent_text(bp: int) -> str:
    whole, rest = divmod(bp, 100)
    return f"{whole}.{rest:02d}".rstrip("0").rstrip(".") + "%"


def exact_text(exact: int) -> str:
    """A sum in yuan with every decimal it has, at least two."""
    whole, rest = divmod(exact, 100 * UNIT)
    decimals = f"{rest:010d}".rstrip("0")
    return f"{whole}.{decimals.ljust(2, '0')}"
