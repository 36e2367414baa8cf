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
from whistle.client import draw_form
from whistle.public.posted import WORDS

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
        self.by_id: dict[str, str] = {}
        self._area = self._paragraph = ""
        self.feed(answer.text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = {name: value or "" for name, value in attrs}
        self.tags.append((tag, found))
        self._area = found.get("name", "") if tag == "textarea" else ""
        self._paragraph = found.get("id", "") if tag == "p" and "hidden" not in found else ""

    def handle_data(self, data: str) -> None:
        self.text += data
        if self._area:
            self.areas[self._area] = self.areas.get(self._area, "") + data
        if self._paragraph:
            self.by_id[self._paragraph] = self.by_id.get(self._paragraph, "") + data

    def handle_endtag(self, tag: str) -> None:
        self._area = self._paragraph = ""

    @property
    def ticket(self) -> str:
        return "".join(re.findall(r"(?<!\d)\d{25}(?!\d)", self.text))

    def has(self, name: str) -> bool:
        return any(found.get("name") == name for _, found in self.tags)

    def field(self, name: str) -> str:
        inputs = {tag["name"]: tag.get("value", "") for kind, tag in self.tags if kind == "input" and "name" in tag}
        return self.areas.get(name, inputs.get(name, ""))

    @property
    def wanted(self) -> str:
        """What the card on top of a case asks of her, "" when there is none."""
        return "".join(re.findall(r"等您来办(.*?)现在到了", self.text, re.DOTALL)).strip()

    @property
    def history(self) -> list[str]:
        """The titles of what happened, as they stand from top to bottom."""
        told = self.text.partition("办理经过")[2].partition("和办理人员说话")[0]
        return re.findall(r"\d{4} 年 \d+ 月 \d+ 日(提交|受理|开始核查|反馈|奖励通知|申请领奖|对话)", told)

    def told_beside(self, name: str) -> str:
        """What a field that is marked as wrong is described by, of its sentences that are shown."""
        (field,) = [tag for _, tag in self.tags if tag.get("name") == name and tag.get("aria-invalid") == "true"]
        return "".join(self.by_id.get(id_, "") for id_ in field["aria-describedby"].split())


ISO_DAY = r"\d{4}-\d\d-\d\d"


def ask(demo: Demo, path: str = "/plain", **form: str) -> Page:
    """What comes of a form; each comes from a page of its own, unless the test names one."""
    page = {"once": draw_form()} if form.get("act") != "look" else {}
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
    assert not any(re.search(ISO_DAY, page.text) for page in (filed, seen, said))
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
    assert "舉報已經送到受理人員那裏" in ask(demo, "/zh-hant/plain", act="look", ticket=ticket).text


def posts(demo: Demo, ticket: str) -> list[str]:
    return [line.kind for line in demo.reporter().status(ticket).posts]


def test_the_page_read_again_after_a_lost_answer_is_the_same_report(demo: Demo) -> None:
    drawn = draw_form()
    first, again = (ask(demo, **REPORT, once=drawn) for _ in range(2))
    assert len(first.ticket) == 25
    assert (again.ticket, again.text) == (first.ticket, first.text)
    assert posts(demo, first.ticket) == ["report"]


def test_two_taps_at_once_are_one_report(demo: Demo) -> None:
    drawn = draw_form()
    with ThreadPoolExecutor(2) as taps:
        pages = list(taps.map(lambda _: ask(demo, **REPORT, once=drawn), range(2)))
    assert {page.status for page in pages} == {200}
    assert len({page.ticket for page in pages}) == 1


def test_who_has_the_empty_page_has_not_the_ticket(demo: Demo) -> None:
    """Somebody else saw the form before it was filled in: without the very words it leads to another report."""
    drawn = draw_form()
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
    team.intake.extract(case, {"line": "设备"}, "看设备防护。")
    team.leader.decide_objection(case, "upheld", "异议成立。")
    assert "您的意见成立" in ask(demo, act="look", ticket=filed.ticket).text
    assert posts(demo, filed.ticket) == ["report", "decline", "objection", "objection.decide"]


CLAIM = {
    "act": "claim", "payee": "代号七号", "method": "counter", "passphrase": "青山不老", "note": "周三",
    "declared": "yes",
}  # fmt: skip


def claim_code(page: Page) -> str:
    return "".join(re.findall(r"领奖码\s*(\d{4})\s*(\d{4})", page.text)[0])


def claims(team: Team, case: str) -> list[Any]:
    return [item.data for item in team.payout.case(case).items if item.document == "claim"]


def test_an_award_is_claimed_without_script_and_the_same_form_twice_is_one_claim(demo: Demo, team: Team) -> None:
    filed = ask(demo, **REPORT)
    case = demo.reporter().status(filed.ticket).case
    assert not ask(demo, act="look", ticket=filed.ticket).has("payee")
    team.to_notice(case)
    told = ask(demo, act="look", ticket=filed.ticket)
    assert (
        "22,500.00 元" in told.text and "22500" not in told.text and "就在这里申请" in told.text and told.has("payee")
    )
    assert re.search(r"请在 \d{4} 年 \d+ 月 \d+ 日（含）前", told.text) and not re.search(ISO_DAY, told.text)
    assert to_whom(told) == ["thread", "payout"]
    assert re.fullmatch(r"请在 \d{4} 年 \d+ 月 \d+ 日（含）前申请领奖：22,500.00 元。", told.wanted)
    assert told.history == ["奖励通知", "反馈", "开始核查", "受理", "提交"]
    drawn = draw_form()
    first, again = (ask(demo, **CLAIM, ticket=filed.ticket, once=drawn) for _ in range(2))
    assert "已申请领奖" in first.text and claim_code(first) == claim_code(again)
    assert not first.wanted
    (claim,) = claims(team, case)
    assert claim == {
        "payee": "代号七号", "code": claim_code(first), "passphrase": "青山不老", "note": "周三",
        "signatories": "1", "declared": "yes",
    }  # fmt: skip
    assert re.search(r"您的奖励\s*22,500\.00 元", first.text)
    seen = ask(demo, act="look", ticket=filed.ticket)
    assert claim_code(first)[:4] not in seen.text and "再申请一次" in seen.text


def test_two_taps_on_a_claim_are_one_claim(demo: Demo, team: Team) -> None:
    filed, drawn = ask(demo, **REPORT), draw_form()
    case = demo.reporter().status(filed.ticket).case
    team.to_notice(case)
    with ThreadPoolExecutor(2) as taps:
        pages = list(taps.map(lambda _: ask(demo, **CLAIM, ticket=filed.ticket, once=drawn), range(2)))
    assert len({claim_code(page) for page in pages}) == 1
    assert len(claims(team, case)) == 1


def test_what_is_missing_in_a_claim_is_named_and_stays(demo: Demo, team: Team) -> None:
    filed = ask(demo, **REPORT)
    team.to_notice(demo.reporter().status(filed.ticket).case)
    form = {
        "act": "claim",
        "ticket": filed.ticket,
        "payee": " ",
        "method": "voucher",
        "passphrase": "短",
        "note": "账号一二三",
    }
    page = ask(demo, **form, signatories="0")
    for told in ("请写怎么称呼领取人", "约定口令要 4 到 12 个字", "请写 1 到 100 之间的数", "不属实的不能领奖"):
        assert told in page.text
    assert page.field("note") == "账号一二三"
    assert posts(demo, filed.ticket)[-1] == "award.notify"


def test_a_claim_that_nobody_takes_stays_in_its_fields(demo: Demo, ticket: str) -> None:
    page = ask(demo, **CLAIM, ticket=ticket)
    assert "现在这一步不能这样做" in page.text
    assert (page.field("payee"), page.field("note")) == ("代号七号", "周三")
    lost = ask(demo, **CLAIM, ticket=WRONG)
    assert (lost.field("payee"), lost.field("note")) == ("代号七号", "周三")


def test_urgency_relation_reward_and_a_copy_to_keep_arrive(demo: Demo, team: Team) -> None:
    said = {"since": "now", "relation": "employee", "reward": "yes", "readback": "yes"}
    urgent, past = ask(demo, **REPORT, **said), ask(demo, **REPORT, since="past", date="2026-01-02")
    case = demo.reporter().status(urgent.ticket).case
    seen = team.intake.case(case)
    assert seen.acts[0].fields["urgent"] is True
    (card,) = [item.data for item in seen.items if item.document == "card"]
    assert (card["since"], card["relation"], card["reward"]) == ("now", "employee", "yes")
    kept = ask(demo, act="look", ticket=urgent.ticket).text
    assert re.search(f"我当时写的{TEXT}", kept) and "还没有来往的话" in kept
    assert TEXT not in ask(demo, act="look", ticket=past.ticket).text
    other = team.intake.case(demo.reporter().status(past.ticket).case)
    assert [item.data["since"] for item in other.items if item.document == "card"] == ["2026-01-02"]
    for day in ("2999-01-01", "昨天"):
        assert "这一天还没到" in ask(demo, **REPORT, since="past", date=day).text


def photo(mark: bytes = b"GPS 31.2304 N", pixels: int = 40) -> bytes:
    """A JPEG by its segments that says where it was taken."""
    exif, scan = b"Exif\0\0" + mark, b"\0" * 10 + bytes(range(1, 250)) * pixels
    sizes = b"\x08\x00\x10\x00\x10\x01\x01\x11\x00"
    parts = ((0xE1, exif), (0xC0, sizes), (0xDA, b"\x01\x01\x00\x00\x3f\x00"))
    return b"".join(
        (b"\xff\xd8", *(b"\xff" + bytes((sort,)) + (len(one) + 2).to_bytes(2, "big") + one for sort, one in parts),
         scan, b"\xff\xd9")
    )  # fmt: skip


def attached(demo: Demo, files: list[bytes], **form: str) -> Page:
    names = [("file", ("DSC_0007 Shanghai.jpg", data, "image/jpeg")) for data in files]
    return Page(demo.http().post(f"{demo.public}/plain", data={"once": draw_form()} | form, files=names))


def files_of(team: Team, case: str) -> list[Any]:
    return [item for item in team.intake.case(case).items if item.kind == "evidence"]


def test_photos_go_with_a_report_and_lose_what_they_say(demo: Demo, team: Team) -> None:
    filed = attached(demo, [photo(), b"<html>", photo(pixels=600)], **REPORT)
    assert filed.text.count("附上了。照片里") == 2 and "这种文件不收" in filed.text
    found = files_of(team, demo.reporter().status(filed.ticket).case)
    assert found[0].meta["name"] == "图片 1.jpg"
    assert b"GPS" not in found[0].body and found[0].body[:2] == b"\xff\xd8"
    assert found[1].apart


def test_evidence_comes_later_and_the_same_form_twice_is_one(demo: Demo, team: Team) -> None:
    ticket, drawn = ask(demo, **REPORT).ticket, draw_form()
    for _ in range(2):
        page = attached(demo, [photo(), photo(pixels=600)], act="attach", ticket=ticket, once=drawn)
        assert page.text.count("附上了。照片里") == 2
    assert posts(demo, ticket) == ["report", "evidence", "evidence"]
    assert "请先选文件" in attached(demo, [b""], act="attach", ticket=ticket).text


def test_files_that_are_too_much_cost_the_files_and_never_the_report(demo: Demo) -> None:
    filed = attached(demo, [photo(), photo(pixels=48_000)], **REPORT)
    assert len(filed.ticket) == 25
    assert "不能超过 10 MB" in filed.text and filed.text.count("附上了。照片里") == 1
    many = attached(demo, [photo(bytes([n])) for n in range(7)], **REPORT)
    assert many.text.count("附上了。照片里") == 5 and many.text.count("一次最多 5 个") >= 2


def test_a_visit_that_was_left_shows_nothing_to_who_goes_back(demo: Demo) -> None:
    filed, visit = ask(demo, **REPORT), draw_form()
    assert "已收到" in ask(demo, act="look", ticket=filed.ticket, visit=visit).text
    left = demo.http().post(f"{demo.public}/plain/leave", data={"visit": visit})
    assert left.headers["clear-site-data"] == '"cache"'
    assert 'http-equiv="refresh"' in left.text and "举报" not in left.text
    form = {"act": "say", "ticket": filed.ticket, "say": "东边的门", "visit": visit}
    for back in ({"act": "look", "ticket": filed.ticket, "visit": visit}, form):
        page = ask(demo, **back)
        assert page.status == 410 and "已收到" not in page.text and not page.field("say")


def test_an_objection_to_nothing_stays_in_its_field(demo: Demo, ticket: str) -> None:
    page = ask(demo, act="say", ticket=ticket, to="objection", say="我有意见")
    assert "现在这一步不能这样做" in page.text
    assert page.field("say") == "我有意见"


def withdrawn(demo: Demo, ticket: str, scope: str = "report", **form: str) -> Page:
    """The page of the second step, sent."""
    return ask(demo, act="withdraw", ticket=ticket, scope=scope, **form)


def test_a_report_is_taken_back_in_two_steps_and_undone_by_the_same_code(demo: Demo) -> None:
    filed = ask(demo, **REPORT)
    seen = ask(demo, act="look", ticket=filed.ticket)
    assert "我想撤回" in seen.text and [tag["value"] for _, tag in seen.tags if tag.get("name") == "scope"] == [
        "contact",
        "report",
    ]
    sure = ask(demo, act="choose", scope="report")
    for told in ("要撤回举报吗", "查证照常进行", "不再发放奖励", "材料在规定的保存期满后才可以销毁", "起才办理"):
        assert told in sure.text
    assert sure.has("ticket") and sure.field("scope") == "report" and not re.search(ISO_DAY, sure.text)
    assert posts(demo, filed.ticket) == ["report"], "nothing is sent by one press"
    drawn = sure.field("once")
    waits = withdrawn(demo, filed.ticket, once=drawn)
    assert "已经用查询码要求撤回整份举报" in waits.text and "我想撤回" not in waits.text
    assert not re.search(ISO_DAY, waits.text)
    assert "要求撤回整份举报" in withdrawn(demo, filed.ticket, once=drawn).text
    assert posts(demo, filed.ticket) == ["report", "withdraw"], "the page read again sends nothing new"
    drawn = waits.field("once")
    for _ in range(2):
        undone = ask(demo, act="undo", ticket=filed.ticket, once=drawn)
        assert "您取消了撤回整份举报的要求" in undone.text and "我想撤回" in undone.text
    assert "要求撤回联系方式（姓名、电话）" in withdrawn(demo, filed.ticket, "contact").text
    assert posts(demo, filed.ticket) == ["report", "withdraw", "withdraw.undo", "withdraw"]


def test_two_taps_at_once_are_one_withdrawal(demo: Demo) -> None:
    filed, drawn = ask(demo, **REPORT), draw_form()
    with ThreadPoolExecutor(2) as taps:
        pages = list(taps.map(lambda _: withdrawn(demo, filed.ticket, once=drawn), range(2)))
    assert {page.status for page in pages} == {200}
    assert posts(demo, filed.ticket) == ["report", "withdraw"]


def test_the_second_step_keeps_what_was_chosen_over_a_wrong_code(demo: Demo, ticket: str) -> None:
    for code, told in TICKETS.values():
        page = withdrawn(demo, code, "contact")
        assert told in page.told_beside("ticket")
        assert page.field("scope") == "contact" and "要撤回联系方式吗" in page.text
    assert TICKETS["none"][1] in ask(demo, act="undo", ticket="").told_beside("ticket")


def test_without_a_choice_nothing_goes_on(demo: Demo, ticket: str) -> None:
    assert "请先选撤回什么" in ask(demo, act="choose").text
    for form in ({"scope": "everything"}, {"scope": ""}, {}):
        assert ask(demo, act="withdraw", ticket=ticket, **form).status == 400
    assert "withdraw" not in posts(demo, ticket)


def test_once_the_result_is_told_the_section_is_gone_and_a_form_left_open_says_why(demo: Demo, team: Team) -> None:
    filed = ask(demo, **REPORT)
    team.to_finding(demo.reporter().status(filed.ticket).case)
    assert "我想撤回" not in ask(demo, act="look", ticket=filed.ticket).text
    late = withdrawn(demo, filed.ticket)
    assert "现在这一步不能这样做" in late.text and "已反馈" in late.text


def test_nothing_to_undo_is_said_and_nothing_is_sent(demo: Demo) -> None:
    filed = ask(demo, **REPORT)
    assert "现在这一步不能这样做" in ask(demo, act="undo", ticket=filed.ticket).text
    assert posts(demo, filed.ticket) == ["report"]


def test_the_english_page_takes_back_in_english(demo: Demo) -> None:
    filed = ask(demo, **REPORT)
    sure = ask(demo, "/en/plain", act="choose", scope="report")
    assert "Withdraw the report?" in sure.text and "carried out from" in sure.text
    told = ask(demo, "/en/plain", act="withdraw", scope="report", ticket=filed.ticket)
    assert "You asked to withdraw the whole report." in told.text
    assert "撤回整份舉報" in ask(demo, "/zh-hant/plain", act="look", ticket=filed.ticket).text


def test_what_was_said_is_not_said_again_by_reading_the_page_again(demo: Demo, team: Team) -> None:
    filed, drawn = ask(demo, **REPORT), draw_form()
    for _ in range(2):
        ask(demo, act="say", ticket=filed.ticket, say="东边的门。", once=drawn)
    team.intake.message(demo.reporter().status(filed.ticket).case, "收到。")
    page = ask(demo, act="say", ticket=filed.ticket, say="东边的门。", once=drawn)
    assert "收到。" in page.text
    assert posts(demo, filed.ticket) == ["report", "message", "message"]
    ask(demo, act="say", ticket=filed.ticket, say="东边的门。")
    assert posts(demo, filed.ticket) == ["report", "message", "message", "message"]


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
    "too few digits": ("12345", "这里找到 5 位"),
    "none": ("", "请输入查询码"),
    "blanks": (" ", "请输入查询码"),
    "no digit": ("我的码", "请输入查询码"),
    "a wrong digit": (WRONG, "有一位数字不对"),
    "nobody's": ("0" * 25, "没有查到"),
}


@pytest.mark.parametrize("how", TICKETS)
@pytest.mark.parametrize("act", ["look", "say"])
def test_a_wrong_ticket_gets_a_sentence_beside_its_field(demo: Demo, how: str, act: str) -> None:
    shown, told = TICKETS[how]
    page = ask(demo, act=act, ticket=shown, say="还在")
    assert told in page.told_beside("ticket")
    assert page.field("ticket") == ""
    assert act == "look" or page.field("say") == "还在"


def test_without_a_code_nothing_is_sent_and_what_was_typed_stays(demo: Demo) -> None:
    objected = ask(demo, act="say", ticket="", to="objection", say="我有意见")
    claimed = ask(demo, **CLAIM, ticket="")
    sent = attached(demo, [photo()], act="attach", ticket="")
    assert {page.told_beside("ticket") for page in (objected, claimed, sent)} == {
        "为了不留下它，每次都要再写一遍。请输入查询码。"
    }
    assert objected.field("say") == "我有意见" and "objection" in to_whom(objected)
    assert (claimed.field("payee"), claimed.field("passphrase"), claimed.field("note")) == (
        "代号七号",
        "青山不老",
        "周三",
    )


def test_a_question_of_the_office_stands_on_top_until_she_answers(demo: Demo, team: Team) -> None:
    filed = ask(demo, **REPORT)
    assert not ask(demo, act="look", ticket=filed.ticket).wanted
    team.intake.message(demo.reporter().status(filed.ticket).case, "请问是哪个门?")
    seen = ask(demo, act="look", ticket=filed.ticket)
    assert seen.wanted == "办理人员给您写了话，请看下面的对话；问了您什么，就在那里回答。"
    assert seen.history == ["对话", "提交"]
    said = ask(demo, act="say", ticket=filed.ticket, say="东边的门。")
    assert not said.wanted
    day = r" · \d{4} 年 \d+ 月 \d+ 日"
    assert re.search(f"和办理人员说话\\s+受理员{day}请问是哪个门.您{day}东边的门。", said.text)


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
    demo.reporter().objection(filed.ticket, "decline", "请再看看。")
    team.intake.extract(case, {"line": "设备"}, "看设备防护。")
    team.leader.decide_objection(case, "rejected", "维持原决定。")
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
    "a file of an unknown field": {"files": {"Photo": ("a.txt", b"x")}, "data": {"act": "file"}},
    "multipart that ends in the middle": {
        "content": b'--x\r\nContent-Disposition: form-data; name="act"\r\n\r\nlook',
        "headers": {"Content-Type": "multipart/form-data; boundary=x"},
    },
    "multipart without a boundary": {"content": b"--x", "headers": {"Content-Type": "multipart/form-data"}},
    "an addressee that is none": {"data": {"act": "say", "ticket": WRONG, "to": "leader"}},
    "too many fields": {"content": "&".join(f"text={n}" for n in range(50)).encode()},
}


@pytest.mark.parametrize("how", NOT_A_FORM)
def test_what_is_not_this_form_gets_a_sentence_and_is_not_kept(demo: Demo, how: str) -> None:
    page = Page(demo.http().post(f"{demo.public}/plain", **NOT_A_FORM[how]))
    assert page.status in {400, 413}
    assert "在路上变了样" in page.text or "写得太多了" in page.text


def test_a_body_past_all_measure_gets_a_sentence(demo: Demo) -> None:
    page = Page(demo.http().post(f"{demo.public}/plain", data={"act": "file", "text": "x" * WORDS}))
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
    crowd = 18
    with ThreadPoolExecutor(crowd) as people:
        pages = list(people.map(lambda _: ask(demo, **REPORT), range(crowd)))
    assert {page.status for page in pages} <= {200, 503}
    served = [page for page in pages if page.status == 200]
    assert len(served) >= 2
    assert len({page.ticket for page in served}) == len(served)
    for page in pages:
        if page.status == 503:
            assert "现在人多" in page.text
            assert page.field("text") == TEXT or "还在您的浏览器里" in page.text
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
