"""`whistle register …`: the registers that need a key, made on the reviewer's own machine."""

import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import httpx
import typer

from whistle import client, exports
from whistle.cli import console
from whistle.cli.options import Json, Server, Serves
from whistle.client import Office, View, registers
from whistle.client.basis import Rests
from whistle.core import ledger
from whistle.core.clock import zone_day
from whistle.exports import AwardRow, Heading, Known, Register, award_rows, notices, write_digest
from whistle.exports.registers import AWARDS, HAZARDS, HONOURS, REPORTS
from whistle.settings import assets
from whistle.web.words import SOURCE, Words

app = typer.Typer(help="Registers opened with a key: reports, awards, hazards, honours.", no_args_is_help=True)

TIMEOUT = 30
MOST = 5_000  # cases of one register: it is read, signed and filed by people
CODED = ("category", "sector", "source", "outcome", "state", "reason", "level")
Said = Mapping[str, Any]
Key = Annotated[Path, typer.Option("--key", help="Key file of a reviewer.", metavar="FILE")]
Year = Annotated[int, typer.Option("--year", help="One year; 0 for all.")]
Out = Annotated[Path, typer.Option("--out", help="The file to write.", metavar="F")]


class Format(StrEnum):
    """What a register is written as."""

    CSV = "csv"
    XLSX = "xlsx"
    JSONL = "jsonl"


Form = Annotated[Format, typer.Option("--format", help="csv, xlsx or jsonl.")]


@dataclass(frozen=True)
class Opened:
    """What one key opened: every case of its inbox, and the ledger for those who read it; the office's own name, and
    its people's."""

    office: str

    views: list[View]
    labels: dict[str, str]
    ledger: list[dict[str, Any]]
    accounts: dict[str, str]  # the budget account of each award, by its approval


@app.command("reports")
def reports(
    server: Server, key: Key, form: Form, out: Out, year: Year = 0, serves: Serves = "", json: Json = False
) -> None:
    """The register of reports: what came in, about whom, and what became of it. Best with intake's key."""
    opened, said = _open(server, key, serves), _words("common")
    views = [view for view in opened.views if _is_of(view.fold.day, year)]
    rows = [_worded(registers.report_row(view, opened.labels), said) for view in views]
    rows.sort(key=registers.in_order)
    _write(REPORTS, form, out, rows, _heading(opened.office, year), json)


@app.command("awards")
def awards(
    server: Server, key: Key, form: Form, out: Out, year: Year = 0, serves: Serves = "", json: Json = False
) -> None:
    """The award ledger with fines and formulas. Best with a leader's key; payout's shows the payee masked."""
    opened, said = _open(server, key, serves, with_ledger=True), _words("common", "money")
    facts = {one: row for view in opened.views for one, row in registers.award_facts(view, opened.labels).items()}
    known = {view.number: _known(view) for view in opened.views if view.number}
    rows = (ledger.Row(**row) for row in opened.ledger)
    blind = (replace(line, account=opened.accounts.get(line.approval, "")) for line in award_rows(rows, known, year))
    lines = [_filled(line, facts.get(line.approval), said) for line in blind]
    _write(AWARDS, form, out, lines, _heading(opened.office, year), json)


@app.command("hazards")
def hazards(
    server: Server,
    key: Key,
    form: Form,
    out: Out,
    year: Year = 0,
    enterprise: Annotated[
        str, typer.Option("--for-enterprise", help="The copy for this enterprise: its hazards only, no source.")
    ] = "",
    serves: Serves = "",
    json: Json = False,
) -> None:
    """The register of major hazards proved true. Nothing in it leads back to a report."""
    opened, said = _open(server, key, serves), _words("common")
    rows = [row for row in registers.hazard_rows(opened.views, enterprise) if _is_of(row["found"], year)]
    words = {"level": said["level"], "sector": said["sector"]}
    worded = [{**row, **{name: words[name].get(row[name], row[name]) for name in words}} for row in rows]
    _write(HAZARDS, form, out, worded, _heading(opened.office, year), json)


@app.command("honours")
def honours(
    server: Server, key: Key, form: Form, out: Out, year: Year = 0, serves: Serves = "", json: Json = False
) -> None:
    """The register of honours beside the money that was told: who proposed, approved, what was given and taken back.
    Whoever reported is not in it. Best with a leader's or payout's key."""
    opened, said = _open(server, key, serves), _words("common")
    every = (row for view in opened.views for row in registers.honour_rows(view, opened.labels))
    rows = sorted((row for row in every if _is_of(row["day"], year)), key=registers.in_order)
    words = {name: said[name] for name in ("category", "honour", "reason")}
    worded = [{**row, **{name: words[name].get(row[name], row[name]) for name in words}} for row in rows]
    _write(HONOURS, form, out, worded, _heading(opened.office, year), json)


def _known(view: View) -> Known:
    """What the case says in public beyond its ledger rows, as the server has it too."""
    acts = ((act.kind, act.hash, act.day, act.fields) for act in view.acts)
    return Known(view.fold.category, notices(acts))


def _open(server: str, key: Path, serves: str, with_ledger: bool = False) -> Opened:
    keys, _, zone = client.open_key_file(key, console.passphrase())
    with httpx.Client(timeout=TIMEOUT, trust_env=False) as http:
        office = Office(server, http, keys, zone, serves=serves)
        office.login()
        listed = [str(row["case"]) for row in office.inbox()]
        if len(listed) > MOST:
            console.fail("too_many_cases", most=MOST)
        rows = list(office.ledger_rows()) if with_ledger else []
        accounts = {line["approval"]: line["account"] for line in office.award_lines()} if with_ledger else {}
        views = [office.case(one) for one in listed]
        labels = {one["rid"]: str(one["label"]) for view in views[:1] for one in _readers(office, view)}
        letterhead, names = office.letterhead(), office.names()
        office.logout()
    return Opened(letterhead, views, labels | names, rows, accounts)


def _readers(office: Office, view: View) -> Iterable[Mapping[str, Any]]:
    """Everybody the newest directory names in any channel."""
    for name, _ in office.trust.directories.newest["channels"]:
        yield from office.trust.newest_channel(name)["readers"]


def _is_of(day: str, year: int) -> bool:
    return not year or day.startswith(f"{year}-")


def _words(*names: str) -> Said:
    folder = assets()
    lists = (folder / "templates" / "review" / "words", folder / "templates" / "shared" / "words")
    return Words(folder / "locale", SOURCE).tables(lists, *names)


def _worded(row: Mapping[str, Any], said: Said) -> dict[str, Any]:
    """The row with its codes in the words of the office."""
    lists = {**{name: name for name in CODED}, "listed": "level"}
    found = {name: said[lists[name]].get(value, value) if name in lists else value for name, value in row.items()}
    return {**found, "note": ""}


def _filled(line: AwardRow, facts: Mapping[str, Any] | None, said: Said) -> AwardRow:
    """A blind line with what the key opened. A sum that the facts do not give says so."""
    if facts is None:
        return line
    differs = facts["computed"] and facts["computed"] != line.fen and line.state != "reversed"
    return replace(
        line,
        finding=facts["finding"],
        decision=facts["decision"],
        fine=facts["fine"],
        formula="；".join(_step(step, said) for step in facts["trace"]) or line.formula,
        uplift=said["yes"] if facts["employee"] else said["no"] if facts["trace"] else "",
        payee=facts["payee"] or (CHECKED if facts["checked"] else ""),
        hands=facts["hands"],
        difference=_difference(facts["differs"], said),
        note=" ".join(filter(None, (line.note, DIFFERS if differs else ""))),
    )


def _difference(standing: Rests | None, said: Said) -> str:
    """What the award does not take over from the finding, and why."""
    if standing is None or not standing.differs:
        return ""
    lines = [
        f"{FACTS[one.name]}：核查结论{_fact(one.found, said)}，奖励依据{_fact(one.own, said)}"
        for one in standing.differs
    ]
    return f"{'；'.join(lines)}。{f'理由：{standing.reason}' if standing.is_explained else '没有写明理由'}"


def _fact(value: str, said: Said) -> str:
    return str(said["category"].get(value, value)) or "—"


# As the browser's registers and papers name them.
FACTS = {
    "kind": "类别",
    "fine": "处罚金额",
    "deaths": "死亡人数",
    "deaths_concealed": "瞒报死亡人数",
    "annex_item": "附表情形",
    "domain": "领域",
}
CHECKED = "领奖码核对"
DIFFERS = "与密封依据核算不符"


def _step(step: Mapping[str, Any], said: Said) -> str:
    words = str(said["trace"].get(step["words"], step["words"]))
    return words.format_map({**step["figures"]})


def _heading(office: str, year: int) -> Heading:
    return Heading(office, period=f"{year}年" if year else "", made=zone_day(time.time()))


Writer = Callable[[Path, list[Any], Heading, Register], str]
WRITERS: Mapping[Format, Writer] = {
    Format.CSV: lambda out, rows, heading, register: exports.csv_file(out, rows, False, register),
    Format.JSONL: lambda out, rows, _, register: exports.lines_file(out, rows, register),
    Format.XLSX: lambda out, rows, heading, register: exports.xlsx_file(out, rows, heading, False, register),
}


def _write(register: Register, form: Format, out: Path, rows: list[Any], heading: Heading, json: bool) -> None:
    digest = WRITERS[form](out, [*_empty(register, rows)], heading, register)
    write_digest(out, digest)
    if json:
        return console.emit({"file": str(out), "rows": len(rows), "sha256": digest})
    return console.say(f"{digest}  {out.name}")


def _empty(register: Register, rows: Iterable[Any]) -> Iterator[Any]:
    """Rows with every column the register has: what nobody recorded stands empty, to be written by hand."""
    blank = {column.key: "" for column in register.columns}
    yield from ({**blank, **row} if isinstance(row, dict) else row for row in rows)
