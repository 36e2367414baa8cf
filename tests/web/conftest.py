"""The public door's pages over the real templates, words and styles; only the bundles are stand-ins."""

import re
import shutil
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path

import httpx
import pytest
from starlette.applications import Starlette

from whistle.core import process, retention, rulebook
from whistle.web import words
from whistle.web.pages import ADDRESSES, Pages

ROOT = Path(__file__).parents[2]
SITE = {
    "zone": "P1orzBIiMfs1UoyVDcpgGQ",
    "fingerprint": "3f5a 2bcc 1222 31fb 3552 8c95 0dca 6019",
    "name": {"zh_CN": "临港经济开发区", "zh_Hant": "臨港經濟開發區", "en": "Lingang Zone"},
    "office": {"zh_CN": "安全生产监管办公室", "zh_Hant": "安全生產監管辦公室", "en": "Work Safety Office"},
    "phone": "12350",
    "exit": "https://www.weather.com.cn/",
    "plain": True,
    "demo": False,
    "limits": process.limits(rulebook.load("SD-RULE-2024")),
    "retention": retention.told(retention.default_schedule()),
}
LANGUAGES = ("zh_CN", "zh_Hant", "en")
PATHS = [words.LANGUAGES[name].prefix + path for name in LANGUAGES for path in ADDRESSES["public"].values()]


@pytest.fixture(scope="session")
def static(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("static")
    for name in ("css", "icons"):
        shutil.copytree(ROOT / "static" / name, folder / name)
    for name in (
        "public/home",
        "public/report",
        "public/case",
        "public/page",
        "public/evidence",
        "public/films",
        "public/language",
        "public/myself",
        "public/draft",
        "public/saving",
        "public/enterprises",
        "review/app",
        "review/enrol",
        "review/pdf",
    ):
        (folder / "js" / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / "js" / f"{name}.js").write_text(f"// {name}\n", encoding="utf-8")
    return folder


@pytest.fixture(scope="session")
def make(static: Path) -> Callable[..., Pages]:
    def pages(**changes: object) -> Pages:
        given = {"door": "public", "context": SITE, "languages": LANGUAGES, **changes}
        return Pages(ROOT / "templates", ROOT / "locale", static, **given)  # type: ignore[arg-type]

    return pages


@pytest.fixture(scope="session")
def pages(make: Callable[..., Pages]) -> Pages:
    return make()


@pytest.fixture
def ask(pages: Pages) -> Callable[..., "Answer"]:
    return asker(Starlette(routes=pages.routes()))


Answer = httpx.Response


def asker(app: Starlette) -> Callable[..., Answer]:
    """Requests without a server, one at a time."""
    import asyncio

    def ask(path: str, **headers: str) -> Answer:
        async def send() -> Answer:
            transport = httpx.ASGITransport(app=app)
            async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as http:
                return await http.get(path, headers={name.replace("_", "-"): value for name, value in headers.items()})

        return asyncio.run(send())

    return ask


class Page(HTMLParser):
    """What a page is made of: its tags with their attributes, and its text without the data blocks."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str]]] = []
        self.text = ""
        self._data = False
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, {name: value or "" for name, value in attrs}))
        self._data = tag in {"script", "style"}

    def handle_endtag(self, tag: str) -> None:
        self._data = False

    def handle_data(self, data: str) -> None:
        if self._data and data.strip():
            self.tags.append(("#inline", {"body": data}))
        self.text += "" if self._data else data

    def all(self, *names: str) -> list[dict[str, str]]:
        return [attrs for tag, attrs in self.tags if tag in names]


# How each language calls itself, on the pages of the others too.
OWN_NAMES = ("简体中文", "繁體中文", ">简<", ">繁<")


def without_names(html: str) -> str:
    """A page without the names of the other languages."""
    for name in OWN_NAMES:
        html = html.replace(name, "")
    return html


CHINESE = re.compile(r"[\u3000-\u303f\u3400-\u9fff\uff00-\uffef]")
