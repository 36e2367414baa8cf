"""How the command line speaks: one language, one sentence for a refusal, JSON where a program reads."""

import getpass
import json
import os
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NoReturn

import typer

from whistle.cli.words import WORDS, Sentence

PASSPHRASE = "WHISTLE_PASSPHRASE"  # noqa: S105 - the name of a variable, not a secret


class Stop(Exception):
    """The command is refused: a code of `words`, and public facts for its sentence."""

    def __init__(self, code: str, **facts: object) -> None:
        super().__init__(code)
        self.code = code
        self.facts = facts


def language(environ: Mapping[str, str] = os.environ) -> str:
    """ "zh" or "en": WHISTLE_LANG, else the machine's own language, else English."""
    for name in ("WHISTLE_LANG", "LC_ALL", "LC_MESSAGES", "LANG"):
        if environ.get(name):
            return "zh" if environ[name].lower().startswith("zh") else "en"
    return "en"


def sentence(code: str, /, **facts: object) -> str:
    """The words of a code in the user's language; an unknown code is named, never its data."""
    found = WORDS.get(code, Sentence("Refused: {code}.", "未办理:{code}。"))
    words = found.zh if language() == "zh" else found.en
    return words.format_map(_Facts(facts) | {"code": code})


def say(text: str = "") -> None:
    """A line for a person, on standard output."""
    sys.stdout.write(text + "\n")


def tell(code: str, **facts: object) -> None:
    """A line for a person."""
    say(sentence(code, **facts))


def warn(code: str, **facts: object) -> None:
    """A line for a person, on standard error, so that output stays clean for programs."""
    sys.stderr.write(sentence(code, **facts) + "\n")


def emit(value: Any) -> None:
    """A document for a program."""
    say(json.dumps(value, ensure_ascii=False, indent=1))


def fail(code: str, **facts: object) -> NoReturn:
    """Refuse with one sentence; exit status 1."""
    raise Stop(code, **facts)


def given_passphrase() -> str:
    """From WHISTLE_PASSPHRASE; "" when it is not set."""
    return os.environ.get(PASSPHRASE, "")


def passphrase(code: str = "ask_passphrase") -> str:
    """From WHISTLE_PASSPHRASE, else typed unseen; refused when nobody can type."""
    if told := given_passphrase():
        return told
    return ask_secret(code) if sys.stdin.isatty() else fail("passphrase_needed")


def ask_secret(code: str) -> str:
    """Typed unseen."""
    return getpass.getpass(sentence(code) + " ")


def ask_ticket() -> str:
    """Typed unseen: a ticket is a secret like a passphrase."""
    return ask_secret("ask_ticket") if sys.stdin.isatty() else fail("ticket_digits")


def ask(code: str, **facts: object) -> str:
    """Typed by a person; refused when nobody is there."""
    if not sys.stdin.isatty():
        fail("nobody_there")
    return str(typer.prompt(sentence(code, **facts), prompt_suffix=" "))


def read_text(name: str) -> str:
    """A text file, or standard input for "-"."""
    try:
        data = sys.stdin.buffer.read() if name == "-" else Path(name).read_bytes()
        return data.decode("utf-8-sig")
    except OSError:
        fail("file_missing", name=name)
    except UnicodeDecodeError:
        fail("file_not_text", name=name)


def read_json(name: str) -> dict[str, Any]:
    """A JSON object from a file."""
    try:
        value = json.loads(read_text(name))
    except (ValueError, RecursionError):
        fail("file_broken", name=name)
    return value if isinstance(value, dict) else fail("file_broken", name=name)


class _Facts(dict[str, object]):
    """Facts a sentence asks for but nobody gave stand as a dash."""

    def __missing__(self, key: str) -> str:
        return "–"
