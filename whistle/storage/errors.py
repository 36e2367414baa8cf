"""What can go wrong between a verb and the disk. No message ever carries data, and no driver error
leaves the package. `code` names the operator's sentence."""

from __future__ import annotations


class StorageError(Exception):
    """The database could not do it (full disk, I/O error, server gone): nothing of it was kept."""

    code = "storage"

    def __init__(self, message: str = "the database could not keep it") -> None:
        super().__init__(message)


class Busy(StorageError):
    """The write lock was not had in time: trying again is right."""

    code = "busy"

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


class Unfit(StorageError):
    """What stands at the database's place cannot be opened by this version."""


class DiskFull(StorageError):
    """No room where the database lies."""

    code = "database_full"


class ReadOnly(StorageError):
    """The database's file or folder may not be written by this user."""

    code = "database_readonly"


class Unreachable(StorageError):
    """No database server answers under this address, or it lets this login in nowhere."""

    code = "database_unreachable"


class NotMigrated(Unfit):
    """There is no database, or one of an earlier version."""

    code = "not_migrated"

    def __init__(self) -> None:
        super().__init__("the database is not at this version: run whistle migrate")


class Absent(NotMigrated):
    """No file stands at the database's place: a new house, or the wrong folder. `name` is where it was looked for."""

    code = "database_missing"

    def __init__(self, name: str) -> None:
        super().__init__()
        self.facts = {"name": name}


class Empty(Unfit):
    """A file of no bytes: something cut it off, or the very first migrate was stopped."""

    code = "database_empty"

    def __init__(self) -> None:
        super().__init__("the database file is empty")


class Damaged(Unfit):
    """No database, or its pages are broken."""

    code = "database_damaged"

    def __init__(self) -> None:
        super().__init__("the database is damaged")


class Newer(Unfit):
    """A later version of the program has migrated it."""

    code = "database_newer"

    def __init__(self) -> None:
        super().__init__("the database is a later version's")


class Replaced(StorageError):
    """Another database stands at the place of the one that was opened: nothing may be answered from this one."""

    code = "database_replaced"

    def __init__(self) -> None:
        super().__init__("another database stands in its place")


class InUse(StorageError):
    """The hold was not had (hold.py): somebody works on the database, or somebody replaces it."""

    def __init__(self, *, alone: bool) -> None:
        super().__init__("the database is in use" if alone else "the database is being replaced")
        self.code = "database_in_use" if alone else "database_being_replaced"


class Mismatch(StorageError):
    """What was given does not go with what is here: a file that is no backup, a place that is taken, another zone."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class Missing(StorageError):
    """A post names a large item whose parts are not all here, or not the ones its author signed."""

    def __init__(self) -> None:
        super().__init__("parts are missing")


class Full(StorageError):
    """A case holds as many bytes as it may, or the disk is short: files are refused, posts are not."""

    def __init__(self) -> None:
        super().__init__("no room for this file")
