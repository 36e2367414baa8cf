"""What every command has in common: help, exit status, one sentence, and no secret repeated."""

import errno
import os
import re
import socket
import subprocess
import sys
from pathlib import Path

import pytest
import typer
from babel.messages.pofile import read_po

from tests.cli.shell import Shell
from tests.web.conftest import CHINESE
from whistle import settings
from whistle.cli import console
from whistle.cli.program import GROUPS, ROOMS, program
from whistle.demo import people
from whistle.serving import refuse_taken
from whistle.settings import NotReady

TICKET = "13579 24680 13579 24680 13579"
PORTS = ("--public-port", "8001", "--review-port", "8002")
OPERATING = Path(__file__).parents[2] / "docs" / "operating.md"


def commands(group: object = None, prefix: tuple[str, ...] = ()) -> list[tuple[str, ...]]:
    """Every command as it is typed."""
    found: list[tuple[str, ...]] = []
    for name, one in (group or typer.main.get_command(program())).commands.items():  # type: ignore[attr-defined]
        typed = (*prefix, name)
        found += commands(one, typed) if hasattr(one, "commands") else [typed]
    return found


def test_it_works(shell: Shell) -> None:
    assert "submit" in shell.done("--help").out


@pytest.mark.parametrize("command", commands(), ids=" ".join)
def test_every_command_explains_itself(shell: Shell, command: tuple[str, ...]) -> None:
    assert shell.done(*command, "--help").out.strip()


@pytest.mark.parametrize("command", commands(), ids=" ".join)
def test_every_command_stands_in_the_operators_page(command: tuple[str, ...]) -> None:
    assert f"whistle {' '.join(command)}" in OPERATING.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    "arguments",
    [
        ("status", "--server", "http://x", "--tikcet", TICKET),
        ("status", "--server", "http://x", *TICKET.split()),
        ("status", "--server", "http://x", "--ticket", "1", TICKET),
        ("rules", "deadline", TICKET),
        ("serve", TICKET),
        (TICKET,),
    ],
)
def test_wrong_usage_is_2_and_repeats_nothing_that_was_typed(shell: Shell, arguments: tuple[str, ...]) -> None:
    ran = shell(*arguments)
    assert ran.status == 2
    assert ran.err.count("\n") == 1
    assert not any(group in ran.out + ran.err for group in TICKET.split())


def test_a_refusal_is_1_with_one_sentence(shell: Shell) -> None:
    ran = shell("rules", "hash", "--pack", "NO-SUCH-PACK")
    assert (ran.status, ran.out, ran.err.count("\n")) == (1, "", 1)


def test_a_refusal_speaks_the_users_language(shell: Shell) -> None:
    shell.env.setenv("WHISTLE_LANG", "zh_CN")
    assert shell("status", "--server", "http://x", "--ticket", "123").err == "查询码应为 25 位数字，这里找到 3 位。\n"
    shell.env.delenv("WHISTLE_LANG")
    shell.env.setenv("LANG", "zh_CN.UTF-8")
    assert shell("status", "--server", "http://x").err == "查询码应为 25 位数字，这里找到 0 位。\n"
    shell.env.setenv("LC_ALL", "C.UTF-8")
    assert shell("status", "--server", "http://x").err == "A ticket is 25 digits; 0 were found here.\n"


def test_every_code_that_data_or_settings_are_refused_with_has_its_sentence() -> None:
    sources = "".join(path.read_text(encoding="utf-8") for path in (OPERATING.parents[1] / "whistle").rglob("*.py"))
    codes = re.findall(r'(?:NotReady|SettingError|Mismatch)\("(\w+)"', sources)
    codes += re.findall(r'^    code = "(\w+)"', sources, re.MULTILINE)
    assert len(codes) > 12
    assert [code for code in codes if not console.is_worded(code)] == []


def test_every_sentence_is_said_in_both_languages_with_the_same_facts() -> None:
    import string

    def asked(text: str) -> set[str]:
        return {name for _, name, _, _ in string.Formatter().parse(text) if name}

    chinese, english = console.sentences("zh_CN"), console.sentences("en")
    assert all(asked(words) == asked(english[code]) for code, words in chinese.items())
    assert not [code for code, words in english.items() if words == chinese[code] or CHINESE.search(words)]


def test_no_sentence_of_the_catalogue_is_left_over() -> None:
    with (OPERATING.parents[1] / "locale/en/LC_MESSAGES/cli.po").open("rb") as file:
        assert {message.id for message in read_po(file) if message.id} == set(console.sentences("zh_CN").values())


def test_an_error_inside_names_a_place_and_no_value(shell: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(name: str) -> None:
        raise RuntimeError(TICKET)

    monkeypatch.setattr("whistle.core.rulebook.load", broken)
    ran = shell("rules", "hash", "--pack", "SD-REW-2021")
    assert ran.status == 1
    assert "RuntimeError" in ran.err
    assert TICKET not in ran.err


def test_the_program_runs_as_a_module() -> None:
    ran = subprocess.run([sys.executable, "-m", "whistle", "rules", "list"], capture_output=True, text=True, check=True)
    assert "SD-REW-2021" in ran.stdout


@pytest.mark.parametrize("command", [("doctor",), ("staff", "list"), ("jobs", "--once"), ("ledger", "verify")])
def test_a_house_that_is_not_there_is_told_by_its_place(shell: Shell, tmp_path: Path, command: tuple[str, ...]) -> None:
    """Who stands in the wrong folder must not be told to make an empty house there."""
    refused = shell(*command, "--data", tmp_path / "nowhere")
    assert refused.status == 1
    assert str(tmp_path / "nowhere" / "whistle.db") in refused.err
    assert "wrong folder" in refused.err
    assert not (tmp_path / "nowhere").exists()


def test_a_first_start_of_the_demo_that_is_stopped_can_be_begun_anew(
    shell: Shell, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """What Ctrl-C left half made was called somebody's data, and the folder could not be named again."""

    def stopped(told: settings.Settings, _: str) -> None:
        assert (told.data / "whistle.db").exists()
        raise KeyboardInterrupt

    monkeypatch.setattr(people, "establish", stopped)
    monkeypatch.setenv("PYTHONMALLOC", "malloc")  # this program is not started anew to wipe what it frees
    assert shell("demo", "--data", tmp_path / "demo", *PORTS).status != 0
    assert not (tmp_path / "demo").exists()


def test_a_backup_that_is_not_there_is_not_called_broken(shell: Shell, tmp_path: Path) -> None:
    refused = shell("restore", tmp_path / "saved.whistle", "--data", tmp_path / "data")
    assert refused.status == 1
    assert "no such backup file" in refused.err


@pytest.mark.parametrize(
    ("number", "words"), [(errno.ENOSPC, "disk is full"), (errno.EROFS, "read-only"), (errno.EIO, "check the folder")]
)
def test_what_the_system_refuses_is_told_with_what_to_do(
    shell: Shell, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, number: int, words: str
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise OSError(number, "the system's own words", str(tmp_path / "zone"))

    monkeypatch.setattr(Path, "mkdir", refuse)
    refused = shell("zone", "init", tmp_path / "zone", "--name", "临港")
    assert refused.status == 1
    assert words in refused.err
    assert "own words" not in refused.err


def test_a_port_that_is_taken_is_told_with_its_setting(shell: Shell) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(NotReady, match="port_used") as refused:
            refuse_taken(settings.read({"WHISTLE_PUBLIC_PORT": str(port)}), "public")
    assert refused.value.facts == {"port": str(port), "name": "WHISTLE_PUBLIC_PORT", "host": "127.0.0.1"}
    assert str(port) in console.sentence("port_used", **refused.value.facts)


def test_a_database_server_that_does_not_answer_is_told_as_such(shell: Shell) -> None:
    shell.env.setenv("WHISTLE_DATABASE", "postgresql://nobody@127.0.0.1:1/nothing")
    refused = shell("doctor")
    assert refused.status == 1
    assert "WHISTLE_DATABASE" in refused.err


def known(command: str = "") -> list[str]:
    return sorted(typer.main.get_group(program(command)).commands)


def test_a_command_loads_its_own_room_and_finds_itself_there() -> None:
    single = [command for commands in ROOMS.values() for command in commands]
    assert known() == sorted([*single, *GROUPS])
    for command in single:
        assert command in known(command), command
    for name in GROUPS:
        assert known(name) == [name]


@pytest.mark.parametrize("command", ["status", "zone", "rules"])
def test_who_only_asks_does_not_load_the_store(command: str) -> None:
    look = (
        f"import sys; from whistle.cli.program import program; program({command!r}); print('sqlalchemy' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", look], capture_output=True, text=True, check=True).stdout == "False\n"


@pytest.mark.parametrize("command", [["serve", "public"], ["demo", "--data", "d", *PORTS]], ids=["serve", "demo"])
def test_a_door_is_started_anew_before_it_loads_the_house(command: list[str]) -> None:
    """It was loaded twice: once to be started anew, under the allocator that wipes, and once to serve."""
    look = (
        "import os, sys; from whistle.cli import run; "
        "os.execv = lambda *_: sys.exit(str({'whistle.house', 'sqlalchemy'} & sys.modules.keys())); "
        f"run({command!r})"
    )
    environ = {name: value for name, value in os.environ.items() if name != "PYTHONMALLOC"}
    ran = subprocess.run([sys.executable, "-c", look], env=environ, capture_output=True, text=True, check=False)
    assert (ran.returncode, ran.stderr) == (1, "set()\n")
