"""Awards: every edge of every formula from worked examples; the trace; facts in and out of their document."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.core import vectors
from whistle.core import calendar, rulebook, yuan
from whistle.core.rulebook import Facts, RuleError, award

SALT = bytes(range(32))
CASES = vectors.read("awards.json")["cases"]
SHANDONG, NATIONAL = rulebook.load("SD-REW-2021"), rulebook.load("CN-NAT-2018")
ALL = [*rulebook.shipped(), *vectors.TEST_PACKS, "SD-REW-2021+TEST-OVER", "SD-RULE-2024+LY-REW"]


def code_of(call: Callable[..., object], *args: object) -> str:
    with pytest.raises(RuleError) as refusal:
        call(*args)
    return refusal.value.code


def worked(case: dict[str, Any]) -> dict[str, str]:
    """What our engine makes of a worked example, in the words of the example."""
    try:
        facts = rulebook.facts_from_yuan(json.dumps(case["facts"]))
        return {"amount": yuan.text(award(facts, vectors.pack(case["pack"]), case.get("trial", False)).fen)}
    except RuleError as refusal:
        return {"refused": refusal.code}


def test_it_works() -> None:
    """The zone's own case of 2023: a wood plant fined 45,000, the reporter paid 22,500."""
    assert award(Facts("violation", fine=4500000), SHANDONG).fen == 2250000


@pytest.mark.parametrize("case", CASES, ids=[case["id"] for case in CASES])
def test_a_worked_example(case: dict[str, Any]) -> None:
    assert worked(case) == {name: case[name] for name in ("amount", "refused") if name in case}


def test_the_examples_are_many_and_each_has_its_own_name() -> None:
    assert len(CASES) == len({case["id"] for case in CASES}) >= 120


@pytest.mark.parametrize("example", vectors.read("traces.json"), ids=lambda example: example["id"])
def test_a_trace_is_the_one_the_browser_shows(example: dict[str, Any]) -> None:
    facts = rulebook.facts_from_yuan(json.dumps(example["facts"]))
    found = award(facts, vectors.pack(example["pack"]), trial=True)
    assert {"formula": found.formula, "clause": found.clause, "trace": list(found.trace)} == {
        name: example[name] for name in ("formula", "clause", "trace")
    }


def test_a_trace_names_every_step_with_its_clause_and_source() -> None:
    trace = award(Facts("violation", fine=2000007), NATIONAL).trace
    assert [(step["step"], step["words"], step["clause"]) for step in trace] == [
        ("base", "percent_of_fine", "第十一条第(一)项"),
        ("floor", "floor_kept", "第十一条第(一)项"),
        ("cap", "cap_kept", "第十一条第(一)项"),
        ("round", "rounded_half_up", ""),
    ]
    assert trace[0]["figures"] == {"fine": "20000.07", "rate": "15%", "result": "3000.0105"}
    assert json.loads(json.dumps(trace)) == list(trace)


def test_a_figure_from_an_overlay_names_the_overlay() -> None:
    over = vectors.pack("SD-REW-2021+TEST-OVER")
    origins = {step["step"]: step["origin"] for step in award(Facts("violation", fine=4500000), over).trace}
    assert origins == {"base": "TEST-OVER", "floor": "SD-REW-2021", "cap": "TEST-OVER", "round": ""}


def test_no_doubt_is_passed_off_as_law() -> None:
    trace = award(Facts("concealed_accident", fine=10000000), SHANDONG).trace
    assert (trace[0]["words"], trace[0]["source"], trace[0]["clause"]) == (
        "concealed_without_dead",
        "default",
        "",
    )


FACTS = st.one_of(
    st.builds(Facts, st.just("violation"), fine=st.integers(0, yuan.MAX_FEN), employee=st.booleans()),
    st.builds(
        lambda dead, hidden, employee: Facts(
            "concealed_accident",
            employee=employee,
            deaths=max(dead, hidden),
            deaths_concealed=min(dead, hidden),
        ),
        st.integers(0, 60),
        st.integers(0, 60),
        st.booleans(),
    ),
)


@given(FACTS)
def test_a_sum_stays_between_floor_and_ceiling(facts: Facts) -> None:
    for pack, floor in ((SHANDONG, 500000), (NATIONAL, 300000)):
        assert floor <= award(facts, pack).fen <= rulebook.ceiling(pack)


@given(st.integers(0, yuan.MAX_FEN - 1), st.booleans())
def test_a_higher_fine_never_earns_less(fine: int, employee: bool) -> None:
    for pack in (SHANDONG, NATIONAL, vectors.pack("TEST-ODD")):
        less = award(Facts("violation", fine=fine, employee=employee), pack).fen
        assert less <= award(Facts("violation", fine=fine + 1, employee=employee), pack).fen


@given(st.integers(0, yuan.MAX_FEN))
def test_an_employee_never_gets_less(fine: int) -> None:
    for pack in (SHANDONG, vectors.pack("TEST-LEAST")):
        plain = award(Facts("violation", fine=fine), pack).fen
        assert plain <= award(Facts("violation", fine=fine, employee=True), pack).fen


@given(FACTS)
def test_facts_come_back_from_their_document(facts: Facts) -> None:
    assert rulebook.parse_facts(rulebook.facts_document(facts, SALT)) == (facts, SALT)


def test_the_facts_document_has_one_spelling_with_the_salt_first() -> None:
    assert rulebook.facts_document(Facts("violation", fine=4500000), SALT).decode() == (
        '{"salt":"AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8","kind":"violation","fine":4500000,"employee":false,'
        '"officer_value":0,"reason":"","deaths":0,"deaths_concealed":0,"annex_item":"","domain":""}'
    )


GOOD = rulebook.facts_document(Facts("violation", fine=4500000), SALT)


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (GOOD + b" ", "facts_json"),
        (GOOD[:-1], "facts_json"),
        (b"", "facts_json"),
        (b"\xff", "facts_json"),
        (b"[]", "facts_keys"),
        (b"{}", "facts_keys"),
        (GOOD.replace(b'"fine":4500000', b'"fine":4500000.0'), "facts_json"),
        (GOOD.replace(b'"fine":4500000', b'"fine":-1'), "facts_json"),
        (GOOD.replace(b'"fine":4500000', b'"fine":true'), "fact_type"),
        (GOOD.replace(b'"fine":4500000', b'"fine":"45000.00"'), "fact_type"),
        (GOOD.replace(b'"employee":false', b'"employee":0'), "fact_type"),
        (GOOD.replace(b'"fine":4500000', b'"fine":100000000000001'), "money_range"),
        (GOOD.replace(b',"domain":""', b""), "facts_keys"),
        (GOOD.replace(b',"domain":""', b',"domain":"","x":1'), "facts_keys"),
        (GOOD.replace(b"AAEC", b"AAE*"), "salt_size"),
        (GOOD.replace(b'"AAEC', b'"'), "salt_size"),
        (GOOD.replace(b"HR4fHh8", b"HR4fHh9").replace(b"Hh8", b"Hh9"), "salt_size"),
        (GOOD.replace(b'"deaths":0', b'"deaths":1'), "fact_unused"),
    ],
)
def test_facts_of_another_spelling_are_refused(data: bytes, code: str) -> None:
    assert code_of(rulebook.parse_facts, data) == code


@pytest.mark.parametrize("salt", [b"", bytes(31), bytes(33)])
def test_a_salt_has_32_bytes(salt: bytes) -> None:
    assert code_of(rulebook.facts_document, Facts("violation"), salt) == "salt_size"


@pytest.mark.parametrize(
    "text", ["", "[]", "1", "null", "{", '{"kind":"violation","kind":"violation"}', "[" * 100_000, b"\xff"]
)
def test_typed_facts_that_are_no_object_are_refused(text: str | bytes) -> None:
    assert code_of(rulebook.facts_from_yuan, text) in ("facts_json", "fact_twice")


@given(st.binary(max_size=200))
def test_only_our_refusal_comes_out_of_the_parsers(data: bytes) -> None:
    for parse in (rulebook.parse_facts, rulebook.facts_from_yuan, rulebook.pack_from_document):
        with pytest.raises(RuleError):
            parse(data)


def test_an_officer_must_say_why() -> None:
    facts = Facts("general_hazard", officer_value=300000)
    assert code_of(award, facts, SHANDONG) == "reason_missing"
    assert award(facts, SHANDONG, trial=True).trace[0]["words"] == "officer_value_without_reason"


@pytest.mark.parametrize("base", ["SD-REW-2021+TEST-OVER", "LY-REW"])
def test_an_overlay_goes_on_top_only(base: str) -> None:
    assert code_of(rulebook.overlay, rulebook.load("LY-REW"), vectors.pack(base)) == "not_an_overlay"
    assert code_of(rulebook.overlay, vectors.pack(base), SHANDONG) == "not_an_overlay"


def test_an_overlay_replaces_single_figures_and_steps() -> None:
    merged = vectors.pack("SD-REW-2021+TEST-OVER")
    assert merged.by_name["rate"].value == 4000
    assert merged.by_name["floor"] == SHANDONG.by_name["floor"]
    assert "试验用" in merged.banner
    assert "已被" in merged.banner


def test_an_overlay_that_contradicts_its_base_is_refused() -> None:
    text = vectors.TEST_PACKS["TEST-OVER"].read_text("utf-8").replace("400000.00", "4999.99")
    assert code_of(rulebook.overlay, SHANDONG, rulebook.parse_pack(text)) == "overlap"


@pytest.mark.parametrize(
    ("pack", "fen"),
    [
        ("CN-NAT-2018", 30000000),
        ("SD-REW-2021", 50000000),
        ("SC-2021", 30000000),
        ("CQ-GRAIN-2023", 15000000),
        ("TEST-ANNEX", 50000000),
        ("TEST-LEAST", 30000000),
        ("TEST-SLABS", yuan.MAX_FEN * 3 // 10),
        ("SD-REW-2021+TEST-OVER", 50000000),
    ],
)
def test_a_server_without_the_facts_still_knows_the_ceiling(pack: str, fen: int) -> None:
    assert rulebook.ceiling(vectors.pack(pack)) == fen
    for case in CASES:
        if case["pack"] == pack and "amount" in case:
            assert yuan.parse(case["amount"]) <= fen


@pytest.mark.parametrize("pack", ["SD-REW-2025", "LY-REW", "SD-RULE-2024"])
def test_a_pack_that_pays_nothing_has_no_ceiling(pack: str) -> None:
    assert code_of(rulebook.ceiling, rulebook.load(pack)) in (
        "pack_empty",
        "overlay_alone",
        "pack_not_reward",
    )


ENTRIES = [{"id": "SD-REW-2021", "sha256": "h", "from": "2026-01-01", "to": "2026-12-31", "note": ""}]


@pytest.mark.parametrize(
    ("pack", "sha", "day", "may"),
    [
        ("SD-REW-2021", "h", "2026-01-01", True),
        ("SD-REW-2021", "h", "2026-12-31", True),
        ("SD-REW-2021", "h", "2025-12-31", False),
        ("SD-REW-2021", "h", "2027-01-01", False),
        ("SD-REW-2021", "edited", "2026-06-01", False),
        ("CN-NAT-2018", "h", "2026-06-01", False),
    ],
)
def test_a_pack_pays_only_as_listed_for_the_day_of_receipt(pack: str, sha: str, day: str, may: bool) -> None:
    assert rulebook.listed(ENTRIES, pack, sha, day) is may


def test_a_listing_without_end_stays_open() -> None:
    assert rulebook.listed([{**ENTRIES[0], "to": ""}], "SD-REW-2021", "h", "2040-01-01")


@pytest.mark.parametrize(
    ("fen", "people", "parts"),
    [
        (1000000, 3, [333334, 333333, 333333]),
        (100, 1, [100]),
        (5, 3, [3, 1, 1]),
        (2, 3, [2, 0, 0]),
        (0, 2, [0, 0]),
    ],
)
def test_equal_shares_of_a_joint_report(fen: int, people: int, parts: list[int]) -> None:
    assert rulebook.shares(fen, people) == parts


def test_shares_of_nobody_are_refused() -> None:
    assert code_of(rulebook.shares, 100, 0) == "people_range"


@pytest.mark.parametrize(
    ("category", "pack", "expected"),
    [
        ("violation", "CN-NAT-2018", ("percent", "第十一条第(一)项")),
        ("concealed_accident", "CN-NAT-2018", ("per_death", "第十一条第(二)项")),
        ("general_hazard", "SD-REW-2021", ("band", "")),
        ("general_hazard", "CN-NAT-2018", ("", "")),
        ("violation", "CQ-GRAIN-2023", ("slab", "")),
        ("retaliation", "SD-REW-2021", ("", "")),
    ],
)
def test_a_blind_register_names_the_formula_of_a_category(category: str, pack: str, expected: tuple[str, str]) -> None:
    assert rulebook.formula_of(category, rulebook.load(pack)) == expected


TABLES = calendar.shipped()


@pytest.mark.parametrize(
    ("step", "start", "due"),
    [
        ("accept", "2026-11-23", "2026-12-02"),
        ("verify", "2026-12-02", "2027-02-01"),
        ("verify_extended", "2026-12-02", "2027-03-02"),
        ("feedback", "2026-11-23", "2026-12-03"),
        ("award", "2026-11-23", "2026-12-14"),
        ("notice", "2026-11-23", "2026-12-07"),
        ("claim", "2026-11-23", "2027-01-22"),
        ("objection", "2026-11-23", "2026-12-23"),
    ],
)
def test_the_limits_of_the_process_pack(step: str, start: str, due: str) -> None:
    assert rulebook.deadline(rulebook.load("SD-RULE-2024"), step, start, TABLES).date == due


def test_a_step_the_pack_does_not_set_is_refused() -> None:
    assert code_of(rulebook.deadline, NATIONAL, "accept", "2026-11-23", TABLES) == "step_unknown"
