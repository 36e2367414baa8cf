"""What a page does behind its reader's back: every request, breach and error; and requests held on their way."""

from __future__ import annotations

from dataclasses import dataclass, field

from playwright.sync_api import BrowserContext, Page, Request, Route

# The page tells breaches itself, as a report would; the console says the rest.
LISTEN = """
document.addEventListener("securitypolicyviolation", (event) => console.error("policy: " + event.violatedDirective));
"""
EXPECTED = ("the server responded with a status of", "net::ERR_")


@dataclass
class Watch:
    """Fills up while a context is used."""

    requests: list[Request] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

    def keep(self, request: Request) -> None:
        self.requests.append(request)

    def urls(self, part: str = "") -> list[str]:
        return [one.url for one in self.requests if part in one.url]

    def strangers(self, door: str) -> list[str]:
        """Addresses asked that are not the door's own; `blob:` and `data:` never leave the page."""
        return [url for url in self.urls() if not url.startswith((f"{door}/", "blob:", "data:"))]


def watch(context: BrowserContext) -> Watch:
    """Watches everything this context does from now on."""
    seen = Watch()
    context.add_init_script(LISTEN)
    context.on("request", seen.keep)
    context.on("weberror", lambda error: seen.complaints.append(str(error.error)))

    def heard(message: object) -> None:
        kind, text = message.type, message.text  # type: ignore[attr-defined]
        if kind in {"error", "warning"} and not any(one in text for one in EXPECTED):
            seen.complaints.append(text)

    context.on("console", heard)
    return seen


class Held:
    """Requests of a page that match `pattern`, kept on their way until the test lets them go."""

    def __init__(self, page: Page, pattern: str) -> None:
        self.page, self.pattern = page, pattern
        self.waiting: list[Route] = []
        page.route(pattern, lambda route: self.waiting.append(route))  # noqa: PLW0108 (a builtin cannot be a handler)

    def take(self) -> Route:
        """The first request not yet taken; one that the page has still to send is waited for."""
        for _ in range(300):
            if self.waiting:
                return self.waiting.pop(0)
            self.page.wait_for_timeout(100)
        raise AssertionError(f"nothing was asked of {self.pattern}")

    def end(self) -> None:
        """What comes from now on goes its way."""
        self.page.unroute(self.pattern)
