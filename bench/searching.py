"""Search in the reader's browser: `python -m bench.searching [--cases 5000]`, in Debian's `chromium`.

Real sealed cases are opened by the page's own code, a few of them over and over, and words of 2,000 characters a case
are looked through. What the door spends on a page of them is measured at a real door."""

from __future__ import annotations

import argparse
import functools
import http.server
import json
import shutil
import subprocess
import tempfile
import threading
import time
from pathlib import Path
from typing import Any

import httpx
from playwright.sync_api import sync_playwright

from bench import scene
from bench.scene import door
from whistle.client import Office
from whistle.crypto.encoding import b64
from whistle.crypto.keys import reviewer_keys

ROOT = Path(__file__).parents[1]
CHROMIUM = "/usr/bin/chromium"
WORDS = "仓库的安全出口用铁链锁着，里面堆满纸箱。" * 20


class Quiet(http.server.SimpleHTTPRequestHandler):
    """Files of one folder; nothing is printed."""

    def log_message(self, *_: Any) -> None:
        return


def browser(cases: int, folder: Path) -> dict[str, float]:
    """Gathering and asking, in a page of its own."""
    bundle = ["node", str(ROOT / "tests" / "browser" / "bundle.mjs"), "bench/searching.js", str(folder)]
    subprocess.run(bundle, cwd=ROOT, check=True)
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Quiet, directory=str(folder)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    table = json.loads((ROOT / "whistle" / "core" / "workflow.json").read_text(encoding="utf-8"))
    flags = ["--no-sandbox", "--disable-gpu", "--enable-precise-memory-info", "--js-flags=--expose-gc"]
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=CHROMIUM, args=flags)
        page = started.new_page()
        page.goto(f"http://127.0.0.1:{server.server_port}/searching.js.html")
        system = started.new_browser_cdp_session()

        def cpu() -> float:
            return sum(float(one["cpuTime"]) for one in system.send("SystemInfo.getProcessInfo")["processInfo"])

        found: dict[str, float] = page.evaluate("([table, cases]) => run(table, cases)", [table, cases])
        found["cpu"] = cpu()  # of all the browser's processes since its start, the sealing and the drawing of words too
        for name, near in (("asked", False), ("near", True)):
            before = cpu()
            taken: list[float] = sorted(page.evaluate("near => ask(near)", near))
            found[f"{name}_p50_ms"], found[f"{name}_worst_ms"] = taken[len(taken) // 2], taken[-1]
            found[f"{name}_cpu_ms"] = (cpu() - before) * 1000 / len(taken)
        started.close()
    server.shutdown()
    return found


def served(cases: int, folder: Path) -> dict[str, float]:
    """What a real door takes for the pages of so many reports that were just taken down."""
    made = scene.establish(folder / "door")
    with door(made, "review") as server, httpx.Client(trust_env=False, timeout=60) as client:
        office = Office(
            made.settings.origin("review"), client, reviewer_keys(made.people["intake"].seed), b64(made.zone)
        )
        office.login()
        for _ in range(cases):
            office.transcribe(WORDS, source="phone")
        before, began, size, after = server.cpu(), time.perf_counter(), 0, ""
        while True:
            answer = client.get(f"{made.settings.origin('review')}/api/search", params={"after": after})
            size, after = size + len(answer.content), answer.json()["next"]
            if not after:
                break
        seconds = time.perf_counter() - began
        spent = server.cpu() - before
    return {"cases": cases, "ms": seconds * 1000 / cases, "cpu_ms": spent * 1000 / cases, "kb": size / 1000 / cases}


def main() -> None:
    options = argparse.ArgumentParser(prog="python -m bench.searching", description=__doc__)
    options.add_argument("--cases", type=int, default=5000)
    options.add_argument("--served", type=int, default=300, help="cases at the real door")
    told = options.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="bench-", dir=ROOT / "build"))
    try:
        print(json.dumps({"door": served(told.served, folder), "browser": browser(told.cases, folder)}, indent=1))
    finally:
        shutil.rmtree(folder)


if __name__ == "__main__":
    main()
