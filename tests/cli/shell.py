"""Running the command line inside the test, as a person would: arguments in, status and two streams out."""

import json
from dataclasses import dataclass
from typing import Any

import pytest

from whistle.cli import run


@dataclass(frozen=True)
class Ran:
    """How a command ended and what it said."""

    status: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


class Shell:
    """A shell in English, with no secret in its environment unless a test puts one there."""

    def __init__(self, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
        self._capsys = capsys
        self.env = monkeypatch
        for name in ("WHISTLE_TICKET", "WHISTLE_PASSPHRASE", "LC_ALL", "LC_MESSAGES", "LANG"):
            monkeypatch.delenv(name, raising=False)
        monkeypatch.setenv("WHISTLE_LANG", "en")

    def __call__(self, *arguments: object) -> Ran:
        self._capsys.readouterr()
        status = run([str(one) for one in arguments])
        said = self._capsys.readouterr()
        return Ran(status, said.out, said.err)

    def done(self, *arguments: object) -> Ran:
        """As a call, and it must have worked."""
        ran = self(*arguments)
        assert ran.status == 0, ran.err
        return ran
