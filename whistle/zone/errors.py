"""What the ceremony refuses. The command line words the codes."""


class ZoneError(Exception):
    """A step that must not be taken; `facts` are public (labels, roles), never keys or passphrases."""

    def __init__(self, code: str, **facts: str | int) -> None:
        super().__init__(code)
        self.code = code
        self.facts = facts
