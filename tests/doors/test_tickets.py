"""The ticket at the reporter's door: every wrong one is answered alike, and none opens another's case."""

from tests.conftest import Demo
from tests.doors.hand import OCTETS, Hand, error
from whistle.crypto.ticket import Ticket


def count(hand: Hand, ticket: Ticket) -> int:
    return len(hand.case(ticket).json()["posts"])


def strangers(hand: Hand) -> dict[str, str]:
    """Every way to show no ticket or a wrong one."""
    mine = hand.filed()
    return {
        "none": "",
        "an unknown case": hand.somebody().authorization,
        "a wrong access": Ticket(mine.keys, mine.case, bytes(32)).authorization,
        "another's access": Ticket(mine.keys, mine.case, hand.filed().access).authorization,
        "too short": "Ticket AAAA",
        "not base64": "Ticket " + "é" * 86,
        "another scheme": "Basic " + mine.authorization.removeprefix("Ticket "),
        "no scheme": mine.authorization.removeprefix("Ticket "),
        "padded": mine.authorization + "==",
    }


def test_every_wrong_ticket_gets_the_same_bytes(hand: Hand) -> None:
    answers = set()
    for shown in strangers(hand).values():
        headers = {"Authorization": shown.encode()} if shown else {}
        answer = hand.http.get(f"{hand.url}/api/case", headers=headers)
        answers.add((answer.status_code, answer.content, tuple(sorted(answer.headers.items()))))
    assert len(answers) == 1
    assert next(iter(answers))[:2] == (404, b'{"error":"unknown_ticket"}')


def test_a_wrong_ticket_gets_no_challenge_that_tells(hand: Hand) -> None:
    for name, shown in strangers(hand).items():
        if shown:
            headers = {"Authorization": shown.encode()}
            answer = hand.http.get(f"{hand.url}/api/challenge", headers=headers | {"Whistle-Purpose": "message"})
            assert error(answer) == (404, "unknown_ticket"), name


def test_nothing_is_said_in_a_case_without_its_ticket(hand: Hand) -> None:
    ticket = hand.filed()
    for shown in strangers(hand).values():
        answer = hand.http.post(
            f"{hand.url}/api/posts",
            content=(draft := hand.message(ticket)).upload(),
            headers={**OCTETS, "Whistle-Work": hand.work(draft)} | ({"Authorization": shown.encode()} if shown else {}),
        )
        assert error(answer) == (404, "unknown_ticket")
    assert count(hand, ticket) == 1


def test_a_ticket_opens_no_other_case_for_writing(hand: Hand) -> None:
    mine, other = hand.filed(), hand.filed()
    answer = hand.send(hand.message(mine), Authorization=other.authorization)
    assert error(answer) == (404, "unknown_ticket")


def test_a_ticket_in_a_query_is_no_ticket(hand: Hand, demo: Demo) -> None:
    shown = hand.filed().authorization
    assert hand.http.get(f"{hand.url}/api/case", params={"ticket": shown}).status_code == 404
    assert shown.removeprefix("Ticket ") not in (demo.data.parent / f"{demo.data.name}.log").read_text("utf-8")
