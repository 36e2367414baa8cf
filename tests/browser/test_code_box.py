"""The code box on a small phone: all 25 digits are seen, in fives as on her paper, however they come in."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import Browser, Locator, Page

from whistle.crypto.ticket import new_ticket, show

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.conftest import Demo

pytestmark = pytest.mark.browser


@pytest.fixture(params=[390, 360], ids=lambda width: f"{width}px")
def small(browser: Browser, request: pytest.FixtureRequest) -> Iterator[Page]:
    size = {"width": request.param, "height": 760}
    with browser.new_context(viewport=size, locale="zh-CN", has_touch=True, is_mobile=True) as context:
        yield context.new_page()


def is_seen_whole(box: Locator) -> bool:
    return bool(box.evaluate("box => box.scrollWidth <= box.clientWidth"))


@pytest.mark.parametrize("elder", [False, True], ids=["usual", "large type"])
@pytest.mark.parametrize("path", ["/", "/case", "/plain", "/en/case"])
def test_all_digits_are_seen_wherever_a_code_is_asked_for(small: Page, demo: Demo, path: str, elder: bool) -> None:
    small.goto(demo.public + path)
    if elder:
        small.evaluate("() => document.documentElement.classList.add('elder')")
    boxes = small.locator(".code-box").all()
    assert boxes
    for box in boxes:
        box.fill(show(new_ticket()))
        assert is_seen_whole(box)
        assert float(box.evaluate("box => parseFloat(getComputedStyle(box).fontSize)")) >= 16, "phones zoom in below"


def test_a_code_is_grouped_as_it_is_typed_pasted_or_composed(small: Page, demo: Demo) -> None:
    digits = new_ticket()
    small.goto(f"{demo.public}/case")
    box = small.locator("#code")
    box.press_sequentially(digits)
    assert box.input_value() == show(digits)
    assert is_seen_whole(box)
    wide = "".join(chr(ord(digit) + 0xFEE0) for digit in digits)
    for pasted in (digits, "-".join(show(digits).split()), wide):
        box.fill("")
        small.keyboard.insert_text(pasted)  # as a paste or an input method hands it over: one event
        assert box.input_value() == show(digits)
    box.fill("")
    small.keyboard.insert_text("我的查询码是" + digits)
    assert box.input_value() == "我的查询码是" + digits, "what is not digits alone stays as it came"


def test_a_slip_in_the_middle_is_mended_where_it_is(small: Page, demo: Demo) -> None:
    """The caret stays with its digit, and whoever reads the screen hears one box with one value."""
    small.goto(f"{demo.public}/case")
    box = small.locator("#code")
    box.press_sequentially("1234567890")
    box.evaluate("box => box.setSelectionRange(3, 3)")
    small.keyboard.press("Backspace")
    small.keyboard.type("9")
    assert box.input_value() == "12945 67890"
    assert box.evaluate("box => box.selectionStart") == 3
    box.evaluate("box => box.setSelectionRange(5, 5)")
    small.keyboard.press("Delete")  # over the blank,
    small.keyboard.press("Delete")  # then the digit behind it
    assert box.input_value() == "12945 7890"


def test_a_word_that_is_being_composed_is_left_alone(small: Page, demo: Demo) -> None:
    small.goto(f"{demo.public}/case")
    box = small.locator("#code")
    box.focus()
    session = small.context.new_cdp_session(small)
    session.send("Input.imeSetComposition", {"text": "1234567", "selectionStart": 7, "selectionEnd": 7})
    assert box.input_value() == "1234567"
    session.send("Input.insertText", {"text": "1234567"})
    assert box.input_value() == "12345 67"
