"""Half a dozen sample cases in different states, filed and worked through the real doors by the real client."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import httpx

from whistle import client
from whistle.client import Filed, Office, Public
from whistle.core import calendar, rulebook
from whistle.core.clock import zone_day
from whistle.core.facts import Facts
from whistle.crypto.encoding import b64
from whistle.demo import people
from whistle.demo.people import Place
from whistle.settings import Settings

PACK = "SD-REW-2021"
BUDGET = 50_000_000
SOURCE = "安全生产举报奖励经费"


@dataclass(frozen=True)
class Work:
    """One sample on its way: who acts, on what, and what there is to say."""

    public: Public
    staff: dict[str, Office]
    filed: Filed
    sample: Sample
    today: str

    def person(self, role: str) -> str:
        return str(self.staff[role].me["person"])


@dataclass(frozen=True)
class Sample:
    """A report as a worker would write it, and how far the office has taken it."""

    category: str
    sector: str
    enterprise: str
    place: str
    text: str
    steps: tuple[Callable[[Work], object], ...] = ()
    finding: str = ""
    fine: int = 0
    kind: str = "violation"
    channel: str = people.CHANNEL


def file(told: Settings, http: httpx.Client) -> None:
    """Files every sample and takes each as far as its steps say; goes on where an interrupted start broke off."""
    for place in people.places(told.data):
        _file(told, http, place)


def _file(told: Settings, http: httpx.Client, place: Place) -> None:
    """Those of one office."""
    public = client.connect(told.origin("public"), http)
    signed = [(person, _sign_in(told, person.login)) for person in place.people]
    staff = {role: office for person, office in signed for role in person.plays}
    today = zone_day(time.time())
    if not staff["finance"].session.get("/api/ledger")["rows"]:
        staff["finance"].open_budget(int(today[:4]), SOURCE, BUDGET)
    samples = [each for each in SAMPLES if each.channel == place.channel]
    for sample in samples[len(staff["intake"].inbox()) :]:
        filed = public.submit(
            sample.text,
            category=sample.category,
            sector=sample.sector,
            enterprise=sample.enterprise,
            place=sample.place,
            reward="yes",
            source="web",
            channel=sample.channel,
        )
        for step in sample.steps:
            step(Work(public, staff, filed, sample, today))
    for _, office in signed:
        office.logout()


def _sign_in(told: Settings, login: str) -> Office:
    home = told.data / "staff"
    passphrase = Path(home / f"{login}.passphrase").read_text(encoding="utf-8").strip()
    keys, _, zone = client.open_key_file(home / f"{login}.key", passphrase)
    office = Office(told.origin("review"), httpx.Client(trust_env=False, timeout=30), keys, zone)
    office.login()
    return office


def _accept(work: Work) -> None:
    pinned = [(PACK, b64(rulebook.pack_hash(rulebook.load(PACK))))]
    work.staff["intake"].accept(
        work.filed.case,
        category=work.sample.category,
        sector=work.sample.sector,
        packs=pinned,
        received=work.today,
        reply="您的举报已受理,我们会在 60 日内核查并告诉您结果。",
    )


def _extract(work: Work) -> None:
    card = {
        "category": work.sample.category,
        "sector": work.sample.sector,
        "enterprise": work.sample.enterprise,
        "place": work.sample.place,
        "line": "现场设备防护检查",
    }
    work.staff["intake"].extract(work.filed.case, card, f"按日常执法检查安排,查看{work.sample.place}的设备防护情况。")


def _assign(work: Work) -> None:
    seats = {role: [work.person(role)] for role in ("verifier", "leader")}
    work.staff["intake"].assign(work.filed.case, seats)


def _find(work: Work) -> None:
    facts = rulebook.facts_document(_facts(work.sample), os.urandom(32))
    work.staff["verifier"].finding(work.filed.case, "verified", work.sample.finding, facts)


def _facts(sample: Sample) -> Facts:
    return Facts(kind=sample.kind, fine=sample.fine)


def _feedback(work: Work) -> None:
    work.staff["intake"].feedback(work.filed.case, "经核查,您反映的问题属实,已责令整改。")


def _propose(work: Work) -> None:
    pack, facts = rulebook.load(PACK), _facts(work.sample)
    work.staff["payout"].propose(
        work.filed.case,
        PACK,
        b64(rulebook.pack_hash(pack)),
        rulebook.award(facts, pack).fen,
        rulebook.facts_document(facts, os.urandom(32)),
    )


def _approve(work: Work) -> None:
    """Approved, and where the operator has set a large sum, concurred in."""
    work.staff["leader"].approve(work.filed.case)
    for award in list(work.staff["finance"].large()):
        work.staff["finance"].concur(award["number"], "演示会签")


def _notify(work: Work) -> None:
    due = calendar.due(work.today, 60, "day", calendar.shipped())
    work.staff["payout"].notify(work.filed.case, due.date, "请凭查询码在网站上申领;到柜台请带领奖码并说出约定口令。")


def _claim(work: Work) -> None:
    work.public.claim(work.filed.ticket, payee="持码人", method="counter", declared=True, passphrase="青山不老")


def _pay(work: Work) -> None:
    work.staff["payout"].check(work.filed.case)
    work.staff["finance"].pay(work.filed.case, "凭-0001", "国库-0001", work.today)


def _decline(work: Work) -> None:
    work.staff["intake"].decline(work.filed.case, "NA03", reply="这是意见建议,不是安全隐患举报;请拨 12345 反映。")


def _ask(work: Work) -> None:
    work.staff["intake"].message(work.filed.case, "谢谢您。请问堵住的是东侧还是西侧的安全出口?")


def _commit(work: Work) -> None:
    due = calendar.due(work.today, 20, "day", calendar.shipped())
    work.staff["verifier"].commit(
        work.filed.case,
        due=due.date,
        owner="车间主任",
        measures="停用,更换双手启动按钮,逐台检查同型号设备",
        money="8000 元,安全生产费用列支",
        plan="更换前改用人工送料以外的工序,派人看护",
    )


def _rectify(work: Work) -> None:
    work.staff["verifier"].rectify(work.filed.case, work.today, "厂安验〔2026〕1号")


def _honour(work: Work) -> None:
    work.staff["payout"].propose_honour(work.filed.case, "praise", "发现及时,说得清楚,避免了可能的伤亡。")
    work.staff["leader"].approve_honour(work.filed.case)
    work.staff["leader"].tell_honour(work.filed.case, "举报安全隐患及时、属实,为消除隐患作出贡献,授予通报表扬。")


_TO_WORK = (_accept, _extract, _assign)
_TO_FINDING = (*_TO_WORK, _find, _feedback)
_TO_NOTICE = (*_TO_FINDING, _propose, _approve, _notify)

SAMPLES = (
    Sample(
        "violation",
        "fire",
        "鸿运木业有限公司",
        "成品仓库",
        "仓库两个安全出口用铁链锁着,里面堆满胶合板,中午还有人在里面睡觉。",
        (_ask,),
    ),
    Sample(
        "major_hazard",
        "industry_trade",
        "沂蒙板材厂",
        "砂光车间",
        "砂光机的除尘管没有火花探测,灰斗也没有锁气卸灰,地上积灰有两指厚。",
    ),
    Sample(
        "major_hazard",
        "confined_space",
        "临港污水处理站",
        "3 号调节池",
        "下池清淤不测气体,也没有人在上面看着,上个月已经有人头晕。",
        _TO_WORK,
    ),
    Sample(
        "violation",
        "industry_trade",
        "东风机械加工厂",
        "冲压车间",
        "四号冲床的双手按钮被短接,踩一脚就冲,夜班天天这样干。",
        (*_TO_FINDING, _propose),
        "四号冲床双手启动按钮被短接,已责令停用整改,并作出罚款决定。",
        3_000_000,
    ),
    Sample(
        "violation",
        "hot_work",
        "恒泰钢构有限公司",
        "二号厂房",
        "焊工没有证,在油漆桶旁边动火,没有动火票。",
        _TO_NOTICE,
        "两名焊工无特种作业操作证,动火未审批,已作出罚款决定。",
        5_500_000,
    ),
    Sample(
        "general_hazard",
        "special_equipment",
        "顺达物流园",
        "卸货区",
        "叉车没有车牌,刹车不灵,转弯不鸣笛。",
        (*_TO_NOTICE, _claim, _pay),
        "叉车未办理使用登记,制动失效,已责令停用并作出罚款决定。",
        2_000_000,
    ),
    Sample("other", "unknown", "", "", "建议工业园多装几盏路灯,晚上下班太黑。", (_decline,)),
    Sample(
        "violation",
        "transport",
        "顺达物流园",
        "北门货场",
        "危化品运输车停在货场过夜,没有人看守,旁边就是宿舍。",
        _TO_WORK,
        channel="traffic",
    ),
    Sample(
        "general_hazard",
        "transport",
        "",
        "北环跨线桥",
        "跨线桥的护栏断了两根,没有围挡。",
        channel="traffic",
    ),
    Sample(
        "unsafe_condition",
        "industry_trade",
        "鸿运木业有限公司",
        "砂光车间",
        "砂光机的除尘管漏风,粉尘落在电机上,一天积一层。",
        channel="hongyun",
    ),
    Sample(
        "unsafe_act",
        "industry_trade",
        "鸿运木业有限公司",
        "成品仓库",
        "叉车司机带人上货叉取高处的板材,下午经常这样。",
        (*_TO_FINDING, _commit),
        "查看录像属实,已停岗培训。",
        channel="hongyun",
    ),
    Sample(
        "suggestion",
        "industry_trade",
        "鸿运木业有限公司",
        "装卸区",
        "建议装卸区画人车分流线,拐角装凸面镜。",
        (*_TO_FINDING, _commit, _rectify, _honour),
        "建议可行,已采纳。",
        channel="hongyun",
    ),
    Sample(
        "unsafe_condition",
        "industry_trade",
        "东风机械加工厂",
        "冲压车间",
        "二号冲床的光栅被胶带贴住了,手伸进去也不停。",
        (*_TO_FINDING, _commit, _rectify, _honour),
        "光栅被人为遮挡,已恢复并逐台检查。",
        channel="dongfeng",
    ),
    Sample(
        "management_gap",
        "hot_work",
        "东风机械加工厂",
        "维修间",
        "外包的焊工进厂没有人交底,动火票是补的。",
        _TO_WORK,
        channel="dongfeng",
    ),
)
