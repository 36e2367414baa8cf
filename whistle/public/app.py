"""The public door: one route table, no cookie, no session, no list of anything."""

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.routing import Route

from whistle.public import case, directory, files, posts
from whistle.public.door import PublicDoor
from whistle.public.plain import Plain
from whistle.refusals import REFUSALS
from whistle.settings import Settings
from whistle.web.errors import HANDLERS, handler
from whistle.web.faults import Faults
from whistle.web.headers import SecurityHeaders
from whistle.web.limits import TOO_MANY, limited
from whistle.web.origin import OwnOrigin
from whistle.web.pages import Pages
from whistle.web.shared import Shared
from whistle.web.storable import Storable

_FILES = (
    ("/api/parts", "PUT", files.put),
    ("/api/parts", "GET", files.have),
    ("/api/parts", "DELETE", files.drop),
    ("/api/slices", "GET", files.slices),
    ("/api/item", "GET", files.item),
)


def create(settings: Settings, door: PublicDoor, pages: Pages, plain: Plain, shared: Shared) -> Starlette:
    """The ASGI application. Everything it needs is given; it opens nothing by itself."""
    origin = settings.origin("public")
    https = origin.startswith("https:")
    limit = limited(door.key, settings.rate, shared)
    app = Starlette(
        lifespan=plain.running,
        routes=[
            Route("/api/directory", limit(directory.directory)),
            Route("/api/channels/{hash}", limit(directory.channel)),
            Route("/api/enterprises", limit(directory.enterprises)),
            Route("/api/challenge", limit(case.challenge)),
            Route("/api/posts", limit(posts.submit), methods=["POST"]),
            Route("/api/case", limit(case.view)),
            *(Route(path, limit(endpoint), methods=[method]) for path, method, endpoint in _FILES),
            Route("/workflow.json", directory.workflow),
            *plain.routes(limit),
            *pages.routes(),
        ],
        middleware=[
            Middleware(SecurityHeaders, door="public", https=https),
            Middleware(Faults, page=lambda request: pages.answer(request, "error")),
            Middleware(Storable),
            Middleware(OwnOrigin, origin=origin),
        ],
        exception_handlers={**HANDLERS, **TOO_MANY, **{kind: handler(tell) for kind, tell in REFUSALS.items()}},
    )
    app.state.door, app.state.key, app.state.shared = door, door.key, shared
    return app
