"""The award ledger's columns 奖励台账, in the order auditors ask for (rules.md section 8)."""

from whistle.exports.columns import Column, Register
from whistle.exports.rows import AwardRow

CATEGORIES = {
    "major_hazard": "重大事故隐患",
    "violation": "安全生产违法行为",
    "general_hazard": "一般事故隐患",
    "concealed_accident": "瞒报谎报事故",
    "retaliation": "打击报复",
    "other": "其他",
}
FORMULAS = {
    "percent": "罚款金额乘比例",
    "per_death": "按瞒报谎报死亡人数",
    "band": "区间内核定",
    "annex": "附表情形",
    "slab": "按罚款金额分档",
    "no_fine": "未处罚款定额",
}
METHODS = {"counter": "柜台现金", "transfer": "转账", "voucher": "无记名银行凭证"}
STATES = {
    "open": "待发放",
    "paid": "已发放",
    "forfeited": "逾期放弃",
    "revoked": "已撤销",
    "clawed": "已追回",
    "reversed": "已冲销",
}
COLUMNS = (
    Column("", "序号", "no", width=6),
    Column("number", "举报编号", width=20),
    Column("category", "类别", width=16, words=CATEGORIES),
    Column("finding", "查实事项", blind=False, width=30),
    Column("decision", "处罚文号", blind=False, width=20),
    Column("fine", "处罚金额", "money", blind=False, width=14, summed=True),
    Column("clause", "依据条款", width=28),
    Column("formula", "计算公式", width=18, words=FORMULAS),
    Column("fen", "应奖金额(元)", "money", width=14, summed=True),
    Column("fen", "应奖金额(大写)", "capitals", width=28, summed=True),
    Column("uplift", "上浮(内部员工)", blind=False),
    Column("fen", "代扣个人所得税(元)", "tax", width=10, summed=True),
    Column("approved", "审批日"),
    Column("notified", "通知日"),
    Column("claim_by", "领取截止"),
    Column("method", "领取方式", words=METHODS),
    Column("payee", "收款人(脱敏)", blind=False),
    Column("paid", "发放日"),
    Column("voucher", "凭证号", width=18),
    Column("treasury", "国库支付号", width=18),
    Column("source", "预算科目", width=18),
    Column("left", "预算余额(元)", "money", width=16),  # a running balance has no sum
    Column("hands", "经办/复核", blind=False),
    Column("state", "状态", words=STATES),
    Column("note", "备注", width=30),
)
# Rules.md section 8: an award for reporting an offence carries no income tax; to be checked again every year.
TAX_BASIS = "个人所得税:依财税字〔1994〕020号第二条第(四)项暂免征收,代扣0.00元"


def _stands(row: AwardRow) -> bool:
    """Awards taken back stay listed and are not counted."""
    return row.state != "reversed"


AWARDS = Register("安全生产举报奖励台账", "奖励台账", COLUMNS, (TAX_BASIS,), _stands)
