"""Pictures keep their pixels and lose what they say about who made them."""

import base64
import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from whistle.client import pictures
from whistle.client.pictures import NotAPicture, Size

VECTORS = json.loads((Path(__file__).parents[1] / "vectors" / "pictures.json").read_text(encoding="utf-8"))["pictures"]
BY_TITLE = pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: vector["title"])


def must_have(program: str) -> None:
    """CI has it; elsewhere the test says what it could not look at."""
    if shutil.which(program) is None:
        (pytest.fail if os.environ.get("CI") == "true" else pytest.skip)(f"{program} is missing: nothing compared")


def given(vector: dict[str, Any]) -> bytes:
    return base64.b64decode(vector["given"])


@BY_TITLE
def test_the_vectors_lose_what_they_say_and_nothing_else(vector: dict[str, Any]) -> None:
    clean = pictures.cleaned(given(vector))
    assert b"Secret" in given(vector) and b"Secret" not in clean
    assert clean == base64.b64decode(vector["cleaned"]) == pictures.cleaned(clean)
    assert pictures.kind_of(clean) == vector["type"]
    assert pictures.size_of(clean) == Size(vector["width"], vector["height"])


@BY_TITLE
def test_the_pixels_stay_as_they_were(vector: dict[str, Any], tmp_path: Path) -> None:
    """Decoded by another program than ours."""
    must_have("ffmpeg")
    seen = []
    for name, data in (("given", given(vector)), ("cleaned", pictures.cleaned(given(vector)))):
        path = tmp_path / name
        path.write_bytes(data.removesuffix(b"SecretTail"))
        command = ["ffmpeg", "-loglevel", "error", "-noautorotate", "-i", str(path), "-f", "framemd5", "-"]
        seen.append(subprocess.run(command, check=True, capture_output=True).stdout.splitlines()[-1])
    assert seen[0] == seen[1]


@BY_TITLE
def test_another_program_finds_no_metadata_left(vector: dict[str, Any], tmp_path: Path) -> None:
    must_have("exiftool")
    path = tmp_path / "cleaned"
    path.write_bytes(pictures.cleaned(given(vector)))
    command = ["exiftool", "-json", "-G", "-All:All", "--File:All", "--System:All", str(path)]
    (found,) = json.loads(subprocess.run(command, check=True, capture_output=True).stdout)
    groups = {name.partition(":")[0] for name in found} - {"SourceFile", "ExifTool", "File", "Composite"}
    assert groups <= {"EXIF", "PNG", "RIFF"}
    assert {name for name in found if name.startswith("EXIF:")} <= {"EXIF:Orientation"}
    assert not any("Secret" in str(value) for value in found.values())


@BY_TITLE
def test_a_picture_cut_off_is_none(vector: dict[str, Any]) -> None:
    whole = base64.b64decode(vector["cleaned"])
    for size in range(len(whole)):
        with pytest.raises(NotAPicture):
            pictures.cleaned(whole[:size])


@pytest.mark.parametrize(
    "data", [b"", b"<svg xmlns='http://www.w3.org/2000/svg'/>", b"%PDF-1.7", b"GIF89a" + bytes(20)]
)
def test_what_is_no_picture_is_refused(data: bytes) -> None:
    assert pictures.kind_of(data) == ""
    for look in (pictures.cleaned, pictures.size_of):
        with pytest.raises(NotAPicture):
            look(data)


def test_a_page_hidden_in_a_photo_is_cut_out() -> None:
    """A file that is a JPEG to one reader and a page to another: comment and tail go."""
    photo = base64.b64decode(VECTORS[0]["cleaned"])
    page = b"<html><script>alert(1)</script>"
    segment = b"\xff\xfe" + (len(page) + 2).to_bytes(2, "big") + page
    both = photo[:2] + segment + photo[2:] + page
    assert pictures.cleaned(both) == photo


def test_a_monstrous_picture_is_known_by_its_header() -> None:
    header = b"IHDR" + (60_000).to_bytes(4, "big") * 2 + b"\x08\x02\0\0\0"
    monster = b"\x89PNG\r\n\x1a\n" + (13).to_bytes(4, "big") + header + bytes(4)
    assert pictures.size_of(monster).pixels == 3_600_000_000
