"""Income tax on an award: nothing is withheld, and on what that rests (rules.md section 8, doubt Q9)."""

from whistle.core.facts import Facts
from whistle.core.formulas import DEFAULT, TraceStep, trace_step
from whistle.core.offices import AUTHORITY
from whistle.core.packs import Ground

# 个人举报、协查各种违法、犯罪行为而获得的奖金暂免征收个人所得税. Known, very likely right; looked at again each year.
EXEMPTION = Ground("第二条第(四)项", "C", "text", "财税字〔1994〕020号", "")
OFFENCES = ("violation", "concealed_accident")


def tax_step(facts: Facts, office: str = AUTHORITY) -> TraceStep:
    """The last line of a sum's trace. A hazard that was not fined need be no offence: nothing is withheld either, but
    the office asks the tax bureau before it pays. What an enterprise (`office`, its kind) pays its own people is wages,
    and exempt of nothing."""
    if office != AUTHORITY:
        return trace_step("tax", "tax_wages", DEFAULT)
    if facts.kind in OFFENCES or facts.fine:
        return trace_step("tax", "tax_exempt", EXEMPTION, withheld="0.00")
    return trace_step("tax", "tax_ask", DEFAULT, withheld="0.00")
