"""Every sentence exists in every language, and scripts hold no words of their own."""

import json
import re
import tomllib
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from babel.messages.pofile import read_po
from jinja2.ext import babel_extract

import traditional
from tests.web.conftest import CHINESE, PATHS, ROOT, Answer, without_names
from whistle.web.words import Words

TEMPLATES = ROOT / "templates"
FOLDERS = ("public", "shared")
LISTS = {
    "case": ("common", "terms", "case", "evidence"),
    "report": ("common", "terms", "answers", "report", "evidence"),
}
PLACE = re.compile(r"\{\w+\}")


def leaves(value: object) -> Iterator[str]:
    if isinstance(value, dict):
        for inner in value.values():
            yield from leaves(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from leaves(inner)
    else:
        yield str(value)


def sentences() -> set[str]:
    found: set[str] = set()
    for folder in FOLDERS:
        for path in (TEMPLATES / folder).rglob("*.html"):
            with path.open("rb") as file:
                options = {"trim_blocks": "true", "lstrip_blocks": "true"}
                for _, _, said, _ in babel_extract(file, ("_",), (), options):
                    found.update([said] if isinstance(said, str) else [one for one in said if one])
        for path in (TEMPLATES / folder / "words").glob("*.toml"):
            found.update(leaves(tomllib.loads(path.read_text(encoding="utf-8"))))
    return found


def catalogue(language: str) -> dict[str, str]:
    with (ROOT / f"locale/{language}/LC_MESSAGES/whistle.po").open("rb") as file:
        return {str(m.id): str(m.string) for m in read_po(file, abort_invalid=True) if m.id and not m.fuzzy}


def words_of(*names: str) -> dict[str, object]:
    folders = [TEMPLATES / "public/words", TEMPLATES / "shared/words"]
    return Words(ROOT / "locale", "zh_CN").tables(folders, *names)


def _in_big5(character: str) -> bool:
    try:
        return bool(character.encode("cp950"))
    except UnicodeEncodeError:
        return False


def test_it_works() -> None:
    words = Words(ROOT / "locale", "en")
    assert words("长者模式") == "Larger text"
    assert words("安全生产举报电话：{phone}（24 小时）", phone="12350") == "Safety hotline: 12350 (24 hours)"


@pytest.mark.parametrize("language", ["en", "zh_Hant"])
def test_every_sentence_is_translated_and_none_is_left_over(language: str) -> None:
    table, said = catalogue(language), sentences()
    assert sorted(said - {one for one, other in table.items() if other}) == []
    assert sorted(set(table) - said) == []


@pytest.mark.parametrize("language", ["en", "zh_Hant"])
def test_a_translation_names_the_same_facts(language: str) -> None:
    for sentence, other in catalogue(language).items():
        if sentence != "{y} 年 {m} 月 {d} 日":  # English names the month
            assert sorted(PLACE.findall(sentence)) == sorted(PLACE.findall(other)), sentence


@pytest.mark.parametrize("path", [path for path in PATHS if path.startswith("/en")])
def test_no_chinese_is_left_in_an_english_page(ask: Callable[..., Answer], path: str) -> None:
    assert not CHINESE.search(without_names(ask(path).text))


def test_the_traditional_catalogue_is_the_one_that_is_made_of_these_sentences() -> None:
    assert traditional.CATALOGUE.read_text(encoding="utf-8") == traditional.catalogue(), "run `make traditional`"


@pytest.mark.parametrize("path", [path for path in PATHS if path.startswith("/zh-hant")])
def test_no_simplified_character_is_left_in_a_traditional_page(ask: Callable[..., Answer], path: str) -> None:
    """What Big5 cannot write is simplified; 着 alone is written in Hong Kong and is not in it."""
    characters = CHINESE.findall(without_names(ask(path).text))
    assert characters
    assert not [one for one in characters if one != "着" and not _in_big5(one)]


def test_every_text_of_a_template_goes_through_the_catalogue() -> None:
    for folder in FOLDERS:
        for path in (TEMPLATES / folder).rglob("*.html"):
            code = re.sub(r"\{#.*?#\}", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)
            code = re.sub(r"_\((\"[^\"]*\"|'[^']*')", "", code)
            assert not CHINESE.search(code), path.name


# What is looked for in a text that is Chinese whatever the page's language: her words, a firm, an officer's document.
MATCHED = {"findings.js", "registers.js", "duplicates.js"}


def test_scripts_hold_no_words() -> None:
    for folder in ("public", "client"):
        for path in (ROOT / "static/js" / folder).rglob("*.js"):
            code = re.sub(r"/\*.*?\*/|//[^\n]*", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)
            assert path.name in MATCHED or not CHINESE.search(code), path.name


@pytest.mark.parametrize("folder", ["report", "case"])
def test_every_word_that_a_script_names_is_there(folder: str) -> None:
    words = words_of(*LISTS[folder])
    named = {
        found
        for path in (ROOT / "static/js/public" / folder).glob("*.js")
        for found in re.findall(r"\.words\.(\w+)\.(\w+)", path.read_text(encoding="utf-8"))
    }
    assert named
    for table, word in named:
        known = words[table]
        assert isinstance(known, dict)
        assert word in known, f"{table}.{word}"


def test_all_that_the_one_table_names_has_its_words() -> None:
    table = json.loads((ROOT / "whistle/core/workflow.json").read_text(encoding="utf-8"))
    words = words_of("case", "terms", "answers")
    shown = {kind for kind, rule in table["kinds"].items() if rule["vis"] == "all"}
    reasons = {code for kind, codes in table["reasons"].items() if kind in shown for code in codes}
    wanted = {
        "categories": set(table["categories"]),
        "sectors": set(table["sectors"]),
        "methods": set(table["methods"]),
        "seen": {state["seen"] for state in table["states"].values()},
        "events": shown,
        "told": shown - {"message"},
        "reasons": reasons,
        "due": {clock["step"] for clock in table["clocks"]},
    }
    for name, ids in wanted.items():
        known = words[name]
        assert isinstance(known, dict)
        assert ids <= set(known), name


def test_every_code_of_the_api_has_a_sentence() -> None:
    from whistle.web.errors import STATUS

    problems, of_files = words_of("common")["problem"], words_of("evidence")["problem_files"]
    assert isinstance(problems, dict) and isinstance(of_files, dict)
    not_hers = {"not_signed_in", "wrong_role", "method", "unrecorded"}
    assert set(STATUS) - not_hers <= set(problems) | set(of_files)


def test_the_templates_choices_are_those_of_the_table() -> None:
    table = json.loads((ROOT / "whistle/core/workflow.json").read_text(encoding="utf-8"))
    for page, name, ids in (("report", "category", "categories"), ("_case", "method", "methods")):
        html = Path(TEMPLATES / f"public/{page}.html").read_text(encoding="utf-8")
        assert set(re.findall(rf'choice\("{name}", "(\w+)"', html)) == set(table[ids])
