"""Reading a rule pack's file. A lawyer edits it by hand, so every refusal names the line."""

import re
import tomllib
from collections.abc import Mapping
from typing import Any

from whistle.core import strictjson, yuan
from whistle.core.calendar import MAX_LIMIT, check_day
from whistle.core.errors import PackError, RuleError
from whistle.core.packs import (
    FIGURES,
    FORMULAS,
    MARKS,
    MAX_BP,
    SOURCES,
    STEPS,
    UNITS,
    USES,
    AnnexItem,
    Exclusion,
    Figure,
    Ground,
    Pack,
    Slab,
    Step,
    check_pack,
)

_HEADER = re.compile(r"\s*\[(\[)?\s*([A-Za-z0-9_.-]+)\s*\]")
_KEY = re.compile(r"\s*([A-Za-z0-9_-]+)\s*=")
_SYNTAX_LINE = re.compile(r"at line (\d+)")
_PERCENT = re.compile(r"(0|[1-9][0-9]{0,3})(?:\.([0-9]{1,2}))?%")
_ID = re.compile(r"[A-Z0-9][A-Z0-9-]{1,40}")
_CODE = re.compile(r"[A-Za-z0-9_.-]{1,64}")
_TABLES = ("figures", "slabs", "annex", "excluded", "steps")
_GROUND_KEYS = {"article", "mark", "source", "note"}


def parse_pack(text: str) -> Pack:
    """A pack from its TOML. Raises PackError, with the line, for an unknown key, a hole, an overlap, a
    figure that is no figure, or a figure without its source."""
    try:
        value = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        found = _SYNTAX_LINE.search(str(error))
        line = int(found[1]) if found else text.count("\n") + 1
        raise PackError("syntax", line, "this is not TOML") from error
    lines = _Lines(text)
    return check_pack(_Reader(lines).pack(value), lines.of)


class _Lines:
    """Which line a key stands on. The parser of the standard library keeps no positions."""

    def __init__(self, text: str) -> None:
        self.known: dict[tuple[str | int, ...], int] = {}
        counts: dict[str, int] = {}
        table: tuple[str | int, ...] = ()
        for number, row in enumerate(text.splitlines(), 1):
            if header := _HEADER.match(row):
                table = tuple(header[2].split("."))
                if header[1]:
                    table = (header[2], counts.get(header[2], 0))
                    counts[header[2]] = counts.get(header[2], 0) + 1
                self.known.setdefault(table, number)
            elif key := _KEY.match(row):
                self.known.setdefault((*table, key[1]), number)

    def of(self, *path: str | int) -> int:
        """The line of a path, or of the nearest thing around it; 1 for the file as a whole."""
        while path and path not in self.known:
            path = path[:-1]
        return self.known.get(path, 1)


class _Reader:
    """Turns TOML values into a pack, one small rule a method; `at` is the path of what is being read."""

    def __init__(self, lines: _Lines) -> None:
        self.lines = lines
        self.origin = ""

    def fail(self, code: str, *at: str | int, sentence: str = "") -> PackError:
        return PackError(code, self.lines.of(*at), sentence)

    def pack(self, value: Mapping[str, Any]) -> Pack:
        self.only(value, {"v", "id", "title", "document", "issued", "use", "banner", "note", *_TABLES}, ())
        if value.get("v") != 1 or type(value["v"]) is not int:
            raise self.fail("version", "v", sentence="v = 1 is missing")
        self.origin = self.code(value, "id", (), _ID)
        return Pack(
            id=self.origin,
            title=self.text(value, "title", ()),
            document=self.text(value, "document", ()),
            issued=self.day(value, "issued"),
            use=self.choice(value, "use", (), USES),
            banner=self.text(value, "banner", (), default=""),
            note=self.text(value, "note", (), default=""),
            figures=self.figures(self.table(value, "figures")),
            slabs=tuple(self.slab(row, ("slabs", n)) for n, row in enumerate(self.rows(value, "slabs"))),
            annex=tuple(self.annex(row, ("annex", n)) for n, row in enumerate(self.rows(value, "annex"))),
            excluded=tuple(self.exclusion(row, ("excluded", n)) for n, row in enumerate(self.rows(value, "excluded"))),
            steps=self.steps(self.table(value, "steps")),
        )

    def figures(self, table: Mapping[str, Any]) -> tuple[Figure, ...]:
        for name in table:
            if name not in FIGURES:
                raise self.fail("unknown_key", "figures", name)
        return tuple(self.figure(table[name], name) for name in FIGURES if name in table)

    def figure(self, row: Any, name: str) -> Figure:
        at = ("figures", name)
        self.only(row, {"value"} | _GROUND_KEYS, at)
        value = self.percent(row, "value", at) if FIGURES[name] == "bp" else self.money(row, "value", at)
        return Figure(name, value, self.ground(row, at))

    def slab(self, row: Any, at: tuple[str | int, ...]) -> Slab:
        self.only(row, {"from", "to", "rate", "fixed"} | _GROUND_KEYS, at)
        return Slab(
            start=self.money(row, "from", at),
            end=self.money(row, "to", at, default=0),
            rate=self.percent(row, "rate", at, default=0),
            fixed=self.money(row, "fixed", at, default=0),
            ground=self.ground(row, at),
        )

    def annex(self, row: Any, at: tuple[str | int, ...]) -> AnnexItem:
        self.only(row, {"item", "title", "min", "max", "fixed"} | _GROUND_KEYS, at)
        return AnnexItem(
            item=self.code(row, "item", at, _CODE),
            title=self.text(row, "title", at),
            low=self.money(row, "min", at, default=0),
            high=self.money(row, "max", at, default=0),
            fixed=self.money(row, "fixed", at, default=0),
            ground=self.ground(row, at),
        )

    def exclusion(self, row: Any, at: tuple[str | int, ...]) -> Exclusion:
        self.only(row, {"domain", "formulas"} | _GROUND_KEYS, at)
        formulas = row.get("formulas")
        if not isinstance(formulas, list) or not formulas or any(x not in FORMULAS for x in formulas):
            raise self.fail("choice", *at, "formulas")
        if len(set(formulas)) != len(formulas):
            raise self.fail("twice", *at, "formulas")
        return Exclusion(self.code(row, "domain", at, _CODE), tuple(formulas), self.ground(row, at))

    def steps(self, table: Mapping[str, Any]) -> tuple[Step, ...]:
        for name in table:
            if name not in STEPS:
                raise self.fail("unknown_key", "steps", name)
        return tuple(self.step(table[name], name) for name in STEPS if name in table)

    def step(self, row: Any, name: str) -> Step:
        at = ("steps", name)
        self.only(row, {"limit", "unit", "extends"} | _GROUND_KEYS, at)
        limit = row.get("limit")
        if type(limit) is not int or not 1 <= limit <= MAX_LIMIT:
            raise self.fail("limit_range", *at, "limit")
        extends = self.choice(row, "extends", at, STEPS, default="")
        return Step(name, limit, self.choice(row, "unit", at, UNITS), extends, self.ground(row, at))

    def ground(self, row: Mapping[str, Any], at: tuple[str | int, ...]) -> Ground:
        """A figure read in the text names its article ("" when the copy showed none) and how sure it is; a
        platform default names neither, so that nobody takes it for law."""
        source = self.choice(row, "source", at, SOURCES)
        note = self.text(row, "note", at, default="")
        if source == "default":
            for key in ("article", "mark"):
                if key in row:
                    raise self.fail("default_with_article", *at, key)
            return Ground("", "", source, self.origin, note)
        article = self.text(row, "article", at)
        return Ground(article, self.choice(row, "mark", at, MARKS), source, self.origin, note)

    def only(self, row: Any, keys: set[str], at: tuple[str | int, ...]) -> None:
        if not isinstance(row, dict):
            raise self.fail("not_a_table", *at)
        for key in row:
            if key not in keys:
                raise self.fail("unknown_key", *at, key)

    def table(self, value: Mapping[str, Any], key: str) -> Mapping[str, Any]:
        table = value.get(key, {})
        if not isinstance(table, dict):
            raise self.fail("not_a_table", key)
        return table

    def rows(self, value: Mapping[str, Any], key: str) -> list[Any]:
        rows = value.get(key, [])
        if not isinstance(rows, list):
            raise self.fail("not_a_table", key)
        return rows

    def text(self, row: Mapping[str, Any], key: str, at: tuple[str | int, ...], default: str | None = None) -> str:
        value = row.get(key, default)
        if value is None:
            raise self.fail("missing", *at, key, sentence=f"{key} is missing")
        if not isinstance(value, str) or not strictjson.is_plain(value, 600):
            raise self.fail("text", *at, key)
        return value

    def code(self, row: Mapping[str, Any], key: str, at: tuple[str | int, ...], form: re.Pattern[str]) -> str:
        value = self.text(row, key, at)
        if not form.fullmatch(value):
            raise self.fail("code", *at, key)
        return value

    def choice(
        self,
        row: Mapping[str, Any],
        key: str,
        at: tuple[str | int, ...],
        choices: tuple[str, ...],
        default: str | None = None,
    ) -> str:
        value = self.text(row, key, at, default)
        if value not in choices and value != default:
            raise self.fail("choice", *at, key)
        return value

    def day(self, row: Mapping[str, Any], key: str) -> str:
        value = self.text(row, key, ())
        if not value:
            return ""  # the copy that was read shows none
        try:
            return check_day(value).isoformat()
        except RuleError as error:
            raise self.fail(error.code, key) from error

    def money(self, row: Mapping[str, Any], key: str, at: tuple[str | int, ...], default: int | None = None) -> int:
        if key not in row and default is not None:
            return default
        try:
            return yuan.parse(self.text(row, key, at))
        except PackError:
            raise
        except RuleError as error:
            raise self.fail(error.code, *at, key) from error

    def percent(self, row: Mapping[str, Any], key: str, at: tuple[str | int, ...], default: int | None = None) -> int:
        if key not in row and default is not None:
            return default
        found = _PERCENT.fullmatch(self.text(row, key, at))
        if not found:
            raise self.fail("percent_form", *at, key, sentence='a rate is written like "15%"')
        value = int(found[1]) * 100 + int((found[2] or "").ljust(2, "0"))
        if value > MAX_BP:
            raise self.fail("percent_form", *at, key)
        return value
