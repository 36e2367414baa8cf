"""Entering the back office: a signature opens a session, and nothing else does."""

import hashlib
import json
import os
import time
from collections.abc import Callable
from typing import Any

import httpx
import pytest
from itsdangerous import URLSafeSerializer
from sqlalchemy import update

from tests.conftest import Demo
from tests.doors import later
from tests.doors.hand import error
from whistle.crypto.encoding import b64, unb64
from whistle.crypto.login import sign_login
from whistle.crypto.slots import open_slot
from whistle.storage import staff, tables
from whistle.storage.database import Database

Said = dict[str, Any]
Bend = Callable[[Said], Said]


def newest(demo: Demo) -> str:
    return demo.reporter().trust.newest_hash


def signed(demo: Demo, http: httpx.Client, role: str = "intake", url: str = "", **bent: Any) -> Said:
    """A login as the client would say it; `bent` changes what is signed."""
    keys, zone = demo.keys(role)
    asked = http.post(f"{url or demo.review}/api/login/challenge", json={}).json()
    office = demo.reporter().trust.newest_channel()
    rid = next(one["rid"] for one in office["readers"] if role in one["roles"])
    facts = {
        "zone": unb64(zone),
        "origin": demo.review,
        "rid": unb64(rid),
        "dir": unb64(newest(demo)),
        "server_nonce": unb64(asked["nonce"]),
        "client_nonce": os.urandom(32),
        "expires": asked["expires"],
    } | bent
    return {
        "rid": b64(facts["rid"]),
        "dir": b64(facts["dir"]),
        "nonce": b64(facts["server_nonce"]),
        "client_nonce": b64(facts["client_nonce"]),
        "expires": facts["expires"],
        "sig": b64(sign_login(keys, **facts)),
    }


def login(demo: Demo, http: httpx.Client, said: Said) -> httpx.Response:
    return http.post(f"{demo.review}/api/login", json=said)


def test_it_works(demo: Demo) -> None:
    http = demo.http()
    answer = login(demo, http, signed(demo, http))
    assert answer.status_code == 200
    assert set(answer.json()) == {"rid", "person", "label", "channels", "expires"}
    assert http.get(f"{demo.review}/api/me").json() == answer.json()


def test_the_cookie_is_for_this_host_this_browser_session_and_no_script(demo: Demo) -> None:
    http = demo.http()
    told = login(demo, http, signed(demo, http)).headers["set-cookie"].lower()
    assert told.startswith("session=")
    assert {"httponly", "samesite=strict", "path=/"} <= {part.strip() for part in told.split(";")}
    assert "expires" not in told and "max-age" not in told and "domain" not in told


def test_under_https_the_cookie_is_bound_to_it(zone_demo: Demo) -> None:
    origin = "https://review.example"
    with later.door(zone_demo.data, "review", review_origin=origin) as url, later.client() as http:
        answer = http.post(f"{url}/api/login", json=signed(zone_demo, http, url=url, origin=origin))
        told = answer.headers["set-cookie"].lower()
        assert told.startswith("__host-session=")
        assert "; secure" in told and "path=/" in told
        assert answer.headers["strict-transport-security"]


BENT: dict[str, Callable[[Demo], Said]] = {
    "another origin": lambda demo: {"origin": "https://evil.example"},
    "the other door's origin": lambda demo: {"origin": demo.public},
    "another zone": lambda demo: {"zone": bytes(16)},
    "a nonce of his own": lambda demo: {"server_nonce": os.urandom(32)},
    "an unknown key": lambda demo: {"rid": os.urandom(16)},
    "another directory": lambda demo: {"dir": os.urandom(32)},
    "a longer life": lambda demo: {"expires": int(time.time()) + 110},
    "an old one": lambda demo: {"expires": int(time.time()) - 1},
}


@pytest.mark.parametrize("how", BENT)
def test_a_bent_login_opens_nothing(demo: Demo, how: str) -> None:
    http = demo.http()
    answer = login(demo, http, signed(demo, http, **BENT[how](demo)))
    assert (answer.status_code, answer.json()) == (401, {"error": "not_signed_in"})
    assert "set-cookie" not in answer.headers


def test_the_nonce_of_a_login_is_good_once(demo: Demo) -> None:
    http = demo.http()
    said = signed(demo, http)
    assert login(demo, http, said).status_code == 200
    assert error(login(demo, demo.http(), said)) == (401, "not_signed_in")


def test_a_signature_is_good_for_its_own_key_only(demo: Demo) -> None:
    http = demo.http()
    mine, his = signed(demo, http), signed(demo, http, "leader")
    assert error(login(demo, http, mine | {"rid": his["rid"]})) == (401, "not_signed_in")
    assert error(login(demo, http, mine | {"sig": his["sig"]})) == (401, "not_signed_in")
    assert error(login(demo, http, mine | {"client_nonce": his["client_nonce"]})) == (401, "not_signed_in")


@pytest.mark.parametrize("field", ["rid", "dir", "nonce", "client_nonce", "expires", "sig"])
@pytest.mark.parametrize("value", ["", "A", 1, -1, None, True, [], {}, "é", 10**30])
def test_nonsense_opens_nothing(demo: Demo, field: str, value: Any) -> None:
    http = demo.http()
    answer = login(demo, http, dict.fromkeys(_SAID, "AAAA"))
    assert error(answer) == (401, "not_signed_in")
    assert error(login(demo, http, _SAID | {field: value})) == (401, "not_signed_in")


_SAID: Said = {
    "rid": b64(bytes(16)),
    "dir": b64(bytes(32)),
    "nonce": b64(bytes(32)),
    "client_nonce": b64(bytes(32)),
    "expires": 1,
    "sig": b64(bytes(64)),
}

NOT_JSON: dict[str, tuple[bytes, str]] = {
    "nothing": (b"", "application/json"),
    "not JSON": (b"{", "application/json"),
    "a list": (b"[]", "application/json"),
    "a field missing": (json.dumps({"rid": "x"}).encode(), "application/json"),
    "a field more": (json.dumps(_SAID | {"more": 1}).encode(), "application/json"),
    "a surrogate": (json.dumps(_SAID | {"rid": "\ud800"}).encode(), "application/json"),
    "a zero": (json.dumps(_SAID | {"rid": "\0"}).encode(), "application/json"),
    "depth": (b"[" * 9_000, "application/json"),
    "a form": (b"rid=x", "application/x-www-form-urlencoded"),
    "text that is JSON": (json.dumps(_SAID).encode(), "text/plain"),
}


@pytest.mark.parametrize("how", NOT_JSON)
def test_a_login_of_another_form_is_malformed(demo: Demo, how: str) -> None:
    data, kind = NOT_JSON[how]
    answer = demo.http().post(f"{demo.review}/api/login", content=data, headers={"Content-Type": kind})
    assert error(answer) == (400, "malformed")


def test_a_login_too_long_is_not_read(demo: Demo) -> None:
    answer = demo.http().post(
        f"{demo.review}/api/login", content=bytes(16_385), headers={"Content-Type": "application/json"}
    )
    assert error(answer) == (413, "too_large")


# Key slots


def slots(demo: Demo, name: str) -> list[Said]:
    found: list[Said] = demo.http().post(f"{demo.review}/api/slots", json={"login": name}).json()["slots"]
    return found


def test_a_login_name_gets_the_slots_that_its_passphrase_opens(demo: Demo) -> None:
    by_name = slots(demo, "intake")
    assert len(open_slot(by_name[0], demo.passphrase("intake"))) == 32


def test_a_made_up_name_gets_a_slot_like_any_other_and_the_same_again(demo: Demo) -> None:
    mine = slots(demo, "intake")
    listed = {one["rid"] for one in demo.reporter().trust.newest_channel()["readers"]}
    for name in ("nobody", "Intake", "", "受理", "x" * 9_000, "A" * 22):
        made_up = slots(demo, name)
        assert made_up == slots(demo, name)
        assert [shape(one) for one in made_up] == [shape(one) for one in mine]
        assert made_up[0]["rid"] in listed  # else a look at the public directory would tell
        assert made_up[0]["sealed"] != mine[0]["sealed"]
    assert slots(demo, "nobody")[0]["salt"] != slots(demo, "somebody")[0]["salt"]


def test_a_slot_leads_to_nothing_that_tells_whether_it_was_real(demo: Demo) -> None:
    """Asked for the key id in it, a real slot answers like an invented one: with an invented one."""
    real = slots(demo, "intake")
    for (slot,) in (real, slots(demo, "nobody")):
        (found,) = slots(demo, slot["rid"])
        assert found["slot"] not in {real[0]["slot"], slot["slot"]}
        assert shape(found) == shape(slot)


def test_an_enrolment_that_waits_for_the_ceremony_is_not_told(zone_demo: Demo) -> None:
    """Its key stands in no directory, and an invented slot always carries one that does."""
    made_up = slots(zone_demo, "waiting")
    slot = slots(zone_demo, "intake")[0] | {"slot": b64(os.urandom(16)), "rid": b64(os.urandom(16))}
    member = staff.Staff(slot["rid"], "waiting", "受理员 9", bytes(1216), bytes(32), slots=[slot])
    with database(zone_demo) as db:
        db.write_sync(lambda tx: staff.add_staff(tx, member))
    assert slots(zone_demo, "waiting") == made_up


def shape(slot: Said) -> list[tuple[str, str, int]]:
    return [(name, type(value).__name__, len(str(value))) for name, value in slot.items()]


def test_a_name_that_no_database_takes_is_malformed(demo: Demo) -> None:
    for name in ("\ud800", "\0", 5, None, ["intake"]):
        answer = demo.http().post(
            f"{demo.review}/api/slots",
            content=json.dumps({"login": name}),
            headers={"Content-Type": "application/json"},
        )
        assert error(answer) == (400, "malformed")


# Sessions

OPEN = {"/api/slots", "/api/login/challenge", "/api/login", "/api/enrol", "/api/directory", "/api/channels/x"}
CLOSED = [
    ("GET", "/api/me"),
    ("GET", "/api/inbox"),
    ("GET", "/api/case"),
    ("GET", "/api/roster"),
    ("GET", "/api/enterprises"),
    ("GET", "/api/packs"),
    ("GET", "/api/calendar"),
    ("GET", "/api/ledger"),
    ("GET", "/api/ledger/export?format=csv"),
    ("POST", "/api/posts"),
    ("POST", "/api/enter"),
    ("POST", "/api/seen"),
    ("POST", "/api/ledger/book"),
    ("POST", "/api/logout"),
]


@pytest.mark.parametrize(("method", "path"), CLOSED)
def test_without_a_session_nothing_is_served(demo: Demo, method: str, path: str) -> None:
    for cookie in ("", "session=", "session=abc.def", "__Host-session=x", "session=" + "é" * 3):
        answer = demo.http().request(method, demo.review + path, headers={"Cookie": cookie.encode()})
        assert error(answer) == (401, "not_signed_in")


def test_a_cookie_changed_by_one_letter_is_none(demo: Demo) -> None:
    http = demo.http()
    login(demo, http, signed(demo, http))
    value = http.cookies["session"]
    for at in (0, 10, len(value) - 2):
        changed = value[:at] + ("A" if value[at] != "A" else "B") + value[at + 1 :]
        answer = demo.http().get(f"{demo.review}/api/me", headers={"Cookie": f"session={changed}"})
        assert error(answer) == (401, "not_signed_in")


def test_after_leaving_the_old_cookie_opens_nothing(demo: Demo) -> None:
    http = demo.http()
    login(demo, http, signed(demo, http))
    kept = {"Cookie": f"session={http.cookies['session']}"}
    assert http.post(f"{demo.review}/api/logout").status_code == 200
    assert "session" not in http.cookies
    assert error(demo.http().get(f"{demo.review}/api/me", headers=kept)) == (401, "not_signed_in")


def test_another_sites_page_signs_nobody_out(demo: Demo) -> None:
    http = demo.http()
    login(demo, http, signed(demo, http))
    for told in ({"Origin": "https://evil.example"}, {"Sec-Fetch-Site": "cross-site"}, {"Origin": demo.public}):
        assert error(http.post(f"{demo.review}/api/logout", headers=told)) == (403, "origin")
    assert http.get(f"{demo.review}/api/me").status_code == 200


def test_a_session_ends_when_its_time_is_over(zone_demo: Demo) -> None:
    http = zone_demo.http()
    said = login(zone_demo, http, signed(zone_demo, http))
    assert said.json()["expires"] > time.time() + 7 * 3600
    with database(zone_demo) as db:
        db.write_sync(lambda tx: tx.execute(update(tables.sessions).values(expires=int(time.time()) - 1)))
    assert error(http.get(f"{zone_demo.review}/api/me")) == (401, "not_signed_in")


def test_only_the_hash_of_a_session_is_stored(zone_demo: Demo) -> None:
    http = zone_demo.http()
    login(zone_demo, http, signed(zone_demo, http))
    _, token = URLSafeSerializer("any").loads_unsafe(http.cookies["session"])
    kept = b"".join(path.read_bytes() for path in zone_demo.data.glob("whistle.db*"))
    assert len(bytes.fromhex(token)) == 32
    assert token.encode() not in kept and bytes.fromhex(token) not in kept
    assert hashlib.sha256(bytes.fromhex(token)).hexdigest().encode() in kept


def test_a_closed_account_stays_out_though_the_directory_lists_its_key(zone_demo: Demo) -> None:
    http = zone_demo.http()
    said = signed(zone_demo, http, "auditor")
    with database(zone_demo) as db:
        db.write_sync(lambda tx: staff.set_status(tx, said["rid"], "gone"))
        try:
            assert error(login(zone_demo, http, said)) == (401, "not_signed_in")
            mine = slots(zone_demo, "auditor")
            with pytest.raises(Exception, match="cannot_open"):
                open_slot(mine[0], zone_demo.passphrase("auditor"))
        finally:
            db.write_sync(lambda tx: staff.set_status(tx, said["rid"], "active"))


def database(demo: Demo) -> Database:
    return Database.open(f"sqlite:///{demo.data / 'whistle.db'}")


# What every answer carries


@pytest.mark.parametrize("path", ["/", "/enrol", "/nowhere", "/api/me", "/api/directory", "/api/nowhere", "/api/demo"])
def test_every_answer_is_dressed(demo: Demo, path: str) -> None:
    for method in ("GET", "HEAD", "POST", "OPTIONS"):
        told = demo.http().request(method, demo.review + path).headers
        assert "frame-ancestors 'none'" in told["content-security-policy"]
        assert told["x-content-type-options"] == "nosniff"
        assert told["referrer-policy"] == "no-referrer"
        assert not {"server", "date"} & set(told)


def test_the_public_sites_api_is_not_at_this_door(demo: Demo) -> None:
    for path in ("/api/challenge", "/plain", "/report"):
        assert demo.http().get(demo.review + path).status_code == 404
