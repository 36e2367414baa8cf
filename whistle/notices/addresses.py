"""Which addresses a message may go to. A person's webhook is an address that an outsider may have put into his hands:
the server must not knock at its own network's doors for it.

Checked twice: as it is written, when it is added; and as it resolves, at every connection (webhooks.py), which then
goes to the very address that was checked.
"""

from __future__ import annotations

import asyncio
import ipaddress
import re
import socket
from dataclasses import dataclass, field
from urllib.parse import SplitResult, urlsplit

from whistle.notices.errors import BadAddress, Undelivered

WEBHOOKS = ("wecom", "dingtalk", "feishu", "json")
KINDS = ("mail", *WEBHOOKS)
LONGEST = 500
_LABEL = "[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?"
_NAME = re.compile(rf"({_LABEL}\.)*(?=[a-z])[a-z0-9-]{{0,62}}[a-z0-9]\.?")  # the last part begins with a letter
_MAIL = re.compile(rf"[A-Za-z0-9!#$%&'*+/=?^_`{{|}}~-]+(\.[A-Za-z0-9!#$%&'*+/=?^_`{{|}}~-]+)*@({_LABEL}\.)+{_LABEL}")
_TOKEN = re.compile(r"[\x21-\x7e]*")
# IPv6 addresses that carry an IPv4 one: NAT64 both ways, IPv4-compatible, mapped, translated, Teredo, 6to4.
_CARRIERS = ("64:ff9b::/96", "64:ff9b:1::/48", "::/96", "::ffff:0:0/96", "::ffff:0:0:0/96", "2001::/32", "2002::/16")
_WRAPPED = [ipaddress.IPv6Network(each) for each in _CARRIERS]

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network


@dataclass(frozen=True)
class Allowed:
    """What the operator lets webhooks reach beside the public network: names and networks; `plain`: http too."""

    names: frozenset[str] = frozenset()
    networks: tuple[Network, ...] = field(default=())
    plain: bool = False

    def takes(self, host: str, address: str) -> bool:
        """Whether a message may go to this address of this host."""
        found = _address(address)
        if found is None:
            return False
        return host in self.names or is_public(found) or any(found in network for network in self.networks)


def allowed(entries: tuple[str, ...], *, plain: bool) -> Allowed:
    """From the operator's list of names and networks."""
    networks = {entry: network for entry in entries if (network := as_network(entry))}
    return Allowed(frozenset(set(entries) - set(networks)), tuple(networks.values()), plain)


def as_network(text: str) -> Network | None:
    """A network, or a single address as one."""
    try:
        return ipaddress.ip_network(text)
    except ValueError:
        return None


def is_public(address: Address) -> bool:
    """Whether it belongs to the public network and to one machine of it."""
    if isinstance(address, ipaddress.IPv6Address):
        if any(address in network for network in _WRAPPED) or address.is_site_local or address.scope_id:
            return False
    elif address in ipaddress.ip_network("192.88.99.0/24"):  # the way into 6to4
        return False
    return address.is_global and not (address.is_multicast or address.is_reserved or address.is_unspecified)


def check(kind: str, address: str, secret: str, rule: Allowed) -> None:
    """Refuses what no message goes to as it is written. Raises BadAddress."""
    if kind not in KINDS:
        raise BadAddress("kind")
    if len(address) > LONGEST or len(secret) > LONGEST or not _TOKEN.fullmatch(secret):
        raise BadAddress("long" if _TOKEN.fullmatch(secret) else "secret")
    if kind == "mail":
        if not _MAIL.fullmatch(address):
            raise BadAddress("mail")
        return
    host = host_of(split(address, rule))
    if _address(host) and not rule.takes(host, host):
        raise BadAddress("private")


def split(address: str, rule: Allowed) -> SplitResult:
    """A webhook's address taken apart: https, a name or an address in its one form, nothing else. Raises BadAddress."""
    if not re.fullmatch(r"[\x21-\x7e]+", address) or set(address) & set('\\<>"^`{|}'):
        raise BadAddress("url")
    try:
        found = urlsplit(address)
        port = found.port
    except ValueError:
        raise BadAddress("url") from None
    if found.scheme != "https" and not (found.scheme == "http" and rule.plain):
        raise BadAddress("https")
    host = host_of(found)
    is_named = bool(_NAME.fullmatch(host)) and len(host) <= 253
    if "@" in found.netloc or found.fragment or port == 0 or not (is_named or _address(host)):
        raise BadAddress("url")
    return found


def host_of(found: SplitResult) -> str:
    return (found.hostname or "").lower()


async def resolve(host: str, port: int, rule: Allowed) -> list[str]:
    """The addresses of a host, each of which a message may go to. Raises Undelivered: one that may not stops all."""
    try:
        found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        raise Undelivered("no_such_host") from None
    addresses = list(dict.fromkeys(str(one[4][0]) for one in found))
    if not addresses or not all(rule.takes(host, each) for each in addresses):
        raise Undelivered("private")
    return addresses


def shown(kind: str, address: str) -> str:
    """As it is told again: of a webhook only where it is and its last characters, for the rest is a password."""
    if kind == "mail":
        return address
    found = urlsplit(address)
    return f"{found.scheme}://{found.netloc}/…{address[-4:]}"


def _address(text: str) -> Address | None:
    try:
        return ipaddress.ip_address(text)
    except ValueError:
        return None
