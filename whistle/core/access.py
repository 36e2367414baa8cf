"""Who reads what: which roles a sealed item is for. From roles to keys is crypto's recipients()."""

from collections.abc import Collection

from whistle.core.workflow import Workflow

REPORTER = "reporter"


def audience(comp: str, workflow: Workflow, assigned: bool) -> list[str]:
    """The reviewers' roles to seal a new item of this compartment for, in the channel's order.

    Before a case is assigned its `work` is for intake alone: nobody else is on the case yet.
    """
    rule = workflow["compartments"][comp]
    readers = rule["roles"] if assigned or not rule["before_assign"] else rule["before_assign"]
    return [role for role in workflow["roles"] if role in readers]


def part(comp: str, role: str, workflow: Workflow) -> int:
    """Which part of an item's key the role is given: 0 the whole, 1 or 2 one half of an identity."""
    return int(workflow["compartments"][comp]["roles"][role])


def may_read(comp: str, roles: Collection[str], workflow: Workflow) -> bool:
    """Whether any of these roles may ever be granted an item of the compartment."""
    return not workflow["compartments"][comp]["roles"].keys().isdisjoint(roles)


def reporter_reads(kind: str, comp: str, author: str, workflow: Workflow) -> bool:
    """Whether the reporter may be granted an item of such a post: what reviewers write to her, her own
    messages, and of her report what she chose to keep. Never her claim: a found code would show the payee."""
    if author != REPORTER:
        return bool(workflow["compartments"][comp]["reporter"])
    return comp in workflow["kinds"][kind].get("own_copy", [])


def items_of(kind: str, workflow: Workflow, comp: str = "") -> list[str]:
    """The compartments of a kind's items, in order; `comp` is the message's field, `*` means any number."""
    return [name.replace("$comp", comp) for name in workflow["kinds"][kind]["items"]]


def items_fit(kind: str, comps: Collection[str], workflow: Workflow, comp: str = "") -> bool:
    """Whether the items of a post stand in exactly the order the table gives."""
    rest = list(comps)
    for name in items_of(kind, workflow, comp):
        wanted = name.removesuffix("*")
        if not name.endswith("*"):
            if rest[:1] != [wanted]:
                return False
            rest = rest[1:]
        while name.endswith("*") and rest[:1] == [wanted]:
            rest = rest[1:]
    return not rest
