"""A new key takes over from an old one 换钥: the old key hands every case it opens to the other keys of its person."""

from collections.abc import Iterator
from dataclasses import dataclass

from whistle.client.errors import ClientError
from whistle.client.office import Office


@dataclass(frozen=True)
class Handed:
    """What came of one case: `done`, `nothing` (the new key has all of it), or the code of why it stayed."""

    case: str
    number: str
    came: str


def hand_over(office: Office) -> Iterator[Handed]:
    """Every case of this key, one after the other. Broken off and begun again it goes on where it stopped: a case that
    was handed over has nothing left to hand. One that cannot be handed over does not hold up the others."""
    if not office.other_keys():
        raise ClientError("no_new_key")
    for row in office.inbox():
        yield Handed(str(row["case"]), str(row.get("number", "")), _one(office, str(row["case"])))


def _one(office: Office, case: str) -> str:
    try:
        view = office.case(case)
        if not office.owed(view):
            return "nothing"
        office.regrant(case)
    except ClientError as error:
        return error.code
    return "done"
