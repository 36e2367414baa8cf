"""Which pack sets a limit: the one of the day the clock began; a running clock never moves because another came."""

from dataclasses import replace

import pytest

from whistle.core import calendar, deadlines, process, rulebook
from whistle.core.errors import RuleError
from whistle.core.packs import Step
from whistle.core.process import Process
from whistle.core.record import Clock

NOW = rulebook.load("SD-RULE-2024")
YEARS = calendar.shipped()
# The eight packs of the first releases: what a case was told under them is found for ever.
SHIPPED = {
    "CN-EMP-2020": "126e39498c5db30f7e088b6630a6e52e7abd10a03ed22f476fffb0d094d7b292",
    "CN-NAT-2018": "cdcd1a37f0d17395cb4d630db59f745e1decc49be9e859a770176d418527ac08",
    "CQ-GRAIN-2023": "efaa337161d8a65e14ce7f320f1c86cc232625f77c57c6cabcf1492ef4d79e5d",
    "LY-REW": "0a2b76385ae39424ea79ebc11f5440f2f1a27b4ee0cae976cc9843b20f791d7f",
    "SC-2021": "c70404130d7243514f08c371d3a4f7182ed49e1251943dc05edc45f6333d0675",
    "SD-REW-2021": "634dd28a03da86b44a704a9e838c182d77218abb578a7dbe887df347771998dc",
    "SD-REW-2025": "4206fe6fe48eb60b15d305cef1bf591ec70b9e1272b27a8ea413646f65bf83f4",
    "SD-RULE-2024": "0d086548076cf1f26d4c819f1b76aef8408363ee7d29626fe73f61bfa7b9ec57",
}


def shorter(step: Step) -> Step:
    return replace(step, limit=10) if step.name == "objection" else step


LATER = replace(NOW, id="TEST-RULE-2027", steps=tuple(map(shorter, NOW.steps)))
HOUSE = Process((("", NOW), ("2026-06-01", LATER)))


@pytest.mark.parametrize(("name", "sha256"), SHIPPED.items())
def test_every_pack_ever_shipped_is_there_in_its_bytes(name: str, sha256: str) -> None:
    assert rulebook.pack_hash(rulebook.load(name)).hex() == sha256


@pytest.mark.parametrize(("start", "due"), [("2026-05-31", "2026-06-30"), ("2026-06-01", "2026-06-11")])
def test_a_clock_keeps_the_limit_of_the_day_it_began(start: str, due: str) -> None:
    clock = Clock("objection", start, whose="reporter")
    assert deadlines.due_of(clock, HOUSE, YEARS).date == due
    assert deadlines.soonest([clock], HOUSE, YEARS)[1] == deadlines.due_of(clock, HOUSE, YEARS)


def test_one_pack_by_itself_holds_for_every_day() -> None:
    assert process.read("SD-RULE-2024").on("1999-01-01") == NOW == NOW.on("2999-01-01")


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ("", "pack_unknown"),
        ("MADE-UP", "pack_unknown"),
        ("SD-REW-2021", "not_process"),
        ("CN-OBJ-2023", "not_process"),  # known, and not in force until its text is read
        ("SD-RULE-2024 SD-RULE-2024", "day_format"),
        ("SD-RULE-2024 SD-RULE-2024@2027-02-01 SD-RULE-2024@2027-01-01", "process_order"),
    ],
)
def test_what_sets_no_limits_is_not_taken(said: str, code: str) -> None:
    with pytest.raises(RuleError, check=lambda error: error.code == code):
        process.read(said)
