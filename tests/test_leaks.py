"""The leak test: after known sentences went the whole way, none of them is anywhere a server keeps things.

Alice's words, her ticket, her address and her browser's name come from this process; the demo's own samples are
sealed inside the server's process and are not looked for.
"""

import base64
import os
import re
import socket
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import httpx
import pytest

from tests.conftest import Demo, start
from tests.doors import search
from tests.doors.office import Team
from whistle import client
from whistle.client import Attachment, draw_form
from whistle.crypto.ticket import normalise, open_ticket

ADDRESS = "203.0.113.77"
BROWSER = "Mozilla/5.0 (Linux; Android 9; Nyctereutes-77)"
REPORT = {
    "text": "碧桃巷八号锅炉房的安全阀被铁丝缠死,压力表也拆了",
    "contact": "证人钱守一住在青石弄十四号",
    "passphrase": "落霞孤鹜齐飞",
    "enterprise": "云栖精密铸造厂",
    "place": "第四铸造线旁边的夹层",
}
MESSAGE = "夜班的时候他们把安全联锁短接起来"
CLAIM = {"payee": "持码人顾惜朝", "method": "counter", "passphrase": "秋水共长天一色", "note": "周三下午方便"}
PLAIN = {
    "text": "渡口东侧的龙门吊钢丝绳断了七股,还在吊",
    "contact": "电话写的是假名欧阳锋",
    "passphrase": "大漠孤烟直",
    "enterprise": "海棠湾船舶修造",
    "place": "二号船台北面的缆桩",
}
FILMED = "镜头里是三号炉的防爆膜已经鼓包"
SAID = "油漆车间的排风扇坏了三个月"
# What a photo says of its maker, which is cut, and what is seen on it, which is sealed; both as letters, to be found.
PLACE, SEEN = "31.2304N 121.4737E 拍摄者陆小凤", "镜头里是三号锅炉的水位计"
# What a browser sends besides; every header is one more block of memory.
HEADERS = {
    "User-Agent": BROWSER,
    "X-Forwarded-For": ADDRESS,
    "Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8",
    "Accept-Language": "zh-CN,zh;q=0.9,en;q=0.8",
    "Accept-Encoding": "gzip, deflate, br",
    "Sec-Fetch-Site": "same-origin",
    "Sec-Fetch-Mode": "navigate",
    "Sec-Fetch-Dest": "document",
    "Upgrade-Insecure-Requests": "1",
}
# An idle connection is closed after five seconds; what it held is collected half a second later.
SECONDS = 8


@dataclass(frozen=True)
class Known:
    """What Alice said and is, and where it might have stayed."""

    demo: Demo
    words: tuple[str, ...]
    tickets: tuple[str, ...]
    access: tuple[bytes, ...]
    zone: bytes

    @property
    def log(self) -> Path:
        return self.demo.data.parent / f"{self.demo.data.name}.log"

    def in_files(self, needles: set[bytes]) -> set[tuple[str, bytes]]:
        return search.in_files(needles, self.demo.data, self.log)

    def in_memory(self, needles: set[bytes]) -> set[bytes]:
        return search.in_memory(self.demo.process.pid, needles)


def spelled(*texts: str) -> set[bytes]:
    return {form for text in texts for form in search.spellings(text)}


@pytest.fixture(scope="module")
def known(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Known]:
    """A demo behind a proxy; Alice goes from report to payment with a script, and files once without."""
    demo = start(tmp_path_factory.mktemp("leaks") / "data", WHISTLE_PROXY="127.0.0.1")
    try:
        with httpx.Client(trust_env=False, timeout=60, headers=HEADERS) as http:
            yield _lived(demo, http)
    finally:
        demo.kill()


def _lived(demo: Demo, http: httpx.Client) -> Known:
    alice, team = client.connect(demo.public, http), Team(demo)
    filed = alice.submit(REPORT["text"], **{name: words for name, words in REPORT.items() if name != "text"})
    alice.message(filed.ticket, MESSAGE)
    alice.withdraw(filed.ticket, "report")
    alice.undo_withdrawal(filed.ticket)
    team.to_notice(filed.case)
    claimed = alice.claim(filed.ticket, declared=True, **CLAIM)
    team.to_payment(filed.case)
    assert alice.status(filed.ticket).state == "paid"
    plain = _without_script(demo, http)
    tickets = (filed.ticket, plain)
    opened = [open_ticket(alice.trust.zone, ticket) for ticket in tickets]
    said = (*REPORT.values(), MESSAGE, *(CLAIM[name] for name in ("payee", "passphrase", "note")), claimed.code)
    return Known(
        demo,
        (*said, *PLAIN.values(), SAID, PLACE, SEEN),
        tickets,
        tuple(one.access for one in opened),
        alice.trust.zone,
    )


def photo() -> bytes:
    """A JPEG by its segments: larger than what a post carries itself, so that it goes in parts."""
    segments = (
        (0xE1, b"Exif\0\0" + PLACE.encode()),
        (0xC0, b"\x08\0\x10\0\x10\x01\x01\x11\0"),
        (0xDA, b"\x01\x01\0\0\x3f\0"),
    )
    heads = (bytes((0xFF, sort)) + (len(one) + 2).to_bytes(2, "big") + one for sort, one in segments)
    return b"".join((b"\xff\xd8", *heads, SEEN.encode() * 4_000, b"\xff\xd9"))


def _attach(demo: Demo, http: httpx.Client, ticket: str) -> None:
    form = {"act": "attach", "ticket": ticket, "once": draw_form()}
    answer = http.post(f"{demo.public}/plain", data=form, files={"file": ("锅炉.jpg", photo(), "image/jpeg")})
    assert "附上了" in answer.text


def _taken_back(demo: Demo, http: httpx.Client, ticket: str) -> None:
    for act, more, told in (("withdraw", {"scope": "report"}, "要求撤回"), ("undo", {}, "您取消了撤回")):
        form = {"act": act, "ticket": ticket, "once": draw_form(), **more}
        assert told in http.post(f"{demo.public}/plain", data=form).text


def _without_script(demo: Demo, http: httpx.Client, *, say: bool = True) -> str:
    answer = http.post(f"{demo.public}/plain", data={"act": "file", "once": draw_form(), "category": "other", **PLAIN})
    ticket = " ".join(re.findall(r"<span>(\d{5})</span>", answer.text))
    if say:
        answer = http.post(
            f"{demo.public}/plain", data={"act": "say", "ticket": ticket, "say": SAID, "once": draw_form()}
        )
        assert SAID in answer.text
        _attach(demo, http, ticket)
        _taken_back(demo, http, ticket)
    assert len(ticket) == len("12345 12345 12345 12345 12345")
    return ticket


def test_it_works_what_is_there_is_found(known: Known) -> None:
    mark = "灯塔上的守夜人"
    (known.demo.data / "canary").write_bytes(base64.b64encode(b"xx" + mark.encode()))
    assert known.in_files(spelled(mark))
    (known.demo.data / "canary").unlink()
    # The login page shows the demo's passphrases, so they are in the server's memory by design.
    assert known.in_memory(spelled(known.demo.passphrase("intake")))
    assert search.in_memory(os.getpid(), spelled(known.words[0]))


def test_nothing_alice_wrote_is_in_a_file(known: Known) -> None:
    assert known.in_files(spelled(*known.words)) == set()


def test_no_ticket_is_in_a_file(known: Known) -> None:
    digits = [normalise(ticket) for ticket in known.tickets]
    secrets = {form for access in known.access for form in {access} | search.in_base64(access)}
    assert known.in_files(spelled(*known.tickets, *digits) | secrets) == set()


def test_no_address_and_no_browser_is_in_a_file(known: Known) -> None:
    assert known.in_files(spelled(ADDRESS, BROWSER, "Nyctereutes")) == set()


def test_nothing_sealed_in_the_browser_is_ever_in_the_servers_memory(known: Known) -> None:
    mine = spelled(*REPORT.values(), MESSAGE, CLAIM["payee"], CLAIM["passphrase"], CLAIM["note"])
    assert known.in_memory(mine | spelled(known.tickets[0], normalise(known.tickets[0]))) == set()


@pytest.mark.parametrize("last", ["file", "look", "say", "attach", "claim", "withdraw", "undo", "status"])
def test_what_went_through_a_quiet_server_is_out_of_its_memory(known: Known, last: str) -> None:
    """The page without script, the access secret of a request, its address and its browser: nobody asks again."""
    ticket = known.tickets[1]
    with httpx.Client(trust_env=False, timeout=60, headers=HEADERS) as http:
        if last == "status":
            assert client.connect(known.demo.public, http).status(ticket).posts
        elif last == "file":
            ticket = _without_script(known.demo, http, say=False)
        elif last == "attach":
            _attach(known.demo, http, ticket)
        else:
            more = {
                "say": {"say": f"{SAID}又来一次"},
                "claim": {**CLAIM, "declared": "yes"},
                "withdraw": {"scope": "report"},
            }.get(last, {})
            form = {"act": last, "ticket": ticket, "once": draw_form(), **more}
            assert http.post(f"{known.demo.public}/plain", data=form).is_success
    access = open_ticket(known.zone, ticket).access
    words = spelled(*PLAIN.values(), SAID, PLACE, SEEN, ticket, normalise(ticket), ADDRESS, "Nyctereutes")
    words |= spelled(*(CLAIM[name] for name in ("payee", "passphrase", "note")))
    time.sleep(SECONDS)
    assert known.in_memory(words | {access} | search.in_base64(access)) == set()


def test_a_form_still_arriving_is_nowhere_in_the_door(known: Known) -> None:
    """Half of it was sent, and nothing more comes: what came is the child's alone."""
    half = "&".join(["act=file", f"place={quote(PLAIN['place'])}", f"text={quote(PLAIN['text'])}"]).encode()
    head = "POST /plain HTTP/1.1\r\nhost: door\r\ncontent-type: application/x-www-form-urlencoded\r\n"
    with socket.create_connection(("127.0.0.1", known.demo.public_port), timeout=60) as sock:
        sock.sendall(f"{head}content-length: 20000\r\n\r\n".encode() + half)
        time.sleep(SECONDS)
        assert known.in_memory(spelled(PLAIN["place"], PLAIN["text"])) == set()
        assert search.in_memory(os.getpid(), {half})


def test_what_was_printed_names_nobody(known: Known) -> None:
    lines = known.log.read_text(encoding="utf-8").splitlines()
    assert [line for line in lines if "举报" not in line and "受理" not in line] == []


def _film(size: int) -> Attachment:
    """A file that says one sentence again and again: every slice of it would give it away."""
    body = (FILMED.encode() * (size // len(FILMED.encode()) + 1))[:size]
    return Attachment("录像 1.mp4", "video/mp4", size, False, lambda: iter([body]))


def test_what_a_file_shows_is_nowhere_on_the_server(tmp_path: Path) -> None:
    """One file travels inside its post, one before it in parts, and a reviewer fetches both."""
    demo = start(tmp_path / "data")
    try:
        with httpx.Client(trust_env=False, timeout=60) as http:
            _filmed(client.connect(demo.public, http), demo)
        needles = spelled(FILMED, "录像 1.mp4")
        assert search.in_files(needles, demo.data, demo.data.parent / f"{demo.data.name}.log") == set()
        assert search.in_memory(demo.process.pid, needles) == set()
    finally:
        demo.kill()


def _filmed(alice: client.Public, demo: Demo) -> None:
    filed, intake = alice.submit("防爆膜。"), demo.office("intake")
    for size in (20_000, 2_500_000):
        alice.attach(filed.ticket, _film(size))
    view = intake.case(filed.case)
    (large,) = [item for item in view.items if item.apart]
    assert FILMED.encode() in b"".join(intake.fetch(view, large).pieces())
