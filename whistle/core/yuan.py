"""Money as whole fen: one spelling in, one spelling out, and 大写 for papers."""

import re
import unicodedata

from whistle.core.errors import RuleError

MAX_FEN = 10**14  # 10^12 yuan: far above any award, far below where a browser's numbers stop being exact
_SPELLING = re.compile(r"(0|[1-9][0-9]{0,12})\.([0-9]{2})")
# As people type it: thousands apart or not, one decimal or two or none, with or without its sign.
_TYPED = re.compile(r"¥?(0|[1-9][0-9]{0,12}|[1-9][0-9]{0,2}(?:,[0-9]{3}){1,4})(?:\.([0-9]{1,2}))?元?")
_BLANK = re.compile(r"[ \t\r\n]")
_DIGITS = "零壹贰叁肆伍陆柒捌玖"
_PLACES = ((1000, "仟"), (100, "佰"), (10, "拾"), (1, ""))


def parse(text: str) -> int:
    """ "22500.00" → 2250000. Two decimals, plain ASCII digits, no sign, no leading zero, else RuleError."""
    if not isinstance(text, str):
        raise RuleError("money_text", 'a sum is text such as "22500.00"')
    found = _SPELLING.fullmatch(text)
    if not found:
        raise RuleError("money_form", 'a sum is written like "22500.00"')
    fen = int(found[1]) * 100 + int(found[2])
    if fen > MAX_FEN:
        raise RuleError("money_huge", "a sum is at most 1000000000000.00")
    return fen


def read(typed: str) -> int:
    """A sum as a person types it, in any width: "5000", "5,000.00", "５０００", "¥5000.5" → fen, else RuleError. The
    one reader for whatever is typed; documents have one spelling: `parse`."""
    found = _TYPED.fullmatch(_BLANK.sub("", unicodedata.normalize("NFKC", typed)))
    if not found:
        raise RuleError("money_form", 'a sum is written like "22500.00"')
    return parse(f"{found[1].replace(',', '')}.{(found[2] or '').ljust(2, '0')}")


def check_fen(fen: int) -> int:
    """A sum that may be kept: a whole number of fen between 0 and MAX_FEN, else RuleError."""
    if type(fen) is not int or not 0 <= fen <= MAX_FEN:
        raise RuleError("money_range", "a sum is between 0 and 1000000000000.00")
    return fen


def text(fen: int) -> str:
    """2250000 → "22500.00"."""
    yuan, rest = divmod(check_fen(fen), 100)
    return f"{yuan}.{rest:02d}"


def grouped(fen: int) -> str:
    """2250000 → "22,500.00", as papers and screens show a sum."""
    yuan, rest = divmod(check_fen(fen), 100)
    return f"{yuan:,}.{rest:02d}"


def signed(fen: int) -> str:
    """As `text`, for a difference that may be below zero: "-22500.00"."""
    return f"-{text(-fen)}" if fen < 0 else text(fen)


def capitals(fen: int) -> str:
    """2250000 → 贰万贰仟伍佰元整, as the payment rules write cheques (支付结算办法 附一): 整 after 元 only,
    none after 角 or 分; 零 for a gap between digits."""
    yuan, rest = divmod(check_fen(fen), 100)
    jiao, cents = divmod(rest, 10)
    whole = _whole(yuan) + "元" if yuan else ""
    if not rest:
        return (whole or "零元") + "整"
    gap = "零" if yuan and (jiao == 0 or yuan % 10 == 0) else ""
    return whole + gap + (_DIGITS[jiao] + "角" if jiao else "") + (_DIGITS[cents] + "分" if cents else "")


def _whole(number: int) -> str:
    for size, unit in ((10**8, "亿"), (10**4, "万")):
        if number >= size:
            high, low = divmod(number, size)
            return _whole(high) + unit + _lower(low, size)
    return _four(number)


def _lower(low: int, size: int) -> str:
    if not low:
        return ""
    return ("零" if low < size // 10 else "") + _whole(low)


def _four(number: int) -> str:
    words, gap = "", False
    for place, unit in _PLACES:
        digit = number // place % 10
        if digit:
            words += ("零" if gap else "") + _DIGITS[digit] + unit
        gap = bool(words) and (gap or not digit) and not digit
    return words
