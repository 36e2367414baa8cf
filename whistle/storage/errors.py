"""What can go wrong between a verb and the disk. No message ever carries data, and no driver error
leaves the package."""

from __future__ import annotations


class StorageError(Exception):
    """The database could not do it (full disk, I/O error, server gone): nothing of it was kept."""

    def __init__(self, message: str = "the database could not keep it") -> None:
        super().__init__(message)


class Busy(StorageError):
    """The write lock was not had in time: trying again is right."""

    def __init__(self) -> None:
        super().__init__("the database is busy")


class Conflict(StorageError):
    """Something that must be unique is there already. `what` names it, `head` is the case's newest head."""

    def __init__(self, what: str, head: str = "") -> None:
        super().__init__("already taken")
        self.what, self.head = what, head


class Spent(StorageError):
    """A nonce that may be used once was used before."""

    def __init__(self) -> None:
        super().__init__("already used")


class Unknown(StorageError):
    """No such row."""

    def __init__(self) -> None:
        super().__init__("not known here")


class NotMigrated(StorageError):
    """The schema is not the one this version reads."""

    def __init__(self) -> None:
        super().__init__("the database is not at this version: run whistle migrate")


class Mismatch(StorageError):
    """A backup that is damaged or foreign, another zone's database, or a target that would be overwritten."""
