"""The page without script: file, look, say; a sentence for every refusal, and nothing typed is lost."""

import re
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.conftest import Demo
from tests.doors import later
from tests.doors.office import Team
from whistle.client import once
from whistle.public import plain

TEXT = "仓库的安全出口用铁链锁着,里面堆满纸箱。"
REPORT = {"act": "file", "category": "violation", "sector": "fire", "place": "三号仓库", "text": TEXT}
WRONG = "1234512345123451234512340"


class Page(HTMLParser):
    """What the page says, what it says is wrong, and what stands in its fields."""

    def __init__(self, answer: httpx.Response) -> None:
        super().__init__()
        self.status, self.text = answer.status_code, ""
        self.tags: list[tuple[str, dict[str, str]]] = []
        self.areas: dict[str, str] = {}
        self._area = ""
        self.feed(answer.text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = {name: value or "" for name, value in attrs}
        self.tags.append((tag, found))
        self._area = found.get("name", "") if tag == "textarea" else ""

    def handle_data(self, data: str) -> None:
        self.text += data
        if self._area:
            self.areas[self._area] = self.areas.get(self._area, "") + data

    def handle_endtag(self, tag: str) -> None:
        self._area = ""

    @property
    def ticket(self) -> str:
        return "".join(re.findall(r"(?<!\d)\d{25}(?!\d)", self.text))

    def field(self, name: str) -> str:
        inputs = {tag["name"]: tag.get("value", "") for kind, tag in self.tags if kind == "input" and "name" in tag}
        return self.areas.get(name, inputs.get(name, ""))


def ask(demo: Demo, path: str = "/plain", **form: str) -> Page:
    """What comes of a form; one that files comes from an empty page of its own, unless the test names one."""
    page = {"once": once.draw()} if form.get("act") == "file" else {}
    return Page(demo.http().post(demo.public + path, data=page | form))


@pytest.fixture(scope="module")
def ticket(demo: Demo) -> str:
    return ask(demo, **REPORT).ticket


def test_it_works(demo: Demo, team: Team) -> None:
    filed = ask(demo, **REPORT, contact="张三", passphrase="青山不老")
    assert "收到了" in filed.text
    assert len(filed.ticket) == 25
    told = demo.reporter().status(filed.ticket)
    team.intake.message(told.case, "请问是哪个门?")
    seen = ask(demo, act="look", ticket=filed.ticket)
    assert "已收到" in seen.text and "请问是哪个门?" in seen.text
    said = ask(demo, act="say", ticket=filed.ticket, say="东边的门。")
    assert "东边的门。" in said.text
    items = {item.comp: item.text for item in team.intake.case(told.case).items if item.comp in {"report", "thread"}}
    assert items == {"report": TEXT, "thread": "东边的门。"}


def test_the_post_says_that_the_server_sealed_it(demo: Demo, ticket: str, team: Team) -> None:
    case = demo.reporter().status(ticket).case
    assert team.intake.case(case).acts[0].fields["sealed_by"] == "server"


def test_the_english_page_answers_in_english(demo: Demo, ticket: str) -> None:
    page = ask(demo, "/en/plain", act="look", ticket=WRONG)
    (alert,) = re.findall(r"[A-Za-z][^\n]*digit[^\n]*", page.text)[:1]
    assert not re.search(r"[\u4e00-\u9fff]", alert)


def test_the_traditional_page_answers_in_traditional_characters(demo: Demo, ticket: str) -> None:
    assert "有一位數字不對" in ask(demo, "/zh-hant/plain", act="look", ticket=WRONG).text
    assert "舉報已經到了受理人員那裏" in ask(demo, "/zh-hant/plain", act="look", ticket=ticket).text


def posts(demo: Demo, ticket: str) -> list[str]:
    return [line.kind for line in demo.reporter().status(ticket).posts]


def test_the_page_read_again_after_a_lost_answer_is_the_same_report(demo: Demo) -> None:
    drawn = once.draw()
    first, again = (ask(demo, **REPORT, once=drawn) for _ in range(2))
    assert len(first.ticket) == 25
    assert (again.ticket, again.text) == (first.ticket, first.text)
    assert posts(demo, first.ticket) == ["report"]


def test_two_taps_at_once_are_one_report(demo: Demo) -> None:
    drawn = once.draw()
    with ThreadPoolExecutor(2) as taps:
        pages = list(taps.map(lambda _: ask(demo, **REPORT, once=drawn), range(2)))
    assert {page.status for page in pages} == {200}
    assert len({page.ticket for page in pages}) == 1


def test_who_has_the_empty_page_has_not_the_ticket(demo: Demo) -> None:
    """Somebody else saw the form before it was filled in: without the very words it leads to another report."""
    drawn = once.draw()
    mine = ask(demo, **REPORT, once=drawn).ticket
    others = [ask(demo, **REPORT | {"text": TEXT + "。"}, once=drawn).ticket, ask(demo, **REPORT).ticket]
    assert len({mine, *others}) == 3


def test_every_empty_form_is_one_of_its_kind_and_stays_so_while_it_is_mended(demo: Demo) -> None:
    shown = [Page(demo.http().get(f"{demo.public}/plain")).field("once") for _ in range(3)]
    assert len(set(shown)) == 3
    assert ask(demo, act="file", category="other", text="太短", once=shown[0]).field("once") == shown[0]


@pytest.mark.parametrize("drawn", ["", "AAAA", "A" * 23, "=" * 22, "A" * 21 + "B"])
def test_a_form_that_was_not_drawn_here_files_nothing(demo: Demo, drawn: str) -> None:
    page = ask(demo, **REPORT, once=drawn)
    assert (page.status, page.ticket) == (400, "")
    assert page.field("text") == TEXT


def to_whom(page: Page) -> list[str]:
    return [tag["value"] for _, tag in page.tags if tag.get("name") == "to"]


def test_an_objection_is_made_without_script(demo: Demo, team: Team) -> None:
    filed = ask(demo, **REPORT)
    case = demo.reporter().status(filed.ticket).case
    assert to_whom(ask(demo, act="look", ticket=filed.ticket)) == []
    team.intake.decline(case, "NA03", reply="这是建议。")
    seen = ask(demo, act="look", ticket=filed.ticket)
    assert to_whom(seen) == ["thread", "objection"]
    assert "有不同意见，请在" in seen.text
    objected = ask(demo, act="say", ticket=filed.ticket, to="objection", say="这是隐患,不是建议。")
    assert "复查中" in objected.text and "这是隐患,不是建议。" in objected.text
    assert to_whom(objected) == []
    team.leader.decide_objection(case, "upheld", "异议成立。")
    assert "您的意见成立" in ask(demo, act="look", ticket=filed.ticket).text
    assert posts(demo, filed.ticket) == ["report", "decline", "objection", "objection.decide"]


def test_an_objection_to_nothing_stays_in_its_field(demo: Demo, ticket: str) -> None:
    page = ask(demo, act="say", ticket=ticket, to="objection", say="我有意见")
    assert "现在这一步不能这样做" in page.text
    assert page.field("say") == "我有意见"


def test_what_was_said_is_not_said_again_by_reading_the_page_again(demo: Demo, team: Team) -> None:
    filed = ask(demo, **REPORT)
    for _ in range(2):
        ask(demo, act="say", ticket=filed.ticket, say="东边的门。")
    team.intake.message(demo.reporter().status(filed.ticket).case, "收到。")
    page = ask(demo, act="say", ticket=filed.ticket, say="东边的门。")
    assert "收到。" in page.text
    assert posts(demo, filed.ticket) == ["report", "message", "message"]


def test_what_is_missing_is_named_and_what_was_typed_stays(demo: Demo) -> None:
    page = ask(demo, act="file", category="other", text="太短", contact="张三", passphrase="口令")
    for told in ("至少 10 个字", "单位和地点至少写一个", "约定口令要 4 到 12 个字"):
        assert told in page.text
    assert (page.field("text"), page.field("contact"), page.field("passphrase")) == ("太短", "张三", "口令")


def test_a_text_far_too_long_comes_back_whole(demo: Demo) -> None:
    long = "长" * 12_000
    page = ask(demo, **REPORT | {"text": long})
    assert "最多 5000 个字" in page.text
    assert page.field("text") == long


TICKETS = {
    "too few digits": ("12345", "现在是 5 位"),
    "none": ("", "现在是 0 位"),
    "a wrong digit": (WRONG, "有一位数字不对"),
    "nobody's": ("0" * 25, "没有查到"),
}


@pytest.mark.parametrize("how", TICKETS)
@pytest.mark.parametrize("act", ["look", "say"])
def test_a_wrong_ticket_gets_a_sentence(demo: Demo, how: str, act: str) -> None:
    shown, told = TICKETS[how]
    page = ask(demo, act=act, ticket=shown, say="还在")
    assert told in page.text
    assert page.field("ticket") == ""


def test_a_ticket_may_be_typed_as_it_was_copied(demo: Demo, ticket: str) -> None:
    spaced = " ".join(ticket[i : i + 5] for i in range(0, 25, 5))
    wide = ticket.translate({ord(digit): ord(digit) + 0xFEE0 for digit in "0123456789"})
    for typed in (spaced, spaced.replace(" ", "-"), wide, f"  {ticket}\n"):
        assert "已收到" in ask(demo, act="look", ticket=typed).text


def test_a_message_too_long_stays_in_its_field(demo: Demo, ticket: str) -> None:
    long = "长" * 1_300
    page = ask(demo, act="say", ticket=ticket, say=long)
    assert "1200" in page.text
    assert page.field("say") == long


def test_a_message_the_office_no_longer_takes_stays_in_its_field(demo: Demo, team: Team) -> None:
    filed = ask(demo, **REPORT)
    case = demo.reporter().status(filed.ticket).case
    team.intake.decline(case, "NA03")
    team.intake.close(case, "CL02")
    page = ask(demo, act="say", ticket=filed.ticket, say="再补一句")
    assert "现在这一步不能这样做" in page.text
    assert page.field("say") == "再补一句"


NOT_A_FORM: dict[str, dict[str, Any]] = {
    "nothing": {"content": b""},
    "an unknown act": {"data": {"act": "delete"}},
    "no act": {"data": {"text": TEXT}},
    "an unknown field": {"data": {**REPORT, "admin": "1"}},
    "a field twice": {"content": b"act=look&act=look&ticket=1"},
    "a category that is none": {"data": {**REPORT, "category": "x"}},
    "a sector that is none": {"data": {**REPORT, "sector": "x"}},
    "bytes that are no text": {"content": b"act=file&text=\xff"},
    "a multipart form": {"files": {"text": ("a.txt", TEXT.encode() * 50_000)}, "data": {"act": "file"}},
    "an addressee that is none": {"data": {"act": "say", "ticket": WRONG, "to": "leader"}},
    "too many fields": {"content": "&".join(f"text={n}" for n in range(50)).encode()},
}


@pytest.mark.parametrize("how", NOT_A_FORM)
def test_what_is_not_this_form_gets_a_sentence_and_is_not_kept(demo: Demo, how: str) -> None:
    page = Page(demo.http().post(f"{demo.public}/plain", **NOT_A_FORM[how]))
    assert page.status in {400, 413}
    assert "在路上变了样" in page.text or "写得太多了" in page.text


def test_a_body_past_all_measure_gets_a_sentence(demo: Demo) -> None:
    page = Page(demo.http().post(f"{demo.public}/plain", data={"act": "file", "text": "x" * plain.MOST}))
    assert (page.status, "写得太多了" in page.text) == (413, True)


def test_nothing_is_spooled_to_disk(demo: Demo) -> None:
    """While somebody sends slowly the server has no file open but its own."""
    stop = threading.Event()
    opened: set[str] = set()

    def watch() -> None:
        while not stop.is_set():
            for link in Path(f"/proc/{demo.process.pid}/fd").iterdir():
                try:
                    opened.add(str(link.readlink()))
                except OSError:
                    continue

    watcher = threading.Thread(target=watch)
    watcher.start()

    def slowly() -> Iterator[bytes]:
        yield b"act=file&category=other&place=x&text="
        for _ in range(40):
            yield b"x" * 4_000

    try:
        assert Page(demo.http().post(f"{demo.public}/plain", content=slowly())).status == 200
        ask(demo, **REPORT)
    finally:
        stop.set()
        watcher.join()
    files = {name for name in opened if name.startswith("/") and not name.startswith(("/dev/", "/proc/"))}
    allowed = (str(demo.data), str(demo.data.parent / f"{demo.data.name}.log"))
    assert {name for name in files if not name.startswith(allowed)} == set()


def test_a_crowd_is_served_or_told_to_come_back_and_never_stopped(demo: Demo) -> None:
    crowd = plain.AT_ONCE + plain.WAITING + 12
    with ThreadPoolExecutor(crowd) as people:
        pages = list(people.map(lambda _: ask(demo, **REPORT), range(crowd)))
    assert {page.status for page in pages} <= {200, 503}
    served = [page for page in pages if page.status == 200]
    assert len(served) >= plain.AT_ONCE
    assert len({page.ticket for page in served}) == len(served)
    for page in pages:
        if page.status == 503:
            assert "现在人多" in page.text
            assert page.field("text") == TEXT
    assert demo.http().get(f"{demo.public}/api/directory").status_code == 200


def test_it_can_be_switched_off_and_says_so(zone_demo: Demo) -> None:
    with later.door(zone_demo.data, "public", plain_page=False) as url, later.client() as http:
        page = Page(http.get(f"{url}/plain"))
        assert "关掉了无脚本版" in page.text
        assert not [tag for tag, _ in page.tags if tag == "form"]
        assert http.post(f"{url}/plain", data=REPORT).status_code == 405


def test_who_asks_too_often_gets_a_sentence(zone_demo: Demo) -> None:
    with later.door(zone_demo.data, "public", rate="2/minute") as url, later.client() as http:
        pages = [Page(http.post(f"{url}/plain", data={"act": "look", "ticket": "1"})) for _ in range(3)]
    assert [page.status for page in pages][-1] == 429
    assert "试得太快了" in pages[-1].text


def test_another_sites_form_is_refused(demo: Demo) -> None:
    http = demo.http()
    for told in ({"Origin": "https://evil.example"}, {"Sec-Fetch-Site": "cross-site"}, {"Origin": "null"}):
        assert http.post(f"{demo.public}/plain", data=REPORT, headers=told).status_code == 403
    own = {"Origin": demo.public, "Sec-Fetch-Site": "same-origin"}
    assert http.post(f"{demo.public}/plain", data={"act": "look"}, headers=own).status_code == 422


def test_the_form_lets_old_browsers_name_their_origin(demo: Demo) -> None:
    """Under no-referrer a form's origin is null, and a browser without Sec-Fetch-Site could not post at all."""
    told = demo.http().get(f"{demo.public}/plain").headers
    assert told["referrer-policy"] == "same-origin"
    assert "form-action 'self'" in told["content-security-policy"]
