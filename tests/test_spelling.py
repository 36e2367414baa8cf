"""A name is found by the initials of its pinyin and in traditional characters: both are written into the register."""

import json

import pytest

from whistle import spelling
from whistle.core.enterprises import Enterprise


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        ("沂岭木业有限公司（示例）", "ylmyyxgssl"),
        ("重庆重工机械", "cqzgjx"),  # one character, two sounds: the word decides
        ("长兴银行", "cxyh"),
        ("中国石化第12加油站 A区", "zgshd12jyzaq"),
        ("ABC电子", "abcdz"),
        ("、（）", ""),
    ],
)
def test_initials(name: str, typed: str) -> None:
    assert spelling.initials(name) == typed


def test_a_register_carries_the_traditional_shapes_of_its_own_characters_alone() -> None:
    made = json.loads(spelling.register([Enterprise("宏运木业", "后街里 3 号"), Enterprise("台鴻製衣")]))
    assert made["enterprises"] == [["宏运木业", "后街里 3 号", "hymy"], ["台鴻製衣", "", "thzy"]]
    table = made["traditional"]
    shapes = {
        "運": "运",
        "業": "业",
        "後": "后",
        "裏": "里",
        "裡": "里",
        "號": "号",
        "臺": "台",
        "鴻": "鸿",
        "製": "制",
    }
    assert table | shapes == table
    assert "龍" not in table
    assert len(spelling.register([])) < 50
