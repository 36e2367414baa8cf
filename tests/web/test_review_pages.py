"""The back office's pages: nothing that runs stands in them, and every word that the script asks for does."""

import json
import re
from pathlib import Path

import pytest

from whistle.core.workflow import load
from whistle.web.pages import Pages

ROOT = Path(__file__).parents[2]
SCRIPTS = ROOT / "static" / "js" / "review"
SITE = {
    "zone": "z",
    "fingerprint": "3f2a 91bc",
    "name": {"zh_CN": "临港", "en": "Lingang"},
    "office": "o",
    "phone": "12350",
    "exit": "/",
    "plain": False,
    "demo": True,
}
FILES = ("css/review.css", "icons/mark.svg", "js/review/app.js", "js/review/enrol.js")


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> Pages:
    static = tmp_path_factory.mktemp("static")
    for name in FILES:
        (static / name).parent.mkdir(parents=True, exist_ok=True)
        (static / name).write_text("/* built */", encoding="utf-8")
    return Pages(ROOT / "templates", ROOT / "locale", static, door="review", context=SITE)


def text(pages: Pages, name: str, language: str = "zh_CN") -> str:
    return pages.render(name, language).decode()


def words(page: str) -> dict[str, str]:
    block = re.search(r'<script type="application/json" id="words">(.*?)</script>', page, re.S)
    assert block

    def flat(table: dict[str, object], before: str) -> dict[str, str]:
        found: dict[str, str] = {}
        for key, value in table.items():
            found |= flat(value, f"{before}{key}.") if isinstance(value, dict) else {before + key: str(value)}
        return found

    return flat(json.loads(block[1]), "")


def test_it_works(pages: Pages) -> None:
    assert "安全生产举报办理台" in text(pages, "app")
    assert "Whistle back office" in text(pages, "app", "en")


@pytest.mark.parametrize("name", ["app", "enrol", "not_found", "error"])
@pytest.mark.parametrize("language", ["zh_CN", "en"])
def test_nothing_that_runs_or_styles_stands_in_a_page(pages: Pages, name: str, language: str) -> None:
    page = text(pages, name, language)
    assert not re.search(r"\son\w+\s*=", page)
    assert not re.search(r"\sstyle\s*=|<style", page)
    for tag in re.findall(r"<script[^>]*>", page):
        assert 'type="application/json"' in tag or ("src=" in tag and "integrity=" in tag)


def test_a_browser_in_compatibility_mode_is_told_what_to_do(pages: Pages) -> None:
    assert text(pages, "app").count("请切换到极速模式") == 2
    assert '<meta name="renderer" content="webkit">' in text(pages, "app")


def test_no_sentence_stands_in_script() -> None:
    for path in SCRIPTS.glob("*.js"):
        code = re.sub(r"/\*.*?\*/|//[^\n]*", "", path.read_text(encoding="utf-8"), flags=re.S)
        assert not re.search(r"[\u4e00-\u9fff]", code), path.name


def test_no_style_is_set_from_script() -> None:
    for path in SCRIPTS.glob("*.js"):
        assert not re.search(r"<\w+[^>]*\sstyle=", path.read_text(encoding="utf-8")), path.name


def test_every_word_the_script_names_is_in_the_page(pages: Pages) -> None:
    shown = words(text(pages, "app")) | words(text(pages, "enrol"))
    for path in SCRIPTS.glob("*.js"):
        code = path.read_text(encoding="utf-8")
        named = set(re.findall(r'\bt\(\s*"([\w.]+)"', code)) | set(re.findall(r'"((?:need|problem)\.\w+)"', code))
        assert named <= set(shown), (path.name, sorted(named - set(shown)))


def test_every_name_of_the_one_table_has_its_word(pages: Pages) -> None:
    shown, table = words(text(pages, "app")), load()
    wanted = {f"state.{one}" for one in table["states"]} | {f"kind.{one}" for one in table["kinds"]}
    wanted |= {f"category.{one}" for one in table["categories"]} | {f"sector.{one}" for one in table["sectors"]}
    wanted |= {f"role.{one}" for one in table["roles"]} | {f"source.{one}" for one in table["sources"]}
    wanted |= {f"method.{one}" for one in table["methods"]} | {f"step.{one['step']}" for one in table["clocks"]}
    wanted |= {f"reason.{code}" for codes in table["reasons"].values() for code in codes}
    wanted |= {f"outcome.{one}" for one in table["kinds"]["finding"]["to"]["outcome"]}
    wanted |= {f"does.{name}" for name, kind in table["kinds"].items() if kind["roles"] != ["reporter"]}
    assert wanted <= set(shown), sorted(wanted - set(shown))


def test_every_question_of_an_act_has_its_words(pages: Pages) -> None:
    shown, code = words(text(pages, "app")), (SCRIPTS / "acts.js").read_text(encoding="utf-8")
    for name, rest in re.findall(r'\{ name: "(\w+)"([^}]*)\}', code):
        assert f"field.{name}" in shown
        if "needed: true" in rest and name != "category":
            assert f"need.{name}" in shown or 'type: "select"' in rest
    for reader in re.findall(r'sealedFor: "(\w+)"', code):
        assert f"sealed.{reader}" in shown


@pytest.mark.parametrize("name", ["app", "enrol"])
def test_english_leaves_no_chinese_word(pages: Pages, name: str) -> None:
    left = {key: word for key, word in words(text(pages, name, "en")).items() if re.search(r"[\u4e00-\u9fff]", word)}
    assert not left


def test_the_places_in_a_word_are_the_same_in_both_languages(pages: Pages) -> None:
    for name in ("app", "enrol"):
        ours, theirs = words(text(pages, name)), words(text(pages, name, "en"))
        for key, word in ours.items():
            assert set(re.findall(r"\{(\w+)\}", word)) == set(re.findall(r"\{(\w+)\}", theirs[key])), key
