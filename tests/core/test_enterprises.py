"""A list of enterprises is read strictly: each wrong row is named, and what another would change is known before."""

import pytest

from whistle.core.enterprises import LONGEST, MOST, NAME, Changes, Enterprise, Fault, changes, parse
from whistle.core.errors import RuleError

WOOD, STEEL, FOOD = (
    Enterprise("沂岭木业有限公司", "坪上镇"),
    Enterprise("临海不锈钢有限公司"),
    Enterprise("丰禾食品有限公司", "壮岗镇"),
)


def faults(text: str) -> list[tuple[int, str]]:
    return [(fault.row, fault.code) for fault in parse(text).faults]


def test_it_works() -> None:
    sheet = parse("企业名称,地址\n沂岭木业有限公司,坪上镇\n临海不锈钢有限公司,\n")
    assert (sheet.enterprises, sheet.faults, sheet.unread) == ([WOOD, STEEL], [], [])


def test_the_place_is_the_address_or_else_the_town_and_other_columns_are_named_and_not_read() -> None:
    sheet = parse("序号,镇街,企业名称,地址,联系人\n1,坪上镇,甲厂,工业园 3 号,王某\n2,壮岗镇,乙厂\n3\t,,丙厂,,\n")
    places = [(one.name, one.place) for one in sheet.enterprises]
    assert places == [("甲厂", "工业园 3 号"), ("乙厂", "壮岗镇"), ("丙厂", "")]
    assert sheet.unread == ["序号", "联系人"]


def test_spaces_around_a_cell_empty_rows_and_a_name_in_quotes_are_no_fault() -> None:
    sheet = parse('\n企业名称,地址\r\n" 甲厂（第一,第二车间） ",　镇东 \r\n,\r\n\r\n')
    assert sheet.enterprises == [Enterprise("甲厂（第一,第二车间）", "镇东")]


def test_a_head_alone_is_an_empty_register() -> None:
    assert parse("企业名称\n").enterprises == []


@pytest.mark.parametrize(
    "head", ["", "名称,地址\n甲厂,镇东", "企业名称,企业名称\n甲厂,乙厂", "企业名称,地址,地址\n甲厂"]
)
def test_without_one_head_for_each_column_there_is_no_table(head: str) -> None:
    with pytest.raises(RuleError, match="enterprises head"):
        parse(head)


def test_each_wrong_row_is_named_as_a_spreadsheet_counts_and_nothing_is_taken() -> None:
    long = "长" * (LONGEST[NAME] + 1)
    sheet = parse(f"企业名称,地址\n甲厂,镇东\n,镇西\n\n{long},\n乙\u200b厂,\n丙厂,镇\t南\n甲 厂,镇北\n丁厂,一号,二号\n")
    assert sheet.enterprises == []
    assert sheet.faults == [
        Fault(3, "row_empty", {"column": "企业名称"}),
        Fault(5, "row_long", {"column": "企业名称", "most": 100}),
        Fault(6, "row_hidden", {"column": "企业名称", "shown": "乙⟦U+200B⟧厂"}),
        Fault(7, "row_hidden", {"column": "地址", "shown": "镇⟦U+0009⟧南"}),
        Fault(8, "row_doubled", {"first": 2}),
        Fault(9, "row_wide"),
    ]


@pytest.mark.parametrize("other", ["甲厂(东)", "甲厂 （东）", "甲厂（东）"])
def test_one_enterprise_spelt_with_other_brackets_or_spaces_is_doubled(other: str) -> None:
    assert faults(f"企业名称\n甲厂（东）\n{other}\n") == [(3, "row_doubled")]


def test_a_name_over_two_lines_counts_as_the_row_it_is() -> None:
    assert faults('企业名称\n"甲\n厂"\n\n乙厂\n乙厂\n') == [(2, "row_hidden"), (5, "row_doubled")]


def test_a_quote_without_its_pair_is_told_with_its_row() -> None:
    with pytest.raises(RuleError) as refused:
        parse('企业名称\n甲厂\n"乙厂\n')
    assert (refused.value.code, refused.value.facts) == ("enterprises_csv", {"row": 3})


def test_more_enterprises_than_a_page_searches_are_refused() -> None:
    with pytest.raises(RuleError, match="enterprises many"):
        parse("企业名称\n" + "".join(f"第{n}厂\n" for n in range(MOST + 1)))


def test_what_another_list_would_change() -> None:
    moved = Enterprise(WOOD.name, "团林镇")
    assert changes([WOOD, STEEL], [FOOD, moved]) == Changes([FOOD], [moved], [STEEL])
    assert changes([WOOD], [WOOD]) == Changes([], [], [])
