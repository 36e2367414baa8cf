"""Bob and his colleagues work a case through the real doors; what a role may not read stays shut to it."""

import os
from datetime import date, timedelta

import httpx
import pytest

from tests.client.network import Interrupting, Losing, parts
from tests.conftest import Demo
from whistle import client
from whistle.client import ClientError, Office
from whistle.core import rulebook
from whistle.core.facts import Facts
from whistle.crypto.encoding import b64

WORDS = "木工车间的电机外壳没有接地,皮带没有防护罩。"
PACK = "SD-REW-2021"


def filed(demo: Demo, **told: str) -> client.Filed:
    return demo.reporter().submit(WORDS, category="violation", **told)


def comps(office: Office, case: str) -> set[str]:
    return {item.comp for item in office.case(case).items}


def over_network(demo: Demo, role: str, transport: httpx.BaseTransport) -> Office:
    office = Office(demo.review, demo.http(transport), *demo.keys(role))
    office.login()
    return office


def accept(office: Office, case: str, reply: str = "已受理。") -> None:
    pack = (PACK, b64(rulebook.pack_hash(rulebook.load(PACK))))
    today = office.case(case).today
    office.accept(case, category="violation", sector="industry_trade", packs=[pack], received=today, reply=reply)


def assign(demo: Demo, office: Office, case: str) -> None:
    seats = {role: [demo.office(role).me["person"]] for role in ("verifier", "leader")}
    office.assign(case, seats)


def to_notice(demo: Demo, case: str) -> None:
    intake, payout = demo.office("intake"), demo.office("payout")
    accept(intake, case)
    intake.extract(case, {"category": "violation", "line": "检查接地"}, "检查接地和防护罩。")
    assign(demo, intake, case)
    facts = Facts(kind="violation", fine=4_500_000)
    demo.office("verifier").finding(case, "verified", "属实。", rulebook.facts_document(facts, os.urandom(32)))
    intake.feedback(case, "属实,已责令整改。")
    pack = rulebook.load(PACK)
    fen = rulebook.award(facts, pack).fen
    document = rulebook.facts_document(facts, os.urandom(32))
    payout.propose(case, PACK, b64(rulebook.pack_hash(pack)), fen, document)
    demo.office("leader").approve(case)
    until = (date.fromisoformat(payout.case(case).today) + timedelta(days=60)).isoformat()
    payout.notify(case, until, "请凭查询码申领。")


def test_it_works(demo: Demo) -> None:
    alice, one = demo.reporter(), filed(demo, passphrase="青山不老")
    to_notice(demo, one.case)
    told = alice.status(one.ticket)
    assert (told.state, told.award) == ("notified", "22500.00")
    claimed = alice.claim(one.ticket, payee="持码人", method="counter", declared=True, passphrase="青山不老")
    payout = demo.office("payout")
    assert claimed.code in "".join(item.text for item in payout.case(one.case).items)
    payout.check(one.case)
    finance = demo.office("finance")
    finance.pay(one.case, "凭-0100", "国库-0100", finance.case(one.case).today, again=True)
    assert alice.status(one.ticket).state == "paid"


def test_each_role_opens_its_compartments_and_no_other(demo: Demo) -> None:
    case = filed(demo, contact="张三", passphrase="青山").case
    assert comps(demo.office("intake"), case) == {"card", "report"}
    assert comps(demo.office("payout"), case) == {"payout"}
    assert comps(demo.office("leader"), case) == set()
    intake = demo.office("intake")
    accept(intake, case)
    intake.extract(case, {"category": "violation"}, "摘录。")
    assign(demo, intake, case)
    verifier = demo.office("verifier")
    assert comps(verifier, case) == {"work"}
    assert WORDS not in "".join(item.text for item in verifier.case(case).items)


def test_the_card_of_a_list_row_opens_without_its_case(demo: Demo) -> None:
    case = filed(demo, enterprise="鸿运木业").case
    intake = demo.office("intake")
    row = next(row for row in intake.inbox() if row["case"] == case)
    card = intake.card(row)
    assert card is not None
    assert (card["enterprise"], card["line"]) == ("鸿运木业", WORDS)


def test_the_identity_opens_only_when_two_people_agree(demo: Demo) -> None:
    one = filed(demo, contact="张三 13800000000")
    to_notice(demo, one.case)
    payout, leader = demo.office("payout"), demo.office("leader")
    assert "identity" not in comps(payout, one.case) | comps(leader, one.case)
    payout.ask_identity(one.case, "ID01")
    assert "identity" not in comps(payout, one.case)
    leader.give_identity(one.case)
    opened = [item.text for item in payout.case(one.case).items if item.comp == "identity"]
    assert opened == ["张三 13800000000"]
    assert "identity" not in comps(leader, one.case)
    payout.opened_identity(one.case)
    assert "identity.opened" in [line.kind for line in demo.reporter().status(one.ticket).posts]


def test_when_somebody_is_quicker_only_the_head_is_signed_again(demo: Demo) -> None:
    one = filed(demo)
    network = Interrupting(lambda: demo.reporter().message(one.ticket, "我先说一句。"))
    accept(over_network(demo, "intake", network), one.case)
    first, second = (parts(upload) for upload in network.sent)
    assert first[0] != second[0]
    assert first[2:] == second[2:]
    kinds = [line.kind for line in demo.reporter().status(one.ticket).posts]
    assert kinds == ["report", "message", "accept"]


def test_an_act_that_came_too_late_is_refused_and_not_sent_again(demo: Demo) -> None:
    one = filed(demo)
    network = Interrupting(lambda: demo.office("intake").decline(one.case, "NA03"))
    with pytest.raises(ClientError, match="refused"):
        accept(over_network(demo, "intake", network), one.case)
    assert len(network.sent) == 1


def test_a_class_that_a_colleague_has_set_meanwhile_is_not_written_over(demo: Demo) -> None:
    one = filed(demo)
    network = Interrupting(lambda: demo.office("intake").classify(one.case, "other", "gas"))
    with pytest.raises(ClientError, match="overtaken", check=lambda error: error.facts["kinds"] == ["classify"]):
        over_network(demo, "intake", network).classify(one.case, "violation", "mines")
    fold = demo.office("intake").case(one.case).fold
    assert (fold.category, fold.sector, len(network.sent)) == ("other", "gas", 1)


def test_a_decline_goes_on_with_the_class_that_a_colleague_has_set_meanwhile(demo: Demo) -> None:
    one = filed(demo)
    network = Interrupting(lambda: demo.office("intake").classify(one.case, "other", "gas"))
    over_network(demo, "intake", network).decline(one.case, "NA03")
    fold = demo.office("intake").case(one.case).fold
    assert (fold.state, fold.category, fold.sector) == ("not_accepted", "other", "gas")


def test_a_class_goes_on_over_a_word_that_came_in(demo: Demo) -> None:
    one = filed(demo)
    network = Interrupting(lambda: demo.reporter().message(one.ticket, "我先说一句。"))
    over_network(demo, "intake", network).classify(one.case, "other", "gas")
    assert demo.office("intake").case(one.case).fold.sector == "gas"


def test_a_lost_answer_leaves_one_post(demo: Demo) -> None:
    one = filed(demo)
    over_network(demo, "intake", Losing("/api/posts")).message(one.case, "只说一遍。")
    assert [line.kind for line in demo.reporter().status(one.ticket).posts] == ["report", "message"]


def test_a_role_without_the_right_is_refused_before_anything_is_sent(demo: Demo) -> None:
    case = filed(demo).case
    with pytest.raises(ClientError, match="refused"):
        accept(demo.office("payout"), case)


def test_a_login_for_another_origin_is_refused(demo: Demo) -> None:
    office = Office(demo.review, demo.http(), *demo.keys("intake"), origin="https://review.example")
    with pytest.raises(ClientError):
        office.login()


def test_a_key_file_opens_with_its_passphrase_alone(demo: Demo) -> None:
    with pytest.raises(ClientError, match="passphrase"):
        client.open_key_file(demo.data / "staff" / "intake.key", "nearly right")
    with pytest.raises(ClientError, match="key_file"):
        client.open_key_file(demo.data / "staff" / "intake.passphrase", "anything")


def test_after_a_recusal_nothing_is_served_to_that_person(demo: Demo) -> None:
    one = filed(demo, passphrase="青山")
    demo.office("payout").recuse(one.case, "厂长是我连襟。", strand=True)
    assert one.case not in [row["case"] for row in demo.office("payout").inbox()]
    with pytest.raises(ClientError):
        demo.office("payout").case(one.case)
