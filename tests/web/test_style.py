"""The public style keeps what WCAG 2.2 AA asks: contrast, targets, focus, and nothing fetched from elsewhere."""

import re

import pytest

from tests.web.conftest import ROOT

CSS = " ".join((ROOT / "static/css/public.css").read_text(encoding="utf-8").split())
TOKENS = dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6})", CSS))
TEXT, EDGE = 4.5, 3.0


def light(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    low, high = sorted((light(TOKENS.get(one, one)), light(TOKENS.get(other, other))))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize(
    ("ink", "ground", "least"),
    [
        ("ink", "paper", 7),
        ("soft", "paper", TEXT),
        ("soft", "card", TEXT),
        ("brand", "paper", TEXT),
        ("card", "brand", TEXT),
        ("card", "brand-deep", 7),
        ("#0a3b43", "brand-wash", 7),
        ("#4d2e00", "warm-wash", 7),
        ("#7c1713", "bad-wash", 7),
        ("#0f4a2d", "good-wash", 7),
        ("warm-deep", "warm-wash", TEXT),
        ("bad", "paper", TEXT),
        ("good", "card", TEXT),
        ("#2a1a00", "warm", 7),
        ("#5b666d", "#e7e4db", TEXT),
        ("edge", "card", EDGE),
        ("#7f888e", "card", EDGE),
        ("#7f888e", "paper", EDGE),
        ("focus", "paper", EDGE),
        ("focus", "card", EDGE),
        ("brand", "#d5d2c7", EDGE),
    ],
)
def test_what_must_be_read_stands_out(ink: str, ground: str, least: float) -> None:
    assert contrast(ink, ground) >= least


def test_targets_are_large_and_larger_for_the_elderly() -> None:
    ordinary, elder = re.findall(r"--target: (\d+)px", CSS)
    assert int(ordinary) >= 44
    assert int(elder) >= 60
    assert int(re.findall(r"--text: (\d+)px", CSS)[1]) >= 18


def test_focus_is_drawn_also_where_the_browser_cannot_tell_how_it_came() -> None:
    assert ":focus { outline: 3px solid" in CSS
    assert ":focus:not(:focus-visible) { outline: none; }" in CSS


def test_nothing_is_fetched_by_the_style() -> None:
    assert "url(" not in CSS
    assert "@import" not in CSS
    assert "@font-face" not in CSS


def test_the_lock_screen_hides_the_case_behind_it() -> None:
    office = " ".join((ROOT / "static/css/review.css").read_text(encoding="utf-8").split())
    assert re.search(r"\.veil\.locked \{ background: rgb\([\d, ]+\); \}", office)
