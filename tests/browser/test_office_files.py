"""Files at a reviewer's desk in real Chromium, under the doors' own policy: seen, blacked out, sent on."""

from __future__ import annotations

import io
import os
import subprocess
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from PIL import Image
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.cases import Cases
from tests.browser.conftest import ARGUMENTS, CHROMIUM, DESKTOP, PHONE
from tests.browser.people import SLOW, Reviewer
from tests.browser.watching import watch
from tests.doors import search
from whistle.client import Filed
from whistle.client.attaching import attachment

if TYPE_CHECKING:
    from tests.conftest import Demo

pytestmark = pytest.mark.browser

RED, GREEN = (220, 20, 20), (20, 160, 40)
GPS = b"Exif\0\0MM\0*N39.9042 E116.4074"


@pytest.fixture(scope="module")
def cases(demo: Demo) -> Cases:
    return Cases(demo)


def halves(path: Path, size: tuple[int, int] = (1200, 800)) -> Path:
    """A photo: red on the left, green on the right, noise below, so that it is larger than travels in a post."""
    picture = Image.new("RGB", size, GREEN)
    picture.paste(RED, (0, 0, size[0] // 2, size[1]))
    picture.paste(Image.frombytes("RGB", (size[0], 200), os.urandom(size[0] * 600)), (0, size[1] - 200))
    picture.save(path, quality=90, exif=GPS)
    return path


def film(path: Path) -> Path:
    made = "testsrc=duration=2:size=320x240:rate=10"
    subprocess.run(
        ["ffmpeg", "-loglevel", "error", "-f", "lavfi", "-i", made, "-c:v", "libvpx", "-b:v", "900k", str(path)],
        check=True,
    )
    return path


def desk(page: Page, demo: Demo, role: str) -> Reviewer:
    one = Reviewer(page, demo.review, role, demo.passphrase(role))
    one.unlock()
    return one


def sent(cases: Cases, tmp_path: Path, *paths: Path, state: str = "received") -> Filed:
    filed = cases.new(state, f"文件查看厂 {tmp_path.name}")
    for number, path in enumerate(paths, 1):
        cases.public.attach(filed.ticket, attachment(path, number))
    return filed


def look(page: Page, number: int) -> Locator:
    page.locator(f'button[data-file="{number}"]').click()
    return page.locator(".viewer")


def pixel(canvas: Locator, across: float, down: float) -> list[int]:
    """Colour of the drawn picture, at shares of its width and height."""
    js = """(source, [x, y]) => {
      const copy = new OffscreenCanvas(1, 1).getContext("2d");
      copy.drawImage(source, -Math.floor(source.width * x), -Math.floor(source.height * y));
      return [...copy.getImageData(0, 0, 1, 1).data].slice(0, 3);
    }"""
    return list(canvas.evaluate(js, [across, down]))


def near(colour: list[int], wanted: tuple[int, int, int]) -> bool:
    return all(abs(one - other) < 30 for one, other in zip(colour, wanted, strict=True))


def stroke(page: Page, canvas: Locator, start: tuple[float, float], end: tuple[float, float]) -> None:
    box = canvas.bounding_box()
    assert box
    for (x, y), press in ((start, page.mouse.down), (end, page.mouse.up)):
        page.mouse.move(box["x"] + box["width"] * x, box["y"] + box["height"] * y)
        press()


def test_a_photo_is_blacked_out_and_handed_over_and_the_original_stays(
    cases: Cases, demo: Demo, browser: Browser, tmp_path: Path
) -> None:
    filed = sent(cases, tmp_path, halves(tmp_path / "photo.jpg"))
    with browser.new_context(viewport=DESKTOP, locale="zh-CN") as context:
        seen = watch(context)
        intake = desk(context.new_page(), demo, "intake")
        page = intake.page
        intake.open(filed.case)
        viewer = look(page, 1)
        canvas = viewer.locator(".canvas canvas")
        expect(canvas).to_be_visible(timeout=SLOW)
        assert near(pixel(canvas, 0.2, 0.3), RED) and near(pixel(canvas, 0.8, 0.3), GREEN)
        viewer.locator("[data-nearer]").click()
        expect(viewer.locator(".zoom-1-5")).to_be_visible()
        viewer.locator("[data-farther]").click()
        viewer.locator('[data-tool="box"]').click()
        stroke(page, canvas, (0.05, 0.05), (0.4, 0.5))
        assert pixel(canvas, 0.2, 0.3) == [0, 0, 0]
        viewer.locator("[data-compare]").click()
        assert near(pixel(viewer.locator("figure canvas").first, 0.2, 0.3), RED)
        assert pixel(viewer.locator("canvas.result"), 0.2, 0.3) == [0, 0, 0]
        page.screenshot(path=str(tmp_path / "compare.png"))
        viewer.locator('[data-take="accept/work"]').click()
        expect(intake.form("accept").locator('.enclosures[data-comp="work"] li')).to_have_count(1)
        intake.sign("accept")
        expect(page.locator(".files li")).to_have_count(2)
        assert seen.complaints + seen.strangers(demo.review) == []
    view = cases.office("intake").case(filed.case)
    (handed,) = [item for item in view.items if item.kind == "accept" and (item.apart or item.meta["name"])]
    body = b"".join(cases.office("intake").fetch(view, handed).pieces()) if handed.apart else handed.body
    with Image.open(io.BytesIO(body)) as picture:
        assert handed.comp == "work" and picture.size == (1200, 800) and not picture.getexif()
        assert near(list(picture.convert("RGB").getpixel((240, 240)) or []), (0, 0, 0))


def test_a_turn_a_crop_and_a_blur_are_in_the_pixels(
    cases: Cases, demo: Demo, desktop_page: Page, tmp_path: Path
) -> None:
    filed = sent(cases, tmp_path, halves(tmp_path / "photo.jpg"))
    intake = desk(desktop_page, demo, "intake")
    intake.open(filed.case)
    viewer = look(desktop_page, 1)
    canvas = viewer.locator(".canvas canvas")
    expect(canvas).to_be_visible(timeout=SLOW)
    viewer.locator("[data-turn]").click()
    assert canvas.evaluate("c => [c.width, c.height]") == [800, 1200]
    assert near(pixel(canvas, 0.6, 0.1), RED) and near(pixel(canvas, 0.6, 0.8), GREEN)
    viewer.locator('[data-tool="blur"]').click()
    stroke(desktop_page, canvas, (0.3, 0.05), (0.9, 0.35))
    viewer.locator('[data-tool="crop"]').click()
    stroke(desktop_page, canvas, (0.5, 0.0), (0.9, 0.4))
    viewer.locator("[data-undo]").click()
    stroke(desktop_page, canvas, (0.5, 0.0), (0.9, 0.4))
    viewer.locator("[data-compare]").click()
    width, height = viewer.locator("canvas.result").evaluate("c => [c.width, c.height]")
    assert 300 <= width <= 340 and height < 500


def test_a_film_plays_and_gives_a_still(cases: Cases, demo: Demo, desktop_page: Page, tmp_path: Path) -> None:
    filed = sent(cases, tmp_path, film(tmp_path / "film.webm"))
    intake = desk(desktop_page, demo, "intake")
    intake.open(filed.case)
    viewer = look(desktop_page, 1)
    expect(viewer.locator("video")).to_be_visible(timeout=SLOW)
    desktop_page.wait_for_function("document.querySelector('video').readyState >= 2")
    viewer.locator("[data-still]").click()
    assert viewer.locator(".canvas canvas").evaluate("c => [c.width, c.height]") == [320, 240]


def test_a_photo_of_the_repair_reaches_the_reporter_without_its_place(
    cases: Cases, demo: Demo, desktop_page: Page, tmp_path: Path
) -> None:
    filed = sent(cases, tmp_path)
    intake = desk(desktop_page, demo, "intake")
    intake.open(filed.case)
    intake.begin("message")
    form = intake.form("message")
    form.locator("textarea").fill("防护罩装好了，请看照片。")
    (tmp_path / "evil.jpg").write_bytes(b"<svg onload=alert(1)>")
    form.locator('input[data-files="thread"]').set_input_files([tmp_path / "evil.jpg", halves(tmp_path / "repair.jpg")])
    expect(form.locator(".say.bad")).to_be_visible()
    expect(form.locator(".enclosures li")).to_have_count(1)
    intake.sign("message")
    view = cases.office("intake").case(filed.case)
    (photo,) = [item for item in view.items if item.apart]
    assert photo.comp == "thread"
    body = b"".join(cases.office("intake").fetch(view, photo).pieces())
    assert GPS[8:] in (tmp_path / "repair.jpg").read_bytes() and GPS[8:] not in body
    assert Image.open(io.BytesIO(body)).size == (1200, 800)
    (post,) = [one.post for one in view.posts if one.post.hash == photo.post]
    assert [photo.id, 0] in [list(row) for grant in post.grants if grant["to"] == "reporter" for row in grant["items"]]


def test_what_nothing_shows_is_saved_only_after_a_warning(
    cases: Cases, demo: Demo, desktop_page: Page, tmp_path: Path
) -> None:
    bomb = tmp_path / "bomb.png"
    head = b"\x89PNG\r\n\x1a\n" + (13).to_bytes(4) + b"IHDR" + (60_000).to_bytes(4) * 2
    bomb.write_bytes(head + b"\x08\x02\0\0\0" + bytes(4) + bytes(12))
    filed = sent(cases, tmp_path)
    plain = halves(tmp_path / "photo.jpg")
    cases.public.attach(
        filed.ticket, replace(attachment(plain), size=bomb.stat().st_size, pieces=lambda: iter([bomb.read_bytes()]))
    )
    page_file = b"<html><script>document.title='run'</script>"
    cases.public.attach(filed.ticket, replace(attachment(plain), size=len(page_file), pieces=lambda: iter([page_file])))
    intake = desk(desktop_page, demo, "intake")
    intake.open(filed.case)
    viewer = look(desktop_page, 1)
    expect(viewer.locator(".say.bad")).to_be_visible(timeout=SLOW)
    desktop_page.keyboard.press("Escape")
    expect(viewer).to_have_count(0)
    viewer = look(desktop_page, 2)
    viewer.locator("summary").click()
    with desktop_page.expect_download() as saved:
        viewer.locator("[data-save]").click()
    assert saved.value.suggested_filename.endswith(".bin")
    assert desktop_page.locator("iframe, object, embed").count() == 0


def test_the_profile_holds_nothing_in_clear_once_locked(
    cases: Cases, demo: Demo, browser: Browser, tmp_path: Path
) -> None:
    mark = os.urandom(24).hex()
    photo = halves(tmp_path / "photo.jpg")
    whole = photo.read_bytes()
    bare = whole[:2] + b"\xff\xfe" + (len(mark) + 2).to_bytes(2) + mark.encode() + whole[2:]
    filed = sent(cases, tmp_path)
    raw = replace(attachment(photo), size=len(bare), pieces=lambda: iter([bare]))
    clip = film(tmp_path / "film.webm")
    cases.public.attach(filed.ticket, raw)
    cases.public.attach(filed.ticket, attachment(clip, 2))
    profile = tmp_path / "profile"
    with browser.browser_type.launch_persistent_context(
        str(profile), executable_path=CHROMIUM, args=ARGUMENTS, viewport=DESKTOP, locale="zh-CN"
    ) as context:
        intake = desk(context.new_page(), demo, "intake")
        intake.open(filed.case)
        expect(look(intake.page, 1).locator(".canvas canvas")).to_be_visible(timeout=SLOW)
        intake.page.keyboard.press("Escape")
        expect(look(intake.page, 2).locator("video")).to_be_visible(timeout=SLOW)
        intake.page.keyboard.press("Escape")
        intake.page.locator(".person button").click()
        expect(intake.page.locator('input[name="login"]')).to_be_visible(timeout=SLOW)
    needles = {mark.encode(), whole[4000:4040], clip.read_bytes()[9000:9040]}
    assert search.in_files(needles, profile) == set()


def test_the_viewer_fits_a_phone(cases: Cases, demo: Demo, browser: Browser, tmp_path: Path) -> None:
    filed = sent(cases, tmp_path, halves(tmp_path / "photo.jpg"))
    with browser.new_context(viewport=PHONE, locale="zh-CN") as context:
        intake = desk(context.new_page(), demo, "intake")
        intake.open(filed.case)
        viewer = look(intake.page, 1)
        expect(viewer.locator(".canvas canvas")).to_be_visible(timeout=SLOW)
        assert intake.page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
        intake.page.screenshot(path=str(tmp_path / "phone.png"))


def a_pdf(path: Path) -> Path:
    """A page in a Chinese font that the file does not carry, with a script, a form and a link of its own."""
    text = "整改情况说明：安全阀已更换".encode("utf-16-be").hex()
    stream = f"BT /F1 36 Tf 40 700 Td <{text}> Tj ET".encode()
    objects = [
        b"<</Type/Catalog/Pages 2 0 R/OpenAction<</S/JavaScript/JS(app.alert\\(1\\);document.title='run')>>>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R"
        b"/Resources<</Font<</F1 5 0 R>>>>/Annots[8 0 R]>>",
        b"<</Length %d>>stream\n%s\nendstream" % (len(stream), stream),
        b"<</Type/Font/Subtype/Type0/BaseFont/STSong-Light/Encoding/UniGB-UCS2-H/DescendantFonts[6 0 R]>>",
        b"<</Type/Font/Subtype/CIDFontType0/BaseFont/STSong-Light/CIDSystemInfo 7 0 R/DW 1000>>",
        b"<</Registry(Adobe)/Ordering(GB1)/Supplement 2>>",
        b"<</Type/Annot/Subtype/Link/Rect[0 0 595 842]/A<</S/URI/URI(http://stranger.example/)>>>>",
    ]
    data, at = bytearray(b"%PDF-1.4\n"), []
    for number, each in enumerate(objects, 1):
        at.append(len(data))
        data += b"%d 0 obj%s endobj\n" % (number, each)
    table = b"".join(b"%010d 00000 n \n" % each for each in at)
    data += b"xref\n0 %d\n0000000000 65535 f \n%strailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF" % (
        len(objects) + 1, table, len(objects) + 1, len(data),
    )  # fmt: skip
    path.write_bytes(data)
    return path


def test_a_chinese_document_is_drawn_and_nothing_of_it_runs(
    cases: Cases, demo: Demo, browser: Browser, tmp_path: Path
) -> None:
    filed = sent(cases, tmp_path, a_pdf(tmp_path / "paper.pdf"))
    with browser.new_context(viewport=DESKTOP, locale="zh-CN") as context:
        seen = watch(context)
        intake = desk(context.new_page(), demo, "intake")
        intake.open(filed.case)
        title = intake.page.title()
        page = look(intake.page, 1).locator(".pages canvas")
        expect(page).to_be_visible(timeout=2 * SLOW)
        intake.page.screenshot(path=str(tmp_path / "pdf.png"))
        dark = page.evaluate(
            """c => { const copy = new OffscreenCanvas(c.width, c.height).getContext("2d"); copy.drawImage(c, 0, 0);
            return copy.getImageData(0, 0, c.width, c.height).data.filter((v, i) => i % 4 === 0 && v < 100).length }"""
        )
        assert dark > 2_000
        assert intake.page.title() == title and intake.page.locator(".viewer a, .viewer input").count() == 0
        assert seen.complaints + seen.strangers(demo.review) == []
