"""Where parts lie: durable, under names that say nothing, in a folder and in a real S3 server."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from tests.conftest import free_port
from tests.storage.conftest import KEYS
from whistle.storage.blobs import Blobs, Folder, new_name, open_blobs
from whistle.storage.errors import StorageError, Unknown


def test_it_works(blobs: Blobs) -> None:
    names = [new_name() for _ in range(3)]
    for name in names:
        blobs.put(name, name.encode() * 1000)
    assert blobs.get(names[1]) == names[1].encode() * 1000
    assert set(blobs.names()) == set(names)
    blobs.remove(names[1])
    blobs.remove(names[1])
    assert set(blobs.names()) == {names[0], names[2]}
    with pytest.raises(Unknown):
        blobs.get(names[1])


def test_a_name_tells_nothing_and_a_files_time_is_its_day(tmp_path: Path) -> None:
    folder = Folder(tmp_path / "blobs")
    names = [new_name() for _ in range(20)]
    assert len(set(names)) == 20 and all(len(name) == 32 and int(name, 16) >= 0 for name in names)
    folder.put(names[0], b"sealed")
    (path,) = (path for path in (tmp_path / "blobs").rglob("*") if path.is_file())
    assert path.stat().st_mtime % 86_400 == 0 and path.stat().st_mode & 0o077 == 0
    assert path.parent.stat().st_mode & 0o077 == 0
    assert (folder.free() or 0) > 0


def test_a_folder_that_cannot_be_written_says_so_without_a_path(tmp_path: Path) -> None:
    (tmp_path / "blobs").write_text("a file stands there")
    with pytest.raises(StorageError) as refused:
        Folder(tmp_path / "blobs").put(new_name(), b"sealed")
    assert str(tmp_path) not in str(refused.value)


def test_an_s3_server_that_is_gone_says_so_without_an_address(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    nobody = f"http://127.0.0.1:{free_port()}"
    for name, value in {**KEYS, "AWS_ENDPOINT": nobody, "AWS_ALLOW_HTTP": "true"}.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(StorageError) as refused:
        open_blobs("s3://gone", tmp_path).put(new_name(), b"sealed")
    assert "127.0.0.1" not in str(refused.value)


def test_what_is_set_aside_is_listed_no_more_and_an_age_is_told(blobs: Blobs) -> None:
    names = [new_name() for _ in range(3)]
    for name in names:
        blobs.put(name, b"sealed")
    assert blobs.set_aside([]) == ""
    assert [blobs.set_aside(names[:1]), blobs.set_aside(names[1:2])] == ["replaced-1", "replaced-2"]
    assert list(blobs.names()) == names[2:]
    assert list(blobs.names(0)) == []
    assert list(blobs.names(time.time() + 86_400)) == names[2:]
