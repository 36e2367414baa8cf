"""Webhooks of WeCom, DingTalk and Feishu, and a plain JSON one: a POST to the address that was checked, to no other.

Bodies and signatures as the makers describe their group robots (developer.work.weixin.qq.com/document/path/91770,
open.dingtalk.com, open.feishu.cn).
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import ssl
from collections.abc import Callable
from typing import Any
from urllib.parse import SplitResult, urlencode

import httpx

from whistle.notices import addresses
from whistle.notices.addresses import Allowed
from whistle.notices.errors import BadAddress, Undelivered

SECONDS = 5.0  # for each step
LIMIT = 4096  # bytes of an answer that are read
TRIED = 2  # addresses of one host

Body = dict[str, Any]
# What is sent, by kind: from the sentence, the message's id, the secret ("" for none) and the second it is sent in.
BODIES: dict[str, Callable[[str, str, str, int], Body]] = {
    "wecom": lambda sentence, _id, _secret, _now: {"msgtype": "text", "text": {"content": sentence}},
    "dingtalk": lambda sentence, _id, _secret, _now: {"msgtype": "text", "text": {"content": sentence}},
    "feishu": lambda sentence, _id, secret, now: {
        **({"timestamp": str(now), "sign": sign(f"{now}\n{secret}", "")} if secret else {}),
        "msg_type": "text",
        "content": {"text": sentence},
    },
    "json": lambda sentence, id_, _secret, _now: {"id": id_, "text": sentence},
}
# The place of an answer where 0 means that it was taken; the plain one says it by its status.
TAKEN = {"wecom": "errcode", "dingtalk": "errcode", "feishu": "code"}


def sign(key: str, message: str) -> str:
    return base64.b64encode(hmac.digest(key.encode(), message.encode(), hashlib.sha256)).decode()


async def send(kind: str, address: str, secret: str, sentence: str, message: str, rule: Allowed, now: int) -> None:
    """Resolves, checks and posts. Raises Undelivered with a code."""
    try:
        found = addresses.split(address, rule)
    except BadAddress:
        raise Undelivered("address") from None
    host, port = addresses.host_of(found), found.port or {"https": 443, "http": 80}[found.scheme]
    checked = await addresses.resolve(host, port, rule)
    query = _signed(found.query, secret, now) if kind == "dingtalk" and secret else found.query
    body = json.dumps(BODIES[kind](sentence, message, secret, now), ensure_ascii=False).encode()
    status, said = await _post(found._replace(query=query), host, port, checked[:TRIED], body)
    _judge(kind, status, said)


def _signed(query: str, secret: str, now: int) -> str:
    stamp = now * 1000
    mark = urlencode({"timestamp": stamp, "sign": sign(secret, f"{stamp}\n{secret}")})
    return f"{query}&{mark}" if query else mark


async def _post(found: SplitResult, host: str, port: int, checked: list[str], body: bytes) -> tuple[int, bytes]:
    """Status and the beginning of the answer of the first address that can be reached. The certificate is the host's,
    the connection goes to the address."""
    async with httpx.AsyncClient(
        trust_env=False, follow_redirects=False, timeout=SECONDS, verify=ssl.create_default_context()
    ) as http:
        for address in checked:
            pinned = f"[{address}]:{port}" if ":" in address else f"{address}:{port}"
            try:
                return await _asked(http, found._replace(netloc=pinned, fragment="").geturl(), found.netloc, host, body)
            except (httpx.ConnectError, httpx.ConnectTimeout) as error:
                failure = error
            except httpx.TimeoutException:
                raise Undelivered("slow") from None
            except httpx.HTTPError:
                raise Undelivered("cut") from None
    raise Undelivered(_why(failure))


async def _asked(http: httpx.AsyncClient, url: str, netloc: str, host: str, body: bytes) -> tuple[int, bytes]:
    headers = {
        "Host": netloc,
        "Content-Type": "application/json",
        "Accept-Encoding": "identity",
        "User-Agent": "notice",
    }
    said = b""
    async with http.stream("POST", url, content=body, headers=headers, extensions={"sni_hostname": host}) as answer:
        async for piece in answer.aiter_raw():
            said += piece[: LIMIT - len(said)]
            if len(said) >= LIMIT:
                break
    return answer.status_code, said


def _why(failure: httpx.HTTPError) -> str:
    cause: BaseException | None = failure
    while cause is not None and not isinstance(cause, ssl.SSLError):
        cause = cause.__cause__ or cause.__context__
    return "tls" if cause else "slow" if isinstance(failure, httpx.TimeoutException) else "unreachable"


def _judge(kind: str, status: int, said: bytes) -> None:
    if 300 <= status < 400:
        raise Undelivered("redirect")
    if not 200 <= status < 300:
        raise Undelivered("refused" if status < 500 else "its_fault")
    if kind in TAKEN:
        try:
            taken = json.loads(said)[TAKEN[kind]] == 0
        except (ValueError, KeyError, TypeError, RecursionError):
            taken = False
        if not taken:
            raise Undelivered("refused")
