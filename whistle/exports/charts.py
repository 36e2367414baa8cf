"""Bar charts as inline SVG: presentation attributes only, for the pages' policy allows no style; no script.

Every chart stands beside the table it was drawn from, and is told to screen readers by its title alone."""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

WIDTH, LABEL, VALUE = 640, 150, 90
ROW, GAP, BAR = 30, 4, 20
INK, SOFT, NOW, BEFORE = "#17232b", "#51606a", "#0d4a54", "#b9cdd0"


@dataclass(frozen=True)
class Bar:
    """One bar: what it is of, how long, what is written at its end; `before` is drawn thin beneath it."""

    label: str
    value: int
    text: str
    before: int = 0


def bars(title: str, rows: Sequence[Bar]) -> str:
    """Horizontal bars, as long as their values; "" when there is nothing to draw."""
    most = max((max(row.value, row.before) for row in rows), default=0)
    if most <= 0:
        return ""
    height = len(rows) * (ROW + GAP) + GAP
    drawn = "".join(_row(at, row, most) for at, row in enumerate(rows))
    head = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" width="{WIDTH}" role="img"'
    return f'{head} class="chart"><title>{escape(title)}</title>{drawn}</svg>'


def _row(at: int, row: Bar, most: int) -> str:
    top, room = GAP + at * (ROW + GAP), WIDTH - LABEL - VALUE
    length = max(0, row.value) * room // most
    thin = max(0, row.before) * room // most
    return "".join(
        (
            _text(LABEL - 8, top + 15, row.label, INK, "end"),
            _bar(top, length, BAR, NOW),
            _bar(top + BAR + 2, thin, ROW - BAR - 2, BEFORE),
            _text(LABEL + max(length, thin) + 6, top + 15, row.text, SOFT, "start"),
        )
    )


def _bar(top: int, length: int, height: int, colour: str) -> str:
    return f'<rect x="{LABEL}" y="{top}" width="{length}" height="{height}" fill="{colour}"/>' if length else ""


def _text(x: int, y: int, text: str, colour: str, anchor: str) -> str:
    return f'<text x="{x}" y="{y}" font-size="13" fill="{colour}" text-anchor="{anchor}">{escape(text)}</text>'
