"""Looking at a page as axe-core does, and as somebody on a narrow phone does."""

from __future__ import annotations

import tomllib
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
# What ends furthest to the right, and nothing in it does: whose width it is.
WIDEST = """() => {
    const all = [...document.body.querySelectorAll("*")].map((node) => [node.getBoundingClientRect().right, node]);
    const most = Math.max(...all.map(([right]) => right));
    const node = all.filter(([right]) => right === most).pop()[1];
    return `${node.tagName} ${node.className} in ${node.parentElement.tagName} ${node.parentElement.className}`;
}"""
BEYOND = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"

# A browser that translates a page or checks its spelling sends what stands there to its maker.
TELLING = """
words => {
    const fields = [...document.querySelectorAll("textarea, input:not([type]), input[type=text], input[type=search]")];
    const told = fields.filter((one) => one.spellcheck || !("translate" in one) || one.translate);
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
        const { data, parentElement } = walker.currentNode;
        const seen = !parentElement.closest("script, template");
        if (seen && parentElement.translate && words.some((word) => data.includes(word))) told.push(parentElement);
    }
    return told.map((one) => `${one.tagName.toLowerCase()} ${one.name ?? one.className}`);
}
"""
# What a reporter says of her matter in the tours, and what shows a case.
HERS = ("同安铸造", "行车吊钩", "浇注区", "巡看", "持码人", "青山", "我下周二上午来")

# A word that is missing shows its key: "empty.mine", "view.today_more".
UNSAID = """
tables => {
    const said = [document.body.innerText];
    for (const one of document.querySelectorAll("[title], [placeholder], [aria-label]"))
        said.push(one.title, one.getAttribute("placeholder") ?? "", one.getAttribute("aria-label") ?? "");
    const found = said.join("\\n").match(/(?<![\\w.@/-])[a-z][a-z_]*(?:\\.[a-z][a-z_]*)+(?![\\w.-])/g) ?? [];
    return found.filter((key) => tables.includes(key.split(".")[0]));
}
"""
# Every number field as it stands, given digits in full width: what it holds then, and what it held is put back.
FULL_WIDTH = """
() => [...document.querySelectorAll("input[inputmode=numeric], input[inputmode=decimal]")].flatMap((field) => {
    const before = field.value;
    const put = (value) => {
        field.value = value;
        field.dispatchEvent(new InputEvent("input", { bubbles: true }));
    };
    put("１２");
    const held = field.value;
    put(before);
    return held === "12" ? [] : [field.name || field.id || field.className];
})
"""
TABLES = sorted(
    {
        table
        for path in (Path(__file__).parents[2] / "templates").rglob("words/*.toml")
        for table in tomllib.loads(path.read_text(encoding="utf-8"))
    }
)


@cache
def axe() -> str:
    return AXE.read_text(encoding="utf-8")


def faults_on(page: Page, stop: str) -> list[str]:
    """Everything wrong with the page as it stands, on a phone and on a desktop; then whether 320 px hold it."""
    found = [f"{stop}@{width}: {one}" for width, height in SIZES for one in _violations(page, width, height)]
    page.set_viewport_size({"width": NARROWEST, "height": 700})
    beyond = page.evaluate(BEYOND)
    widest = page.evaluate(WIDEST) if beyond > 0 else ""
    page.set_viewport_size({"width": 390, "height": 844})
    found += [f"{stop}: {one} may be sent to be translated or spelled" for one in page.evaluate(TELLING, list(HERS))]
    found += [f"{stop}: the word {key} is missing" for key in page.evaluate(UNSAID, TABLES)]
    if "plain" not in stop:  # there the server reads them
        found += [f"{stop}: {one} keeps digits in full width" for one in page.evaluate(FULL_WIDTH)]
    return [*found, *([f"{stop}@320: {beyond} px to the side ({widest})"] if beyond > 0 else [])]


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
