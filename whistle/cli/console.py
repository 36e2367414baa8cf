"""How the command line speaks: one language, one sentence for a refusal, JSON where a program reads."""

import getpass
import json
import os
import sys
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Any, NoReturn

import typer

from whistle.core import workflow
from whistle.core.visible import visible
from whistle.crypto import fingerprint
from whistle.crypto.encoding import b64, unb64
from whistle.crypto.errors import EnvelopeError
from whistle.crypto.ticket import counted, find
from whistle.settings import assets, variable
from whistle.web.words import SOURCE, Words

PASSPHRASE, TICKET = "WHISTLE_PASSPHRASE", "WHISTLE_TICKET"  # names of variables, not secrets
INSIDE = "WHISTLE_INSIDE"
ROLE_FACTS = ("role", "one", "other")  # facts of sentences that are roles


class Stop(Exception):
    """The command is refused: a code of `words`, and public facts for its sentence."""

    def __init__(self, code: str, **facts: object) -> None:
        super().__init__(code)
        self.code = code
        self.facts = facts


def language(environ: Mapping[str, str] = os.environ) -> str:
    """A language of the catalogues: WHISTLE_LANG's, else the machine's own, else English."""
    told = (environ[name] for name in ("WHISTLE_LANG", "LC_ALL", "LC_MESSAGES", "LANG") if environ.get(name))
    return SOURCE if next(told, "en").lower().startswith("zh") else "en"


@cache
def sentences(language: str) -> dict[str, str]:
    """Every sentence of the command line by its code, in a language of the catalogues."""
    folder = assets()
    tables = Words(folder / "locale", language, "cli").tables([folder / "templates/cli/words"], "sentences")
    return {code: words for table in tables.values() if isinstance(table, dict) for code, words in table.items()}


def is_worded(code: str) -> bool:
    """Whether a code has a sentence of its own."""
    return code in sentences(language())


def sentence(code: str, /, **facts: object) -> str:
    """The words of a code in the user's language; an unknown code is named, never its data."""
    known = sentences(language())
    return known.get(code, known["unknown"]).format_map(_Facts(_named(facts, known)) | {"code": code})


def _named(facts: Mapping[str, object], known: Mapping[str, str]) -> dict[str, object]:
    """Roles by the name people know them by; beside it the word that the commands take."""
    told = {key: known.get(f"role_{value}", value) for key, value in facts.items() if key in ROLE_FACTS}
    return {**facts, **told}


def roles(held: list[str]) -> str:
    """The roles of one reader as a person reads them."""
    return listed([sentence(f"role_{role}") for role in held] if language() == SOURCE else held)


def named(table: str, code: str) -> str:
    """A code of the workflow's `table` (states, kinds, compartments) as a person reads it; an unknown one as it is."""
    return str(workflow.load()[table].get(code, {}).get("zh", code)) if language() == SOURCE else code


def listed(names: Iterable[str]) -> str:
    """Several names as a person reads them."""
    return ("、" if language() == SOURCE else ", ").join(names)


def say(text: str = "") -> None:
    """A line for a person, on standard output; a character that does not show, or steers a terminal, is named."""
    sys.stdout.write(visible(text) + "\n")


def tell(code: str, **facts: object) -> None:
    """A line for a person."""
    say(sentence(code, **facts))


def warn(code: str, **facts: object) -> None:
    """A line for a person, on standard error, so that output stays clean for programs."""
    sys.stderr.write(visible(sentence(code, **facts)) + "\n")


def emit(value: Any) -> None:
    """A document for a program."""
    sys.stdout.write(json.dumps(value, ensure_ascii=False, indent=1) + "\n")


def fail(code: str, **facts: object) -> NoReturn:
    """Refuse with one sentence; exit status 1."""
    raise Stop(code, **facts)


def given_passphrase() -> str:
    """From WHISTLE_PASSPHRASE or the file of WHISTLE_PASSPHRASE_FILE; "" when neither is set."""
    return variable(PASSPHRASE)


def passphrase(code: str = "ask_passphrase") -> str:
    """From WHISTLE_PASSPHRASE, else typed unseen; refused when nobody can type."""
    if told := given_passphrase():
        return told
    return ask_secret(code) if sys.stdin.isatty() else fail("passphrase_needed")


def ask_secret(code: str) -> str:
    """Typed unseen."""
    return getpass.getpass(sentence(code) + " ")


def ticket(given: str, kept: str = TICKET, question: str = "ask_ticket") -> str:
    """The 25 digits of what was given or is kept in a variable, or else typed unseen: a ticket is a secret like a
    passphrase."""
    typed = given or variable(kept) or (ask_secret(question) if sys.stdin.isatty() else "")
    try:
        return find(typed)
    except EnvelopeError as refused:
        fail(refused.code, n=counted(typed))


def ask(code: str, **facts: object) -> str:
    """Typed by a person; refused when nobody is there."""
    if not sys.stdin.isatty():
        fail("nobody_there")
    return str(typer.prompt(sentence(code, **facts), prompt_suffix=" "))


def key_id(typed: str) -> str:
    """The key id of a fingerprint as it was printed or read out. Refused in words of its own: nobody sent it."""
    try:
        return b64(fingerprint.read(typed))
    except EnvelopeError:
        fail("fingerprint_form")


def public_key(typed: str) -> bytes:
    """A door's receipt key as `zone door-keys` printed it."""
    try:
        return unb64(typed.strip(), 32)
    except EnvelopeError:
        fail("key_form")


def read_bytes(name: str, most: int = -1) -> bytes:
    """A file, or standard input for "-"; no more of it than `most` bytes."""
    try:
        if name == "-":
            return sys.stdin.buffer.read(most)
        with Path(name).open("rb") as file:
            return file.read(most)
    except OSError:
        fail("file_missing", name=name)


def read_text(name: str) -> str:
    """A text file, or standard input for "-"."""
    data = read_bytes(name)
    try:
        return data.decode("utf-8-sig")
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
