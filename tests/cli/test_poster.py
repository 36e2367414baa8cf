"""Posters: the code leads where the print says, names an enterprise and no spot, and prints what it is told as text."""

import io
import time
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import zxingcpp
from PIL import Image

from tests.cli.shell import Shell
from tests.doors.served import PASSPHRASE, establish
from whistle import posters, publishing, settings, zone
from whistle.core.clock import zone_day
from whistle.posters import Place
from whistle.settings import assets
from whistle.web.words import Words

PIN = "3f2a 91bc 0c77 a1d2 5566 7788 99aa bbcc"
PLACE = Place("https://jubao.example.cn", PIN, "zone")
TEMPLATE = assets() / "templates/posters/poster.typ"
WORDS = Words(assets() / "locale", "zh_CN", "posters").tables([assets() / "templates/posters/words"], "poster")
FACTS = {**WORDS, "office": "临港经济开发区安全生产监管办公室", "phone": "12350"}


def pictures(enterprises: list[str], size: posters.Size = "A4") -> list[Image.Image]:
    made = posters.draw(TEMPLATE, posters.told(PLACE, FACTS, enterprises, size), "png")
    return [Image.open(io.BytesIO(one)) for one in (made if isinstance(made, list) else [made])]


def scanned(picture: Image.Image) -> str:
    (found,) = zxingcpp.read_barcodes(picture)
    return str(found.text)


def test_the_code_leads_to_the_site_and_tells_the_rest_in_the_fragment() -> None:
    names = ["宏运木业有限公司", "甲、乙 & 丙 (#3) [x] $y$"]
    for name, picture in zip(names, pictures(names), strict=True):
        address = urlsplit(scanned(picture))
        assert (address.scheme, address.netloc, address.path, address.query) == ("https", "jubao.example.cn", "/", "")
        assert parse_qs(address.fragment) == {
            "pin": [PIN.replace(" ", "")],
            "channel": ["zone"],
            "enterprise": [name],
        }


@pytest.mark.parametrize(("size", "width"), [("A4", 827), ("A3", 1169)])
def test_a_poster_of_the_office_names_no_enterprise_and_fits_its_paper(size: posters.Size, width: int) -> None:
    (picture,) = pictures([], size)
    assert abs(picture.width - width) <= 2
    assert "enterprise" not in scanned(picture)


def test_a_name_that_would_make_the_code_unreadable_is_refused() -> None:
    with pytest.raises(posters.TooLong):
        posters.told(PLACE, FACTS, ["长" * 200], "A4")


@pytest.fixture
def house(tmp_path: Path, shell: Shell) -> Path:
    """A zone that was published, and an address that may hang on a wall."""
    shell.env.setenv("WHISTLE_PUBLIC_ORIGIN", "https://jubao.example.cn")
    return establish(tmp_path / "data").data


def test_the_command_writes_one_pdf_for_a_whole_list_and_overwrites_nothing(
    shell: Shell, house: Path, tmp_path: Path
) -> None:
    names, out = tmp_path / "enterprises.txt", tmp_path / "posters.pdf"
    names.write_text("宏运木业有限公司\n\n临港化工有限公司\n", encoding="utf-8")
    command = ("poster", "--data", house, "--enterprises", names, "--out", out)
    assert "2 page(s)" in shell.done(*command).out
    assert out.read_bytes()[:5] == b"%PDF-"
    again = shell(*command)
    assert again.status == 1 and out.name in again.err


def test_a_poster_is_made_for_each_enterprise_of_the_register(shell: Shell, house: Path, tmp_path: Path) -> None:
    command = ("poster", "--data", house, "--registered", "--out", tmp_path / "posters.pdf")
    empty = shell(*command)
    assert empty.status == 1 and "register is empty" in empty.err
    listed = tmp_path / "list.csv"
    listed.write_text("企业名称\n宏运木业有限公司\n临港化工有限公司\n丰禾食品有限公司\n", encoding="utf-8")
    shell.done("enterprises", "load", listed, "--data", house)
    assert "3 page(s)" in shell.done(*command).out


def test_a_poster_of_a_channel_nobody_knows_or_without_https_is_refused(
    shell: Shell, house: Path, tmp_path: Path
) -> None:
    out = tmp_path / "poster.pdf"
    assert shell("poster", "--data", house, "--out", out, "--channel", "nowhere").status == 1
    shell.env.delenv("WHISTLE_PUBLIC_ORIGIN")
    assert shell("poster", "--data", house, "--out", out).status == 1
    assert not out.exists()


def test_a_poster_bears_the_name_of_the_office_whose_channel_it_leads_to(
    shell: Shell, house: Path, tmp_path: Path
) -> None:
    zone.add_channel(house / "zone", "roads", "交通运输局", policy="authority:traffic")
    zone.sign(house / "zone", today=zone_day(time.time()), passphrase=PASSPHRASE, confirm=lambda one: one["rid"])
    publishing.publish(settings.read({}, data=house), house / "zone")
    drawn: list[dict[str, Any]] = []
    draw = posters.draw
    shell.env.setattr(posters, "draw", lambda template, facts: drawn.append(facts) or draw(template, facts))
    for channel in ("roads", "zone"):
        shell.done("poster", "--data", house, "--channel", channel, "--out", tmp_path / f"{channel}.pdf")
    assert [facts["office"] for facts in drawn] == ["交通运输局", "安全生产监管办公室"]


def test_an_enterprises_own_poster_says_who_reads_it_and_who_does_not_decide(
    shell: Shell, house: Path, tmp_path: Path
) -> None:
    zone.add_channel(house / "zone", "hongyun", "宏运机械", policy="enterprise:hongyun")
    zone.sign(house / "zone", today=zone_day(time.time()), passphrase=PASSPHRASE, confirm=lambda one: one["rid"])
    publishing.publish(settings.read({}, data=house), house / "zone")
    drawn: list[dict[str, Any]] = []
    draw = posters.draw
    shell.env.setattr(posters, "draw", lambda template, facts: drawn.append(facts) or draw(template, facts))
    shell.done("poster", "--data", house, "--channel", "hongyun", "--language", "zh_CN", "--out", tmp_path / "own.pdf")
    (facts,) = drawn
    assert facts["office"] == "宏运机械" and "只交给本单位安全部门" in facts["only"]
    assert not any("打击报复" in line or "瞒报" in line for line in facts["lines"])
    assert "监管部门电话" in facts["phone_label"]
