"""The back office's pages: nothing that runs stands in them, and every word that the script asks for does."""

import json
import re
from pathlib import Path

import pytest

from whistle.core.workflow import ROLES, load
from whistle.notices import KINDS
from whistle.notices.mail import FAILURES
from whistle.review.app import TABLE as ROUTES
from whistle.web.pages import Pages
from whistle.web.words import Words

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
FILES = ("css/review.css", "icons/mark.svg", "js/review/app.js", "js/review/enrol.js", "js/review/pdf.js")


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
    """But for the office's own papers: registers and letters are written in Chinese whatever the page's language."""
    for path in (one for one in SCRIPTS.rglob("*.js") if one.parent.name not in {"papers", "registers"}):
        code = re.sub(r"/\*.*?\*/|//[^\n]*", "", path.read_text(encoding="utf-8"), flags=re.S)
        assert not re.search(r"[\u4e00-\u9fff]", code), path.name


def test_no_style_is_set_from_script() -> None:
    for path in SCRIPTS.rglob("*.js"):
        assert not re.search(r"<\w+[^>]*\sstyle=", path.read_text(encoding="utf-8")), path.name


def test_every_word_the_script_names_is_in_the_page(pages: Pages) -> None:
    shown = words(text(pages, "app")) | words(text(pages, "enrol"))
    for path in SCRIPTS.rglob("*.js"):
        code = path.read_text(encoding="utf-8")
        named = set(re.findall(r'\bt\(\s*"([\w.]+)"', code)) | set(re.findall(r'"((?:need|problem)\.\w+)"', code))
        assert named <= set(shown), (path.name, sorted(named - set(shown)))


def test_every_name_of_the_one_table_has_its_word(pages: Pages) -> None:
    shown, table = words(text(pages, "app")), load()
    wanted = {f"state.{one}" for one in table["states"]} | {f"kind.{one}" for one in table["kinds"]}
    wanted |= {f"category.{one}" for one in table["categories"]} | {f"sector.{one}" for one in table["sectors"]}
    wanted |= {f"role.{one}" for one in ROLES} | {f"source.{one}" for one in table["sources"]}
    wanted |= {f"method.{one}" for one in table["methods"]} | {f"step.{one['step']}" for one in table["clocks"]}
    wanted |= {f"reason.{code}" for codes in table["reasons"].values() for code in codes}
    wanted |= {f"outcome.{one}" for one in table["kinds"]["finding"]["to"]["outcome"]}
    wanted |= {f"does.{name}" for name, kind in table["kinds"].items() if kind["roles"] != ["reporter"]}
    assert wanted <= set(shown), sorted(wanted - set(shown))


TABLE = load()
SEATED = {"intake", "verifier", "leader", "payout", "finance", "auditor"}
# What a script puts behind each prefix that it completes by itself: every one of these words must be there.
COMPLETED: dict[str, set[str]] = {
    "state": set(TABLE["states"]),
    "kind": set(TABLE["kinds"]),
    "does": {name for name, kind in TABLE["kinds"].items() if kind["roles"] != ["reporter"]},
    "category": set(TABLE["categories"]),
    "sector": set(TABLE["sectors"]),
    "source": set(TABLE["sources"]),
    "method": set(TABLE["methods"]),
    "role": SEATED,
    "outcome": set(TABLE["kinds"]["finding"]["to"]["outcome"]),
    "objection_outcome": set(TABLE["kinds"]["objection.decide"]["to"]["outcome"]),
    "telltale": {"copied", "name", "phone", "id", "work", "plate", "time"},
    "about": {"decline", "award.refuse", "feedback"},
    "audit": {"when", "person", "act", "of", "outcome"},
    "audit_act": {act.name for _, _, _, act in ROUTES if act} | {"login", "enrol", "identity", "publish", "day"},
    "audit_outcome": {"done", "not_found", "wrong_role"},
    "scope": {"identity", "payout", "award", "content", "report", "contact"},
    "custody": {
        *("hold", "audit.hold", "withdraws_report", "withdraws_contact", "withdrawn_report", "withdrawn_contact"),
        *("destroying", "destroyed", "buried"),
    },
    "retention": {"number", "day", "closed", "what"},
    "handover_came": {"due", "done"},
    "broken_by": {"handover", "regrant", "assign", "identity.give", "other"},
    "honour": {*TABLE["honours"], "title", "text", "unread"},
    "step": {clock["step"] for clock in TABLE["clocks"]} | {"paused"},
    "way": {"received", "accepted", "verifying", "verified", "reward_approved", "paid", "closed"},
    "talk": {"thread", "payout"},
    "compartment": set(TABLE["compartments"]),
    "view": {"mine", "today", "overdue", "claims", "unread", "all"},
    "empty": {
        word + more
        for word in ("mine", "today", "overdue", "claims", "unread", "all", "filter", "search")
        for more in ("", "_more")
    },
    "nav": {"inbox", "search", "transcribe", "ledger", "registers", "main", "lock", "bulletin", "handover"},
    "column": {"number", "state", "left", "subject", "class", "seated", "said", "files", "day"},
    "order": {"due", "state", "number", "day"},
    "bulk": {f"{before}{op}" for op in ("assign", "handover") for before in ("", "sign_")} | {"list"},
    "bulk_came": {"due", "done", "has", "stays"},
    "bulk_column": {"number", "state", "enterprise", "place", "line", "day"},
    "filter": {"category", "sector", "urgent", "unread"},
    "balance": {"budget", "approved", "paid", "open", "forfeited", "revoked", "left", "cancelled"},
    "grounds": {
        f"{said}_{kind}" for said in ("from", "enter", "lacks", "document") for kind in ("meeting", "filing", "cash")
    },
    "cash": {"brought", "approved", "cancelled", "forfeited", "paid", "carried", "returned"},
    "ended": {"award.return", "award.unapprove", "award.cancel", "award.refuse"},
    "book": {"no", "day", "kind", "case", "basis", "fen", "voucher", "treasury", "memo"},
    "ledger": {"xlsx", "csv", "jsonl", "anchor", "anchor_hint"},
    "taken": {"phone", "letter", "counter", "hotline"},
    "card": {"enterprise", "place", "since", "relation", "arrived", "paper"},
    "repeat": {"merged", "account", "payee", "matter"},
    "part": {"whole", "partial"},
    "notice_kind": set(KINDS),
    "notice_said": {"nothing", "sent", "late", "address", "private", "no_such_host", "redirect", "its_fault", "refused"}
    | {code for _, code in FAILURES},
    "numbers": {"voucher", "treasury", "sure", "title"},
    "duplicates": {"unit", "place", "words"},
    "search_in": {"card", "report", "thread", "extract", "finding", "work"},
    "help": {"down", "up", "open", "tick", "assign", "reply", "export", "next", "search", "back", "this"},
}
# Prefixes whose words are asked for only where they are, or are held to their own tables by another test.
HELD_ELSEWHERE = {
    *("action", "ask", "declared", "error", "fact", "field", "formula", "level", "paper", "paperfact", "reason"),
    *("recipient", "register", "registers", "result", "sealed", "told", "trace", "transcribe", "entry"),
}


@pytest.mark.parametrize("language", ["zh_CN", "en"])
def test_every_word_that_a_script_completes_is_in_the_page(pages: Pages, language: str) -> None:
    shown = words(text(pages, "app", language))
    wanted = {f"{prefix}.{one}" for prefix, names in COMPLETED.items() for one in names}
    assert wanted <= set(shown), sorted(wanted - set(shown))


def test_no_script_completes_a_word_that_no_test_knows() -> None:
    code = "".join(path.read_text(encoding="utf-8") for path in SCRIPTS.rglob("*.js"))
    prefixes = set(re.findall(r"\b(?:t|word|say)\(`(\w+)\.\$\{", code))
    assert prefixes
    assert prefixes <= COMPLETED.keys() | HELD_ELSEWHERE, sorted(prefixes - COMPLETED.keys() - HELD_ELSEWHERE)


def test_two_lists_of_a_page_cannot_hold_the_same_table(tmp_path: Path) -> None:
    for name in ("one", "other"):
        (tmp_path / f"{name}.toml").write_text(f'[empty]\n{name} = "字"\n', encoding="utf-8")
    with pytest.raises(ValueError, match=r"other\.toml has empty"):
        Words(ROOT / "locale", "zh_CN").tables([tmp_path], "one", "other")


def test_every_question_of_an_act_has_its_words(pages: Pages) -> None:
    shown = words(text(pages, "app"))
    code = "".join(path.read_text(encoding="utf-8") for path in sorted((SCRIPTS / "case/acts").glob("*.js")))
    questions = re.findall(r'\{ name: "(\w+)"([^}]*)\}', code)
    assert len(questions) > 30
    for name, rest in questions:
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


def test_no_script_uses_what_the_oldest_browser_lacks() -> None:
    """Chrome 86 and iOS 14 know no Array.at, findLast or structuredClone; the bundler does not translate them."""
    for path in (ROOT / "static" / "js").rglob("*.js"):
        code = re.sub(r"/\*.*?\*/|//[^\n]*", "", path.read_text(encoding="utf-8"), flags=re.S)
        assert not re.search(r"\.at\(-?\d|\.findLast\w*\(|\bstructuredClone\(|\.toSorted\(", code), path.name
