"""What can go wrong with a message: codes, never an address, never what the other side said."""

from __future__ import annotations


class Undelivered(Exception):
    """It did not arrive, or nobody knows whether it did: it is tried again."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class BadAddress(Exception):
    """An address that no message goes to; `code` names the sentence that says why."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = f"notice_{code}"
