"""Rule packs: the shipped ones are whole and honest about their sources; a spoilt one is refused by line."""

import hashlib
import json
from dataclasses import replace

import pytest

from tests.core import vectors
from whistle.core import rulebook
from whistle.core.packs import Ground
from whistle.core.rulebook import PackError, RuleError, pack_document, pack_from_document, parse_pack

ANNEX = vectors.TEST_PACKS["TEST-ANNEX"].read_text("utf-8")
SHANDONG = rulebook.source_text("SD-REW-2021")
PROCESS = rulebook.source_text("SD-RULE-2024")
SLABS = rulebook.source_text("CQ-GRAIN-2023")
LEAST = vectors.TEST_PACKS["TEST-LEAST"].read_text("utf-8")
PINNED = vectors.read("packs.json")
NONE = Ground("", "", "", "", "")


def refusal(text: str) -> tuple[str, int]:
    with pytest.raises(PackError) as found:
        parse_pack(text)
    assert str(found.value).startswith(f"line {found.value.line}: ")
    return found.value.code, found.value.line


def line_of(text: str, words: str, nth: int = 1) -> int:
    lines = [number for number, row in enumerate(text.splitlines(), 1) if words in row]
    return lines[nth - 1]


def test_it_works() -> None:
    pack = rulebook.load("CN-NAT-2018")
    assert (pack.document, pack.by_name["rate"].value, pack.by_name["cap"].value) == (
        "安监总财〔2018〕19号",
        1500,
        30000000,
    )


def test_every_instrument_is_shipped_and_stays() -> None:
    assert rulebook.shipped() == (
        "CN-EMP-2020",
        "CN-NAT-2018",
        "CN-OBJ-2023",
        "CQ-GRAIN-2023",
        "CQ-GRAIN-2023-2",
        "EN-EX-1",
        "EN-EX-2",
        "EN-EX-3",
        "EN-PROC",
        "LY-REW",
        "SC-2021",
        "SC-2021-2",
        "SD-REW-2021",
        "SD-REW-2021-2",
        "SD-REW-2025",
        "SD-RULE-2024",
    )


@pytest.mark.parametrize("name", rulebook.shipped())
def test_every_figure_has_a_source_and_no_default_has_an_article(name: str) -> None:
    pack = rulebook.load(name)
    for row in (*pack.figures, *pack.slabs, *pack.annex, *pack.excluded, *pack.steps):
        assert row.ground.origin == name
        if row.ground.source == "default":
            assert (row.ground.article, row.ground.mark) == ("", "")
        else:
            assert row.ground.mark in ("A", "B", "C", "D")


@pytest.mark.parametrize("name", ["SD-REW-2021", "SC-2021", "CQ-GRAIN-2023"])
def test_a_second_reading_changes_no_figure(name: str) -> None:
    first, second = rulebook.load(name), rulebook.load(f"{name}-2")
    assert [(row.name, row.value) for row in first.figures] == [(row.name, row.value) for row in second.figures]
    assert [replace(row, ground=NONE) for row in first.slabs] == [replace(row, ground=NONE) for row in second.slabs]
    assert [(row.name, row.limit) for row in first.steps] == [(row.name, row.limit) for row in second.steps]


def test_the_second_reading_of_shandong_names_its_articles() -> None:
    found = {row.name: row.ground.article for row in rulebook.load("SD-REW-2021-2").figures}
    assert {found[name] for name in ("rate", "floor", "cap", "general_min", "general_max")} == {"第三条第二款"}
    assert {article for name, article in found.items() if "death" in name} == {"第三条第三款"}
    assert found["uplift"] == ""  # not seen, and never made up


def test_limits_nobody_read_in_the_order_are_all_defaults() -> None:
    for name in ("SD-RULE-2024", "EN-PROC"):
        assert {step.ground.source for step in rulebook.load(name).steps} == {"default"}


@pytest.mark.parametrize("name", ["EN-EX-1", "EN-EX-2", "EN-EX-3"])
def test_an_example_of_an_enterprise_says_that_it_is_one_and_names_no_law(name: str) -> None:
    pack = rulebook.load(name)
    assert "示例" in pack.title and pack.banner.startswith("示例,不是任何单位的规定")
    assert (pack.use, pack.document) == ("reward", "")
    assert {row.ground.source for row in (*pack.figures, *pack.annex)} == {"default"}


def test_every_limit_of_an_enterprise_says_itself_that_no_law_names_it() -> None:
    pack = rulebook.load("EN-PROC")
    assert all(step.ground.note.startswith("平台默认") for step in pack.steps)
    assert {step.name for step in pack.steps} == {step.name for step in rulebook.load("SD-RULE-2024").steps}


def test_superseded_figures_carry_their_banner() -> None:
    assert "鲁应急发〔2025〕12号" in rulebook.load("SD-REW-2021").banner


@pytest.mark.parametrize("name", ["SD-REW-2025", "LY-REW", "CN-EMP-2020"])
def test_an_instrument_whose_figures_are_unknown_ships_empty(name: str) -> None:
    pack = rulebook.load(name)
    assert pack.is_empty
    assert pack.steps == ()


@pytest.mark.parametrize("name", PINNED)
def test_a_document_and_its_hash_do_not_change_by_accident(name: str) -> None:
    pack = vectors.pack(name)
    assert pack_document(pack).decode() == PINNED[name]["document"]
    assert rulebook.pack_hash(pack).hex() == PINNED[name]["sha256"]
    assert hashlib.sha256(PINNED[name]["document"].encode()).hexdigest() == PINNED[name]["sha256"]


@pytest.mark.parametrize("name", PINNED)
def test_a_document_reads_back_to_the_same_pack(name: str) -> None:
    assert pack_from_document(PINNED[name]["document"].encode()) == vectors.pack(name)


def test_a_pack_we_do_not_have_is_refused() -> None:
    for name in ("NO-SUCH", "../rulebook", ""):
        with pytest.raises(RuleError) as found:
            rulebook.load(name)
        assert found.value.code == "pack_unknown"


def test_comments_and_layout_do_not_change_the_hash() -> None:
    spread = SHANDONG.replace('value = "50%"', '# the rate\n\nvalue   =   "50%"  # half')
    assert rulebook.pack_hash(parse_pack(spread)) == rulebook.pack_hash(parse_pack(SHANDONG))


@pytest.mark.parametrize(
    ("old", "new", "code", "at"),
    [
        ('value = "50%"', 'value = "50"', "percent_form", 'value = "50"'),
        ('value = "50%"', 'value = "-50%"', "percent_form", 'value = "-50%"'),
        ('value = "50%"', 'value = "0.505%"', "percent_form", 'value = "0.505%"'),
        ('value = "50%"', 'value = "1001%"', "percent_form", 'value = "1001%"'),
        ('value = "50%"', "value = 50", "text", "value = 50"),
        ('value = "5000.00"', 'value = "5000"', "money_form", 'value = "5000"'),
        ('value = "5000.00"', 'value = "-5000.00"', "money_form", 'value = "-5000.00"'),
        ('value = "5000.00"', 'value = "５０００.00"', "money_form", "５"),
        ('value = "500000.00"', 'value = "4999.99"', "overlap", "[figures.floor]"),
        ('value = "500.00"', 'value = "5000.01"', "overlap", "[figures.general_min]"),
        ("[figures.floor]", "[figures.flor]", "unknown_key", "[figures.flor]"),
        ('mark = "B"', 'mark = "E"', "choice", 'mark = "E"'),
        ('source = "text"', 'source = "guess"', "choice", 'source = "guess"'),
        ('source = "text"', 'source = "default"', "default_with_article", 'article = ""'),
        ('article = ""\n', "", "missing", "[figures.rate]"),
        ('mark = "B"\n', "", "missing", "[figures.rate]"),
        ('domain = "fire"', 'domain = ""', "code", 'domain = ""'),
        ('"percent", "band"', '"percent", "all"', "choice", "formulas ="),
        ('"percent", "band"', '"percent", "percent"', "twice", "formulas ="),
        ("v = 1", "v = 2", "version", "v = 2"),
        ("v = 1", "v = true", "version", "v = true"),
        ('use = "reward"', 'use = "gift"', "choice", 'use = "gift"'),
        ('use = "reward"', 'use = "process"', "process_with_figures", 'use = "process"'),
        ('use = "reward"', 'use = "reward"\nrate = "5%"', "unknown_key", 'rate = "5%"'),
        ('issued = "2021-03-18"', 'issued = "2021-02-29"', "day_format", 'issued = "2021-02-29"'),
        ('issued = "2021-03-18"', "issued = 2021-03-18", "text", "issued = 2021-03-18"),
        ('id = "SD-REW-2021"', 'id = "sd rew"', "code", 'id = "sd rew"'),
        ('title = "', 'title = "\\u202e', "text", "title ="),
        ("[[excluded]]", "[excluded]", "not_a_table", "[excluded]"),
        ("[figures.cap]", "[figures.cap", "syntax", "[figures.cap"),
        ("[figures.cap]", "[figures.floor]", "syntax", "[figures.floor]"),
    ],
)
def test_a_spoilt_pack_is_refused_with_its_line(old: str, new: str, code: str, at: str) -> None:
    text = SHANDONG.replace(old, new, 1)
    found, line = refusal(text)
    nth = 2 if code == "syntax" and new == "[figures.floor]" else 1
    assert (found, line) == (code, line_of(text, at, nth))


@pytest.mark.parametrize("figure", ["rate", "floor", "cap", "death_larger", "cap_concealed", "general_max"])
def test_half_a_formula_is_a_hole(figure: str) -> None:
    blocks = SHANDONG.split("\n\n")
    text = "\n\n".join(block for block in blocks if not block.startswith(f"[figures.{figure}]"))
    assert refusal(text)[0] == "hole"


def test_a_least_uplift_without_an_uplift_is_a_hole() -> None:
    text = LEAST.replace('[figures.uplift]\nvalue = "15%"\nsource = "default"\n\n', "")
    assert refusal(text) == ("hole", line_of(text, "[figures.uplift_min]"))


@pytest.mark.parametrize(
    ("old", "new", "code", "slab"),
    [
        ('from = "150000.00"', 'from = "149999.99"', "overlap", 2),
        ('from = "150000.00"', 'from = "150000.01"', "hole", 2),
        ('from = "0.00"', 'from = "0.01"', "hole", 1),
        ('to = "150000.00"', 'to = "0.00"', "overlap", 2),
        ('to = "500000.00"', 'to = "150000.00"', "overlap", 2),
        ('to = "2000000.00"\n', "", "overlap", 4),
        ('from = "5000000.00"', 'from = "5000000.00"\nto = "6000000.00"', "hole", 5),
        ('rate = "1%"', 'rate = "1%"\nfixed = "5.00"', "one_of", 2),
        ('rate = "1%"\n', "", "one_of", 2),
    ],
)
def test_slabs_leave_no_hole_and_no_overlap(old: str, new: str, code: str, slab: int) -> None:
    text = SLABS.replace(old, new, 1)
    assert refusal(text) == (code, line_of(text, "[[slabs]]", slab))


def test_a_rate_beside_slabs_is_an_overlap() -> None:
    rate = SHANDONG[SHANDONG.index("[figures.rate]") : SHANDONG.index("[figures.death_ordinary]")]
    text = f"{SLABS}\n{rate}"
    assert refusal(text) == ("overlap", line_of(text, "[[slabs]]"))


@pytest.mark.parametrize(
    ("old", "new", "code", "item"),
    [
        ('item = "TOP"', 'item = "DUST-06"', "twice", 2),
        ('fixed = "300000.00"', 'fixed = "300000.00"\nmax = "400000.00"', "one_of", 4),
        ('fixed = "300000.00"\n', "", "one_of", 4),
        ('min = "20000.00"', 'min = "100000.01"', "overlap", 1),
    ],
)
def test_a_listed_situation_has_limits_or_a_fixed_sum(old: str, new: str, code: str, item: int) -> None:
    text = ANNEX.replace(old, new, 1)
    assert refusal(text) == (code, line_of(text, "[[annex]]", item))


def test_limits_without_a_rate_are_a_hole() -> None:
    head, tail = ANNEX[: ANNEX.index("[figures.rate]")], ANNEX[ANNEX.index("[[annex]]") :]
    text = head + tail
    assert refusal(text) == ("hole", line_of(text, "[[annex]]"))


@pytest.mark.parametrize(
    ("old", "new", "code", "at"),
    [
        ("limit = 7", "limit = 0", "limit_range", "limit = 0"),
        ("limit = 7", "limit = -7", "limit_range", "limit = -7"),
        ("limit = 7", "limit = 7.0", "limit_range", "limit = 7.0"),
        ("limit = 7", "limit = true", "limit_range", "limit = true"),
        ("limit = 7", 'limit = "7"', "limit_range", 'limit = "7"'),
        ('unit = "working_day"', 'unit = "week"', "choice", 'unit = "week"'),
        ("[steps.accept]", "[steps.acept]", "unknown_key", "[steps.acept]"),
        ('extends = "verify"', 'extends = "claim"', "hole", "[steps.verify_extended]"),
        ('extends = "verify"', 'extends = "soon"', "choice", 'extends = "soon"'),
    ],
)
def test_a_spoilt_limit_is_refused_with_its_line(old: str, new: str, code: str, at: str) -> None:
    text = PROCESS.replace(old, new, 1)
    assert refusal(text) == (code, line_of(text, at))


@pytest.mark.parametrize("text", ["", "= 1", "v = 1", 'v = 1\nid = "A1"', "\x00", "figures = 3\nv = 1"])
def test_what_is_no_pack_is_refused(text: str) -> None:
    refusal(text)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('"v":1', '"v":2'),
        ('"value":5000', '"value":-1'),
        ('"value":5000', '"value":"50%"'),
        ('"value":5000', '"value":true'),
        ('"name":"rate"', '"name":"rats"'),
        ('"name":"rate",', ""),
        ('"use":"reward"', '"use":"gift"'),
        ('"use":"reward"', '"use":["reward"]'),
        ('"annex":[]', '"annex":{}'),
        ('"annex":[]', '"annex":[1]'),
        ('"annex":[]', '"annex":[],"more":[]'),
        ('"mark":"B"', '"mark":7'),
        ('"formulas":["percent","band"]', '"formulas":["percent","all"]'),
        ('"name":"floor","value":500000', '"name":"floor","value":50000001'),
    ],
)
def test_a_spoilt_document_is_refused(old: str, new: str) -> None:
    document = PINNED["SD-REW-2021"]["document"]
    assert old in document
    with pytest.raises(PackError):
        pack_from_document(document.replace(old, new, 1).encode())


def test_a_document_has_fixed_keys_and_no_null() -> None:
    value = json.loads(PINNED["SD-REW-2021"]["document"])
    assert list(value) == [
        *("v", "id", "title", "document", "issued", "use", "banner", "note"),
        *("figures", "slabs", "annex", "excluded", "steps"),
    ]
    assert list(value["figures"][0]) == ["name", "value", "article", "mark", "source", "origin", "note"]
    assert "null" not in PINNED["SD-REW-2021"]["document"]
