"""Large files at both doors: parts before their post, whole or not at all, out again only to whom they were sealed."""

import os
from pathlib import Path

import httpx
import pytest

from tests.conftest import Demo
from tests.doors.hand import OCTETS, Hand, error
from tests.doors.office import PINNED, Team
from whistle.client import Attachment, ClientError, Public
from whistle.client.attaching import attachment
from whistle.client.sealing import words
from whistle.crypto import work
from whistle.crypto.encoding import b64, digest, unb64
from whistle.crypto.items import SLICE
from whistle.crypto.slices import Place, Shape, SliceSealer
from whistle.crypto.ticket import Ticket, open_ticket

FILM = 2 * SLICE + 1000


def film(size: int = FILM) -> Attachment:
    body = os.urandom(size)
    return Attachment("录像 1.mp4", "video/mp4", size, False, lambda: iter([body]))


def filed(demo: Demo) -> tuple[Public, str, Ticket]:
    public = demo.reporter()
    ticket = public.submit("除尘器没有泄爆口。").ticket
    return public, ticket, open_ticket(public.trust.zone, ticket.replace(" ", ""))


class Sender:
    """A file's parts by hand: any of them can be bent."""

    def __init__(self, hand: Hand, ticket: Ticket, size: int = FILM) -> None:
        self.hand, self.ticket, self.pid = hand, ticket, os.urandom(16)
        shape = Shape("report", "录像 1.mp4", "video/mp4", size)
        place = Place(hand.zone, ticket.case, "reporter", self.pid, 0)
        sealer = SliceSealer(place, shape)
        self.slices = list(sealer.slices([os.urandom(size)]))
        self.entry, self.length = sealer.entry, shape.blob()

    def name(self, n: int | None = None) -> str:
        place = f"{b64(self.pid)}.0"
        return place if n is None else f"{place}.{n}.{self.length}"

    def proof(self, size: int | None = None) -> str:
        asked = self.hand.challenge("file", self.ticket.authorization, size or self.length).challenge
        return work.header(asked, work.solve(asked, self.ticket.case, self.pid, work.read_bits(asked)))

    def put(self, n: int, data: bytes | None = None, **headers: str) -> httpx.Response:
        told = {**OCTETS, "Authorization": self.ticket.authorization, "Whistle-Part": self.name(n)}
        if n == 0 and "Whistle_Work" not in headers:
            told["Whistle-Work"] = self.proof()
        told |= {name.replace("_", "-"): value for name, value in headers.items()}
        content = self.slices[n] if data is None else data
        return self.hand.http.put(f"{self.hand.url}/api/parts", content=content, headers=told)

    def ask(self, method: str = "GET", ticket: Ticket | None = None) -> httpx.Response:
        told = {"Authorization": (ticket or self.ticket).authorization, "Whistle-Part": self.name()}
        return self.hand.http.request(method, f"{self.hand.url}/api/parts", headers=told)


@pytest.fixture
def sender(hand: Hand) -> Sender:
    return Sender(hand, hand.filed())


def test_it_works(demo: Demo, team: Team, tmp_path: Path) -> None:
    """A film and a photo reach intake; the verifier, who holds no key to her report, sees none of them."""
    public, ticket, opened = filed(demo)
    whole = film()
    public.attach(ticket, whole)
    photo = tmp_path / "IMG_0001.jpg"
    photo.write_bytes(b"\xff\xd8\xff\xdb\x00\x04ab\xff\xda\x00\x02" + bytes(50) + b"\xff\xd9")
    public.attach(ticket, attachment(photo, 2))
    view = team.intake.case(b64(opened.case))
    large, small = [item for item in view.items if item.kind == "evidence"]
    assert large.apart and not large.broken and large.comp == "report"
    assert b"".join(team.intake.fetch(view, large).pieces()) == b"".join(whole.pieces())
    assert (small.meta["name"], small.body[:2]) == ("图片 2.jpg", b"\xff\xd8")
    team.to_verifier(b64(opened.case))
    seen = team.verifier.case(b64(opened.case))
    assert not [item for item in seen.items if item.kind == "evidence"]
    with pytest.raises(ClientError, match="not_found"):
        team.verifier.session.slices(view.case, large.id)


def test_the_same_part_again_is_the_same_answer_and_a_break_is_gone_on_from(sender: Sender) -> None:
    assert [sender.put(n).status_code for n in (0, 1, 1)] == [201, 201, 200]
    assert sender.put(0, Whistle_Work="").status_code == 200  # the answer was lost: no work is asked again
    assert sender.ask().json() == {"len": sender.length, "have": [[0, 1]]}
    assert sender.put(2).status_code == 201
    assert sender.ask().json() == {"len": sender.length, "have": [[0, 2]]}


def test_other_bytes_or_another_length_differ_and_a_cancel_is_the_way_out(sender: Sender) -> None:
    sender.put(0)
    sender.put(1)
    other = bytes(SLICE)
    assert error(sender.put(1, other)) == (409, "part_differs")
    longer = f"{b64(sender.pid)}.0.1.{sender.length + SLICE + 16 * 64}"
    assert sender.put(1, Whistle_Part=longer).status_code in {400, 409}
    assert sender.ask("DELETE").status_code == 200
    assert sender.ask().json() == {"len": 0, "have": []}
    assert error(sender.put(1)) == (409, "part_differs")  # the first part declares what is to come
    assert [sender.put(n).status_code for n in (0, 1, 2)] == [201, 201, 201]


def test_the_first_part_needs_work_for_the_whole_length(sender: Sender) -> None:
    assert error(sender.put(0, Whistle_Work="")) == (403, "work")
    assert error(sender.put(0, Whistle_Work=sender.proof(1))) == (403, "work")
    proof = sender.proof()
    assert sender.put(0, Whistle_Work=proof).status_code == 201
    other = Sender(sender.hand, sender.ticket)
    assert error(other.put(0, Whistle_Work=proof)) == (403, "work")


HEADERS = [
    "", "x", "{pid}.0.0", "{pid}.0.3.{len}", "{pid}.0.00.{len}", "{pid}.64.0.{len}", "{pid}.0.0.70000",
    "{short}.0.0.{len}", "{pid}.0.0.999999999999", "{pid}.0.-1.{len}",
]  # fmt: skip


@pytest.mark.parametrize("header", HEADERS)
def test_a_header_that_names_no_part_is_refused(sender: Sender, header: str) -> None:
    named = header.format(pid=b64(sender.pid), short=b64(sender.pid)[:-1], len=sender.length)
    assert sender.put(0, Whistle_Part=named).status_code in {400, 413}
    assert sender.ask().json() == {"len": 0, "have": []}


def test_a_part_is_a_slice_and_nothing_else(sender: Sender) -> None:
    assert error(sender.put(0, sender.slices[0][:-1])) == (400, "malformed")
    assert error(sender.put(0, sender.slices[0] + b"x")) == (413, "too_large")
    assert error(sender.put(0, Content_Type="text/plain")) == (400, "malformed")


def test_nobody_sends_or_asks_without_the_ticket(sender: Sender, hand: Hand) -> None:
    stranger = hand.somebody()
    for ticket in (stranger, Ticket(stranger.keys, sender.ticket.case, os.urandom(32))):
        assert error(sender.put(0, Authorization=ticket.authorization, Whistle_Work="")) == (404, "unknown_ticket")
        assert error(sender.ask(ticket=ticket)) == (404, "unknown_ticket")
    sender.put(0)
    other = hand.filed()
    assert sender.ask(ticket=other).json() == {"len": 0, "have": []}  # another case has no such part


def test_a_post_whose_parts_are_missing_is_refused_and_taken_once_they_came(demo: Demo) -> None:
    public, ticket, _ = filed(demo)
    put = public._wire.put_part
    lost: list[str] = []

    def lose_one(name: str, data: bytes, work: str, authorization: str) -> None:
        if name.split(".")[2] == "1":
            lost.append(name)
        else:
            put(name, data, work, authorization)

    public._wire.put_part = lose_one  # type: ignore[method-assign]
    with pytest.raises(ClientError, match="items_missing"):
        public.attach(ticket, film())
    assert lost
    public._wire.put_part = put  # type: ignore[method-assign]
    public.attach(ticket, film())
    assert [line.kind for line in public.status(ticket).posts] == ["report", "evidence"]


def test_an_officer_sends_the_photo_of_the_repair_and_she_reads_it_back(demo: Demo, team: Team, hand: Hand) -> None:
    public, _ticket, opened = filed(demo)
    case = b64(opened.case)
    photo = film(SLICE)
    team.intake.act(case, "message", {"comp": "thread"}, [words("thread", "已经整改,照片如下。")], [("thread", photo)])
    view = team.intake.case(case)
    item = next(item for item in view.items if item.apart)
    told = {"Authorization": opened.authorization, "Whistle-Item": item.id}
    hashes = hand.http.get(f"{demo.public}/api/slices", headers=told)
    assert hashes.status_code == 200 and len(hashes.content) == 2 * 32
    piece = hand.http.get(f"{demo.public}/api/item", headers=told | {"Range": f"bytes=0-{SLICE - 1}"})
    assert piece.status_code == 206 and digest(piece.content) == hashes.content[:32]
    assert piece.headers["content-range"] == f"bytes 0-{SLICE - 1}/{item.length}"
    assert public.status(_ticket).posts[-1].text == "已经整改,照片如下。"


RANGES = ["", "bytes=0-", "bytes=5-4", "bytes=-5", "items=0-5", "bytes=99999999-99999999"]


def test_her_own_files_come_back_only_where_she_kept_a_copy_and_in_short_ranges(demo: Demo, team: Team) -> None:
    public, ticket, opened = filed(demo)
    public.attach(ticket, film())
    view = team.intake.case(b64(opened.case))
    item = next(item for item in view.items if item.apart)
    http, hers = demo.http(), {"Authorization": opened.authorization, "Whistle-Item": item.id}
    for headers in (hers, hers | {"Whistle-Item": "x"}):
        assert error(http.get(f"{demo.public}/api/slices", headers=headers)) == (404, "not_found")
    session = team.intake.session
    for asked in RANGES:
        with pytest.raises(ClientError, match="malformed"):
            session._wire.get("/api/item", headers={"Whistle-Case": view.case, "Whistle-Item": item.id, "Range": asked})


def test_a_case_is_not_closed_while_a_file_is_coming(demo: Demo, team: Team, hand: Hand) -> None:
    ticket = hand.filed()
    case = b64(ticket.case)
    Sender(hand, ticket).put(0)
    team.accept(case)
    team.intake.transfer(case, "NA05", "住建局", reply="已转住建局。")
    with pytest.raises(ClientError) as refused:
        team.intake.close(case, "CL01")
    assert refused.value.facts.get("reason") == "uploading"


def test_a_closed_case_takes_no_files(demo: Demo, team: Team, hand: Hand) -> None:
    ticket = hand.filed()
    team.accept(b64(ticket.case))
    team.intake.transfer(b64(ticket.case), "NA05", "住建局", reply="已转住建局。")
    team.intake.close(b64(ticket.case), "CL01")
    assert error(Sender(hand, ticket).put(0)) == (422, "refused")


def test_reading_names_no_part_of_another_case(demo: Demo, team: Team) -> None:
    public, ticket, opened = filed(demo)
    public.attach(ticket, film())
    item = next(item for item in team.intake.case(b64(opened.case)).items if item.apart)
    _, _, other = filed(demo)
    with pytest.raises(ClientError, match="not_found"):
        team.intake.session.slices(b64(other.case), item.id)
    assert len(unb64(item.id)) == 32


def test_an_officer_puts_files_into_both_compartments_of_one_act(demo: Demo, team: Team) -> None:
    """The table orders work before thread: a file stands behind the texts of its own compartment."""
    public, ticket, opened = filed(demo)
    files = [("thread", film(3 * SLICE)), ("work", film(5_000))]
    today = team.intake.case(b64(opened.case)).today
    fields = {"category": "violation", "sector": "industry_trade", "packs": [list(PINNED)], "received": today}
    parts = [words("work", "内部"), words("thread", "已受理")]
    team.intake.act(b64(opened.case), "accept", fields, parts, files)
    view = team.intake.case(b64(opened.case))
    mine = [(item.comp, item.apart or bool(item.meta["name"])) for item in view.items if item.kind == "accept"]
    assert mine == [("work", False), ("work", True), ("thread", False), ("thread", True)]
    assert public.status(ticket).state == "accepted"
