"""`whistle rules`: sums with their trace, days, hashes."""

from pathlib import Path

import pytest

from tests.cli.shell import Shell

FACTS = '{"kind":"violation","employee":false,"fine":"45000.00"}'


def test_it_works(shell: Shell) -> None:
    ran = shell.done("rules", "award", "--pack", "SD-REW-2021", "--facts", FACTS, "--json")
    assert set(ran.json) == {"amount", "trace"}
    assert ran.json["amount"] == "22500.00"
    assert ran.json["trace"]


def test_the_trace_ends_with_the_tax_and_what_it_rests_on(shell: Shell) -> None:
    ask = ("rules", "award", "--pack", "SD-REW-2021", "--json", "--facts")
    last = shell.done(*ask, FACTS).json["trace"][-1]
    assert (last["words"], last["figures"]) == ("tax_exempt", {"withheld": "0.00"})
    assert (last["origin"], last["clause"]) == ("财税字〔1994〕020号", "第二条第(四)项")
    hazard = '{"kind":"general_hazard","officer_value":"500.00","reason":"x"}'
    doubtful = shell.done(*ask, hazard).json["trace"][-1]
    assert (doubtful["words"], doubtful["source"]) == ("tax_ask", "default")
    told = shell.done("rules", "award", "--pack", "SD-REW-2021", "--facts", FACTS).out
    assert "tax_exempt  财税字〔1994〕020号 第二条第(四)项" in told


def test_facts_may_stand_in_a_file(shell: Shell, tmp_path: Path) -> None:
    (tmp_path / "facts.json").write_text(FACTS, encoding="utf-8")
    ran = shell.done("rules", "award", "--pack", "SD-REW-2021", "--facts", f"@{tmp_path / 'facts.json'}", "--json")
    assert ran.json["amount"] == "22500.00"


def test_a_deadline_says_whether_it_is_provisional(shell: Shell) -> None:
    ask = ("rules", "deadline", "--pack", "SD-RULE-2024", "--step", "accept", "--json", "--start")
    assert shell.done(*ask, "2026-06-01").json == {"due": "2026-06-10", "provisional": False}
    assert shell.done(*ask, "2031-06-02").json["provisional"] is True


@pytest.mark.parametrize(
    "facts", ["", "not json", '{"kind":"violation"', '{"kind":"bribery"}', '{"fine":1}', "@/no/such"]
)
def test_bad_facts_are_refused_with_a_sentence(shell: Shell, facts: str) -> None:
    ran = shell("rules", "award", "--pack", "SD-REW-2021", "--facts", facts, "--json")
    assert (ran.status, ran.out) == (1, "")
    assert ran.err.strip()
    assert "internal" not in ran.err.lower()


def test_the_hash_is_the_one_the_list_shows(shell: Shell) -> None:
    listed = {one["id"]: one["sha256"] for one in shell.done("rules", "list", "--json").json}
    assert shell.done("rules", "hash", "--pack", "CN-NAT-2018").out.strip() == listed["CN-NAT-2018"]


def test_a_pack_that_was_written_out_checks_to_the_same_hash(shell: Shell, tmp_path: Path) -> None:
    (tmp_path / "pack.toml").write_text(shell.done("rules", "show", "--pack", "SD-REW-2021").out, encoding="utf-8")
    checked = shell.done("rules", "check", tmp_path / "pack.toml").out.split()
    assert checked[1] == shell.done("rules", "hash", "--pack", "SD-REW-2021").out.strip()
