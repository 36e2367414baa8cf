"""Yuan and fen: one spelling in, one out, and the capitals that papers carry."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from whistle.core import yuan
from whistle.core.errors import RuleError

SUMS = st.integers(0, yuan.MAX_FEN)


def test_it_works() -> None:
    assert yuan.parse("22500.00") == 2250000
    assert yuan.text(2250000) == "22500.00"
    assert yuan.capitals(2250000) == "贰万贰仟伍佰元整"


@given(SUMS)
def test_every_sum_has_one_spelling(fen: int) -> None:
    assert yuan.parse(yuan.text(fen)) == fen


@pytest.mark.parametrize(
    "text",
    [
        "",
        "22500",
        "22500.0",
        "22500.000",
        "1.005",
        "-1.00",
        "+1.00",
        "01.00",
        "00.00",
        ".50",
        "1.",
        "1,000.00",
        "1e3",
        "1.00 ",
        " 1.00",
        "1.00\n",
        "１.00",
        "１００.００",
        "1。00",
        "1．00",
        "٣.00",
        "¥1.00",
        "NaN",
        "Infinity",
        "0x10.00",
        "1_000.00",
        "99999999999999.00",
    ],
)
def test_another_spelling_is_refused(text: str) -> None:
    with pytest.raises(RuleError) as refusal:
        yuan.parse(text)
    assert refusal.value.code == "money_form"


def test_a_huge_sum_is_refused() -> None:
    assert yuan.parse("1000000000000.00") == yuan.MAX_FEN
    with pytest.raises(RuleError) as refusal:
        yuan.parse("1000000000000.01")
    assert refusal.value.code == "money_huge"


@pytest.mark.parametrize("value", [1, 1.5, None, b"1.00", True, ["1.00"]])
def test_a_number_is_not_a_sum(value: object) -> None:
    with pytest.raises(RuleError) as refusal:
        yuan.parse(value)  # type: ignore[arg-type]
    assert refusal.value.code == "money_text"


@pytest.mark.parametrize("fen", [-1, yuan.MAX_FEN + 1, True, 1.0, "1"])
def test_no_such_sum_is_kept(fen: object) -> None:
    for use in (yuan.check_fen, yuan.text, yuan.capitals):
        with pytest.raises(RuleError):
            use(fen)  # type: ignore[operator]


# The examples of 支付结算办法 附一 (first form of each), and every gap a digit can leave.
@pytest.mark.parametrize(
    ("text", "capitals"),
    [
        ("1409.50", "壹仟肆佰零玖元伍角"),
        ("6007.14", "陆仟零柒元壹角肆分"),
        ("1680.32", "壹仟陆佰捌拾元零叁角贰分"),
        ("107000.53", "壹拾万柒仟元零伍角叁分"),
        ("16409.02", "壹万陆仟肆佰零玖元零贰分"),
        ("325.04", "叁佰贰拾伍元零肆分"),
        ("0.00", "零元整"),
        ("0.01", "壹分"),
        ("0.10", "壹角"),
        ("0.19", "壹角玖分"),
        ("1.00", "壹元整"),
        ("1.01", "壹元零壹分"),
        ("1.10", "壹元壹角"),
        ("10.00", "壹拾元整"),
        ("10.05", "壹拾元零伍分"),
        ("10.50", "壹拾元零伍角"),
        ("11.11", "壹拾壹元壹角壹分"),
        ("100.00", "壹佰元整"),
        ("101.00", "壹佰零壹元整"),
        ("110.00", "壹佰壹拾元整"),
        ("1000.00", "壹仟元整"),
        ("1001.00", "壹仟零壹元整"),
        ("1010.00", "壹仟零壹拾元整"),
        ("1100.00", "壹仟壹佰元整"),
        ("1101.00", "壹仟壹佰零壹元整"),
        ("3000.01", "叁仟元零壹分"),
        ("3333.34", "叁仟叁佰叁拾叁元叁角肆分"),
        ("10000.00", "壹万元整"),
        ("10001.00", "壹万零壹元整"),
        ("10010.00", "壹万零壹拾元整"),
        ("10100.00", "壹万零壹佰元整"),
        ("11000.00", "壹万壹仟元整"),
        ("20002.00", "贰万零贰元整"),
        ("22500.00", "贰万贰仟伍佰元整"),
        ("100000.00", "壹拾万元整"),
        ("100001.00", "壹拾万零壹元整"),
        ("105000.00", "壹拾万伍仟元整"),
        ("270000.00", "贰拾柒万元整"),
        ("300000.00", "叁拾万元整"),
        ("500000.00", "伍拾万元整"),
        ("1001000.00", "壹佰万壹仟元整"),
        ("10000000.00", "壹仟万元整"),
        ("10000001.00", "壹仟万零壹元整"),
        ("10101010.00", "壹仟零壹拾万壹仟零壹拾元整"),
        ("100000000.00", "壹亿元整"),
        ("100000001.00", "壹亿零壹元整"),
        ("100010000.00", "壹亿零壹万元整"),
        ("100010001.00", "壹亿零壹万零壹元整"),
        ("110000000.00", "壹亿壹仟万元整"),
        ("1000000000.00", "壹拾亿元整"),
        ("1010000000.00", "壹拾亿壹仟万元整"),
        ("1001000000.00", "壹拾亿零壹佰万元整"),
        ("123456789012.34", "壹仟贰佰叁拾肆亿伍仟陆佰柒拾捌万玖仟零壹拾贰元叁角肆分"),
        ("999999999999.99", "玖仟玖佰玖拾玖亿玖仟玖佰玖拾玖万玖仟玖佰玖拾玖元玖角玖分"),
        ("1000000000000.00", "壹万亿元整"),
    ],
)
def test_capitals(text: str, capitals: str) -> None:
    assert yuan.capitals(yuan.parse(text)) == capitals


DIGITS = {sign: value for value, sign in enumerate("零壹贰叁肆伍陆柒捌玖")}
UNITS = {"仟": 100000, "佰": 10000, "拾": 1000}


def read(words: str) -> int:
    """Capitals read back by somebody who never saw how they were written, in fen."""
    total = group = digit = 0
    for sign in words:
        if sign in DIGITS:
            digit = DIGITS[sign]
        elif sign in UNITS:
            group, digit = group + digit * UNITS[sign], 0
        elif sign in "亿万":
            group, digit = group + digit * 100, 0
            scale = 10**8 if sign == "亿" else 10**4
            total, group = ((total + group) * scale, 0) if sign == "亿" else (total + group * scale, 0)
        elif sign == "元":
            total, group, digit = total + group + digit * 100, 0, 0
        elif sign in "角分":
            total, digit = total + digit * (10 if sign == "角" else 1), 0
    return total


@given(SUMS)
def test_capitals_read_back_to_the_same_sum(fen: int) -> None:
    words = yuan.capitals(fen)
    assert read(words) == fen
    assert "零零" not in words
    assert words.endswith("整") == (fen % 100 == 0)
