"""Photos, films and documents, from her phone to intake: words first, then files, cleaned as it is told."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Route, expect

from tests.browser import footage
from tests.browser.conftest import ARGUMENTS, CHROMIUM, PHONE
from tests.browser.people import SLOW, Report, Reporter
from tests.conftest import Demo
from whistle.client.attaching import attachment
from whistle.client.reading import Opened
from whistle.client.sealing import words
from whistle.crypto.encoding import b64
from whistle.crypto.ticket import open_ticket

pytestmark = pytest.mark.browser

REPORT = Report("general_hazard", "沂岭木业", "二车间", "industry_trade", "三台电机的外壳没有接地线，皮带没有罩子。")


class Sender(Reporter):
    """She files her words, then adds files on the page of the code."""

    def filed(self) -> str:
        self.write(REPORT)
        self.next()
        ticket = self.read_ticket()
        expect(self.place).to_be_visible(timeout=SLOW)  # the words are there before any file is chosen
        return ticket

    def back(self, ticket: str) -> None:
        """Comes back with the code alone."""
        self.ticket = ticket
        self.look()
        expect(self.place).to_be_visible(timeout=SLOW)

    @property
    def place(self) -> Locator:
        return self.page.locator("[data-evidence]")

    @property
    def rows(self) -> Locator:
        return self.page.locator("[data-files] > li")

    def choose(self, *paths: Path) -> None:
        expect(self.place).to_be_visible(timeout=SLOW)
        self.page.locator("[data-choose]").last.set_input_files([str(path) for path in paths])

    def told(self, row: int, words: str) -> None:
        expect(self.rows.nth(row)).to_contain_text(words, timeout=SLOW)

    def press(self, row: int, name: str) -> None:
        self.rows.nth(row).locator(f'[data-press="{name}"]').click()

    def send(self) -> None:
        self.page.locator("[data-files-send]").click()

    def sent(self, row: int) -> None:
        self.told(row, "已送到")


def case_of(demo: Demo, ticket: str) -> str:
    return b64(open_ticket(demo.reporter().trust.zone, ticket).case)


def arrived(demo: Demo, ticket: str) -> list[tuple[Opened, dict[str, Any], bytes]]:
    """The files that intake finds in the case: item, meta, bytes."""
    office = demo.office("intake")
    view = office.case(case_of(demo, ticket))
    found = []
    for item in [item for item in view.items if item.kind == "evidence"]:
        assert not item.broken
        if item.apart:
            file = office.fetch(view, item)
            body = b"".join(file.pieces())
            found.append((item, dict(file.meta), body))
        else:
            found.append((item, dict(item.meta), item.body))
    return found


@pytest.fixture
def sender(phone: BrowserContext, demo: Demo) -> Sender:
    return Sender(phone.new_page(), demo.public)


@pytest.mark.parametrize("ending", ["jpg", "png", "webp"])
def test_a_photo_reaches_intake_without_what_its_file_said_of_her(
    sender: Sender, demo: Demo, tmp_path: Path, ending: str
) -> None:
    photo = footage.tagged(footage.picture(tmp_path / f"IMG_20261120_wangqiang.{ending}"))
    assert any(secret in photo.read_bytes() for secret in footage.SECRETS)
    ticket = sender.filed()
    assert demo.reporter().status(ticket).state == "received"
    sender.choose(photo)
    sender.told(0, "已去除文件中记录的位置、时间和设备型号")
    sender.send()
    sender.sent(0)
    [(item, meta, body)] = arrived(demo, ticket)
    assert item.apart and meta["name"].startswith("图片 1.")
    assert not [secret for secret in (*footage.SECRETS, b"wangqiang") if secret in body]
    again = tmp_path / f"sealed.{meta['name'].rpartition('.')[2]}"
    again.write_bytes(body)
    assert footage.tells(again) == []
    # Upright, as she saw it: Chromium shows a WebP as it lies, whatever its EXIF says.
    assert footage.size(again) == ((1600, 1200) if ending == "webp" else (1200, 1600))


@pytest.mark.parametrize("name", ["a.mp4", "a.mov", "a.webm", "a.m4a", "a.mp3"])
def test_a_film_and_a_sound_reach_intake_whole_and_without_what_their_file_said(
    sender: Sender, demo: Demo, tmp_path: Path, name: str
) -> None:
    film = footage.film(tmp_path / name)
    before = film.read_bytes()
    assert b"Wang Qiang" in before
    ticket = sender.filed()
    sender.choose(film)
    sender.told(0, "已去除文件中记录的位置、时间和设备型号")
    sender.send()
    sender.sent(0)
    [(_, meta, body)] = arrived(demo, ticket)
    assert meta["name"].split(" 1.")[0] == ("录音" if name[-3:] in {"m4a", "mp3"} else "录像")
    assert not [secret for secret in (*footage.SECRETS, b"x264", b"Lavf") if secret in body]
    sealed = tmp_path / f"sealed.{meta['name'].rpartition('.')[2]}"
    sealed.write_bytes(body)
    assert footage.tracks(sealed) == footage.tracks(film)
    assert not [line for line in footage.tells(sealed) if re.search(r"20[0-9]{2}:|Name|Location|GPS", line)]
    assert len(body) > 3_000_000 or name != "a.mp4"


def paper(path: Path, size: int = 3_200_000) -> Path:
    """A PDF as far as anybody can tell by its first bytes."""
    path.write_bytes(b"%PDF-1.7\n" + os.urandom(size))
    return path


def test_what_is_blacked_out_is_not_in_the_file(sender: Sender, demo: Demo, tmp_path: Path) -> None:
    photo = footage.picture(tmp_path / "a.png", "640x480")
    ticket = sender.filed()
    sender.choose(photo)
    sender.press(0, "black")
    board = sender.page.locator("[data-board]")
    board.scroll_into_view_if_needed()
    box = board.bounding_box()
    assert box
    mouse = sender.page.mouse
    mouse.move(box["x"] + box["width"] * 0.25, box["y"] + box["height"] * 0.25)
    mouse.down()
    mouse.move(box["x"] + box["width"] * 0.75, box["y"] + box["height"] * 0.75)
    mouse.up()
    sender.page.locator("[data-black-done]").click()
    sender.told(0, "已涂黑 1 处")
    sender.send()
    sender.sent(0)
    [(_, _, body)] = arrived(demo, ticket)
    sealed = tmp_path / "sealed.png"
    sealed.write_bytes(body)
    middle = footage.pixels(sealed, "crop=280:200:180:140")
    assert set(middle) == {0}
    assert len(set(footage.pixels(sealed, "crop=100:100:0:0"))) > 10


def test_each_file_that_is_not_taken_costs_one_sentence_and_the_others_go_on(
    sender: Sender, demo: Demo, tmp_path: Path
) -> None:
    made = {
        "empty.jpg": (b"", "这个文件是空的"),
        "drawing.jpg": (b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>", "这种文件不收"),
        "a.zip": (b"PK\x03\x04" + bytes(60), "这种文件不收"),
        "cut.jpg": (b"\xff\xd8\xff\xe0\x00\x10JFIF", "这张图片打不开"),
        "wide.png": (footage.png_of(60_000, 60_000), "这张图片太大"),
        "live.heic": (b"\0\0\0\x18ftypheic" + bytes(200), "HEIC"),
    }
    for name, (data, _) in made.items():
        (tmp_path / name).write_bytes(data)
    ticket = sender.filed()
    photo = footage.picture(tmp_path / ("\u202egpj." + "x" * 200 + ".jpg"), "320x240")
    sender.choose(*(tmp_path / name for name in made), photo, photo)
    for row, (_, told) in enumerate(made.values()):
        sender.told(row, told)
    sender.told(7, "已经选过")
    sender.send()
    sender.sent(6)
    [(item, meta, _)] = arrived(demo, ticket)
    assert not item.apart and meta["name"] == "图片 1.jpg"  # a small one travels inside its post


def test_a_document_goes_only_when_she_says_so_and_a_break_is_gone_on_from(
    sender: Sender, demo: Demo, tmp_path: Path
) -> None:
    asked: list[str] = []
    refusals = ["abort", "no_room"]

    def part(route: Route) -> None:
        _, _, *rest = route.request.headers["whistle-part"].split(".")
        refusal = refusals.pop(0) if rest[:1] == ["2"] and refusals else ""
        if refusal == "abort":
            route.abort()
        elif refusal:
            route.fulfill(status=507, json={"error": refusal, "what": "case"})
        else:
            asked.extend(rest[:1])
            route.continue_()

    ticket = sender.filed()
    sender.page.route("**/api/parts", part)
    paper_ = paper(tmp_path / "名单.pdf")
    sender.choose(paper_)
    sender.told(0, "可能含作者姓名")
    expect(sender.page.locator("[data-files-send]")).to_be_hidden()
    sender.press(0, "anyway")
    sender.told(0, "网站现在收不下这个文件")
    sender.press(0, "again")
    sender.sent(0)
    assert [asked.count(str(n)) for n in range(4)] == [1, 1, 1, 1]  # what arrived is not sent twice
    [(item, meta, body)] = arrived(demo, ticket)
    assert item.apart and (meta["name"], meta["type"]) == ("文件 1.pdf", "application/pdf")
    assert body == paper_.read_bytes()


def test_two_tabs_send_the_same_file_and_neither_disturbs_the_other(
    phone: BrowserContext, demo: Demo, tmp_path: Path
) -> None:
    photo = footage.picture(tmp_path / "a.jpg")
    first = Sender(phone.new_page(), demo.public)
    ticket = first.filed()
    second = Sender(phone.new_page(), demo.public)
    second.back(ticket)
    for tab in (first, second):
        tab.choose(photo)
        tab.told(0, "已去除")
    first.send()
    second.send()
    first.sent(0)
    second.sent(0)
    bodies = [body for _, _, body in arrived(demo, ticket)]
    assert len(bodies) == 2 and bodies[0] == bodies[1]
    expect(second.page.locator("[data-line]")).to_contain_text("补充证据")


def test_a_file_that_is_taken_back_leaves_nothing_and_a_pause_holds(sender: Sender, demo: Demo, tmp_path: Path) -> None:
    ticket = sender.filed()
    sender.choose(paper(tmp_path / "a.pdf", 9_000_000))
    sender.press(0, "anyway")
    pause = sender.page.locator("[data-files-pause]")
    pause.click()
    expect(pause).to_have_text("接着送")
    sender.press(0, "drop")
    expect(sender.rows).to_have_count(0)
    sender.choose(footage.picture(tmp_path / "b.jpg"))  # what comes next is not held up
    sender.told(0, "已去除")
    sender.send()
    sender.sent(0)
    assert [meta["name"] for _, meta, _ in arrived(demo, ticket)] == ["图片 1.jpg"]


# A browser that guards its canvas gives other pixels back than were drawn.
GUARD = """
const read = CanvasRenderingContext2D.prototype.getImageData;
CanvasRenderingContext2D.prototype.getImageData = function (...where) {
    const seen = read.apply(this, where);
    for (let i = 0; i < seen.data.length; i += 7) seen.data[i] ^= 1;
    return seen;
};
HTMLCanvasElement.prototype.toBlob = function (done) { done(new Blob([new Uint8Array(9)], { type: "image/jpeg" })); };
"""


def test_where_the_canvas_is_guarded_the_pixels_stay_and_the_segments_go(
    sender: Sender, demo: Demo, tmp_path: Path
) -> None:
    photo = footage.tagged(footage.picture(tmp_path / "a.jpg"))
    sender.page.add_init_script(GUARD)
    ticket = sender.filed()
    sender.choose(photo)
    sender.told(0, "已去除文件中记录的位置、时间和设备型号")
    sender.press(0, "black")
    sender.told(0, "涂黑做不了")
    sender.send()
    sender.sent(0)
    [(_, _, body)] = arrived(demo, ticket)
    assert not [secret for secret in footage.SECRETS if secret in body]
    sealed = tmp_path / "sealed.jpg"
    sealed.write_bytes(body)
    assert footage.size(sealed) == (1600, 1200)
    assert footage.pixels(sealed, "crop=100:100:0:0") == footage.pixels(photo, "crop=100:100:0:0")


def test_sound_is_recorded_in_the_page_heard_and_sent(browser: Browser, demo: Demo) -> None:
    fake = ["--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream"]
    with browser.browser_type.launch(executable_path=CHROMIUM, args=[*ARGUMENTS, *fake]) as recording:
        sender = Sender(recording.new_context(viewport=PHONE, locale="zh-CN").new_page(), demo.public)
        ticket = sender.filed()
        button = sender.page.locator("[data-record]")
        button.click(timeout=SLOW)
        expect(sender.page.locator("[data-recording]")).to_contain_text("正在录音，2 秒", timeout=SLOW)
        button.click()
        sender.told(0, "已去除")
        expect(sender.rows.nth(0).locator("audio")).to_be_visible()
        sender.send()
        sender.sent(0)
    [(_, meta, body)] = arrived(demo, ticket)
    assert (meta["name"], meta["type"]) == ("录音 1.weba", "audio/webm")
    assert b"Chrome" not in body and b"Mediabunny" not in body


def test_a_microphone_that_is_refused_is_told_and_nothing_else_happens(sender: Sender) -> None:
    sender.filed()
    expect(sender.place).to_be_visible(timeout=SLOW)
    sender.page.locator("[data-record]").click()
    expect(sender.page.locator("[data-files-wrong]")).to_contain_text("没有得到话筒的许可", timeout=SLOW)
    expect(sender.rows).to_have_count(0)


def test_what_the_office_sent_is_looked_at_or_saved_after_a_warning(sender: Sender, demo: Demo, tmp_path: Path) -> None:
    ticket = sender.filed()
    office = demo.office("intake")
    said = [words("thread", "已经整改，照片和文件如下。")]
    files = [
        ("thread", attachment(footage.picture(tmp_path / "a.jpg"))),
        ("thread", attachment(paper(tmp_path / "b.pdf", 2000))),
    ]
    office.act(case_of(demo, ticket), "message", {"comp": "thread"}, said, files)
    sender.page.on("dialog", lambda dialog: dialog.accept())
    sender.back(ticket)
    received = sender.page.locator("[data-received] > li")
    expect(received).to_have_count(2, timeout=SLOW)
    expect(sender.page.locator("[data-talk] .said")).to_have_count(1)  # a file is no empty speech
    received.nth(0).locator("[data-received-open]").click()
    canvas = received.nth(0).locator("canvas")
    expect(canvas).to_be_visible(timeout=SLOW)
    assert canvas.evaluate("(one) => [one.width, one.height]") == [1600, 1200]
    received.nth(1).locator("[data-received-open]").click()
    expect(received.nth(1)).to_contain_text("存下来的文件会留在手机里")
    with sender.page.expect_download() as started:
        received.nth(1).locator("button", has_text="存到手机").click()
    assert started.value.suggested_filename == "文件 2.pdf"
    assert Path(started.value.path()).read_bytes() == (tmp_path / "b.pdf").read_bytes()
    sender.page.locator("[data-lock]").click()
    expect(received).to_have_count(0)
