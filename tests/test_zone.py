"""The offline ceremony: what it signs verifies, and what it must refuse it refuses."""

import json
import os
import stat
from pathlib import Path

import pytest

from whistle import zone
from whistle.crypto import fingerprint
from whistle.crypto.directory import Directories, parse_roster
from whistle.crypto.encoding import unb64
from whistle.crypto.errors import EnvelopeError
from whistle.crypto.keys import KeyPair, reviewer_keys

TODAY = "2026-06-01"


def typed(reader: dict[str, str]) -> str:
    return fingerprint.show(unb64(reader["rid"], 16))


def nobody(reader: dict[str, str]) -> str:
    raise AssertionError("asked for a key that was signed before")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    zone.init(tmp_path / "zone", "临港", today=TODAY, demo=True)
    zone.add_channel(tmp_path / "zone", "zone", "园区")
    return tmp_path / "zone"


def seat(
    folder: Path,
    *roles: str,
    label: str = "受理员 1",
    person: str = "",
    keys: KeyPair | None = None,
    channel: str = "zone",
) -> tuple[str, str]:
    """Add a fresh key of a person (a new one when none is named); returns (rid, person)."""
    person = person or zone.add_person(folder, "王芳", "主任")
    keys = keys or reviewer_keys(os.urandom(32))
    rid = zone.add_reader(folder, channel, kem=keys.kem, sig=keys.sig, person=person, roles=list(roles), label=label)
    return rid, person


def verified(folder: Path) -> Directories:
    """What a client makes of the published folder."""
    published = zone.publish(folder)
    found = Directories.verify(zone.load(folder).raw, [(one.data, one.sig) for one in published])
    for one in published:
        for channel in one.channels:
            found.add_channel(channel)
    return found


def test_it_works(folder: Path) -> None:
    rid, person = seat(folder, "intake")
    zone.add_pack(folder, "SD-REW-2021", "A" * 43, since="2021-01-01", note="演示用")
    zone.add_door(folder, "public", reviewer_keys(os.urandom(32)).sig)
    signed = zone.sign(folder, today=TODAY, confirm=typed)
    found = verified(folder)
    reader = found.reader(signed.hash, "zone", rid)
    assert signed.no == 1
    assert found.newest_hash == signed.hash
    assert reader is not None
    assert (reader["person"], reader["roles"]) == (person, ["intake"])
    assert [pack["id"] for pack in found.newest["packs"]] == ["SD-REW-2021"]
    assert found.newest["expires"] == "2026-11-28"


def test_the_pin_is_the_zone_and_another_pin_refuses(folder: Path, tmp_path: Path) -> None:
    other = zone.init(tmp_path / "other", "别处", today=TODAY, demo=True)
    assert fingerprint.read(zone.load(folder).fingerprint) == zone.load(folder).raw
    with pytest.raises(EnvelopeError):
        Directories.verify(other.raw, [(one.data, one.sig) for one in zone.publish(folder)])


def test_the_roster_is_signed_and_its_names_stand_in_no_public_document(folder: Path) -> None:
    seat(folder, "intake")
    zone.sign(folder, today=TODAY, confirm=typed)
    newest, directories = zone.publish(folder)[-1], verified(folder)
    roster = parse_roster(directories.newest, unb64(directories.newest["root"]), newest.roster, newest.roster_sig)
    assert [one["name"] for one in roster["people"]] == ["王芳"]
    assert all("王芳".encode() not in data for data in [newest.data, *newest.channels])


def test_a_zone_is_not_made_over_another(folder: Path) -> None:
    before = (folder / "root.key").read_bytes()
    with pytest.raises(zone.ZoneError, match="zone_exists"):
        zone.init(folder, "临港", today=TODAY, demo=True)
    assert (folder / "root.key").read_bytes() == before


def test_an_unsealed_root_key_is_for_demos_only(tmp_path: Path) -> None:
    with pytest.raises(zone.ZoneError, match="passphrase_needed"):
        zone.init(tmp_path / "zone", "临港", today=TODAY)


def test_a_sealed_root_key_opens_with_its_passphrase_alone(tmp_path: Path) -> None:
    folder = tmp_path / "zone"
    zone.init(folder, "临港", today=TODAY, passphrase="gravel-otter-quilt-seven-lamp")
    assert stat.S_IMODE((folder / "root.key").stat().st_mode) == 0o600
    with pytest.raises(zone.ZoneError, match="passphrase_needed"):
        zone.sign(folder, today=TODAY, confirm=typed)
    with pytest.raises(zone.ZoneError, match="passphrase_wrong"):
        zone.sign(folder, today=TODAY, passphrase="gravel-otter", confirm=typed)
    assert zone.sign(folder, today=TODAY, passphrase="gravel-otter-quilt-seven-lamp", confirm=typed).no == 1


@pytest.mark.parametrize("answer", ["", "0000 0000 0000 0000 0000 0000 0000 0000", "yes"])
def test_a_new_key_is_signed_only_when_its_fingerprint_is_typed(folder: Path, answer: str) -> None:
    seat(folder, "intake")
    with pytest.raises(zone.ZoneError, match="fingerprint"):
        zone.sign(folder, today=TODAY, confirm=lambda reader: answer)
    assert len(zone.publish(folder)) == 1


def test_a_known_key_is_not_asked_for_again(folder: Path) -> None:
    seat(folder, "intake")
    zone.sign(folder, today=TODAY, confirm=typed)
    assert zone.sign(folder, today=TODAY, confirm=nobody).no == 2


@pytest.mark.parametrize("roles", [("verifier", "leader"), ("intake", "payout"), ("payout", "finance")])
def test_roles_that_must_be_apart_are_refused_for_two_keys_of_one_person(folder: Path, roles: tuple[str, str]) -> None:
    zone.add_channel(folder, "second", "第二通道")
    _, person = seat(folder, roles[0])
    seat(folder, roles[1], person=person, channel="second")
    with pytest.raises(zone.ZoneError, match="roles_apart") as refused:
        zone.sign(folder, today=TODAY, confirm=typed)
    assert {refused.value.facts["one"], refused.value.facts["other"]} == set(roles)


def test_fewer_than_two_readers_for_a_role_that_loses_the_case_is_warned_of(folder: Path) -> None:
    seat(folder, "intake")
    seat(folder, "intake")
    seat(folder, "payout")
    told = zone.sign(folder, today=TODAY, confirm=typed).warnings
    assert [(code, facts["role"]) for code, facts in told] == [
        ("few_readers", "leader"),
        ("few_readers", "payout"),
    ]


def test_two_keys_of_one_person_are_one_reader(folder: Path) -> None:
    _, person = seat(folder, "intake")
    seat(folder, "intake", person=person)
    told = zone.sign(folder, today=TODAY, confirm=typed).warnings
    assert ("few_readers", {"channel": "zone", "role": "intake"}) in told


def test_an_intake_reader_who_becomes_payout_is_warned_of(folder: Path) -> None:
    rid, person = seat(folder, "intake")
    zone.sign(folder, today=TODAY, confirm=typed)
    zone.remove_reader(folder, "zone", rid)
    seat(folder, "payout", person=person, label="奖励员 1")
    told = zone.sign(folder, today=TODAY, confirm=typed).warnings
    assert ("intake_to_payout", {"label": "奖励员 1"}) in told


def test_a_channel_is_not_given_to_another_office(folder: Path) -> None:
    zone.add_channel(folder, "roads", "交通运输局", policy="authority:traffic")
    zone.sign(folder, today=TODAY, confirm=typed)
    spelled, moved = (json.loads((folder / "zone.json").read_text()) for _ in range(2))
    spelled["channels"][0]["policy"] = "authority:zone"
    (folder / "zone.json").write_text(json.dumps(spelled))
    zone.sign(folder, today=TODAY, confirm=typed)
    for policy in ("authority:zone", "enterprise:traffic"):
        moved["channels"][1]["policy"] = policy
        (folder / "zone.json").write_text(json.dumps(moved))
        with pytest.raises(zone.ZoneError, match="channel_moved"):
            zone.sign(folder, today=TODAY, confirm=typed)


def test_an_office_has_a_name_that_fits_an_address_and_a_kind(folder: Path) -> None:
    for policy in ("authority:", "authority:Zone", "authority:a b", "court:x", "authority:" + "x" * 33, "zone"):
        with pytest.raises(zone.ZoneError, match="office_name"):
            zone.add_channel(folder, "new", "新", policy=policy)


def test_an_enterprises_office_is_warned_of(folder: Path) -> None:
    zone.add_channel(folder, "hongyun", "宏运机械", policy="enterprise:hongyun")
    told = zone.sign(folder, today=TODAY, confirm=typed).warnings
    assert ("enterprise_office", {"channel": "hongyun"}) in told


def test_a_removed_reader_is_in_no_new_directory(folder: Path) -> None:
    rid, _ = seat(folder, "intake")
    first = zone.sign(folder, today=TODAY, confirm=typed)
    zone.remove_reader(folder, "zone", rid)
    second = zone.sign(folder, today="2026-06-02", confirm=typed)
    found = verified(folder)
    assert found.reader(first.hash, "zone", rid) is not None
    assert found.reader(second.hash, "zone", rid) is None


def test_a_directory_is_never_dated_before_the_one_it_follows(folder: Path) -> None:
    with pytest.raises(zone.ZoneError, match="clock"):
        zone.sign(folder, today="2026-05-31", confirm=typed)


@pytest.mark.parametrize("days", [0, 401])
def test_a_term_outside_a_day_and_four_hundred_is_refused(folder: Path, days: int) -> None:
    with pytest.raises(zone.ZoneError, match="days"):
        zone.sign(folder, today=TODAY, days=days, confirm=typed)


def test_a_key_that_is_no_key_is_never_listed(folder: Path) -> None:
    person = zone.add_person(folder, "王芳")
    sig = reviewer_keys(os.urandom(32)).sig
    with pytest.raises(EnvelopeError):
        zone.add_reader(folder, "zone", kem=bytes(1216), sig=sig, person=person, roles=["intake"], label="受理员 1")


def test_a_reader_needs_a_person_of_the_roster_and_a_role(folder: Path) -> None:
    with pytest.raises(zone.ZoneError, match="person_unknown"):
        seat(folder, "intake", person="A" * 22)
    with pytest.raises(zone.ZoneError, match="role_unknown"):
        seat(folder, "king")


def test_a_working_file_spoilt_by_hand_signs_nothing(folder: Path) -> None:
    draft = json.loads((folder / "zone.json").read_text())
    draft["channels"][0]["label"] = "园区\u202e"
    (folder / "zone.json").write_text(json.dumps(draft))
    with pytest.raises(zone.ZoneError, match="draft_broken"):
        zone.sign(folder, today=TODAY, confirm=typed)
    assert len(zone.publish(folder)) == 1


def test_show_tells_pin_number_readers_and_what_is_not_yet_signed(folder: Path) -> None:
    rid, _ = seat(folder, "intake")
    before = zone.describe(folder)
    zone.sign(folder, today=TODAY, confirm=typed)
    after = zone.describe(folder)
    assert before["unsigned"] is True
    assert after["unsigned"] is False
    assert after["directory"]["no"] == 1
    assert after["fingerprint"] == zone.load(folder).fingerprint
    assert after["channels"][0]["readers"][0]["fingerprint"] == fingerprint.show(unb64(rid))
