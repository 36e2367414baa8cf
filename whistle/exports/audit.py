"""The audit as a register: who did and opened what. No key adds anything to it."""

from whistle.exports.columns import Column, Register

AUDIT = Register(
    "查阅和操作记录",
    "查阅和操作记录",
    (
        Column("", "序号", "no", width=5),
        Column("no", "记录号", width=9),
        Column("day", "日期", width=11),
        Column("minute", "时间", width=7),
        Column("person", "人员", width=14),
        Column("rid", "钥匙编号", width=26),
        Column("act", "操作", width=16),
        Column("case", "案件", width=30),
        Column("item", "文件", width=30),
        Column("note", "附注", width=12),
        Column("outcome", "结果", width=10),
    ),
    ("受理以前的查阅只记到日。", "没有记录号的是今天的，夜里并入。"),
    signatures=("制表:", "审计:", "(盖章)    年    月    日"),
)
