"""The register of enterprises at both doors: whole, the same for everybody, anew without a restart, never a search."""

from functools import partial
from pathlib import Path

import httpx

from tests.conftest import Demo
from tests.doors.served import establish
from whistle import enterprises, spelling
from whistle.core.enterprises import Enterprise
from whistle.storage.database import Database

ADDRESS = "/api/enterprises"


def names(answer: httpx.Response) -> list[str]:
    return [name for name, _place, _initials in answer.json()["enterprises"]]


def test_the_demo_shows_its_own_register(demo: Demo) -> None:
    answer = demo.http().get(demo.public + ADDRESS)
    assert answer.is_success and "沂岭木业有限公司（示例）" in names(answer)
    assert answer.json()["traditional"]["業"] == "业"


def test_who_has_it_asks_only_whether_it_holds(demo: Demo) -> None:
    http = demo.http()
    first = http.get(demo.public + ADDRESS)
    again = http.get(demo.public + ADDRESS, headers={"If-None-Match": first.headers["etag"]})
    assert (first.headers["cache-control"], again.status_code, again.content) == ("no-cache", 304, b"")
    assert "set-cookie" not in first.headers


def test_what_is_asked_in_the_address_changes_nothing(demo: Demo) -> None:
    http = demo.http()
    assert http.get(f"{demo.public}{ADDRESS}?q=木业").content == http.get(demo.public + ADDRESS).content


def test_the_office_is_served_the_same_and_strangers_at_its_door_nothing(demo: Demo) -> None:
    assert demo.http().get(demo.review + ADDRESS).json()["error"] == "not_signed_in"
    told = demo.http().get(demo.public + ADDRESS).json()
    assert demo.office("intake").session.get(ADDRESS) == told


def test_a_register_that_is_loaded_or_taken_back_is_served_without_a_restart(tmp_path: Path) -> None:
    served = establish(tmp_path / "data")
    served.open("public")
    try:
        http, address = served.http(), served.public + ADDRESS
        empty = http.get(address)
        assert empty.json() == {"enterprises": [], "traditional": {}}
        made = spelling.register([Enterprise("沂岭木业有限公司", "坪上镇")])
        with Database.open(served.database) as db:
            db.write_sync(partial(enterprises.put, made=made))
            loaded = http.get(address, headers={"If-None-Match": empty.headers["etag"]})
            assert (loaded.status_code, loaded.text) == (200, made)
            db.write_sync(enterprises.undo)
        assert http.get(address).content == empty.content
    finally:
        served.kill()
