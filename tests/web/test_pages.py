"""Pages are made once, are the same for everybody, and hold nothing that a strict policy would refuse."""

import gzip
import hashlib
import json
import re
from base64 import b64encode
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from tests.web.conftest import CHINESE, PATHS, SITE, Answer, Page, without_names
from whistle.core import process, retention, rulebook
from whistle.core.workflow import ROLES
from whistle.public import form
from whistle.web.pages import Pages
from whistle.web.static import MissingAssetError

Ask = Callable[..., Answer]


def test_it_works(ask: Ask) -> None:
    for path in PATHS:
        answer = ask(path)
        assert answer.status_code == 200
        assert answer.headers["content-type"] == "text/html; charset=utf-8"
        assert answer.headers["cache-control"] == "no-cache"


@pytest.mark.parametrize("prefix", ["/en", "/zh-hant"])
def test_a_languages_front_page_needs_no_slash(ask: Ask, prefix: str) -> None:
    assert ask(prefix).content == ask(f"{prefix}/").content


@pytest.mark.parametrize("path", PATHS)
def test_every_page_leads_to_itself_in_the_other_languages(ask: Ask, path: str) -> None:
    page = Page(ask(path).text)
    (here,) = [tag for _, tag in page.tags if tag.get("aria-current")]
    there = {link["hreflang"]: link["href"] for link in page.all("a") if "hreflang" in link}
    assert {here["lang"], *there} == {"zh-CN", "zh-Hant", "en"}
    for tag, other in there.items():
        assert Page(ask(other).text).all("html")[0]["lang"] == tag
        assert other.endswith(path.removeprefix("/en").removeprefix("/zh-hant"))


def test_every_page_is_the_same_bytes_at_every_start(ask: Ask, make: Callable[..., Pages], pages: Pages) -> None:
    again = make()
    assert [asset.body for asset in again._pages.values()] == [asset.body for asset in pages._pages.values()]
    assert ask("/").content == ask("/").content


def test_a_browser_that_has_the_page_is_told_so(ask: Ask) -> None:
    first = ask("/report")
    second = ask("/report", if_none_match=first.headers["etag"])
    assert (second.status_code, second.content) == (304, b"")
    assert second.headers["etag"] == first.headers["etag"]


def test_a_page_is_compressed_for_whoever_can_read_that(ask: Ask, pages: Pages) -> None:
    plain, zipped = ask("/", accept_encoding="identity"), ask("/", accept_encoding="gzip")
    assert "content-encoding" not in plain.headers
    assert zipped.headers["content-encoding"] == "gzip"
    assert plain.content == zipped.content
    assert plain.headers["vary"] == zipped.headers["vary"] == "Accept-Encoding"
    one = pages._pages["home", "zh_CN"]
    assert gzip.decompress(one.zipped) == one.body


@pytest.mark.parametrize("path", PATHS)
def test_nothing_in_a_page_needs_a_looser_policy(ask: Ask, path: str) -> None:
    page = Page(ask(path).text)
    for script in page.all("script"):
        assert script.get("type") == "application/json" or ("src" in script and script["integrity"])
    assert not page.all("style", "iframe", "object", "base")
    for _, attrs in page.tags:
        assert not [name for name in attrs if name.startswith("on") or name == "style"]
        assert not any(value.lower().startswith("javascript:") for value in attrs.values())


@pytest.mark.parametrize("path", PATHS)
def test_no_page_names_a_third_party_but_the_way_out(ask: Ask, path: str) -> None:
    html = ask(path).text
    assert set(re.findall(r"(?:https?:)?//[\w.-]+\.\w+[^\"'\s<]*", html)) == {SITE["exit"]}
    assert html.count(str(SITE["exit"])) == 1


@pytest.mark.parametrize("path", PATHS)
def test_scripts_and_styles_carry_the_hash_of_their_bytes(ask: Ask, path: str) -> None:
    page = Page(ask(path).text)
    named = [(tag["src"], tag["integrity"]) for tag in page.all("script") if "src" in tag]
    named += [(tag["href"], tag["integrity"]) for tag in page.all("link") if tag["rel"] == "stylesheet"]
    # Two scripts and two styles, what changes the language among them; a code box brings the script of the case,
    # an open case what looks at her words, and adding files needs three more.
    assert len(named) == 4 + {"": 2, "case": 2, "report": 2, "evidence": 3, "draft": 1}.get(path.rpartition("/")[2], 0)
    for url, integrity in named:
        served = ask(url)
        assert served.status_code == 200
        assert served.headers["cache-control"] == "public, max-age=31536000, immutable"
        assert integrity == "sha384-" + b64encode(hashlib.sha384(served.content).digest()).decode()


@pytest.mark.parametrize("path", PATHS)
def test_a_page_can_be_read_aloud_and_used_by_keyboard(ask: Ask, path: str) -> None:
    page = Page(ask(path).text)
    ids = [attrs["id"] for _, attrs in page.tags if "id" in attrs]
    assert len(ids) == len(set(ids))
    prefixes = {"/en": "en", "/zh-hant": "zh-Hant"}
    assert page.all("html")[0]["lang"] == prefixes.get(f"/{path.split('/')[1]}", "zh-CN")
    assert all(len(page.all(landmark)) == 1 for landmark in ("header", "main", "footer"))
    assert page.all("a")[0]["href"] == "#main"
    assert page.all("h1")
    labelled = {label.get("for", "") for label in page.all("label")}
    for field in page.all("input", "select", "textarea"):
        bare = field.get("type") in {"radio", "checkbox", "hidden"}
        assert bare or field.get("id") in labelled or "aria-label" in field
    for _, attrs in page.tags:
        for name in ("aria-describedby", "aria-controls", "for"):
            assert set(attrs.get(name, "").split()) <= set(ids)
    assert all(icon["aria-hidden"] == "true" for icon in page.all("svg"))


@pytest.mark.parametrize("path", PATHS)
def test_the_way_out_is_on_every_page_and_tells_no_referrer(ask: Ask, path: str) -> None:
    (way,) = [link for link in Page(ask(path).text).all("a") if "data-leave" in link]
    assert way["href"] == SITE["exit"]
    assert "noreferrer" in way["rel"]


def test_the_words_of_a_script_cannot_break_out_of_their_block(ask: Ask) -> None:
    page = Page(ask("/report").text)
    (block,) = [attrs["body"] for tag, attrs in page.tags if tag == "#inline"]
    assert "<" not in block
    assert json.loads(block)["problem"]["offline"]


def test_an_unknown_address_is_a_page_for_people_and_a_code_for_programs(ask: Ask) -> None:
    for path in ("/nowhere", "/static/00000000/css/public.css", "/static/../pyproject.toml"):
        answer = ask(path)
        assert answer.status_code == 404
        assert answer.headers["content-type"].startswith("text/html")
        assert answer.headers["cache-control"] == "no-store"
    assert not CHINESE.search(without_names(ask("/en/nowhere").text))
    assert "沒有這一頁" in ask("/zh-hant/nowhere").text
    assert not ask("/api/nowhere").headers["content-type"].startswith("text/html")


def test_the_public_door_serves_none_of_the_back_office(ask: Ask, pages: Pages) -> None:
    assert "js/public/home.js" in pages._static._files
    assert not [name for name in pages._static._files if "review" in Path(name).parts]


def test_a_file_that_was_never_built_stops_the_start(make: Callable[..., Pages], static: Path) -> None:
    script = static / "js/public/home.js"
    kept = script.read_bytes()
    script.unlink()
    try:
        with pytest.raises(MissingAssetError, match="run make build"):
            make()
    finally:
        script.write_bytes(kept)


def test_the_plain_page_posts_to_itself_and_carries_no_script(pages: Pages) -> None:
    facts = {"view": "form", "values": {"text": "<b>机器</b>"}, "wrong": {"text": "太短"}}
    html = form.page(pages, "zh_CN", facts).decode()
    page = Page(html)
    assert not page.all("script")
    assert {one["action"] for one in page.all("form")} == {"/plain", "/plain/leave"}
    assert "&lt;b&gt;机器" in html
    assert "太短" in html


def test_the_front_page_tells_the_limits_of_the_pack_that_holds(ask: Ask, make: Callable[..., Pages]) -> None:
    assert all(said in ask("/").text for said in ("7 个工作日内", "60 天内，可延长 30 天", "以主办部门公布的为准"))
    pack = rulebook.load("SD-RULE-2024")
    read = replace(pack.step("accept"), limit=5, ground=replace(pack.step("accept").ground, source="text"))
    other = process.limits(replace(pack, steps=(read, *(one for one in pack.steps if one.name != "accept"))))
    page = make(context=SITE | {"limits": other}).render("home", "zh_CN").decode()
    assert "5 个工作日内" in page and "以上天数依据" in page and "7 个工作日内" not in page


@pytest.mark.parametrize("prefix", ["", "/zh-hant", "/en"])
def test_the_site_promises_no_destruction_that_the_program_does_not_do(ask: Ask, prefix: str) -> None:
    page = ask(f"{prefix}/privacy").text
    assert not re.search(r"60.{0,6}180|再留一年|one more year", page)
    assert re.search("期满不会自动销毁|期滿不會自動銷毀|Nothing is destroyed by itself", page)


def test_the_privacy_page_tells_the_terms_of_the_schedule_that_holds(ask: Ask, make: Callable[..., Pages]) -> None:
    page = ask("/privacy").text
    for words, terms in (("发了奖金的", "1 年 10 年 30 年"), ("您撤回的举报", "可以马上销毁 6 个月 6 个月")):
        row = re.search(f"{words}</th>(.*?)</tr>", page, re.DOTALL)
        assert row and re.sub(r"<[^>]*>|\s+", " ", row[1]).split() == terms.split()
    assert "不是哪部法律规定的数字" in page
    own = retention.read('id = "OWN"\nsource = "本区档案规定"\n[with_award]\nidentity = 18\npayout = 3\naward = 360')
    page = make(context=SITE | {"retention": retention.told(own)}).render("privacy", "zh_CN").decode()
    row = re.search("发了奖金的</th>(.*?)</tr>", page, re.DOTALL)
    assert row and re.sub(r"<[^>]*>|\s+", " ", row[1]).split() == ["18", "个月", "一直存着", "30", "年"]
    assert "以上期限依据本区档案规定。" in page and "不是哪部法律规定的数字" not in page


def test_the_privacy_page_leaves_out_nobody_who_reads_and_nothing_the_site_sees(
    ask: Ask, make: Callable[..., Pages]
) -> None:
    page = ask("/privacy").text
    rows = re.findall(r'<th scope="row">([^<]+)</th>', page)
    assert rows[: len(ROLES)] == ["受理员", "核查员", "审批领导", "奖励员", "财务", "审计员"]
    assert re.search(r"网站和管网站的人</th><td[^>]*>[^<]*行业[^<]*奖金多少、怎么领", page)
    assert "从来没有收到过" not in page and "用无脚本版的除外" in page
    assert "用无脚本版的除外" not in make(context=SITE | {"plain": False}).render("privacy", "zh_CN").decode()
    assert "一个字都不用写" not in page  # a claim asks for a name and a passphrase, however it is paid
