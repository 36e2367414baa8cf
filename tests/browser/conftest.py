"""Real Chromium for every test here: one browser for the run, a fresh context for each test."""

from __future__ import annotations

import functools
import http.server
import os
import shutil
import subprocess
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

ROOT = Path(__file__).parents[2]
CHROMIUM = "/usr/bin/chromium"
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--no-first-run",
]
PHONE = {"width": 390, "height": 844}
DESKTOP = {"width": 1280, "height": 800}
expect.set_options(timeout=30_000)  # ms; a busy machine is slow, and no test waits for what should not come


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """The machine's own Chromium, headless. CI must have it; elsewhere the tests say what they could not look at."""
    if not Path(CHROMIUM).exists():
        missing = "Chromium (Debian's package `chromium`) is not on this machine: no page was tested"
        (pytest.fail if os.environ.get("CI") == "true" else pytest.skip)(missing)
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield started
        started.close()


@pytest.fixture(scope="session", autouse=True)
def funds(request: pytest.FixtureRequest) -> None:
    """The awards of these tests find a budget, whatever was spent before them."""
    request.getfixturevalue("demo").fund(least=1_000_000_000, more=1_000_000_000)


@pytest.fixture
def phone(browser: Browser) -> Iterator[BrowserContext]:
    """A phone of 390 × 844 in Chinese, with touch."""
    with browser.new_context(viewport=PHONE, locale="zh-CN", has_touch=True, is_mobile=True) as context:
        yield context


@pytest.fixture
def desktop(browser: Browser) -> Iterator[BrowserContext]:
    """A reviewer's screen of 1280 × 800 in Chinese."""
    with browser.new_context(viewport=DESKTOP, locale="zh-CN") as context:
        yield context


@pytest.fixture
def phone_page(phone: BrowserContext) -> Page:
    return phone.new_page()


@pytest.fixture
def desktop_page(desktop: BrowserContext) -> Page:
    return desktop.new_page()


class Quiet(http.server.SimpleHTTPRequestHandler):
    """Files of one folder; nothing is printed."""

    def log_message(self, *_: Any) -> None:
        return


@pytest.fixture(scope="session")
def serve() -> Iterator[Callable[[Path], str]]:
    """Serve a folder on loopback, which browsers trust with WebCrypto; gives the address."""
    running: list[http.server.ThreadingHTTPServer] = []

    def start(folder: Path) -> str:
        handler = functools.partial(Quiet, directory=str(folder))
        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
        running.append(server)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        return f"http://127.0.0.1:{server.server_port}"

    yield start
    for server in running:
        server.shutdown()
        server.server_close()


@pytest.fixture(scope="session")
def bundled() -> Callable[[str], Path]:
    """Bundle a script of the tests as the pages' scripts are bundled, into build/test; gives the folder."""

    def bundle(entry: str) -> Path:
        node = shutil.which("node") or str(ROOT / ".venv" / "bin" / "node")
        out = ROOT / "build" / "test"
        subprocess.run([node, "tests/browser/bundle.mjs", entry, str(out)], cwd=ROOT, check=True)
        return out

    return bundle
