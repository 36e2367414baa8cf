"""The review door: one route table, a session by signature, no password anywhere."""

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.routing import Route

from whistle.refusals import REFUSALS
from whistle.review import bulletin, cases, files, ledger, login, notices, papers, published
from whistle.review.door import ReviewDoor
from whistle.settings import Settings
from whistle.web.errors import HANDLERS, handler
from whistle.web.faults import Faults
from whistle.web.headers import SecurityHeaders
from whistle.web.limits import TOO_MANY, BlindedKey, limited
from whistle.web.origin import OwnOrigin
from whistle.web.pages import Pages
from whistle.web.shared import Shared
from whistle.web.storable import Storable

TABLE = (
    ("/api/slots", "POST", login.slots),
    ("/api/login/challenge", "POST", login.challenge),
    ("/api/login", "POST", login.login),
    ("/api/logout", "POST", login.logout),
    ("/api/me", "GET", login.me),
    ("/api/enrol", "GET", login.invitation),
    ("/api/enrol", "POST", login.enrol),
    ("/api/directory", "GET", published.directory),
    ("/api/channels/{hash}", "GET", published.channel),
    ("/api/enterprises", "GET", published.enterprises),
    ("/api/roster", "GET", published.roster),
    ("/api/packs", "GET", published.packs),
    ("/api/calendar", "GET", published.calendar),
    ("/api/letterhead", "GET", papers.letterhead),
    ("/api/paper-number", "POST", papers.number),
    ("/api/inbox", "GET", cases.inbox),
    ("/api/overdue", "GET", cases.overdue),
    ("/api/rate", "GET", cases.rate),
    ("/api/case", "GET", cases.case),
    ("/api/posts", "POST", cases.post),
    ("/api/enter", "POST", cases.transcribe),
    ("/api/seen", "POST", cases.seen),
    ("/api/parts", "PUT", files.put),
    ("/api/parts", "GET", files.have),
    ("/api/parts", "DELETE", files.drop),
    ("/api/slices", "GET", files.slices),
    ("/api/item", "GET", files.item),
    ("/api/destinations", "GET", notices.listed),
    ("/api/destinations", "POST", notices.add),
    ("/api/destinations/urgent", "POST", notices.switch),
    ("/api/destinations/test", "POST", notices.try_out),
    ("/api/destinations/remove", "POST", notices.remove),
    ("/api/ledger", "GET", ledger.account),
    ("/api/ledger/awards", "GET", ledger.awards),
    ("/api/ledger/waiting", "GET", ledger.waiting),
    ("/api/ledger/large", "GET", ledger.large),
    ("/api/ledger/export", "GET", ledger.export),
    ("/api/ledger/anchor", "GET", ledger.anchor),
    ("/api/ledger/book", "POST", ledger.book),
    ("/api/bulletin", "GET", bulletin.answer),
    ("/bulletin", "GET", bulletin.page),
    ("/en/bulletin", "GET", bulletin.page),
)


def create(settings: Settings, door: ReviewDoor, pages: Pages, key: BlindedKey, shared: Shared) -> Starlette:
    """The ASGI application. Everything it needs is given; it opens nothing by itself."""
    origin = settings.origin("review")
    https = origin.startswith("https:")
    limit = limited(key, settings.rate, shared)
    demo = [Route("/api/demo", login.demo)] if door.demo else []
    app = Starlette(
        routes=[
            *(Route(path, limit(endpoint), methods=[method]) for path, method, endpoint in TABLE),
            Route("/workflow.json", published.workflow),
            *demo,
            *pages.routes(),
        ],
        middleware=[
            Middleware(SecurityHeaders, door="review", https=https),
            Middleware(Faults, page=lambda request: pages.answer(request, "error")),
            Middleware(Storable),
            Middleware(OwnOrigin, origin=origin),
        ],
        exception_handlers={**HANDLERS, **TOO_MANY, **{kind: handler(tell) for kind, tell in REFUSALS.items()}},
    )
    app.state.door, app.state.pages, app.state.key, app.state.shared = door, pages, key, shared
    return app
