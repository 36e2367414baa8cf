"""The review door: one route table, a session by signature, no password anywhere. The last column is what the audit
calls the route; None for what shows nothing of a case, a register or the ledger, or is entered by its verb."""

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.routing import Route

from whistle.refusals import REFUSALS
from whistle.review import audit, bulletin, cases, drawer, files, ledger, login, notices, papers, published, yearly
from whistle.review.audited import Act, audited
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

LEDGER, ITEM, PARTS, BULLETIN = Act("ledger"), Act("item"), Act("parts", opens=False), Act("bulletin")
YEARLY = Act("yearly")
TABLE = (
    ("/api/slots", "POST", login.slots, None),
    ("/api/login/challenge", "POST", login.challenge, None),
    ("/api/login", "POST", login.login, None),
    ("/api/logout", "POST", login.logout, None),
    ("/api/me", "GET", login.me, None),
    ("/api/enrol", "GET", login.invitation, None),
    ("/api/enrol", "POST", login.enrol, None),
    ("/api/directory", "GET", published.directory, None),
    ("/api/channels/{hash}", "GET", published.channel, None),
    ("/api/enterprises", "GET", published.enterprises, None),
    ("/api/roster", "GET", published.roster, None),
    ("/api/packs", "GET", published.packs, None),
    ("/api/calendar", "GET", published.calendar, None),
    ("/api/letterhead", "GET", papers.letterhead, None),
    ("/api/paper-number", "POST", papers.number, Act("paper", opens=False)),
    ("/api/inbox", "GET", cases.inbox, Act("inbox")),
    ("/api/overdue", "GET", cases.overdue, Act("overdue")),
    ("/api/rate", "GET", cases.rate, Act("rate")),
    ("/api/case", "GET", cases.case, Act("case")),
    ("/api/retention", "GET", cases.retention, Act("retention")),
    ("/api/search", "GET", cases.search, Act("search")),
    ("/api/posts", "POST", cases.post, Act("post", opens=False)),
    ("/api/enter", "POST", cases.transcribe, Act("enter", opens=False)),
    ("/api/seen", "POST", cases.seen, Act("seen", opens=False)),
    ("/api/parts", "PUT", files.put, PARTS),
    ("/api/parts", "GET", files.have, PARTS),
    ("/api/parts", "DELETE", files.drop, PARTS),
    ("/api/slices", "GET", files.slices, ITEM),
    ("/api/item", "GET", files.item, ITEM),
    ("/api/destinations", "GET", notices.listed, None),
    ("/api/destinations", "POST", notices.add, None),
    ("/api/destinations/urgent", "POST", notices.switch, None),
    ("/api/destinations/test", "POST", notices.try_out, None),
    ("/api/destinations/remove", "POST", notices.remove, None),
    ("/api/ledger", "GET", ledger.account, LEDGER),
    ("/api/ledger/awards", "GET", ledger.awards, Act("awards")),
    ("/api/ledger/waiting", "GET", ledger.waiting, LEDGER),
    ("/api/ledger/large", "GET", ledger.large, LEDGER),
    ("/api/ledger/papers", "GET", ledger.papers, LEDGER),
    ("/api/ledger/export", "GET", ledger.export, Act("ledger.export")),
    ("/api/ledger/anchor", "GET", ledger.anchor, Act("ledger.anchor")),
    ("/api/ledger/book", "POST", ledger.book, Act("book", opens=False)),
    ("/api/drawer", "GET", drawer.opened, None),
    ("/api/drawer", "POST", drawer.put, None),
    ("/api/audit", "GET", audit.page, Act("audit")),
    ("/api/openings", "GET", audit.openings, Act("openings")),
    ("/api/bulletin", "GET", bulletin.answer, BULLETIN),
    ("/bulletin", "GET", bulletin.page, BULLETIN),
    ("/en/bulletin", "GET", bulletin.page, BULLETIN),
    ("/api/yearly", "GET", yearly.answer, YEARLY),
    ("/yearly", "GET", yearly.page, YEARLY),
    ("/en/yearly", "GET", yearly.page, YEARLY),
)


def create(settings: Settings, door: ReviewDoor, pages: Pages, key: BlindedKey, shared: Shared) -> Starlette:
    """The ASGI application. Everything it needs is given; it opens nothing by itself."""
    origin = settings.origin("review")
    https = origin.startswith("https:")
    limit = limited(key, settings.rate, shared)
    demo = [Route("/api/demo", login.demo)] if door.demo else []
    app = Starlette(
        routes=[
            *(Route(path, limit(audited(act, endpoint)), methods=[method]) for path, method, endpoint, act in TABLE),
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
