"""Webhooks: where they may go, what they carry, and what a receiver that behaves badly can do."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import hmac
import ipaddress
import json
import socket
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from tests.notices.conftest import Receiver, Start, arrived, work
from tests.notices.test_queue import NOW, person, said, states
from whistle.notices import BadAddress, Undelivered, addresses, allowed, check, schedule, webhooks
from whistle.notices.addresses import is_public, shown
from whistle.notices.delivery import SENTENCES
from whistle.storage import notices
from whistle.storage.database import Database

SENTENCE = SENTENCES[""]
ONLY_PUBLIC = allowed((), plain=False)
PLAIN = {"plain": True}
LOOPBACK = PLAIN | {"reach": ["127.0.0.1"]}

INSIDE = (
    "127.0.0.1", "127.8.8.8", "0.0.0.0", "10.0.0.1", "172.16.0.1", "172.31.255.255", "192.168.1.1", "169.254.169.254",  # noqa: S104
    "100.64.0.1", "192.0.0.1", "192.0.2.1", "198.18.0.1", "198.51.100.1", "203.0.113.1", "192.88.99.1", "224.0.0.1",
    "239.255.255.250", "240.0.0.1", "255.255.255.255", "::", "::1", "::ffff:127.0.0.1", "::ffff:8.8.8.8",
    "::127.0.0.1", "::ffff:0:127.0.0.1", "64:ff9b::7f00:1", "64:ff9b::808:808", "64:ff9b:1::1", "2002:7f00:1::",
    "2002:808:808::1", "2001:0:4136:e378:8000:63bf:3fff:fdd2", "2001:db8::1", "fc00::1", "fd12:3456::1", "fe80::1",
    "fe80::1%eth0", "fec0::1", "ff02::1", "ff0e::1", "100::1", "5f00::1",
)  # fmt: skip
OUTSIDE = ("8.8.8.8", "223.5.5.5", "101.226.4.6", "2400:3200::1", "2606:4700:4700::1111")


@pytest.mark.parametrize("address", INSIDE)
def test_what_is_not_the_public_network_is_refused(address: str) -> None:
    assert not is_public(ipaddress.ip_address(address))


@pytest.mark.parametrize("address", OUTSIDE)
def test_a_machine_of_the_public_network_is_reached(address: str) -> None:
    assert is_public(ipaddress.ip_address(address))


@pytest.mark.parametrize(
    "url",
    [
        "http://hook.example.cn/x",
        "ftp://hook.example.cn/x",
        "file:///etc/passwd",
        "//hook.example.cn/x",
        "hook.example.cn/x",
        "https://user@hook.example.cn/x",
        "https://hook.example.cn@127.0.0.1/x",
        "https://127.0.0.1/x",
        "https://[::1]/x",
        "https://[::ffff:10.0.0.1]/x",
        "https://[64:ff9b::a00:1]/x",
        "https://[fe80::1%25eth0]/x",
        "https://2130706433/x",
        "https://0x7f000001/x",
        "https://0x7f.1/x",
        "https://0177.0.0.1/x",
        "https://127.1/x",
        "https://127.0.0.1./x",
        "https://１２７.0.0.1/x",
        "https://ⓛocalhost/x",
        "https://hook_example.cn/x",
        "https://-hook.example.cn/x",
        "https://hook..example.cn/x",
        "https://hook.example.cn:0/x",
        "https://hook.example.cn:99999/x",
        "https://hook.example.cn:port/x",
        "https://hook.example.cn/x#y",
        "https://hook.example.cn/x y",
        "https://hook.example.cn/x\r\nHost: other",
        "https://hook.example.cn\\@other/x",
        "https:///x",
        "https://",
        "",
        "https://hook.example.cn/" + "x" * 500,
    ],
)
def test_an_address_that_is_not_plainly_a_public_https_one_is_refused_as_it_is_written(url: str) -> None:
    with pytest.raises(BadAddress):
        check("json", url, "", ONLY_PUBLIC)


@pytest.mark.parametrize(
    "url",
    [
        "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=693axxx6-7aoc-4bc4-97a0-0ec2sifa5aaa",
        "https://oapi.dingtalk.com/robot/send?access_token=566cc69da782ec",
        "https://open.feishu.cn/open-apis/bot/v2/hook/2b1f-9a",
        "https://hook.example.cn:8443/a/b?c=d",
        "https://8.8.8.8/x",
        "https://[2606:4700:4700::1111]/x",
    ],
)
def test_the_makers_own_addresses_are_taken(url: str) -> None:
    check("json", url, "", ONLY_PUBLIC)


@pytest.mark.parametrize("address", ["bob@example.cn", "bob.li+whistle@mail.example.com.cn"])
def test_mail_addresses_are_taken(address: str) -> None:
    check("mail", address, "", ONLY_PUBLIC)


@pytest.mark.parametrize(
    "address",
    ["bob", "bob@", "@example.cn", "bob@example", "bob@example.cn\r\nBcc: all@example.cn", "bob@example.cn,eve@x.cn",
     '"bob"@example.cn', "鲍勃@example.cn", "bob@[127.0.0.1]", ".bob@example.cn", "bob@-example.cn"],
)  # fmt: skip
def test_what_is_no_mail_address_is_refused(address: str) -> None:
    with pytest.raises(BadAddress):
        check("mail", address, "", ONLY_PUBLIC)


def test_the_operator_names_what_lies_inside_and_may_be_reached() -> None:
    rule = allowed(("relay.office.example", "10.1.2.0/24", "fd00::5"), plain=False)
    assert rule.takes("relay.office.example", "192.168.7.7")
    assert rule.takes("other.example", "10.1.2.9") and rule.takes("other.example", "fd00::5")
    assert not rule.takes("other.example", "10.1.3.9") and not rule.takes("other.example", "192.168.7.7")
    check("json", "https://10.1.2.9/x", "", rule)


def test_of_a_webhook_only_where_it_is_is_told_again() -> None:
    assert shown("wecom", "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=secret-token") == (
        "https://qyapi.weixin.qq.com/…oken"
    )


# What they carry


def send(hooks: Receiver, kind: str, path: str, secret: str = "", rule: Any = None) -> None:
    rule = rule or allowed(("127.0.0.1",), plain=True)
    address = f"http://127.0.0.1:{hooks.port}{path}"
    asyncio.run(webhooks.send(kind, address, secret, SENTENCE, "f" * 32, rule, int(NOW)))


def test_it_works(hooks: Receiver) -> None:
    send(hooks, "json", "/ok?token=a")
    (came,) = hooks.requests()
    assert json.loads(came["body"]) == {"id": "f" * 32, "text": SENTENCE}
    assert came["path"] == "/ok?token=a"
    assert came["headers"]["Host"] == f"127.0.0.1:{hooks.port}"
    assert came["headers"]["Content-Type"] == "application/json"


@pytest.mark.parametrize("kind", ["wecom", "dingtalk"])
def test_wecom_and_dingtalk_get_their_form_of_text(hooks: Receiver, kind: str) -> None:
    send(hooks, kind, "/wecom?key=k")
    (came,) = hooks.requests()
    assert json.loads(came["body"]) == {"msgtype": "text", "text": {"content": SENTENCE}}


def test_dingtalks_signature_is_over_its_time_and_secret(hooks: Receiver) -> None:
    send(hooks, "dingtalk", "/wecom?access_token=k", "SECabc")
    query = parse_qs(urlsplit(hooks.requests()[0]["path"]).query)
    stamp = str(int(NOW) * 1000)
    made = base64.b64encode(hmac.digest(b"SECabc", f"{stamp}\nSECabc".encode(), hashlib.sha256)).decode()
    assert query == {"access_token": ["k"], "timestamp": [stamp], "sign": [made]}


def test_feishus_signature_is_keyed_by_its_time_and_secret(hooks: Receiver) -> None:
    send(hooks, "feishu", "/feishu", "abc")
    made = base64.b64encode(hmac.digest(f"{int(NOW)}\nabc".encode(), b"", hashlib.sha256)).decode()
    assert json.loads(hooks.requests()[0]["body"]) == {
        "timestamp": str(int(NOW)),
        "sign": made,
        "msg_type": "text",
        "content": {"text": SENTENCE},
    }


@pytest.mark.parametrize(
    ("kind", "path", "code"),
    [
        ("wecom", "/wecom-says-no", "refused"),
        ("wecom", "/ok", "refused"),
        ("feishu", "/wecom", "refused"),
        ("json", "/missing", "refused"),
        ("json", "/broken", "its_fault"),
        ("json", "/redirect", "redirect"),
        ("wecom", "/endless", "refused"),
    ],
)
def test_an_answer_that_is_no_consent_is_a_failure_by_its_code(
    hooks: Receiver, kind: str, path: str, code: str
) -> None:
    with pytest.raises(Undelivered) as failed:
        send(hooks, kind, path)
    assert failed.value.code == code
    assert len(hooks.requests()) == 1, "no redirect was followed"


# Where they go


def test_a_name_that_leads_inside_is_not_knocked_at(hooks: Receiver) -> None:
    rule = allowed((), plain=True)
    for host in ("localhost", "127.0.0.1", "2130706433", "0x7f.1"):
        with pytest.raises(Undelivered) as failed:
            url = f"http://{host}:{hooks.port}/ok"
            asyncio.run(webhooks.send("json", url, "", SENTENCE, "f" * 32, rule, int(NOW)))
        assert failed.value.code in {"private", "address"}
    assert hooks.requests() == []


@pytest.mark.parametrize("url", ["2130706433", "0x7f.1", "0177.0.0.1", "127.1", "localhost"])
def test_even_what_the_system_would_read_as_a_number_resolves_to_nothing_that_is_allowed(url: str) -> None:
    with pytest.raises(Undelivered):
        asyncio.run(addresses.resolve(url, 443, ONLY_PUBLIC))


@pytest.fixture
def names(monkeypatch: pytest.MonkeyPatch) -> dict[str, list[list[str]]]:
    """A name server of our own: for each name the answers it gives, one after the other."""
    known: dict[str, list[list[str]]] = {}
    real = socket.getaddrinfo

    def answer(host: Any, port: Any, *more: Any, **named: Any) -> Any:
        if host not in known:
            return real(host, port, *more, **named)
        assert known[host], f"{host} was asked for once more"
        found = known[host].pop(0)
        families = [socket.AF_INET6 if ":" in each else socket.AF_INET for each in found]
        return [(family, socket.SOCK_STREAM, 6, "", (each, port)) for family, each in zip(families, found, strict=True)]

    monkeypatch.setattr(socket, "getaddrinfo", answer)
    return known


def test_a_name_with_one_address_inside_is_refused_whole(names: dict[str, list[list[str]]]) -> None:
    names["hook.example.cn"] = [["8.8.8.8", "10.0.0.1"]]
    with pytest.raises(Undelivered) as failed:
        asyncio.run(addresses.resolve("hook.example.cn", 443, ONLY_PUBLIC))
    assert failed.value.code == "private"


def test_a_name_is_asked_for_once_and_the_connection_goes_to_what_was_checked(
    hooks: Receiver, names: dict[str, list[list[str]]]
) -> None:
    """A name server that answers a second question with another address is never asked it."""
    names["hook.example.cn"] = [["127.0.0.1"]]
    rule = allowed(("127.0.0.1",), plain=True)
    url = f"http://hook.example.cn:{hooks.port}/ok"
    asyncio.run(webhooks.send("json", url, "", SENTENCE, "f" * 32, rule, int(NOW)))
    (came,) = hooks.requests()
    assert came["headers"]["Host"] == f"hook.example.cn:{hooks.port}"
    assert names["hook.example.cn"] == []


@pytest.mark.parametrize(
    ("host", "trusted", "code"),
    [("hook.example.cn", True, ""), ("hook.example.cn", False, "tls"), ("other.example.cn", True, "tls")],
    ids=["its own certificate", "nobody vouches for it", "another's certificate"],
)
def test_the_certificate_is_checked_against_the_name_and_not_the_address(
    receiver: Start,
    certificate: Any,
    names: dict[str, list[list[str]]],
    monkeypatch: pytest.MonkeyPatch,
    host: str,
    trusted: bool,
    code: str,
) -> None:
    hooks = receiver("http_server", certificate)
    if trusted:
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate[0]))
    names[host] = [["127.0.0.1"]]
    rule = allowed(("127.0.0.0/8",), plain=False)
    work = webhooks.send("json", f"https://{host}:{hooks.port}/ok", "", SENTENCE, "f" * 32, rule, int(NOW))
    if not code:
        asyncio.run(work)
        assert len(hooks.requests()) == 1
        return
    with pytest.raises(Undelivered) as failed:
        asyncio.run(work)
    assert failed.value.code == code and hooks.requests() == []


def test_another_address_is_tried_where_the_first_does_not_answer(
    hooks: Receiver, names: dict[str, list[list[str]]]
) -> None:
    names["hook.example.cn"] = [["127.0.0.2", "127.0.0.1"]]
    rule = allowed(("127.0.0.0/8",), plain=True)
    url = f"http://hook.example.cn:{hooks.port}/ok"
    asyncio.run(webhooks.send("json", url, "", SENTENCE, "f" * 32, rule, int(NOW)))
    assert len(hooks.requests()) == 1


def test_no_proxy_of_the_environment_is_used(hooks: Receiver, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    send(hooks, "json", "/ok")
    assert len(hooks.requests()) == 1


# In the queue


def queue_hook(db: Database, hooks: Receiver, path: str, kind: str = "json") -> None:
    to = person(0, kind=kind, address=f"http://127.0.0.1:{hooks.port}{path}")
    db.write_sync(lambda tx: (notices.add(tx, to), notices.queue(tx, to, schedule.minute(NOW), int(NOW))))


def test_a_receiver_that_hangs_is_cut_and_tried_again(db: Database, url: str, hooks: Receiver) -> None:
    queue_hook(db, hooks, "/hang")
    hooks.steer("hang")
    _, err = work(url, NOW, dict(LOOPBACK)).communicate()
    assert err.strip() == "notice: slow"
    assert (said(db), states(db)) == ({"slow"}, ["waiting"])
    hooks.steer("hang", on=False)
    assert arrived(work(url, NOW + schedule.FIRST_WAIT, dict(LOOPBACK))) == 1
    first, second = (json.loads(came["body"]) for came in hooks.requests())
    assert first == second


def test_what_the_operator_no_longer_allows_waits_and_says_so(db: Database, url: str, hooks: Receiver) -> None:
    queue_hook(db, hooks, "/ok")
    assert arrived(work(url, NOW, {})) == 0
    assert said(db) == {"address"}
    assert arrived(work(url, NOW + schedule.FIRST_WAIT, dict(PLAIN))) == 0
    assert said(db) == {"private"} and hooks.requests() == []
