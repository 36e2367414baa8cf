"""Every case of a key goes on: to the newer keys of its own person 换钥, or to a colleague of the same role 交接."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from whistle.client.errors import ClientError
from whistle.client.office import Office


@dataclass(frozen=True)
class Handed:
    """What came, or would come, of one case: `done`, `due` where it was only looked at, `nothing` (the other has all of
    it), or the code of why it stays. `items`: how many of it are handed; `alone`: of what stays, something opens for
    this person alone, so that it has to go to somebody else."""

    case: str
    number: str
    came: str
    state: str = ""
    items: int = 0
    alone: bool = False

    @property
    def stays(self) -> bool:
        return self.came not in ("done", "due", "nothing")


HAS_ALL = "refused_colleague_has_all"


def hand_over(office: Office, *, again: bool = False) -> Iterator[Handed]:
    """Every case of this key to the person's other keys, one after the other. Broken off and begun again it goes on
    where it stopped: a case that was handed over has nothing left to hand, but where all is to be given `again`. One
    that cannot be handed over does not hold up the others."""
    if not any(_has_other(office, each) for each in office.offices()):
        raise ClientError("no_new_key")
    return _each(office, lambda case: _regrant(office, case, again))


def _has_other(office: Office, serves: str) -> bool:
    office.serve(serves)
    return bool(office.other_keys())


def survey(office: Office, colleague: str, *, again: bool = False) -> Iterator[Handed]:
    """What a round would do with each case, for the list that is read before: nothing is signed. `colleague` is a
    person id."""
    listed = _each(office, lambda case: office.due_to(office.case(case), colleague, again=again), "due")
    return (replace(one, alone=_is_alone(office, one)) for one in listed)


def hand_to(office: Office, colleague: str, *, again: bool = False) -> Iterator[Handed]:
    """Every case of this key to a colleague, closed ones too; broken off and begun again as `hand_over`. `again`: also
    what he was given before, because keys that he was given do not open."""

    def one(case: str) -> int:
        due = office.due_to(office.case(case), colleague, again=again)
        office.hand_over(case, colleague, again=again)
        return due

    return (replace(each, alone=_is_alone(office, each)) for each in _each(office, one))


def _is_alone(office: Office, one: Handed) -> bool:
    try:
        return one.stays and bool(office.sole(office.case(one.case)))
    except ClientError:
        return False


def _regrant(office: Office, case: str, again: bool) -> int:
    if not office.other_keys():
        raise ClientError("no_new_key")  # the new key is not listed in this office: its cases stay
    owed = office.owed(office.case(case), again=again)
    if owed:
        office.regrant(case, again=again)
    return owed


def _each(office: Office, hand: Callable[[str], int], done: str = "done") -> Iterator[Handed]:
    """In every office where this key sits."""
    for serves in office.offices():
        office.serve(serves)
        for row in office.inbox():
            yield _one(str(row["case"]), str(row.get("number", "")), str(row.get("state", "")), hand, done)


def _one(case: str, number: str, state: str, hand: Callable[[str], int], done: str) -> Handed:
    try:
        items = hand(case)
        came = done if items else "nothing"
    except ClientError as error:
        items, came = 0, _why(error)
    return Handed(case, number, "nothing" if came == HAS_ALL else came, state, items)


def _why(error: ClientError) -> str:
    reason = error.facts.get("reason")
    return f"{error.code}_{reason}" if reason else error.code
