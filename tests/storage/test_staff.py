"""Accounts, invitations, sessions, directories, notices."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import text

from tests.storage.people import BOB, DORA
from whistle.storage import directory, meta, sessions, staff
from whistle.storage.database import Database
from whistle.storage.directory import StoredDirectory
from whistle.storage.errors import Conflict, Mismatch, Unknown
from whistle.storage.staff import Invite, Staff

TODAY = "2026-11-23"
BOBS = Staff(BOB, "bob", "受理员 2", b"kem", b"sig", b"proof", slots=[{"slot": "a", "kind": "passphrase"}])
INVITE = Invite("hash of the id", "受理员 2", "bob", "2026-11-30")


def test_it_works(db: Database) -> None:
    db.write_sync(lambda tx: staff.add_staff(tx, BOBS))
    assert db.read_sync(lambda tx: staff.staff(tx, BOB)) == BOBS
    assert db.read_sync(lambda tx: staff.staff_by_login(tx, "bob")) == BOBS
    assert db.read_sync(staff.all_staff) == [BOBS]
    assert db.read_sync(lambda tx: staff.staff(tx, DORA)) is None


def test_an_account_is_read_whether_or_not_anybody_has_that_login(db: Database) -> None:
    """So that the door's answer takes as long for an invented name."""
    assert db.read_sync(lambda tx: staff.staff_for_login(tx, "bob")) is None
    db.write_sync(lambda tx: staff.add_staff(tx, BOBS))
    db.write_sync(lambda tx: staff.add_staff(tx, replace(BOBS, rid=DORA, login="dora")))
    for login, rid in (("bob", BOB), ("dora", DORA)):
        found = db.read_sync(lambda tx, login=login: staff.staff_for_login(tx, login))
        assert found is not None and (found.login, found.rid) == (login, rid)
    other = db.read_sync(lambda tx: staff.staff_for_login(tx, "nobody"))
    assert other is not None and other.login in {"bob", "dora"}


def test_a_key_belongs_to_one(db: Database) -> None:
    db.write_sync(lambda tx: staff.add_staff(tx, BOBS))
    with pytest.raises(Conflict) as caught:
        db.write_sync(lambda tx: staff.add_staff(tx, replace(BOBS, login="dora")))
    assert caught.value.what == "login"


def test_a_login_goes_to_the_new_key_when_the_directory_names_it(db: Database) -> None:
    db.write_sync(lambda tx: staff.add_staff(tx, BOBS))
    db.write_sync(lambda tx: staff.add_staff(tx, replace(BOBS, rid=DORA)))
    assert db.read_sync(lambda tx: staff.staff_by_login(tx, "bob")) == BOBS
    db.write_sync(lambda tx: staff.bind_person(tx, DORA, "person", "受理员 2"))
    logins = {one.rid: one.login for one in db.read_sync(staff.all_staff)}
    assert logins == {DORA: "bob", BOB: f"bob+{BOB}"}
    db.write_sync(lambda tx: staff.bind_person(tx, DORA, "person", "受理员 2"))
    assert {one.rid: one.login for one in db.read_sync(staff.all_staff)} == logins


def test_a_person_is_bound_when_the_directory_names_him(db: Database) -> None:
    db.write_sync(lambda tx: staff.add_staff(tx, BOBS))
    db.write_sync(lambda tx: staff.bind_person(tx, BOB, "person", "受理员 3"))
    bob = db.read_sync(lambda tx: staff.staff(tx, BOB))
    assert bob == replace(BOBS, person="person", label="受理员 3", status="active")
    db.write_sync(lambda tx: staff.set_status(tx, BOB, "gone"))
    with pytest.raises(Unknown):
        db.write_sync(lambda tx: staff.set_status(tx, DORA, "gone"))


def test_an_invitation_is_used_once_and_in_time(db: Database) -> None:
    db.write_sync(lambda tx: staff.add_invite(tx, INVITE))
    assert db.read_sync(lambda tx: staff.invite(tx, INVITE.id_hash, TODAY)) == INVITE
    assert db.read_sync(lambda tx: staff.invite(tx, INVITE.id_hash, "2026-12-01")) is None
    db.write_sync(lambda tx: staff.use_invite(tx, INVITE.id_hash, BOB, TODAY))
    for id_hash, day in ((INVITE.id_hash, TODAY), ("unknown", TODAY)):
        with pytest.raises(Conflict) as caught:
            db.write_sync(lambda tx, id_hash=id_hash, day=day: staff.use_invite(tx, id_hash, DORA, day))
        assert caught.value.what == "invite"


def test_an_invitation_that_was_withdrawn_enrols_nobody_and_a_used_one_stays_on_record(db: Database) -> None:
    used, open_ = replace(INVITE, id_hash="used"), replace(INVITE, id_hash="open")
    db.write_sync(lambda tx: [staff.add_invite(tx, one) for one in (used, open_, replace(INVITE, login="dora"))])
    db.write_sync(lambda tx: staff.use_invite(tx, "used", BOB, TODAY))
    assert db.read_sync(lambda tx: staff.invited_until(tx, "bob", TODAY)) == "2026-11-30"
    assert db.read_sync(lambda tx: staff.invited_until(tx, "bob", "2026-12-01")) == ""
    db.write_sync(lambda tx: staff.withdraw_invites(tx, "bob"))
    assert db.read_sync(lambda tx: staff.invited_until(tx, "bob", TODAY)) == ""
    assert db.read_sync(lambda tx: staff.invite(tx, "open", TODAY)) is None
    assert db.read_sync(lambda tx: staff.used_by(tx, "used")) == BOB
    assert db.read_sync(lambda tx: staff.invited_until(tx, "dora", TODAY)) == "2026-11-30"


def test_a_session_lasts_until_it_ends_and_its_token_is_not_kept(db: Database) -> None:
    token = b"thirty-two secret bytes of a bob"
    db.write_sync(lambda tx: sessions.open_session(tx, token, BOB, 1000))
    found = db.read_sync(lambda tx: sessions.session(tx, token, 999))
    assert found is not None
    assert (found.rid, found.expires) == (BOB, 1000)
    assert db.read_sync(lambda tx: sessions.session(tx, token, 1000)) is None
    assert db.read_sync(lambda tx: sessions.session(tx, b"other", 1)) is None
    stored = db.read_sync(lambda tx: tx.execute(text("SELECT * FROM sessions")).all())
    assert token.hex() not in repr(stored)
    assert token.decode() not in repr(stored)
    db.write_sync(lambda tx: sessions.close_session(tx, token))
    assert db.read_sync(lambda tx: sessions.session(tx, token, 1)) is None


def test_all_of_a_persons_sessions_end_together(db: Database) -> None:
    for token, rid in ((b"1", BOB), (b"2", BOB), (b"3", DORA)):
        db.write_sync(lambda tx, token=token, rid=rid: sessions.open_session(tx, token, rid, 1000))
    db.write_sync(lambda tx: sessions.close_sessions_of(tx, BOB))
    left = [db.read_sync(lambda tx, token=token: sessions.session(tx, token, 1)) for token in (b"1", b"2", b"3")]
    assert [session and session.rid for session in left] == [None, None, DORA]
    assert db.write_sync(lambda tx: sessions.purge_sessions(tx, 1000)) == 1


def test_directories_follow_one_another(db: Database) -> None:
    first, second = (StoredDirectory(no, f"hash {no}", b"bytes %d" % no, b"sig") for no in (0, 1))
    channels = [("channel hash", "zone", b"channel")]
    assert db.read_sync(directory.newest_directory) is None
    with pytest.raises(Conflict):
        db.write_sync(lambda tx: directory.add_directory(tx, second, channels, None))
    for stored in (first, first, second):
        roster = (f"roster {stored.no}", b"people %d" % stored.no, b"sig")
        db.write_sync(lambda tx, stored=stored, roster=roster: directory.add_directory(tx, stored, channels, roster))
    assert db.read_sync(directory.directories) == [first, second]
    assert db.read_sync(directory.newest_directory) == second
    assert db.read_sync(lambda tx: directory.channel(tx, "channel hash")) == b"channel"
    assert db.read_sync(lambda tx: directory.channel(tx, "none")) is None
    assert db.read_sync(directory.roster) == (b"people 1", b"sig")
    with pytest.raises(Conflict):
        db.write_sync(lambda tx: directory.add_directory(tx, replace(first, hash="other"), [], None))


def test_a_database_belongs_to_one_zone(db: Database) -> None:
    db.write_sync(lambda tx: meta.set_zone(tx, "ours"))
    db.write_sync(lambda tx: meta.set_zone(tx, "ours"))
    with pytest.raises(Mismatch):
        db.write_sync(lambda tx: meta.set_zone(tx, "theirs"))
    assert db.read_sync(meta.zone) == "ours"
