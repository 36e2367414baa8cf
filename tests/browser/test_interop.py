"""What Python seals opens in Chromium and the other way round, natively and with the fallback forced."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from tests.crypto.scene import Scene
from whistle.core.case import WORKFLOW
from whistle.crypto import work
from whistle.crypto.chain import Chain
from whistle.crypto.directory import Directories
from whistle.crypto.encoding import b64, unb64
from whistle.crypto.errors import EnvelopeError
from whistle.crypto.grants import open_grant
from whistle.crypto.items import Part, check_half, join_halves, open_item, seal_item
from whistle.crypto.keys import KeyPair, reviewer_id, reviewer_keys, root_key
from whistle.crypto.login import sign_enrol, sign_login, verify_enrol, verify_login
from whistle.crypto.posts import Upload, pack_upload, unpack_upload
from whistle.crypto.receipts import sign_receipt, verify_receipt
from whistle.crypto.slots import open_slot, seal_slot
from whistle.crypto.ticket import new_ticket, open_ticket

pytestmark = pytest.mark.browser
X1 = json.loads((Path(__file__).parents[1] / "vectors" / "x1.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def page(browser: Browser, serve: Callable[[Path], str], bundled: Callable[[str], Path]) -> Iterator[Page]:
    folder = bundled("tests/browser/interop.js")
    opened = browser.new_page()
    opened.goto(f"{serve(folder)}/interop.js.html")
    yield opened
    opened.close()


@pytest.fixture(params=[True, False], ids=["native", "fallback"])
def twin(request: pytest.FixtureRequest, page: Page) -> Callable[..., Any]:
    """Call a function of interop.js by name, with the browser's own calls or with the fallback forced."""
    page.evaluate("native => interop.setNative(native)", request.param)

    def call(name: str, *arguments: Any) -> Any:
        script = "([path, values]) => path.split('.').reduce((o, k) => o[k], interop)(...values)"
        return page.evaluate(script, [name, list(arguments)])

    return call


def made(scene: Scene, uploads: list[bytes]) -> dict[str, Any]:
    """A case made in Python, as the browser takes it."""
    return {
        "zone": b64(scene.zone),
        "signed": [[b64(data), b64(sig)] for data, sig in scene.signed],
        "channels": [b64(data) for data in scene.channels],
        "uploads": [b64(data) for data in uploads],
    }


def python_case() -> tuple[Scene, list[bytes]]:
    """Filed, accepted, and a word about the money, each packed as it would be uploaded."""
    scene, uploads = Scene(), []

    def packed() -> None:
        blobs = {name: item.blob for name, item in scene.sealed.items()}
        uploads.append(pack_upload(scene.posts[-1], [sealed for _, sealed in scene.grants], blobs))

    scene.file()
    packed()
    scene.accept()
    packed()
    parts = [Part("payout", body="请来领取".encode())]
    scene.add("paul", "message", {"comp": "payout"}, parts, {"paul": [(0, 0)], "reporter": [(0, 0)]})
    packed()
    return scene, uploads


def chain_of(case: dict[str, Any], uploads: list[Upload], viewer: Any) -> Chain:
    """The chain of a case the browser made, checked by Python."""
    zone = unb64(case["zone"])
    directories = Directories.verify(zone, [(unb64(data), unb64(sig)) for data, sig in case["signed"]])
    for channel in case["channels"]:
        directories.add_channel(unb64(channel))
    chain = Chain(zone, directories, WORKFLOW, viewer=viewer)
    for upload in uploads:
        if viewer == "office" or upload.post.vis == "all":
            chain.add(upload.post)
    return chain


def keys_for(chain: Chain, uploads: list[Upload], reader: str, keys: KeyPair) -> dict[str, dict[int, bytes]]:
    """Every key the grants of these uploads give a reader, by item and part."""
    found: dict[str, dict[int, bytes]] = {}
    for post, grants in ((upload.post, upload.grants) for upload in uploads):
        for entry, sealed in zip(post.grants, grants, strict=True):
            if entry["to"] == reader:
                place = (chain.zone, unb64(chain.case), post.author, unb64(post.pid), reader)
                for item, part, value in open_grant(*place, keys, entry, sealed):
                    found.setdefault(item, {})[part] = value
    return found


def read(chain: Chain, uploads: list[Upload], reader: str, keys: KeyPair) -> list[list[str]]:
    """What a reader reads of a case, in the words of interop.js."""
    blobs = {name: blob for upload in uploads for name, blob in upload.items.items()}
    out = []
    for item, parts in keys_for(chain, uploads, reader, keys).items():
        carried = chain.carrier(item)
        assert carried is not None
        act, index = carried
        entry = act.items[index]
        for part in parts.keys() & {1, 2}:
            check_half(entry, part, parts[part])
        key = join_halves(parts[1], parts[2]) if {1, 2} <= parts.keys() else parts.get(0)
        if key is None:
            out.append([entry["comp"], f"half {','.join(map(str, parts))}"])
            continue
        place = (chain.zone, unb64(chain.case), act.author, unb64(act.pid), index)
        out.append([entry["comp"], open_item(*place, entry, key, blobs[item])[1].decode()])
    return sorted(out)


def test_it_works(twin: Callable[..., Any]) -> None:
    scene, uploads = python_case()
    told = twin(
        "readCase",
        WORKFLOW,
        made(scene, uploads),
        "reporter",
        [b64(scene.alice.kem_seed), b64(scene.alice.sig_seed)],
    )
    assert told == {
        "kinds": ["report", "accept", "message"],
        "read": [["payout", "请来领取"], ["thread", "已受理"]],
    }


def test_this_chromium_is_native_unless_forced(twin: Callable[..., Any], request: pytest.FixtureRequest) -> None:
    forced = "fallback" in request.node.name
    assert twin("native") == dict.fromkeys(("kem", "x25519", "ed25519"), not forced)


@pytest.mark.parametrize("name", ["bob", "beth", "lena", "paul", "ada"])
def test_every_reader_of_a_case_made_in_python_reads_it_in_the_browser(twin: Callable[..., Any], name: str) -> None:
    scene, uploads = python_case()
    parsed = [unpack_upload(data) for data in uploads]
    keys = scene.keys(name)
    told = twin("readCase", WORKFLOW, made(scene, uploads), scene.rid(name), [b64(keys.kem_seed), b64(keys.sig_seed)])
    assert told["read"] == read(scene.chain, parsed, scene.rid(name), keys)


def test_a_case_made_in_the_browser_passes_in_python(twin: Callable[..., Any]) -> None:
    case = twin("makeCase", WORKFLOW)
    uploads = [unpack_upload(unb64(data)) for data in case["uploads"]]
    office, reporter = (chain_of(case, uploads, viewer) for viewer in ("office", "reporter"))
    assert [act.kind for act in office.acts] == ["report", "accept", "extract", "assign", "finding"]
    assert [act.kind for act in reporter.acts] == ["report", "accept", "assign"]
    words = {rid: read(office, uploads, rid, reviewer_keys(unb64(seed))) for rid, seed in case["seeds"]}
    assert ["report", "机器没有接地。"] in words[case["seeds"][0][0]]
    for rid, seed in case["seeds"]:
        told = twin("readCase", WORKFLOW, case, rid, [seed])
        assert told["read"] == words[rid]


def test_a_photo_goes_both_ways(twin: Callable[..., Any]) -> None:
    zone, case, pid = os.urandom(16), os.urandom(32), os.urandom(16)
    place = [b64(zone), b64(case), "reporter", b64(pid), 4]
    sealed = twin("sealFile", place, 1_300_000)
    meta, body = open_item(zone, case, "reporter", pid, 4, sealed["entry"], unb64(sealed["key"]), unb64(sealed["blob"]))
    assert (meta["name"], b64(body)) == ("现场.jpg", sealed["body"])
    photo = Part("report", "视频.mp4", "video/mp4", os.urandom(2_100_000))
    item = seal_item(zone, case, "reporter", pid, 4, photo)
    opened = twin("openFile", place, item.entry, b64(item.key), b64(item.blob))
    assert opened == {
        "meta": {"name": "视频.mp4", "type": "video/mp4", "size": 2_100_000},
        "body": b64(photo.body),
    }


def test_a_ticket_is_the_same_keys(twin: Callable[..., Any]) -> None:
    zone, digits = os.urandom(16), new_ticket()
    ticket = open_ticket(zone, digits)
    assert twin("ticket", b64(zone), digits) == {
        "kem": b64(ticket.keys.kem),
        "sig": b64(ticket.keys.sig),
        "case": b64(ticket.case),
        "authorization": ticket.authorization,
    }


def test_a_key_slot_opens_in_both(twin: Callable[..., Any]) -> None:
    zone, seed, secret, prf = os.urandom(16), os.urandom(32), os.urandom(32), os.urandom(32)
    keys = reviewer_keys(seed)
    rid = reviewer_id(zone, keys.kem, keys.sig)
    mine = [b64(zone), b64(rid), b64(seed)]
    assert open_slot(twin("slots.seal", *mine, "正确 horse"), "  正确\t horse") == seed
    assert twin("slots.open", seal_slot(zone, rid, seed, "正确 horse"), "正确 horse", None, None) == b64(seed)
    assert open_slot(twin("slots.file", *mine, "1234", b64(secret)), "1234", file_secret=secret) == seed
    stick = seal_slot(zone, rid, seed, "1234", file_secret=secret)
    assert twin("slots.open", stick, "1234", b64(secret), None) == b64(seed)
    passkey = twin("slots.passkey", *mine, "review.example", b64(os.urandom(20)), b64(prf))
    assert open_slot(passkey, prf=prf) == seed
    assert twin("slots.open", passkey, "", None, b64(prf)) == b64(seed)


def test_a_login_and_an_enrolment_are_believed_by_both(twin: Callable[..., Any]) -> None:
    zone, rid, dir_hash, invite, seed = (os.urandom(size) for size in (16, 16, 32, 16, 32))
    server, mine, keys = os.urandom(32), os.urandom(32), reviewer_keys(seed)
    asked = {"zone": zone, "origin": "https://review.example", "rid": rid, "dir": dir_hash}
    asked |= {"server_nonce": server, "client_nonce": mine, "expires": 1_790_000_000}
    told = {"zone": b64(zone), "origin": asked["origin"], "rid": b64(rid), "dir": b64(dir_hash)}
    told |= {"serverNonce": b64(server), "clientNonce": b64(mine), "expires": asked["expires"]}
    verify_login(keys.sig, **asked, sig=unb64(twin("login.sign", b64(seed), told)))
    assert twin("login.verify", b64(keys.sig), told, b64(sign_login(keys, **asked))) == ""
    other = told | {"origin": "https://evil.example"}
    assert twin("login.verify", b64(keys.sig), other, b64(sign_login(keys, **asked))) == "bad_signature"
    proof = unb64(twin("login.enrol", b64(seed), b64(zone), b64(invite)))
    verify_enrol(zone=zone, kem=keys.kem, sig=keys.sig, invite=invite, proof=proof)
    assert proof == sign_enrol(keys, zone, invite)


def test_work_done_in_the_browser_is_work_to_the_server(twin: Callable[..., Any]) -> None:
    case, pid = os.urandom(32), os.urandom(16)
    sealed = work.challenge(b"s" * 32, os.urandom(16), "report", 12, "2026-06-10", 1_790_000_000, work.nonce())
    done = twin("work.solve", b64(sealed), b64(case), b64(pid), 12)
    assert work.parse_header(done["header"]) == (sealed, done["counter"])
    assert work.check(sealed, case, pid, done["counter"], 12)
    assert done["counter"] == work.solve(sealed, case, pid, 12)
    assert twin("work.check", b64(sealed), b64(case), b64(pid), done["counter"], 12)


def test_a_receipt_signed_in_python_is_read_in_the_browser(twin: Callable[..., Any]) -> None:
    document = json.loads(X1["receipt"]["bytes"])
    door = root_key(os.urandom(32))
    data, sig = sign_receipt(door, document)
    assert twin("receipts.verify", b64(door.public), b64(data), b64(sig)) == document
    seed = os.urandom(32)
    signed = [unb64(part) for part in twin("receipts.sign", b64(seed), document)]
    assert verify_receipt(reviewer_keys(seed).sig, *signed) == document


def test_the_browser_refuses_what_the_vectors_refuse(twin: Callable[..., Any]) -> None:
    words = twin("refusals", X1)
    signatures, keys = len(X1["refused_signatures"]), len(X1["bad_ed25519"]) + len(X1["bad_kem_patches"])
    assert words == ["bad_signature"] * signatures + ["bad_key"] * keys


def test_a_forged_case_is_refused_by_both(twin: Callable[..., Any], page: Page) -> None:
    scene, uploads = python_case()
    forged = made(scene, [uploads[0], uploads[2]])
    with pytest.raises(EnvelopeError):
        chain_of(forged, [unpack_upload(unb64(data)) for data in forged["uploads"]], "office")
    script = "made => interop.readCase(...made, 'reporter', []).then(() => '', (error) => error.code)"
    assert page.evaluate(script, [WORKFLOW, forged]) == "wrong_place"


def test_a_video_is_sealed_faster_than_a_phone_sends_it(twin: Callable[..., Any]) -> None:
    sealing, opening = twin("speed", 32_000_000)
    assert min(sealing, opening) > 10
