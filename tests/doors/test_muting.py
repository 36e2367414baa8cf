"""Whoever asks for much pays for it alone: challenges by blinded key, at a real door behind a proxy."""

import httpx

from tests.conftest import Demo
from tests.doors import later
from whistle.crypto.encoding import unb64
from whistle.crypto.work import read_bits

MALLORY, ALICE = "203.0.113.66", "203.0.113.77"


def asked(http: httpx.Client, url: str, address: str) -> httpx.Response:
    return http.get(f"{url}/api/challenge", headers={"Whistle-Purpose": "report", "X-Forwarded-For": address})


def bits(answer: httpx.Response) -> int:
    return read_bits(unb64(answer.json()["challenge"]))


def test_who_stores_up_challenges_makes_them_dearer_for_himself_alone(zone_demo: Demo) -> None:
    told = {"proxy": "127.0.0.1", "asked": 40}
    with later.door(zone_demo.data, "public", **told) as url, later.client() as http:
        stored = [asked(http, url, MALLORY) for _ in range(41)]
        assert [bits(one) for one in stored[:-1]] == [4] * 4 + [5] * 4 + [6] * 8 + [7] * 16 + [8] * 8
        assert stored[-1].status_code == 429
        assert 800 < stored[-1].json()["retry"] <= 900
        assert bits(asked(http, url, ALICE)) == 4


def test_what_a_proxy_does_not_name_shares_no_budget(zone_demo: Demo) -> None:
    told = {"proxy": "127.0.0.1", "asked": 3, "public_origin": "https://report.example"}
    with later.door(zone_demo.data, "public", **told) as url, later.client() as http:
        answers = [http.get(f"{url}/api/challenge", headers={"Whistle-Purpose": "report"}) for _ in range(10)]
    assert [bits(one) for one in answers] == [4] * 10
