"""Every setting of Whistle in one table: name, default, meaning. Read once at start, then frozen.

A value comes from ``WHISTLE_<NAME>``; a secret may come from the file that ``WHISTLE_<NAME>_FILE`` names.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any


class SettingError(Exception):
    """A setting that cannot be read; the text is one sentence for the operator."""


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


def _count(text: str) -> int:
    value = int(text)
    if value < 0:
        raise ValueError
    return value


def _yuan(text: str) -> int:
    """Whole yuan as fen, 0 for nothing."""
    return _count(text) * 100 if text else 0


def _names(text: str) -> tuple[str, ...]:
    return tuple(name for name in text.replace(" ", "").split(",") if name)


SETTINGS = (
    Setting("DATA", "data", "folder of the database, the door keys and the published zone documents", Path),
    Setting("DATABASE", "", "database URL; empty: a SQLite file in DATA"),
    Setting("HOST", "127.0.0.1", "address the door listens on"),
    Setting("PUBLIC_PORT", "8700", "port of the public door", _count),
    Setting("REVIEW_PORT", "8701", "port of the review door", _count),
    Setting("PUBLIC_ORIGIN", "", "the public site as people type it, https://…; empty: the local address"),
    Setting("REVIEW_ORIGIN", "", "the back office as reviewers type it, https://…; empty: the local address"),
    Setting("PLAIN_HTTP", "off", "on: serve without TLS in front, for trials on one machine only", _switch),
    Setting("PROXY", "", "address of the proxy whose client header is believed; empty: none, and no RATE behind TLS"),
    Setting("PROXY_HEADER", "x-forwarded-for", "the header in which that proxy names the client"),
    Setting("WORK_BITS", "14", "zero bits of proof of work asked while it is quiet", _count),
    Setting("RATE", "1200/minute", "requests one client may make of the API; empty: no limit"),
    Setting("PLAIN_PAGE", "on", "the page that works without script; off: not served", _switch),
    Setting("SESSION_HOURS", "8", "hours after which a reviewer unlocks anew", _count),
    Setting("LANGUAGES", "zh_CN,zh_Hant,en", "languages of the public pages; the office has no zh_Hant", _names),
    Setting("PROCESS_PACK", "SD-RULE-2024", "rule pack of the deadlines"),
    Setting("COSIGN", "off", "on: a finding counts once a second inspector has signed it", _switch),
    Setting("LARGE_SUM", "", "yuan from which finance concurs in an award; empty: none, no text read names it", _yuan),
    Setting("SITE", "安全隐患举报", "name of the site in its heading: the zone's own name"),
    Setting("SITE_HANT", "安全隱患舉報", "the same in traditional characters"),
    Setting("SITE_EN", "Safety reports", "the same in English"),
    Setting("OFFICE", "安全生产监管办公室", "the office that receives reports, as its notices call it"),
    Setting("OFFICE_HANT", "安全生產監管辦公室", "the same in traditional characters"),
    Setting("OFFICE_EN", "the work safety office", "the same in English"),
    Setting("AGENCY", "安", "the office's code 机关代字, with which the numbers of its papers begin, as 临港应急"),
    Setting("PHONE", "12350", "the safety telephone people may call instead"),
    Setting("EXIT", "https://www.weather.com.cn/", "where the quick exit goes: an ordinary page"),
    Setting("LOG_LEVEL", "warning", "what the process prints: error, warning or info"),
)


@dataclass(frozen=True)
class Settings:
    """The table, read. Fields are the lower-case names of ``SETTINGS``."""

    data: Path
    database: str
    host: str
    public_port: int
    review_port: int
    public_origin: str
    review_origin: str
    plain_http: bool
    proxy: str
    proxy_header: str
    work_bits: int
    rate: str
    plain_page: bool
    session_hours: int
    languages: tuple[str, ...]
    process_pack: str
    cosign: bool
    large_sum: int
    site: str
    site_hant: str
    site_en: str
    office: str
    office_hant: str
    office_en: str
    agency: str
    phone: str
    exit: str
    log_level: str

    @property
    def database_url(self) -> str:
        return self.database or f"sqlite:///{(self.data / 'whistle.db').resolve()}"

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
        return row.cast(_text(row, environ))
    except ValueError:
        raise SettingError(f"WHISTLE_{row.name} cannot be read: {row.help}.") from None


def _text(row: Setting, environ: Mapping[str, str]) -> str:
    file = environ.get(f"WHISTLE_{row.name}_FILE")
    if file is None:
        return environ.get(f"WHISTLE_{row.name}", row.default)
    try:
        return Path(file).read_text(encoding="utf-8").strip()
    except OSError:
        raise SettingError(f"The file named by WHISTLE_{row.name}_FILE cannot be read.") from None


def assets() -> Path:
    """Folder of templates, locale and static files: inside the installed package, else the checkout's."""
    packed = Path(__file__).parent / "assets"
    return packed if packed.is_dir() else Path(__file__).parent.parent
