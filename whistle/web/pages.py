"""Pages: every template rendered once per language at start; the same bytes for everybody from then on."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from whistle.web.static import ASK_AGAIN, Asset, StaticFiles, asset
from whistle.web.words import LANGUAGES, SOURCE, Language, Words

# Page name to address; the name is also the template's. English stands under /en, traditional Chinese under /zh-hant.
ADDRESSES = {
    "public": {
        "home": "/",
        "report": "/report",
        "case": "/case",
        "evidence": "/evidence",
        "draft": "/draft",
        "privacy": "/privacy",
    },
    "review": {"app": "/", "enrol": "/enrol"},
}
# What a door does not speak, whatever the operator asks for: the office works in the zone's own script.
UNSPOKEN: Mapping[str, frozenset[str]] = {"public": frozenset(), "review": frozenset({"zh_Hant"})}
ERRORS = {"not_found": 404, "error": 500}


class Pages:
    """One door's pages. `context` holds the operator's facts; one given by language is told by language.

    Raises at start when a template, a word list or a built file is missing; answering never fails or waits.
    """

    def __init__(
        self,
        templates: Path,
        locale: Path,
        static: Path,
        *,
        door: str,
        context: Mapping[str, object],
        languages: Sequence[str] = (SOURCE, "zh_Hant", "en"),
        former: Path | None = None,
    ) -> None:
        self._door, self._context = door, context
        self._icons = templates / "shared" / "icons"
        self._word_lists = (templates / door / "words", templates / "shared" / "words")
        self._static = StaticFiles(static, door, former)
        self._words = {id_: Words(locale, id_) for id_ in languages if id_ not in UNSPOKEN[door]}
        self._source = Words(locale, SOURCE)
        self._env = _environment(templates)
        names = (*ADDRESSES[door], *ERRORS)
        self._pages = {(name, id_): self._page(name, id_) for name in names for id_ in self._words}

    def routes(self) -> list[BaseRoute]:
        """Pages and static files, to stand last in a door's table: what is left is a page not found."""
        pages: list[BaseRoute] = [
            Route(path, page.answer)
            for (name, id_), page in self._pages.items()
            if name in ADDRESSES[self._door]
            for path in _spellings(address(self._words[id_].language, self._door, name))
        ]
        return [*pages, Route("/static/{hash}/{name:path}", self._file), Route("/{path:path}", self._lost)]

    def answer(self, request: Request, name: str) -> Response:
        """A rendered page ("not_found", "error", or any other) in the language of the address asked for."""
        return self._pages[name, self.language(request.url.path)].answer(request)

    @property
    def prefixes(self) -> tuple[str, ...]:
        """The first part of the addresses of each language, for the page that has a route of its own."""
        return tuple(words.language.prefix for words in self._words.values())

    def language(self, path: str) -> str:
        """The language an address belongs to; what has no prefix is in the source language."""
        named = {w.language.prefix: id_ for id_, w in self._words.items() if w.language.prefix}
        return named.get("/" + path.split("/")[1], SOURCE)

    def say(self, language: str, *names: str) -> Mapping[str, Any]:
        """Word lists in a language, for what a handler has to say on a page it renders."""
        return self._words[language].tables(self._word_lists, *names)

    def render(self, name: str, language: str, stands: str = "", **facts: object) -> bytes:
        """A page made anew, for those that are written on the server (the form without script, the bulletin).
        `stands` is its address in the first language, where the table of addresses has none."""
        words = self._words[language]
        template = self._env.get_template(f"{self._door}/{name}.html")
        text = template.render(
            **facts,
            page=name,
            site=_told(self._context, language),
            lang=words.language,
            languages=[w.language for w in self._words.values()],
            here=lambda other: other.prefix + stands if stands else address(other, self._door, name),
            link=lambda to: address(words.language, self._door, to),
            _=words,
            words=lambda *names: words.tables(self._word_lists, *names),
            original=lambda *names: self._source.tables(self._word_lists, *names),
            asset=lambda file: self._static[file].url,
            script=self._script,
            style=self._style,
            icon=self._icon,
        )
        return text.encode()

    def _page(self, name: str, language: str) -> Asset:
        tag = LANGUAGES[language].tag
        status = ERRORS.get(name, 200)
        cache = ASK_AGAIN if status == 200 else "no-store"
        body = self.render(name, language)
        return asset(body, "text/html; charset=utf-8", cache, status, **{"Content-Language": tag})

    async def _file(self, request: Request) -> Response:
        found = self._static.find(request.url.path)
        return found.asset.answer(request) if found else self.answer(request, "not_found")

    async def _lost(self, request: Request) -> Response:
        """People get a page; a program that asks the API gets the API's own answer."""
        if request.url.path.startswith("/api/"):
            raise HTTPException(404)
        return self.answer(request, "not_found")

    def _script(self, name: str) -> Markup:
        file = self._static[name]
        return Markup('<script type="module" src="{}" integrity="{}"></script>').format(file.url, file.integrity)

    def _style(self, name: str) -> Markup:
        file = self._static[name]
        return Markup('<link rel="stylesheet" href="{}" integrity="{}">').format(file.url, file.integrity)

    def _icon(self, name: str) -> Markup:
        """A drawing of our own, put into the page as it stands: it takes the colour of the text around it."""
        return Markup((self._icons / f"{name}.svg").read_text(encoding="utf-8").strip())  # noqa: S704 (our own file, shipped with the templates)


def given(setup: Mapping[str, Any]) -> Pages:
    """Pages of what a process was told in JSON: `templates`, `locale`, `static` and `former` are paths, `former` only
    for a door; the rest as above."""
    folders = (Path(setup[name]) for name in ("templates", "locale", "static"))
    former = Path(setup["former"]) if "former" in setup else None
    return Pages(*folders, door=setup["door"], context=setup["context"], languages=setup["languages"], former=former)


def address(language: Language, door: str, name: str) -> str:
    """Where a page stands in a language; the form without script and the error pages go by their names."""
    path = ADDRESSES[door].get(name, "/plain" if name == "plain" else "/")
    return language.prefix + path


def _spellings(path: str) -> tuple[str, ...]:
    """A language's front page is found with and without its last slash."""
    return (path, path.rstrip("/")) if path.endswith("/") and path != "/" else (path,)


def _told(context: Mapping[str, object], language: str) -> dict[str, object]:
    def one(value: object) -> object:
        if isinstance(value, Mapping) and SOURCE in value:
            return value.get(language, value[SOURCE])
        return value

    return {name: one(value) for name, value in context.items()}


def _environment(templates: Path) -> Environment:
    env = Environment(
        loader=FileSystemLoader(templates),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    # Words as they are written: escaped Chinese weighs twice as much on a phone.
    env.policies["json.dumps_kwargs"] = {"ensure_ascii": False, "separators": (",", ":")}
    return env
