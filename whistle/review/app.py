"""The review door: one route table, a session by signature, no password anywhere."""

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.routing import Route

from whistle.refusals import REFUSALS
from whistle.review import bulletin, cases, entry, ledger, papers
from whistle.review.door import ReviewDoor
from whistle.settings import Settings
from whistle.web.errors import HANDLERS, handler
from whistle.web.faults import Faults
from whistle.web.headers import SecurityHeaders
from whistle.web.limits import TOO_MANY, BlindedKey, limited
from whistle.web.origin import OwnOrigin
from whistle.web.pages import Pages

_TABLE = (
    ("/api/slots", "POST", entry.slots),
    ("/api/login/challenge", "POST", entry.challenge),
    ("/api/login", "POST", entry.login),
    ("/api/logout", "POST", entry.logout),
    ("/api/me", "GET", entry.me),
    ("/api/enrol", "GET", entry.invitation),
    ("/api/enrol", "POST", entry.enrol),
    ("/api/directory", "GET", papers.directory),
    ("/api/channels/{hash}", "GET", papers.channel),
    ("/api/roster", "GET", papers.roster),
    ("/api/packs", "GET", papers.packs),
    ("/api/calendar", "GET", papers.calendar),
    ("/api/letterhead", "GET", papers.letterhead),
    ("/api/paper-number", "POST", papers.number),
    ("/api/inbox", "GET", cases.inbox),
    ("/api/overdue", "GET", cases.overdue),
    ("/api/case", "GET", cases.case),
    ("/api/posts", "POST", cases.post),
    ("/api/enter", "POST", cases.enter),
    ("/api/seen", "POST", cases.seen),
    ("/api/ledger", "GET", ledger.account),
    ("/api/ledger/awards", "GET", ledger.awards),
    ("/api/ledger/export", "GET", ledger.export),
    ("/api/ledger/anchor", "GET", ledger.anchor),
    ("/api/ledger/lock", "POST", ledger.lock),
    ("/api/ledger/concur", "POST", ledger.concur),
    ("/api/ledger/reverse", "POST", ledger.take_back),
    ("/api/budget", "POST", ledger.budget),
    ("/api/bulletin", "GET", bulletin.answer),
    ("/bulletin", "GET", bulletin.page),
    ("/en/bulletin", "GET", bulletin.page),
)


def create(settings: Settings, door: ReviewDoor, pages: Pages) -> Starlette:
    """The ASGI application. Everything it needs is given; it opens nothing by itself."""
    origin = settings.origin("review")
    https = origin.startswith("https:")
    limit = limited(BlindedKey(settings.proxy, settings.proxy_header, fronted=https), settings.rate)
    demo = [Route("/api/demo", entry.demo)] if door.demo else []
    app = Starlette(
        routes=[
            *(Route(path, limit(endpoint), methods=[method]) for path, method, endpoint in _TABLE),
            Route("/workflow.json", papers.workflow),
            *demo,
            *pages.routes(),
        ],
        middleware=[
            Middleware(SecurityHeaders, door="review", https=https),
            Middleware(Faults, page=lambda request: pages.answer(request, "error")),
            Middleware(OwnOrigin, origin=origin),
        ],
        exception_handlers={**HANDLERS, **TOO_MANY, **{kind: handler(tell) for kind, tell in REFUSALS.items()}},
    )
    app.state.door, app.state.pages = door, pages
    return app
