"""What a file is stands in its first bytes."""

import json
from pathlib import Path

import pytest

from whistle.core import filetypes

VECTORS = json.loads((Path(__file__).parents[1] / "vectors" / "filetypes.json").read_text(encoding="utf-8"))["starts"]


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: vector["title"])
def test_the_vectors_are_told_apart(vector: dict[str, str]) -> None:
    assert filetypes.type_of(bytes.fromhex(vector["hex"])) == vector["type"]


def test_every_type_has_a_sort_and_is_told_by_some_start() -> None:
    table = filetypes.table()
    told = {row["type"] for row in table["begins"]} - {""}
    assert told == set(table["types"])
    assert {row["sort"] for row in table["types"].values()} == set(table["sorts"])


def test_a_file_gets_a_plain_name() -> None:
    assert filetypes.plain_name("image/jpeg", 1) == "图片 1.jpg"
    assert filetypes.plain_name("video/mp4", 12, "en") == "film 12.mp4"
    assert filetypes.plain_name("text/html", 3) == "文件 3.bin"
    assert filetypes.sort_of("text/html") == ""
