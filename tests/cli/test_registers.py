"""`whistle register …`: opened with a key on one's own machine, over a running house."""

import csv
import hashlib
import os
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from tests.cli.shell import Shell
from tests.client.test_office import PACK, assign, filed, to_notice
from tests.conftest import Demo
from whistle.client.registers import mask
from whistle.core import rulebook
from whistle.core.facts import Facts
from whistle.crypto.encoding import b64

FIRM, OTHER = "沂岭化工有限公司", "团林木业有限公司"
TEXT = "反应釜未装紧急切断。"


def register(shell: Shell, demo: Demo, role: str, name: str, out: Path, *options: str) -> list[dict[str, str]]:
    """The rows of a CSV register, as this role's key makes it."""
    shell.env.setenv("WHISTLE_PASSPHRASE", demo.passphrase(role))
    key = demo.data / "staff" / f"{role}.key"
    told = ("--server", demo.review, "--key", key, "--format", out.suffix[1:], "--out", out, *options)
    ran = shell.done("register", name, *told, "--json").json
    assert ran["sha256"] == hashlib.sha256(out.read_bytes()).hexdigest()
    assert Path(f"{out}.sha256").read_text("utf-8") == f"{ran['sha256']}  {out.name}\n"
    if out.suffix == ".xlsx":
        return []
    with out.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def of(rows: list[dict[str, str]], number: str) -> dict[str, str]:
    return next(row for row in rows if row["举报编号"] == number)


def hazard(demo: Demo, enterprise: str, text: str = TEXT) -> str:
    """A major hazard proved true; its case."""
    case = demo.reporter().submit("夜班时切断阀不动作。", category="major_hazard", enterprise=enterprise).case
    intake = demo.office("intake")
    pack = (PACK, b64(rulebook.pack_hash(rulebook.load(PACK))))
    today = intake.case(case).today
    intake.accept(case, category="major_hazard", sector="chemicals", packs=[pack], received=today, reply="已受理。")
    intake.extract(case, {"category": "major_hazard", "enterprise": enterprise, "place": "二车间"}, "查切断阀。")
    assign(demo, intake, case)
    facts = rulebook.facts_document(Facts(kind="major_hazard", fine=9_000_000), os.urandom(32))
    demo.office("verifier").finding(
        case, "verified", text, facts, criterion="令10号第十一条第(三)项", penalty="应急罚〔2026〕9号"
    )
    return case


@pytest.fixture(scope="module")
def paid(demo: Demo) -> str:
    """A case whose award was told; its number."""
    case = filed(demo, enterprise=OTHER).case
    to_notice(demo, case)
    return demo.office("intake").case(case).number


def test_it_works(shell: Shell, demo: Demo, tmp_path: Path, paid: str) -> None:
    row = of(register(shell, demo, "intake", "reports", tmp_path / "r.csv"), paid)
    assert (row["举报类型"], row["行业领域"], row["被举报单位名称"]) == ("安全生产违法行为", "工贸", OTHER)
    assert (row["是否受理"], row["是否查实"], row["核查结论"], row["状态"]) == ("是", "是", "查证属实", "待领奖")
    assert row["反馈日期"] == row["受理日期"]
    assert row["办结日期"] == "", "the case is open"
    assert row["处罚金额(元)"] == "", "intake does not know what the award follows from"


def test_a_leaders_register_of_awards_has_fine_formula_and_hands(
    shell: Shell, demo: Demo, tmp_path: Path, paid: str
) -> None:
    row = of(register(shell, demo, "leader", "awards", tmp_path / "a.csv"), paid)
    assert (row["处罚金额"], row["应奖金额(元)"], row["查实事项"]) == ("45000.00", "22500.00", "属实。")
    assert "45000.00" in row["计算公式"]
    assert "50%" in row["计算公式"]
    assert row["经办/复核"].count("/") == 1
    assert not any(each in row["经办/复核"] for each in "0123456789"), "people sign by name, not by the label of a key"
    assert "核算不符" not in row["备注"]


def test_the_auditor_sees_the_sums_and_not_what_was_found(shell: Shell, demo: Demo, tmp_path: Path, paid: str) -> None:
    row = of(register(shell, demo, "auditor", "awards", tmp_path / "a.csv"), paid)
    assert (row["处罚金额"], row["查实事项"], row["收款人(脱敏)"]) == ("45000.00", "", "")


def test_the_hazard_register_leads_back_to_no_report(shell: Shell, demo: Demo, tmp_path: Path) -> None:
    case = hazard(demo, FIRM)
    number = demo.office("leader").case(case).number
    rows = register(shell, demo, "leader", "hazards", tmp_path / "h.csv")
    row = next(row for row in rows if row["单位名称"] == FIRM)
    assert (row["隐患描述"], row["来源"], row["行业领域"], row["状态"]) == (TEXT, "举报查实", "危险化学品", "待整改")
    said = (tmp_path / "h.csv").read_text("utf-8-sig")
    for secret in (case, number, "举报编号", "夜班"):
        assert secret not in said


def test_an_enterprises_copy_holds_its_own_hazards_as_found_by_inspection(
    shell: Shell, demo: Demo, tmp_path: Path
) -> None:
    hazard(demo, "甲厂")
    hazard(demo, "乙厂", "举报人所说的切断阀确未装。")
    for firm, text in (("甲厂", TEXT), ("乙厂", "(须另写)")):
        rows = register(shell, demo, "leader", "hazards", tmp_path / f"{firm}.csv", "--for-enterprise", firm)
        (row, *_) = rows
        assert (row["单位名称"], row["来源"], row["隐患描述"]) == (firm, "检查发现", text)
        assert "举报" not in (tmp_path / f"{firm}.csv").read_text("utf-8-sig")
        assert {row["单位名称"] for row in rows} <= {firm, ""}


def test_rectified_and_struck_off_hazards_say_so(shell: Shell, demo: Demo, tmp_path: Path) -> None:
    case, leader = hazard(demo, "丙厂"), demo.office("leader")
    today = leader.case(case).today
    leader.list_hazard(
        case, "district", "2027-03-01", "督办〔2026〕7号", owner="安全总监", measures="加装切断阀。",
        money="12万元", plan="见举报材料所附预案",
    )  # fmt: skip
    demo.office("verifier").rectify(case, today, "验收〔2026〕3号", "已装切断阀。")
    leader.delist(case, today, "销号〔2026〕2号")
    rows = register(shell, demo, "leader", "hazards", tmp_path / "h.csv", "--for-enterprise", "丙厂")
    row = rows[0]
    assert (row["督办级别"], row["整改时限"], row["整改措施"]) == ("区级", "2027-03-01", "加装切断阀。")
    assert (row["判定依据条款"], row["整改责任人"], row["整改资金"]) == ("令10号第十一条第(三)项", "安全总监", "12万元")
    assert row["应急预案"] == "(须另写)", "the enterprise's copy has no word of a report"
    assert (row["验收日期"], row["销号日期"], row["销号文号"], row["状态"]) == (
        today,
        today,
        "销号〔2026〕2号",
        "已销号",
    )


@pytest.mark.parametrize(("name", "role"), [("reports", "intake"), ("awards", "leader"), ("hazards", "leader")])
def test_a_workbook_merges_nothing_and_keeps_text_as_text(
    shell: Shell, demo: Demo, tmp_path: Path, paid: str, name: str, role: str
) -> None:
    register(shell, demo, role, name, tmp_path / "a.xlsx", "--year", "2026")
    sheet: Any = openpyxl.load_workbook(tmp_path / "a.xlsx").active
    assert not sheet.merged_cells.ranges
    assert {cell.data_type for row in sheet for cell in row if cell.value is not None} <= {"s", "n"}
    assert [cell.value for cell in sheet["A"]][-4:] == ["制表:", "复核:", "负责人:", "(盖章)    年    月    日"]


def test_a_leaders_register_of_awards_names_the_penalty_decision(shell: Shell, demo: Demo, tmp_path: Path) -> None:
    case = hazard(demo, "丁厂")
    pack, facts = rulebook.load(PACK), Facts(kind="major_hazard", fine=9_000_000)
    document = rulebook.facts_document(facts, os.urandom(32))
    fen = rulebook.award(facts, pack).fen
    demo.office("payout").propose(case, PACK, b64(rulebook.pack_hash(pack)), fen, document)
    demo.office("leader").approve(case)
    row = of(register(shell, demo, "leader", "awards", tmp_path / "a.csv"), demo.office("leader").case(case).number)
    assert row["处罚文号"] == "应急罚〔2026〕9号"


def test_another_year_is_empty(shell: Shell, demo: Demo, tmp_path: Path) -> None:
    rows = register(shell, demo, "intake", "reports", tmp_path / "r.csv", "--year", "2001")
    assert [row["序号"] for row in rows] == ["合计"]


def test_a_key_without_the_ledger_makes_no_award_register(shell: Shell, demo: Demo, tmp_path: Path) -> None:
    shell.env.setenv("WHISTLE_PASSPHRASE", demo.passphrase("intake"))
    key, out = demo.data / "staff" / "intake.key", tmp_path / "a.csv"
    told = ("--server", demo.review, "--key", key, "--format", "csv", "--out", out)
    assert shell("register", "awards", *told).status == 1
    assert not out.exists()


@pytest.mark.parametrize(("name", "shown"), [("", ""), ("张三", "张*"), ("欧阳娜娜", "欧**"), ("A", "A")])
def test_a_payee_is_masked(name: str, shown: str) -> None:
    assert mask(name) == shown
