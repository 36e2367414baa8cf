"""`whistle enterprises`: the operator loads a list, sees before what it changes, and can take it back once."""

from pathlib import Path

import pytest

from tests import ready
from tests.cli.shell import Ran, Shell

FIRST = "企业名称,地址\n沂岭木业有限公司,坪上镇\n临海不锈钢有限公司,\n"
SECOND = "企业名称,地址\n沂岭木业有限公司,团林镇\n丰禾食品有限公司,壮岗镇\n"


@pytest.fixture
def house(tmp_path: Path) -> Path:
    data = tmp_path / "data"
    data.mkdir()
    ready.file(data / "whistle.db")
    return data


class Operator:
    """At the server, with lists in files."""

    def __init__(self, shell: Shell, house: Path) -> None:
        self.shell, self.house = shell, house

    def __call__(self, verb: str, *more: object) -> Ran:
        return self.shell("enterprises", verb, *more, "--data", self.house)

    def load(self, text: str, *more: object, encoding: str = "utf-8") -> Ran:
        file = self.house.parent / "list.csv"
        file.write_bytes(text.encode(encoding))
        return self("load", file, *more)

    def names(self) -> list[str]:
        return [one["name"] for one in self("show", "--json").json]


@pytest.fixture
def operator(shell: Shell, house: Path) -> Operator:
    return Operator(shell, house)


def test_it_works(operator: Operator) -> None:
    loaded = operator.load(FIRST)
    assert (loaded.status, loaded.out.splitlines()[:2]) == (0, ["+ 沂岭木业有限公司  坪上镇", "+ 临海不锈钢有限公司"])
    shown = operator("show").out.splitlines()
    assert shown == ["沂岭木业有限公司  坪上镇", "临海不锈钢有限公司", "The register holds 2."]


def test_an_empty_register_is_normal(operator: Operator) -> None:
    shown = operator("show")
    assert shown.status == 0 and "plain one" in shown.out


def test_a_dry_run_says_what_would_change_and_changes_nothing(operator: Operator) -> None:
    operator.load(FIRST)
    dry = operator.load(SECOND, "--dry-run")
    assert dry.out.splitlines() == [
        "+ 丰禾食品有限公司  壮岗镇",
        "~ 沂岭木业有限公司  团林镇",
        "- 临海不锈钢有限公司",
        "Nothing was loaded yet. The register would hold 2: 1 added, 1 at another place, 1 removed.",
    ]
    assert operator.names() == ["沂岭木业有限公司", "临海不锈钢有限公司"]
    assert operator.load(SECOND, "--json").json == {
        "count": 2,
        "unread": [],
        "added": [{"name": "丰禾食品有限公司", "place": "壮岗镇"}],
        "changed": [{"name": "沂岭木业有限公司", "place": "团林镇"}],
        "removed": [{"name": "临海不锈钢有限公司", "place": ""}],
    }
    assert operator.names() == ["沂岭木业有限公司", "丰禾食品有限公司"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk", "gb18030"])
def test_a_list_is_read_as_a_chinese_spreadsheet_writes_it(operator: Operator, encoding: str) -> None:
    assert operator.load(FIRST, encoding=encoding).status == 0
    assert operator.names() == ["沂岭木业有限公司", "临海不锈钢有限公司"]


def test_a_column_that_is_not_read_is_told(operator: Operator) -> None:
    assert "not read: 法人, 电话" in operator.load("企业名称,法人,电话\n甲厂,王某,5550123\n").out
    assert "王某" not in operator("show").out


def test_a_list_with_wrong_rows_is_refused_with_a_sentence_for_each(operator: Operator) -> None:
    operator.load(FIRST)
    wrong = operator.load("企业名称,地址\n甲厂,\n,镇西\n乙\u202e厂,\n甲厂,\n")
    assert (wrong.status, wrong.out) == (1, "")
    assert wrong.err.splitlines() == [
        "Row 3: 企业名称 is empty; write it or delete the row.",
        "Row 4: 企业名称 has characters that do not show; delete them: 乙⟦U+202E⟧厂",
        "Row 5: the same enterprise as in row 2; keep one of them.",
        "3 row(s) need mending and nothing was loaded: put each right as told above, and load again.",
    ]
    assert operator.names() == ["沂岭木业有限公司", "临海不锈钢有限公司"]


def test_of_a_list_that_is_wrong_throughout_a_screen_of_rows_is_told(operator: Operator) -> None:
    wrong = operator.load("企业名称,地址\n" + ",镇西\n" * 150)
    assert len(wrong.err.splitlines()) == 102
    assert "50 more" in wrong.err and "150 row(s)" in wrong.err


@pytest.mark.parametrize(
    ("held", "said"),
    [
        (b"PK\x03\x04rest", "save it as CSV"),
        (b"\xd0\xcf\x11\xe0rest", "save it as CSV"),
        (b"\xff\xfe\x00\xd8\xff", "not"),
        ("名称\n甲厂\n".encode(), "needs a column 企业名称"),
        ('企业名称\n"甲厂\n'.encode(), "from row 2 on"),
    ],
)
def test_what_is_no_list_is_refused_in_one_sentence(operator: Operator, held: bytes, said: str) -> None:
    file = operator.house.parent / "list"
    file.write_bytes(held)
    refused = operator("load", file)
    assert refused.status == 1 and said in refused.err
    assert len(refused.err.splitlines()) == 1


def test_a_file_that_is_not_there(operator: Operator) -> None:
    refused = operator("load", operator.house / "none.csv")
    assert refused.status == 1 and "none.csv" in refused.err


def test_the_last_load_can_be_taken_back_once(operator: Operator) -> None:
    assert "no register to put back" in operator("undo").err
    operator.load(FIRST)
    operator.load(SECOND)
    back = operator("undo")
    assert back.status == 0 and "holds 2: 1 added, 1 at another place, 1 removed" in back.out
    assert operator.names() == ["沂岭木业有限公司", "临海不锈钢有限公司"]
    assert operator("undo").status == 1


def test_the_first_load_is_taken_back_to_an_empty_register(operator: Operator) -> None:
    operator.load(FIRST)
    operator("undo")
    assert operator.names() == []


def test_the_same_list_again_leaves_what_undo_brings_back(operator: Operator) -> None:
    operator.load(FIRST)
    operator.load(SECOND)
    assert "0 added, 0 at another place, 0 removed" in operator.load(SECOND).out
    operator("undo")
    assert operator.names() == ["沂岭木业有限公司", "临海不锈钢有限公司"]


def test_of_many_names_a_screen_is_told(operator: Operator) -> None:
    said = operator.load("企业名称\n" + "".join(f"第{n}厂\n" for n in range(30))).out.splitlines()
    assert said[19:] == [
        "+ 第19厂",
        "+ 10 more",
        "Loaded. The register holds 30: 30 added, 0 at another place, 0 removed.",
    ]


def test_a_backup_carries_the_register_and_its_undo(operator: Operator, shell: Shell, tmp_path: Path) -> None:
    operator.load(FIRST)
    operator.load(SECOND)
    shell.done("backup", "--data", operator.house, "--out", tmp_path / "copy")
    shell.done("restore", tmp_path / "copy", "--data", tmp_path / "new")
    restored = Operator(shell, tmp_path / "new")
    assert restored.names() == ["沂岭木业有限公司", "丰禾食品有限公司"]
    restored("undo")
    assert restored.names() == ["沂岭木业有限公司", "临海不锈钢有限公司"]
