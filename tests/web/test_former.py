"""A page that was loaded before an upgrade finds its scripts for a week, and then no more."""

import os
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from whistle.web.former import ENDED, KEPT_SECONDS, keep
from whistle.web.static import StaticFiles


@pytest.fixture
def build(tmp_path: Path) -> Path:
    (tmp_path / "build" / "js" / "public").mkdir(parents=True)
    return tmp_path / "build"


def built(build: Path, former: Path, script: str) -> StaticFiles:
    (build / "js" / "public" / "page.js").write_text(script, encoding="utf-8")
    return StaticFiles(build, "public", former=former)


def test_it_works(build: Path, tmp_path: Path) -> None:
    first = built(build, tmp_path / "former", "first")
    old = first["js/public/page.js"].url
    second = built(build, tmp_path / "former", "second")
    found = second.find(old)
    assert found is not None
    assert (found.asset.body, found.asset.headers["Cache-Control"][:6]) == (b"first", "public")
    assert second["js/public/page.js"].asset.body == b"second"


def test_what_ended_more_than_a_week_ago_is_gone_from_the_disk(build: Path, tmp_path: Path) -> None:
    former = tmp_path / "former"
    old = built(build, former, "first")["js/public/page.js"].url
    built(build, former, "second")
    (mark,) = former.glob(f"*/{ENDED}")
    os.utime(mark, (time.time() - KEPT_SECONDS - 60,) * 2)
    assert built(build, former, "second").find(old) is None
    assert len(list(former.iterdir())) == 1


def test_the_week_begins_with_the_next_build_however_long_this_one_ran(build: Path, tmp_path: Path) -> None:
    former = tmp_path / "former"
    old = built(build, former, "first")["js/public/page.js"].url
    for path in former.rglob("*"):
        os.utime(path, (time.time() - 10 * KEPT_SECONDS,) * 2)
    assert built(build, former, "second").find(old) is not None
    assert built(build, former, "second").find(old) is not None


def test_a_build_that_comes_back_is_no_former_one(build: Path, tmp_path: Path) -> None:
    former = tmp_path / "former"
    for script in ("first", "second", "first"):
        built(build, former, script)
    assert len(list(former.glob(f"*/{ENDED}"))) == 1


def test_a_build_that_was_not_written_to_its_end_is_never_served(build: Path, tmp_path: Path) -> None:
    former = tmp_path / "former"
    half = former / "0123456789abcdef.17" / "static" / "aaaaaaaa" / "js"
    half.mkdir(parents=True)
    (half / "half.js").write_text("ha", encoding="utf-8")
    assert built(build, former, "first").find("/static/aaaaaaaa/js/half.js") is None
    keep(former, {"/static/a/b.js": b"x"}, time.time() + KEPT_SECONDS + 60)
    assert not half.exists()


def test_processes_of_one_build_that_start_at_once_keep_it_once(tmp_path: Path) -> None:
    files = {f"/static/{n}/{n}.js": b"x" * n for n in range(50)}
    with ThreadPoolExecutor(4) as doors:
        assert list(doors.map(lambda _: keep(tmp_path / "former", files, time.time()), range(8))) == [{}] * 8
    (kept,) = (tmp_path / "former").iterdir()
    assert len(list(kept.rglob("*.js"))) == 50


@pytest.mark.parametrize("url", ["/static/../../secrets/x.js", "/static/%2e%2e/x.js", "/static/aaaaaaaa/ended"])
def test_no_address_leads_out_of_the_builds(build: Path, tmp_path: Path, url: str) -> None:
    built(build, tmp_path / "former", "first")
    assert built(build, tmp_path / "former", "second").find(url) is None


def test_a_folder_that_cannot_be_written_keeps_nothing_and_stops_nothing(tmp_path: Path) -> None:
    (tmp_path / "former").write_text("a file, not a folder", encoding="utf-8")
    assert keep(tmp_path / "former", {"/static/a/b.js": b"x"}, time.time()) == {}
