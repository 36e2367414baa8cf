"""Security headers: what every answer of a door carries, whoever made it. Plain ASGI."""

from collections.abc import Iterable, Mapping, Sequence

from starlette.types import ASGIApp, Message, Receive, Scope, Send

# The page without script posts a plain form; nothing else on either door ever does.
FORM_PATHS = ("/plain",)
# Where a reporter may record sound for her report.
RECORDING_PATHS = ("/report", "/case")

_POLICY = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self' blob:",
    "media-src": "blob:",
    "connect-src": "'self'",
    "worker-src": "'none'",
    "base-uri": "'none'",
    "frame-ancestors": "'none'",
    "form-action": "'none'",
    "require-trusted-types-for": "'script'",
}
# lit's own policy writes the back office's templates; the public pages never turn text into markup at all.
_TRUSTED_TYPES = {"public": "'none'", "review": "lit-html"}

_ALWAYS = {
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Integrity-Policy": "blocked-destinations=(script)",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), interest-cohort=(), browsing-topics=()",
}
_TWO_YEARS = "max-age=63072000"

Header = tuple[bytes, bytes]


def content_policy(door: str, form: bool = False) -> str:
    """The Content-Security-Policy of a door; `form` lets the page post to its own origin."""
    rules = {**_POLICY, "trusted-types": _TRUSTED_TYPES[door]}
    if form:
        rules["form-action"] = "'self'"
    return "; ".join(f"{name} {value}" for name, value in rules.items())


class SecurityHeaders:
    """Sets the headers on every HTTP answer, drops any Server header, and at the public door any cookie.

    An answer that says nothing about caching is not cached.
    """

    def __init__(
        self, app: ASGIApp, *, door: str, https: bool, prefixes: Sequence[str] = ("", "/en", "/zh-hant")
    ) -> None:
        public = door == "public"
        self._app = app
        self._forms, self._recording = (
            {prefix + path for prefix in prefixes for path in paths} if public else set()
            for paths in (FORM_PATHS, RECORDING_PATHS)
        )
        both = (False, True)
        self._dress = {(form, sound): _encoded(_headers(door, form, sound, https)) for form in both for sound in both}
        drop = {b"server", b"set-cookie"} if public else {b"server"}
        self._ours = drop | {name for name, _ in self._dress[True, True]}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        dress = self._dress[scope["path"] in self._forms, scope["path"] in self._recording]

        async def guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = self._dressed(message.get("headers", ()), dress)
            await send(message)

        await self._app(scope, receive, guarded)

    def _dressed(self, headers: Iterable[Header], dress: list[Header]) -> list[Header]:
        """Every answer passes here, so names and values are bytes already (ASGI has names in lower case)."""
        kept = [header for header in headers if header[0] not in self._ours]
        if not any(name == b"cache-control" for name, _ in kept):
            kept.append((b"cache-control", b"no-store"))
        return kept + dress


def _headers(door: str, form: bool, sound: bool, https: bool) -> dict[str, str]:
    """What an answer of this door carries, whatever it is."""
    found = {**_ALWAYS, "Content-Security-Policy": content_policy(door, form)}
    if sound:
        found["Permissions-Policy"] = found["Permissions-Policy"].replace("microphone=()", "microphone=(self)")
    if https:
        found["Strict-Transport-Security"] = _TWO_YEARS
    if form:
        # Under no-referrer a form names its origin as "null", and browsers without Sec-Fetch-Site were refused.
        found["Referrer-Policy"] = "same-origin"
    return found


def _encoded(headers: Mapping[str, str]) -> list[Header]:
    return [(name.lower().encode(), value.encode()) for name, value in headers.items()]
