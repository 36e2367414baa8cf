"""The leak test: after known sentences went the whole way, none of them is anywhere a server keeps things.

Alice's words, her ticket, her address and her browser's name come from this process; the demo's own samples are
sealed inside the server's process and are not looked for.
"""

import base64
import os
import re
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from tests.conftest import Demo, start
from tests.doors import search
from tests.doors.office import Team
from whistle import client
from whistle.client import once
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
SAID = "油漆车间的排风扇坏了三个月"
# The door overwrites what it let go of right after the page without script, and every minute. A connection that is
# still open holds its last request: a second rinse finds it closed.
RINSES = 3


@dataclass(frozen=True)
class Known:
    """What Alice said and is, and where it might have stayed."""

    demo: Demo
    words: tuple[str, ...]
    tickets: tuple[str, ...]
    access: tuple[bytes, ...]

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
        told = {"X-Forwarded-For": ADDRESS, "User-Agent": BROWSER}
        with httpx.Client(trust_env=False, timeout=60, headers=told) as http:
            yield _lived(demo, http)
    finally:
        demo.kill()


def _lived(demo: Demo, http: httpx.Client) -> Known:
    alice, team = client.connect(demo.public, http), Team(demo)
    filed = alice.submit(REPORT["text"], **{name: words for name, words in REPORT.items() if name != "text"})
    alice.message(filed.ticket, MESSAGE)
    team.to_notice(filed.case)
    claimed = alice.claim(filed.ticket, declared=True, **CLAIM)
    team.to_payment(filed.case)
    assert alice.status(filed.ticket).state == "paid"
    plain = _without_script(demo, http)
    tickets = (filed.ticket, plain)
    opened = [open_ticket(alice.trust.zone, ticket) for ticket in tickets]
    said = (*REPORT.values(), MESSAGE, *(CLAIM[name] for name in ("payee", "passphrase", "note")), claimed.code)
    return Known(demo, (*said, *PLAIN.values(), SAID), tickets, tuple(one.access for one in opened))


def _without_script(demo: Demo, http: httpx.Client) -> str:
    answer = http.post(f"{demo.public}/plain", data={"act": "file", "once": once.draw(), "category": "other", **PLAIN})
    ticket = " ".join(re.findall(r"<span>(\d{5})</span>", answer.text))
    answer = http.post(f"{demo.public}/plain", data={"act": "say", "ticket": ticket, "say": SAID})
    assert SAID in answer.text
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


def test_what_went_through_the_server_is_soon_out_of_its_memory(known: Known) -> None:
    """The page without script, the access secret of a request, its address and its browser."""
    digits = normalise(known.tickets[1])
    secrets = {form for access in known.access for form in {access} | search.in_base64(access)}
    passed = spelled(*PLAIN.values(), SAID, known.tickets[1], digits, ADDRESS, "Nyctereutes") | secrets
    for _ in range(RINSES):
        with httpx.Client(trust_env=False) as http:
            http.post(f"{known.demo.public}/plain", data={"act": "look", "ticket": "1"})
        time.sleep(1)
        left = known.in_memory(passed)
        if not left:
            break
    assert left == set()


def test_what_was_printed_names_nobody(known: Known) -> None:
    lines = known.log.read_text(encoding="utf-8").splitlines()
    assert [line for line in lines if "举报" not in line and "受理" not in line] == []
