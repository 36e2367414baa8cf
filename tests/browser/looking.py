"""Looking at a page as axe-core does, and as somebody on a narrow phone does."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any

from playwright.sync_api import Page

AXE = Path(__file__).parents[2] / "node_modules" / "axe-core" / "axe.min.js"
LEVELS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
SIZES = ((390, 844), (1280, 800))
NARROWEST = 320
RUN = "levels => axe.run(document, { runOnly: levels, resultTypes: ['violations'] })"
BEYOND = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"


@cache
def axe() -> str:
    return AXE.read_text(encoding="utf-8")


def faults_on(page: Page, stop: str) -> list[str]:
    """Everything wrong with the page as it stands, on a phone and on a desktop; then whether 320 px hold it."""
    found = [f"{stop}@{width}: {one}" for width, height in SIZES for one in _violations(page, width, height)]
    page.set_viewport_size({"width": NARROWEST, "height": 700})
    beyond = page.evaluate(BEYOND)
    page.set_viewport_size({"width": 390, "height": 844})
    return [*found, *([f"{stop}@320: {beyond} px to the side"] if beyond > 0 else [])]


def _violations(page: Page, width: int, height: int) -> Iterable[str]:
    page.set_viewport_size({"width": width, "height": height})
    page.evaluate("() => scrollTo(0, 0)")  # else the frame's sticky head lies over what is looked at
    if page.evaluate(BEYOND) > 0:
        yield "scrolls to the side"
    if not page.evaluate("() => 'axe' in window"):
        page.evaluate(axe())
    yield from (_told(one) for one in page.evaluate(RUN, LEVELS)["violations"])


def _told(violation: dict[str, Any]) -> str:
    places = ", ".join(" ".join(map(str, node["target"])) for node in violation["nodes"][:3])
    return f"{violation['id']} ({violation['help']}): {places}"


def faults_of(page: Page, tour: Iterable[str]) -> list[str]:
    """Walk a tour and look at every stop."""
    return [fault for stop in tour for fault in faults_on(page, stop)]
