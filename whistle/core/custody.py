"""Which sealed items of a case a signed destruction has emptied: a function of its posts, and of nothing else."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Protocol

DESTROY = "destroy"


class Carrier(Protocol):
    """A post with its items, each with `id` and `comp`."""

    @property
    def kind(self) -> str: ...
    @property
    def fields(self) -> Mapping[str, Any]: ...
    @property
    def items(self) -> Sequence[Mapping[str, Any]]: ...


def kept_scopes(posts: Sequence[Carrier], scopes: Mapping[str, Sequence[str]]) -> frozenset[str]:
    """The scopes of which the case still has an item: of the others there is nothing to destroy."""
    gone = destroyed_items(posts, scopes)
    comps = {entry["comp"] for post in posts for entry in post.items if entry["id"] not in gone}
    return frozenset(scope for scope, of in scopes.items() if not comps.isdisjoint(of))


def destroyed_items(posts: Iterable[Carrier], scopes: Mapping[str, Sequence[str]]) -> frozenset[str]:
    """The ids of the items that stood in the compartments of a scope when its `destroy` was signed. `scopes` is the
    table's; what comes into the case later stays."""
    standing: list[tuple[str, str]] = []
    gone: set[str] = set()
    for post in posts:
        if post.kind == DESTROY:
            gone |= {name for name, comp in standing if comp in scopes[post.fields["scope"]]}
        standing += [(entry["id"], entry["comp"]) for entry in post.items]
    return frozenset(gone)
