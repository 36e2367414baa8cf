"""What every command has in common: help, exit status, one sentence, and no secret repeated."""

import subprocess
import sys
from pathlib import Path

import pytest
import typer

from tests.cli.shell import Shell
from whistle.cli import app
from whistle.cli.words import WORDS

TICKET = "13579 24680 13579 24680 13579"
OPERATING = Path(__file__).parents[2] / "docs" / "operating.md"


def commands(group: object = None, prefix: tuple[str, ...] = ()) -> list[tuple[str, ...]]:
    """Every command as it is typed."""
    found: list[tuple[str, ...]] = []
    for name, one in (group or typer.main.get_command(app)).commands.items():  # type: ignore[attr-defined]
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
    assert shell("status", "--server", "http://x", "--ticket", "123").err == "查询码应为 25 位数字。\n"
    shell.env.delenv("WHISTLE_LANG")
    shell.env.setenv("LANG", "zh_CN.UTF-8")
    assert shell("status", "--server", "http://x").err == "查询码应为 25 位数字。\n"
    shell.env.setenv("LC_ALL", "C.UTF-8")
    assert shell("status", "--server", "http://x").err == "A ticket is 25 digits.\n"


def test_every_sentence_is_said_in_both_languages_with_the_same_facts() -> None:
    import string

    def asked(text: str) -> set[str]:
        return {name for _, name, _, _ in string.Formatter().parse(text) if name}

    for code, words in WORDS.items():
        assert words.en, code
        assert words.zh, code
        assert asked(words.en) == asked(words.zh), code


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
