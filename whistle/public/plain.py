"""The page that works without script. The server seals here, in memory, with the same client as everybody.

The one declared exception to "never readable by the server": it says so before the first field, marks the post
`sealed_by` server, keeps nothing, overwrites what it let go of, and can be switched off.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from functools import partial
from urllib.parse import parse_qsl

from slowapi.errors import RateLimitExceeded
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from whistle import refusals
from whistle.client import ClientError, Filed, Public, once
from whistle.public.door import door_of
from whistle.public.told import Facts, Form, Words, case_facts, mark, sentence, too_long, wrongs
from whistle.public.wire import InProcess
from whistle.web import body
from whistle.web.errors import STATUS, Problem
from whistle.web.limits import Endpoint
from whistle.web.pages import Pages
from whistle.web.rinse import Rinse

# A text of any length a person types arrives, is counted, and comes back to be shortened.
MOST = 262_144
AT_ONCE, WAITING = 2, 16
MINUTE = 60
_FIELDS = ("category", "sector", "enterprise", "place", "text", "contact", "passphrase")
_TYPED = frozenset({"act", "ticket", "say", "to", "once", *_FIELDS})
_TO = ("thread", "objection")


class Plain:
    """The form's two routes. A key derivation costs 0.15 s of CPU: few are made at once, and few may wait."""

    def __init__(self, pages: Pages, on: bool = True) -> None:
        self._pages = pages
        self._on = on
        self._turn = asyncio.Semaphore(AT_ONCE)
        self._inside = 0
        self.rinse = Rinse()
        self._limited: Endpoint = self._taken

    def routes(self, limit: Callable[[Endpoint], Endpoint]) -> list[Route]:
        """GET shows the form, or says that it is switched off; POST is there only while it is on."""
        self._limited = limit(self._taken)
        verbs = (("GET", self.form), ("POST", self.send)) if self._on else (("GET", self.form),)
        paths = [f"{prefix}/plain" for prefix in self._pages.prefixes]
        return [Route(path, endpoint, methods=[verb]) for path in paths for verb, endpoint in verbs]

    async def form(self, request: Request) -> Response:
        return self._page(request, {"view": "form" if self._on else "off"})

    async def send(self, request: Request) -> Response:
        """One of three acts: file a report, look at a case, say something. A refusal is a sentence on the page."""
        request.state.typed = Form()
        try:
            return await self._limited(request)
        except Exception as error:
            said = _refusal(error)
            if said is None:
                raise
        finally:
            typed, request.state.typed = request.state.typed, Form()
            self.rinse.soon()
        code = said[0]
        facts = {"n": sum(map(str.isdigit, typed.get("ticket", ""))), **said[1]}
        told = {"view": "form", "values": typed, "problem": sentence(self._words(request), code, facts)}
        return self._page(request, told, STATUS.get(code, 200))

    async def _taken(self, request: Request) -> Response:
        words = self._words(request)
        request.state.typed = typed = _parse(await body.read(request, MOST), words)
        return self._page(request, {"values": typed, **await self._act(request, typed, words)})

    async def _act(self, request: Request, form: Form, words: Words) -> Facts:
        if self._inside >= AT_ONCE + WAITING:
            raise Problem("busy", retry=10)
        door = door_of(request)
        public = Public(InProcess(door, asyncio.get_running_loop()), door.pin)
        self._inside += 1
        try:
            async with self._turn:
                return await run_in_threadpool(partial(_ACTS[form["act"]], public, form, words))
        finally:
            self._inside -= 1

    def _words(self, request: Request) -> Words:
        language = self._pages.language(request.url.path)
        case = self._pages.say(language, "common", "terms", "answers", "case")
        return {**case, "report": self._pages.say(language, "report")}

    def _page(self, request: Request, facts: Facts, status: int = 200) -> Response:
        language = self._pages.language(request.url.path)
        terms = self._pages.say(language, "terms", "answers")
        listed = {name: list(terms[name].items()) for name in ("categories", "sectors")}
        given = {"values": {}, "wrong": {}, "problem": "", "terms": listed, "drawn": once.draw(), **facts}
        html = self._pages.render("plain", language, **given)
        return Response(html, status, media_type="text/html", headers={"Cache-Control": "no-store"})


def _refusal(error: Exception) -> refusals.Told | None:
    """Code and facts of a refusal, whoever refused; None for a fault."""
    if isinstance(error, RateLimitExceeded):
        return "too_many", {"retry": MINUTE}
    if isinstance(error, (Problem, ClientError)):
        return error.code, error.facts
    return refusals.told(error)


def _parse(data: bytes, words: Words) -> Form:
    """A url-encoded form: counted, in memory, never multipart, which spools to disk."""
    try:
        pairs = parse_qsl(data.decode(), keep_blank_values=True, strict_parsing=True, max_num_fields=16)
    except ValueError:
        raise Problem("malformed") from None
    form = dict(pairs)
    listed = {"act": _ACTS, "to": _TO, "category": words["categories"], "sector": {"": "", **words["sectors"]}}
    unlisted = any(form[name] not in known for name, known in listed.items() if name in form)
    if "act" not in form or unlisted or set(form) - _TYPED or len(form) != len(pairs):
        raise Problem("malformed")
    return form


def _file(public: Public, form: Form, words: Words) -> Facts:
    wrong = wrongs(form, words["report"])
    if wrong:
        return {"view": "form", "wrong": wrong}
    filed = _filed(public, form)
    told = public.status(filed.ticket)
    return {
        "view": "filed",
        "values": {},
        "ticket": filed.ticket.split(" "),
        "day": filed.receipt.document["day"],
        "mark": mark(filed.receipt.document["post"]),
        "due": told.due,
        "provisional": told.provisional,
    }


def _filed(public: Public, form: Form) -> Filed:
    """The report of this form, once: the page read again after a lost answer gives the receipt of the first time."""
    digits = once.ticket(form.get("once", ""), {name: form.get(name, "") for name in _FIELDS})
    try:
        return _sealed(public, form, digits)
    except ClientError as refused:
        if refused.code != "conflict":
            raise
        return public.filed(digits)


def _sealed(public: Public, form: Form, digits: str) -> Filed:
    return public.submit(
        form["text"],
        category=form.get("category", "other"),
        sector=form.get("sector", ""),
        enterprise=form.get("enterprise", ""),
        place=form.get("place", ""),
        contact=form.get("contact", ""),
        passphrase=form.get("passphrase", ""),
        sealed_by="server",
        digits=digits,
    )


def _look(public: Public, form: Form, words: Words) -> Facts:
    return {"view": "case", "values": {}, "case": case_facts(public.status(form.get("ticket", "")), words)}


def _say(public: Public, form: Form, words: Words) -> Facts:
    """What was not sent stays in its field; what she said last is not sent once more when the page is read again."""
    said, kept = form.get("say", "").strip(), {"values": {name: form.get(name, "") for name in ("say", "to")}}
    if too_long(said):
        return {**_look(public, form, words), **kept, "wrong": {"say": words["wrong"]["say_long"]}}
    try:
        if said and said != _said_last(public, form):
            send = public.object_to_last if form.get("to") == "objection" else public.message
            send(form.get("ticket", ""), said)
    except ClientError as refused:
        if refused.code == "unknown_ticket":
            raise
        return {**_look(public, form, words), **kept, "problem": sentence(words, refused.code, refused.facts)}
    return _look(public, form, words)


def _said_last(public: Public, form: Form) -> str:
    mine = [line.text for line in public.status(form.get("ticket", "")).posts if line.author == "reporter"]
    return mine[-1]


_ACTS: dict[str, Callable[[Public, Form, Words], Facts]] = {"file": _file, "look": _look, "say": _say}
