"""Settings: a secret may come from a file, and one that is set twice is refused with a sentence."""

from pathlib import Path

import pytest
from limits import parse_many

from tests.cli.shell import Shell
from whistle import settings
from whistle.settings import SettingError

DATABASE = "postgresql://whistle_public:pass word@db/whistle"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    (tmp_path / "secret").write_text(DATABASE + "\n", encoding="utf-8")
    return tmp_path / "secret"


@pytest.fixture
def shell(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Shell:
    return Shell(capsys, monkeypatch)


@pytest.mark.parametrize("name", [row.name for row in settings.SETTINGS if row.cast is str])
def test_a_setting_comes_from_a_file_without_the_line_end_at_its_end(name: str, file: Path) -> None:
    told = settings.read({f"WHISTLE_{name}_FILE": str(file)})
    assert getattr(told, name.lower()) == DATABASE


def test_the_redis_url_comes_from_a_file_too(tmp_path: Path) -> None:
    (tmp_path / "redis").write_text("redis://:secret@127.0.0.1:6379/0\r\n", encoding="utf-8")
    told = settings.read({"WHISTLE_REDIS_FILE": str(tmp_path / "redis")})
    assert told.redis == "redis://:secret@127.0.0.1:6379/0"


@pytest.mark.parametrize(
    ("name", "good", "bad"),
    [
        (
            "REDIS",
            ["", "redis://127.0.0.1", "redis://:p%40ss@host:6379/2", "rediss://host/0", "unix:///run/redis.sock"],
            ["127.0.0.1:6379", "http://host", "redis://host:0", "redis://host:99999", "redis://host/name"],
        ),
        (
            "RATE",
            ["", "1200/minute", "10 per 5 minutes", "5/second; 100/hour", "5/second,100/hour"],
            ["many", "1200", "0/minute", "1200/fortnight", "1200/minute;", "-1/minute"],
        ),
    ],
)
def test_what_names_no_server_and_no_rate_is_refused(name: str, good: list[str], bad: list[str]) -> None:
    for text in good:
        assert getattr(settings.read({f"WHISTLE_{name}": text}), name.lower()) == text
        assert name != "RATE" or not text or parse_many(text), "the library reads it too"
    for text in bad:
        with pytest.raises(SettingError):
            settings.read({f"WHISTLE_{name}": text})


@pytest.mark.parametrize(
    ("name", "good", "bad"),
    [
        ("NOTICE_HOURS", {"": (), "14:00, 08:30,08:30": ("08:30", "14:00")}, ["8:30", "24:00", "08:60", "08.30"]),
        ("LARGE_SUM", {"": 0, "all": 1, "500000": 50_000_000}, ["every", "-1", "1.5"]),
        ("CASH_LIMIT", {"": 0, "1000": 100_000}, ["all", "1,000"]),
        (
            "BUDGET_ACCOUNT",
            {
                "": (),
                "2240109 应急管理": (("zone", 0, "2240109 应急管理"),),
                "fire:2240201 消防；2240109 甲@2026;": (("fire", 0, "2240201 消防"), ("zone", 2026, "2240109 甲")),
            },
            ["应急管理", "2240109", "22 甲", "Fire:224 甲", "224 甲@27", "224 甲@1999", "224 甲;225 乙", "224 甲\t乙"],
        ),
        (
            "NOTICE_REACH",
            {"": (), "Relay.office.example,10.1.2.0/24": ("relay.office.example", "10.1.2.0/24"), "::1": ("::1",)},
            ["10.1.2.3/24", "10.1.2", "https://relay.example", "re lay/", "a_b"],
        ),
        ("SMTP_TLS", {"off": "off", "tls": "tls"}, ["", "ssl"]),
        ("SMTP_FROM", {"": "", "notice@office.example.cn": "notice@office.example.cn"}, ["notice", "a@b c", "a@b\nc"]),
    ],
)
def test_what_reminders_are_set_by_is_read_strictly(name: str, good: dict[str, object], bad: list[str]) -> None:
    for text, value in good.items():
        assert getattr(settings.read({f"WHISTLE_{name}": text}), name.lower()) == value
    for text in bad:
        with pytest.raises(SettingError):
            settings.read({f"WHISTLE_{name}": text})


def test_an_empty_variable_is_one_that_is_not_set(file: Path) -> None:
    assert settings.read({"WHISTLE_DATABASE": "", "WHISTLE_DATABASE_FILE": str(file)}).database == DATABASE
    assert settings.read({"WHISTLE_RATE": "", "WHISTLE_RATE_FILE": ""}).rate == ""


@pytest.mark.parametrize(
    ("how", "code", "name"),
    [
        ({"WHISTLE_DATABASE": DATABASE}, "setting_twice", "WHISTLE_DATABASE"),
        ({"WHISTLE_DATABASE_FILE": "/nowhere/at/all"}, "setting_file", "WHISTLE_DATABASE_FILE"),
        ({"WHISTLE_DATABASE_FILE": "/bin/sh"}, "setting_file", "WHISTLE_DATABASE_FILE"),
    ],
    ids=["both", "gone", "no text"],
)
def test_what_cannot_be_read_is_refused_and_named(file: Path, how: dict[str, str], code: str, name: str) -> None:
    with pytest.raises(SettingError) as refused:
        settings.read({"WHISTLE_DATABASE_FILE": str(file), **how})
    assert (refused.value.code, refused.value.facts) == (code, {"name": name})


def test_a_secret_set_twice_is_refused_in_one_sentence_without_it(shell: Shell, file: Path) -> None:
    shell.env.setenv("WHISTLE_DATABASE", DATABASE)
    shell.env.setenv("WHISTLE_DATABASE_FILE", str(file))
    ran = shell("doctor")
    assert (ran.status, ran.out) == (1, "")
    assert (
        ran.err
        == "WHISTLE_DATABASE and WHISTLE_DATABASE_FILE are both set, and nobody can say which is meant: remove one.\n"
    )


def test_passphrase_and_ticket_come_from_files_too(shell: Shell, tmp_path: Path) -> None:
    (tmp_path / "ticket").write_text("123\n", encoding="utf-8")
    shell.env.setenv("WHISTLE_TICKET_FILE", str(tmp_path / "ticket"))
    assert shell("status", "--server", "http://x").err == "A ticket is 25 digits; 3 were found here.\n"
    (tmp_path / "passphrase").write_text("correct horse battery staple\n", encoding="utf-8")
    shell.env.setenv("WHISTLE_PASSPHRASE_FILE", str(tmp_path / "passphrase"))
    assert "correct horse" not in shell.done("zone", "init", tmp_path / "zone", "--name", "临港").out
    shell.env.setenv("WHISTLE_PASSPHRASE", "another")
    assert "both set" in shell("zone", "init", tmp_path / "other", "--name", "临港").err
