"""What the page without script does with what was typed. Runs in a process of its own, which serves this one form
and ends with it: nothing that keeps a door open ever reads a form (whistle/public/child.py)."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from whistle import rulings
from whistle.client import (
    WITHDRAWN,
    ClientError,
    Filed,
    Public,
    count_digits,
    draw_form,
    form_code,
    form_pid,
    form_ticket,
    held_attachment,
    mark,
    show_ticket,
    zone_day,
)
from whistle.public import posted
from whistle.public.told import (
    METHODS,
    RELATIONS,
    REWARDS,
    SINCE,
    Facts,
    Form,
    Words,
    case_facts,
    claim_wrongs,
    code_wrong,
    day_in_words,
    sentence,
    sure_facts,
    too_long,
    wrongs,
)
from whistle.web.errors import STATUS, Problem
from whistle.web.pages import Pages

FILES, FILES_MOST = 5, 10_000_000  # files of one form, bytes of all together
FILES_SECONDS = 60  # after which no further file is begun
_FIELDS = (
    "category", "sector", "enterprise", "place", "relation", "reward",
    "since", "date", "text", "contact", "passphrase", "readback",
)  # fmt: skip
_CLAIM = ("payee", "method", "passphrase", "note", "signatories", "declared")
_TYPED = frozenset({"act", "ticket", "say", "to", "scope", "once", "visit", *_FIELDS, *_CLAIM})
_TO = ("thread", "payout", "objection")
# Where a form is shown again when there is no case to show it with.
_AGAIN = {"say": "talk", **{act: act for act in ("claim", "attach", "choose", "withdraw", "undo")}}


@dataclass(frozen=True)
class Given:
    """One form at work: the door's verbs, what was typed, the files, and the page's words."""

    public: Public
    form: Form
    files: Sequence[bytes]
    is_cut: bool
    words: Words

    @property
    def once(self) -> str:
        return self.form.get("once", "")

    @property
    def ticket(self) -> str:
        return self.form.get("ticket", "")

    def said(self, *names: str) -> dict[str, str]:
        return {name: self.form.get(name, "") for name in names}


def answer(
    public: Public, pages: Pages, language: str, posted_: tuple[str, bytes, bool], turn: Callable[[str], None]
) -> tuple[int, bytes]:
    """Status and page for a form: its media type, its bytes, whether they were cut. A refusal is a sentence on the
    page, and what was typed stands in its fields.

    `turn` waits for this form's turn at what is dear; raises ClientError: busy, left.
    """
    words, typed = all_words(pages, language), Form()
    try:
        came = _posted(*posted_)
        typed = _parse(came, words)
        turn(typed.get("visit", ""))
        given = Given(public, typed, came.files, came.is_cut, words)
        return 200, page(pages, language, {"values": typed, **_ACTS[typed["act"]](given)})
    except Exception as error:
        return refusal(pages, language, error, typed)


def refused(error: Exception) -> rulings.Answer:
    """Code and facts of a refusal; what the store refused is the door's, and comes as a ClientError. Raises what is
    none."""
    said = (error.code, error.facts) if isinstance(error, (Problem, ClientError)) else rulings.told(error)
    if said is None:
        raise error
    return said


def refusal(pages: Pages, language: str, error: Exception, typed: Form) -> tuple[int, bytes]:
    """Status and page that say why not, with what was typed; nothing of it for a visit that was left in a hurry."""
    code, facts = refused(error)
    told = {"n": count_digits(typed.get("ticket", "")), **facts}
    words = all_words(pages, language)
    of_code = code_wrong(typed, words, code, told)
    said = of_code or sentence(words, code, told)
    kept = Form() if code == "left" else typed
    view = _AGAIN.get(kept.get("act", ""), "form")
    wrong = {"ticket": of_code} if of_code else {}
    facts = {"view": view, "values": kept, "problem": said, "wrong": wrong}
    return STATUS.get(code, 200), page(pages, language, facts | _sure(kept, words))


def unserved(pages: Pages, language: str, error: Problem) -> tuple[int, bytes]:
    """Status and page for a form that no child read: it is still in the browser, which can send it again."""
    said = sentence(all_words(pages, language), error.code, error.facts)
    return STATUS[error.code], page(pages, language, {"view": "again", "problem": said})


def page(pages: Pages, language: str, facts: Facts) -> bytes:
    """The page as it stands for these facts, with an empty form's own draw."""
    terms = pages.say(language, "terms", "answers")
    answers = pages.say(language, "answers")
    listed = {name: list(terms[name].items()) for name in ("categories", "sectors")}
    given = {
        "values": {}, "wrong": {}, "problem": "", "terms": listed, "drawn": draw_form(), "files": [],
        "claimed": [], "today": zone_day(time.time()), "answers": answers, **facts,
    }  # fmt: skip
    return pages.render("plain", language, **given)


def leaving(pages: Pages, language: str) -> bytes:
    """The page of the quick exit, which turns into another at once."""
    return pages.render("leaving", language)


def all_words(pages: Pages, language: str) -> Words:
    case = pages.say(language, "common", "terms", "answers", "case")
    return {**case, "report": pages.say(language, "report"), "plain": pages.say(language, "plain")}


def _posted(media_type: str, data: bytes, is_cut: bool) -> posted.Posted:
    try:
        came = posted.read(media_type, data, is_cut)
    except ValueError:
        raise Problem("too_large" if is_cut else "malformed") from None
    if sum(len(value.encode()) for _, value in came.fields) > posted.WORDS:
        raise Problem("too_large")
    return came


def _parse(came: posted.Posted, words: Words) -> Form:
    """Each field once, and none that the page does not have."""
    form = dict(came.fields)
    listed: Mapping[str, object] = {
        "act": _ACTS, "to": _TO, "scope": WITHDRAWN, "category": words["categories"],
        "sector": {"": "", **words["sectors"]}, "since": SINCE, "relation": RELATIONS, "reward": REWARDS,
        "method": METHODS, "readback": ("", "yes"), "declared": ("", "yes"),
    }  # fmt: skip
    unlisted = any(form[name] not in known for name, known in listed.items() if name in form)  # type: ignore[operator]
    if "act" not in form or unlisted or set(form) - _TYPED or len(form) != len(came.fields):
        raise Problem("malformed")
    return form


def _file(given: Given) -> Facts:
    form, words = given.form, given.words
    wrong = wrongs(form, words["report"], zone_day(time.time()))
    if wrong:
        return {"view": "form", "wrong": wrong}
    digits = form_ticket(given.once, given.said(*_FIELDS))
    told: Facts = {"view": "filed", "values": {"visit": form.get("visit", "")}, "mark": "", "due": ""}
    told["ticket"] = show_ticket(digits).split(" ")
    try:
        receipt = _filed(given.public, form, digits).receipt.document
    except ClientError as refused:
        if refused.code != "receipt":
            raise
        # Stored, and not proved: what she gets for it is the code all the same.
        return told | {"problem": words["problem"]["receipt"]}
    told |= {
        "day": day_in_words(words, receipt["day"]),
        "mark": mark(receipt["post"]),
        "files": _attached(given, digits),
    }
    return told | _next(given, digits)


def _next(given: Given, digits: str) -> Facts:
    """By when she hears of it; a case that cannot be read back now takes no ticket from her."""
    try:
        found = given.public.status(digits)
    except ClientError:
        return {}
    return {"due": day_in_words(given.words, found.due), "provisional": found.provisional}


def _filed(public: Public, form: Form, digits: str) -> Filed:
    """The report of this form, once: the page read again after a lost answer gives the receipt of the first time."""
    try:
        return _sealed(public, form, digits)
    except ClientError as refused:
        if refused.code != "conflict":
            raise
        return public.filed(digits)


def _sealed(public: Public, form: Form, digits: str) -> Filed:
    since, day = form.get("since", ""), form.get("date", "")
    return public.submit(
        form["text"],
        category=form.get("category", "other"),
        sector=form.get("sector", ""),
        enterprise=form.get("enterprise", ""),
        place=form.get("place", ""),
        relation=form.get("relation", ""),
        reward=form.get("reward", ""),
        since=day if since == "past" and day else since,
        urgent=since == "now",
        readback=form.get("readback") == "yes",
        contact=form.get("contact", ""),
        passphrase=form.get("passphrase", ""),
        sealed_by="server",
        digits=digits,
    )


def _attached(given: Given, digits: str) -> list[Facts]:
    """Each file a post of its own; one that fails costs the file. What became of each, for the page."""
    told, begun = [], time.monotonic()
    for number, data in enumerate(given.files, 1):
        spent = time.monotonic() - begun > FILES_SECONDS
        told.append(_one_file(given, digits, number, data, is_late=spent or number > FILES))
    if given.is_cut:
        told.append({"name": "", "told": given.words["plain"]["file"]["cut"], "good": False})
    return told


def _one_file(given: Given, digits: str, number: int, data: bytes, *, is_late: bool) -> Facts:
    words = given.words["plain"]["file"]
    name = words["name"].format(n=number)
    if is_late:
        return {"name": name, "told": words["late"], "good": False}
    try:
        file = held_attachment(data, number)
        seen = {"ticket": digits, "n": str(number), "file": hashlib.sha256(data).hexdigest()}
        given.public.attach(digits, file, form_pid(given.once, seen))
    except ClientError as refused:
        if refused.code == "unknown_ticket":
            raise
        said = words.get(refused.code) or sentence(given.words, refused.code, refused.facts)
        return {"name": name, "told": said.format_map({"most": 0, **refused.facts}), "good": False}
    return {"name": name, "told": words["cleaned" if file.cleaned else "whole"], "good": True}


def _look(given: Given) -> Facts:
    facts = case_facts(given.public.status(given.ticket), given.words)
    return {"view": "case", "values": {"visit": given.form.get("visit", "")}, "case": facts}


def _again(given: Given, *names: str) -> Facts:
    """The case, and in its fields what was not sent."""
    seen = _look(given)
    return seen | {"values": seen["values"] | given.said(*names, "once")}


def _tried(given: Given, names: tuple[str, ...], act: Callable[[], object]) -> Facts:
    """The case after an act, or with its refusal and what was typed; a ticket that opens nothing is the refusal."""
    try:
        act()
    except ClientError as refused:
        if refused.code in ("unknown_ticket", "receipt"):
            raise
        return _again(given, *names) | {"problem": sentence(given.words, refused.code, refused.facts)}
    return _look(given)


def _say(given: Given) -> Facts:
    """The same form sent again, by a page read anew, is the same message or objection."""
    said = given.form.get("say", "").strip()
    if too_long(said):
        return _again(given, "say", "to") | {"wrong": {"say": given.words["wrong"]["say_long"]}}
    if not said:
        return _look(given)
    to, pid = given.form.get("to", "thread"), form_pid(given.once, given.said("ticket", "say", "to"))

    def act() -> object:
        if to == "objection":
            return given.public.object_to_last(given.ticket, said, pid)
        return given.public.message(given.ticket, said, to, pid)

    return _tried(given, ("say", "to"), act)


def _claim(given: Given) -> Facts:
    """The code is made of the form, so that a lost answer costs nothing: sent again it is the same claim and code."""
    form, said = given.form, given.said("ticket", *_CLAIM)
    wrong = claim_wrongs(form, given.words["wrong"])
    if wrong:
        return _again(given, *_CLAIM) | {"wrong": wrong}
    code = form_code(given.once, said)

    def act() -> object:
        return given.public.claim(
            given.ticket,
            payee=form["payee"].strip(),
            method=form["method"],
            declared=True,
            passphrase=form["passphrase"].strip(),
            note=form.get("note", "").strip(),
            signatories=int(form.get("signatories", "1")),
            code=code,
            pid=form_pid(given.once, said),
        )

    shown: Facts = {"claimed": [code[:4], code[4:]]}
    try:
        told = _tried(given, _CLAIM, act)
    except ClientError as refused:
        if refused.code != "receipt":
            raise
        # It may stand: the code is hers all the same.
        return _look(given) | shown | {"problem": given.words["problem"]["receipt"]}
    return told if told.get("problem") else told | shown


def _sure(form: Form, words: Words) -> Facts:
    """What she is asked once more, where the form says what to take back."""
    scope = form.get("scope", "")
    return {"sure": sure_facts(scope, words, zone_day(time.time()))} if scope else {}


def _ask_to_withdraw(given: Given) -> Facts:
    """Nothing is sent by one press, and no ticket is asked for yet."""
    form = {name: given.form.get(name, "") for name in ("visit", "scope")}
    if not form["scope"]:
        return {"view": "choose", "values": form, "wrong": {"scope": given.words["wrong"]["withdraw"]}}
    return {"view": "withdraw", "values": form} | _sure(form, given.words)


def _withdraw(given: Given) -> Facts:
    """The same form sent again is the same withdrawal."""
    scope = given.form.get("scope", "")
    if not scope:
        raise Problem("malformed")
    pid = form_pid(given.once, given.said("ticket", "scope"))
    return _tried(given, (), lambda: given.public.withdraw(given.ticket, scope, pid))


def _undo(given: Given) -> Facts:
    pid = form_pid(given.once, {"undo": given.ticket})
    return _tried(given, (), lambda: given.public.undo_withdrawal(given.ticket, pid))


def _attach(given: Given) -> Facts:
    if not given.files and not given.is_cut:
        return _again(given) | {"wrong": {"file": given.words["plain"]["file"]["none"]}}
    told = _attached(given, given.ticket)
    return _look(given) | {"files": told}


_ACTS: dict[str, Callable[[Given], Facts]] = {
    "file": _file,
    "look": _look,
    "say": _say,
    "claim": _claim,
    "attach": _attach,
    "choose": _ask_to_withdraw,
    "withdraw": _withdraw,
    "undo": _undo,
}
