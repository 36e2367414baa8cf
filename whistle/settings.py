"""Every setting of Whistle in one table: name, default, meaning. Read once at start, then frozen.

A value comes from ``WHISTLE_<NAME>``, or from the file that ``WHISTLE_<NAME>_FILE`` names, as secrets do. Not both.
"""

from __future__ import annotations

import ipaddress
import os
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlsplit


class NotReady(Exception):
    """The data folder cannot be served: a code of the operator's sentences and facts that are no secret."""

    def __init__(self, code: str, **facts: str) -> None:
        super().__init__(code)
        self.code, self.facts = code, facts


class SettingError(NotReady):
    """A setting that cannot be read, or that does not go with another."""


_LIMIT = r"\s*[1-9][0-9]*\s*(/|per)\s*[0-9]*\s*(second|minute|hour|day|month|year)s?\s*"
DoorName = Literal["public", "review"]
DOORS: tuple[DoorName, ...] = ("public", "review")


@dataclass(frozen=True)
class Setting:
    """One row of the table."""

    name: str
    default: str
    help: str
    cast: Callable[[str], Any] = str


def _switch(text: str) -> bool:
    if text not in {"on", "off"}:
        raise ValueError
    return text == "on"


def _reviewer(text: str) -> str:
    if text not in {"", "office", "above"}:
        raise ValueError
    return text


def _count(text: str) -> int:
    value = int(text)
    if value < 0:
        raise ValueError
    return value


def _some(text: str) -> int:
    value = _count(text)
    if not value:
        raise ValueError
    return value


def _redis(text: str) -> str:
    found = urlsplit(text)
    if text and found.scheme not in {"redis", "rediss", "unix"}:
        raise ValueError
    if found.scheme != "unix" and not re.fullmatch("/?[0-9]*", found.path):
        raise ValueError
    if found.port == 0:  # asking for a port that is none raises ValueError by itself
        raise ValueError
    return text


def _rate(text: str) -> str:
    if text and not re.fullmatch(f"{_LIMIT}([,;|]{_LIMIT})*", text):
        raise ValueError
    return text


def _yuan(text: str) -> int:
    """Whole yuan as fen, 0 for nothing."""
    return _count(text) * 100 if text else 0


_ACCOUNT = re.compile(
    "(?:(?P<office>[a-z0-9][a-z0-9-]{0,31})[:：])?"
    r"(?P<account>[0-9]{3,12} [^@;；\x00-\x1f]{1,40})(?:@(?P<since>20[0-9]{2}))?",
    re.ASCII,
)


def _large(text: str) -> int:
    """Whole yuan as fen, 0 for nothing; every award has more than one fen."""
    return 1 if text == "all" else _yuan(text)


def _accounts(text: str) -> tuple[tuple[str, int, str], ...]:
    """Budget accounts by semicolons or lines: office, first fiscal year, code and name. Each office and year once."""
    found = [_ACCOUNT.fullmatch(part.strip()) for part in re.split("[;；\n]", text) if part.strip()]
    told = [(each["office"] or "zone", int(each["since"] or 0), each["account"].strip()) for each in found if each]
    if None in found or len({each[:2] for each in told}) < len(told):
        raise ValueError
    return tuple(told)


def _hours(text: str) -> tuple[str, ...]:
    """Hours and minutes of a day, as 08:30, in order."""
    hours = _names(text)
    if not all(re.fullmatch("([01][0-9]|2[0-3]):[0-5][0-9]", hour) for hour in hours):
        raise ValueError
    return tuple(sorted(set(hours)))


def _reach(text: str) -> tuple[str, ...]:
    """Names of hosts, addresses and networks: what has a slash or a colon, or ends in a digit, must be a network."""
    entries = tuple(name.lower() for name in _names(text))
    for entry in entries:
        if re.search("[/:]|[0-9]$", entry):
            ipaddress.ip_network(entry)
        elif not re.fullmatch("[a-z0-9.-]+", entry):
            raise ValueError
    return entries


def _tls(text: str) -> str:
    if text not in {"starttls", "tls", "off"}:
        raise ValueError
    return text


def _sender(text: str) -> str:
    if text and not re.fullmatch(r"[A-Za-z0-9._+-]+@([a-z0-9-]+\.)*[a-z0-9-]+", text):
        raise ValueError
    return text


def _names(text: str) -> tuple[str, ...]:
    return tuple(name for name in text.replace(" ", "").split(",") if name)


SETTINGS = (
    Setting("DATA", "data", "folder of the database, the door keys and the published zone documents", Path),
    Setting("DATABASE", "", "database URL; empty: a SQLite file in DATA"),
    Setting("REDIS", "", "redis:// URL where the processes of a house count together; empty: each alone", _redis),
    Setting("BLOBS", "", "s3:// URL where the parts of large files lie; empty: the folder `blobs` in DATA"),
    Setting("FILES_BEFORE", "600", "megabytes of sealed files a case takes from each side before acceptance", _count),
    Setting("FILES_AFTER", "2000", "the same once it was accepted", _count),
    Setting("FILE_MOST", "520", "megabytes one sealed file may have: 500 before padding", _count),
    Setting("RESERVE", "1000", "megabytes of disk below which only posts come in; files stop earlier", _count),
    Setting("HOST", "127.0.0.1", "address the door listens on"),
    Setting("PUBLIC_PORT", "8700", "port of the public door", _count),
    Setting("REVIEW_PORT", "8701", "port of the review door", _count),
    Setting("PUBLIC_ORIGIN", "", "the public site as people type it, https://…; empty: the local address"),
    Setting("REVIEW_ORIGIN", "", "the back office as reviewers type it, https://…; empty: the local address"),
    Setting("PLAIN_HTTP", "off", "on: serve without TLS in front, for trials on one machine only", _switch),
    Setting("PROXY", "", "address of the proxy whose client header is believed; empty: none, and no RATE behind TLS"),
    Setting("PROXY_HEADER", "x-forwarded-for", "the header in which that proxy names the client"),
    Setting("WORK_BITS", "14", "zero bits of proof of work asked while it is quiet", _count),
    Setting("ASKED", "600", "challenges one client gets in a quarter of an hour, dearer from a tenth; 0: any", _count),
    Setting("RATE", "1200/minute", "requests one client may make of the API; empty: no limit", _rate),
    Setting(
        "CONNECTIONS",
        "2000",
        "connections open at once at each door; fewer where the system allows fewer files",
        _count,
    ),
    Setting("HEAD_BYTES", "16384", "bytes of a request's head", _count),
    Setting("HEAD_SECONDS", "10", "seconds in which a request's head arrives", _count),
    Setting("BODIES", "64", "MiB of request bodies in memory at once; then whoever holds most gives way", _count),
    Setting(
        "BODY_SECONDS", "30", "seconds after which a body must have come at BODY_RATE, or an answer be read", _count
    ),
    Setting("BODY_RATE", "2048", "bytes a second, on average, of a body that takes longer", _count),
    Setting("PLAIN_PAGE", "on", "the page that works without script; off: not served", _switch),
    Setting("PLAIN_AT_ONCE", "2", "forms of that page worked on at once, each by a process of its own", _some),
    Setting("SESSION_HOURS", "8", "hours after which a reviewer unlocks anew", _count),
    Setting("LANGUAGES", "zh_CN,zh_Hant,en", "languages of the public pages; the office has no zh_Hant", _names),
    Setting(
        "PROCESS_PACK",
        "SD-RULE-2024",
        "rule pack of the deadlines; a later one behind it with its first day: `A B@2027-01-01`",
    ),
    Setting("PROCESS_PACK_ENTERPRISE", "EN-PROC", "the same for enterprises' own offices"),
    Setting("COSIGN", "off", "on: a finding counts once a second inspector has signed it", _switch),
    Setting("LARGE_SUM", "", "yuan from which finance concurs in an award; `all`: in each; empty: none", _large),
    Setting("MEETING_SUM", "", "yuan from which an award needs a collective decision's minutes; empty: none", _yuan),
    Setting("FILING_SUM", "", "yuan from which an award is filed with the level above to be paid; empty: none", _yuan),
    Setting("CASH_LIMIT", "", "yuan above which cash needs a reason and a paper (law: 1000); empty: not held", _yuan),
    Setting(
        "BUDGET_ACCOUNT",
        "",
        "budget account 预算科目 of the awards, as `2240109 应急管理`; of another office, or from a fiscal year on:"
        " `2240109 A; fire:2240201 B; 2240110 C@2028`; empty: none, papers leave the place",
        _accounts,
    ),
    Setting("REVIEW", "", "who decides objections: office, above (the authority above); empty: either", _reviewer),
    Setting("RETENTION", "", "how long sealed content is kept, TOML (best as RETENTION_FILE); empty: the default"),
    Setting("DESTROYED", "", "the log of destructions, kept apart from backups; empty: destroyed.log in DATA"),
    Setting("SITE", "安全隐患举报", "name of the site in its heading: the zone's own name"),
    Setting("SITE_HANT", "安全隱患舉報", "the same in traditional characters"),
    Setting("SITE_EN", "Safety reports", "the same in English"),
    Setting("OFFICE", "安全生产监管办公室", "the office that receives reports, as its notices call it"),
    Setting("OFFICE_HANT", "安全生產監管辦公室", "the same in traditional characters"),
    Setting("OFFICE_EN", "the work safety office", "the same in English"),
    Setting("AGENCY", "安", "the office's code 机关代字, with which the numbers of its papers begin, as 临港应急"),
    Setting("PHONE", "12350", "the safety telephone people may call instead"),
    Setting("EXIT", "https://www.weather.com.cn/", "where the quick exit goes: an ordinary page"),
    Setting("NOTICE_HOURS", "08:30,14:00", "when reviewers are reminded, on working days; empty: never", _hours),
    Setting("NOTICE_REACH", "", "hosts and networks beside the public ones that webhooks may reach, by commas", _reach),
    Setting("SMTP_HOST", "", "mail server that takes the reminders; empty: none go by mail"),
    Setting("SMTP_PORT", "587", "its port", _count),
    Setting("SMTP_TLS", "starttls", "how it is spoken to: starttls, tls (from the first byte) or off", _tls),
    Setting("SMTP_USER", "", "login there; empty: none"),
    Setting("SMTP_PASSWORD", "", "its password, better from a file"),
    Setting("SMTP_FROM", "", "address that the reminders come from", _sender),
    Setting("LOG_LEVEL", "warning", "what the process prints: error, warning or info"),
)


@dataclass(frozen=True)
class Settings:
    """The table, read. Fields are the lower-case names of ``SETTINGS``."""

    data: Path
    database: str
    redis: str
    blobs: str
    files_before: int
    files_after: int
    file_most: int
    reserve: int
    host: str
    public_port: int
    review_port: int
    public_origin: str
    review_origin: str
    plain_http: bool
    proxy: str
    proxy_header: str
    work_bits: int
    asked: int
    rate: str
    connections: int
    head_bytes: int
    head_seconds: int
    bodies: int
    body_seconds: int
    body_rate: int
    plain_page: bool
    plain_at_once: int
    session_hours: int
    languages: tuple[str, ...]
    process_pack: str
    process_pack_enterprise: str
    cosign: bool
    large_sum: int
    meeting_sum: int
    filing_sum: int
    cash_limit: int
    budget_account: tuple[tuple[str, int, str], ...]
    review: str
    retention: str
    destroyed: str
    site: str
    site_hant: str
    site_en: str
    office: str
    office_hant: str
    office_en: str
    agency: str
    phone: str
    exit: str
    notice_hours: tuple[str, ...]
    notice_reach: tuple[str, ...]
    smtp_host: str
    smtp_port: int
    smtp_tls: str
    smtp_user: str
    smtp_password: str
    smtp_from: str
    log_level: str

    @property
    def database_url(self) -> str:
        return self.database or f"sqlite:///{(self.data / 'whistle.db').resolve()}"

    @property
    def blob_folder(self) -> Path:
        """Where parts lie when `blobs` names no URL."""
        return self.data / "blobs"

    @property
    def destroyed_log(self) -> Path:
        """Where signed destructions are written down beside the database."""
        return Path(self.destroyed) if self.destroyed else self.data / "destroyed.log"

    def origin(self, door: str) -> str:
        """Origin of a door, as configured; never taken from a request."""
        told = self.public_origin if door == "public" else self.review_origin
        port = self.public_port if door == "public" else self.review_port
        return told.rstrip("/") or f"http://{self.host}:{port}"


def read(environ: Mapping[str, str] = os.environ, **given: Any) -> Settings:
    """Settings from the environment; what is given by name comes first. Raises SettingError."""
    values = {row.name.lower(): given.get(row.name.lower(), _value(row, environ)) for row in SETTINGS}
    return Settings(**values)


def _value(row: Setting, environ: Mapping[str, str]) -> Any:
    try:
        return row.cast(variable(f"WHISTLE_{row.name}", row.default, environ))
    except ValueError:
        raise SettingError("setting_value", name=f"WHISTLE_{row.name}") from None


def variable(name: str, default: str = "", environ: Mapping[str, str] = os.environ) -> str:
    """What a variable says, or the file that its `_FILE` names, without the blanks around. Raises SettingError."""
    file, said = environ.get(f"{name}_FILE"), environ.get(name)
    if not file:
        return default if said is None else said
    if said:
        raise SettingError("setting_twice", name=name)
    try:
        return Path(file).read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError):
        raise SettingError("setting_file", name=f"{name}_FILE") from None


def assets() -> Path:
    """Folder of templates, locale and static files: inside the installed package, else the checkout's."""
    packed = Path(__file__).parent / "assets"
    return packed if packed.is_dir() else Path(__file__).parent.parent
