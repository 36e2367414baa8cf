"""Who reads what: which roles a sealed item is for. From roles to keys is crypto's recipients()."""

from collections.abc import Collection

from whistle.core.workflow import ROLES, Workflow

REPORTER = "reporter"


def audience(comp: str, workflow: Workflow, assigned: bool, kind: str = "") -> list[str]:
    """The reviewers' roles to seal an item of this compartment for, in the channel's order; `kind` is the post's that
    carries it, which may name further roles.

    Before a case is assigned its `work` is for intake alone: nobody else is on the case yet. What a kind keeps for
    some roles (`only`) is for these and nobody else.
    """
    if only := _named(kind, "only", comp, workflow):
        return [role for role in ROLES if role in only]
    rule = workflow["compartments"][comp]
    readers = rule["roles"] if assigned or not rule["before_assign"] else rule["before_assign"]
    further = [role for name in ("also", "shares") for role in _named(kind, name, comp, workflow)]
    return [role for role in ROLES if role in (*readers, *further)]


def _named(kind: str, name: str, comp: str, workflow: Workflow) -> list[str]:
    listed: dict[str, list[str]] = workflow["kinds"].get(kind, {}).get(name, {})
    return listed.get(comp, [])


def part(comp: str, role: str, workflow: Workflow) -> int:
    """Which part of an item's key the role is given: 0 the whole, 1 or 2 one half of an identity."""
    return int(workflow["compartments"][comp]["roles"].get(role, 0))


def may_read(comp: str, roles: Collection[str], workflow: Workflow, kind: str = "") -> bool:
    """Whether any of these roles may ever be granted an item of the compartment, carried by a post of this kind."""
    if only := _named(kind, "only", comp, workflow):
        return not set(only).isdisjoint(roles)
    also = _named(kind, "also", comp, workflow)
    return not {*workflow["compartments"][comp]["roles"], *also}.isdisjoint(roles)


def reporter_reads(kind: str, comp: str, author: str, workflow: Workflow) -> bool:
    """Whether the reporter may be granted an item of such a post: what reviewers write to her, her own
    messages, and of her report what she chose to keep. Never her claim: a found code would show the payee."""
    if author != REPORTER:
        return bool(workflow["compartments"][comp]["reporter"])
    return comp in workflow["kinds"][kind].get("own_copy", [])
